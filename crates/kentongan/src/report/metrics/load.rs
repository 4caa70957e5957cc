//! What incidents ask of people: pages, answers, and sleep.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Case, Times};
use crate::calendar::Zone;
use crate::policy::document::SleepHours;
use crate::time::{Duration, Timestamp};

/// Pages on one channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChannelLoad {
    /// How many.
    pub pages: usize,
    /// How many of them in the hours in which people sleep.
    pub in_sleep_hours: usize,
}

/// What incidents asked of one person. It counts when it happened, whenever the incident had opened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct PersonLoad {
    /// Who: a person, or a team with an address of its own.
    pub person: String,
    /// How many pages, repeats included.
    pub pages: usize,
    /// How many of them in the hours in which people sleep.
    pub in_sleep_hours: usize,
    /// How many nights had one: those between two days, whatever the hour.
    pub nights: usize,
    /// Pages by channel.
    pub channels: BTreeMap<String, ChannelLoad>,
    /// Pages a week, over the time that the journal tells of; to a tenth.
    pub pages_per_week: f64,
    /// Pages by week, `2026-W45`, those without one left out.
    pub weeks: BTreeMap<String, usize>,
    /// How often they were called. A call lasts from the first page until anybody answers, or the incident is over.
    pub calls: usize,
    /// How often it was they who answered.
    pub answered: usize,
    /// How long they took to.
    pub answer: Times,
}

/// The load of everybody who was called or paged between two instants: those with the most pages first.
pub(super) fn people(
    cases: &[Case<'_>],
    zone: &Zone,
    sleep: SleepHours,
    (from, to): (Timestamp, Timestamp),
    told: Duration,
) -> Vec<PersonLoad> {
    let within = |at: Timestamp| from <= at && at < to;
    let mut people: BTreeMap<&str, PersonLoad> = BTreeMap::new();
    let mut answers: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut nights: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.is_real()) {
        for call in case.account.calls() {
            for page in call.pages.iter().filter(|page| within(page.at)) {
                let load = people.entry(&call.who).or_default();
                let asleep = usize::from(is_asleep(zone, sleep, page.at));
                if asleep > 0 {
                    nights.entry(&call.who).or_default().insert(night(zone, page.at));
                }
                let channel = load.channels.entry(page.channel.clone()).or_default();
                (channel.pages, channel.in_sleep_hours) = (channel.pages + 1, channel.in_sleep_hours + asleep);
                (load.pages, load.in_sleep_hours) = (load.pages + 1, load.in_sleep_hours + asleep);
                *load.weeks.entry(zone.format(page.at, "%G-W%V")).or_default() += 1;
            }
            if within(call.from) {
                let load = people.entry(&call.who).or_default();
                load.calls += 1;
                if let Some(until) = call.until.filter(|_| call.is_answered()) {
                    load.answered += 1;
                    answers.entry(&call.who).or_default().push(Duration::between(call.from, until));
                }
            }
        }
    }
    let complete = |(person, mut load): (&str, PersonLoad)| {
        person.clone_into(&mut load.person);
        load.nights = nights.get(person).map_or(0, BTreeSet::len);
        load.answer = Times::of(answers.remove(person).unwrap_or_default());
        load.pages_per_week = per_week(load.pages, told);
        load
    };
    let mut people: Vec<PersonLoad> = people.into_iter().map(complete).collect();
    people.sort_by(|a, b| b.pages.cmp(&a.pages).then_with(|| a.person.cmp(&b.person)));
    people
}

/// The night of an instant in sleep hours, by the day on whose evening it began: a night is over by noon.
fn night(zone: &Zone, at: Timestamp) -> String {
    let noon_before = at.checked_sub_signed(chrono::TimeDelta::hours(12)).unwrap_or(at);
    zone.format(noon_before, "%Y-%m-%d")
}

/// Whether people sleep at an instant.
pub(super) fn is_asleep(zone: &Zone, sleep: SleepHours, at: Timestamp) -> bool {
    minute_of_day(zone, at).is_some_and(|minute| sleep.contains(minute))
}

fn minute_of_day(zone: &Zone, at: Timestamp) -> Option<u32> {
    let civil = zone.civil(at)?;
    Some(u32::try_from(civil.hour()).ok()? * 60 + u32::try_from(civil.minute()).ok()?)
}

/// How many in a week, to a tenth.
fn per_week(pages: usize, over: Duration) -> f64 {
    const WEEK: i128 = 7 * 24 * 3_600 * 1_000;
    let (pages, millis) = (i128::try_from(pages).unwrap_or(i128::MAX), i128::from(over.as_millis()));
    let tenths = pages.saturating_mul(10 * WEEK).saturating_add(millis / 2).checked_div(millis);
    f64::from(tenths.and_then(|tenths| u32::try_from(tenths).ok()).unwrap_or_default()) / 10.0
}
