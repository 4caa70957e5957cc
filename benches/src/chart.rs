//! The figures as a picture: a panel a language, both axes logarithmic, on light and dark pages.

use std::fmt::Write as _;

use crate::figures::{Engine, Figure, Kind};
use crate::plan::Set;
use crate::results::thousands;

const PANEL_WIDTH: f64 = 330.0;
const PLOT_LEFT: f64 = 46.0;
const PLOT_WIDTH: f64 = 150.0;
const PLOT_TOP: f64 = 34.0;
const PLOT_HEIGHT: f64 = 270.0;
const LABEL_HEIGHT: f64 = 13.0;

const STYLE: &str = "\
text { font: 11px system-ui, sans-serif; fill: #495057 } .title { font-weight: 600; fill: #212529 }
.grid { stroke: #dee2e6 } polyline { fill: none; stroke-width: 1.3 } .engine { stroke: #868e96 }
.by_hand { stroke: #868e96; stroke-dasharray: 3 3 } .ours { stroke: #d9480f; stroke-width: 2.6 }
text.ours { fill: #d9480f; stroke: none; font-weight: 600 } text.engine, text.by_hand { stroke: none }
@media (prefers-color-scheme: dark) { text { fill: #ced4da } .title { fill: #f8f9fa } .grid { stroke: #343a40 }
.engine, .by_hand { stroke: #adb5bd } .ours { stroke: #ff922b } text.ours { fill: #ff922b } }";

/// Rules over labels and numbers, as SVG.
#[must_use]
pub fn svg(figures: &[Figure]) -> String {
    let mixed: Vec<&Figure> = figures.iter().filter(|figure| figure.set == Set::Mixed).collect();
    let languages = [("rust", "Rust"), ("python", "Python"), ("node", "Node")];
    let present = languages.into_iter().filter(|(name, _)| mixed.iter().any(|figure| figure.engine.language == *name));
    let scale = Scale::of(&mixed);
    let mut panels = String::new();
    let mut left = 0.0;
    for (language, title) in present {
        let figures: Vec<&Figure> = mixed.iter().filter(|figure| figure.engine.language == language).copied().collect();
        let _ = write!(panels, "<g transform=\"translate({left} 0)\">\n{}</g>\n", panel(title, &figures, &scale));
        left += PANEL_WIDTH;
    }
    let height = PLOT_TOP + PLOT_HEIGHT + 30.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {left} {height}\" role=\"img\" \
         aria-label=\"Microseconds an alert by number of rules\">\n<style>{STYLE}</style>\n{panels}</svg>\n"
    )
}

fn panel(title: &str, figures: &[&Figure], scale: &Scale) -> String {
    let mut svg =
        format!("<text class=\"title\" x=\"{PLOT_LEFT}\" y=\"16\">{title}: µs an alert by number of rules</text>\n");
    for power in scale.micros.0..=scale.micros.1 {
        let (y, label) = (scale.y(10f64.powi(power)), power_of_ten(power));
        let right = PLOT_LEFT + PLOT_WIDTH;
        let _ = writeln!(svg, "<line class=\"grid\" x1=\"{PLOT_LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
        let _ =
            writeln!(svg, "<text text-anchor=\"end\" x=\"{}\" y=\"{:.1}\">{label}</text>", PLOT_LEFT - 5.0, y + 4.0);
    }
    for power in scale.rules.0..=scale.rules.1 {
        let x = scale.x(10f64.powi(power));
        let y = PLOT_TOP + PLOT_HEIGHT + 18.0;
        let _ = writeln!(svg, "<text text-anchor=\"middle\" x=\"{x:.1}\" y=\"{y}\">{}</text>", power_of_ten(power));
    }
    for (line, label_y) in spread(lines(figures, scale)) {
        let class = class(line.engine.kind);
        let _ = writeln!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", line.points);
        let x = PLOT_LEFT + PLOT_WIDTH + 8.0;
        let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{:.1}\">{}</text>", label_y + 4.0, line.label);
    }
    svg
}

/// One engine's way across a panel.
struct Line<'a> {
    engine: &'a Engine,
    label: String,
    points: String,
    /// Where it ends.
    end: f64,
}

fn lines<'a>(figures: &[&'a Figure], scale: &Scale) -> Vec<Line<'a>> {
    let mut engines: Vec<&Engine> = Vec::new();
    for figure in figures {
        if !engines.contains(&&figure.engine) {
            engines.push(&figure.engine);
        }
    }
    let line = |engine: &'a Engine| {
        let own = figures.iter().filter(|figure| figure.engine == *engine);
        #[expect(clippy::cast_precision_loss, reason = "a number of rules")]
        let points: Vec<(f64, f64)> =
            own.map(|figure| (scale.x(figure.rules as f64), scale.y(figure.median()))).collect();
        let end = points.last().map_or(PLOT_TOP, |(_, y)| *y);
        let points = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
        let label = match engine.kind {
            Kind::Engine => engine.name.clone(),
            Kind::Ours | Kind::ByHand => format!("{}, {}", engine.name, engine.how),
        };
        Line { engine, label, points, end }
    };
    engines.into_iter().map(line).collect()
}

/// Where each label stands: beside the end of its line, and clear of its neighbours.
fn spread(mut lines: Vec<Line<'_>>) -> Vec<(Line<'_>, f64)> {
    lines.sort_by(|left, right| left.end.total_cmp(&right.end));
    let mut free = f64::NEG_INFINITY;
    let mut placed = Vec::new();
    for line in lines {
        let y = line.end.max(free);
        free = y + LABEL_HEIGHT;
        placed.push((line, y));
    }
    placed
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Ours => "ours",
        Kind::Engine => "engine",
        Kind::ByHand => "by_hand",
    }
}

/// The powers of ten that the axes begin and end with.
struct Scale {
    rules: (i32, i32),
    micros: (i32, i32),
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "a number of rules")]
    fn of(figures: &[&Figure]) -> Self {
        Self {
            rules: powers(figures.iter().map(|figure| figure.rules as f64)),
            micros: powers(figures.iter().map(|figure| figure.median())),
        }
    }

    fn x(&self, rules: f64) -> f64 {
        PLOT_LEFT + PLOT_WIDTH * part(self.rules, rules)
    }

    fn y(&self, micros: f64) -> f64 {
        PLOT_TOP + PLOT_HEIGHT * (1.0 - part(self.micros, micros))
    }
}

fn powers(numbers: impl Iterator<Item = f64> + Clone) -> (i32, i32) {
    let least = numbers.clone().fold(f64::INFINITY, f64::min);
    let most = numbers.fold(f64::NEG_INFINITY, f64::max);
    #[expect(clippy::cast_possible_truncation, reason = "powers of ten that anything takes are small")]
    let (first, last) = (least.log10().floor() as i32, most.log10().ceil() as i32);
    (first, last.max(first + 1))
}

fn part((first, last): (i32, i32), number: f64) -> f64 {
    (number.log10() - f64::from(first)) / f64::from(last - first)
}

fn power_of_ten(power: i32) -> String {
    match u32::try_from(power) {
        Ok(power) => thousands(10usize.pow(power)),
        Err(_) => format!("{}", 10f64.powi(power)),
    }
}
