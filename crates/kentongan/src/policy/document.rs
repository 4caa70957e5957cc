//! The policy as people write it. Plain data: names are not resolved and conditions not compiled yet.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::{Duration, Spoken};

/// A policy document: everything the engine knows about an organisation and its procedure.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "kentongan policy")]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The policy's name.
    pub policy: String,
    /// Where the procedure is written down that this policy holds.
    #[serde(default)]
    pub source: Option<String>,
    /// The zone in which people read dates and times, `Asia/Jakarta`.
    #[serde(default = "utc")]
    pub timezone: String,
    /// A rhai file beside the policy, whose functions conditions can call.
    #[serde(default)]
    pub script: Option<String>,
    /// The service catalogue.
    #[serde(default)]
    pub services: IndexMap<String, ServiceDocument>,
    /// People, and how each can be reached.
    #[serde(default)]
    pub people: IndexMap<String, PersonDocument>,
    /// Groups of people, and shared addresses.
    #[serde(default)]
    pub teams: IndexMap<String, TeamDocument>,
    /// Channels beyond the built-in `pager`, `email`, `sms`, `slack` and `github-issue`, and what stands in for each.
    #[serde(default)]
    pub channels: IndexMap<String, ChannelDocument>,
    /// Who is on call, by role, first choice first: `primary`, `secondary`.
    #[serde(default)]
    pub on_call: IndexMap<String, Vec<String>>,
    /// The roles people take in an incident.
    #[serde(default)]
    pub roles: IndexMap<String, RoleDocument>,
    /// The severities, the worst first.
    pub severities: IndexMap<String, SeverityDocument>,
    /// The fields of an alert that tell one incident from another: `service`, `name`, `source` or `labels.<label>`.
    /// Without it each alert key is an incident of its own.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// How long after its resolution an incident opens again when it fires, instead of a new one.
    #[serde(default)]
    pub reopen_within: Option<Duration>,
    /// How long a resolved incident is remembered.
    #[serde(default = "one_week")]
    pub retain_resolved: Duration,
    /// The rules that give an alert its severity, in order, and the default at the end.
    pub classify: Vec<RuleDocument>,
    /// What to do where several rules that go on match.
    #[serde(default)]
    pub when_unsure: WhenUnsure,
    /// The escalation paths.
    #[serde(default)]
    pub escalation: IndexMap<String, PathDocument>,
    /// Whom to tell when there is nobody to tell.
    pub last_resort: Vec<RouteDocument>,
    /// Whom to tell when the policy itself fails, so that they can mend it.
    #[serde(default)]
    pub on_fault: Vec<RouteDocument>,
    /// What declaring an incident does.
    #[serde(default)]
    pub declaration: Option<DeclarationDocument>,
    /// The fractions of a target at which its clock warns, in per cent.
    #[serde(default = "warn_at")]
    #[schemars(inner(range(min = 1, max = 99)))]
    pub warn_at: Vec<u8>,
    /// How often an open incident is brought back to mind when nothing else is due.
    #[serde(default = "one_day")]
    pub remind_open_every: Duration,
    /// Messages that replace the built-in ones, by occasion.
    #[serde(default)]
    pub messages: IndexMap<MessageKind, MessageDocument>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn one_week() -> Duration {
    Duration::from_hours(7 * 24)
}

fn one_day() -> Duration {
    Duration::from_hours(24)
}

fn warn_at() -> Vec<u8> {
    vec![50, 75, 90]
}

/// A service that alerts can be about.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// How much depends on it: `emergency-core`, `tier-2`.
    #[serde(default)]
    pub tier: Option<String>,
    /// The team or person it belongs to.
    #[serde(default)]
    pub owner: Option<String>,
    /// What the public calls it. Only this name appears in public texts.
    #[serde(default)]
    pub public_name: Option<String>,
    /// More facts for conditions, read as `service.facts.<name>`.
    #[serde(default)]
    pub facts: IndexMap<String, Fact>,
}

/// A fact of a service: text, a number or a truth value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// A person.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonDocument {
    /// What people call them.
    #[serde(default)]
    pub name: Option<String>,
    /// Where each channel reaches them, the preferred one first: `sms: "+62…"`.
    #[serde(default)]
    pub contacts: IndexMap<String, String>,
}

/// A team: its members, and addresses that reach all of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// Who is in it.
    #[serde(default)]
    pub members: Vec<String>,
    /// Shared addresses; a channel without one reaches each member instead.
    #[serde(default)]
    pub contacts: IndexMap<String, String>,
}

/// A channel, and what stands in for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelDocument {
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// The channels to try, in order, when a delivery on this one fails.
    #[serde(default)]
    pub fallback: Vec<String>,
}

/// A role that somebody takes in an incident.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// What whoever holds it does.
    #[serde(default)]
    pub duty: Option<String>,
    /// Who holds it unless somebody else is named.
    pub held_by: String,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

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

/// A length of time that is not zero, as a pattern for editors.
const SOME_TIME: &str = "^(0*[1-9][0-9]*|[0-9]+[.][0-9]*[1-9][0-9]*) ?[a-zµ]+([ ,0-9.a-zµ]*)$";

/// A promise: a length of time that must not be used up, or `best-effort`, which is measured and never breached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", untagged)]
pub enum Target {
    /// Strictly less than this, on the wall clock.
    Within(Duration),
    /// As soon as possible.
    #[serde(serialize_with = "best_effort")]
    BestEffort,
}

