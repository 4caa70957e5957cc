//! Promises: clocks start, are met, missed, given up or changed; each miss is told once.

use super::tell::{Part, Words};
use super::work::Work;
use crate::clock::{Clock, ClockKind, Finish, Stopped};
use crate::decision::Verdict;
use crate::effect::{Action, Trigger};
use crate::incident::PublicTold;
use crate::policy::document::{MessageKind, Occasion};
use crate::time::{Duration, Timestamp};

impl Work<'_> {
    pub(super) fn start_clock(&mut self, kind: ClockKind, mut clock: Clock) {
        let deadline = clock.deadline;
        if self.incident.paused.is_some() && self.policy.pausing().clocks.contains(&kind) {
            clock.pause(self.at);
        }
        self.incident.clocks.insert(kind, clock);
        self.decide(Verdict::ClockStarted { clock: kind, deadline });
        self.doubt_end(kind);
    }

    /// Tells those who can mend the policy of a promise that nothing ends: it would be kept whatever happens.
    pub(super) fn doubt_end(&mut self, kind: ClockKind) {
        if let Some(reason) = self.incident.clocks.get(&kind).and_then(Clock::endless) {
            self.fault(&self.target_entry(kind), reason);
        }
    }

    /// Stops a clock because what it waited for has happened.
    pub(super) fn finish_clock(&mut self, kind: ClockKind) {
        let Some(clock) = self.incident.clocks.get_mut(&kind) else {
            return;
        };
        match clock.finish(self.at) {
            Finish::InTime(elapsed) => {
                let business_elapsed = self.business_elapsed(kind);
                self.decide(Verdict::ClockMet { clock: kind, elapsed, business_elapsed });
            }
            Finish::Late { elapsed, breach } => {
                if breach {
                    self.breach(kind);
                }
                let business_elapsed = self.business_elapsed(kind);
                self.decide(Verdict::ClockLate { clock: kind, elapsed, business_elapsed });
            }
            Finish::NotRunning => {}
        }
    }

    /// The time on a clock inside the calendar of its target, or the policy's only one.
    fn business_elapsed(&self, kind: ClockKind) -> Option<Duration> {
        let clock = self.incident.clocks.get(&kind)?;
        Some(clock.business_elapsed(self.at, self.policy.calendar_of(&clock.target)?))
    }

    pub(super) fn cancel_clock(&mut self, kind: ClockKind) {
        let at = self.at;
        if self.incident.clocks.get_mut(&kind).is_some_and(|clock| clock.cancel(at)) {
            self.decide(Verdict::ClockCancelled { clock: kind });
        }
    }

    /// Says that a clock has missed its target. The caller sees to it that this happens once a target.
    pub(super) fn breach(&mut self, kind: ClockKind) {
        let Some((target, deadline)) =
            self.incident.clocks.get(&kind).and_then(|clock| Some((clock.target.clone(), clock.deadline?)))
        else {
            return;
        };
        let promised = target.in_words();
        let (mut words, next) =
            (Words { clock: Some(kind), target: &promised, ..Words::default() }, self.next_update());
        words.deadline = Some(deadline);
        let entry = self.target_entry(kind);
        if kind == ClockKind::Update {
            words.next = next;
            self.emit(Trigger::UpdateDue, &entry, Action::Breach { clock: kind, target, deadline });
            let told = self.routes(Occasion::UpdateDue, Part::All, MessageKind::UpdateDue, Trigger::UpdateDue, words);
            if told == 0 {
                self.remind(MessageKind::UpdateDue, Trigger::UpdateDue, &entry, words);
            }
            return;
        }
        self.emit(Trigger::Breach, &entry, Action::Breach { clock: kind, target, deadline });
        if ClockKind::OF_POSTMORTEM.contains(&kind) {
            self.postmortem_late(kind, &promised, deadline);
            return;
        }
        self.routes(Occasion::Breach, Part::All, MessageKind::Breach, Trigger::Breach, words);
    }

    /// The policy's entry behind a clock.
    pub(super) fn target_entry(&self, kind: ClockKind) -> String {
        let severity = &self.incident.severity;
        match kind {
            ClockKind::Acknowledge | ClockKind::Respond | ClockKind::Resolve => {
                format!("severities.{severity}.targets.{kind}")
            }
            ClockKind::Update => format!("severities.{severity}.update_every"),
            ClockKind::Public => format!("severities.{severity}.public"),
            ClockKind::Handoff => "handoff.within".to_owned(),
            ClockKind::Postmortem => "postmortem.due".to_owned(),
            ClockKind::Review => "postmortem.review_within".to_owned(),
            ClockKind::Meeting => "postmortem.meeting.within".to_owned(),
        }
    }

    pub(super) fn start_clocks(&mut self, at: Timestamp) {
        let Some(severity) = self.severity() else {
            return;
        };
        for (kind, target) in severity.targets(Duration::ZERO) {
            if kind == ClockKind::Public && !self.public_is_concerned() {
                continue;
            }
            self.start_clock(kind, Clock::start(target, at, self.policy));
        }
    }

    pub(super) fn warn(&mut self, kind: ClockKind, percent: u8) {
        let Some(clock) = self.incident.clocks.get_mut(&kind) else {
            return;
        };
        clock.warned = percent;
        let Some(deadline) = clock.deadline else {
            return;
        };
        let entry = self.target_entry(kind);
        self.emit(Trigger::Warning, &entry, Action::Warning { clock: kind, percent, deadline });
        if ClockKind::OF_POSTMORTEM.contains(&kind) {
            self.postmortem_nears(kind, percent, deadline);
            return;
        }
        let words = Words { clock: Some(kind), percent, deadline: Some(deadline), ..Words::default() };
        self.routes(Occasion::Warning, Part::All, MessageKind::Warning, Trigger::Warning, words);
    }

    /// A target is missed. The update clock starts again at once: the next update is due one cadence later.
    pub(super) fn run_out(&mut self, kind: ClockKind) {
        let at = self.at;
        if let Some(clock) = self.incident.clocks.get_mut(&kind) {
            clock.breached_at = Some(at);
        }
        self.breach(kind);
        if kind == ClockKind::Update {
            self.restart_update_clock(at);
        }
    }

    /// Gives every clock the target that its severity has now.
    pub(super) fn retarget(&mut self) {
        let Some(severity) = self.severity() else {
            return;
        };
        for kind in
            [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve, ClockKind::Update, ClockKind::Public]
        {
            let concerned = kind != ClockKind::Public || self.public_is_concerned();
            // A cadence holds from when its present round began.
            let begun =
                self.incident.clocks.get(&kind).filter(|clock| clock.is_running()).map(|clock| clock.started_at);
            let elapsed = self.incident.elapsed(begun.unwrap_or(self.at));
            let target = severity.target(kind, elapsed).filter(|_| concerned);
            let done = match kind {
                ClockKind::Acknowledge => self.incident.state.is_acknowledged(),
                ClockKind::Respond => self.incident.responded.is_some(),
                ClockKind::Public => self.incident.public == PublicTold::Told,
                ClockKind::Resolve
                | ClockKind::Update
                | ClockKind::Handoff
                | ClockKind::Postmortem
                | ClockKind::Review
                | ClockKind::Meeting => false,
            };
            if !done && target.is_some() {
                self.revive(kind);
            }
            let running = self.incident.clocks.get(&kind).map(Clock::is_running);
            match (target, running) {
                (None, _) => self.cancel_clock(kind),
                (Some(target), Some(true)) => {
                    if let Some(clock) = self.incident.clocks.get_mut(&kind) {
                        let before = (clock.target.clone(), clock.deadline);
                        clock.retarget(target, self.at, self.policy);
                        let deadline = clock.deadline;
                        if before != (clock.target.clone(), deadline) {
                            self.decide(Verdict::ClockRetargeted { clock: kind, deadline });
                        }
                    }
                    self.doubt_end(kind);
                }
                // What is done stays done.
                (Some(_), Some(false)) => {}
                (Some(_), None) if done => {}
                (Some(target), None) => {
                    // People's promises count from the opening; a cadence, and the public's notice, from here.
                    let at = match kind {
                        ClockKind::Acknowledge | ClockKind::Respond | ClockKind::Resolve => self.incident.since,
                        ClockKind::Update
                        | ClockKind::Public
                        | ClockKind::Handoff
                        | ClockKind::Postmortem
                        | ClockKind::Review
                        | ClockKind::Meeting => self.at,
                    };
                    let mut clock = Clock::start(target.clone(), at, self.policy);
                    // Warnings whose moment has passed are not made up for.
                    clock.retarget(target, self.at, self.policy);
                    self.start_clock(kind, clock);
                }
            }
        }
    }

    /// A clock that was given up under another severity counts again, with what it has breached and warned of; a
    /// cadence begins anew.
    pub(super) fn revive(&mut self, kind: ClockKind) {
        let given_up = |clock: &Clock| matches!(clock.stopped, Some(Stopped::Cancelled(_)));
        if kind == ClockKind::Update {
            self.incident.clocks.retain(|other, clock| *other != kind || !given_up(clock));
        } else if let Some(clock) = self.incident.clocks.get_mut(&kind).filter(|clock| given_up(clock)) {
            clock.stopped = None;
        }
    }
}
