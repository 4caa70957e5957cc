//! What is drawn, apart from how: a lane for the severity, the state, each clock, what people were told, and each person.

use kentongan::policy::document::Target;
use kentongan::report::{ClockRun, Mark, MarkKind, RunEnd, named};
use kentongan::{ClockKind, Duration, State, Timestamp};

use super::History;

/// The most people that have a lane of their own; those who come later share one.
const PEOPLE_MAX: usize = 16;
/// The longest hint, in characters.
const HINT_MAX: usize = 200;

/// What stands in the lane of the state, beside what whoever did it has in theirs.
const OF_STATE: [MarkKind; 6] =
    [MarkKind::Paused, MarkKind::Snoozed, MarkKind::FalseAlarm, MarkKind::Merged, MarkKind::TookIn, MarkKind::Split];

/// A row of the picture.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) bars: Vec<Bar>,
    pub(super) signs: Vec<Sign>,
}

/// Something that lasts.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) kind: BarKind,
    pub(super) label: String,
    pub(super) hint: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BarKind {
    /// By its place among the policy's, the worst first.
    Severity(usize),
    State(State),
    /// From the start of a clock to its deadline.
    Promised,
    /// The time that the clock took within it.
    Ran,
    /// The time after it.
    Late,
    StoodStill,
}

/// Something that happens at an instant.
#[derive(Debug)]
pub(super) struct Sign {
    pub(super) at: Timestamp,
    pub(super) kind: SignKind,
    pub(super) label: String,
    pub(super) hint: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignKind {
    Met,
    Missed,
    Done(MarkKind),
}

impl History<'_> {
    pub(super) fn lanes(&self) -> Vec<Lane> {
        let mut lanes = vec![self.severity(), self.states()];
        let mut clocks: Vec<ClockKind> = self.account.course.runs.iter().map(|run| run.clock).collect();
        clocks.sort_unstable();
        clocks.dedup();
        lanes.extend(clocks.into_iter().map(|clock| self.clock(clock)));
        let shared = [
            ("told", &[MarkKind::Update, MarkKind::PublicUpdate][..]),
            ("escalation", &[MarkKind::Level, MarkKind::Nobody][..]),
        ];
        for (name, kinds) in shared {
            let signs = self.signs(|mark| kinds.contains(&mark.kind));
            if !signs.is_empty() {
                lanes.push(Lane { name: name.to_owned(), bars: Vec::new(), signs });
            }
        }
        lanes.extend(self.people());
        lanes
    }

    fn severity(&self) -> Lane {
        let rank = |name: &str| self.policy.severities().position(|severity| severity == name).unwrap_or(usize::MAX);
        let bar = |stretch: &kentongan::report::Stretch| {
            let (from, to) = (stretch.from, stretch.to.unwrap_or(self.now));
            let (kind, label) = (BarKind::Severity(rank(&stretch.severity)), stretch.severity.clone());
            Bar { from, to, kind, hint: self.span(&label, from, to), label }
        };
        let bars = self.account.stretches.iter().map(bar).collect();
        let signs = self.signs(|mark| matches!(mark.kind, MarkKind::Reopened | MarkKind::Severity));
        Lane { name: "severity".to_owned(), bars, signs }
    }

    fn states(&self) -> Lane {
        let states = &self.account.course.states;
        let ends = states.iter().skip(1).map(|(at, _)| *at).chain([self.to]);
        let over = self.account.stretches.last().and_then(|stretch| stretch.to).is_some();
        let bars = states.iter().zip(ends).map(|((from, state), to)| {
            let to = if over { to } else { to.min(self.now) };
            let label = state.to_string();
            Bar { from: *from, to, kind: BarKind::State(*state), hint: self.span(&label, *from, to), label }
        });
        let signs = self.signs(|mark| OF_STATE.contains(&mark.kind));
        Lane { name: "state".to_owned(), bars: bars.collect(), signs }
    }

    fn clock(&self, clock: ClockKind) -> Lane {
        let mut lane = Lane { name: clock.to_string().replace('_', " "), bars: Vec::new(), signs: Vec::new() };
        for run in self.account.course.runs.iter().filter(|run| run.clock == clock) {
            self.run(run, &mut lane);
        }
        for standstill in self.account.course.standstills.iter().filter(|it| it.clocks.contains(&clock)) {
            let (from, to) = (standstill.from, standstill.to.unwrap_or(self.now));
            let hint = self.span("stood still", from, to);
            lane.bars.push(Bar { from, to, kind: BarKind::StoodStill, label: String::new(), hint });
        }
        lane
    }

