//! Calendars of working time, and when releases happen.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{CalendarFileDocument, OneOrMany};

/// A calendar of working time.
///
/// ```yaml
/// calendars:
///   office:
///     timezone: Asia/Jakarta
///     hours: { mon-fri: [09:00-12:00, 13:00-17:00], sat: 09:00-13:00 }
///     holidays:
///       - { date: 12-25, name: Christmas }              # every year
///       - { from: 2026-03-20, to: 2026-03-24, name: Idul Fitri }
///     exceptions:
///       - { date: 2026-11-28, hours: 09:00-15:00, name: Working Saturday }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDocument {
    /// The zone in which its hours are kept; the policy's otherwise.
    #[serde(default)]
    pub timezone: Option<String>,
    /// The hours of each day of the week, `mon-fri: 09:00-17:00`. A day that is not named is closed. An end before
    /// its start lies on the next day, and one equal to it 24 hours later.
    #[serde(default)]
    pub hours: IndexMap<String, OneOrMany>,
    /// The days on which nothing is worked; those of a calendar beside the policy as `{ ics: holidays.ics }`.
    #[serde(default)]
    #[schemars(with = "Vec<HolidayOrCalendar>")]
    pub holidays: Vec<HolidayDocument>,
    /// The days that are worked at other hours than their day of the week says.
    #[serde(default)]
    pub exceptions: Vec<ExceptionDocument>,
    /// Where its days come from.
    #[serde(default)]
    pub source: Option<String>,
    /// How it was read where its source is silent.
    #[serde(default)]
    pub note: Option<String>,
}

/// Holidays as they may be written: those of a calendar are put in its place before the policy is compiled.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it describes what is written, for editors")]
enum HolidayOrCalendar {
    /// A holiday.
    Holiday(HolidayDocument),
    /// A calendar beside the policy.
    Calendar(CalendarFileDocument),
}

/// A holiday: `2026-12-25`, `12-25` for every year, or a mapping with a name and perhaps a range.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, transform = date_or_whole)]
pub struct HolidayDocument {
    /// The day, `2026-12-25`, or `12-25` for every year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The first day of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The date alone is a holiday too.
fn date_or_whole(schema: &mut schemars::Schema) {
    let whole = std::mem::take(schema);
    *schema = schemars::json_schema!({ "anyOf": [{ "type": "string" }, whole] });
}

impl<'de> Deserialize<'de> for HolidayDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            #[serde(default)]
            date: Option<String>,
            #[serde(default)]
            from: Option<String>,
            #[serde(default)]
            to: Option<String>,
            #[serde(default)]
            name: Option<String>,
        }

        struct DateOrWhole;

        impl<'de> Visitor<'de> for DateOrWhole {
            type Value = HolidayDocument;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a date, or a mapping with `date`, or with `from` and `to`")
            }

            fn visit_str<E: de::Error>(self, date: &str) -> Result<HolidayDocument, E> {
                Ok(HolidayDocument { date: Some(date.to_owned()), ..HolidayDocument::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<HolidayDocument, A::Error> {
                let Whole { date, from, to, name } =
                    Whole::deserialize(de::value::MapAccessDeserializer::new(entries))?;
                Ok(HolidayDocument { date, from, to, name })
            }
        }

        deserializer.deserialize_any(DateOrWhole)
    }
}

/// A day that is worked at other hours, such as a working Saturday or a short day before a holiday.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptionDocument {
    /// The day, `2026-11-28`, or `12-24` for every year.
    pub date: String,
    /// Its hours; an empty list closes it.
    pub hours: OneOrMany,
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
}

/// When releases happen, which ends each release cycle: given dates, or every few weeks.
///
/// ```yaml
/// releases: { every_weeks: 2, from: 2026-01-15, at: 10:00 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasesDocument {
    /// The zone of the dates; the policy's otherwise.
    #[serde(default)]
    pub timezone: Option<String>,
    /// The local time of a release.
    #[serde(default = "noon")]
    pub at: String,
    /// The days of single releases.
    #[serde(default)]
    pub dates: Vec<String>,
    /// A release every so many weeks, from `from` on.
    #[serde(default)]
    pub every_weeks: Option<u32>,
    /// The recurrence of releases, as iCalendar writes it, from `from` on: `FREQ=MONTHLY;BYDAY=2TH`.
    #[serde(default)]
    pub rrule: Option<String>,
    /// The day of the first release of `every_weeks` or `rrule`.
    #[serde(default)]
    pub from: Option<String>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

fn noon() -> String {
    "12:00".to_owned()
}
