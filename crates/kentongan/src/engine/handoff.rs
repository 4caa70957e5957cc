//! Handing over: at each change of who is on call in a watched role, those who go off and those who come on are told
//! what to go through, and reminded until all of it is ticked off.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Engine;
use super::alerts::POLICY;
use super::handoff_desk::HandoffDesk;
use super::work::Output;
use crate::decision::Verdict;
use crate::effect::{EffectId, OngoingIncident, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::slug;
use crate::input::{Input, Outcome};
use crate::limits;
use crate::oncall::{Handoff, HandoffTimer, Watch};
use crate::policy::Policy;
use crate::routing::shorten;
use crate::time::Timestamp;

impl Engine {
    /// The latest hand-off of each role that the policy hands over.
    pub fn handoffs(&self) -> impl Iterator<Item = &Handoff> {
        self.watches.values().filter_map(|watch| watch.latest.as_ref())
    }

    /// Begins to watch the roles that are handed over. What changed before the engine's first instant is nobody's
    /// hand-off.
    pub(super) fn begin_watches(&mut self, now: Timestamp) {
        let Some(handoff) = self.policy.handoff() else { return };
        for role in &handoff.roles {
            if !self.watches.contains_key(role) {
                let holders = self.who(role, now).people().to_vec();
                let change_at = self.may_change(role, now);
                self.watches.insert(role.clone(), Watch { holders, change_at, count: 0, latest: None });
            }
        }
    }

    /// Looks again who is on call, after somebody has handed in that this changes.
    pub(super) fn refresh_watches(&mut self, now: Timestamp, output: &mut Output) {
        self.review_watches(now);
        self.run_handoffs(now, output);
    }

    /// When a watched role may change next.
    fn may_change(&self, role: &str, after: Timestamp) -> Option<Timestamp> {
        self.policy.roster().may_change(role, false, after, &self.changes)
    }

    /// Finds out anew when each watched role may change next.
    fn review_watches(&mut self, now: Timestamp) {
        let roles = self.policy.handoff().map(|handoff| handoff.roles.clone()).unwrap_or_default();
        for role in roles {
            let change_at = match self.who(&role, now).people() {
                people if self.watches.get(&role).is_some_and(|watch| watch.holders == people) => {
                    self.may_change(&role, now)
                }
                _ => Some(now),
            };
            if let Some(watch) = self.watches.get_mut(&role) {
                watch.change_at = change_at;
            }
        }
    }

    /// Watches the roles that the policy at hand hands over. One that it does not is left alone, and its count is
    /// kept, so that no later hand-off gets a name that was given before.
    pub(super) fn migrate_watches(&mut self, old: &Policy, now: Timestamp, output: &mut Output) {
        let handed_over = |policy: &Policy, role: &String| policy.handoff().is_some_and(|it| it.roles.contains(role));
        let policy = Arc::clone(&self.policy);
        for (role, watch) in &mut self.watches {
            if handed_over(&policy, role) {
                continue;
            }
            watch.change_at = None;
            if let Some(latest) = watch.latest.take()
                && latest.awaits_confirmation()
            {
                output.decide(now, None, Verdict::HandoffGivenUp { handoff: latest.id });
            }
        }
        self.begin_watches(now);
        let begun_anew: Vec<String> =
            self.watches.keys().filter(|role| handed_over(&policy, role) && !handed_over(old, role)).cloned().collect();
        for role in begun_anew {
            let holders = self.who(&role, now).people().to_vec();
            if let Some(watch) = self.watches.get_mut(&role) {
                watch.holders = holders;
            }
        }
        self.review_watches(now);
        let roles: Vec<String> = self.watches.keys().cloned().collect();
        for role in roles {
            self.desk(now, &role, output, |desk| desk.confirm_if_ticked(POLICY));
        }
    }

    /// The next thing due on a watched role.
    pub(super) fn next_handoff(&self) -> Option<(Timestamp, &str, HandoffTimer)> {
        let handoff = self.policy.handoff()?;
        let next = self.watches.iter().filter_map(|(role, watch)| {
            watch.next_timer(handoff).map(|(at, timer)| (self.overdue(at), timer, role.as_str()))
        });
        next.min().map(|(at, timer, role)| (at, role, timer))
    }

    /// Does what is due on watched roles up to and at an instant.
    fn run_handoffs(&mut self, until: Timestamp, output: &mut Output) {
        let mut fired = BTreeMap::new();
        while let Some((at, role, timer)) = self.next_handoff().filter(|(at, ..)| *at <= until) {
            let role = role.to_owned();
            self.fire_handoff(at, &role, timer, until, &mut fired, output);
        }
    }

    /// Does one thing that is due on a watched role.
    pub(super) fn fire_handoff(
        &mut self,
        at: Timestamp,
        role: &str,
        timer: HandoffTimer,
        until: Timestamp,
        fired: &mut BTreeMap<(String, HandoffTimer), usize>,
        output: &mut Output,
    ) {
        self.now = Some(at);
        let count = fired.entry((role.to_owned(), timer)).or_default();
        *count += 1;
        let changed = *count;
        // Whatever came round for the role counts against its reminders, and only its changes against its changes.
        let of_role: usize = fired.iter().filter(|((of, _), _)| of == role).map(|(_, count)| count).sum();
        let behind = of_role > limits::CATCH_UP_TIMERS_MAX;
        match timer {
            HandoffTimer::Change if changed > limits::CATCH_UP_TIMERS_MAX => {
                self.hand_over_the_last(at, role, until, output);
            }
            HandoffTimer::Change => self.hand_over(at, role, output),
            HandoffTimer::Breach => self.desk(at, role, output, |desk| {
                desk.run_out();
            }),
            HandoffTimer::Remind => self.desk(at, role, output, |desk| {
                if behind {
                    desk.catch_up(until);
                }
                desk.remind();
            }),
        }
    }

    /// The host was away for so long that a role has changed hands many times: the last of the changes is handed over,
    /// since nobody needs to hear of those before it, and they are counted.
    fn hand_over_the_last(&mut self, at: Timestamp, role: &str, until: Timestamp, output: &mut Output) {
        let (mut before, mut last, mut skipped) = (at, at, 0_u64);
        while let Some(next) = self.next_change(role, last).filter(|next| *next <= until) {
            (before, last, skipped) = (last, next, skipped.saturating_add(1));
        }
        // Back with those who had it when the host went away, it is handed over by whoever had it in between.
        if skipped > 0 && self.watches.get(role).is_some_and(|watch| watch.holders == self.who(role, last).people()) {
            self.hand_over(before, role, output);
            skipped -= 1;
        }
        self.hand_over(last, role, output);
        self.desk(last, role, output, |desk| desk.count_skipped(Trigger::Handoff, skipped));
    }

    fn hand_over(&mut self, at: Timestamp, role: &str, output: &mut Output) {
        let to = self.who(role, at).people().to_vec();
        let change_at = self.may_change(role, at);
        let date = self.policy.zone().format(at, "%Y%m%d");
        let Some(watch) = self.watches.get_mut(role) else { return };
        watch.change_at = change_at;
        if watch.holders == to {
            return;
        }
        let from = std::mem::replace(&mut watch.holders, to.clone());
        watch.count += 1;
        let id = format!("handoff-{}-{date}-{}", slug(role), watch.count);
        let handoff = Handoff {
            id: id.clone(),
            role: role.to_owned(),
            at,
            from,
            to,
            ticked: BTreeMap::new(),
            confirmed_at: None,
            breached_at: None,
            reminded_at: at,
            next_effect: 1,
            outbox: BTreeMap::new(),
        };
        if let Some(before) = watch.latest.replace(handoff)
            && before.awaits_confirmation()
        {
            output.decide(at, None, Verdict::HandoffSuperseded { handoff: before.id, by: id });
        }
        let ongoing: Vec<OngoingIncident> = self
            .incidents
            .values()
            .filter(|incident| !incident.state().is_resolved())
            .map(|incident| OngoingIncident {
                incident: incident.id().clone(),
                title: incident.title().to_owned(),
                severity: incident.severity().to_owned(),
                state: incident.state(),
                drill: incident.is_drill(),
            })
            .collect();
        self.desk(at, role, output, |desk| desk.begin(ongoing));
    }

    fn desk(&mut self, at: Timestamp, role: &str, output: &mut Output, job: impl FnOnce(&mut HandoffDesk<'_>)) {
        let Some(document) = self.policy.handoff() else { return };
        let Some(handoff) = self.watches.get_mut(role).and_then(|watch| watch.latest.as_mut()) else { return };
        job(&mut HandoffDesk { policy: &self.policy, changes: &self.changes, document, handoff, at, output });
    }

    /// The role whose latest hand-off has a name.
    fn role_of(&self, id: &str) -> Option<&str> {
        let found = self.watches.iter().find(|(_, watch)| watch.latest.as_ref().is_some_and(|latest| latest.id == id));
        found.map(|(role, _)| role.as_str())
    }

    pub(super) fn check_handoff(&self, input: &Input) -> Result<(), Rejected> {
        let (Input::TickHandoff { handoff, .. } | Input::ConfirmHandoff { handoff, .. }) = input else {
            return Ok(());
        };
        if self.role_of(handoff).is_none() {
            return Err(Refusal::UnknownHandoff { handoff: handoff.clone() }.into());
        }
        if let Input::TickHandoff { point, .. } = input {
            let known: Vec<String> = self
                .policy
                .handoff()
                .into_iter()
                .flat_map(|handoff| &handoff.points)
                .map(|point| point.id.clone())
                .collect();
            if !known.contains(point) {
                return Err(Refusal::UnknownPoint { point: point.clone(), known }.into());
            }
        }
        Ok(())
    }

    pub(super) fn take_handoff(&mut self, now: Timestamp, input: Input, output: &mut Output) {
        let (Input::TickHandoff { handoff, .. } | Input::ConfirmHandoff { handoff, .. }) = &input else {
            return;
        };
        let Some(role) = self.role_of(handoff).map(str::to_owned) else { return };
        self.desk(now, &role, output, |desk| match input {
            Input::TickHandoff { point, by, .. } => desk.tick(&point, &by),
            Input::ConfirmHandoff { by, .. } => {
                let document = desk.document;
                for point in &document.points {
                    desk.tick(&point.id, &by);
                }
            }
            _ => {}
        });
        self.run_handoffs(now, output);
    }

    /// What a host reports of a message of a hand-off. `false` where none awaits it.
    pub(super) fn report_handoff(
        &mut self,
        now: Timestamp,
        effect: &EffectId,
        outcome: Outcome,
        detail: &str,
        output: &mut Output,
    ) -> bool {
        let Some(role) = self.role_of(effect.subject()).map(str::to_owned) else {
            return false;
        };
        let latest = self.watches.get(&role).and_then(|watch| watch.latest.as_ref());
        let awaited = latest.is_some_and(|latest| latest.outbox.values().any(|pending| pending.effect.id == *effect));
        if awaited {
            self.desk(now, &role, output, |desk| desk.report(effect, outcome, &shorten(detail, 500)));
        }
        awaited
    }
}
