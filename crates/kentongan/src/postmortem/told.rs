//! When somebody is reminded of a post-mortem or of what it asks for: read off the post-mortem, like every timer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{ActionItem, Postmortem, PostmortemStatus};
use crate::calendar::Zone;
use crate::limits;
use crate::policy::PostmortemTimes;
use crate::time::Timestamp;

/// When somebody was last reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Of the post-mortem, or when its time began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reminded: Option<Timestamp>,
    /// Of what is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chased: Option<Timestamp>,
    /// Of the follow-up, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) followed_up: Option<Timestamp>,
}

impl Told {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody is reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PostmortemTimer {
    /// That it is not published.
    Remind,
    /// That something it asks for is overdue.
    Chase,
    /// That the follow-up is due.
    FollowUp,
}

impl Postmortem {
    /// Everything that somebody is to be reminded of, while the incident is over; what is overdue also while it is not.
    pub(crate) fn timers(
        &self,
        told: &Told,
        times: PostmortemTimes,
        zone: &Zone,
        over: bool,
    ) -> impl Iterator<Item = (Timestamp, PostmortemTimer)> {
        let remind = times.remind_every.zip(told.reminded).filter(|_| over && !self.status.is_over());
        let remind = remind.map(|(every, last)| (every.after(last), PostmortemTimer::Remind));
        let chase = self.next_chase(told, times, zone).map(|at| (at, PostmortemTimer::Chase));
        let follow_up = self.follow_up_at(zone).filter(|_| over && told.followed_up.is_none());
        let follow_up = follow_up.map(|at| (at, PostmortemTimer::FollowUp));
        remind.into_iter().chain(chase).chain(follow_up)
    }

    /// Whether nothing of it waits for anybody any more, and since when.
    pub(crate) fn at_rest_since(&self, told: &Told) -> Option<Timestamp> {
        let settled = self.settled_at()?;
        let followed_up = match (self.status, self.follow_up) {
            (PostmortemStatus::Published, Some(_)) => Some(told.followed_up?),
            _ => None,
        };
        Some(followed_up.map_or(settled, |at| at.max(settled)))
    }

    /// What is overdue at an instant.
    pub(crate) fn overdue<'a>(&'a self, at: Timestamp, zone: &'a Zone) -> impl Iterator<Item = &'a ActionItem> {
        self.open_actions()
            .filter(move |action| action.due.and_then(|due| end_of(due, zone)).is_some_and(|end| end <= at))
    }

    fn next_chase(&self, told: &Told, times: PostmortemTimes, zone: &Zone) -> Option<Timestamp> {
        if self.status == PostmortemStatus::Waived {
            return None;
        }
        let ends = self.open_actions().filter_map(|action| end_of(action.due?, zone));
        let due = |end: Timestamp| match told.chased {
            Some(last) if end <= last => times.chase_every.map(|every| every.after(last)),
            Some(_) | None => Some(end),
        };
        ends.filter_map(due).min()
    }

    fn follow_up_at(&self, zone: &Zone) -> Option<Timestamp> {
        let date = self.follow_up.filter(|_| self.status == PostmortemStatus::Published)?;
        zone.instant(&format!("{date}T00:00"))
    }
}

/// When a day is over where the policy's people are.
pub(crate) fn end_of(date: NaiveDate, zone: &Zone) -> Option<Timestamp> {
    zone.instant(&format!("{}T00:00", date.succ_opt()?))
}

/// The date at an instant where the policy's people are.
pub(crate) fn date_of(at: Timestamp, zone: &Zone) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&zone.format(at, "%Y-%m-%d"), "%Y-%m-%d").ok()
}

/// Whether a date lies in the years that the engine keeps.
pub(crate) fn is_kept(date: NaiveDate) -> bool {
    limits::YEARS.contains(&chrono::Datelike::year(&date))
}
