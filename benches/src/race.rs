//! Times engines beside each other: first the answers are compared, then each is timed in turn, round after round.
//!
//! Time is that of the CPU, for a machine that does other things as well; taking turns spreads what disturbs all.

use std::ops::Range;

use rustix::time::{ClockId, clock_gettime};

use crate::figures::Engine;
use crate::plan::Plan;
use crate::workload::Answer;

/// Adds an engine's answer for each of some alerts.
pub type Decide<'a> = Box<dyn FnMut(Range<usize>, &mut Vec<Answer>) + 'a>;

/// An engine that has the rules of one case loaded.
pub struct Contestant<'a> {
    /// What it is.
    pub engine: Engine,
    /// How it answers.
    pub decide: Decide<'a>,
}

/// An engine's rounds.
#[derive(Debug)]
pub struct Rounds {
    /// Over how many alerts it was checked and timed.
    pub alerts: usize,
    /// CPU time for an alert in each round, in microseconds.
    pub micros: Vec<f64>,
}

/// Checks every engine on all alerts, or on as many as the plan has time for, and times those that it was checked on.
///
/// # Errors
/// The first answer that is not the expected one.
pub fn race(plan: &Plan, contestants: &mut [Contestant<'_>], expected: &[Answer]) -> Result<Vec<Rounds>, String> {
    let mut lanes = Vec::new();
    for contestant in &mut *contestants {
        lanes.push(Lane::check(plan, contestant, expected)?);
    }
    for _ in 0..plan.rounds {
        for (lane, contestant) in lanes.iter_mut().zip(&mut *contestants) {
            lane.round(contestant);
        }
    }
    Ok(lanes.into_iter().map(|lane| lane.rounds).collect())
}

struct Lane {
    /// How often a round goes over its alerts.
    passes: usize,
    rounds: Rounds,
    answers: Vec<Answer>,
}

impl Lane {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of alerts and passes are small and positive"
    )]
    fn check(plan: &Plan, contestant: &mut Contestant<'_>, expected: &[Answer]) -> Result<Self, String> {
        let start = cpu_seconds();
        let mut answers = Vec::with_capacity(expected.len());
        while answers.len() < expected.len() {
            let enough = answers.len() >= plan.alerts_min && cpu_seconds() - start > plan.check_seconds;
            if enough {
                break;
            }
            let upto = (answers.len() + plan.alerts_min).min(expected.len());
            (contestant.decide)(answers.len()..upto, &mut answers);
        }
        let seconds = (cpu_seconds() - start) / answers.len() as f64;
        if let Some(alert) = (0..answers.len()).find(|alert| answers[*alert] != expected[*alert]) {
            let Engine { name, how, .. } = &contestant.engine;
            return Err(format!(
                "{name} ({how}) answers alert {alert} with {:?} instead of {:?}",
                answers[alert], expected[alert]
            ));
        }
        // In rounds of one length, a quick engine goes over all alerts often and a slow one over the first few once.
        let decisions = (plan.round_seconds / seconds) as usize;
        let alerts = decisions.clamp(plan.alerts_min.min(answers.len()), answers.len());
        let passes = (decisions / alerts).max(1);
        Ok(Self { passes, rounds: Rounds { alerts, micros: Vec::new() }, answers })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of alerts and passes are small")]
    fn round(&mut self, contestant: &mut Contestant<'_>) {
        let start = cpu_seconds();
        for _ in 0..self.passes {
            self.answers.clear();
            (contestant.decide)(0..self.rounds.alerts, &mut self.answers);
            std::hint::black_box(&self.answers);
        }
        let seconds = cpu_seconds() - start;
        self.rounds.micros.push(seconds * 1e6 / (self.passes * self.rounds.alerts) as f64);
    }
}

/// The time that the CPU has spent on this program.
#[expect(clippy::cast_precision_loss, reason = "a program runs for less than 2^52 nanoseconds")]
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
