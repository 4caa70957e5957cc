//! `kentongan timeline`: how one incident of a journal went, on the terminal or as a picture.

use kentongan_lab::history::History;

use super::account;
use super::journal::Journal;
use crate::Verdict;
use crate::arguments::{Common, Timeline};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// The width where nobody says.
const WIDTH: usize = 100;

pub(crate) fn run(common: &Common, given: &Timeline, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let lived = journal.live(None, output)?;
    let account = account::of(lived.chronicle(), &given.incident)?;
    let now = lived.chronicle().ended().unwrap_or_default();
    if let Some(history) = History::new(account, lived.engine().policy(), now) {
        match &given.svg {
            None => output.lines(&history.lines(WIDTH))?,
            Some(path) => files::write(path, &history.svg())?,
        }
    }
    journal.verdict(output)
}
