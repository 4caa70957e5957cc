//! `kentongan timeline`: how one incident of a journal went, on the terminal or as a picture.

use kentongan_lab::history::History;

use super::{account, replay};
use crate::Verdict;
use crate::arguments::{Common, Timeline};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// The width where nobody says.
const WIDTH: usize = 100;

pub(crate) fn run(common: &Common, given: &Timeline, output: &mut Output) -> Result<Verdict, Problem> {
    let told = account::of(common, &given.journal, &given.incident, output)?;
    if let Some(history) = History::new(&told.account, &told.policy, told.now) {
        match &given.svg {
            None => output.lines(&history.lines(WIDTH))?,
            Some(path) => files::write(path, &history.svg())?,
        }
    }
    match told.damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(replay::refused(&error))
        }
    }
}
