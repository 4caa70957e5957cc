//! What the command can do, one verb a module.

pub(crate) mod check;
pub(crate) mod classify;
pub(crate) mod replay;
pub(crate) mod schema;
pub(crate) mod simulate;
pub(crate) mod test;

use kentongan::Policy;
use kentongan_lab::{Run, timeline};

use crate::arguments::Format;
use crate::output::Output;
use crate::problem::Problem;

/// Shows a run: its timeline, or its effects.
fn show(run: &Run, policy: &Policy, format: Format, all: bool, output: &mut Output) -> Result<(), Problem> {
    match format {
        Format::Jsonl => output.text(&run.effects_jsonl()),
        Format::Text => {
            let options = timeline::Options { all, ..timeline::Options::default() };
            output.lines(&timeline::lines(run, policy, options))
        }
    }
}
