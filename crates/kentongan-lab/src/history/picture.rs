//! An incident as a picture: SVG with text as text, readable on light and dark grounds, without anything from outside.

use kentongan::report::MarkKind;
use kentongan::{State, Timestamp};

use super::History;
use super::axis::ticks;
use super::lanes::{BarKind, Lane, SignKind};
use crate::svg::{LETTER, Svg, as_number, fitting, number};

const WIDTH: f64 = 1080.0;
const MARGIN: f64 = 24.0;
/// Where the time begins, right of the names of the lanes.
const LEFT: f64 = 152.0;
const TOP: f64 = 118.0;
const LANE: f64 = 28.0;
const BETWEEN: f64 = 8.0;
/// From one row of the legend to the next.
const ROW: f64 = 22.0;
/// The most ticks that the axis has room for.
const TICKS_MAX: usize = 14;
/// Signs of one kind that are closer than this are one sign, which says how many.
const APART: f64 = 7.0;

const STYLE: &str = "\
svg{color-scheme:light dark;font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}\
.ground{fill:#fff}.head{font-size:18px;font-weight:600}text{fill:#1f2430}.soft{fill:#667085}\
.middle{text-anchor:middle}.end{text-anchor:end}.role{font-weight:600}.small{font-size:11px}\
.lane{fill:#f2f4f7}.tick{stroke:#d0d5dd}.now{stroke:#667085;stroke-dasharray:2 3}\
.lane,.band{rx:3px}.name{fill:#fff;font-weight:600;pointer-events:none}\
.s0{fill:#b42318}.s1{fill:#b4540a}.s2{fill:#946200}.s3{fill:#2e6fd8}.s4{fill:#667085}\
.open{fill:#b4540a}.acknowledged{fill:#2e6fd8}.responding{fill:#6b3fb5}.resolved{fill:#1a7f5a}\
.promised{fill:#b2ccf5}.ran{fill:#2e6fd8}.late{fill:#d92d20}.stood{fill:#98a2b3}\
.page{fill:#b4540a}.answer{fill:#1a7f5a}.work{fill:#6b3fb5}.hand{fill:#b0286a}.level{fill:#475467}\
.rest{fill:#98a2b3}.update{fill:#2e6fd8}.public{fill:#0f7c8f}.met{fill:#1a7f5a}.missed{fill:#d92d20}.again{fill:#fff}\
.sign{stroke:#fff;stroke-width:1}.breach{stroke:#d92d20;stroke-opacity:.45;stroke-dasharray:4 3}.alarm{fill:#b42318;font-weight:600}\
@media(prefers-color-scheme:dark){.ground{fill:#12151c}text{fill:#e6e9f0}.soft{fill:#98a2b3}.lane{fill:#1c212b}\
.tick{stroke:#2f3644}.now{stroke:#98a2b3}.name{fill:#0c0f14}\
.s0{fill:#f97066}.s1{fill:#f3a15f}.s2{fill:#e0c04f}.s3{fill:#7fb0ff}.s4{fill:#98a2b3}\
.open{fill:#f3a15f}.acknowledged{fill:#7fb0ff}.responding{fill:#bb9bf0}.resolved{fill:#5fd3a5}\
.promised{fill:#2b4166}.ran{fill:#7fb0ff}.late{fill:#f97066}.stood{fill:#667085}\
.page{fill:#f3a15f}.answer{fill:#5fd3a5}.work{fill:#bb9bf0}.hand{fill:#f48fbe}.level{fill:#cbd2dd}\
.rest{fill:#667085}.update{fill:#7fb0ff}.public{fill:#5fcfe0}.met{fill:#5fd3a5}.missed{fill:#f97066}.again{fill:#0c0f14}\
.sign{stroke:#12151c}.breach{stroke:#f97066}.alarm{fill:#fda29b}}";