fn best_effort<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("best-effort")
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Spoken(|text: &str| match text {
            "best-effort" => Ok(Self::BestEffort),
            text => match text.parse::<Duration>() {
                Ok(length) if length.is_zero() => Err(
                    "a target of no time cannot be met; give it some time, or leave it out"
                        .to_owned(),
                ),
                Ok(length) => Ok(Self::Within(length)),
                Err(error) => Err(format!(
                    "{error}; a target is a length of time or `best-effort`"
                )),
            },
        }))
    }
}

impl JsonSchema for Target {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Target".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "anyOf": [{ "const": "best-effort" }, { "pattern": SOME_TIME }],
            "description": "A length of time that must not be used up, `15m`, or `best-effort`.",
            "examples": ["15m", "best-effort"],
        })
    }
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

/// Which of several matching rules counts, where rules go on after a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenUnsure {
    /// The one with the worst severity.
    #[default]
    Higher,
    /// The first.
    First,
}

/// A rule of classification, or the default that stands at the end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// What the rule is called.
    #[serde(default)]
    pub id: Option<String>,
    /// The condition, in rhai, over `alert` and `service`.
    #[serde(default)]
    pub when: Option<String>,
    /// The severity it gives.
    #[serde(default)]
    pub severity: Option<String>,
    /// Why, for people.
    #[serde(default)]
    pub because: Option<String>,
    /// Whether the rules after it are tried too.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// The severity of an alert that no rule matches. Stands alone, as the last entry.
    #[serde(default)]
    pub default: Option<String>,
}

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
                Ok(PathDocument {
                    levels,
                    repeat: None,
                    acknowledge_expires: None,
                    source: None,
                    note: None,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<PathDocument, A::Error> {
                let Whole {
                    levels,
                    repeat,
                    acknowledge_expires,
                    source,
                    note,
                } = Whole::deserialize(de::value::MapAccessDeserializer::new(entries))?;
                Ok(PathDocument {
                    levels,
                    repeat,
                    acknowledge_expires,
                    source,
                    note,
                })
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
    /// How long after the incident opened.
    #[serde(default)]
    pub after: Duration,
    /// What makes the level unnecessary.
    #[serde(default)]
    pub unless: Unless,
    /// A condition, in rhai, over `alert`, `service`, `incident`, `severity` and `elapsed`.
    #[serde(default)]
    pub when: Option<String>,
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
/// Written `pager: on-call.all`, with `on`, `when` and `source` beside it.
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

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut entries: A,
            ) -> Result<RouteDocument, A::Error> {
                let mut target: Option<(String, OneOrMany)> = None;
                let (mut on, mut when, mut source, mut note) = (None, None, None, None);
                while let Some(key) = entries.next_key::<String>()? {
                    match key.as_str() {
                        "on" => on = entries.next_value()?,
                        "when" => when = entries.next_value()?,
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
                    return Err(de::Error::custom(
                        "the route names no channel; add one, such as `email: team`",
                    ));
                };
                let on: Option<Vec<Occasion>> = on;
                Ok(RouteDocument {
                    channel,
                    to,
                    on: on.unwrap_or_else(|| vec![Occasion::Open]),
                    when,
                    source,
                    note,
                })
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
        schemars::json_schema!({
            "type": "object",
            "description": "One channel and whom it reaches, `pager: on-call.all`, with the occasions it is for.",
            "properties": {
                "on": on,
                "when": { "type": "string", "description": "A condition, in rhai." },
                "source": { "type": "string" },
                "note": { "type": "string" },
            },
            "additionalProperties": to,
            // At least one name is that of a channel. That it is only one is beyond a schema.
            "not": { "propertyNames": { "enum": ["on", "when", "source", "note"] } },
        })
    }
}

/// An occasion on which a severity's routes are used.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
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

/// What declaring an incident does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationDocument {
    /// The channel to open for the incident.
    #[serde(default)]
    pub open_channel: Option<OpenChannelDocument>,
    /// The public status page to post on.
    #[serde(default)]
    pub status_page: Option<String>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A channel that is opened for one incident.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenChannelDocument {
    /// On which medium: `slack`.
    pub on: String,
    /// Its name, as a template: `#incident-{{ service }}-{{ date }}`.
    pub name: String,
}

/// An occasion that has a message of its own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Somebody must act now.
    Page,
    /// An incident has opened.
    Open,
    /// Somebody acknowledged.
    Acknowledge,
    /// Somebody responded.
    Respond,
    /// A clock passed a fraction of its target.
    Warning,
    /// A clock missed its target.
    Breach,
    /// A status update is due.
    UpdateDue,
    /// A status update.
    Update,
    /// Monitoring no longer sees the problem.
    Clear,
    /// The incident is resolved.
    Resolve,
    /// The incident is still open.
    StillOpen,
    /// Nobody could be found to tell.
    NoResponder,
    /// A person must do by hand what the engine could not.
    ByHand,
    /// The policy itself failed.
    PolicyFault,
    /// The topic of the incident's channel.
    Topic,
    /// The first post on the status page. Sees only what the public may know.
    PublicNotice,
}

/// A message: two templates over the incident's facts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageDocument {
    /// One line.
    #[serde(default)]
    pub subject: Option<String>,
    /// The message.
    #[serde(default)]
    pub text: Option<String>,
}
