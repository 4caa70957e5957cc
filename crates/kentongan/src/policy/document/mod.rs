//! The policy as people write it. Plain data: names are not resolved and conditions not compiled yet.
//!
//! # Whom a policy can name
//!
//! Wherever somebody is told (`notify`, `last_resort`, `on_fault`, `held_by`):
//!
//! | written | stands for |
//! |---|---|
//! | `ana`, `platform` | a person of `people`, a team of `teams`: the team's own address on the channel, else each member |
//! | `on-call.primary` | whoever is on call in that role of `on_call`, asked at the instant of the message |
//! | `on-call.all` | everybody on call, in any role |
//! | `role.incident-commander` | whoever holds that role of `roles` |
//! | `responders` | who works on the incident or has taken it; before that, whoever was paged for it |
//! | `service.owner` | who owns the incident's service, as `services` says |
//! | `incident.channel` | the channel that the declaration opened for the incident |
//! | `#incidents`, `a@b.org`, `+62…`, `org/repository`, `https://…` | the address itself |
//!
//! A person is tried on the channel asked for, then on the channels that its `fallback` names, then on their other
//! contacts in the order in which they stand.
//!
//! # What a condition can see
//!
//! Conditions are rhai expressions that give true or false. Those of `classify` see `alert` and `service`; those of
//! routes and escalation levels see all of these but `duration`; those of `postmortem` all but `elapsed`. That of
//! `drills` sees what those of `classify` do:
//!
//! | fact | what it is |
//! |---|---|
//! | `alert.key` `.status` `.source` `.service` `.name` `.summary` `.description` | text; `status` is `"firing"` or `"resolved"` |
//! | `alert.labels.<label>`, `alert.annotations.<name>` | text |
//! | `alert.values.<name>` | a number |
//! | `alert.starts_at` | when the sender saw it begin, in milliseconds; for `hour_of_day` and `weekday` |
//! | `service.id` `.name` `.tier` `.owner` | text; `service.id` is what the alert names |
//! | `service.known`, `service.facts.<name>` | whether the catalogue has it; the policy's own facts |
//! | `incident.id` `.title` `.state` | text; `state` is `"open"`, `"acknowledged"`, `"responding"` or `"resolved"` |
//! | `incident.acknowledged` `.responded` `.declared` | true or false |
//! | `incident.verified` | true, unless its source has to be verified and nobody has |
//! | `incident.drill` | whether it is a drill |
//! | `incident.worst_severity` | the name of the worst severity that it has had |
//! | `incident.firing` | how many of its alerts fire now |
//! | `impact.significant` `.getting_worse` | true or false; false until somebody says so |
//! | `impact.users_affected` `.description` `.functionality` | a number; text |
//! | `impact.scope` `.urgency` | text: `"few"`, `"many"`, `"all"`; `"worsening"`, `"stable"`, `"improving"` |
//! | `severity` | the severity's name |
//! | `on_call.<role>` | who is on call in a role of the policy, as the person's name |
//! | `elapsed` | the time since the incident opened; compare it with `seconds(n)`, `minutes(n)`, `hours(n)` or `days(n)` |
//! | `duration` | how long the incident lasted; compare it as `elapsed` |
//!
//! What an alert does not have is `()`: `==`, `<`, `>` and `in` with it are false, `!=` is true. These functions are
//! the policy's own:
//!
//! | function | what it gives |
//! |---|---|
//! | `seconds(n)` `minutes(n)` `hours(n)` `days(n)` | a length of time, in milliseconds |
//! | `matches(text, "^web-[0-9]+$")` | whether a text has a regular expression in it, in the syntax of Rust's `regex` |
//! | `cidr(text, "10.0.0.0/8")` | whether a text is an address of a network, IPv4 or IPv6 |
//! | `hour_of_day(instant)` | the hour that clocks in the policy's zone show, 0 to 23 |
//! | `weekday(instant)` | the day there, `"monday"` to `"sunday"` |
//!
//! Patterns and networks are written out where they are used, and read with the policy. Of what is absent, `matches`
//! and `cidr` are false and the others absent. There are also rhai's own operators and functions for text, numbers,
//! lists and maps (`contains`, `starts_with`, `to_lower`, `len`, `abs`, `round`, …), and those of the policy's
//! `script`. A name that does not exist is refused when the policy is loaded.
//!
//! Nearly all conditions run in native form, and rules are indexed, so many rules cost little more than few. What the
//! native form does not know, such as `switch`, loops, and maps taken as a whole, runs as a script; `kentongan check`
//! says which and why. A condition that fails at run time is told of (`on_fault`) and read safely: a rule that
//! fails leaves the default or what is worse, a route or level that fails is told. Of the rules that fail for one alert
//! the first sixteen are told of, and once that more did: where one label is missing, hundreds may ask for it.
//!
//! # Tables of rules
//!
//! `classify: [ { id: impact, table: { rows: [ … ] } }, … ]`, or `table: { file: impact.csv }` with the file beside the
//! policy. Each row is a rule, `impact-1`, `impact-2` and so on, or as its column `id` says; `severity` and `because` are
//! what it gives. The other columns are facts, or expressions over them, and a cell says what its column must be:
//!
//! | cell | holds where the column |
//! |---|---|
//! | nothing, or `-` | is anything |
//! | `outage`, `"outage"`, `3`, `true` | is that; in quotes it is text whatever it looks like |
//! | `> 0.1`, `>= 0.1`, `< 3`, `<= 3` | is that side of the number |
//! | `[0.1..0.5]`, `(0.1..0.5]` | is within; a round bracket leaves its end out |
//! | `outage \| partial` | is one of them |
//! | `!outage`, `!outage \| partial` | is none of them, which holds where the alert lacks it, too |
//!
//! `hit: first` lets the first row that matches decide, as rules do; `hit: collect` goes on, and `when_unsure` decides.
//!
//! # What can be promised
//!
//! A target is a length of time (`5m`), a length of working time (`4h business`), `next business day`, `next release`,
//! an instant, or `best-effort`: [`Target`] has the whole list. Working time is kept by [`CalendarDocument`], releases
//! by [`ReleasesDocument`]. While an incident waits for somebody else, the clocks that [`PausingDocument`] names stand
//! still. What moves each clock is listed with [`ClockKind`](crate::ClockKind).
//!
//! # What a message can name
//!
//! Subjects, texts and the name of the incident's channel are templates (`{{ severity }} {{ service }}`) over:
//! `incident` `title` `description` `service` `service_name` `severity` `severity_name` `state` `because` `date`
//! `opened` `elapsed` `labels` `links`, and, where they belong to the occasion, `by` (by name; `by_id` as the policy knows
//! them) `text` `reason` `clock` `promise` (`to acknowledge`) `unkept` (`Nobody has acknowledged …`) `percent` `target`
//! `deadline` `next` (when the next status update comes) `role` `from` `to` `points` (what an update that is due says).
//! Messages of a hand-off see `role` `from` `to` `points` (those not ticked off), `text` (what is going on), `date`, `opened`
//! (its instant) and `deadline`. What the public reads, `public-notice`, `public-update`, `public-resolved` and a severity's
//! `public.impact`, sees `service` `issue` `status` `started` `impact` `text` `previous` only, so nothing internal can leak.
//!
//! # What a document can name
//!
//! Documents are written from a journal, or of an engine as it stands, by [`report`](crate::report). A policy replaces the
//! template of one with `documents: { monthly: { file: monthly.md.jinja } }`, the file beside the policy, or `text`
//! in its place. A template is tried when the policy is loaded; one that fails all the same gives way to the one that
//! comes with the library, and the document says why.
//!
//! | document | fields |
//! |---|---|
//! | `topic` | `incident` `title` `severity` `severity_name` `service` `service_name` `state` `state_since` `channel` `firing` `opened` `elapsed` `now` `resolved` `resolved_by` `final_update` `working` `roles` (`role`, `name`, `people`) `impact` (`description`, `functionality`, `users_affected`, `scope`, `urgency`) `update` (`at`, `by`, `text`, `parts` with `id`, `name`, `text`, `after_end`) `next_update` `late_update` `missed` `waits_for` `waits_until` `quiet_until` `public_status` `drill` `end` |
//! | `status-update` | those of `topic`: `incident` `title` `severity` `severity_name` `service` `service_name` `state` `state_since` `channel` `firing` `opened` `elapsed` `now` `resolved` `resolved_by` `final_update` `working` `roles` (`role`, `name`, `people`) `impact` (`description`, `functionality`, `users_affected`, `scope`, `urgency`) `update` (`at`, `by`, `text`, `parts` with `id`, `name`, `text`, `after_end`) `next_update` `late_update` `missed` `waits_for` `waits_until` `quiet_until` `public_status` `drill` `end` |
//! | `public-update` | what the public may know: `service` `issue` `status` `started` `impact` `text` `previous` (`at`, `status`, `text`) |
//! | `handoff` | `role` `from` `to` `at` `confirmed` `now` `zone` `points` (`id`, `text`, `done`, `by`, `at`) `ongoing` (each as `topic`) `ongoing_total` `since` `resolved` (`incident`, `title`, `severity`, `resolved`, `by`, `drill`, `end`) `resolved_total` `silences` (`silence`, `over`, `from`, `until`, `by`, `reason`) `postmortems` (`incident`, `title`, `status`, `owner`, `due`, `overdue`, `actions`) `postmortems_total` `actions` (`incident`, `text`, `owner`, `due`, `overdue`) `actions_total` `on_call` (`role`, `people`, `until`, `next`) |
//! | `postmortem` | `missing` `drill` `end` `title` `date` `severity` `began` `ended` `downtime` `seen` `status` `link` `zone` `summary` `impact` `timeline` `whys` `root_cause` `cause` `actions` `lessons` `follow_up` `meeting` `severities` `promises` `calls` |
//! | `monthly` | `month` `policy` `zone` `first_day` `last_day` `as_of` `complete` `sleep_hours` `targets` `metrics` `promises` `worst_severity` `worst` `who` |
//! | `quarterly` | `quarter` `policy` `zone` `first_day` `last_day` `as_of` `complete` `least` `names` `untold` `targets` `metrics` `recurring` `causes` `without_cause` `areas` `missed` `late` `waived` `findings` (`mark`, `name`, `count`, `worst` with `incident`, `severity`, `title`, `opened`, `open_for`, `over`; `more`) `open_postmortems` `who` |
//!
//! What is in `metrics` and in the lists of the last two is in the schema of the reports, `kentongan schema`. Text is
//! escaped for what the document is read as: Markdown, but for `topic`, which is one line for Slack. `{{ text|paragraphs }}`
//! keeps its paragraphs, `{{ text|inline }}` makes one line of Markdown of it, `{{ text|slack }}` and
//! `{{ text|mail_header }}` escape it for Slack and for a header of a mail, also in messages. `{{ length|short }}` shortens
//! a length of time, `{{ ids|names }}` names the first few incidents, and `{{ box(done) }}` is a box to tick.
//!
//! # When people are told
//!
//! A route, an escalation level or a whole severity can have hours: `during: business hours(office)`, or quiet hours,
//! `during: outside hours(night)`. What comes at another time is held until they open, unless `otherwise` says `drop`
//! or names a channel on which it goes out all the same. What was held goes out if it still matters: the incident is
//! not over, and a page asks for nobody who has come already. While an alarm is held nothing else goes the same way;
//! it will tell how things stand. A hold ends after 31 days at the latest, whatever the calendar says. Clocks run on
//! meanwhile, so a severity that waits for business hours wants targets in business time.
//!
//! The worst severity is told at all hours: it cannot have `during`, and the hours of a level do not count for it. Nor
//! is what a person escalates by hand ever held. `raise_at_opening` gives an incident that nobody has taken a worse
//! severity as soon as the hours open.

