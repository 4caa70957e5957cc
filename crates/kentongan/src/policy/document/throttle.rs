//! Throttles: how often a route tells people at the most.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::SOME_TIME;
use crate::time::Duration;

/// How often a route tells people of one incident at the most: `10m`, or `{ every: 10m, when: … }`.
///
/// What comes sooner is left untold. Never that are the alarm, the end of the incident and its post-mortem.
#[derive(Debug, Clone, Serialize)]
pub struct ThrottleDocument {
    /// The shortest time between two messages.
    pub every: Duration,
    /// A condition, in rhai, without which there is no throttle.
    pub when: Option<String>,
}

impl<'de> Deserialize<'de> for ThrottleDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            every: Duration,
            #[serde(default)]
            when: Option<String>,
        }

        struct TimeOrWhole;

        impl<'de> Visitor<'de> for TimeOrWhole {
            type Value = ThrottleDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as `10m`, or a mapping with `every`")
            }

            fn visit_str<E: de::Error>(self, every: &str) -> Result<ThrottleDocument, E> {
                let every = Duration::deserialize(StrDeserializer::new(every))?;
                Ok(ThrottleDocument { every, when: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<ThrottleDocument, A::Error> {
                let Whole { every, when } = Whole::deserialize(MapAccessDeserializer::new(entries))?;
                Ok(ThrottleDocument { every, when })
            }
        }

        deserializer.deserialize_any(TimeOrWhole)
    }
}

impl JsonSchema for ThrottleDocument {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Throttle".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let every = schemars::json_schema!({ "type": "string", "pattern": SOME_TIME });
        schemars::json_schema!({
            "description": "How often a route tells people of one incident at the most: `10m`, or `{ every: 10m, when: … }`.",
            "anyOf": [
                every,
                {
                    "type": "object",
                    "properties": {
                        "every": every,
                        "when": { "type": "string", "description": "A condition, in rhai, without which there is no throttle." },
                    },
                    "required": ["every"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
