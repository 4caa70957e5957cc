//! Escalation paths and their levels.

use super::{After, During, OneOrMany, Otherwise};
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Duration;

/// An escalation path: a list of levels, or the levels with what holds for all of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, transform = list_or_whole)]
pub struct PathDocument {
    /// The levels, in order.
    pub levels: Vec<LevelDocument>,
    /// How the path starts again when it is through and nobody has acknowledged.
    #[serde(default)]
    pub repeat: Option<RepeatDocument>,
    /// How long an acknowledgement holds without a response or an update.
    #[serde(default)]
    pub acknowledge_expires: Option<Duration>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// The levels alone are a path too.
fn list_or_whole(schema: &mut schemars::Schema) {
    let levels = schema.pointer("/properties/levels").cloned();
    let whole = std::mem::take(schema);
    *schema = schemars::json_schema!({ "anyOf": [levels, whole] });
}

impl<'de> Deserialize<'de> for PathDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            levels: Vec<LevelDocument>,
            #[serde(default)]
            repeat: Option<RepeatDocument>,
            #[serde(default)]
            acknowledge_expires: Option<Duration>,
            #[serde(default)]
            source: Option<String>,
            #[serde(default)]
            note: Option<String>,
        }

        struct ListOrWhole;

        impl<'de> Visitor<'de> for ListOrWhole {
            type Value = PathDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of levels, or a mapping with `levels`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<PathDocument, A::Error> {
                let levels = Vec::deserialize(de::value::SeqAccessDeserializer::new(items))?;
                Ok(PathDocument { levels, repeat: None, acknowledge_expires: None, source: None, note: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<PathDocument, A::Error> {
                let Whole { levels, repeat, acknowledge_expires, source, note } =
                    Whole::deserialize(de::value::MapAccessDeserializer::new(entries))?;
                Ok(PathDocument { levels, repeat, acknowledge_expires, source, note })
            }
        }

        deserializer.deserialize_any(ListOrWhole)
    }
}

/// A level of an escalation path.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelDocument {
    /// What the level is called; its number, counted from 1, otherwise.
    #[serde(default)]
    pub id: Option<String>,
    /// Who is told.
    pub notify: OneOrMany,
    /// On which channel; the severity's `escalate_by` otherwise.
    #[serde(default)]
    pub by: Option<String>,
    /// How long after the incident opened: `15m`, `2h business`, `next business day 09:00`.
    #[serde(default)]
    pub after: After,
    /// What makes the level unnecessary.
    #[serde(default)]
    pub unless: Unless,
    /// A condition, in rhai, over `alert`, `service`, `incident`, `severity` and `elapsed`.
    #[serde(default)]
    pub when: Option<String>,
    /// The hours in which it is told; those of the severity otherwise.
    #[serde(default)]
    pub during: Option<During>,
    /// What becomes of a page outside those hours: `hold`, `drop`, or a channel.
    #[serde(default)]
    pub otherwise: Option<Otherwise>,
    /// How the level is told again.
    #[serde(default)]
    pub repeat: Option<RepeatDocument>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

/// How something is done again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatDocument {
    /// The time between.
    pub every: Duration,
    /// How often at the most; without it, for as long as nobody acknowledges.
    #[serde(default)]
    pub times: Option<u32>,
}

/// What makes an escalation level unnecessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unless {
    /// Somebody has taken the incident.
    #[default]
    Acknowledged,
    /// Somebody works on it.
    Responded,
    /// It is over.
    Resolved,
}
