//! On-call schedules, and who holds which on-call role.

use std::fmt;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{CalendarFileDocument, Days, HandoffTime, Moment, OneOrMany, Period, WeekHours};

/// Who is on call in a role: people, the first choice first, or where they come from.
///
/// Written `[ana, ben]` for the same people at all times; otherwise exactly one of `people`, `schedule` and `next_of`.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, transform = list_or_whole)]
pub struct OnCallDocument {
    /// The same people at all times, the first choice first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<String>>,
    /// A schedule of `schedules`, or one that stands here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleSource>,
    /// Another role, whose next in line this is: `next_of: primary` for a secondary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_of: Option<String>,
    /// Another role, for which whoever is on call here stands in while everybody there is away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
    /// Whether one of several people is told, and not all of them: each incident has its own, whom a new round of the path passes on
    /// to the next. Which one an incident begins with is spread evenly and depends on nothing else, so that no incident
    /// changes whom another wakes.
    #[serde(default)]
    pub round_robin: bool,
    /// The section of the procedure that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The people alone are a role too.
fn list_or_whole(schema: &mut schemars::Schema) {
    let people = schema.pointer("/properties/people").cloned().unwrap_or_default();
    let list =
        serde_json::json!({ "type": "array", "items": { "type": "string" }, "description": people.get("description") });
    let whole = std::mem::take(schema);
    *schema = schemars::json_schema!({ "anyOf": [list, whole] });
}

impl<'de> Deserialize<'de> for OnCallDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            #[serde(default)]
            people: Option<Vec<String>>,
            #[serde(default)]
            schedule: Option<ScheduleSource>,
            #[serde(default)]
            next_of: Option<String>,
            #[serde(default)]
            covers: Option<String>,
            #[serde(default)]
            round_robin: bool,
            #[serde(default)]
            source: Option<String>,
            #[serde(default)]
            note: Option<String>,
        }

        struct ListOrWhole;

        impl<'de> Visitor<'de> for ListOrWhole {
            type Value = OnCallDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of people, or a mapping with `people`, `schedule` or `next_of`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<OnCallDocument, A::Error> {
                let people = Vec::deserialize(de::value::SeqAccessDeserializer::new(items))?;
                Ok(OnCallDocument { people: Some(people), ..OnCallDocument::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<OnCallDocument, A::Error> {
                let Whole { people, schedule, next_of, covers, round_robin, source, note } =
                    Whole::deserialize(de::value::MapAccessDeserializer::new(entries))?;
                Ok(OnCallDocument { people, schedule, next_of, covers, round_robin, source, note })
            }
        }

        deserializer.deserialize_any(ListOrWhole)
    }
}

/// A schedule by its name, or one that stands where it is used.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ScheduleSource {
    /// One of `schedules`.
    Named(String),
    /// One of its own.
    Inline(Box<ScheduleDocument>),
}

impl<'de> Deserialize<'de> for ScheduleSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrSchedule;

        impl<'de> Visitor<'de> for NameOrSchedule {
            type Value = ScheduleSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a schedule, or a mapping with `layers`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<ScheduleSource, E> {
                Ok(ScheduleSource::Named(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<ScheduleSource, A::Error> {
                ScheduleDocument::deserialize(de::value::MapAccessDeserializer::new(entries))
                    .map(|schedule| ScheduleSource::Inline(Box::new(schedule)))
            }
        }

        deserializer.deserialize_any(NameOrSchedule)
    }
}

/// A schedule: layers, of which a later one wins where it has somebody; then swaps, which change whose turn it is, then
/// days off, on which others stand in, then overrides, which take the place of either.
///
/// All its times without an offset are read in its own zone. Where a clock is put forward, what begins in the gap
/// begins right after it; where it is put back, a beginning is the first of the two, and an end the last.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDocument {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The zone of its people; that of the policy otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// A calendar beside the policy, `rota.ics`, whose shifts are a layer below the others. Whoever loads the policy reads
    /// it: `kentongan_ingest::load_policy`, and the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ics: Option<String>,
    /// Of the calendar: the last day on which a shift may begin; two years after its last date otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Of the calendar: who it means by a name that is neither an id, nor a name, nor an address; nothing for what is
    /// nobody.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub people: IndexMap<String, Option<String>>,
    /// Who is on call by turns. Where several have somebody, the last of them counts.
    #[serde(default)]
    pub layers: Vec<LayerDocument>,
    /// Days on which somebody else stands in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays_off: Vec<HolidaysOffDocument>,
    /// Two people who take each other's turns for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<SwapDocument>,
    /// Who takes over for a while. Of several at one time the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<OverrideDocument>,
    /// The section of the procedure that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A layer of a schedule: a rotation, or an explicit list of shifts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerDocument {
    /// What people call it; its number, counted from 1, otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// People who take turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<RotationDocument>,
    /// Turns, each for itself. Where two overlap, the one that began last counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<ShiftDocument>,
    /// The hours of the week in which the layer counts; at all times otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrict: Vec<WeekHours>,
    /// From when on the layer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Up to when it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Whether its people only look over the shoulder of those on call: listed, never told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
}

/// People who take turns of equal length, in this order, for ever.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotationDocument {
    /// The length of a turn on the wall clock: `1 week`, `12h`, `1 day`, `1 month`.
    pub every: Period,
    /// When turns are handed over; the time of `start` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffTime>,
    /// The first turn begins at the first hand-off from here on.
    pub start: Moment,
    /// Who takes turns: people, or teams, all of whose members are then on call; several in one turn as a list.
    pub people: Vec<OneOrMany>,
}

/// A turn of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftDocument {
    /// When it begins.
    pub from: Moment,
    /// When it ends.
    pub to: Moment,
    /// Who is on call.
    pub people: OneOrMany,
}

/// Days on which those on call are off and somebody stands in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidaysOffDocument {
    /// Which days, from midnight to midnight in the schedule's zone; those of a calendar beside the policy as
    /// `{ ics: holidays.ics }`.
    #[schemars(with = "Vec<DaysOrCalendar>")]
    pub days: Vec<Days>,
    /// Who stands in.
    pub people: OneOrMany,
}

/// Days as they may be written: those of a calendar are put in its place before the policy is compiled.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it describes what is written, for editors")]
enum DaysOrCalendar {
    /// Days.
    Days(Days),
    /// A calendar beside the policy.
    Calendar(CalendarFileDocument),
}

/// Two people who take each other's turns.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapDocument {
    /// The two.
    pub between: Vec<String>,
    /// From when on.
    pub from: Moment,
    /// Up to when.
    pub to: Moment,
}

/// Somebody who takes over for a while.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideDocument {
    /// From when on.
    pub from: Moment,
    /// Up to when.
    pub to: Moment,
    /// Who takes over.
    pub person: String,
    /// In whose place, while they are on call; in everybody's otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}
