//! A calendar whose series take turns for ever is a rotation, and is kept as one: it has no horizon.

use std::collections::BTreeMap;

use chrono::Datelike;
use chrono::{NaiveDateTime, TimeDelta};
use ical::recur::{IcalRecurFreq, IcalRecurRule, IcalRecurWeekday};

use super::event::Event;

/// People who take turns, each for the same number of days, in the clock of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The zone in which hand-offs keep their time of day.
    pub zone: String,
    /// The local time of the first hand-off.
    pub start: NaiveDateTime,
    /// The days of one turn.
    pub days: u32,
    /// Whose turn it is, in order.
    pub people: Vec<String>,
}

/// The rotation that events come to, if they are one: each series without an end or an exception, all of one length, in
/// turn. `who` gives the people of each event.
pub(super) fn rotation(events: &[Event], who: &[Vec<String>]) -> Option<Rotation> {
    let mut turns: Vec<(&Event, &[String])> = events
        .iter()
        .zip(who)
        .map(|(event, people)| (event, people.as_slice()))
        .filter(|(_, people)| !people.is_empty())
        .collect();
    // What belongs to a turn and is nobody's, or is called off, makes a hole in it, which no rotation has.
    let mut of_uid: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        *of_uid.entry(&event.uid).or_default() += 1;
    }
    let is_alone = |event: &Event| event.uid.is_empty() || of_uid.get(event.uid.as_str()) == Some(&1);
    if !turns.iter().all(|(event, _)| is_alone(event)) {
        return None;
    }
    turns.sort_by_key(|(event, _)| event.start.local);
    let (first, _) = turns.first()?;
    let days = u32::try_from(first.length.civil.num_days()).ok().filter(|days| *days > 0)?;
    let cycle = i64::from(days) * i64::try_from(turns.len()).ok()?;
    let mut people = Vec::new();
    for (index, (event, names)) in turns.iter().enumerate() {
        let regular = event.length == first.length
            && event.length.exact.is_zero()
            && event.length.civil == TimeDelta::days(days.into())
            && event.start.clock.is_same(&first.start.clock)
            && event.extra.is_empty()
            && event.except.is_empty()
            && event.replaces.is_none()
            && !event.cancelled
            && event.start.local == first.start.local + TimeDelta::days(i64::from(days) * i64::try_from(index).ok()?)
            && cycle_days(event)? == cycle;
        let [person] = names else { return None };
        if !regular {
            return None;
        }
        people.push(person.clone());
    }
    Some(Rotation { zone: first.start.clock.zone_name()?.to_owned(), start: first.start.local, days, people })
}

/// The days from one occurrence of an endless series to the next, where they are always the same.
fn cycle_days(event: &Event) -> Option<i64> {
    let rule = IcalRecurRule::parse(&event.rule.as_ref()?.text).ok()?;
    let interval = i64::from(rule.interval);
    let plain = rule.until.is_none()
        && rule.count.is_none()
        && rule.by_second.is_empty()
        && rule.by_minute.is_empty()
        && rule.by_hour.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty()
        && rule.by_month.is_empty()
        && rule.by_set_pos.is_empty();
    let own_day = match rule.by_day.as_slice() {
        [] => true,
        [day] => day.ordinal.is_none() && weekday(day.weekday) == event.start.local.weekday(),
        _ => false,
    };
    match rule.freq {
        IcalRecurFreq::Weekly if plain && own_day => interval.checked_mul(7),
        IcalRecurFreq::Daily if plain && rule.by_day.is_empty() => Some(interval),
        _ => None,
    }
}

fn weekday(day: IcalRecurWeekday) -> chrono::Weekday {
    match day {
        IcalRecurWeekday::Monday => chrono::Weekday::Mon,
        IcalRecurWeekday::Tuesday => chrono::Weekday::Tue,
        IcalRecurWeekday::Wednesday => chrono::Weekday::Wed,
        IcalRecurWeekday::Thursday => chrono::Weekday::Thu,
        IcalRecurWeekday::Friday => chrono::Weekday::Fri,
        IcalRecurWeekday::Saturday => chrono::Weekday::Sat,
        IcalRecurWeekday::Sunday => chrono::Weekday::Sun,
    }
}