const LEGEND: [(SignKind, &str); 10] = [
    (SignKind::Done(MarkKind::Page), "page"),
    (SignKind::Done(MarkKind::Acknowledged), "acknowledged"),
    (SignKind::Done(MarkKind::Responded), "responded"),
    (SignKind::Done(MarkKind::Resolved), "resolved"),
    (SignKind::Done(MarkKind::Escalated), "escalated by hand"),
    (SignKind::Done(MarkKind::Level), "level told"),
    (SignKind::Done(MarkKind::Update), "update"),
    (SignKind::Done(MarkKind::PublicUpdate), "public update"),
    (SignKind::Met, "promise kept"),
    (SignKind::Missed, "missed, or nobody to tell"),
];

/// What few incidents have: it stands in the legend of those only.
const RARE: [(SignKind, &str); 8] = [
    (SignKind::Done(MarkKind::Reopened), "opened again"),
    (SignKind::Done(MarkKind::Severity), "another severity"),
    (SignKind::Done(MarkKind::Paused), "clocks stand still"),
    (SignKind::Done(MarkKind::Snoozed), "put off"),
    (SignKind::Done(MarkKind::FalseAlarm), "false alarm"),
    (SignKind::Done(MarkKind::Merged), "merged into another"),
    (SignKind::Done(MarkKind::TookIn), "another merged into it"),
    (SignKind::Done(MarkKind::Split), "split"),
];

const BARS: [(BarKind, &str); 4] = [
    (BarKind::Promised, "time promised"),
    (BarKind::Ran, "time taken"),
    (BarKind::Late, "too late"),
    (BarKind::StoodStill, "stood still"),
];

