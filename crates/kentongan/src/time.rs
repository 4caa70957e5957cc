//! Instants and lengths of time, as the engine counts them: UTC, in whole milliseconds, always handed in.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use jiff::fmt::friendly::{Designator, Spacing, SpanParser, SpanPrinter};
use jiff::{SignedDuration, SpanRelativeTo, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits;

/// An instant, in UTC. The engine rounds it down to whole milliseconds.
pub type Timestamp = DateTime<Utc>;

/// The instant as the engine keeps it: whole milliseconds, never later than given.
#[must_use]
pub(crate) fn in_millis(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}

/// A non-negative length of time in whole milliseconds, written `5m`, `1h30m`, `2d`.
///
/// A day is 24 hours and a week seven days; months and years have no fixed length and are refused.
///
/// ```
/// use kentongan::Duration;
///
/// let target: Duration = "1h30m".parse()?;
/// assert_eq!(target.as_millis(), 5_400_000);
/// assert_eq!(target.to_string(), "1h30m");
/// assert!("-5m".parse::<Duration>().is_err());
/// # Ok::<(), kentongan::InvalidDuration>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    millis: i64,
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { millis: 0 };

    /// A length in milliseconds; a negative one counts as zero, one over 100 years as 100 years.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        let millis = if millis < 0 { 0 } else { millis };
        let most = limits::DURATION_MILLIS_MAX;
        Self { millis: if millis > most { most } else { millis } }
    }

    /// A length in minutes.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_millis(minutes.saturating_mul(60_000))
    }

    /// A length in hours.
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_minutes(hours.saturating_mul(60))
    }

    /// The whole milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.millis
    }

    /// Whether there is no time in it.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.millis == 0
    }

    /// The time from one instant to a later one; zero where `to` is not later.
    #[must_use]
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self::from_millis((to - from).num_milliseconds())
    }

    /// The instant this long after `at`. The bounds on instants and lengths leave no room to overflow.
    #[must_use]
    pub fn after(self, at: Timestamp) -> Timestamp {
        at.checked_add_signed(TimeDelta::milliseconds(self.millis)).unwrap_or(Timestamp::MAX_UTC)
    }

    /// This fraction of it, rounded down to a millisecond.
    #[must_use]
    pub(crate) fn percent(self, percent: u8) -> Self {
        Self::from_millis(self.millis.saturating_mul(i64::from(percent)) / 100)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PRINTER: SpanPrinter = SpanPrinter::new().designator(Designator::Compact).spacing(Spacing::None);
        if self.millis == 0 {
            return f.write_str("0s");
        }
        f.write_str(&PRINTER.duration_to_string(&SignedDuration::from_millis(self.millis)))
    }
}

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a length of time: {reason}")]
pub struct InvalidDuration {
    text: String,
    reason: String,
}

impl FromStr for Duration {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse =
            |reason: &str| InvalidDuration { text: text.chars().take(40).collect(), reason: reason.to_owned() };
        let expected = "expected a number and a unit, such as `30s`, `5m`, `1h30m` or `2d`";
        if text.len() > 64 {
            return Err(refuse(expected));
        }
        if is_date(text) {
            return Err(refuse(
                "it is a date; an instant has a time and its offset, such as `2026-11-24T02:00:00+07:00`",
            ));
        }
        let long = text.chars().filter(char::is_ascii_digit).count() > 12;
        let span = SpanParser::new()
            .parse_span(text)
            .map_err(|_| refuse(if long { "it is out of range" } else { expected }))?;
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(refuse("months and years have no fixed length; use days or weeks"));
        }
        let total = span
            .total((Unit::Millisecond, SpanRelativeTo::days_are_24_hours()))
            .map_err(|_| refuse("it is out of range"))?;
        if total < 0.0 {
            return Err(refuse("it is negative"));
        }
        #[expect(clippy::cast_precision_loss, reason = "the bound is far below 2^53")]
        if total > limits::DURATION_MILLIS_MAX as f64 {
            return Err(refuse("it is longer than 100 years"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded and non-negative just above")]
        Ok(Self::from_millis(total as i64))
    }
}

/// Whether a text begins as a date does: `2026-11-24`.
fn is_date(text: &str) -> bool {
    let year = text.split_once('-').filter(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    year.is_some_and(|(year, _)| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(Spoken(|text: &str| text.parse().map_err(|error: InvalidDuration| error.to_string())))
    }
}

/// Reads a text that names a length of time or a word in its stead, so that a bare number is told what it lacks.
pub(crate) struct Spoken<F>(pub(crate) F);

impl<T, F: FnOnce(&str) -> Result<T, String>> de::Visitor<'_> for Spoken<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length of time")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

impl schemars::JsonSchema for Duration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9]",
            "description": "A length of time: `30s`, `5m`, `1h30m`, `2d`.",
            "examples": ["5m", "1h30m"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_write_them() {
        for (text, millis) in [
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("90s", 90_000),
            ("2d", 172_800_000),
            ("1w", 604_800_000),
            ("999ms", 999),
            ("4m59s999ms", 299_999),
        ] {
            assert_eq!(text.parse::<Duration>().map(Duration::as_millis), Ok(millis), "{text}");
        }
    }

    #[test]
    fn lengths_print_as_they_read() {
        for millis in [1, 999, 1_000, 60_000, 299_999, 5_400_000, 86_400_000, 700_000_000] {
            let length = Duration::from_millis(millis);
            assert_eq!(length.to_string().parse(), Ok(length), "{length}");
        }
    }

    #[test]
    fn lengths_without_a_fixed_size_or_a_unit_are_refused() {
        for text in ["", "5", "m", "-5m", "1mo", "1y", "5 minutes ago", "101000000d", "1e9h", "∞"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
