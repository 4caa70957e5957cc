//! Severities: what they mean, what they promise, and what follows from them.

use super::{CadenceDocument, During, Otherwise, Paging, RouteDocument, SOME_TIME, Target};

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::{Duration, Spoken};

/// A severity and all that follows from it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityDocument {
    /// What people call it: `Critical`.
    #[serde(default)]
    pub name: Option<String>,
    /// When it applies.
    pub definition: String,
    /// What it looks like.
    #[serde(default)]
    pub examples: Vec<String>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
    /// What is promised.
    #[serde(default)]
    pub targets: TargetsDocument,
    /// Who is told of what.
    #[serde(default)]
    pub notify: Vec<RouteDocument>,
    /// The hours in which people are told, where a route or level says nothing else; never of the worst severity.
    #[serde(default)]
    pub during: Option<During>,
    /// What becomes of what comes outside those hours: `hold`, `drop`, or a channel.
    #[serde(default)]
    pub otherwise: Option<Otherwise>,
    /// The worse severity that an incident gets when those hours open and nobody has taken it.
    #[serde(default)]
    pub raise_at_opening: Option<String>,
    /// Whether an incident is declared as soon as it opens.
    #[serde(default)]
    pub declare: Declare,
    /// How often those inside are to hear a status update; it may become rarer while an incident lasts.
    #[serde(default)]
    pub update_every: Option<CadenceDocument>,
    /// When the public is to be told.
    #[serde(default)]
    pub public: PublicDocument,
    /// The escalation path.
    #[serde(default)]
    pub escalation: Option<String>,
    /// The channel on which escalation levels are told, unless a level names its own.
    #[serde(default = "pager")]
    pub escalate_by: String,
    /// Whether the first alarm waits for the policy's `group_wait`; that of the worst severity never does.
    #[serde(default)]
    pub page: Paging,
    /// The longest an unacknowledged incident may be quiet. The worst severity always has one.
    #[serde(default)]
    pub page_ceiling: Option<Duration>,
    /// What happens when monitoring no longer sees the problem.
    #[serde(default)]
    pub when_cleared: WhenCleared,
}

fn pager() -> String {
    "pager".to_owned()
}

/// What a severity promises.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetsDocument {
    /// Until somebody has taken it.
    #[serde(default)]
    pub acknowledge: Option<Target>,
    /// Until somebody works on it.
    #[serde(default)]
    pub respond: Option<Target>,
    /// Until it is over.
    #[serde(default)]
    pub resolve: Option<Target>,
}

/// Who declares an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Declare {
    /// The engine, as soon as it opens.
    AtOnce,
    /// A person, if at all.
    #[default]
    ByHand,
}

/// When the public is to be told, on which condition, and of what: `within 30m`, or
/// `{ notice: within 30m, when: …, impact: … }`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicDocument {
    /// When.
    pub notice: PublicNotice,
    /// A condition, in rhai. It is asked when the incident opens, and again whenever something changes, until it holds:
    /// then the time begins.
    pub when: Option<String>,
    /// What the public reads of the impact until somebody says what it is: a template such as `Outage of {{ service }}`,
    /// over what the public may know. It stays on the page after the end, so it is best said in words that hold then, too.
    pub impact: Option<String>,
}

impl Serialize for PublicDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let said = [("when", &self.when), ("impact", &self.impact)];
        if said.iter().all(|(_, text)| text.is_none()) {
            return self.notice.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("notice", &self.notice)?;
        for (key, text) in said.into_iter().filter(|(_, text)| text.is_some()) {
            map.serialize_entry(key, text)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for PublicDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            notice: PublicNotice,
            #[serde(default)]
            when: Option<String>,
            #[serde(default)]
            impact: Option<String>,
        }

        struct NoticeOrWhole;

        impl<'de> Visitor<'de> for NoticeOrWhole {
            type Value = PublicDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`immediately`, `within 30m`, `as-needed`, `never`, or a mapping with `notice`")
            }

            fn visit_str<E: de::Error>(self, notice: &str) -> Result<PublicDocument, E> {
                let notice = PublicNotice::deserialize(StrDeserializer::new(notice))?;
                Ok(PublicDocument { notice, ..PublicDocument::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<PublicDocument, A::Error> {
                let Whole { notice, when, impact } = Whole::deserialize(MapAccessDeserializer::new(entries))?;
                Ok(PublicDocument { notice, when, impact })
            }
        }

        deserializer.deserialize_any(NoticeOrWhole)
    }
}

impl JsonSchema for PublicDocument {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Public".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let notice = generator.subschema_for::<PublicNotice>();
        schemars::json_schema!({
            "description": "When the public is to be told: `within 30m`, or `{ notice: within 30m, when: …, impact: … }`.",
            "anyOf": [
                notice,
                {
                    "type": "object",
                    "properties": {
                        "notice": notice,
                        "when": { "type": "string", "description": "A condition, in rhai, asked until it holds." },
                        "impact": {
                            "type": "string",
                            "description": "What the public reads of the impact until somebody says what it is: `Outage of {{ service }}`.",
                        },
                    },
                    "required": ["notice"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

/// When the public is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PublicNotice {
    /// In the step that opens the incident.
    Immediately,
    /// Strictly within this time, as a clock.
    Within(Duration),
    /// When a person decides so.
    #[default]
    AsNeeded,
    /// Not at all; a public update is refused.
    Never,
}

impl PublicNotice {
    /// Whether the engine sees to it, and not a person.
    pub(crate) fn is_the_engine_s(self) -> bool {
        matches!(self, Self::Immediately | Self::Within(_))
    }
}

/// As it is written in a policy.
impl fmt::Display for PublicNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Immediately => f.write_str("immediately"),
            Self::Within(length) => write!(f, "within {length}"),
            Self::AsNeeded => f.write_str("as-needed"),
            Self::Never => f.write_str("never"),
        }
    }
}

/// As it is written in a policy, so that a document that was read can be written and read again.
impl Serialize for PublicNotice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicNotice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(|text: &str| match text {
            "immediately" => Ok(Self::Immediately),
            "as-needed" => Ok(Self::AsNeeded),
            "never" => Ok(Self::Never),
            text => match text
                .strip_prefix("within ")
                .unwrap_or(text)
                .parse::<Duration>()
            {
                Ok(length) if !length.is_zero() => Ok(Self::Within(length)),
                _ => Err(format!(
                    "`{text}` does not say when the public is told; write `immediately`, `within 30m`, `as-needed` or `never`"
                )),
            },
        }))
    }
}

impl JsonSchema for PublicNotice {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicNotice".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let length = SOME_TIME.trim_start_matches('^');
        schemars::json_schema!({
            "type": "string",
            "anyOf": [
                { "enum": ["immediately", "as-needed", "never"] },
                { "pattern": format!("^(within )?{length}") },
            ],
            "description": "`immediately`, `within 30m`, `as-needed` or `never`.",
            "examples": ["immediately", "within 30m", "as-needed", "never"],
        })
    }
}

/// What happens when monitoring no longer sees the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenCleared {
    /// The incident is resolved.
    #[default]
    Resolve,
    /// Those told are asked to verify; the incident stays open until a person resolves it.
    Confirm,
}
