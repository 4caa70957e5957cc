//! What is due: each incident knows its own next timer; here they are taken in order of instant, severity, incident
//! and timer, each stamped with the instant it was due.

use std::collections::BTreeMap;

use super::Engine;
use super::tell::Words;
use super::work::{Output, Work};
use crate::clock::{ClockKind, Mark};
use crate::decision::Verdict;
use crate::effect::{Action, Trigger};
use crate::escalation::{Rung, Standing};
use crate::incident::{IncidentId, Timer};
use crate::limits;
use crate::policy::document::{MessageKind, Target};
use crate::postmortem::PostmortemTimer;
use crate::time::{Duration, Timestamp};

/// Which timers are meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due<'a> {
    /// Those of every incident, strictly before the instant.
    Before,
    /// Those of every incident, up to and at the instant.
    By,
    /// Those of one incident, up to and at the instant.
    Of(&'a IncidentId),
}

impl Engine {
    /// The next timer that is meant, with its incident.
    fn next_due(&self, until: Timestamp, due: Due<'_>) -> Option<(Timestamp, IncidentId)> {
        let of_all = self.due.first().map(|(at, _, id)| (*at, id.clone()));
        match due {
            Due::Before => of_all.filter(|(at, _)| *at < until),
            Due::By => of_all.filter(|(at, _)| *at <= until),
            Due::Of(id) => self.due_of.get(id).map(|(at, _)| (*at, id.clone())).filter(|(at, _)| *at <= until),
        }
    }

    /// Does what is due.
    pub(super) fn run_timers(&mut self, until: Timestamp, due: Due<'_>, output: &mut Output) {
        let mut fired: BTreeMap<IncidentId, usize> = BTreeMap::new();
        let mut handed_over = BTreeMap::new();
        loop {
            let next = self.next_due(until, due);
            let handoff = self.next_handoff().filter(|(at, ..)| match due {
                Due::Before => *at < until,
                Due::By => *at <= until,
                Due::Of(_) => false,
            });
            // Incidents come first among equals, so that a hand-off lists them as they are then.
            if let Some((at, role, timer)) = handoff
                && next.as_ref().is_none_or(|(of_incident, _)| at < *of_incident)
            {
                let role = role.to_owned();
                self.fire_handoff(at, &role, timer, until, &mut handed_over, output);
                continue;
            }
            let Some((at, id)) = next else { break };
            self.now = Some(at);
            let Some((_, timer)) = self.incidents.get(&id).and_then(|incident| incident.next_timer(&self.policy))
            else {
                debug_assert!(false, "what is scheduled has a timer");
                self.schedule(&id);
                continue;
            };
            if timer == Timer::Forget {
                self.forget(&id, at, output);
                continue;
            }
            let count = fired.entry(id.clone()).or_default();
            *count += 1;
            let behind = *count > limits::CATCH_UP_TIMERS_MAX;
            self.work(&id, at, output, |work| {
                if behind {
                    work.catch_up(timer, until);
                }
                work.fire(timer);
            });
        }
    }

    fn forget(&mut self, id: &IncidentId, at: Timestamp, output: &mut Output) {
        if let Some(incident) = self.incidents.remove(id) {
            for key in incident.kin.keys.iter().chain([&incident.key]) {
                if self.keys.get(key) == Some(id) {
                    self.keys.remove(key);
                }
            }
            for alert in &incident.kin.alerts {
                self.apart.remove(alert);
            }
            if let Some(parent) = incident.kin.parent.as_ref().and_then(|parent| self.incidents.get_mut(parent)) {
                parent.kin.children.remove(id);
            }
            for child in &incident.kin.children {
                if let Some(child) = self.incidents.get_mut(child) {
                    child.kin.parent = None;
                }
            }
            if let Some(postmortem) = incident.postmortem
                && postmortem.at_rest_since(&incident.postmortem_told).is_none()
            {
                let (status, open_actions) = (postmortem.status, postmortem.open_actions().count());
                output.decide(at, Some(id), Verdict::PostmortemGivenUp { status, open_actions });
            }
        }
        self.schedule(id);
        output.decide(at, Some(id), Verdict::Forgotten);
    }
}

