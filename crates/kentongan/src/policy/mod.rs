//! The policy: an organisation's procedure, from the document people write to the form the engine runs.

mod compile;
pub(crate) use compile::CHANNEL_TEMPLATE;
pub mod document;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::alert::Alert;
use crate::calendar::{Calendar, Releases, Zone};
use crate::clock::ClockKind;
use crate::escalation::Path;
use crate::oncall::{Changes, Coverage, OnCall, Roster, Schedule, Shift};
use crate::report::Documents;
use crate::routing::{Messages, Recipient, Route, Window};
use crate::rules::{Classification, Classifier, Condition, ConditionForm, Explanation, Facts, Rules, Sandbox, View};
use crate::source::{Diagnostics, Tree};
use crate::time::{Duration, Timestamp};
use document::{
    ChecklistItemDocument, DeclarationDocument, Document, HandoffDocument, InhibitionDocument, MetricsDocument,
    PausingDocument, PersonDocument, PublicNotice, PublicPart, RoleDocument, ServiceDocument, SeverityDocument,
    SilencingDocument, SnoozingDocument, Target, TeamDocument, UpdatePartDocument,
};

/// The channels that need no declaration: those the field uses everywhere.
pub const BUILT_IN_CHANNELS: [&str; 5] = ["pager", "email", "sms", "slack", "github-issue"];

/// How long the worst severity may be quiet at most, unless the policy says.
pub const PAGE_CEILING_DEFAULT: Duration = Duration::from_minutes(15);

/// Why a policy cannot be used: everything wrong with it, each with a place and a remedy.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the policy has problems:\n{diagnostics}")]
pub struct PolicyError {
    diagnostics: Diagnostics,
}

impl PolicyError {
    /// Everything wrong with it.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}

/// The position of a severity in its policy: 0 is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeverityIndex(pub(crate) usize);

/// A compiled severity.
#[derive(Debug)]
pub(crate) struct Severity {
    pub(crate) name: String,
    pub(crate) index: SeverityIndex,
    pub(crate) document: SeverityDocument,
    pub(crate) routes: Vec<Route>,
    /// Without it the public is not told by itself.
    pub(crate) public_when: Option<Condition>,
    pub(crate) window: Option<Window>,
    pub(crate) page_ceiling: Option<Duration>,
}

impl Severity {
    pub(crate) fn is_worst(&self) -> bool {
        self.index == SeverityIndex(0)
    }

    /// What it promises so long after the opening, clock by clock.
    pub(crate) fn targets(&self, elapsed: Duration) -> impl Iterator<Item = (ClockKind, Target)> {
        let targets = &self.document.targets;
        let public = match self.document.public.notice {
            PublicNotice::Within(length) => Some(Target::Within(length)),
            PublicNotice::Immediately | PublicNotice::AsNeeded | PublicNotice::Never => None,
        };
        [
            (ClockKind::Acknowledge, targets.acknowledge.clone()),
            (ClockKind::Respond, targets.respond.clone()),
            (ClockKind::Resolve, targets.resolve.clone()),
            (
                ClockKind::Update,
                self.document.update_every.as_ref().and_then(|every| every.at(elapsed)).map(Target::Within),
            ),
            (ClockKind::Public, public),
        ]
        .into_iter()
        .filter_map(|(kind, target)| target.map(|target| (kind, target)))
    }

    pub(crate) fn target(&self, kind: ClockKind, elapsed: Duration) -> Option<Target> {
        self.targets(elapsed).find(|(candidate, _)| *candidate == kind).map(|(_, target)| target)
    }
}

/// A rule of triage.
#[derive(Debug)]
pub(crate) struct TriageRule {
    pub(crate) condition: Condition,
    pub(crate) severity: String,
    pub(crate) because: String,
    pub(crate) entry: String,
}

/// A role of an incident.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) held_by: Option<Recipient>,
    pub(crate) document: RoleDocument,
    pub(crate) notify: Vec<Route>,
}

