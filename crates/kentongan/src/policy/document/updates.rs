//! Status updates: what each must say, and how often those inside hear one.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{SeqAccessDeserializer, StrDeserializer};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::SOME_TIME;
use crate::time::Duration;

/// What a status update must say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdatesDocument {
    /// What it is made of, in the order in which it is told. Without parts, an update is one text.
    #[serde(default)]
    pub parts: Vec<UpdatePartDocument>,
    /// The fractions of the time to the next update at which its clock warns, in per cent; never otherwise.
    #[serde(default)]
    #[schemars(inner(range(min = 1, max = 99)))]
    pub warn_at: Vec<u8>,
    /// What an update for the public must say.
    #[serde(default)]
    pub public: PublicUpdatesDocument,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A part of a status update.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdatePartDocument {
    /// What it is called in `parts` of an update.
    pub id: String,
    /// What people read before it: `Current status`.
    pub text: String,
    /// Whether an update of an open incident without it is refused.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

/// What an update for the public must say beside its status and its text, unless an earlier one of the incident has.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicUpdatesDocument {
    /// The parts without which it is refused. With `impact`, each severity of which the public is told by itself has a
    /// `public.impact`, so that no page is without one.
    #[serde(default)]
    pub require: Vec<PublicPart>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A part of the page for the public that holds until it is said anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicPart {
    /// What the issue is called.
    Issue,
    /// What the public notices of it.
    Impact,
}

impl PublicPart {
    /// What it is called in a public update.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Impact => "impact",
        }
    }
}

/// How often those inside hear: `15m`, or steps, `[ { every: 15m }, { after: 4h, every: 30m } ]`, for incidents that last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadenceDocument {
    /// The steps, the first from the beginning on.
    pub steps: Vec<CadenceStep>,
}

/// A cadence, and from when on it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CadenceStep {
    /// How long after the opening it begins to hold.
    #[serde(default)]
    pub after: Duration,
    /// How often.
    pub every: Duration,
}

impl CadenceDocument {
    /// How often, so long after the opening.
    #[must_use]
    pub fn at(&self, elapsed: Duration) -> Option<Duration> {
        self.steps.iter().rev().find(|step| step.after <= elapsed).map(|step| step.every)
    }

    /// When it changes next, counted from the opening.
    pub(crate) fn changes_after(&self, elapsed: Duration) -> Option<Duration> {
        self.steps.iter().map(|step| step.after).find(|after| *after > elapsed)
    }
}

/// As people read it: `15m, 30m after 4h`.
impl fmt::Display for CadenceDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match index {
                0 => write!(f, "{}", step.every)?,
                _ => write!(f, ", {} after {}", step.every, step.after)?,
            }
        }
        Ok(())
    }
}

impl Serialize for CadenceDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.steps.as_slice() {
            [CadenceStep { after, every }] if after.is_zero() => every.serialize(serializer),
            steps => steps.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for CadenceDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LengthOrSteps;

        impl<'de> Visitor<'de> for LengthOrSteps {
            type Value = CadenceDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as `15m`, or a list of `{ after: 4h, every: 30m }`")
            }

            fn visit_str<E: de::Error>(self, length: &str) -> Result<CadenceDocument, E> {
                let every = Duration::deserialize(StrDeserializer::new(length))?;
                Ok(CadenceDocument { steps: vec![CadenceStep { after: Duration::ZERO, every }] })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, steps: A) -> Result<CadenceDocument, A::Error> {
                let steps = Vec::deserialize(SeqAccessDeserializer::new(steps))?;
                Ok(CadenceDocument { steps })
            }
        }

        deserializer.deserialize_any(LengthOrSteps)
    }
}

impl JsonSchema for CadenceDocument {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cadence".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let step = generator.subschema_for::<CadenceStep>();
        schemars::json_schema!({
            "description": "How often: `15m`, or steps for incidents that last, `[ { every: 15m }, { after: 4h, every: 30m } ]`.",
            "anyOf": [
                { "type": "string", "pattern": SOME_TIME },
                { "type": "array", "items": step, "minItems": 1 },
            ],
        })
    }
}
