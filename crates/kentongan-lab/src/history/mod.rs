//! One incident of a journal as a person sees it at a glance: how bad it was and when, what was promised and kept, who
//! was paged and who answered, and what people were told.

mod axis;
mod bars;
mod lanes;
mod picture;

use std::collections::BTreeMap;

use kentongan::incident::Incident;
use kentongan::report::{Account, ClockRun, RunEnd};
use kentongan::{ClockKind, Duration, Policy, Timestamp};

use lanes::{Lane, SignKind};

/// One incident, ready to be drawn.
#[derive(Debug)]
pub struct History<'a> {
    account: &'a Account,
    incident: &'a Incident,
    policy: &'a Policy,
    /// When the journal ends.
    now: Timestamp,
    /// What is drawn: from the opening to the end, and a little further.
    from: Timestamp,
    to: Timestamp,
    lanes: Vec<Lane>,
}

impl<'a> History<'a> {
    /// The history of the incident that an account is of; `None` where the journal tells of no such incident. `now` is
    /// when the journal ends.
    #[must_use]
    pub fn new(account: &'a Account, policy: &'a Policy, now: Timestamp) -> Option<Self> {
        let incident = account.incident.as_ref()?;
        let from = account.stretches.first().map_or(incident.opened_at(), |stretch| stretch.from);
        let end = account.stretches.last().map_or(now, |stretch| stretch.to.unwrap_or(now)).max(from);
        // A promise that runs out soon after the end is shown whole; one of days must not crush a night.
        let length = (end - from).max(chrono::TimeDelta::minutes(1));
        let latest = from + length + length / 2;
        let deadlines = account.course.runs.iter().filter_map(|run| run.deadline);
        let to = deadlines.filter(|at| *at <= latest).chain([from + length]).max().unwrap_or(end);
        let to = to + length / 40;
        let mut history = Self { account, incident, policy, now, from, to, lanes: Vec::new() };
        history.lanes = history.lanes();
        Some(history)
    }

    /// Its identity, how bad it is, from when to when, and how long it was open.
    fn subtitle(&self) -> String {
        let zone = self.policy.zone();
        let day = |at: Timestamp| zone.format(at, "%a %-d %b %Y %H:%M");
        let over = self.account.stretches.last().and_then(|stretch| stretch.to);
        let until = match over {
            Some(at) if zone.format(at, "%F") == zone.format(self.from, "%F") => zone.format(at, "%H:%M"),
            Some(at) => day(at),
            None => format!("{}, and it goes on", day(self.now)),
        };
        let open = Duration::from_millis(self.account.open_for(self.now).as_millis() / 1_000 * 1_000);
        let again = match self.account.stretches.windows(2).filter(|pair| reopened(pair)).count() {
            0 => String::new(),
            1 => ", opened again once".to_owned(),
            times => format!(", opened again {times} times"),
        };
        let severity = self.incident.severity();
        let end = self.end().map(|end| format!("{end}, ")).unwrap_or_default();
        format!("{severity}, {end}{} to {until}, open for {open}{again}, {}", day(self.from), zone.name())
    }

    /// Whether there is such a sign in any lane.
    fn shows(&self, kind: SignKind) -> bool {
        self.lanes.iter().flat_map(|lane| &lane.signs).any(|sign| sign.kind == kind)
    }

    /// What ended it other than that it was solved.
    fn end(&self) -> Option<String> {
        match self.incident.merged_into() {
            Some(into) => Some(format!("merged into {into}")),
            None => self.incident.is_false_alarm().then(|| "a false alarm".to_owned()),
        }
    }

    /// Its title, which says where it is a drill.
    fn title(&self) -> String {
        format!("{}{}", if self.incident.is_drill() { "DRILL " } else { "" }, self.incident.title())
    }

    /// The promises that were missed, in words: each clock once, with how often.
    fn breaches(&self) -> Vec<String> {
        let mut missed: BTreeMap<ClockKind, (&ClockRun, usize)> = BTreeMap::new();
        for run in self.account.course.runs.iter().filter(|run| run.end == RunEnd::Missed) {
            missed.entry(run.clock).or_insert((run, 0)).1 += 1;
        }
        let zone = self.policy.zone();
        let words = missed.into_values().map(|(run, times)| {
            let target = run.target.as_ref().map(|target| format!(" ({target})")).unwrap_or_default();
            let due =
                run.deadline.map(|at| format!(", due {}", zone.format(at, "%a %-d %b %H:%M"))).unwrap_or_default();
            let again = match times {
                1 => String::new(),
                times => format!(", and {} more", times - 1),
            };
            format!("Missed: {}{target}{due}{again}", run.clock)
        });
        words.collect()
    }
}

/// Whether the second of two stretches began with an opening, not with another severity.
fn reopened(pair: &[kentongan::report::Stretch]) -> bool {
    matches!(pair, [before, after] if before.to.is_some_and(|to| to < after.from))
}