mod after;
mod calendar;
mod calendar_file;
mod catalogue;
mod classification;
mod closing;
mod declaration;
mod documents;
mod drills;
mod escalation;
mod handoff;
mod merging;
mod message;
mod metrics;
mod moment;
mod postmortem;
mod quiet;
mod route;
mod schedule;
mod severity;
mod target;
mod throttle;
mod triage;
mod updates;
mod window;

pub use after::After;
pub use calendar::{CalendarDocument, ExceptionDocument, HolidayDocument, ReleasesDocument};
pub use calendar_file::CalendarFileDocument;
pub use catalogue::{ChannelDocument, Fact, PersonDocument, RoleDocument, ServiceDocument, TeamDocument};
pub use classification::{HitPolicy, RuleDocument, TableDocument, WhenUnsure};
pub use closing::{ChecklistItemDocument, ClosingDocument};
pub use declaration::{DeclarationDocument, OpenChannelDocument};
pub use documents::{DocumentKind, TemplateDocument};
pub use drills::DrillsDocument;
pub use escalation::{LevelDocument, PathDocument, RepeatDocument, Unless};
pub use handoff::{HandoffDocument, PointDocument};
pub use merging::{MergedSeverity, MergingDocument};
pub use message::{MessageDocument, MessageKind};
pub use metrics::{Figure, MetricName, MetricTargetDocument, MetricsDocument, SleepHours, Statistic};
pub use moment::{Days, HandoffDay, HandoffTime, Moment, Period, WeekHours};
pub use postmortem::{MeetingDocument, PostmortemDocument};
pub use quiet::{InhibitionDocument, Paging, SilencingDocument, SnoozingDocument};
pub use route::{Occasion, OneOrMany, RouteDocument};
pub use schedule::{
    HolidaysOffDocument, LayerDocument, OnCallDocument, OverrideDocument, RotationDocument, ScheduleDocument,
    ScheduleSource, ShiftDocument, SwapDocument,
};
pub use severity::{Declare, PublicDocument, PublicNotice, SeverityDocument, TargetsDocument, WhenCleared};
pub use target::{PausingDocument, Target};
pub use throttle::ThrottleDocument;
pub use triage::{SourceDocument, TriageDocument, TriageRuleDocument};
pub use updates::{
    CadenceDocument, CadenceStep, PublicPart, PublicUpdatesDocument, UpdatePartDocument, UpdatesDocument,
};
pub use window::{During, Otherwise};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Duration;

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
    /// Calendars of working time, by name.
    #[serde(default)]
    pub calendars: IndexMap<String, CalendarDocument>,
    /// When releases happen.
    #[serde(default)]
    pub releases: Option<ReleasesDocument>,
    /// What stops the clocks of an incident, and which of them.
    #[serde(default)]
    pub pausing: PausingDocument,
    /// How long an incident can be put off.
    #[serde(default)]
    pub snoozing: SnoozingDocument,
    /// What silences may hide.
    #[serde(default)]
    pub silencing: SilencingDocument,
    /// What nobody needs to be told of while something else is broken.
    #[serde(default)]
    pub inhibitions: Vec<InhibitionDocument>,
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
    pub on_call: IndexMap<String, OnCallDocument>,
    /// Who is on call when, for the roles that name a schedule.
    #[serde(default)]
    pub schedules: IndexMap<String, ScheduleDocument>,
    /// What is gone through when on-call roles are handed over.
    #[serde(default)]
    pub handoff: Option<HandoffDocument>,
    /// The roles people take in an incident.
    #[serde(default)]
    pub roles: IndexMap<String, RoleDocument>,
    /// The severities, the worst first.
    pub severities: IndexMap<String, SeverityDocument>,
    /// The fields of an alert that tell one incident from another: `service`, `name`, `source` or `labels.<label>`.
    /// Without it each alert key is an incident of its own.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// How long the first alarm waits for more alerts to join; an incident that is over by then is told to nobody. Never
    /// for the worst severity, for one that says `page: at-once`, or for what comes back.
    #[serde(default)]
    pub group_wait: Option<Duration>,
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
    /// Whom to tell when the policy itself fails, so that they can mend it; the last resort otherwise.
    #[serde(default)]
    pub on_fault: Vec<RouteDocument>,
    /// What declaring an incident does.
    #[serde(default)]
    pub declaration: Option<DeclarationDocument>,
    /// Which alerts are drills.
    #[serde(default)]
    pub drills: DrillsDocument,
    /// What becomes of an incident that another is merged into.
    #[serde(default)]
    pub merging: MergingDocument,
    /// Where problems are reported from, for what people hand in with `detect`.
    #[serde(default)]
    pub sources: IndexMap<String, SourceDocument>,
    /// What an assessment does to the severity.
    #[serde(default)]
    pub triage: TriageDocument,
    /// What every status update says.
    #[serde(default)]
    pub updates: UpdatesDocument,
    /// What is gone through before an incident is closed.
    #[serde(default)]
    pub closing: ClosingDocument,
    /// Which incidents need a post-mortem.
    #[serde(default)]
    pub postmortem: Option<PostmortemDocument>,
    /// What monthly reports compare with.
    #[serde(default)]
    pub metrics: Option<MetricsDocument>,
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
    /// Templates that replace the built-in ones of documents, such as the post-mortem and the monthly report.
    #[serde(default)]
    pub documents: IndexMap<DocumentKind, TemplateDocument>,
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

/// A length of time that is not zero, as a pattern for editors.
const SOME_TIME: &str = "^(0*[1-9][0-9]*|[0-9]+[.][0-9]*[1-9][0-9]*) ?[a-zµ]+([ ,0-9.a-zµ]*)$";
