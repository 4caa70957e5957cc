//! Many alerts in one call: Python's objects are read in slices, and between the reading the interpreter is let go.

use kentongan::{FactValue, Ruling};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::alert::{Held, type_name};
use crate::failure::misshapen;
use crate::policy::PolicyCore;
use crate::rulings::{Rulings, Tally};

/// How many alerts are read before the interpreter is let go: enough that letting go costs nothing, and few enough that
/// other threads wait for less than a millisecond.
const SLICE: usize = 1_024;
/// How many alerts lie between two reports of progress, at most.
pub(crate) const PROGRESS_EVERY: usize = 65_536;

/// Decides one alert.
pub(crate) fn decide(core: &PolicyCore, alert: &Bound<'_, PyAny>) -> PyResult<Ruling> {
    let policy = core.policy();
    if policy.needs_whole_alerts() {
        let alert = PolicyCore::whole(alert)?;
        return Ok(core.decide_with(|classifier| classifier.decide_alert(&alert)));
    }
    let reader = core.reader();
    let mut held: Vec<Held<'_>> = Vec::with_capacity(reader.len());
    reader.hold(alert, &mut held)?;
    let mut row: Vec<FactValue<'_>> = Vec::with_capacity(reader.len());
    reader.read(&held, &mut row)?;
    Ok(core.decide_with(|classifier| classifier.decide(&row)))
}

/// Decides the alerts of any iterable.
pub(crate) fn classify(
    core: &PolicyCore,
    alerts: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Rulings> {
    let py = alerts.py();
    let total = alerts.len().ok();
    let mut tally = Tally::with_capacity(total.unwrap_or_default());
    let mut classifier = core.policy().classifier();
    let mut alerts = alerts.try_iter().map_err(|error| {
        let help = "hand in a list of alerts, or a table that speaks Arrow";
        let message = format!("expected alerts, found {}", type_name(alerts));
        if error.is_instance_of::<PyTypeError>(py) { misshapen("wrong_type", message, help, "") } else { error }
    })?;
    let width = core.reader().len();
    loop {
        let mut held: Vec<Held<'_>> = Vec::with_capacity(SLICE * width);
        let mut whole = Vec::new();
        let mut taken = 0;
        for alert in alerts.by_ref().take(SLICE) {
            let alert = alert?;
            if core.policy().needs_whole_alerts() {
                whole.push(PolicyCore::whole(&alert)?);
            } else {
                core.reader().hold(&alert, &mut held)?;
            }
            taken += 1;
        }
        let mut rows: Vec<FactValue<'_>> = Vec::with_capacity(held.len());
        if width > 0 {
            for held in held.chunks_exact(width) {
                core.reader().read(held, &mut rows)?;
            }
        }
        py.detach(|| {
            if whole.is_empty() {
                for place in 0..taken {
                    let row = rows.get(place * width..(place + 1) * width).unwrap_or_default();
                    tally.push(classifier.decide(row));
                }
            } else {
                for alert in &whole {
                    tally.push(classifier.decide_alert(alert));
                }
            }
        });
        let done = taken < SLICE;
        report(py, progress, &tally, taken, total, done)?;
        if done {
            return Ok(tally.finish(core.names()));
        }
    }
}

/// Says how far a run has come, now and then and at its end, and lets a pending Ctrl-C through.
pub(crate) fn report(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    tally: &Tally,
    added: usize,
    total: Option<usize>,
    done: bool,
) -> PyResult<()> {
    let crossed = tally.len() / PROGRESS_EVERY != (tally.len() - added) / PROGRESS_EVERY;
    if crossed {
        py.check_signals()?;
    }
    match progress {
        Some(progress) if crossed || done => progress.call1((tally.len(), total)).map(drop),
        _ => Ok(()),
    }
}
