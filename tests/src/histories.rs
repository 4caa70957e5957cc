//! How clocks have been moved: every distinct history of the bundled zone data, and the minutes around a change as
//! people's clocks show them. What the engine computes about local time is compared with this, minute by minute.

use std::collections::BTreeMap;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

/// One change of a zone's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// The offset from UTC before it, in seconds.
    pub before: i32,
    /// The offset from UTC from then on, in seconds.
    pub after: i32,
}

/// What some zones have in common: when and by how much their clocks are moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The first of the zones, by name.
    pub zone: String,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// How many distinct histories there are in the bundled data from 2023 to 2027, those without a change aside.
///
/// By the data of 2025b there were 37, the one without a change among them. By those of 2026f parts of Canada, which shared
/// theirs with others, change their clocks no more, and Moldova shares that of others. Other data may give another number:
/// then what is compared changes, and this is where it is seen.
pub const DISTINCT_2023_TO_2027: usize = 38;
/// How many changes they have.
pub const CHANGES_2023_TO_2027: usize = 327;

/// The distinct histories from the beginning of one year to the beginning of another, those without a change aside.
///
/// # Panics
///
/// When a year is none.
#[must_use]
pub fn distinct(from: i16, to: i16) -> Vec<History> {
    let mut histories: BTreeMap<Vec<Change>, String> = BTreeMap::new();
    let database = TimeZoneDatabase::bundled();
    let mut names: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    for zone in names {
        let changes = changes(&zone, from, to);
        if !changes.is_empty() {
            histories.entry(changes).or_insert(zone);
        }
    }
    histories.into_iter().map(|(changes, zone)| History { zone, changes }).collect()
}

/// The changes of one zone from the beginning of one year to the beginning of another.
///
/// # Panics
///
/// When the bundled data has no such zone, or a year is none.
#[must_use]
pub fn changes(zone: &str, from: i16, to: i16) -> Vec<Change> {
    let zone = named(zone);
    let first_of = |year: i16| {
        let first = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0);
        TimeZone::UTC.to_timestamp(first).expect("a year has a first day")
    };
    let until = first_of(to);
    let offset = |at: Timestamp| zone.to_offset(at).seconds();
    zone.following(first_of(from))
        .map(|change| change.timestamp())
        .take_while(|at| *at < until)
        .map(|at| Change { at, before: offset(at - SignedDuration::from_secs(1)), after: offset(at) })
        // A zone may change its name and nothing else.
        .filter(|change| change.before != change.after)
        .collect()
}

fn named(zone: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(zone).expect("the zone is known")
}

/// A stretch of time, minute by minute, with what the clocks of a zone show in each. Minutes count from 1970.
#[derive(Debug)]
pub struct WallClock {
    /// The first minute.
    pub from: i64,
    /// What is shown in each, in local minutes.
    pub shown: Vec<i64>,
    least: i64,
    /// The first and the last minute in which a local minute is shown, by its distance from the least.
    showing: Vec<Option<(i64, i64)>>,
}

impl WallClock {
    /// So many days before and after an instant.
    ///
    /// # Panics
    ///
    /// When the bundled data has no such zone.
    #[must_use]
    pub fn around(zone: &str, at: Timestamp, days: i64) -> Self {
        let zone = named(zone);
        let middle = at.as_second().div_euclid(60);
        let (from, to) = (middle - days * 1_440, middle + days * 1_440);
        let show = |minute: i64| {
            let instant = Timestamp::from_second(minute * 60).expect("it lies within the years that are kept");
            (minute * 60 + i64::from(zone.to_offset(instant).seconds())).div_euclid(60)
        };
        let shown: Vec<i64> = (from..to).map(show).collect();
        let least = shown.iter().copied().min().unwrap_or(0);
        let most = shown.iter().copied().max().unwrap_or(0);
        let mut showing = vec![None; usize::try_from(most - least + 1).unwrap_or(0)];
        for (minute, local) in (from..).zip(&shown) {
            let slot: &mut Option<(i64, i64)> = &mut showing[usize::try_from(local - least).unwrap_or(0)];
            *slot = Some((slot.map_or(minute, |(first, _)| first), minute));
        }
        Self { from, shown, least, showing }
    }

    /// The minute in which something starts that starts at a local minute: the first that shows it, or the first after
    /// it where none does. `None` outside the stretch.
    #[must_use]
    pub fn start(&self, local: i64) -> Option<i64> {
        self.showing(local).map(|(first, _, _)| first)
    }

    /// The minute before which something ends that ends at a local minute: the last that shows it, or the first after
    /// it where none does. `None` outside the stretch.
    #[must_use]
    pub fn end(&self, local: i64) -> Option<i64> {
        self.showing(local).map(|(first, last, shown)| if shown { last } else { first })
    }

    fn showing(&self, local: i64) -> Option<(i64, i64, bool)> {
        let at = usize::try_from(local - self.least).ok()?;
        let (skipped, (first, last)) =
            self.showing.get(at..)?.iter().enumerate().find_map(|(skipped, slot)| Some((skipped, (*slot)?)))?;
        Some((first, last, skipped == 0))
    }
}