impl History<'_> {
    /// The history as an SVG picture of bounded size: what lies closer together than can be told apart is one sign,
    /// which says how many it stands for. The same history is the same bytes.
    #[must_use]
    pub fn svg(&self) -> String {
        let bottom = TOP + as_number(self.lanes.len()) * (LANE + BETWEEN) - BETWEEN;
        let breaches = self.breaches();
        let rare: Vec<_> = RARE.into_iter().filter(|(kind, _)| self.shows(*kind)).collect();
        let height = bottom + 72.0 + if rare.is_empty() { 0.0 } else { ROW } + 20.0 * as_number(breaches.len()) + 24.0;
        let title = self.title();
        let mut svg = Svg::begin(WIDTH, height, &format!("{title}: how it went"), STYLE);
        svg.rectangle("ground", (0.0, 0.0), (WIDTH, height), "");
        svg.text("head", (MARGIN, 36.0), &fitting(&title, (WIDTH - 2.0 * MARGIN) * 0.7));
        svg.text("soft", (MARGIN, 57.0), &fitting(&self.subtitle(), WIDTH - 2.0 * MARGIN));
        svg.text("soft small", (MARGIN, 74.0), self.incident.id().as_str());
        for (index, lane) in self.lanes.iter().enumerate() {
            let y = TOP + as_number(index) * (LANE + BETWEEN);
            svg.text("role", (MARGIN, y + LANE / 2.0 + 4.5), &fitting(&lane.name, LEFT - MARGIN - 8.0));
            svg.rectangle("lane", (LEFT, y), (WIDTH - MARGIN - LEFT, LANE), "");
        }
        self.grid(&mut svg, bottom);
        for (index, lane) in self.lanes.iter().enumerate() {
            let y = TOP + as_number(index) * (LANE + BETWEEN);
            self.bars_of(&mut svg, lane, y);
            self.signs_of(&mut svg, lane, y);
        }
        let mut y = legend(&mut svg, &rare, bottom + 30.0);
        for breach in &breaches {
            y += 20.0;
            svg.text("alarm", (MARGIN, y), breach);
        }
        svg.end()
    }

    fn x(&self, at: Timestamp) -> f64 {
        let whole = millis(self.from, self.to).max(1.0);
        LEFT + (WIDTH - MARGIN - LEFT) * millis(self.from, at.clamp(self.from, self.to)) / whole
    }

    /// The ticks with their times, the days over them, and a line where a promise was missed or the journal ends.
    fn grid(&self, svg: &mut Svg, bottom: f64) {
        let (mut free, mut day_free) = (0.0, 0.0);
        for tick in ticks(self.policy.zone(), self.from, self.to, TICKS_MAX) {
            let x = self.x(tick.at);
            svg.line("tick", (x, TOP - 6.0), (x, bottom + 4.0));
            let half = as_number(tick.label.chars().count()) * LETTER / 2.0;
            if x - half >= free && x + half <= WIDTH {
                svg.text("small soft middle", (x, TOP - 11.0), &tick.label);
                free = x + half + 4.0;
            }
            if let Some(day) = tick.day.filter(|_| x >= day_free) {
                let width = as_number(day.chars().count()) * LETTER;
                svg.text("small middle", (x.min(WIDTH - width / 2.0), TOP - 25.0), &day);
                day_free = x + width + 8.0;
            }
        }
        let mut last = f64::MIN;
        let marks = self.account.course.marks.iter().filter(|mark| mark.kind == MarkKind::Breach);
        for x in marks.filter(|mark| mark.at <= self.to).map(|mark| self.x(mark.at)) {
            if (x - last).abs() >= APART {
                svg.line("breach", (x, TOP - 6.0), (x, bottom + 4.0));
                last = x;
            }
        }
        if self.account.stretches.last().is_some_and(|stretch| stretch.to.is_none()) {
            let x = self.x(self.now);
            svg.line("now", (x, TOP - 6.0), (x, bottom + 4.0));
        }
    }

    fn bars_of(&self, svg: &mut Svg, lane: &Lane, y: f64) {
        let band = |kind: BarKind| matches!(kind, BarKind::Severity(_) | BarKind::State(_));
        let mut drawn: Option<(BarKind, f64)> = None;
        let ends = lane.bars.iter().filter(|bar| bar.kind != BarKind::Promised).map(|bar| self.x(bar.to));
        let free = ends.fold(LEFT, f64::max);
        for bar in &lane.bars {
            let (from, to) = (self.x(bar.from), self.x(bar.to));
            // What is too short to be seen beside the bar before it is within that one.
            if drawn.is_some_and(|(kind, end)| kind == bar.kind && to < end + 0.5) {
                continue;
            }
            drawn = Some((bar.kind, to));
            let width = (to - from).max(1.5);
            let (top, height) = if band(bar.kind) { (y + 2.0, LANE - 4.0) } else { (y + 8.0, LANE - 16.0) };
            svg.rectangle(&bar_class(bar.kind), (from, top), (width, height), &bar.hint);
            let label = if band(bar.kind) { fitting(&bar.label, width - 10.0) } else { String::new() };
            if label.chars().count() >= bar.label.chars().count().min(4) && !label.is_empty() {
                svg.text("name middle", (from + width / 2.0, y + LANE / 2.0 + 4.5), &label);
            }
            let room = as_number(bar.label.chars().count()) * LETTER;
            if bar.kind == BarKind::Promised && !bar.label.is_empty() && to - free.max(from) > room + 16.0 {
                svg.text("small end", (to - 8.0, y + LANE / 2.0 + 4.0), &bar.label);
            }
        }
    }

    fn signs_of(&self, svg: &mut Svg, lane: &Lane, y: f64) {
        struct Group<'a> {
            kind: SignKind,
            x: f64,
            last: f64,
            count: usize,
            hint: &'a str,
            label: &'a str,
        }
        let mut groups: Vec<Group<'_>> = Vec::new();
        for sign in &lane.signs {
            let x = self.x(sign.at);
            // The last of its kind, looked for among the last few: signs come in order.
            let near = groups.iter_mut().rev().take(12).find(|group| group.kind == sign.kind);
            match near {
                Some(group) if x - group.x < APART => {
                    group.count += 1;
                    group.last = x;
                }
                _ => groups.push(Group { kind: sign.kind, x, last: x, count: 1, hint: &sign.hint, label: &sign.label }),
            }
        }
        let mut free = LEFT;
        for (index, group) in groups.iter().enumerate() {
            let hint = if group.count > 1 {
                format!("{}, and {} more like it", group.hint, group.count - 1)
            } else {
                group.hint.to_owned()
            };
            let (x, height) = (f64::midpoint(group.x, group.last), place(group.kind));
            svg.path(&format!("sign {}", sign_class(group.kind)), &outline(group.kind, x, y + height), &hint);
            let room = groups.get(index + 1).map_or(WIDTH - MARGIN, |next| next.x - 8.0);
            let width = as_number(group.label.chars().count()) * LETTER;
            if !group.label.is_empty() && x + 9.0 >= free && x + 9.0 + width <= room {
                svg.text("small", (x + 9.0, y + LANE / 2.0 + 4.0), group.label);
                free = x + 9.0 + width;
            }
        }
    }
}

