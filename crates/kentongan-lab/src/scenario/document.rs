//! The scenario as people write it. Plain data: no file is read, no name resolved yet.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use kentongan::{Alert, Impact, Outcome, PublicStatus};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::fields::Catalogue;
use super::kin::{LinkDocument, MergeDocument, SplitDocument};
use super::life::{AssignRoleDocument, DetectDocument, ItemsDocument, NotedDocument, VacateRoleDocument};
use super::on_call::{
    AbsenceDocument, ConfirmHandoffDocument, EndDocument, OnCallPattern, OverrideInputDocument, TickHandoffDocument,
};
use super::postmortem::{
    ActionDocument, ActionEndDocument, MeetingInputDocument, PublishDocument, ReasonDocument, ReviewDocument,
    WriteDocument,
};
use super::quiet::{SilenceDocument, SnoozeDocument};
use crate::moment::Moment;

/// A scenario: a policy, what happens when, and what must come of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioDocument {
    /// What the scenario is called.
    pub scenario: String,
    /// Why it must hold.
    #[serde(default)]
    pub why: Option<String>,
    /// The policy: a shipped one by its name, a file beside the scenario, or the policy itself. Without it, whoever
    /// runs the scenario gives one.
    #[serde(default)]
    pub policy: Option<PolicyDocument>,
    /// When it begins: an instant, or local time in the policy's zone. Offsets count from here.
    pub start: Moment,
    /// When it ends: `1h` or `+1h` after the start, or a moment as at the start. What is due at that very instant still
    /// happens.
    #[serde(deserialize_with = "end")]
    pub until: Moment,
    /// What the simulated host reports, at once, of each effect that wants a report.
    #[serde(default)]
    pub delivery: Delivery,
    /// The deliveries that fail.
    #[serde(default)]
    pub failures: Vec<FailureDocument>,
    /// What happens. In any order; those of one instant are taken as they stand.
    #[serde(default)]
    pub inputs: Vec<InputDocument>,
    /// What must come of it.
    #[serde(default)]
    pub expect: Vec<ExpectationDocument>,
}

/// An end, which can be no length but one after the start: it needs no `+`.
fn end<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    match text.parse() {
        Ok(length) => Ok(Moment::After(length)),
        Err(_) => text.parse().map_err(de::Error::custom),
    }
}

/// A policy by its name or file, or written out.
#[derive(Debug, Clone)]
pub enum PolicyDocument {
    /// A shipped policy, or a file beside the scenario.
    Named(String),
    /// The policy itself.
    Inline(Value),
}

impl<'de> Deserialize<'de> for PolicyDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(name) => Ok(Self::Named(name)),
            value @ Value::Object(_) => Ok(Self::Inline(value)),
            _ => Err(de::Error::custom(
                "a policy is a name, a file or a mapping; write `policy: kreki` or `policy: ./policy.yaml`",
            )),
        }
    }
}

impl JsonSchema for PolicyDocument {
    fn schema_name() -> Cow<'static, str> {
        "PolicyReference".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inline = generator.subschema_for::<kentongan::policy::document::Document>();
        json_schema!({
            "description": "A shipped policy by its name, a file beside the scenario, or the policy itself.",
            "anyOf": [{ "type": "string", "examples": ["kreki", "policy.yaml"] }, inline],
        })
    }
}

/// What the simulated host reports of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// That it was delivered, at the instant of the effect.
    #[default]
    Delivered,
    /// Nothing, as a host that has crashed; `report` inputs can follow.
    Unreported,
}

/// Deliveries that fail: those which have everything that is given here.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct FailureDocument {
    /// On this channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// To this person, team or address.
    #[serde(default)]
    pub to: Option<String>,
    /// Of this kind: `notify`, `open_channel`, `status_page`.
    #[serde(default)]
    pub kind: Option<String>,
    /// What the transport says.
    #[serde(default)]
    pub detail: Option<String>,
}

