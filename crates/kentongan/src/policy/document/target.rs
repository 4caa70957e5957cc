//! Targets: what is promised, in which kind of time.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::TimeOfDay;
use crate::clock::ClockKind;
use crate::limits;
use crate::time::{Duration, Spoken, Timestamp};

/// A promise. What it waits for must happen strictly before its deadline.
///
/// | written | deadline |
/// |---|---|
/// | `5m`, `1h30m` | so long after the start, on the wall clock |
/// | `4h business`, `4h business(office)` | after so much time inside a calendar; the name can be left out where the policy has one calendar |
/// | `next business day` | when the first business day after the local date of the start closes |
/// | `next business day 10:00`, `next business day(office) 10:00` | at that local time on it |
/// | `5 business days`, `5 business days(office)` | when the fifth business day after the local date of the start closes |
/// | `next release` | at the first release after the start |
/// | `2026-12-31T09:00:00Z` | then |
/// | `best-effort` | none: the time is measured and never breached |
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Less than this, on the wall clock.
    Within(Duration),
    /// Less than this, inside a calendar.
    Business {
        /// How much working time.
        length: Duration,
        /// Whose; the policy's only calendar otherwise.
        calendar: Option<String>,
    },
    /// Before the close of the next business day, or before a time of that day.
    NextBusinessDay {
        /// The local time, in minutes since midnight; the close otherwise.
        minutes: Option<u32>,
        /// Whose business day; that of the policy's only calendar otherwise.
        calendar: Option<String>,
    },
    /// Before the close of a later business day: that many after the one it starts on.
    BusinessDays {
        /// How many.
        days: u32,
        /// Whose business days; those of the policy's only calendar otherwise.
        calendar: Option<String>,
    },
    /// Before the next release.
    NextRelease,
    /// Before an instant.
    By(Timestamp),
    /// As soon as possible.
    BestEffort,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.as_str();
        if text == "best-effort" {
            return Ok(Self::BestEffort);
        }
        if text == "next release" {
            return Ok(Self::NextRelease);
        }
        if let Some(rest) = text.strip_prefix("next business day") {
            let (calendar, time) = named_calendar(rest)?;
            let minutes = match time.trim() {
                "" => None,
                time => Some(time.parse::<TimeOfDay>()?.minutes()),
            };
            return Ok(Self::NextBusinessDay { minutes, calendar });
        }
        if let Some((length, rest)) = text.split_once("business") {
            let after_days = rest.trim_start().strip_prefix("days").or(rest.trim_start().strip_prefix("day"));
            if let Some(rest) = after_days {
                return business_days(length.trim(), rest);
            }
            let (calendar, rest) = named_calendar(rest)?;
            if !rest.trim().is_empty() {
                return Err(format!("`{}` says nothing about business time; write `4h business`", rest.trim()));
            }
            return Ok(Self::Business { length: some_time(length.trim())?, calendar });
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return if limits::YEARS.contains(&chrono::Datelike::year(&instant)) {
                Ok(Self::By(instant))
            } else {
                Err(format!("`{text}` lies outside the years that are kept"))
            };
        }
        some_time(text).map(Self::Within)
    }
}

fn business_days(count: &str, rest: &str) -> Result<Target, String> {
    let (calendar, rest) = named_calendar(rest)?;
    let most = limits::TARGET_BUSINESS_DAYS_MAX;
    match count.parse() {
        Ok(days) if (1..=most).contains(&days) && rest.trim().is_empty() => Ok(Target::BusinessDays { days, calendar }),
        _ => Err(format!("`{count}` is no count of business days; write `5 business days`, between 1 and {most}")),
    }
}

fn some_time(text: &str) -> Result<Duration, String> {
    match text.parse::<Duration>() {
        Ok(length) if length.is_zero() => {
            Err("a target of no time cannot be met; give it some time, or leave it out".to_owned())
        }
        Ok(length) => Ok(length),
        Err(error) => Err(format!(
            "{error}; a target is a length of time, `4h business`, `next business day`, `5 business days`, `next release`, an instant or `best-effort`"
        )),
    }
}

/// The calendar that a text begins with, `(office)`, and what follows.
pub(super) fn named_calendar(text: &str) -> Result<(Option<String>, &str), String> {
    let Some(rest) = text.trim_start().strip_prefix('(') else {
        return Ok((None, text));
    };
    let (name, rest) = rest.split_once(')').ok_or_else(|| format!("`{text}` lacks a closing bracket"))?;
    Ok((Some(name.trim().to_owned()), rest))
}