/// What the signs and bars mean, in rows; where the last row is.
fn legend(svg: &mut Svg, rare: &[(SignKind, &str)], mut y: f64) -> f64 {
    for row in [LEGEND.as_slice(), rare].into_iter().filter(|row| !row.is_empty()) {
        let mut x = MARGIN + 6.0;
        for (kind, label) in row {
            svg.path(&format!("sign {}", sign_class(*kind)), &outline(*kind, x, y - 4.0), "");
            svg.text("small soft", (x + 10.0, y), label);
            x += as_number(label.chars().count()) * 6.0 + 32.0;
        }
        y += ROW;
    }
    let mut x = MARGIN;
    for (kind, label) in BARS {
        svg.rectangle(&bar_class(kind), (x, y - 9.0), (24.0, 10.0), "");
        svg.text("small soft", (x + 30.0, y), label);
        x += as_number(label.chars().count()) * 6.0 + 52.0;
    }
    y + 6.0
}

fn bar_class(kind: BarKind) -> String {
    match kind {
        BarKind::Severity(rank) => format!("band s{}", rank.min(4)),
        BarKind::State(State::Open) => "band open".to_owned(),
        BarKind::State(State::Acknowledged) => "band acknowledged".to_owned(),
        BarKind::State(State::Responding) => "band responding".to_owned(),
        BarKind::State(State::Resolved) => "band resolved".to_owned(),
        BarKind::Promised => "promised".to_owned(),
        BarKind::Ran => "ran".to_owned(),
        BarKind::Late => "late".to_owned(),
        BarKind::StoodStill => "stood".to_owned(),
    }
}

fn sign_class(kind: SignKind) -> &'static str {
    match kind {
        SignKind::Met => "met",
        SignKind::Missed | SignKind::Done(MarkKind::Breach | MarkKind::Nobody) => "missed",
        SignKind::Done(MarkKind::Page) => "page",
        SignKind::Done(MarkKind::Acknowledged | MarkKind::Resolved | MarkKind::FalseAlarm) => "answer",
        SignKind::Done(MarkKind::Responded | MarkKind::Merged | MarkKind::TookIn | MarkKind::Split) => "work",
        SignKind::Done(MarkKind::Escalated) => "hand",
        SignKind::Done(MarkKind::Reopened) => "again",
        SignKind::Done(MarkKind::Level | MarkKind::Severity) => "level",
        SignKind::Done(MarkKind::Update) => "update",
        SignKind::Done(MarkKind::PublicUpdate) => "public",
        SignKind::Done(MarkKind::Paused | MarkKind::Snoozed) => "rest",
    }
}

/// How far down its lane a sign stands: what often happens together does not lie on top of each other.
fn place(kind: SignKind) -> f64 {
    match kind {
        SignKind::Done(MarkKind::Page | MarkKind::Update | MarkKind::Resolved) => 8.5,
        SignKind::Done(MarkKind::Acknowledged | MarkKind::Responded | MarkKind::Escalated | MarkKind::PublicUpdate) => {
            19.5
        }
        _ => LANE / 2.0,
    }
}

