//! Routes: one channel, whom it reaches, and on which occasions.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{During, Otherwise, ThrottleDocument};

/// One name, or a list of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(untagged)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// Each name, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrNames;

        impl<'de> Visitor<'de> for NameOrNames {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a list of texts")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(name.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<OneOrMany, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(items)).map(OneOrMany::Many)
            }
        }

        deserializer.deserialize_any(NameOrNames)
    }
}

/// A route: one channel and whom it reaches, with the occasions it is for.
///
/// Written `pager: on-call.all`, with `on`, `when`, `during`, `otherwise`, `throttle`, `source` and `note` beside it.
#[derive(Debug, Clone)]
pub struct RouteDocument {
    /// The channel.
    pub channel: String,
    /// Whom it reaches.
    pub to: OneOrMany,
    /// On which occasions; opening otherwise.
    pub on: Vec<Occasion>,
    /// A condition, in rhai.
    pub when: Option<String>,
    /// The hours in which it is used; those of the severity otherwise.
    pub during: Option<During>,
    /// What becomes of a message outside those hours.
    pub otherwise: Option<Otherwise>,
    /// How often it tells people of one incident at the most.
    pub throttle: Option<ThrottleDocument>,
    /// The section of the procedure that it comes from.
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    pub note: Option<String>,
}

impl Serialize for RouteDocument {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(&self.channel, &self.to)?;
        map.serialize_entry("on", &self.on)?;
        map.serialize_entry("when", &self.when)?;
        map.serialize_entry("during", &self.during)?;
        map.serialize_entry("otherwise", &self.otherwise)?;
        map.serialize_entry("throttle", &self.throttle)?;
        map.serialize_entry("source", &self.source)?;
        map.serialize_entry("note", &self.note)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for RouteDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Route;

        impl<'de> Visitor<'de> for Route {
            type Value = RouteDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping from a channel to whom it reaches, such as `email: team`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RouteDocument, A::Error> {
                let mut target: Option<(String, OneOrMany)> = None;
                let (mut on, mut when, mut during, mut otherwise) = (None, None, None, None);
                let (mut throttle, mut source, mut note) = (None, None, None);
                while let Some(key) = entries.next_key::<String>()? {
                    match key.as_str() {
                        "on" => on = entries.next_value()?,
                        "when" => when = entries.next_value()?,
                        "during" => during = entries.next_value()?,
                        "otherwise" => otherwise = entries.next_value()?,
                        "throttle" => throttle = entries.next_value()?,
                        "source" => source = entries.next_value()?,
                        "note" => note = entries.next_value()?,
                        _ if target.is_some() => {
                            return Err(de::Error::custom(format!(
                                "a route has one channel, and `{key}` is a second; make it an entry of its own"
                            )));
                        }
                        _ => target = Some((key, entries.next_value()?)),
                    }
                }
                let Some((channel, to)) = target else {
                    return Err(de::Error::custom("the route names no channel; add one, such as `email: team`"));
                };
                let on: Option<Vec<Occasion>> = on;
                let on = on.unwrap_or_else(|| vec![Occasion::Open]);
                Ok(RouteDocument { channel, to, on, when, during, otherwise, throttle, source, note })
            }
        }

        deserializer.deserialize_map(Route)
    }
}

impl JsonSchema for RouteDocument {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Route".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let to = generator.subschema_for::<OneOrMany>();
        let on = generator.subschema_for::<Vec<Occasion>>();
        let during = generator.subschema_for::<During>();
        let otherwise = generator.subschema_for::<Otherwise>();
        let throttle = generator.subschema_for::<ThrottleDocument>();
        schemars::json_schema!({
            "type": "object",
            "description": "One channel and whom it reaches, `pager: on-call.all`, with the occasions it is for.",
            "properties": {
                "on": on,
                "when": { "type": "string", "description": "A condition, in rhai." },
                "during": during,
                "otherwise": otherwise,
                "throttle": throttle,
                "source": { "type": "string" },
                "note": { "type": "string" },
            },
            "additionalProperties": to,
            // At least one name is that of a channel. That it is only one is beyond a schema.
            "not": { "propertyNames": { "enum": ["on", "when", "during", "otherwise", "throttle", "source", "note"] } },
        })
    }
}

/// An occasion on which a severity's routes are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The incident opens, opens again, or is raised to this severity.
    Open,
    /// Somebody acknowledges.
    Acknowledge,
    /// Somebody responds.
    Respond,
    /// A clock passes a fraction of its target.
    Warning,
    /// A clock misses its target.
    Breach,
    /// A status update is due.
    UpdateDue,
    /// A status update is given.
    Update,
    /// Monitoring no longer sees the problem.
    Clear,
    /// The incident is resolved.
    Resolve,
}
