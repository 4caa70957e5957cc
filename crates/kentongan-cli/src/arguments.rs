//! What can be written on the command line. The help texts come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use kentongan::report::metrics::{Month, Quarter};

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  what was asked about has problems: the policy is invalid, a scenario failed, the journal is damaged
  2  the command could not do its work: wrong usage, an unreadable file, a payload that is none

Colours are used on terminals; NO_COLOR and --color say otherwise.";

/// Check, test and see what an incident policy does.
#[derive(Debug, Parser)]
#[command(name = "kentongan", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The policy: a file, or a shipped one by its name
    #[arg(long, global = true, value_name = "FILE|kreki")]
    pub(crate) policy: Option<String>,
}

/// How a verb answers that has text for people and data for programs.
#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// Text for people, or one JSON object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Jsonl,
}

/// How `classify` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// For people
    Text,
    /// One JSON object a line
    Jsonl,
    /// One row an alert, in columns
    Table,
    /// One row an alert, as comma-separated values
    Csv,
}

/// How `report` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A document for people
    #[value(alias = "text")]
    Markdown,
    /// Its data, for programs
    #[value(alias = "jsonl")]
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Say what is wrong with a policy, and what it holds
    Check(Check),
    /// Say which severity alerts have, and why
    Classify(Classify),
    /// Show what would happen: who is told what, when and why
    Simulate(Simulate),
    /// Run scenarios, and say which of their expectations fail
    Test(Test),
    /// Show what a journal comes to, under its policy or another
    Replay(Replay),
    /// Write the post-mortem of an incident from its journal, in Markdown
    Postmortem(Postmortem),
    /// Write the topic, the status update, the public update or the hand-off report as things stood in a journal
    Document(Document),
    /// Write the report of a month, or the review of a quarter, from a journal
    Report(Report),
    /// Show how an incident went, from its journal: on the terminal, or as a picture
    Timeline(Timeline),
    /// Say who is on call, and draw the shifts
    Oncall(Oncall),
    /// Print the JSON Schema of what people write or the engine gives
    Schema(Schema),
    /// Print the completions for a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The policy, as `--policy` gives it
    #[arg(value_name = "FILE|kreki")]
    pub(crate) file: Option<String>,

    /// When releases must still come and calendars still open: now, or `2026-11-24T02:00`
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Classify {
    /// Files with alerts, as a monitoring system sends them; `-` is stdin
    #[arg(default_value = "-", value_name = "PAYLOAD")]
    pub(crate) payloads: Vec<PathBuf>,

    /// Who sent them; without it their own marks tell
    #[arg(long, value_name = "alertmanager|alert")]
    pub(crate) source: Option<String>,

    /// Say of every rule why it matches or does not
    #[arg(long)]
    pub(crate) explain: bool,

    /// Text for people, one JSON object a line, or one row an alert
    #[arg(long = "format", value_name = "FORMAT", default_value = "text")]
    pub(crate) layout: Layout,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Scenarios, each run by itself; or payloads, which arrive together; `-` is stdin
    #[arg(required = true, value_name = "SCENARIO|PAYLOAD")]
    pub(crate) inputs: Vec<PathBuf>,

    /// When the payloads arrive: an instant, or local time such as 2026-11-24T02:00 in the policy's zone; without it
    /// the second in which their first alert began
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,

    /// How long to go on after the payloads have arrived, `4h`, or until when
    #[arg(long, value_name = "LENGTH", default_value = "4h")]
    pub(crate) until: String,

    /// Who sent the payloads; without it their own marks tell
    #[arg(long, value_name = "alertmanager|alert")]
    pub(crate) source: Option<String>,

    /// Show everything: each repeat, confirmed deliveries, every decision
    #[arg(long)]
    pub(crate) all: bool,

    /// Keep what happened in a new journal, for `report`, `postmortem`, `document`, `timeline` and `replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Scenarios, or folders of them (*.yaml, *.yml, *.json); `-` is stdin
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Write the outcome as `JUnit` XML too
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

/// A journal, and the policies that it was written under before the one that `--policy` gives.
#[derive(Debug, Args)]
pub(crate) struct Journal {
    /// The journal; `-` is stdin
    #[arg(value_name = "JOURNAL")]
    pub(crate) file: PathBuf,

    /// A policy that was in force before a reload, as it was then; once for each
    #[arg(long, value_name = "FILE|kreki")]
    pub(crate) earlier: Vec<String>,
}

/// By whose templates a document is written.
#[derive(Debug, Args)]
pub(crate) struct Templates {
    /// A policy whose `documents` it is written by, to try templates on a journal of another policy; what it says, and
    /// in which zone and by which names, stays that of the journal's own
    #[arg(long = "templates", value_name = "FILE|kreki")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    pub(crate) journal: Journal,

    /// Show everything: each repeat, confirmed deliveries, every decision
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Debug, Args)]
pub(crate) struct Postmortem {
    #[command(flatten)]
    pub(crate) journal: Journal,

