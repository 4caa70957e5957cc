//! The chart as a picture: SVG with text as text, readable on light and dark grounds, without anything from outside.

use kentongan::oncall::{OnCall, Shift};
use kentongan::{Duration, Timestamp};

use super::totals::hours;
use super::{Chart, Role};
use crate::svg::{Svg, as_number, fitting};

const WIDTH: f64 = 1080.0;
const MARGIN: f64 = 24.0;
/// Where the time begins, right of the names of the roles.
const LEFT: f64 = 136.0;
const TOP: f64 = 104.0;
const LANE: f64 = 40.0;
const BETWEEN: f64 = 16.0;

/// The colours: eight hues that stay apart for people who see few of them, on either ground.
const STYLE: &str = "\
svg{color-scheme:light dark;font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}\
.ground{fill:#fff}.head{font-size:18px;font-weight:600}text{fill:#1f2430}.soft{fill:#667085}\
.end{text-anchor:end}.middle{text-anchor:middle}.role{font-weight:600}.small{font-size:11px}\
.lane{fill:#f2f4f7}.weekend{fill:#101828;fill-opacity:.05}.day{stroke:#d0d5dd}.week{stroke:#98a2b3}\
.odd{fill:#b54708;font-weight:600}.now{stroke:#d92d20;stroke-width:1.5}.nowmark{fill:#d92d20;font-weight:600}\
.lane,.bar,.gap{rx:3px}.bar{stroke:#fff;stroke-width:1}.name{fill:#fff;font-weight:600;pointer-events:none}\
.p0{fill:#2e6fd8}.p1{fill:#b4540a}.p2{fill:#1a7f5a}.p3{fill:#8a3fb5}.p4{fill:#0f7c8f}.p5{fill:#b0286a}.p6{fill:#5f6b13}.p7{fill:#5b5bd6}\
.gap{fill:url(#gap);stroke:#d92d20;stroke-width:1.5}.gaptext{fill:#b42318;font-weight:600}\
.hatch{stroke:#f04438;stroke-width:3}.hatchground{fill:#fee4e2}\
@media(prefers-color-scheme:dark){.ground{fill:#12151c}text{fill:#e6e9f0}.soft{fill:#98a2b3}.lane{fill:#1c212b}\
.weekend{fill:#fff;fill-opacity:.06}.day{stroke:#2f3644}.week{stroke:#545e70}.bar{stroke:#12151c}.name{fill:#0c0f14}\
.odd{fill:#fdb022}.now{stroke:#f97066}.nowmark{fill:#f97066}.gaptext{fill:#fda29b}.hatchground{fill:#3a1513}\
.p0{fill:#7fb0ff}.p1{fill:#f3a15f}.p2{fill:#5fd3a5}.p3{fill:#cf9bf0}.p4{fill:#5fcfe0}.p5{fill:#f48fbe}.p6{fill:#c3cf6b}.p7{fill:#a9a9ff}}";

impl Chart {
    /// The chart as an SVG picture: a lane for each role, weekends shaded, gaps hatched in red with their reason, and
    /// what it comes to for each person. The same chart is the same bytes.
    #[must_use]
    pub fn svg(&self) -> String {
        let lanes = as_number(self.roles.len()) * (LANE + BETWEEN);
        let totals = self.totals();
        let gaps: Vec<(&Role, &Shift)> = self
            .roles
            .iter()
            .flat_map(|role| role.shifts.iter().filter(|shift| super::is_gap(shift)).map(move |shift| (role, shift)))
            .take(GAPS_LISTED)
            .collect();
        let table = TOP + lanes + 28.0;
        let height = table + 22.0 * as_number(totals.len() + 1) + 20.0 * as_number(gaps.len()) + 32.0;
        let mut svg = Svg::begin(WIDTH, height, &format!("{}: who is on call, {}", self.title, self.span()), STYLE);
        svg.raw(PATTERN);
        svg.rectangle("ground", (0.0, 0.0), (WIDTH, height), "");
        svg.text("head", (MARGIN, 36.0), &self.title);
        svg.text("soft", (MARGIN, 58.0), &self.span());
        self.grid(&mut svg, TOP + lanes - BETWEEN);
        let people = self.people();
        for (index, role) in self.roles.iter().enumerate() {
            self.lane(&mut svg, role, TOP + as_number(index) * (LANE + BETWEEN), &people);
        }
        self.now_mark(&mut svg, TOP + lanes - BETWEEN);
        let mut y = table;
        for (x, label) in COLUMNS {
            svg.text(if x > MARGIN { "soft small end" } else { "soft small" }, (x, y), label);
        }
        for (index, total) in totals.iter().enumerate() {
            y += 22.0;
            svg.rectangle(&format!("p{}", index % 8), (MARGIN, y - 11.0), (12.0, 12.0), "");
            svg.text("", (MARGIN + 20.0, y), &total.person);
            let cells = [hours_of(total.hours), total.nights.to_string(), total.weekend_days.to_string()];
            for ((x, _), cell) in COLUMNS.iter().skip(1).zip(cells) {
                svg.text("end", (*x, y), &cell);
            }
        }
        y += 8.0;
        for (role, gap) in gaps {
            y += 20.0;
            svg.text("gaptext", (MARGIN, y), &format!("{}: {}", role.name, self.hint(gap)));
        }
        svg.end()
    }

