//! Severities: what they mean, what they promise, and what follows from them.

use super::{During, Otherwise, Paging, RouteDocument, SOME_TIME, Target};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

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
    /// How often those inside are to hear a status update.
    #[serde(default)]
    pub update_every: Option<Duration>,
    /// When the public is to be told.
    #[serde(default)]
    pub public: PublicNotice,
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

/// As it is written in a policy, so that a document that was read can be written and read again.
impl Serialize for PublicNotice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Immediately => serializer.serialize_str("immediately"),
            Self::Within(length) => serializer.collect_str(&format_args!("within {length}")),
            Self::AsNeeded => serializer.serialize_str("as-needed"),
            Self::Never => serializer.serialize_str("never"),
        }
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
