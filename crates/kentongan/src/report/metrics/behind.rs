//! What may lie behind answers that came late: the hour, the channel, and what was asked of whoever answered.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::figures::Case;
use super::load::is_asleep;
use super::review::{LateBy, LateGroup, is_late};
use crate::incident::Deed;
use crate::policy::Policy;
use crate::time::Timestamp;

/// Each group of answers of which some came late. `all` are all cases: what else was asked of somebody is known of them.
pub(super) fn late(policy: &Policy, all: &[Case<'_>], opened: &[&Case<'_>]) -> Vec<LateGroup> {
    let mut groups: BTreeMap<(LateBy, usize, String), LateGroup> = BTreeMap::new();
    for case in opened {
        let Some(answer) = &case.account.first_answer else { continue };
        let kinds = [
            (LateBy::Hours, hours(policy, case.opened)),
            (LateBy::Channel, (0, channel(case, answer))),
            (LateBy::Load, load(all, answer)),
        ];
        for (by, (place, of)) in kinds {
            let new = || LateGroup { by, of: of.clone(), answered: 0, incidents: Vec::new() };
            let group = groups.entry((by, place, of.clone())).or_insert_with(new);
            group.answered += 1;
            group.incidents.extend(is_late(case).then(|| case.id()));
        }
    }
    groups.into_values().filter(|group| !group.incidents.is_empty()).collect()
}

/// The hours of an instant, and their place in a list. Those in which people sleep come first: they sleep in office hours,
/// too, where these are at night.
fn hours(policy: &Policy, at: Timestamp) -> (usize, String) {
    let calendars = policy.document().calendars.keys();
    let mut open = calendars.filter_map(|name| policy.calendar(name)).map(|calendar| calendar.is_open(at));
    if is_asleep(policy.zone(), policy.metrics().sleep_hours, at) {
        (0, "sleep hours".to_owned())
    } else if open.any(|open| open) {
        (1, "business hours".to_owned())
    } else {
        (2, "other hours".to_owned())
    }
}

/// The channel on which whoever answered was paged first; they, or else anybody, before that.
fn channel(case: &Case<'_>, answer: &Deed) -> String {
    let calls = case.account.calls();
    let before = || calls.iter().filter(|call| call.from <= answer.at);
    let theirs = before().find(|call| call.who == answer.by).or_else(|| before().next());
    let page = theirs.and_then(|call| call.pages.first());
    page.map_or_else(|| "without a page".to_owned(), |page| page.channel.clone())
}

/// How often whoever answered was called in the week before they did.
fn load(all: &[Case<'_>], answer: &Deed) -> (usize, String) {
    let from = answer.at.checked_sub_signed(TimeDelta::days(7)).unwrap_or(answer.at);
    let calls = all.iter().filter(|case| case.is_real()).flat_map(|case| case.account.calls());
    let count = calls.filter(|call| call.who == answer.by && from <= call.from && call.from <= answer.at).count();
    let (place, of) = match count {
        0 => (0, "not called that week"),
        1..=3 => (1, "called 1 to 3 times that week"),
        4..=7 => (2, "called 4 to 7 times that week"),
        8..=14 => (3, "called 8 to 14 times that week"),
        _ => (4, "called more than 14 times that week"),
    };
    (place, of.to_owned())
}
