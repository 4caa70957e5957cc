//! Months and quarters, on the calendar of the policy's zone.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::calendar::Zone;
use crate::limits;
use crate::time::Timestamp;

/// Why a text is no month or quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}; write `{example}`, in the years {first} to {last}", first = limits::YEARS.start(), last = limits::YEARS.end())]
pub struct InvalidPeriod {
    text: String,
    what: &'static str,
    example: &'static str,
}

/// A month, `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    /// From 1 to 12.
    month: u32,
}

/// A quarter of a year, `2026-Q4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i32,
    /// From 1 to 4.
    quarter: u32,
}

impl Month {
    /// The month before it.
    #[must_use]
    pub const fn before(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }

    /// The month after it.
    #[must_use]
    pub const fn after(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The instant at which it begins in a zone. It ends where the next begins.
    pub(crate) fn begins(self, zone: &Zone) -> Timestamp {
        zone.instant(&format!("{self}-01T00:00")).unwrap_or_default()
    }
}

impl Quarter {
    /// Its months.
    #[must_use]
    pub const fn months(self) -> [Month; 3] {
        let first = Month { year: self.year, month: self.quarter * 3 - 2 };
        [first, first.after(), first.after().after()]
    }
}

/// The year and what follows its hyphen.
fn dated(text: &str) -> Option<(i32, &str)> {
    let (year, rest) = text.trim().split_once('-')?;
    let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    limits::YEARS.contains(&year).then_some((year, rest))
}

impl FromStr for Month {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let read = || {
            let (year, month) = dated(text)?;
            let month = Some(month).filter(|month| month.len() == 2)?.parse().ok()?;
            (1..=12).contains(&month).then_some(Self { year, month })
        };
        read().ok_or_else(|| InvalidPeriod { text: text.chars().take(40).collect(), what: "month", example: "2026-11" })
    }
}

impl FromStr for Quarter {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        let read = || {
            let (year, quarter) = dated(text)?;
            let quarter = quarter.strip_prefix(['Q', 'q'])?.parse().ok()?;
            (1..=4).contains(&quarter).then_some(Self { year, quarter })
        };
        read().ok_or_else(|| InvalidPeriod {
            text: text.chars().take(40).collect(),
            what: "quarter",
            example: "2026-Q4",
        })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Quarter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Month {
    fn schema_name() -> Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "description": "A month, `2026-11`." })
    }
}

impl JsonSchema for Quarter {
    fn schema_name() -> Cow<'static, str> {
        "Quarter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-Q[1-4]$", "description": "A quarter of a year, `2026-Q4`." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_quarters_print_as_they_read() {
        assert_eq!("2026-11".parse::<Month>().map(|it| it.to_string()).as_deref(), Ok("2026-11"));
        let quarter: Quarter = "2026-q4".parse().expect("a quarter");
        assert_eq!(quarter.to_string(), "2026-Q4");
        assert_eq!(quarter.months().map(|month| month.to_string()), ["2026-10", "2026-11", "2026-12"]);
        for text in ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "1800-01", "2026-11-01", "November"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
        for text in ["", "2026-Q5", "2026-Q0", "2026-4", "Q4", "2026-11"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_is_one_of_its_zone() {
        let jakarta = Zone::named("Asia/Jakarta").expect("a zone");
        let month: Month = "2026-12".parse().expect("a month");
        let instant = |text: &str| text.parse::<Timestamp>().expect(text);
        assert_eq!(month.begins(&jakarta), instant("2026-11-30T17:00:00Z"));
        assert_eq!(month.after().begins(&jakarta), instant("2026-12-31T17:00:00Z"));
        assert_eq!(month.after().before(), month);
    }
}
