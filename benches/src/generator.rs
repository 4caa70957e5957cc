//! Makes the alerts and rules of W1 out of a seed. The same seed gives the same bytes on every machine.

use crate::plan::Set;
use crate::workload::{Alert, LABELS, NUMBERS, Predicate, Rule, SEVERITIES, Workload};

/// How many values a label takes, and how they are written.
type Values = (usize, fn(usize) -> String);

/// The values of each label. Instances are many, and asked for by their beginnings.
const VALUES: [Values; LABELS.len()] = [
    (50, |n| format!("service-{n:02}")),
    (3, |n| ["prod", "staging", "dev"][n].to_owned()),
    (5, |n| ["ap-southeast-1", "ap-southeast-3", "eu-west-1", "us-east-1", "us-west-2"][n].to_owned()),
    (20, |n| format!("team-{n:02}")),
    (200, |n| format!("Alert{n:03}HighErrorBudgetBurn")),
    (3, |n| format!("tier-{}", n + 1)),
    (10, |n| format!("cluster-{n}")),
    (40, |n| format!("shard-{n:02}")),
    (30, |n| format!("job-{n:02}")),
    (1_000, |n| format!("node-{n:03}.k8s.example.internal")),
];
const INSTANCE: usize = LABELS.len() - 1;
/// The lowest and highest of each number, and how many steps it is measured in.
const RANGES: [(f64, f64, usize); NUMBERS.len()] = [(0.0, 1.0, 10_000), (0.5, 5.0, 45_000), (0.0, 100_000.0, 100_000)];

/// Alerts spread evenly over all values, and rules that each match one alert in `rules`, give or take a factor of two.
///
/// So about two thirds of the alerts are matched by some rule, however many rules there are.
#[must_use]
pub fn generate(set: Set, rules: usize, alerts: usize) -> Workload {
    // Dice of their own: the first alerts are the same however many there are, and whatever the rules.
    let mut dice = Dice(1);
    let mut alerts: Vec<Alert> = (0..alerts).map(|_| alert(&mut dice)).collect();
    if set == Set::Gaps {
        for alert in &mut alerts {
            alert.labels[INSTANCE].clear();
        }
    }
    let mut dice = Dice(2 + 2 * rules as u64 + u64::from(set == Set::Labels));
    let rules = (0..rules).map(|_| rule(&mut dice, set, rules)).collect();
    Workload { alerts, rules }
}

fn alert(dice: &mut Dice) -> Alert {
    Alert {
        labels: VALUES.map(|(count, text)| text(dice.below(count))),
        numbers: RANGES.map(|range| measured(range, dice.below(range.2 + 1))),
    }
}

/// A rule that lets between half and twice one alert in `rules` through.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer rules than 2^52")]
fn rule(dice: &mut Dice, set: Set, rules: usize) -> Rule {
    let fields = match set {
        Set::Mixed | Set::Gaps => LABELS.len() + NUMBERS.len(),
        Set::Labels => LABELS.len(),
    };
    loop {
        let count = 2 + dice.below(3);
        let drawn = dice.distinct(count, fields).into_iter().map(|field| predicate(dice, field));
        let (predicates, shares): (Vec<_>, Vec<_>) = drawn.unzip();
        if (0.5..=2.0).contains(&(shares.into_iter().product::<f64>() * rules as f64)) {
            return Rule { predicates, severity: SEVERITIES[dice.below(SEVERITIES.len() - 1)] };
        }
    }
}

/// A predicate on a field, labels first and numbers after them, and the share of alerts that it lets through.
#[expect(clippy::cast_precision_loss, reason = "counts and steps are far below 2^52")]
fn predicate(dice: &mut Dice, field: usize) -> (Predicate, f64) {
    let Some(label) = (field < LABELS.len()).then_some(field) else {
        let number = field - LABELS.len();
        let steps = RANGES[number].2;
        let step = dice.below(steps + 1);
        let (bound, below) = (measured(RANGES[number], step), step as f64 / steps as f64);
        return if dice.with_chance(0.7) {
            (Predicate::AtLeast { number, bound }, 1.0 - below)
        } else {
            (Predicate::Below { number, bound }, below)
        };
    };
    let (count, text) = VALUES[label];
    if label == INSTANCE {
        let (digits, share) = if dice.with_chance(0.5) { (1, 0.1) } else { (2, 0.01) };
        let prefix = text(dice.below(count))[.."node-".len() + digits].to_owned();
        return (Predicate::StartsWith { label, prefix }, share);
    }
    if count <= 3 || dice.with_chance(0.65) {
        return (Predicate::Is { label, value: text(dice.below(count)) }, 1.0 / count as f64);
    }
    let most = (count / 2).clamp(2, 8);
    let several = 2 + dice.below(most - 1);
    let values = dice.distinct(several, count).into_iter().map(text).collect();
    (Predicate::In { label, values }, several as f64 / count as f64)
}

/// A number at a step of its range, with no more digits than it was measured with.
#[expect(clippy::cast_precision_loss, reason = "steps are far below 2^52")]
fn measured((lowest, highest, steps): (f64, f64, usize), step: usize) -> f64 {
    let value = lowest + (highest - lowest) * step as f64 / steps as f64;
    (value * 1e4).round() / 1e4
}

/// Random numbers without a dependency that could change them: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`. The bias of the remainder is far below what is measured.
    #[expect(clippy::cast_possible_truncation, reason = "it is below a usize")]
    fn below(&mut self, count: usize) -> usize {
        (self.roll() % count as u64) as usize
    }

    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits than a float has")]
    fn with_chance(&mut self, share: f64) -> bool {
        (self.roll() as f64) < share * u64::MAX as f64
    }

    /// So many different numbers below `of`, in the order of their drawing.
    fn distinct(&mut self, count: usize, of: usize) -> Vec<usize> {
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count {
            let number = self.below(of);
            if !drawn.contains(&number) {
                drawn.push(number);
            }
        }
        drawn
    }
}
