//! A race refuses wrong answers, and its results say what was measured.

use kentongan_benches::results::{Circumstances, document, short, thousands};
use kentongan_benches::{Contestant, Engine, Figure, Kind, Plan, Set, chart, promises, race};

fn engine(kind: Kind, name: &str) -> Engine {
    let [language, name, how] = ["rust", name, "somehow"].map(str::to_owned);
    Engine { language, kind, name, how, version: "1.2.3".to_owned(), batch: false }
}

fn figure(kind: Kind, name: &str, rules: usize, micros: &[f64]) -> Figure {
    Figure { engine: engine(kind, name), set: Set::Mixed, rules, alerts: 10_000, micros: micros.to_vec() }
}

/// What takes its facts as rows.
fn rows(kind: Kind, name: &str, rules: usize, micros: &[f64]) -> Figure {
    let mut figure = figure(kind, name, rules, micros);
    figure.engine.batch = true;
    figure
}

fn run() -> Vec<Figure> {
    vec![
        figure(Kind::Ours, "kentongan", 10, &[0.3, 0.1, 0.2]),
        figure(Kind::ByHand, "loop", 10, &[0.16]),
        figure(Kind::Ours, "kentongan", 1_000, &[0.5]),
        figure(Kind::Engine, "slow", 1_000, &[300.0]),
        figure(Kind::Engine, "quick", 1_000, &[9.0]),
        figure(Kind::ByHand, "loop over alerts", 10, &[0.5]),
    ]
}

#[test]
fn an_engine_that_answers_wrongly_is_not_timed() {
    let contestants = |wrong: usize| {
        [Contestant {
            engine: engine(Kind::Engine, "peer"),
            decide: Box::new(move |alerts, answers| {
                answers.extend(alerts.map(|alert| (alert != wrong).then_some(alert)));
            }),
        }]
    };
    let expected: Vec<_> = (0..100).map(Some).collect();
    let plan = Plan::new(vec![10], true);

    let rounds = race(&plan, &mut contestants(100), &expected).expect("all answers are right");
    assert_eq!((rounds.len(), rounds[0].alerts, rounds[0].micros.len()), (1, 100, plan.rounds));
    assert_eq!(
        race(&plan, &mut contestants(42), &expected).expect_err("one answer is wrong"),
        "peer (somehow) answers alert 42 with None instead of Some(42)"
    );
}

#[test]
fn the_median_counts() {
    assert_eq!(run()[0].median().to_bits(), 0.2f64.to_bits());
}

#[test]
fn promises_are_held_against_the_fastest_engine_and_say_when_they_are_not_met_or_not_measured() {
    let promises = promises::of(&run());

    let measured: Vec<_> = promises.iter().map(|promise| (promise.measured.as_deref(), promise.is_met)).collect();
    let alerts = [(Some("18.0×"), false), (None, false), (None, false), (Some("1.25×"), true)];
    let none = [(None, false); 4];
    assert_eq!(measured, [&alerts[..], &none, &[(Some("0.400×"), true)]].concat());
}

#[test]
fn whole_alerts_and_rows_of_facts_are_promised_apart() {
    let mut run = run();
    run.push(rows(Kind::Ours, "kentongan", 10, &[0.04]));
    run.push(rows(Kind::Ours, "kentongan", 1_000, &[0.4]));
    let promises = promises::of(&run);

    let measured: Vec<_> = promises.iter().map(|promise| (promise.measured.as_deref(), promise.is_met)).collect();
    let alerts = [(Some("18.0×"), false), (None, false), (None, false), (Some("1.25×"), true)];
    let rows = [(Some("22.5×"), true), (None, false), (None, false), (Some("0.250×"), true)];
    assert_eq!(measured, [&alerts[..], &rows, &[(Some("0.400×"), true)]].concat());
}

#[test]
fn the_document_has_a_row_an_engine_and_a_ratio_a_figure() {
    let mut figures = run();
    figures[3].alerts = 50;
    let document = document(&Plan::new(vec![10, 1_000], false), &figures, &circumstances());

    for line in [
        "|  | 10 | 1,000 |",
        "| **kentongan 1.2.3**, somehow | 0.200 (1.00×) | 0.500 (1.00×) |",
        "| slow 1.2.3, somehow | | 300\\* (600×) |",
        "| loop 1.2.3, somehow | 0.160 (0.800×) | |",
        "| Rust, 1,000 rules: 20 times faster than the fastest engine | 18.0× | **no** |",
        "| Rust, 10,000 rules: 25 times faster than the fastest engine | not measured | – |",
    ] {
        assert!(document.lines().any(|found| found == line), "no line `{line}` in\n{document}");
    }
}

fn circumstances() -> Circumstances {
    let [date, processor, system] = ["2026-11-24", "a processor", "a system"].map(str::to_owned);
    Circumstances { date, processor, system, tools: vec!["rustc 1.95.0".to_owned()] }
}

#[test]
fn the_document_says_of_which_commit_it_is_and_what_was_not_measured() {
    let plan = |rules| Plan { commit: "abcdef0, with changes".to_owned(), ..Plan::new(rules, false) };
    let mut figures = run();
    figures[3].alerts = 50;
    let [whole, short] = [plan(Plan::RULES.to_vec()), plan(vec![10, 1_000])]
        .map(|plan| document(&plan, &figures, &circumstances()).replace('\n', " "));

    assert!(
        whole.contains("by `cargo xtask bench` on 2026-11-24, of commit abcdef0, with changes: a processor"),
        "{whole}"
    );
    // Fifty alerts, once to check the answers and seven times to time them.
    let elsewhere = "Python and Node are given 10,000 rules at the most";
    assert!(whole.contains(elsewhere) && whole.contains("the 400 decisions"), "{whole}");
    assert!(whole.contains("over the first of them, 50 at the least."), "{whole}");
    assert!(!short.contains(elsewhere), "{short}");
}

#[test]
fn the_chart_has_a_line_an_engine() {
    let chart = chart::svg(&run());

    assert_eq!(chart.matches("<polyline class=\"engine\"").count(), 2);
    assert_eq!(chart.matches("<polyline class=\"ours\"").count(), 1);
    assert!(!chart.contains("NaN") && !chart.contains("inf"), "{chart}");
}

#[test]
fn numbers_keep_three_digits() {
    assert_eq!([0.012_34, 1.234, 12.34, 123.4, 12_345.6].map(short), ["0.012", "1.23", "12.3", "123", "12,346"]);
    assert_eq!([1, 999, 1_000, 1_000_000].map(thousands), ["1", "999", "1,000", "1,000,000"]);
}