/// Shapes tell kinds apart where colours do not.
fn outline(kind: SignKind, x: f64, y: f64) -> String {
    let polygon = |points: &[(f64, f64)]| {
        let points: Vec<String> =
            points.iter().map(|(dx, dy)| format!("{} {}", number(x + dx), number(y + dy))).collect();
        format!("M{}Z", points.join("L"))
    };
    match kind {
        SignKind::Done(MarkKind::Acknowledged | MarkKind::Update) => {
            let left = format!("{} {}", number(x - 5.0), number(y));
            format!("M{left}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z")
        }
        SignKind::Done(MarkKind::Page) => polygon(&[(0.0, -6.0), (6.0, 5.0), (-6.0, 5.0)]),
        SignKind::Done(MarkKind::Responded | MarkKind::Resolved) => {
            polygon(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)])
        }
        SignKind::Done(MarkKind::PublicUpdate | MarkKind::Escalated) => {
            polygon(&[(0.0, -6.5), (6.5, 0.0), (0.0, 6.5), (-6.5, 0.0)])
        }
        SignKind::Done(MarkKind::Level | MarkKind::Reopened) => polygon(&[(-4.0, -6.0), (6.0, 0.0), (-4.0, 6.0)]),
        SignKind::Done(MarkKind::Severity) => polygon(&[(0.0, -6.0), (6.0, 0.0), (3.0, 6.0), (-3.0, 6.0), (-6.0, 0.0)]),
        // Two upright strokes.
        SignKind::Done(MarkKind::Paused) => format!(
            "{}{}",
            polygon(&[(-5.0, -6.0), (-1.0, -6.0), (-1.0, 6.0), (-5.0, 6.0)]),
            polygon(&[(1.0, -6.0), (5.0, -6.0), (5.0, 6.0), (1.0, 6.0)])
        ),
        SignKind::Done(MarkKind::Snoozed) => polygon(&[
            (-5.0, -6.0),
            (5.0, -6.0),
            (0.0, 4.0),
            (5.0, 4.0),
            (5.0, 6.0),
            (-5.0, 6.0),
            (0.0, -4.0),
            (-5.0, -4.0),
        ]),
        SignKind::Done(MarkKind::FalseAlarm) => polygon(&[(-6.0, -2.0), (6.0, -2.0), (6.0, 2.0), (-6.0, 2.0)]),
        SignKind::Done(MarkKind::Merged) => polygon(&[(-6.0, -6.0), (6.0, 0.0), (-6.0, 6.0), (-2.0, 0.0)]),
        SignKind::Done(MarkKind::TookIn) => polygon(&[(6.0, -6.0), (-6.0, 0.0), (6.0, 6.0), (2.0, 0.0)]),
        SignKind::Done(MarkKind::Split) => polygon(&[(0.0, -6.0), (6.0, 6.0), (0.0, 2.0), (-6.0, 6.0)]),
        SignKind::Met => polygon(&[(-6.0, 0.0), (-4.0, -2.0), (-2.0, 1.0), (4.0, -6.0), (6.0, -4.0), (-2.0, 6.0)]),
        SignKind::Missed | SignKind::Done(MarkKind::Breach | MarkKind::Nobody) => polygon(&[
            (-6.0, -4.0),
            (-4.0, -6.0),
            (0.0, -2.0),
            (4.0, -6.0),
            (6.0, -4.0),
            (2.0, 0.0),
            (6.0, 4.0),
            (4.0, 6.0),
            (0.0, 2.0),
            (-4.0, 6.0),
            (-6.0, 4.0),
            (-2.0, 0.0),
        ]),
    }
}

fn millis(from: Timestamp, to: Timestamp) -> f64 {
    // Seconds are finer than a point of the picture, and fit without loss for a lifetime; beyond it they still order.
    i32::try_from((to - from).num_seconds()).map_or(f64::from(i32::MAX), f64::from)
}
