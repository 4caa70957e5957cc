//! What kentongan promises of its speed, as a ratio to others in the same run, and whether a run shows it.

use crate::figures::{Engine, Figure, Kind};
use crate::plan::Set;
use crate::results::short;

/// A promise held against a run.
#[derive(Debug, PartialEq)]
pub struct Promise {
    /// What is promised.
    pub text: &'static str,
    /// What the run shows; none where it lacks a side of the comparison.
    pub measured: Option<String>,
    /// Whether it is so.
    pub is_met: bool,
}

/// What a measured number may be.
#[derive(Clone, Copy)]
enum Limit {
    /// At least so many times.
    Times(f64),
    /// At most so many times.
    TimesAtMost(f64),
    /// At most so many microseconds.
    MicrosAtMost(f64),
}

use Limit::{MicrosAtMost, Times, TimesAtMost};

/// The promises about every language of which there are figures, on rules over labels and numbers.
#[must_use]
pub fn of(figures: &[Figure]) -> Vec<Promise> {
    let mixed: Vec<&Figure> = figures.iter().filter(|figure| figure.set == Set::Mixed).collect();
    ["rust", "python", "node"]
        .into_iter()
        .filter(|language| mixed.iter().any(|figure| figure.engine.language == *language))
        .flat_map(|language| of_language(&mixed, language))
        .collect()
}

fn of_language(mixed: &[&Figure], language: &str) -> Vec<Promise> {
    let pick = |language: &str, rules: usize, is: &dyn Fn(&Engine) -> bool| {
        quickest(mixed, rules, |engine| engine.language == language && is(engine)).map(Figure::median)
    };
    let one = |rules| pick(language, rules, &|engine| engine.kind == Kind::Ours && !engine.batch);
    let batch = |rules| pick(language, rules, &|engine| engine.kind == Kind::Ours && engine.batch);
    let engine = |rules| pick(language, rules, &|engine| engine.kind == Kind::Engine);
    let by_hand =
        |rules, name: &str| pick(language, rules, &|engine| engine.kind == Kind::ByHand && engine.name == name);
    let best = |rules| least(engine(rules), by_hand(rules, "closures"));
    let rust = |rules, batch| pick("rust", rules, &|engine| engine.kind == Kind::Ours && engine.batch == batch);
    match language {
        "rust" => of_rust(&engine, &one, &batch, &|rules| by_hand(rules, "loop")),
        "python" => vec![
            promise(
                "Python, 1,000 rules: 10 times faster than the best of engines and closures",
                over(best(1_000), one(1_000)),
                Times(10.0),
            ),
            promise(
                "Python, 1,000 rules in a batch: 40 times faster than the best of them",
                over(best(1_000), batch(1_000)),
                Times(40.0),
            ),
            promise(
                "Python, 10 rules: not slower than closures",
                over(one(10), by_hand(10, "closures")),
                TimesAtMost(1.0),
            ),
            promise(
                "Python, 1,000 rules: at most 1 µs more than Rust",
                less(one(1_000), rust(1_000, false)),
                MicrosAtMost(1.0),
            ),
            promise(
                "Python, 1,000 rules in a batch: at most 1.3 times Rust",
                over(batch(1_000), rust(1_000, true)),
                TimesAtMost(1.3),
            ),
        ],
        _ => vec![
            promise(
                "Node, 1,000 rules: 40 times faster than the best engine",
                over(engine(1_000), one(1_000)),
                Times(40.0),
            ),
            promise(
                "Node, 1,000 rules: 3 times faster than a loop over rules",
                over(by_hand(1_000, "loop"), one(1_000)),
                Times(3.0),
            ),
            promise(
                "Node, 1,000 rules in a batch: 15 times faster than that loop",
                over(by_hand(1_000, "loop"), batch(1_000)),
                Times(15.0),
            ),
            promise("Node, 10 rules: at most 3 µs", one(10), MicrosAtMost(3.0)),
            promise(
                "Node, 10 rules in a batch: at most 3 times that loop",
                over(batch(10), by_hand(10, "loop")),
                TimesAtMost(3.0),
            ),
        ],
    }
}

/// By so many rules, the microseconds of an alert.
type Micros<'a> = &'a dyn Fn(usize) -> Option<f64>;

/// Of whole alerts, from which facts have to be read first; then of rows of facts, the form that engines of Rust are given.
fn of_rust(engine: Micros<'_>, one: Micros<'_>, rows: Micros<'_>, by_hand: Micros<'_>) -> Vec<Promise> {
    vec![
        promise(
            "Rust, 1,000 rules: 20 times faster than the fastest engine",
            over(engine(1_000), one(1_000)),
            Times(20.0),
        ),
        promise(
            "Rust, 10,000 rules: 25 times faster than the fastest engine",
            over(engine(10_000), one(10_000)),
            Times(25.0),
        ),
        promise(
            "Rust: from 1,000 to 10,000 rules at most 3 times slower",
            over(one(10_000), one(1_000)),
            TimesAtMost(3.0),
        ),
        promise("Rust, 10 rules: at most twice a loop over structs", over(one(10), by_hand(10)), TimesAtMost(2.0)),
        promise(
            "Rust, 1,000 rules, rows of facts: 20 times faster than the fastest engine",
            over(engine(1_000), rows(1_000)),
            Times(20.0),
        ),
        promise(
            "Rust, 10,000 rules, rows of facts: 25 times faster than the fastest engine",
            over(engine(10_000), rows(10_000)),
            Times(25.0),
        ),
        promise(
            "Rust, rows of facts: from 1,000 to 10,000 rules at most 3 times slower",
            over(rows(10_000), rows(1_000)),
            TimesAtMost(3.0),
        ),
        promise(
            "Rust, 10 rules, rows of facts: at most twice a loop over structs",
            over(rows(10), by_hand(10)),
            TimesAtMost(2.0),
        ),
    ]
}

/// The quickest of some engines with so many rules.
pub(crate) fn quickest<'a>(figures: &[&'a Figure], rules: usize, is: impl Fn(&Engine) -> bool) -> Option<&'a Figure> {
    let found = figures.iter().filter(|figure| figure.rules == rules && is(&figure.engine));
    found.min_by(|left, right| left.median().total_cmp(&right.median())).copied()
}

fn promise(text: &'static str, measured: Option<f64>, limit: Limit) -> Promise {
    let is_met = measured.is_some_and(|measured| match limit {
        Times(least) => measured >= least,
        TimesAtMost(most) | MicrosAtMost(most) => measured <= most,
    });
    let unit = if matches!(limit, MicrosAtMost(_)) { " µs" } else { "×" };
    Promise { text, measured: measured.map(|measured| format!("{}{unit}", short(measured))), is_met }
}

fn over(numerator: Option<f64>, denominator: Option<f64>) -> Option<f64> {
    Some(numerator? / denominator?)
}

fn less(longer: Option<f64>, shorter: Option<f64>) -> Option<f64> {
    Some(longer? - shorter?)
}

fn least(left: Option<f64>, right: Option<f64>) -> Option<f64> {
    left.into_iter().chain(right).min_by(f64::total_cmp)
}
