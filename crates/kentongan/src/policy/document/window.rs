//! When people are told: inside the hours of a calendar, or outside them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::target::named_calendar;
use crate::time::Spoken;

/// The hours in which somebody is told.
///
/// | written | stands for |
/// |---|---|
/// | `business hours`, `business hours(office)` | the hours of a calendar; the name can be left out where the policy has one calendar |
/// | `outside hours`, `outside hours(night)` | all but the hours of a calendar, which are then quiet hours |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct During {
    /// Whether the hours of the calendar are meant, or all others.
    pub inside: bool,
    /// The calendar; the policy's only one otherwise.
    pub calendar: Option<String>,
}

impl FromStr for During {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` names no hours; write `business hours(office)` or `outside hours(night)`");
        let (inside, rest) = match text.trim().split_once(" hours") {
            Some(("business", rest)) => (true, rest),
            Some(("outside", rest)) => (false, rest),
            Some(_) | None => return Err(refuse()),
        };
        let (calendar, rest) = named_calendar(rest)?;
        if rest.trim().is_empty() { Ok(Self { inside, calendar }) } else { Err(refuse()) }
    }
}

impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.inside { "business hours" } else { "outside hours" })?;
        self.calendar.as_ref().map_or(Ok(()), |calendar| write!(f, "({calendar})"))
    }
}

impl Serialize for During {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for During {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(str::parse))
    }
}

impl JsonSchema for During {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "During".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(business|outside) hours *([(].+[)])?$",
            "description": "The hours of a calendar, `business hours(office)`, or all others, `outside hours(night)`.",
            "examples": ["business hours", "business hours(office)", "outside hours(night)"],
        })
    }
}

/// What becomes of a message outside its hours: `hold`, `drop`, or the channel on which it goes out all the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Otherwise {
    /// It goes out when the hours open, if it still matters then.
    #[default]
    Hold,
    /// Nobody hears of it.
    Drop,
    /// It goes out on this channel.
    By(String),
}

impl From<String> for Otherwise {
    fn from(text: String) -> Self {
        match text.as_str() {
            "hold" => Self::Hold,
            "drop" => Self::Drop,
            _ => Self::By(text),
        }
    }
}

impl From<Otherwise> for String {
    fn from(otherwise: Otherwise) -> Self {
        match otherwise {
            Otherwise::Hold => "hold".to_owned(),
            Otherwise::Drop => "drop".to_owned(),
            Otherwise::By(channel) => channel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_print_as_they_read() {
        for text in ["business hours", "business hours(office)", "outside hours(night)"] {
            assert_eq!(text.parse::<During>().expect(text).to_string(), text);
        }
        for text in ["", "office", "business", "quiet hours", "business hours(office", "business hours at night"] {
            assert!(text.parse::<During>().is_err(), "{text}");
        }
    }
}
