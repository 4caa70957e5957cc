//! Climbing the escalation path: who is asked at the instant of the page, what is empty is passed over at once, and
//! it never ends in "nobody told".

use super::tell::{Message, Part, Words};
use super::windows::Admission;
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Purpose, Trigger};
use crate::escalation::{Climb, Level, Path, Rung, Standing};
use crate::incident::Event;
use crate::policy::document::{MessageKind, Occasion};
use crate::routing::contacts;

impl<'a> Work<'a> {
    pub(super) fn path(&self) -> Option<&'a Path> {
        self.incident.climb.path.as_deref().and_then(|name| self.policy.path(name))
    }

    fn level(&self, index: usize) -> Option<&'a Level> {
        self.path().and_then(|path| path.levels.get(index))
    }

    /// Sets the incident at the foot of its severity's path.
    pub(super) fn start_climb(&mut self, started_at: crate::Timestamp) {
        let name = self.severity().and_then(|severity| severity.document.escalation.as_deref());
        let path = name.and_then(|name| self.policy.path(name).map(|path| (name, path)));
        let contacted_at = self.incident.climb.contacted_at;
        self.forget_levels(0);
        self.incident.climb = Climb { contacted_at, ..Climb::start(path, started_at, self.at) };
        // A level that never comes comes at once; those who can mend the policy hear of it.
        for level in path.into_iter().flat_map(|(_, path)| &path.levels) {
            if let Some(reason) = level.after.never(started_at, self.policy) {
                self.fault(&format!("{}.after", level.entry), reason);
            }
        }
    }

    /// Pages of an earlier climb no longer stand for levels of this one.
    fn forget_levels(&mut self, from: usize) {
        for pending in self.incident.outbox.values_mut() {
            pending.levels.retain(|level| *level < from);
        }
    }

    /// Does what has come due on the climb.
    pub(super) fn take_rung(&mut self, rung: Rung) {
        match rung {
            Rung::Level(index) => {
                let held = matches!(self.incident.climb.standing(index), Some(Standing::Held { .. }));
                self.try_level(index, if held { Trigger::HoursOpen } else { Trigger::Escalation });
            }
            Rung::Repeat(index) => self.repeat_level(index),
            Rung::PathRepeat => self.repeat_path(),
            Rung::Ceiling => self.page_again(),
        }
    }

    /// A level's time has come: it is told, unless it has become unnecessary or its condition does not hold.
    pub(super) fn try_level(&mut self, index: usize, trigger: Trigger) {
        let Some(level) = self.level(index) else {
            return;
        };
        if level.unless.holds(self.incident.state) {
            let state = self.incident.state;
            let reason = if state.is_resolved() { state.as_str() } else { level.unless.as_str() };
            self.skip(index, false, &format!("the incident is {reason}"));
            return;
        }
        let (holds, until) = self.holds(level.when.as_ref(), &level.entry);
        if !holds {
            if self.incident.climb.standing(index) != Some(&Standing::Waiting { until }) {
                self.decide(Verdict::LevelWaiting { level: level.id.clone(), until });
            }
            // Waiting settles nothing: a repeat of the path does not count from here.
            let settled_at = self.incident.climb.settled_at;
            self.incident.climb.set(index, Standing::Waiting { until }, settled_at);
            return;
        }
        if !self.tell(index, trigger) {
            self.pull_up(index + 1, trigger);
        }
    }

    fn skip(&mut self, index: usize, empty: bool, reason: &str) {
        if let Some(level) = self.level(index) {
            self.decide(Verdict::LevelSkipped { level: level.id.clone(), reason: reason.to_owned() });
            self.incident.climb.set(index, Standing::Skipped { empty }, self.at);
        }
    }

    /// Tells a level now, or when its hours open. `false` where it has nobody, which leaves it passed over with the
    /// reason.
    fn tell(&mut self, index: usize, trigger: Trigger) -> bool {
        let Some(level) = self.level(index) else {
            return false;
        };
        let Some(severity) = self.severity() else {
            return false;
        };
        // What a person asks for has no hours, and what was held has waited for them already.
        let admission = match self.incident.climb.standing(index) {
            _ if trigger == Trigger::ManualEscalation => Admission::Now,
            Some(Standing::Told { by_hand: true, .. } | Standing::Held { by_hand: true, .. }) => Admission::Now,
            Some(Standing::Held { until, .. }) if *until <= self.at => Admission::Now,
            _ => self.admit(level.window.as_ref(), true),
        };
        let channel = match admission {
            Admission::Now => level.by.as_deref().unwrap_or(&severity.document.escalate_by),
            Admission::By(channel) => channel,
            Admission::Later(until) => {
                self.hold_level(index, &level.entry, until);
                return true;
            }
            Admission::Never => {
                self.drop_level(index, &level.entry);
                return true;
            }
        };
        self.incident.climb.reached.remove(&index);
        let mut told: Vec<String> = Vec::new();
        let mut reasons: Vec<String> = Vec::new();
        for recipient in &level.to {
            self.note_passed_over(recipient);
            match contacts(self.policy, self.changes, Some(&*self.incident), recipient, channel, self.at) {
                Ok(found) => {
                    for contact in found {
                        told.push(contact.to.clone());
                        self.send(
                            contact,
                            &Message {
                                kind: MessageKind::Page,
                                purpose: Purpose::Page,
                                level: Some((index, &level.id)),
                                trigger,
                                entry: &level.entry,
                                words: Words::default(),
                            },
                        );
                    }
                }
                Err(reason) => reasons.push(reason),
            }
        }
        if told.is_empty() {
            self.skip(index, true, &reasons.join("; "));
            return false;
        }
        self.decide(Verdict::LevelNotified { level: level.id.clone(), to: told });
        let (repeats, before) = match self.incident.climb.standing(index) {
            Some(Standing::Told { repeats, by_hand, .. } | Standing::Held { repeats, by_hand, .. }) => {
                (*repeats, *by_hand)
            }
            _ => (0, false),
        };
        let by_hand = before || trigger == Trigger::ManualEscalation;
        self.incident.climb.set(index, Standing::Told { at: self.at, repeats, by_hand }, self.at);
        true
    }

    /// A level has nobody: the next one that can be told takes its place at once, not when its own time comes.
    fn pull_up(&mut self, from: usize, trigger: Trigger) {
        let levels = self.incident.climb.levels.len();
        for index in from..levels {
            let Some(level) = self.level(index) else {
                break;
            };
            match self.incident.climb.standing(index) {
                Some(Standing::Told { .. } | Standing::Held { .. }) => return,
                Some(Standing::Ahead | Standing::Waiting { .. }) => {}
                Some(Standing::Skipped { .. }) | None => continue,
            }
            if level.unless.holds(self.incident.state) || !self.holds(level.when.as_ref(), &level.entry).0 {
                continue;
            }
            if self.tell(index, trigger) {
                return;
            }
        }
        if !self.incident.climb.anybody_told() && !self.incident.state.is_acknowledged() {
            self.no_responder("no level of the escalation path can be reached");
        }
    }

    /// A delivery of this level has failed on every way, and nobody else of it is left.
    pub(super) fn level_unreachable(&mut self, index: usize) {
        if self.level(index).is_none_or(|level| level.unless.holds(self.incident.state)) {
            return;
        }
        self.skip(index, true, "nobody of the level could be reached on any channel");
        self.pull_up(index + 1, Trigger::DeliveryFailed);
    }

    fn repeat_level(&mut self, index: usize) {
        let Some(level) = self.level(index) else {
            return;
        };
        if level.unless.holds(self.incident.state) {
            self.skip(index, false, &format!("the incident is {}", level.unless.as_str()));
            return;
        }
        let by_hand = matches!(self.incident.climb.standing(index), Some(Standing::Told { by_hand: true, .. }));
        let (holds, until) = self.holds(level.when.as_ref(), &level.entry);
        if !by_hand && !holds {
            self.decide(Verdict::LevelWaiting { level: level.id.clone(), until });
            self.incident.climb.set(index, Standing::Waiting { until }, self.at);
            return;
        }
        let settled_at = self.incident.climb.settled_at;
        if self.tell(index, Trigger::LevelRepeat) {
            self.incident.climb.settled_at = settled_at;
            if let Some(Standing::Told { repeats, .. }) = self.incident.climb.levels.get_mut(index) {
                *repeats = repeats.saturating_add(1);
            }
        } else {
            self.pull_up(index + 1, Trigger::LevelRepeat);
        }
    }

    /// The path starts again from its foot.
    fn repeat_path(&mut self) {
        self.decide(Verdict::PathRestarted { trigger: Trigger::PathRepeat });
        self.forget_levels(0);
        let climb = &mut self.incident.climb;
        climb.rounds += 1;
        climb.started_at = self.at;
        climb.settled_at = self.at;
        climb.levels.fill(Standing::Ahead);
        // At once, so that its pages name the repeat as their cause.
        if self.path().and_then(|path| path.levels.first()).is_some_and(|level| level.after.is_zero()) {
            self.try_level(0, Trigger::PathRepeat);
        }
    }

    /// It has been quiet for as long as the policy allows: everybody who was told, or should have been, is told
    /// again. Repeats keep their own deadlines.
    fn page_again(&mut self) {
        let settled_at = self.incident.climb.settled_at;
        let mut told = self.page_routes_again() > 0;
        let levels = self.incident.climb.levels.len();
        for index in 0..levels {
            let Some(level) = self.level(index) else {
                break;
            };
            let before = self.incident.climb.standing(index).cloned();
            let meant = matches!(before, Some(Standing::Told { .. } | Standing::Skipped { empty: true }));
            if !meant || level.unless.holds(self.incident.state) {
                continue;
            }
            // The severity may have changed since the level was told; what a person asked for stays.
            let by_hand = matches!(before, Some(Standing::Told { by_hand: true, .. }));
            if !by_hand && !self.holds(level.when.as_ref(), &level.entry).0 {
                continue;
            }
            if self.tell(index, Trigger::PageCeiling) {
                told = true;
                let after = self.incident.climb.standing(index);
                if let (Some(before @ Standing::Told { .. }), Some(Standing::Told { .. })) = (before, after) {
                    self.incident.climb.set(index, before, settled_at);
                }
            }
        }
        self.incident.climb.settled_at = settled_at;
        if !told && self.path().is_none() {
            let words = Words::default();
            told = self.routes(Occasion::Open, Part::All, MessageKind::Open, Trigger::PageCeiling, words) > 0;
        }
        if !told && self.incident.alarm_held_until().is_none() && !self.tell_next(Trigger::PageCeiling) {
            self.no_responder("nobody could be told again");
        }
        self.incident.climb.contacted_at = self.at;
    }

    /// Tells the first level that has not been told and can be.
    fn tell_next(&mut self, trigger: Trigger) -> bool {
        for index in 0..self.incident.climb.levels.len() {
            let untold =
                matches!(self.incident.climb.standing(index), Some(Standing::Ahead | Standing::Waiting { .. }));
            let Some(level) = self.level(index).filter(|level| untold && !level.unless.holds(self.incident.state))
            else {
                continue;
            };
            if self.holds(level.when.as_ref(), &level.entry).0 && self.tell(index, trigger) {
                return true;
            }
        }
        false
    }

    /// Those whom the severity pages beside the path are paged again, too; how many they are.
    fn page_routes_again(&mut self) -> usize {
        let Some(severity) = self.severity() else {
            return 0;
        };
        let mut told = 0;
        for route in severity.routes.iter().filter(|route| route.pages(&severity.document.escalate_by)) {
            if self.holds(route.when.as_ref(), &route.entry).0 {
                told += self.route_in_hours(
                    route,
                    Part::All,
                    &Message {
                        kind: MessageKind::Open,
                        purpose: Purpose::Page,
                        level: None,
                        trigger: Trigger::PageCeiling,
                        entry: &route.entry,
                        words: Words::default(),
                    },
                );
            }
        }
        told
    }

    /// Nothing came of an acknowledgement: the incident is open again, and the path goes on from the level of whoever
    /// acknowledged.
    pub(super) fn acknowledgement_expires(&mut self) {
        let by = self.incident.acknowledged.as_ref().map(|deed| deed.by.clone()).unwrap_or_default();
        if !self.transit(Event::AcknowledgementExpire, &by) {
            return;
        }
        let from = self.level_of(&by);
        self.incident.acknowledged = None;
        self.incident.active_at = self.at;
        self.decide(Verdict::PathRestarted { trigger: Trigger::AcknowledgementExpired });
        let Some(level) = self.level(from) else {
            self.page_again();
            return;
        };
        let climb = &mut self.incident.climb;
        climb.started_at = level.after.counted_back(self.at, self.policy);
        for standing in climb.levels.iter_mut().skip(from) {
            *standing = Standing::Ahead;
        }
        self.forget_levels(from);
        self.try_level(from, Trigger::AcknowledgementExpired);
        self.reconsider();
    }

    /// The level that a person stands on now; the first where they stand on none.
    fn level_of(&self, person: &str) -> usize {
        let Some(path) = self.path() else { return 0 };
        let stands = |level: &Level| {
            level.to.iter().any(|recipient| {
                contacts(self.policy, self.changes, Some(&*self.incident), recipient, "", self.at)
                    .is_ok_and(|found| found.iter().any(|contact| contact.person.as_deref() == Some(person)))
            })
        };
        path.levels.iter().position(stands).unwrap_or(0)
    }

    /// A person escalates: the level they name, or the next one not yet told. Conditions do not stand in a person's way.
    pub(super) fn escalate_by_hand(&mut self, level: Option<&str>) {
        let Some(path) = self.path() else {
            let told =
                self.routes(Occasion::Open, Part::All, MessageKind::Open, Trigger::ManualEscalation, Words::default());
            if told == 0 {
                self.no_responder("the severity has no escalation path, and its routes lead to nobody");
            }
            return;
        };
        let next = || {
            let untold = |standing: &Standing| !matches!(standing, Standing::Told { .. });
            self.incident.climb.levels.iter().position(untold).unwrap_or(path.levels.len().saturating_sub(1))
        };
        let index = level.map_or_else(next, |name| path.position(name).unwrap_or(0));
        if !self.tell(index, Trigger::ManualEscalation) {
            for further in index + 1..path.levels.len() {
                if self.tell(further, Trigger::ManualEscalation) {
                    return;
                }
            }
            self.no_responder("no level from there on can be reached");
        }
    }

    /// Asks the conditions of what waits again: something has changed.
    pub(super) fn reconsider(&mut self) {
        self.reconsider_public();
        if self.incident.quiet_until().is_some() {
            return;
        }
        for index in self.incident.climb.waiting() {
            self.try_level(index, Trigger::Escalation);
        }
    }

    /// It has become worse, or has come back: the path starts anew, and its first level that can be told is told even
    /// where somebody has acknowledged. Where that is nobody, and nobody was told beside the path, it says so.
    pub(super) fn climb_anew(&mut self, started_at: crate::Timestamp, trigger: Trigger, told_beside: bool) {
        self.start_climb(started_at);
        for index in 0..self.incident.climb.levels.len() {
            let Some(level) = self.level(index) else { break };
            if self.holds(level.when.as_ref(), &level.entry).0 && self.tell(index, trigger) {
                return;
            }
        }
        if !told_beside {
            self.no_responder("neither a route of the severity nor its escalation path leads to anybody");
        }
    }

    /// The severity has been lowered: nobody is told anew at once; what was due by now counts as told.
    pub(super) fn climb_after_lowering(&mut self) {
        let name = self.severity().and_then(|severity| severity.document.escalation.clone());
        if name == self.incident.climb.path {
            return;
        }
        // Those whose hours had not come have not been told of anything.
        let untold = self.incident.climb.held_until().is_some();
        self.start_climb(self.incident.since);
        let Some(path) = self.path().filter(|_| !untold) else { return };
        for (index, level) in path.levels.iter().enumerate() {
            if level.after.due(self.incident.since, self.policy) <= self.at {
                let reason = "the severity was lowered".to_owned();
                self.decide(Verdict::LevelSkipped { level: level.id.clone(), reason });
                self.incident.climb.set(index, Standing::Told { at: self.at, repeats: 0, by_hand: false }, self.at);
            }
        }
    }
}