/// One thing that happens: an instant, and exactly one of the kinds of input.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = one_kind()))]
pub struct InputDocument {
    /// When.
    pub at: Moment,
    /// A file beside the scenario with what a monitoring system sent; each of its alerts is taken in order.
    #[serde(default)]
    pub payload: Option<String>,
    /// Who sent the payload: `alertmanager` or `alert`. Without it the payload's own marks tell.
    #[serde(default)]
    pub source: Option<String>,
    /// An alert, written out.
    #[serde(default)]
    pub alert: Option<Alert>,
    /// Somebody reports a problem.
    #[serde(default)]
    pub detect: Option<DetectDocument>,
    /// Somebody has seen that it is so.
    #[serde(default)]
    pub verify: Option<NotedDocument>,
    /// Somebody takes the incident.
    #[serde(default)]
    pub acknowledge: Option<NotedDocument>,
    /// Somebody begins to work on it.
    #[serde(default)]
    pub respond: Option<NotedDocument>,
    /// Somebody declares it.
    #[serde(default)]
    pub declare: Option<DeedDocument>,
    /// Somebody finds out what the incident does to people.
    #[serde(default)]
    pub assess: Option<AssessDocument>,
    /// A status update for those inside.
    #[serde(default)]
    pub update: Option<UpdateDocument>,
    /// A notice for the public.
    #[serde(default)]
    pub public_update: Option<PublicUpdateDocument>,
    /// Somebody escalates by hand.
    #[serde(default)]
    pub escalate: Option<EscalateDocument>,
    /// Somebody sets another severity.
    #[serde(default)]
    pub set_severity: Option<SetSeverityDocument>,
    /// Somebody lets the clocks stand still.
    #[serde(default)]
    pub pause: Option<PauseDocument>,
    /// Somebody lets them go on.
    #[serde(default)]
    pub resume: Option<DeedDocument>,
    /// Somebody puts it off.
    #[serde(default)]
    pub snooze: Option<SnoozeDocument>,
    /// Nobody is told of what opens and matches, for a while.
    #[serde(default)]
    pub silence: Option<SilenceDocument>,
    /// A silence ends before its time.
    #[serde(default)]
    pub end_silence: Option<EndDocument>,
    /// Points of the closing checklist are checked.
    #[serde(default)]
    pub check_items: Option<ItemsDocument>,
    /// Points of the closing checklist are open again.
    #[serde(default)]
    pub uncheck_items: Option<ItemsDocument>,
    /// Somebody takes a role.
    #[serde(default)]
    pub assign_role: Option<AssignRoleDocument>,
    /// Somebody gives a role up.
    #[serde(default)]
    pub vacate_role: Option<VacateRoleDocument>,
    /// Somebody says it is over.
    #[serde(default)]
    pub resolve: Option<ResolveDocument>,
    /// Somebody says it was none.
    #[serde(default)]
    pub false_alarm: Option<ReasonDocument>,
    /// Two incidents are one.
    #[serde(default)]
    pub merge: Option<MergeDocument>,
    /// Some alerts of an incident are something else.
    #[serde(default)]
    pub split: Option<SplitDocument>,
    /// An incident is a part of another.
    #[serde(default)]
    pub link: Option<LinkDocument>,
    /// It is that no more.
    #[serde(default)]
    pub unlink: Option<DeedDocument>,
    /// A person asks for a post-mortem.
    #[serde(default)]
    pub require_postmortem: Option<ReasonDocument>,
    /// A person says that no post-mortem is needed.
    #[serde(default)]
    pub waive_postmortem: Option<ReasonDocument>,
    /// Somebody writes parts of a post-mortem.
    #[serde(default)]
    pub write_postmortem: Option<WriteDocument>,
    /// Somebody plans the meeting about a post-mortem.
    #[serde(default)]
    pub plan_meeting: Option<MeetingInputDocument>,
    /// A post-mortem is handed to others to look at.
    #[serde(default)]
    pub submit_postmortem: Option<DeedDocument>,
    /// Others have looked at a post-mortem.
    #[serde(default)]
    pub review_postmortem: Option<ReviewDocument>,
    /// A post-mortem is published.
    #[serde(default)]
    pub publish_postmortem: Option<PublishDocument>,
    /// Somebody says what is to be done.
    #[serde(default)]
    pub add_action: Option<ActionDocument>,
    /// Somebody says otherwise.
    #[serde(default)]
    pub change_action: Option<ActionDocument>,
    /// It is done.
    #[serde(default)]
    pub finish_action: Option<ActionEndDocument>,
    /// It is given up.
    #[serde(default)]
    pub drop_action: Option<ActionEndDocument>,
    /// Somebody takes over on call for a while.
    #[serde(default, rename = "override")]
    pub takes_over: Option<OverrideInputDocument>,
    /// Nobody takes over after all.
    #[serde(default)]
    pub cancel_override: Option<EndDocument>,
    /// Somebody is away for a while.
    #[serde(default)]
    pub absence: Option<AbsenceDocument>,
    /// They are back.
    #[serde(default)]
    pub end_absence: Option<EndDocument>,
    /// Somebody has gone through one point of a hand-off.
    #[serde(default)]
    pub tick_handoff: Option<TickHandoffDocument>,
    /// Somebody has gone through all that is left of a hand-off.
    #[serde(default)]
    pub confirm_handoff: Option<ConfirmHandoffDocument>,
    /// The host says how an effect went.
    #[serde(default)]
    pub report: Option<ReportDocument>,
    /// The policy is changed: what is open moves to another one.
    #[serde(default)]
    pub reload: Option<ReloadDocument>,
    /// The host asks the engine, although nothing has happened: `tick: {}`.
    #[serde(default)]
    pub tick: Option<TickDocument>,
    /// The refusal that must follow, by its code: `already_resolved`.
    #[serde(default)]
    pub rejected: Option<String>,
}

