//! What is due next on an incident. Timers are read off the state, never kept beside it.

use super::{Incident, PublicTold, State};
use crate::clock::{ClockKind, Mark};
use crate::escalation::Rung;
use crate::policy::Policy;
use crate::postmortem::PostmortemTimer;
use crate::time::Timestamp;

/// What can be due on an incident, in the order in which equal instants are taken: clocks before the climb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    Resume,
    Unmute,
    SnoozeEnds,
    Clock(Mark, ClockKind),
    AcknowledgementExpires,
    RaiseAtOpening,
    Release,
    Climb(Rung),
    RolesMove,
    RoleVacant,
    PublicNotice,
    StillOpen,
    Postmortem(PostmortemTimer),
    Forget,
}

impl Incident {
    /// The next thing due: as it is read off the state, none can be forgotten.
    pub(crate) fn next_timer(&self, policy: &Policy) -> Option<(Timestamp, Timer)> {
        let clocks = self.clocks.iter().filter_map(|(kind, clock)| {
            let warn_at = if *kind == ClockKind::Update { policy.update_warn_at() } else { policy.warn_at() };
            clock.next(warn_at, policy).map(|(at, mark)| (at, Timer::Clock(mark, *kind)))
        });
        let postmortem = self.postmortem.iter().flat_map(|postmortem| {
            let over = self.resolved.is_some();
            postmortem.timers(&self.postmortem_told, policy.postmortem_times(), policy.zone(), over)
        });
        let postmortem = postmortem.map(|(at, timer)| (at, Timer::Postmortem(timer)));
        if let Some(resolved) = &self.resolved {
            let forget = (self.forgotten_at(resolved.at, policy), Timer::Forget);
            return self.release().into_iter().chain(clocks).chain(postmortem).chain([forget]).min();
        }
        let path = self.climb.path.as_deref().and_then(|name| policy.path(name));
        let severity = policy.severity(&self.severity);
        let ceiling = severity.and_then(|severity| severity.page_ceiling).map(|ceiling| {
            // While an alarm is held it is meant to be quiet.
            let due = ceiling.after(self.climb.contacted_at);
            self.alarm_held_until().map_or(due, |opening| opening.max(due))
        });
        let resume = self.paused.as_ref().map(|paused| (paused.until, Timer::Resume));
        let public = self.public_asked_at.filter(|_| self.public == PublicTold::Nothing);
        let public = public.map(|at| (at, Timer::PublicNotice));
        if self.quiet_until().is_some() {
            // Promises go on; whoever would be told waits for the end, which is a timer.
            let unmute = self.muted.as_ref().map(|muted| (muted.until, Timer::Unmute));
            let snooze = self.snoozed.as_ref().map(|snoozed| (snoozed.until, Timer::SnoozeEnds));
            return resume.into_iter().chain(clocks).chain(public).chain(unmute).chain(snooze).chain(postmortem).min();
        }
        let climb = self.climb.next(policy, path, self.state, ceiling).map(|(at, rung)| (at, Timer::Climb(rung)));
        let expiry = path
            .and_then(|path| path.acknowledge_expires)
            .filter(|_| matches!(self.state, State::Acknowledged))
            .map(|expires| (expires.after(self.active_at), Timer::AcknowledgementExpires));
        let window = severity.and_then(|severity| severity.window.as_ref());
        let raise = severity
            .filter(|severity| self.state == State::Open && severity.document.raise_at_opening.is_some())
            .and_then(|_| Some((window?.opens_next(policy, self.active_at)?, Timer::RaiseAtOpening)));
        let still_open = policy.remind_open_every().after(self.active_at.max(self.reminded_at));
        let still_open = (window.map_or(still_open, |window| window.opens(policy, still_open)), Timer::StillOpen);
        let move_of_roles = self.role_watch.look_at.map(|at| (at, Timer::RolesMove));
        let vacancy = self.vacancy_due(policy).map(|at| (at, Timer::RoleVacant));
        resume
            .into_iter()
            .chain(clocks)
            .chain(climb)
            .chain(move_of_roles)
            .chain(vacancy)
            .chain(expiry)
            .chain(raise)
            .chain(self.release())
            .chain(public)
            .chain([still_open])
            .chain(postmortem)
            .min()
    }

    /// When an incident that is over is forgotten: not before what is learnt from it is at rest, or has been kept for
    /// as long as the policy allows.
    fn forgotten_at(&self, resolved: Timestamp, policy: &Policy) -> Timestamp {
        let keep = policy.retain_resolved();
        match &self.postmortem {
            None => keep.after(resolved),
            Some(postmortem) => match postmortem.at_rest_since(&self.postmortem_told) {
                Some(at) => keep.after(resolved.max(at)),
                None => policy.keep_unfinished().after(resolved),
            },
        }
    }

    /// When the first of what is held goes out.
    fn release(&self) -> Option<(Timestamp, Timer)> {
        self.held.iter().map(|held| (held.until, Timer::Release)).min()
    }

    /// When the first of those who have yet to hear of it at all does; `None` where nobody is kept waiting.
    pub(crate) fn alarm_held_until(&self) -> Option<Timestamp> {
        let routes = self.held.iter().filter(|held| held.is_alarm()).map(|held| held.until);
        routes.chain(self.climb.held_until()).min()
    }
}