    fn run(&self, run: &ClockRun, lane: &mut Lane) {
        let end = run.until.unwrap_or(self.now);
        let target = run.target.as_ref().map(|target| format!(" ({target})")).unwrap_or_default();
        let due = run.deadline.map(|at| format!(", due {}", self.moment(at))).unwrap_or_default();
        // Where no time is promised, there is nothing to keep.
        let measured = run.target == Some(Target::BestEffort);
        let how = match run.end {
            RunEnd::Met if measured => "measured",
            RunEnd::Met => "kept",
            RunEnd::Missed => "missed",
            RunEnd::GivenUp => "no longer needed",
            RunEnd::Open if run.until.is_some() => "began anew",
            RunEnd::Open => "it runs",
        };
        let hint = format!("{}{target}{due}: {how}", run.clock);
        let mut bar = |from: Timestamp, to: Timestamp, kind, label: String| {
            if from < to {
                lane.bars.push(Bar { from, to, kind, label, hint: hint.clone() });
            }
        };
        if let Some(deadline) = run.deadline {
            // Where it runs out beyond the picture, the picture says when.
            let label = if deadline > self.to { format!("due {} →", self.moment(deadline)) } else { String::new() };
            // What no longer matters is promised no longer.
            let (last, label) = if run.end == RunEnd::GivenUp { (end, String::new()) } else { (self.to, label) };
            bar(run.from, deadline.min(last), BarKind::Promised, label);
        }
        let deadline = run.deadline.unwrap_or(end);
        bar(run.from, end.min(deadline), BarKind::Ran, String::new());
        if run.end == RunEnd::Missed {
            bar(deadline.max(run.from), end, BarKind::Late, String::new());
        }
        let sign = match run.end {
            RunEnd::Met if measured => None,
            RunEnd::Met => Some((end, SignKind::Met)),
            RunEnd::Missed => Some((deadline.min(end), SignKind::Missed)),
            RunEnd::Open | RunEnd::GivenUp => None,
        };
        let sign = sign.map(|(at, kind)| Sign { at: at.max(run.from), kind, label: String::new(), hint });
        lane.signs.extend(sign);
    }

    /// A lane for each of those who were paged, answered or escalated, in the order in which they appear.
    fn people(&self) -> Vec<Lane> {
        let of_people =
            [MarkKind::Page, MarkKind::Acknowledged, MarkKind::Responded, MarkKind::Escalated, MarkKind::Resolved];
        // Monitoring and the policy can end an incident; who only does that is no person of it.
        let appears = |mark: &&Mark| of_people.contains(&mark.kind) && mark.kind != MarkKind::Resolved;
        let mut names: Vec<&str> = Vec::new();
        let mut others = std::collections::BTreeSet::new();
        for mark in self.account.course.marks.iter().filter(appears) {
            let name = mark.who.as_str();
            if names.contains(&name) || name.is_empty() {
                continue;
            }
            if names.len() < PEOPLE_MAX {
                names.push(name);
            } else {
                others.insert(name);
            }
        }
        let mut lanes: Vec<Lane> = Vec::new();
        for name in names {
            let signs = self.signs(|mark| of_people.contains(&mark.kind) && mark.who == name);
            lanes.push(Lane { name: named(self.policy, name), bars: Vec::new(), signs });
        }
        if !others.is_empty() {
            let signs = self.signs(|mark| of_people.contains(&mark.kind) && others.contains(mark.who.as_str()));
            lanes.push(Lane { name: format!("{} others", others.len()), bars: Vec::new(), signs });
        }
        lanes
    }

    /// The marks that count and lie in the picture, in order.
    fn signs(&self, counts: impl Fn(&Mark) -> bool) -> Vec<Sign> {
        let marks = self.account.course.marks.iter();
        let marks = marks.filter(|mark| (self.from..=self.to).contains(&mark.at) && counts(mark));
        let mut signs: Vec<Sign> = marks.map(|mark| self.sign(mark)).collect();
        signs.sort_by_key(|sign| sign.at);
        signs
    }

    fn sign(&self, mark: &Mark) -> Sign {
        let what = match mark.kind {
            MarkKind::Page => "is paged",
            MarkKind::Acknowledged => "acknowledges",
            MarkKind::Responded => "responds",
            MarkKind::Escalated => "escalates by hand",
            MarkKind::Resolved => "resolves it",
            MarkKind::Reopened => "it opens again",
            MarkKind::Level => "told",
            MarkKind::Nobody => "nobody could be told",
            MarkKind::Update => "update",
            MarkKind::PublicUpdate => "public update",
            MarkKind::Breach => "missed",
            MarkKind::Severity => "severity",
            MarkKind::Paused => "lets the clocks stand still",
            MarkKind::Snoozed => "puts it off",
            MarkKind::FalseAlarm => "says that it is a false alarm",
            MarkKind::Merged => "merges it into another",
            MarkKind::TookIn => "merges another into it",
            MarkKind::Split => "splits",
        };
        let who = if mark.who.is_empty() { String::new() } else { format!("{} ", named(self.policy, &mark.who)) };
        let text = match (mark.kind, mark.text.is_empty()) {
            (_, true) => String::new(),
            (MarkKind::Page, false) => format!(" by {}", mark.text),
            (_, false) => format!(": {}", mark.text),
        };
        let hint = format!("{} {who}{what}{text}", self.moment(mark.at));
        let label = match mark.kind {
            MarkKind::Level => mark.text.split(": ").next().unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        Sign { at: mark.at, kind: SignKind::Done(mark.kind), label, hint: hint.chars().take(HINT_MAX).collect() }
    }

    fn span(&self, what: &str, from: Timestamp, to: Timestamp) -> String {
        let length = Duration::from_millis(Duration::between(from, to).as_millis() / 1_000 * 1_000);
        format!("{what}: {} to {} ({length})", self.moment(from), self.moment(to))
    }

    fn moment(&self, at: Timestamp) -> String {
        self.policy.zone().format(at, "%a %-d %b %H:%M")
    }
}
