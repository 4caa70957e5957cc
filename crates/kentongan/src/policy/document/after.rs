//! When a level of an escalation path comes.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Target;
use crate::clock::Clock;
use crate::policy::Policy;
use crate::time::{Duration, Spoken, Timestamp};

/// How long after an incident has opened a level comes, in the terms of a target: `15m`, `2h business`,
/// `next business day 09:00`, `2 business days`, `next release`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// So long, on the wall clock.
    Wall(Duration),
    /// When this target runs out.
    Target(Target),
}

impl Default for After {
    fn default() -> Self {
        Self::Wall(Duration::ZERO)
    }
}

impl FromStr for After {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wall = text.parse::<Duration>();
        match (wall, text.parse::<Target>()) {
            (Ok(length), _) => Ok(Self::Wall(length)),
            (Err(_), Ok(target @ (Target::By(_) | Target::BestEffort))) => Err(format!(
                "`{target}` is not a time after an opening; write `15m`, `2h business` or `next business day`"
            )),
            (Err(_), Ok(target)) => Ok(Self::Target(target)),
            (Err(error), Err(of_target)) => Err(if text.contains("business") { of_target } else { error.to_string() }),
        }
    }
}

impl After {
    /// Whether the level comes at the opening itself.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self, Self::Wall(length) if length.is_zero())
    }

    /// When a level comes that counts from an instant. Where that is never, it comes at once: in doubt somebody is told.
    pub(crate) fn due(&self, from: Timestamp, policy: &Policy) -> Timestamp {
        match self {
            Self::Wall(length) => length.after(from),
            Self::Target(target) => {
                let clock = Clock::start(target.clone(), from, policy);
                clock.deadline.filter(|_| clock.endless().is_none()).unwrap_or(from)
            }
        }
    }

    /// Why it never comes, counted from an instant, if it does not.
    pub(crate) fn never(&self, from: Timestamp, policy: &Policy) -> Option<&'static str> {
        match self {
            Self::Wall(_) => None,
            Self::Target(target) => Clock::start(target.clone(), from, policy).endless(),
        }
    }

    /// From when on it counts so that it comes at an instant; that instant itself where no length leads there.
    pub(crate) fn counted_back(&self, at: Timestamp, policy: &Policy) -> Timestamp {
        match self {
            Self::Wall(length) => at - chrono::TimeDelta::milliseconds(length.as_millis()),
            Self::Target(Target::Business { length, calendar }) => {
                policy.calendar_or_only(calendar.as_deref()).map_or(at, |calendar| calendar.subtract(at, *length))
            }
            Self::Target(_) => at,
        }
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wall(length) => length.fmt(f),
            Self::Target(target) => target.fmt(f),
        }
    }
}

impl Serialize for After {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Wall(length) => length.serialize(serializer),
            Self::Target(target) => target.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for After {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(str::parse))
    }
}

impl JsonSchema for After {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "After".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9]|next (release|business day))",
            "description": "How long after the opening: `15m`, one inside a calendar, `2h business`, `next business day 09:00`, \
                `2 business days`, or `next release`.",
            "examples": ["15m", "2h business", "next business day 09:00"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_as_it_reads() {
        for text in [
            "0s",
            "15m",
            "2h business",
            "2h business(office)",
            "next business day 09:00",
            "2 business days",
            "next release",
        ] {
            assert_eq!(text.parse::<After>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_time_after_an_opening_is_refused() {
        for text in ["", "soon", "best-effort", "2026-12-31T09:00:00Z", "business", "2h business(office", "0s business"]
        {
            assert!(text.parse::<After>().is_err(), "{text}");
        }
    }
}
