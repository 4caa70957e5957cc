//! `kentongan._kentongan`: the native half of the Python package.
//!
//! It converts values and calls the engine; what a Python user reads and imports is written in `python/kentongan/`.
//! Two kinds of things cross the border. What is asked for often, an alert's facts and the ruling on it, is read from
//! and made of Python's own objects, field by field. Everything else crosses as the JSON that every language shares.

#![expect(clippy::needless_pass_by_value, reason = "what comes from Python is owned by the call")]

mod alert;
mod batch;
mod calendar;
mod columns;
mod engine;
mod escape;
mod failure;
mod history;
mod ics;
mod instant;
mod intake;
mod policy;
mod records;
mod ruling;
mod rulings;
mod scenario;
mod schedule;
mod shapes;
mod text;

use pyo3::pymodule;

#[pymodule(gil_used = false)]
mod _kentongan {
    use std::ffi::OsString;

    use pyo3::{Python, pyfunction};

    #[pymodule_export]
    use super::calendar::CalendarCore;
    #[pymodule_export]
    use super::engine::EngineCore;
    #[pymodule_export]
    use super::escape::{mail_header, markdown, paragraphs, readable, slack};
    #[pymodule_export]
    use super::history::HistoryCore;
    #[pymodule_export]
    use super::ics::{RotaCore, holidays_json};
    #[pymodule_export]
    use super::intake::alerts_from;
    #[pymodule_export]
    use super::policy::{PolicyCore, explanation_text};
    #[pymodule_export]
    use super::records::RecordsCore;
    #[pymodule_export]
    use super::ruling::Ruling;
    #[pymodule_export]
    use super::rulings::{Rulings, rulings_of};
    #[pymodule_export]
    use super::scenario::ScenarioCore;
    #[pymodule_export]
    use super::schedule::ScheduleCore;
    #[pymodule_export]
    use super::shapes::{schema, shapes};

    // One version for the three languages: the workspace's.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name is Python's")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// The version of the time zone data that the engine brings, `2026f`.
    #[pyfunction]
    fn time_zone_data_version() -> &'static str {
        kentongan::calendar::time_zone_data_version()
    }

    /// Runs the `kentongan` command with its arguments, the name of the program first; returns the exit code.
    #[pyfunction]
    fn run_command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
        py.detach(|| kentongan_cli::run(arguments))
    }
}