/// The fields of which an input has exactly one.
pub(super) const KINDS: [&str; 47] = [
    "payload",
    "alert",
    "detect",
    "verify",
    "acknowledge",
    "respond",
    "assess",
    "update",
    "public_update",
    "declare",
    "escalate",
    "set_severity",
    "pause",
    "resume",
    "snooze",
    "silence",
    "end_silence",
    "check_items",
    "uncheck_items",
    "assign_role",
    "vacate_role",
    "resolve",
    "false_alarm",
    "merge",
    "split",
    "link",
    "unlink",
    "require_postmortem",
    "waive_postmortem",
    "write_postmortem",
    "plan_meeting",
    "submit_postmortem",
    "review_postmortem",
    "publish_postmortem",
    "add_action",
    "change_action",
    "finish_action",
    "drop_action",
    "override",
    "cancel_override",
    "absence",
    "end_absence",
    "tick_handoff",
    "confirm_handoff",
    "report",
    "reload",
    "tick",
];

fn one_kind() -> Value {
    KINDS.iter().map(|kind| serde_json::json!({ "required": [kind] })).collect()
}

/// Which incident: `#2` or `2` for the second to open, a service for its latest, or an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Name, E> {
                Ok(Name(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Name, E> {
                Ok(Name(number.to_string()))
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"] })
    }
}

/// What somebody does with an incident.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeedDocument {
    /// Which incident: `"#2"` or `2`, a service, or an id; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
}

/// What somebody finds out of an incident's impact.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// What they find.
    pub impact: Impact,
}

/// A status update.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// What it says beside its parts.
    #[serde(default)]
    pub text: String,
    /// What it says, part by part.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
}

/// A notice for the public.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicUpdateDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// How far the work is.
    pub status: PublicStatus,
    /// What it says.
    pub text: String,
    /// What the issue is called.
    #[serde(default)]
    pub issue: Option<String>,
    /// What the public notices.
    #[serde(default)]
    pub impact: Option<String>,
    /// Why the status goes back.
    #[serde(default)]
    pub reason: Option<String>,
    /// Why a word that is a part of somebody's name is said all the same.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// An escalation by hand.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalateDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// The level, by its id or number; the next one otherwise.
    #[serde(default)]
    pub level: Option<Name>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A change of severity by hand.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSeverityDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// The new severity.
    pub severity: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A pause: the incident waits for somebody else.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// When the clocks go on at the latest; as late as the policy allows otherwise.
    #[serde(default)]
    pub until: Option<Moment>,
    /// What is waited for.
    #[serde(default)]
    pub reason: String,
}

