//! What the command can do, one verb a module.

mod account;
pub(crate) mod check;
pub(crate) mod classify;
pub(crate) mod document;
mod journal;
mod keeping;
pub(crate) mod oncall;
pub(crate) mod postmortem;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod test;
pub(crate) mod timeline;

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use kentongan::report::Document;
use kentongan::{Policy, Timestamp};
use kentongan_lab::{Moment, Run};

use crate::arguments::{Format, Templates};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// Shows a run: its timeline, or its effects.
fn show(run: &Run, policy: &Policy, format: Format, all: bool, output: &mut Output) -> Result<(), Problem> {
    match format {
        Format::Jsonl => output.text(&run.effects_jsonl()),
        Format::Text => {
            let options = kentongan_lab::timeline::Options { all, ..kentongan_lab::timeline::Options::default() };
            output.lines(&kentongan_lab::timeline::lines(run, policy, options))
        }
    }
}

/// Writes a document to where it is wanted, and says where the policy's own template failed. What it lacks stands above it.
fn hand_out(
    document: &Document,
    lacks: Option<String>,
    out: Option<&Path>,
    output: &mut Output,
) -> Result<(), Problem> {
    if let Some(fault) = &document.fault {
        output.note(&format!("{fault}; the template that comes with kentongan was used"));
    }
    let lacks = lacks.map(|lacks| format!("{lacks}\n\n")).unwrap_or_default();
    let text = format!("{lacks}{}\n", document.text.trim_end());
    match out {
        None => output.text(&text),
        Some(path) => files::write(path, &text),
    }
}

/// The policy by whose templates a document is written: that of the journal where no other is given.
fn templates(given: &Templates, own: &Arc<Policy>) -> Result<Arc<Policy>, Problem> {
    Ok(files::policy(given.by.as_deref())?.unwrap_or_else(|| Arc::clone(own)))
}

/// The instant of the machine's clock, to the second. The command is where a clock is read.
fn now() -> Timestamp {
    chrono::SubsecRound::trunc_subsecs(Timestamp::from(SystemTime::now()), 0)
}

/// The instant that an option gives, perhaps as a length after a start.
fn moment(option: &str, text: &str, start: Option<Timestamp>, policy: &Policy) -> Result<Timestamp, Problem> {
    let help = match start {
        None => "write one with its offset, `2026-11-24T02:00+07:00`, or local time, `2026-11-24T02:00`",
        Some(_) => "write a length such as `4h`, or an instant such as `2026-11-24T06:00`",
    };
    let none = || Problem::unusable(format!("`{option} {text}` is not an instant"), help);
    let moment = text.parse::<Moment>().map_err(|_| none())?;
    moment.resolve(start, policy.zone()).ok_or_else(|| match moment {
        Moment::Local(_) => {
            let (first, last) = kentongan::limits::YEARS.into_inner();
            let message = format!("`{option} {text}` lies outside the years {first} to {last}");
            Problem::unusable(message, "the engine keeps time in these; choose an instant in them")
        }
        _ => none(),
    })
}