    /// The incident, by its id
    #[arg(value_name = "INCIDENT")]
    pub(crate) incident: String,

    #[command(flatten)]
    pub(crate) templates: Templates,

    /// Where to write it; stdout otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Document {
    /// What to write
    pub(crate) kind: DocumentKind,

    #[command(flatten)]
    pub(crate) journal: Journal,

    /// The incident, by its id; for `handoff` the on-call role
    #[arg(value_name = "INCIDENT|ROLE")]
    pub(crate) subject: String,

    /// As things stood then; at the end of the journal otherwise
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,

    #[command(flatten)]
    pub(crate) templates: Templates,

    /// Where to write it; stdout otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The documents that are of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentKind {
    /// The topic of an incident's channel, for Slack
    Topic,
    /// The latest status update, for those inside
    StatusUpdate,
    /// What the public reads
    PublicUpdate,
    /// What whoever comes on call is handed over
    Handoff,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) journal: Journal,

    #[command(flatten)]
    pub(crate) period: Period,

    #[command(flatten)]
    pub(crate) templates: Templates,

    /// A document for people, or its data
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub(crate) format: ReportFormat,

    /// Where to write it; stdout otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The time that is reported on, on the calendar of the policy's zone.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Period {
    /// A month, such as 2026-11
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: Option<Month>,

    /// A quarter, such as 2026-Q4
    #[arg(long, value_name = "QUARTER")]
    pub(crate) quarter: Option<Quarter>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Oncall {
    #[command(subcommand)]
    pub(crate) verb: Option<OncallVerb>,

    /// The instant to ask about, with its offset, or local time in the policy's zone; now otherwise
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,

    #[command(flatten)]
    pub(crate) span: Span,

    /// A role to show; all of them otherwise
    #[arg(long = "role", value_name = "ROLE")]
    pub(crate) roles: Vec<String>,

    /// A journal, whose overrides and absences count
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Write the chart as a picture, too
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,

    /// Exit with 1 when there is a time at which nobody is on call
    #[arg(long)]
    pub(crate) fail_on_gap: bool,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

/// The time that is looked at.
#[derive(Debug, Args)]
pub(crate) struct Span {
    /// Where it begins: a day, an instant, or local time; today otherwise
    #[arg(long, value_name = "INSTANT")]
    pub(crate) from: Option<String>,

    /// Where it ends: a day, an instant, local time, or a length such as +28d; two weeks after its beginning otherwise
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) to: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    #[command(flatten)]
    pub(crate) journal: Journal,

    /// The incident, by its id
    #[arg(value_name = "INCIDENT")]
    pub(crate) incident: String,

    /// Write it as a picture instead
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OncallVerb {
    /// Write the shifts of a role as a calendar that others subscribe to
    Export(OncallExport),
    /// Print the section of a policy that a calendar comes to
    Import(OncallImport),
}

#[derive(Debug, Args)]
pub(crate) struct OncallExport {
    /// The role
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,

    #[command(flatten)]
    pub(crate) span: Span,

    /// A journal, whose overrides and absences count
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,

    /// Where to write it; stdout otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct OncallImport {
    /// The calendar, an .ics file; `-` is stdin
    #[arg(value_name = "CALENDAR")]
    pub(crate) calendar: PathBuf,

    /// What the schedule is called
    #[arg(long, value_name = "NAME", default_value = "primary")]
    pub(crate) schedule: String,

    /// The last day on which a shift may begin; two years after the last date of the calendar otherwise
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<chrono::NaiveDate>,

    /// Whom the calendar means by a name, `--person "Ana R.=ana"`; nobody where there is nothing behind the sign
    #[arg(long = "person", value_name = "NAME=PERSON")]
    pub(crate) people: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what
    pub(crate) of: SchemaName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// Policy documents
    Policy,
    /// Scenario documents
    Scenario,
    /// What the engine asks of the host
    Effect,
    /// What the host hands the engine
    Input,
    /// Why the engine did what it did
    Decision,
    /// What the report on a month says
    Monthly,
    /// What the review of a quarter says
    Quarterly,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// For which shell
    pub(crate) shell: Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
