//! `RESULTS.md`: the tables of a run, and whether it meets what kentongan promises.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::figures::{Engine, Figure, Kind};
use crate::plan::{Plan, Set};
use crate::promises;

/// What has to be known about a run besides its figures.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The day, as `2026-11-24`.
    pub date: String,
    /// Its processor and how many cores of it.
    pub processor: String,
    /// The operating system.
    pub system: String,
    /// The compiler and interpreters.
    pub tools: Vec<String>,
}

/// The whole document.
#[must_use]
pub fn document(plan: &Plan, figures: &[Figure], circumstances: &Circumstances) -> String {
    let Circumstances { date, processor, system, tools } = circumstances;
    let commit = if plan.commit.is_empty() { String::new() } else { format!(", of commit {}", plan.commit) };
    let mut text = format!(
        "# How fast

Written by `cargo xtask bench` on {date}{commit}: {processor}, {system}; {}. Figures of another machine or another day
cannot be compared with these, ratios can.

**W1**: give an alert (ten labels, three numbers) the severity of the first rule that matches it. A rule has two to four
predicates (`==`, `in`, prefix, `>=`, `<`); two thirds of the alerts are matched by one, and who tries the rules in turn
tries three fifths of them. *mixed* rules ask for labels and numbers, *labels* rules for labels only; *gaps* are mixed rules
and alerts that lack a label, without which a fifth of 1,000 rules and a third of 10,000 can neither match nor be passed
over: they fail where they come to it. The generator's seed is fixed. Every engine is checked to give the right answer to every alert that it is timed
over, and is handed alerts in the form that it reads; each figure is the median of {} rounds that the engines of a language
run in turn, in one process and in CPU time. Engines of Rust are given facts that wait in their own form, which *rows of
facts* are for kentongan; from whole alerts, facts have to be read first. Each is promised, and held, by itself.

![µs an alert by number of rules](w1.svg)
",
        tools.join(", "),
        plan.rounds
    );
    let most = plan.rules_elsewhere_max;
    if plan.rules.iter().any(|rules| *rules > most) {
        let (most, decisions) = (thousands(most), plan.decisions_min());
        let _ = write!(
            text,
            "\nEngines of Python and Node are given {most} rules at the most. The slowest of them take about a tenth of a second an
alert there; with ten times as many rules, the {decisions} decisions that each engine makes at the least would take it
minutes in each case.\n"
        );
    }
    if plan.quick {
        text.push_str("\nA quick run: these figures only show that everything works.\n");
    }
    let promises = promises::of(figures);
    if !promises.is_empty() {
        text.push_str("\n## What is promised\n\n| promise | measured | met |\n|---|---|---|\n");
        for promise in promises {
            let (measured, met) = match promise.measured {
                None => ("not measured", "–"),
                Some(ref measured) => (measured.as_str(), if promise.is_met { "yes" } else { "**no**" }),
            };
            let _ = writeln!(text, "| {} | {measured} | {met} |", promise.text);
        }
    }
    let languages: BTreeSet<&str> = figures.iter().map(|figure| figure.engine.language.as_str()).collect();
    for (name, title) in [("rust", "Rust"), ("python", "Python"), ("node", "Node")] {
        if languages.contains(name) {
            let _ = write!(text, "\n## {title}\n");
            for set in [Set::Mixed, Set::Labels, Set::Gaps] {
                text.push_str(&table(plan, figures, name, set));
            }
        }
    }
    text
}

/// Microseconds an alert and, in brackets, how many times as long as the quickest way to ask kentongan one by one.
fn table(plan: &Plan, figures: &[Figure], language: &str, set: Set) -> String {
    let figures: Vec<&Figure> =
        figures.iter().filter(|figure| figure.engine.language == language && figure.set == set).collect();
    let mut rows: Vec<&Engine> = Vec::new();
    for figure in &figures {
        if !rows.contains(&&figure.engine) {
            rows.push(&figure.engine);
        }
    }
    rows.sort_by_key(|engine| engine.kind);
    let mut columns = plan.rules.clone();
    columns.retain(|rules| figures.iter().any(|figure| figure.rules == *rules));
    if figures.is_empty() {
        return String::new();
    }
    let mut text = format!("\nRules: {set}. µs an alert (times kentongan)\n\n|  |");
    for rules in &columns {
        let _ = write!(text, " {} |", thousands(*rules));
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(columns.len()));
    let mut partly = false;
    for engine in rows {
        let Engine { name, how, version, kind, .. } = engine;
        let name = format!("{name} {version}");
        let name = if *kind == Kind::Ours { format!("**{}**", name.trim_end()) } else { name.trim_end().to_owned() };
        let _ = write!(text, "| {name}, {how} |");
        for rules in &columns {
            let Some(figure) = figures.iter().find(|figure| figure.engine == *engine && figure.rules == *rules) else {
                text.push_str(" |");
                continue;
            };
            let ours = promises::quickest(&figures, *rules, |engine| engine.kind == Kind::Ours && !engine.batch);
            let ratio = ours.map(|ours| format!(" ({}×)", short(figure.median() / ours.median()))).unwrap_or_default();
            let mark = if figure.alerts < Plan::alerts(*rules) { "\\*" } else { "" };
            partly |= !mark.is_empty();
            let _ = write!(text, " {}{mark}{ratio} |", short(figure.median()));
        }
        text.push('\n');
    }
    if partly {
        let least = plan.alerts_min;
        let _ = writeln!(
            text,
            "\n\\* Too slow for all alerts: checked on and timed over the first of them, {least} at the least."
        );
    }
    text
}

/// Three digits that count.
#[must_use]
pub fn short(number: f64) -> String {
    match number {
        number if number < 0.995 => format!("{number:.3}"),
        number if number < 9.95 => format!("{number:.2}"),
        number if number < 99.5 => format!("{number:.1}"),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is positive and small")]
        number => thousands(number.round() as usize),
    }
}

/// `10,000`.
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