/// When an incident that is over needs a post-mortem, and who hears of it.
#[derive(Debug)]
pub(crate) struct Postmortem {
    pub(crate) rules: Vec<PostmortemRule>,
    pub(crate) notify: Vec<Route>,
    pub(crate) owner: Option<Recipient>,
    pub(crate) reviewers: Vec<Recipient>,
    /// Those who may say that none is needed; anybody, without it.
    pub(crate) waived_by: Option<Vec<Recipient>>,
    pub(crate) meeting: Option<PostmortemMeeting>,
    pub(crate) publish_to: Vec<Route>,
    pub(crate) times: PostmortemTimes,
}

/// The meeting about a post-mortem, unless whoever plans it says otherwise.
#[derive(Debug)]
pub(crate) struct PostmortemMeeting {
    pub(crate) within: Option<Target>,
    pub(crate) attendees: Vec<Recipient>,
    pub(crate) agenda: Vec<String>,
}

/// How often somebody is reminded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PostmortemTimes {
    pub(crate) remind_every: Option<Duration>,
    pub(crate) chase_every: Option<Duration>,
}

/// A condition that asks for a post-mortem.
#[derive(Debug)]
pub(crate) struct PostmortemRule {
    pub(crate) condition: Condition,
    /// As the policy writes it.
    pub(crate) when: String,
    pub(crate) entry: String,
}

/// A service of the catalogue.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) document: ServiceDocument,
}

/// A policy, compiled and whole. Cheap to share between engines and threads behind an [`Arc`].
///
/// ```
/// use kentongan::{Alert, Policy};
///
/// let policy = Policy::from_yaml(r#"
/// policy: shop
/// people: { ana: { contacts: { pager: ana-1 } } }
/// on_call: { primary: [ana] }
/// severities:
///   high:
///     definition: Customers cannot pay
///     targets: { acknowledge: 5m }
///     escalation: standard
///   low:
///     definition: Everything else
///     notify: [ { email: shop@example.org } ]
/// classify:
///   - { id: pay, when: alert.service == "checkout", severity: high }
///   - default: low
/// escalation:
///   standard: [ { notify: on-call.primary } ]
/// last_resort: [ { pager: ana } ]
/// "#)?;
/// let answer = policy.classify(&Alert::firing("a1", "checkout"));
/// assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), ("high", Some("pay")));
/// # Ok::<(), kentongan::PolicyError>(())
/// ```
pub struct Policy {
    document: Document,
    digest: String,
    zone: Zone,
    sandbox: Sandbox,
    forms: Vec<ConditionForm>,
    rules: Rules,
    severities: Vec<Severity>,
    services: BTreeMap<String, Service>,
    calendars: BTreeMap<String, Calendar>,
    releases: Option<Releases>,
    schedules: BTreeMap<String, Arc<Schedule>>,
    roster: Roster,
    handoff_routes: Vec<Route>,
    roles: BTreeMap<String, Role>,
    paths: BTreeMap<String, Path>,
    last_resort: Vec<Route>,
    on_fault: Vec<Route>,
    triage: Vec<TriageRule>,
    drills: Option<Condition>,
    postmortem: Option<Postmortem>,
    messages: Messages,
    documents: Documents,
    warnings: Diagnostics,
}