impl Work<'_> {
    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Resume => self.pause_ends(),
            Timer::Unmute => self.mute_ends(),
            Timer::SnoozeEnds => self.snooze_ends(),
            Timer::Clock(Mark::Warning(percent), kind) => self.warn(kind, percent),
            Timer::Clock(Mark::Breach, kind) => self.run_out(kind),
            Timer::AcknowledgementExpires => self.acknowledgement_expires(),
            Timer::RaiseAtOpening => self.raise_at_opening(),
            Timer::Release => self.release(),
            Timer::Climb(rung) => self.take_rung(rung),
            Timer::RolesMove => self.review_roles(),
            Timer::RoleVacant => self.tell_vacancies(),
            Timer::PublicNotice => self.reconsider_public(),
            Timer::StillOpen => {
                self.incident.reminded_at = self.at;
                self.remind(MessageKind::StillOpen, Trigger::StillOpen, "remind_open_every", Words::default());
            }
            Timer::Postmortem(timer) => self.remind_of_postmortem(timer),
            Timer::Forget => {}
        }
    }

    /// The host was away for so long that a timer has come round many times: all but its last time are counted
    /// instead of done.
    fn catch_up(&mut self, timer: Timer, until: Timestamp) {
        if timer == Timer::RolesMove {
            self.skip_moves(until);
            return;
        }
        let severity = self.severity();
        let path = self.path();
        let every = match timer {
            Timer::Clock(Mark::Breach, ClockKind::Update) => {
                let clock = self.incident.clocks.get(&ClockKind::Update);
                clock.and_then(|clock| if let Target::Within(every) = clock.target { Some(every) } else { None })
            }
            Timer::RoleVacant => self.vacancy_reminder(),
            Timer::Climb(Rung::Ceiling) => severity.and_then(|severity| severity.page_ceiling),
            Timer::Climb(Rung::Repeat(index)) => {
                path.and_then(|path| path.levels.get(index)).and_then(|level| level.repeat).map(|repeat| repeat.every)
            }
            Timer::Climb(Rung::PathRepeat) => path.and_then(|path| path.repeat).map(|repeat| repeat.every),
            Timer::StillOpen => Some(self.policy.remind_open_every()),
            Timer::Postmortem(PostmortemTimer::Remind) => self.policy.postmortem_times().remind_every,
            Timer::Postmortem(PostmortemTimer::Chase) => self.policy.postmortem_times().chase_every,
            Timer::Clock(..)
            | Timer::Resume
            | Timer::Unmute
            | Timer::SnoozeEnds
            | Timer::AcknowledgementExpires
            | Timer::RaiseAtOpening
            | Timer::Release
            | Timer::Climb(Rung::Level(_))
            | Timer::RolesMove
            | Timer::PublicNotice
            | Timer::Postmortem(PostmortemTimer::FollowUp)
            | Timer::Forget => None,
        };
        let Some(every) = every.filter(|every| !every.is_zero()) else {
            return;
        };
        let mut until = until;
        if let Timer::Clock(..) = timer
            && let Some(cadence) = severity.and_then(|severity| severity.document.update_every.as_ref())
            && let Some(changes) = cadence.changes_after(self.incident.elapsed(self.at))
        {
            until = until.min(changes.after(self.incident.since));
        }
        let mut skipped = Duration::between(self.at, until).as_millis() / every.as_millis();
        if let Timer::Climb(Rung::Repeat(index)) = timer
            && let Some(times) = path.and_then(|path| path.levels.get(index)?.repeat?.times)
            && let Some(Standing::Told { repeats, .. }) = self.incident.climb.standing(index)
        {
            skipped = skipped.min(i64::from(times.saturating_sub(*repeats).saturating_sub(1)));
        }
        let skipped_count = u64::try_from(skipped).unwrap_or(0);
        if skipped_count == 0 {
            return;
        }
        let ahead = Duration::from_millis(skipped.saturating_mul(every.as_millis()));
        self.at = ahead.after(self.at);
        let trigger = match timer {
            Timer::Clock(..) => Trigger::UpdateDue,
            Timer::Climb(Rung::Repeat(index)) => {
                if let Some(Standing::Told { repeats, .. }) = self.incident.climb.levels.get_mut(index) {
                    *repeats = repeats.saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX));
                }
                Trigger::LevelRepeat
            }
            Timer::Climb(Rung::PathRepeat) => Trigger::PathRepeat,
            Timer::Climb(_) => Trigger::PageCeiling,
            Timer::Postmortem(PostmortemTimer::Chase) => Trigger::ActionOverdue,
            Timer::Postmortem(_) => Trigger::PostmortemDue,
            Timer::RoleVacant => Trigger::RoleVacant,
            Timer::StillOpen
            | Timer::Resume
            | Timer::Unmute
            | Timer::SnoozeEnds
            | Timer::AcknowledgementExpires
            | Timer::RaiseAtOpening
            | Timer::Release
            | Timer::RolesMove
            | Timer::PublicNotice
            | Timer::Forget => Trigger::StillOpen,
        };
        if let (Timer::Clock(..), Some(clock)) = (timer, self.incident.clocks.get_mut(&ClockKind::Update)) {
            clock.started_at = ahead.after(clock.started_at);
            clock.set_deadline(self.policy);
            debug_assert!(matches!(clock.target, Target::Within(_)), "only a cadence comes round");
        }
        self.emit(trigger, "", Action::Coalesced { trigger, skipped: skipped_count });
    }
}