/// The end of an incident.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// The last word.
    #[serde(default)]
    pub note: String,
    /// Why it is closed although points of the checklist are open.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// A report on the latest effect that has everything that is given here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportDocument {
    /// The effect's own id.
    #[serde(default)]
    pub effect: Option<String>,
    /// Of this incident.
    #[serde(default)]
    pub incident: Option<Name>,
    /// On this channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// To this person, team or address.
    #[serde(default)]
    pub to: Option<String>,
    /// How it went.
    pub outcome: Outcome,
    /// What the transport says.
    #[serde(default)]
    pub detail: String,
    /// The name that a channel was opened under.
    #[serde(default)]
    pub opened_as: Option<String>,
}

/// Another policy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReloadDocument {
    /// A shipped one by its name, a file beside the scenario, or the policy itself.
    pub policy: PolicyDocument,
    /// Severities that have another name in it, `old: new`.
    #[serde(default)]
    pub severities: BTreeMap<String, String>,
}

/// Nothing: time passes.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TickDocument {}

/// One thing that must be, by the name of what it is about.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpectationDocument {
    /// There is such an effect: at least one, or exactly `count`.
    Effect(EffectPattern),
    /// There is no such effect.
    None(EffectPattern),
    /// There is such a decision: at least one, or exactly `count`.
    Decision(DecisionPattern),
    /// An incident is like this, after everything that happens at that instant.
    State(StatePattern),
    /// These are on call, after everything that happens at that instant.
    OnCall(OnCallPattern),
}

macro_rules! pattern {
    ($(#[$doc:meta])* $name:ident, $catalogue:ident, $frame:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub IndexMap<String, Value>);

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let fields = Catalogue::$catalogue().schema();
                let mut properties = fields.clone();
                properties.insert(FIELDS.to_owned(), apart(&fields, &Catalogue::$catalogue().schema_of_families()));
                frame(generator, $frame, &mut properties);
                json_schema!({
                    "type": "object",
                    "properties": properties,
                    "patternProperties": Catalogue::$catalogue().schema_of_families(),
                    "additionalProperties": false,
                })
            }
        }
    };
}

/// What a pattern says besides the fields it compares.
pub(super) const FRAME: [&str; 6] = ["at", "from", "before", "incident", "count", "why"];

/// What holds the fields that the frame has a word for already: `fields: { from: open }`.
pub(super) const FIELDS: &str = "fields";

pattern!(
    /// Fields that an effect has, and when it is due.
    EffectPattern,
    effects,
    true
);
pattern!(
    /// Fields that a decision has, and when it holds. `from` is where the window begins; the state or the severity
    /// from which something has changed is compared as `fields: { from: open }`.
    DecisionPattern,
    decisions,
    true
);
pattern!(
    /// Fields that an incident has, and when.
    StatePattern,
    states,
    false
);

/// Fields apart from the frame.
fn apart(fields: &Map<String, Value>, families: &Map<String, Value>) -> Value {
    serde_json::json!({
        "type": "object",
        "description": "Fields to compare, also those whose name says something else beside them, such as `from`.",
        "properties": fields,
        "patternProperties": families,
        "additionalProperties": false,
    })
}

fn frame(generator: &mut SchemaGenerator, window: bool, properties: &mut Map<String, Value>) {
    let moment = generator.subschema_for::<Moment>().to_value();
    properties.insert("at".to_owned(), moment.clone());
    properties.insert("incident".to_owned(), generator.subschema_for::<Name>().to_value());
    properties.insert("why".to_owned(), serde_json::json!({ "type": "string", "description": "Why it must be so." }));
    if window {
        properties.insert("from".to_owned(), moment.clone());
        properties.insert("before".to_owned(), moment);
        properties.insert(
            "count".to_owned(),
            serde_json::json!({ "type": "integer", "minimum": 0, "description": "Exactly this many." }),
        );
    }
}