/// Names the policy. All of it would be pages of tables in every failed assertion.
impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("name", &self.document.policy)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl Policy {
    /// Reads a policy that stands in one text, YAML or JSON.
    ///
    /// # Errors
    ///
    /// Everything wrong with it at once.
    pub fn from_yaml(text: &str) -> Result<Self, PolicyError> {
        Self::load("policy.yaml", text, |_| None)
    }

    /// Reads a policy from text; `read` gives the content of a file that it names beside itself: a rhai script, a
    /// table of rules, or the template of a document.
    ///
    /// # Errors
    ///
    /// Everything wrong with it at once, with file, line and column.
    pub fn load(name: &str, text: &str, read: impl Fn(&str) -> Option<String>) -> Result<Self, PolicyError> {
        let mut diagnostics = Diagnostics::default();
        let tree = Tree::parse(name, text, &mut diagnostics);
        Self::from_tree(tree, diagnostics, read)
    }

    /// Reads a policy that a host built as data. Problems are placed by their path in it.
    ///
    /// # Errors
    ///
    /// Everything wrong with it at once.
    pub fn from_value(value: &Value) -> Result<Self, PolicyError> {
        Self::from_tree(Some(Tree::from_value("policy", value)), Diagnostics::default(), |_| None)
    }

    /// Compiles a document that was read before, and perhaps added to, such as by `kentongan_ingest::load_policy`, which
    /// reads the calendars that a policy names. `tree` is none where the reading failed; `diagnostics` has what was found
    /// on the way.
    ///
    /// # Errors
    ///
    /// Everything wrong with it at once.
    pub fn from_tree(
        tree: Option<Tree>,
        mut diagnostics: Diagnostics,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, PolicyError> {
        let policy = tree.and_then(|tree| {
            let (document, decoded) = tree.decode::<Document>(&mut diagnostics)?;
            compile::compile(&tree, &decoded, document, &read, &mut diagnostics)
        });
        diagnostics.sort();
        match policy {
            Some(mut policy) if !diagnostics.has_errors() => {
                policy.warnings = diagnostics;
                Ok(policy)
            }
            _ => Err(PolicyError { diagnostics }),
        }
    }

    /// Classifies one alert, with the reasons.
    #[must_use]
    pub fn classify(&self, alert: &Alert) -> Classification {
        let service = alert.service.as_deref().and_then(|service| self.services.get(service));
        self.rules.classify(&self.sandbox, alert, service, |index| {
            self.severity_at(index).map_or("", |severity| &severity.name)
        })
    }

    /// Whether an alert is a drill, or why its condition fails.
    pub(crate) fn is_drill(&self, alert: &Alert) -> Result<bool, String> {
        let Some(condition) = &self.drills else {
            return Ok(false);
        };
        let service = alert.service.as_deref().and_then(|service| self.services.get(service));
        self.sandbox.ask(condition, &mut Facts::of(View::of_alert(alert, service)))
    }

    /// Why an alert has its severity, and what every other rule says of it.
    #[must_use]
    pub fn explain(&self, alert: &Alert) -> Explanation {
        let service = alert.service.as_deref().and_then(|service| self.services.get(service));
        self.rules.explain(&self.sandbox, View::of_alert(alert, service), self.classify(alert), |index| {
            self.severity_at(index).map_or("", |severity| &severity.name)
        })
    }

    /// How each of its conditions runs: in native form, or as a script, and then why.
    #[must_use]
    pub fn conditions(&self) -> &[ConditionForm] {
        &self.forms
    }

    /// A classifier for many alerts, which gives the answer of [`Policy::classify`] without its reasons.
    #[must_use]
    pub fn classifier(&self) -> Classifier<'_> {
        Classifier::new(self)
    }

    /// The facts of an alert that its rules read, by their paths: `alert.labels.env`, `alert.values.error_rate`. Each
    /// once, in an order that is the same for as long as the policy is.
    ///
    /// What rules read of services follows from `alert.service`, which is then among them.
    pub fn alert_facts(&self) -> impl Iterator<Item = &str> {
        self.sandbox.alert_facts()
    }

    /// The channels on which it may tell somebody something, by name: those of its routes, those that its escalation names, and
    /// those on which people and teams can be reached.
    ///
    /// ```
    /// # let policy = kentongan::Policy::from_yaml(r#"
    /// # policy: shop
    /// # people: { ana: { contacts: { pager: ana-1, sms: "+1" } } }
    /// # on_call: { primary: [ana] }
    /// # severities: { high: { definition: d, targets: { acknowledge: 5m }, escalation: s }, low: { definition: d, notify: [ { email: a@example.org } ] } }
    /// # classify: [ { id: pay, when: alert.service == "checkout", severity: high }, { default: low } ]
    /// # escalation: { s: [ { notify: on-call.primary } ] }
    /// # last_resort: [ { pager: ana } ]
    /// # "#)?;
    /// assert_eq!(Vec::from_iter(policy.channels()), ["email", "pager", "sms"]);
    /// # Ok::<(), kentongan::PolicyError>(())
    /// ```
    #[must_use]
    pub fn channels(&self) -> BTreeSet<&str> {
        let severities = self.severities.iter().flat_map(|severity| &severity.routes);
        let roles = self.roles.values().flat_map(|role| &role.notify);
        let postmortem =
            self.postmortem.iter().flat_map(|postmortem| postmortem.notify.iter().chain(&postmortem.publish_to));
        let others = self.handoff_routes.iter().chain(&self.last_resort).chain(&self.on_fault);
        let routes = severities.chain(roles).chain(postmortem).chain(others).map(|route| &route.channel);
        let levels = self.paths.values().flat_map(|path| &path.levels).filter_map(|level| level.by.as_ref());
        let people = self.document.people.values().flat_map(|person| person.contacts.keys());
        let teams = self.document.teams.values().flat_map(|team| team.contacts.keys());
        routes.chain(levels).chain(people).chain(teams).map(String::as_str).collect()
    }

    /// The names of its rules, in their order and without the default.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.rules.list.iter().map(|rule| rule.id.as_str())
    }

    /// Whether some rule takes the labels, annotations or values of an alert as a whole, which only a script does.
    /// Then [`Classifier::decide_alert`] decides as the policy means it, and [`Classifier::decide`] on the safe side.
    #[must_use]
    pub fn needs_whole_alerts(&self) -> bool {
        self.rules.need_whole_alerts()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.document.policy
    }

    /// The SHA-256 of its content, comments and layout aside: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The document it was compiled from.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The zone in which its people read dates and times.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What can be used as it stands, but likely does not mean what its author thinks.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The names of its severities, the worst first.
    pub fn severities(&self) -> impl Iterator<Item = &str> {
        self.severities.iter().map(|severity| severity.name.as_str())
    }

    /// A calendar of working time, by its name.
    #[must_use]
    pub fn calendar(&self, name: &str) -> Option<&Calendar> {
        self.calendars.get(name)
    }

    /// When releases happen, if the policy says so.
    #[must_use]
    pub fn releases(&self) -> Option<&Releases> {
        self.releases.as_ref()
    }

    /// The calendar of that name; without a name, the only one there is.
    pub(crate) fn calendar_or_only(&self, name: Option<&str>) -> Option<&Calendar> {
        match name {
            Some(name) => self.calendars.get(name),
            None => self.calendars.values().next(),
        }
    }

    /// The calendar that a target is counted in; the policy's only one where the target is not counted in any.
    pub(crate) fn calendar_of(&self, target: &Target) -> Option<&Calendar> {
        match target {
            Target::Business { calendar, .. }
            | Target::NextBusinessDay { calendar, .. }
            | Target::BusinessDays { calendar, .. } => self.calendar_or_only(calendar.as_deref()),
            Target::Within(_) | Target::NextRelease | Target::By(_) | Target::BestEffort => {
                self.calendars.values().next().filter(|_| self.calendars.len() == 1)
            }
        }
    }

    pub(crate) fn snoozing(&self) -> &SnoozingDocument {
        &self.document.snoozing
    }

    pub(crate) fn silencing(&self) -> &SilencingDocument {
        &self.document.silencing
    }

    pub(crate) fn inhibitions(&self) -> &[InhibitionDocument] {
        &self.document.inhibitions
    }

    pub(crate) fn inhibition(&self, id: &str) -> Option<&InhibitionDocument> {
        self.document.inhibitions.iter().find(|inhibition| inhibition.id == id)
    }

    pub(crate) fn group_wait(&self) -> Option<Duration> {
        self.document.group_wait
    }

    pub(crate) fn pausing(&self) -> &PausingDocument {
        &self.document.pausing
    }

    /// Who is on call in a role at an instant, as the policy has it. What the engine was told at run time, who took
    /// over and who is away, [`Engine::who`](crate::Engine::who) knows. A role that there is not is a gap that says so.
    #[must_use]
    pub fn who(&self, role: &str, at: Timestamp) -> OnCall {
        self.roster.duty(role, false, at, &Changes::default()).on_call
    }

    /// The next instant at which [`Policy::who`] answers otherwise.
    #[must_use]
    pub fn next_change(&self, role: &str, after: Timestamp) -> Option<Timestamp> {
        self.roster.next_change(role, after, &Changes::default())
    }

    /// The shifts of a role between two instants, gaps included, as the policy has them.
    #[must_use]
    pub fn shifts(&self, role: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.roster.shifts(role, from, to, &Changes::default())
    }

    /// Who is on call in a role between two instants, as the policy has it.
    #[must_use]
    pub fn coverage(&self, role: &str, from: Timestamp, to: Timestamp) -> Coverage {
        self.roster.coverage(role, from, to, &Changes::default())
    }

    /// The on-call roles, as the policy orders them.
    pub fn on_call_roles(&self) -> impl Iterator<Item = &str> {
        self.document.on_call.keys().map(String::as_str)
    }

    /// One of its schedules.
    #[must_use]
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.get(name).map(Arc::as_ref)
    }

    /// Its schedules, as it orders them.
    pub fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        self.document.schedules.keys().filter_map(|name| self.schedule(name))
    }

    pub(crate) fn schedule_names(&self) -> impl Iterator<Item = &str> {
        self.document.schedules.keys().map(String::as_str)
    }

    pub(crate) fn handoff(&self) -> Option<&HandoffDocument> {
        self.document.handoff.as_ref()
    }

    pub(crate) fn handoff_routes(&self) -> &[Route] {
        &self.handoff_routes
    }

    pub(crate) fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The JSON Schema of policy documents, for editors.
    #[must_use]
    pub fn json_schema() -> Value {
        schemars::schema_for!(Document).to_value()
    }

    pub(crate) fn severity(&self, name: &str) -> Option<&Severity> {
        self.severities.iter().find(|severity| severity.name == name)
    }

    fn severity_at(&self, index: SeverityIndex) -> Option<&Severity> {
        self.severities.get(index.0)
    }

    pub(crate) fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name)
    }

    pub(crate) fn person(&self, name: &str) -> Option<&PersonDocument> {
        self.document.people.get(name)
    }

    pub(crate) fn team(&self, name: &str) -> Option<&TeamDocument> {
        self.document.teams.get(name)
    }

    pub(crate) fn fallback(&self, channel: &str) -> &[String] {
        self.document.channels.get(channel).map_or(&[], |channel| &channel.fallback)
    }

    pub(crate) fn role_holder(&self, role: &str) -> Option<&Recipient> {
        self.roles.get(role)?.held_by.as_ref()
    }

    pub(crate) fn role(&self, role: &str) -> Option<&Role> {
        self.roles.get(role)
    }

    /// Its roles, as it orders them.
    pub(crate) fn role_names(&self) -> impl Iterator<Item = &str> {
        self.document.roles.keys().map(String::as_str)
    }

    /// The points that are gone through before an incident of a severity is closed.
    pub(crate) fn checklist(&self, severity: &str) -> impl Iterator<Item = &ChecklistItemDocument> {
        let concerns = move |item: &&ChecklistItemDocument| {
            item.severities.is_empty() || item.severities.iter().any(|name| name == severity)
        };
        self.document.closing.checklist.iter().filter(concerns)
    }

    /// Whether an incident ends with a final update.
    pub(crate) fn asks_for_final_update(&self) -> bool {
        self.document.closing.final_update
    }

    /// What a status update is made of.
    pub(crate) fn update_parts(&self) -> &[UpdatePartDocument] {
        &self.document.updates.parts
    }

    /// What an update for the public must say, unless an earlier one has.
    pub(crate) fn public_parts(&self) -> &[PublicPart] {
        &self.document.updates.public.require
    }

    pub(crate) fn update_warn_at(&self) -> &[u8] {
        &self.document.updates.warn_at
    }

    pub(crate) fn path(&self, name: &str) -> Option<&Path> {
        self.paths.get(name)
    }

    pub(crate) fn last_resort(&self) -> &[Route] {
        &self.last_resort
    }

    /// Whom to tell when the policy itself fails: those it names for that, else the last resort.
    pub(crate) fn fault_routes(&self) -> &[Route] {
        if self.on_fault.is_empty() { &self.last_resort } else { &self.on_fault }
    }

    pub(crate) fn triage_rules(&self) -> &[TriageRule] {
        &self.triage
    }

    pub(crate) fn postmortem(&self) -> Option<&Postmortem> {
        self.postmortem.as_ref()
    }

    /// What is promised of a post-mortem.
    pub(crate) fn postmortem_target(&self, kind: ClockKind) -> Option<Target> {
        let document = self.document.postmortem.as_ref()?;
        match kind {
            ClockKind::Postmortem => document.due.clone(),
            ClockKind::Review => document.review_within.clone(),
            ClockKind::Meeting => self.postmortem.as_ref()?.meeting.as_ref()?.within.clone(),
            ClockKind::Acknowledge
            | ClockKind::Respond
            | ClockKind::Resolve
            | ClockKind::Update
            | ClockKind::Public
            | ClockKind::Handoff => None,
        }
    }

    /// What reports compare with: what is usual, where the policy says nothing.
    pub(crate) fn metrics(&self) -> MetricsDocument {
        self.document.metrics.clone().unwrap_or_default()
    }

    pub(crate) fn postmortem_times(&self) -> PostmortemTimes {
        self.postmortem.as_ref().map(|postmortem| postmortem.times).unwrap_or_default()
    }

    /// How long an incident is kept whose post-mortem is not at rest: never shorter than a resolved one.
    pub(crate) fn keep_unfinished(&self) -> Duration {
        let kept = self.document.postmortem.as_ref().map(|document| document.keep_at_most);
        kept.unwrap_or(Duration::from_hours(24 * crate::limits::POSTMORTEM_DAYS_KEPT)).max(self.retain_resolved())
    }

    pub(crate) fn group_by(&self) -> &[String] {
        &self.document.group_by
    }

    pub(crate) fn reopen_within(&self) -> Option<Duration> {
        self.document.reopen_within
    }

    pub(crate) fn declaration(&self) -> Option<&DeclarationDocument> {
        self.document.declaration.as_ref()
    }

    pub(crate) fn warn_at(&self) -> &[u8] {
        &self.document.warn_at
    }

    pub(crate) fn remind_open_every(&self) -> Duration {
        self.document.remind_open_every
    }

    /// How long a resolved incident is kept: at least for as long as it can open again.
    pub(crate) fn retain_resolved(&self) -> Duration {
        self.document.retain_resolved.max(self.document.reopen_within.unwrap_or(Duration::ZERO))
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    pub(crate) fn compiled_rules(&self) -> &Rules {
        &self.rules
    }

    pub(crate) fn messages(&self) -> &Messages {
        &self.messages
    }

    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }
}

/// The digest of a document: over its data in the order in which it is written, the script beside it, and the
/// tables and templates.
///
/// The order counts: severities are ranked by it, and contacts are tried in it.
fn digest(tree: &Tree, script: &str, tables: &[String]) -> String {
    let document = tree.to_value().to_string();
    let parts: Vec<&str> = [document.as_str(), script].into_iter().chain(tables.iter().map(String::as_str)).collect();
    crate::digest::sha256(&parts, 32)
}
