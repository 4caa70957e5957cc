//! Points in time as scenarios write them: after the start, as an instant, or on the clocks of the policy's people.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, SubsecRound};
use kentongan::calendar::Zone;
use kentongan::{Duration, Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time: `+5m` after the start, `2026-11-24T02:00:00+07:00`, or `2026-11-24T02:00` in the policy's zone.
///
/// ```
/// use kentongan_lab::Moment;
///
/// let start = "2026-11-24T02:00".parse::<Moment>()?.resolve(None, &kentongan::calendar::Zone::named("Asia/Jakarta").unwrap());
/// assert_eq!(start, Some("2026-11-23T19:00:00Z".parse().unwrap()));
/// assert!("five past".parse::<Moment>().is_err());
/// # Ok::<(), kentongan_lab::InvalidMoment>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// This long after the start.
    After(Duration),
    /// This instant.
    At(Timestamp),
    /// This local date and time.
    Local(String),
}

/// Why a text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a point in time; write `+5m`, `2026-11-24T02:00:00+07:00`, or `2026-11-24T02:00` for local time"
)]
pub struct InvalidMoment {
    text: String,
}

impl Moment {
    /// The instant it means. `None` where an offset has no start to count from, or where the local time does not
    /// exist in the calendar.
    #[must_use]
    pub fn resolve(&self, start: Option<Timestamp>, zone: &Zone) -> Option<Timestamp> {
        match self {
            Self::After(length) => start.map(|start| length.after(start)),
            // The engine keeps whole milliseconds.
            Self::At(at) => Some(at.trunc_subsecs(3)),
            Self::Local(text) => zone.instant(text),
        }
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidMoment { text: text.chars().take(40).collect() };
        if let Some(length) = text.strip_prefix('+') {
            return length.parse().map(Self::After).map_err(|_| invalid());
        }
        let mut text = Cow::Borrowed(text);
        if text.as_bytes().get(10) == Some(&b' ') && text.is_char_boundary(11) {
            text.to_mut().replace_range(10..11, "T");
        }
        let text = text.as_ref();
        if let Some(at) = with_offset(text) {
            return Ok(Self::At(at));
        }
        let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
            .iter()
            .any(|format| NaiveDateTime::parse_from_str(text, format).is_ok());
        if local { Ok(Self::Local(text.to_owned())) } else { Err(invalid()) }
    }
}

/// An instant with its offset, with or without seconds.
fn with_offset(text: &str) -> Option<Timestamp> {
    let read = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    read(text).or_else(|| {
        let (minutes, offset) = text.split_at_checked("2026-11-24T02:00".len())?;
        read(&format!("{minutes}:00{offset}"))
    })
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(length) => write!(f, "+{length}"),
            Self::At(at) => write!(f, "{}", instant(*at)),
            Self::Local(text) => f.write_str(text),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A point in time: `+5m` after the start, an instant with its offset, or local time in the policy's zone.",
            "examples": ["+5m", "2026-11-24T02:00:00+07:00", "2026-11-24T02:00"],
        })
    }
}

/// An instant in the form that effects have in JSON.
pub(crate) fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// How long after the start an instant is, as scenarios write it.
pub(crate) fn offset(start: Timestamp, at: Timestamp) -> String {
    if at < start {
        return format!("-{}", Duration::between(at, start));
    }
    format!("+{}", Duration::between(start, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_read_as_people_write_them() {
        let zone = Zone::named("Asia/Jakarta").expect("a zone");
        let start: Timestamp = "2026-11-23T19:00:00Z".parse().expect("an instant");
        for (text, instant) in [
            ("+0s", "2026-11-23T19:00:00Z"),
            ("+4m59s999ms", "2026-11-23T19:04:59.999Z"),
            ("2026-11-24T02:00:00+07:00", "2026-11-23T19:00:00Z"),
            ("2026-11-24T02:00+07:00", "2026-11-23T19:00:00Z"),
            ("2026-11-23T19:00Z", "2026-11-23T19:00:00Z"),
            ("2026-11-24 02:00:00+07:00", "2026-11-23T19:00:00Z"),
            ("2026-11-24T02:00", "2026-11-23T19:00:00Z"),
            ("2026-11-24 02:00", "2026-11-23T19:00:00Z"),
            ("2026-11-24T02:00:01.5", "2026-11-23T19:00:01.500Z"),
        ] {
            let moment: Moment = text.parse().expect(text);
            assert_eq!(moment.resolve(Some(start), &zone), Some(instant.parse().expect(instant)), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        for text in ["", "5m", "-5m", "+", "+5", "02:00", "2026-11-24", "24.11.2026 02:00", "tomorrow"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