    fn x(&self, at: Timestamp) -> f64 {
        let at = at.clamp(self.from, self.to);
        let whole = millis(self.from, self.to).max(1.0);
        LEFT + (WIDTH - MARGIN - LEFT) * millis(self.from, at) / whole
    }

    /// The days: weekends shaded, a line at each midnight, and the dates over them.
    fn grid(&self, svg: &mut Svg, bottom: f64) {
        let days = self.days();
        let width = (WIDTH - MARGIN - LEFT) / as_number(days.len()).max(1.0);
        for day in &days {
            let (from, to) = (self.x(day.from), self.x(day.to));
            let monday = day.date.format("%u").to_string() == "1";
            if day.is_weekend() {
                svg.rectangle("weekend", (from, TOP - 8.0), (to - from, bottom - TOP + 16.0), "");
            }
            if day.from >= self.from && (width >= 6.0 || monday) {
                svg.line(if monday { "week" } else { "day" }, (from, TOP - 8.0), (from, bottom + 8.0));
            }
            let middle = f64::midpoint(from, to);
            let label = match width {
                ..26.0 => monday.then(|| day.date.format("%-d %b").to_string()),
                26.0..58.0 => Some(day.date.format("%-d").to_string()),
                _ => Some(day.date.format("%a %-d").to_string()),
            };
            let class = if day.is_odd() { "small odd" } else { "small soft" };
            if let Some(label) = label {
                let (class, x) =
                    if width < 26.0 { (class.to_owned(), from) } else { (format!("{class} middle"), middle) };
                svg.text(&class, (x, TOP - 16.0), &label);
            }
            if day.is_odd() {
                svg.text("small odd middle", (middle, TOP - 30.0), &hours(day.length()));
            }
        }
    }

    fn lane(&self, svg: &mut Svg, role: &Role, y: f64, people: &[&str]) {
        svg.text("role", (MARGIN, y + LANE / 2.0 + 5.0), &fitting(&role.label(), LEFT - MARGIN - 8.0));
        svg.rectangle("lane", (LEFT, y), (WIDTH - MARGIN - LEFT, LANE), "");
        for shift in &role.shifts {
            let (from, to) = (self.x(shift.from), self.x(shift.to));
            let width = (to - from).max(1.5);
            let hint = self.hint(shift);
            if super::is_gap(shift) {
                svg.rectangle("gap", (from, y + 1.0), (width, LANE - 2.0), &hint);
                continue;
            }
            let names: Vec<&str> = super::people(shift).collect();
            let height = LANE / as_number(names.len()).max(1.0);
            for (index, name) in names.iter().enumerate() {
                let colour = people.binary_search(name).unwrap_or(0) % 8;
                let top = y + as_number(index) * height;
                svg.rectangle(&format!("bar p{colour}"), (from, top), (width, height), &hint);
                let label = fitting(name, width - 10.0);
                if height >= 12.0 && label.chars().count() >= name.chars().count().min(LETTERS_MIN) {
                    svg.text("name middle", (from + width / 2.0, top + height / 2.0 + 4.5), &label);
                }
            }
        }
    }

    fn now_mark(&self, svg: &mut Svg, bottom: f64) {
        let Some(now) = self.now.filter(|now| (self.from..self.to).contains(now)) else {
            return;
        };
        let x = self.x(now);
        svg.line("now", (x, TOP - 8.0), (x, bottom + 8.0));
        svg.text("nowmark small middle", (x, bottom + 20.0), &self.zone.format(now, "%H:%M"));
    }

    /// A shift in words.
    fn hint(&self, shift: &Shift) -> String {
        let who = match &shift.on_call {
            OnCall::People(people) => people.join(", "),
            OnCall::Gap { reason } => format!("nobody, {reason}"),
        };
        let length = hours(Duration::between(shift.from, shift.to));
        format!(
            "{} to {} ({length}): {who}",
            self.moment(shift.from).replace("  ", " "),
            self.moment(shift.to).replace("  ", " ")
        )
    }
}

/// The fewest letters that a name is cut to; less of one says nothing.
const LETTERS_MIN: usize = 4;
/// The most gaps that are listed in words; each is drawn.
const GAPS_LISTED: usize = 12;
const COLUMNS: [(f64, &str); 4] = [(MARGIN, "person"), (320.0, "on call"), (420.0, "nights"), (540.0, "weekend days")];
const PATTERN: &str = "<defs><pattern id=\"gap\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><rect class=\"hatchground\" width=\"8\" height=\"8\"/>\
<line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\"/></pattern></defs>\n";

fn hours_of(hours: i64) -> String {
    format!("{hours}h")
}

fn millis(from: Timestamp, to: Timestamp) -> f64 {
    // Seconds are finer than a point of the picture, and fit without loss.
    i32::try_from((to - from).num_seconds()).map_or(f64::from(i32::MAX), f64::from)
}
