//! What kentongan promises of its speed, as a ratio to others in the same run, and whether a run shows it.

use crate::figures::{Engine, Figure, Kind};
use crate::plan::Set;
use crate::results::short;

/// A promise held against a run.
#[derive(Debug, PartialEq)]
pub struct Promise {
    /// What is promised.
    pub text: String,
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
    let of_set = |set| figures.iter().filter(|figure| figure.set == set).collect::<Vec<_>>();
    let (mixed, gaps) = (of_set(Set::Mixed), of_set(Set::Gaps));
    let mut promises: Vec<Promise> = ["rust", "python", "node"]
        .into_iter()
        .filter(|language| mixed.iter().any(|figure| figure.engine.language == *language))
        .flat_map(|language| of_language(&Micros { figures: &mixed, language }))
        .collect();
    if !gaps.is_empty() {
        let gaps = Micros { figures: &gaps, language: "rust" };
        promises.push(promise(
            "Rust, a fact that rules need is absent: from 1,000 to 10,000 rules at most 3 times slower",
            over(gaps.ours(10_000, false), gaps.ours(1_000, false)),
            TimesAtMost(3.0),
        ));
    }
    promises
}

/// The microseconds of an alert in one language, by the number of rules.
struct Micros<'a> {
    figures: &'a [&'a Figure],
    language: &'static str,
}

impl Micros<'_> {
    fn of(&self, rules: usize, is: impl Fn(&Engine) -> bool) -> Option<f64> {
        quickest(self.figures, rules, |engine| engine.language == self.language && is(engine)).map(Figure::median)
    }

    /// Ours, asked for one alert after another, or for all in one call or as rows.
    fn ours(&self, rules: usize, batch: bool) -> Option<f64> {
        self.of(rules, |engine| engine.kind == Kind::Ours && engine.batch == batch)
    }

    fn engine(&self, rules: usize) -> Option<f64> {
        self.of(rules, |engine| engine.kind == Kind::Engine)
    }

    fn by_hand(&self, rules: usize, name: &str) -> Option<f64> {
        self.of(rules, |engine| engine.kind == Kind::ByHand && engine.name == name)
    }
}

fn of_language(micros: &Micros<'_>) -> Vec<Promise> {
    let rust = Micros { figures: micros.figures, language: "rust" };
    let ours = |rules, batch| micros.ours(rules, batch);
    let best = least(micros.engine(1_000), micros.by_hand(1_000, "closures"));
    let by_hand = |rules| micros.by_hand(rules, "loop");
    let promises = match micros.language {
        "rust" => return of_rust(micros),
        "python" => [
            (
                "1,000 rules: 10 times faster than the best of engines and closures",
                over(best, ours(1_000, false)),
                Times(10.0),
            ),
            (
                "1,000 rules in a batch: 40 times faster than the best of them",
                over(best, ours(1_000, true)),
                Times(40.0),
            ),
            (
                "10 rules: not slower than closures",
                over(ours(10, false), micros.by_hand(10, "closures")),
                TimesAtMost(1.0),
            ),
            (
                "1,000 rules: at most 1 µs more than Rust",
                less(ours(1_000, false), rust.ours(1_000, false)),
                MicrosAtMost(1.0),
            ),
            (
                "1,000 rules in a batch: at most 1.3 times Rust",
                over(ours(1_000, true), rust.ours(1_000, true)),
                TimesAtMost(1.3),
            ),
        ],
        _ => [
            (
                "1,000 rules: 40 times faster than the best engine",
                over(micros.engine(1_000), ours(1_000, false)),
                Times(40.0),
            ),
            (
                "1,000 rules: 3 times faster than a loop over rules",
                over(by_hand(1_000), ours(1_000, false)),
                Times(3.0),
            ),
            (
                "1,000 rules in a batch: 15 times faster than that loop",
                over(by_hand(1_000), ours(1_000, true)),
                Times(15.0),
            ),
            ("10 rules: at most 3 µs", ours(10, false), MicrosAtMost(3.0)),
            ("10 rules in a batch: at most 3 times that loop", over(ours(10, true), by_hand(10)), TimesAtMost(3.0)),
        ],
    };
    let title = if micros.language == "python" { "Python" } else { "Node" };
    promises.map(|(text, measured, limit)| promise(&format!("{title}, {text}"), measured, limit)).into()
}

/// Of whole alerts, from which facts have to be read first; then of rows of facts, the form that engines of Rust are given.
fn of_rust(micros: &Micros<'_>) -> Vec<Promise> {
    let of_form = |(form, batch)| {
        let ours = |rules| micros.ours(rules, batch);
        let faster = |rules| over(micros.engine(rules), ours(rules));
        [
            (format!("Rust, 1,000 rules{form}: 20 times faster than the fastest engine"), faster(1_000), Times(20.0)),
            (format!("Rust, 10,000 rules{form}: 25 times faster than the fastest engine"), faster(10_000), Times(25.0)),
            (
                format!("Rust{form}: from 1,000 to 10,000 rules at most 3 times slower"),
                over(ours(10_000), ours(1_000)),
                TimesAtMost(3.0),
            ),
            (
                format!("Rust, 10 rules{form}: at most twice a loop over structs"),
                over(ours(10), micros.by_hand(10, "loop")),
                TimesAtMost(2.0),
            ),
        ]
    };
    let same = (
        "Rust, 10 rules: at most twice a loop over the same alerts, which finds fields by name, too".to_owned(),
        over(micros.ours(10, false), micros.by_hand(10, "loop over alerts")),
        TimesAtMost(2.0),
    );
    let promises = [("", false), (", rows of facts", true)].into_iter().flat_map(of_form).chain([same]);
    promises.map(|(text, measured, limit)| promise(&text, measured, limit)).collect()
}

/// The quickest of some engines with so many rules.
pub(crate) fn quickest<'a>(figures: &[&'a Figure], rules: usize, is: impl Fn(&Engine) -> bool) -> Option<&'a Figure> {
    let found = figures.iter().filter(|figure| figure.rules == rules && is(&figure.engine));
    found.min_by(|left, right| left.median().total_cmp(&right.median())).copied()
}

fn promise(text: &str, measured: Option<f64>, limit: Limit) -> Promise {
    let is_met = measured.is_some_and(|measured| match limit {
        Times(least) => measured >= least,
        TimesAtMost(most) | MicrosAtMost(most) => measured <= most,
    });
    let unit = if matches!(limit, MicrosAtMost(_)) { " µs" } else { "×" };
    let measured = measured.map(|measured| format!("{}{unit}", short(measured)));
    Promise { text: text.to_owned(), measured, is_met }
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
