//! Metrics: what is measured over a month, and how good it is to be.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::calendar::TimeOfDay;
use crate::time::{Duration, Spoken};

/// What monthly reports compare with, and what a quarterly review calls recurring.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricsDocument {
    /// The hours in which people sleep, on the clock of the policy's zone: pages in them are counted apart.
    #[serde(default)]
    pub sleep_hours: SleepHours,
    /// From how many incidents of one kind in a quarter on they are a recurring issue.
    #[serde(default = "thrice")]
    #[schemars(range(min = 2))]
    pub recurring: u32,
    /// How good a month is to be.
    #[serde(default)]
    pub targets: Vec<MetricTargetDocument>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

impl Default for MetricsDocument {
    fn default() -> Self {
        let (sleep_hours, recurring) = (SleepHours::default(), thrice());
        Self { sleep_hours, recurring, targets: Vec::new(), source: None, note: None }
    }
}

fn thrice() -> u32 {
    3
}

/// How good one metric is to be in a month: `below`, `at_most` or `at_least` a figure, one of the three.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricTargetDocument {
    /// Which metric.
    pub metric: MetricName,
    /// Only of incidents whose worst severity was this one; of all otherwise.
    #[serde(default)]
    pub severity: Option<String>,
    /// Which figure of a length of time; its mean otherwise.
    #[serde(default)]
    pub statistic: Option<Statistic>,
    /// It is to be less than this.
    #[serde(default)]
    pub below: Option<Figure>,
    /// It is to be no more than this.
    #[serde(default)]
    pub at_most: Option<Figure>,
    /// It is to be no less than this.
    #[serde(default)]
    pub at_least: Option<Figure>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// What is measured over a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricName {
    /// How many incidents opened: a number.
    Total,
    /// The time from opening until somebody takes the incident or works on it: a length of time.
    Mtta,
    /// The time that an incident was open, once it is over: a length of time.
    Mttr,
    /// How many of the post-mortems that were asked for are published: a percentage.
    PostmortemsCompleted,
    /// How many promises were kept: a percentage.
    PromisesKept,
    /// How many status updates came in time: a percentage.
    UpdatesInTime,
}

impl MetricName {
    /// The metric as policies write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Mtta => "mtta",
            Self::Mttr => "mttr",
            Self::PostmortemsCompleted => "postmortems_completed",
            Self::PromisesKept => "promises_kept",
            Self::UpdatesInTime => "updates_in_time",
        }
    }
}

/// Which figure stands for many lengths of time. Percentiles are by nearest rank: the shortest length that so many per
/// cent of all do not exceed, so each is a length that was measured. The median is the 50th.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Their sum, divided by how many they are.
    #[default]
    Mean,
    /// The 50th percentile.
    Median,
    /// The 90th percentile.
    P90,
    /// The 95th percentile.
    P95,
}

/// A figure that a metric is compared with: a number, `10`, a length of time, `5m`, or a percentage, `100%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// A number.
    Count(u32),
    /// A length of time.
    Time(Duration),
    /// A percentage.
    Percent(u8),
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(percent) = text.strip_suffix('%') {
            return match percent.trim_end().parse() {
                Ok(percent) if percent <= 100 => Ok(Self::Percent(percent)),
                _ => Err(format!("`{text}` is no percentage; write a whole number between `0%` and `100%`")),
            };
        }
        if let Ok(count) = text.parse() {
            return Ok(Self::Count(count));
        }
        text.parse().map(Self::Time).map_err(|_| {
            format!("`{text}` is no figure; write a number, `10`, a length of time, `5m`, or a percentage, `100%`")
        })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Time(length) => write!(f, "{length}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => serializer.serialize_u32(*count),
            Self::Time(_) | Self::Percent(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrText)
    }
}

struct NumberOrText;

impl de::Visitor<'_> for NumberOrText {
    type Value = Figure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a length of time or a percentage")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Figure, E> {
        let wrong = || E::custom(format!("{number} is no count of incidents; write a number from 0 on"));
        u32::try_from(number).map(Figure::Count).map_err(|_| wrong())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Figure, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Figure, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Figure {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [
                { "type": "integer", "minimum": 0, "maximum": u32::MAX },
                { "type": "string", "pattern": "^[0-9]" },
            ],
            "description": "A number, a length of time, `5m`, or a percentage, `100%`.",
            "examples": [10, "5m", "100%"],
        })
    }
}

/// The hours in which people sleep, `22:00-07:00`, on the clock of the policy's zone; its end is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SleepHours {
    from: TimeOfDay,
    to: TimeOfDay,
}

impl SleepHours {
    /// Whether a minute of the day lies in them.
    pub(crate) fn contains(self, minute: u32) -> bool {
        let (from, to) = (self.from.minutes(), self.to.minutes());
        if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

impl Default for SleepHours {
    fn default() -> Self {
        Self { from: TimeOfDay::of_minutes(22 * 60), to: TimeOfDay::of_minutes(7 * 60) }
    }
}

impl FromStr for SleepHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text
            .split_once('-')
            .ok_or_else(|| format!("`{text}` names no hours; write when they begin and end, `22:00-07:00`"))?;
        let hours = Self { from: from.parse()?, to: to.parse()? };
        if hours.from == hours.to {
            return Err(format!("`{text}` has no end; write when they begin and end, `22:00-07:00`"));
        }
        Ok(hours)
    }
}

impl fmt::Display for SleepHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl Serialize for SleepHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SleepHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(str::parse))
    }
}

impl JsonSchema for SleepHours {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SleepHours".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^ *[0-9]{1,2}:[0-9]{2} *- *[0-9]{1,2}:[0-9]{2} *$",
            "description": "When people sleep, on the clock of the policy's zone.",
            "examples": ["22:00-07:00"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_print_as_they_read() {
        for text in ["0", "10", "5m", "1h30m", "0%", "100%"] {
            assert_eq!(text.parse::<Figure>().expect(text).to_string(), text);
        }
        for text in ["", "-1", "101%", "5.5%", "%", "soon", "5 apples"] {
            assert!(text.parse::<Figure>().is_err(), "{text}");
        }
    }

    #[test]
    fn sleep_goes_past_midnight() {
        let night: SleepHours = "22:00-07:00".parse().expect("hours");
        let inside: Vec<bool> = [21 * 60 + 59, 22 * 60, 0, 6 * 60 + 59, 7 * 60].map(|at| night.contains(at)).into();
        assert_eq!(inside, [false, true, true, true, false]);
        let noon: SleepHours = "12:00-14:00".parse().expect("hours");
        assert!(noon.contains(13 * 60) && !noon.contains(14 * 60) && !noon.contains(0));
        for text in ["", "22:00", "22:00-22:00", "25:00-07:00", "ten-seven"] {
            assert!(text.parse::<SleepHours>().is_err(), "{text}");
        }
    }
}
