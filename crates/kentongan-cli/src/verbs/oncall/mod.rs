//! `kentongan oncall`: who is on call, the shifts drawn, and calendars out and in.

mod exchange;
mod show;

use std::path::Path;
use std::sync::Arc;

use kentongan::source::did_you_mean;
use kentongan::{Duration, Engine, Policy, Timestamp};

use crate::Verdict;
use crate::arguments::{Common, Oncall, OncallVerb, Span};
use crate::output::Output;
use crate::problem::Problem;

/// The longest time that is drawn or written, in days.
const DAYS_MAX: i64 = 2 * 366;
/// How much is shown where nobody says, in days.
const DAYS_SHOWN: i64 = 14;

pub(crate) fn run(common: &Common, given: &Oncall, output: &mut Output) -> Result<Verdict, Problem> {
    match &given.verb {
        None => show::run(common, given, output),
        Some(OncallVerb::Export(export)) => exchange::export(common, export, output),
        Some(OncallVerb::Import(import)) => exchange::import(common, import, output),
    }
}

/// An engine under the policy, with what a journal says of who takes over and who is away.
fn engine(policy: &Arc<Policy>, journal: Option<&Path>) -> Result<Engine, Problem> {
    let mut engine = Engine::new(Arc::clone(policy));
    let Some(path) = journal else {
        return Ok(engine);
    };
    let records = kentongan_journal::read(path).map_err(|error| Problem::at_fault(error.to_string(), error.help()))?;
    for record in records {
        let record = record.map_err(|error| Problem::at_fault(error.to_string(), error.help()))?;
        let seq = record.seq;
        // What is open does not matter here; who takes over is moved to another policy as it is.
        let Some(entry) = record.entry() else { continue };
        let step = engine.apply(entry.at, entry.input);
        // Its pages are history: whoever ran the journal has sent them.
        step.map(drop).map_err(|refused| {
            Problem::at_fault(format!("{}: record {seq} is refused: {refused}", path.display()), "")
        })?;
    }
    Ok(engine)
}

/// The roles that are asked for, all of the policy otherwise.
fn roles(policy: &Policy, asked: &[String]) -> Result<Vec<String>, Problem> {
    let known: Vec<&str> = policy.on_call_roles().collect();
    if known.is_empty() {
        return Err(Problem::unusable("the policy has no on-call roles", "add them under `on_call`"));
    }
    if let Some(unknown) = asked.iter().find(|role| !known.contains(&role.as_str())) {
        let message = format!("the policy has no on-call role `{unknown}`");
        return Err(Problem::unusable(message, did_you_mean(unknown, known.iter().copied())));
    }
    let all = || known.iter().map(|role| (*role).to_owned()).collect();
    Ok(if asked.is_empty() { all() } else { asked.to_vec() })
}

/// The time to look at: from the day of `at`, or where it is said to begin, for two weeks, or to where it is said to end.
fn span(span: &Span, at: Timestamp, policy: &Policy) -> Result<(Timestamp, Timestamp), Problem> {
    let today = policy.zone().format(at, "%F");
    let from = moment("--from", span.from.as_deref().unwrap_or(&today), Some(at), policy)?;
    let two_weeks = format!("+{DAYS_SHOWN}d");
    let to = match &span.to {
        Some(to) => moment("--to", to, Some(from), policy)?,
        None => {
            days_after(from, DAYS_SHOWN, policy).map_or_else(|| moment("--to", &two_weeks, Some(from), policy), Ok)?
        }
    };
    if to <= from {
        return Err(Problem::unusable("`--to` does not lie after `--from`", "choose a later end, such as `--to +28d`"));
    }
    if to > Duration::from_hours(24 * DAYS_MAX).after(from) {
        let message = format!("there are more than {DAYS_MAX} days between `--from` and `--to`");
        return Err(Problem::unusable(message, "look at a shorter time"));
    }
    Ok((from, to))
}

/// The same time of day some days later: two weeks over a change of the clocks end at midnight, too.
fn days_after(from: Timestamp, days: i64, policy: &Policy) -> Option<Timestamp> {
    let zone = policy.zone();
    let date: chrono::NaiveDate = zone.format(from, "%F").parse().ok()?;
    let later = date.checked_add_signed(chrono::TimeDelta::days(days))?;
    zone.instant(&format!("{later}T{}", zone.format(from, "%H:%M:%S")))
}

/// An instant, or a day, which stands for its beginning.
pub(super) fn moment(
    option: &str,
    text: &str,
    start: Option<Timestamp>,
    policy: &Policy,
) -> Result<Timestamp, Problem> {
    let at = if text.parse::<chrono::NaiveDate>().is_ok() {
        super::moment(option, &format!("{text}T00:00"), start, policy)?
    } else {
        super::moment(option, text, start, policy)?
    };
    let years = kentongan::limits::YEARS;
    if years.contains(&chrono::Datelike::year(&at)) {
        return Ok(at);
    }
    let message = format!("`{option} {text}` lies outside the years {} to {}", years.start(), years.end());
    Err(Problem::unusable(message, "schedules and calendars are known in these; choose an instant in them"))
}