impl Target {
    /// The promise as a sentence has it after "within".
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Within(length) => length.to_string(),
            Self::Business { length, .. } => format!("{length} of business time"),
            Self::NextBusinessDay { .. } => "the next business day".to_owned(),
            Self::BusinessDays { days: 1, .. } => "1 business day".to_owned(),
            Self::BusinessDays { days, .. } => format!("{days} business days"),
            Self::NextRelease => "the release cycle".to_owned(),
            Self::By(_) => "the time set".to_owned(),
            Self::BestEffort => "no set time".to_owned(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |calendar: &Option<String>| calendar.as_ref().map(|name| format!("({name})")).unwrap_or_default();
        match self {
            Self::Within(length) => write!(f, "{length}"),
            Self::Business { length, calendar } => write!(f, "{length} business{}", of(calendar)),
            Self::NextBusinessDay { minutes: None, calendar } => write!(f, "next business day{}", of(calendar)),
            Self::NextBusinessDay { minutes: Some(minutes), calendar } => {
                write!(f, "next business day{} {:02}:{:02}", of(calendar), minutes / 60, minutes % 60)
            }
            Self::BusinessDays { days, calendar } => {
                write!(f, "{days} business day{}{}", if *days == 1 { "" } else { "s" }, of(calendar))
            }
            Self::NextRelease => f.write_str("next release"),
            Self::By(at) => f.write_str(&at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            Self::BestEffort => f.write_str("best-effort"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(str::parse))
    }
}

impl JsonSchema for Target {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let length = super::SOME_TIME.trim_start_matches('^').trim_end_matches('$');
        schemars::json_schema!({
            "type": "string",
            "anyOf": [
                { "enum": ["best-effort", "next release"] },
                { "pattern": format!("^{length}( ?business *([(].+[)])?)?$") },
                { "pattern": "^[0-9]+ business days? *([(].+[)])?$" },
                { "pattern": "^next business day *([(].+[)])? *([0-9]{1,2}:[0-9]{2})?$" },
                { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T" },
            ],
            "description": "A length of time, `15m`, one inside a calendar, `4h business`, `next business day`, \
                `5 business days`, `next release`, an instant, or `best-effort`.",
            "examples": ["15m", "4h business", "next business day", "next business day 10:00", "5 business days", "next release", "best-effort"],
        })
    }
}

/// What stops the clocks of an incident, and which.
///
/// An incident waits for somebody else (`pause`) until they answer (`resume`) or the time is up. People are paged and
/// reminded all the same: a pause stops promises, never the search for somebody who answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PausingDocument {
    /// The clocks that stand still: `resolve` and `respond` unless said otherwise.
    #[serde(default = "pausable")]
    pub clocks: Vec<ClockKind>,
    /// The longest that a pause may be; its length where whoever pauses says none.
    #[serde(default = "one_day")]
    pub at_most: Duration,
}

impl Default for PausingDocument {
    fn default() -> Self {
        Self { clocks: pausable(), at_most: one_day() }
    }
}

fn pausable() -> Vec<ClockKind> {
    vec![ClockKind::Respond, ClockKind::Resolve]
}

fn one_day() -> Duration {
    Duration::from_hours(24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_print_as_they_read() {
        for text in [
            "5m",
            "4h business",
            "4h business(office)",
            "next business day",
            "next business day(office)",
            "next business day 10:00",
            "next business day(office) 09:30",
            "1 business day",
            "5 business days",
            "5 business days(office)",
            "next release",
            "2026-12-31T09:00:00Z",
            "best-effort",
        ] {
            let target: Target = text.parse().expect(text);
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn blanks_mean_nothing_in_a_target() {
        for (text, plain) in [
            ("next  business day", "next business day"),
            (" next business\tday   10:00 ", "next business day 10:00"),
            ("5  business   days", "5 business days"),
            ("next  release", "next release"),
        ] {
            assert_eq!(text.parse::<Target>(), plain.parse::<Target>(), "{text}");
            assert!(plain.parse::<Target>().is_ok(), "{plain}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in [
            "",
            "0s",
            "business",
            "4h business(office",
            "4h business soon",
            "next business day 25:00",
            "0 business days",
            "400 business days",
            "-1 business days",
            "5 business days soon",
            "business days",
            "soon",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
