//! Classifying an alert allocates nothing, neither by its row nor whole, once the classifier has met its like.

use kentongan::{Alert, FactValue, Policy};
use kentongan_benches::generator::generate;
use kentongan_benches::workload::{LABELS, NUMBERS};
use kentongan_benches::{Set, workload};
use kentongan_tests::memory::{Counting, Taken, measured};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ALERTS: usize = 10_000;

/// What an alert has of each fact that the rules read.
fn row<'a>(facts: &[&str], alert: &'a workload::Alert) -> Vec<FactValue<'a>> {
    let value = |fact: &&str| {
        let name = fact.rsplit('.').next().expect("a fact has a name");
        match (LABELS.iter().position(|label| *label == name), NUMBERS.iter().position(|number| *number == name)) {
            (Some(label), _) if alert.labels[label].is_empty() => FactValue::Absent,
            (Some(label), _) => FactValue::Text(&alert.labels[label]),
            (None, number) => FactValue::Float(alert.numbers[number.expect("W1 has no other facts")]),
        }
    };
    facts.iter().map(value).collect()
}

#[test]
fn an_alert_is_decided_without_a_single_allocation() {
    // So few that they are tried in turn, and so many that each way of the index is gone.
    for (set, rules) in [Set::Mixed, Set::Labels, Set::Gaps].into_iter().flat_map(|set| [10, 2_000].map(|n| (set, n))) {
        let workload = generate(set, rules, ALERTS);
        let policy = Policy::from_yaml(&workload.policy()).unwrap_or_else(|error| panic!("{error}"));
        let alerts: Vec<Alert> =
            workload.alerts.iter().enumerate().map(|(key, alert)| alert.input(key)).map(whole).collect();
        let facts: Vec<&str> = policy.alert_facts().collect();
        let rows: Vec<Vec<FactValue<'_>>> = workload.alerts.iter().map(|alert| row(&facts, alert)).collect();
        let mut classifier = policy.classifier();

        let mut by_row = || rows.iter().filter(|row| classifier.decide(row).rule.is_some()).count();
        let warm = by_row();
        let (matched, taken) = measured(by_row);
        assert_eq!((matched, taken.map(none)), (warm, Some(0)), "{rules} {set} rules, by rows");

        let mut classifier = policy.classifier();
        let mut by_alert = || alerts.iter().filter(|alert| classifier.decide_alert(alert).rule.is_some()).count();
        assert_eq!(by_alert(), warm);
        let (matched, taken) = measured(by_alert);
        assert_eq!((matched, taken.map(none)), (warm, Some(0)), "{rules} {set} rules, by whole alerts");
    }
}

fn whole(input: serde_json::Value) -> Alert {
    serde_json::from_value(input).expect("it is an alert")
}

fn none(taken: Taken) -> usize {
    taken.allocations
}

/// Were nothing counted, the others would pass whatever is allocated.
#[test]
fn what_is_allocated_is_counted() {
    let (kept, taken) = measured(|| {
        drop(std::hint::black_box(vec![0_u8; 5_000]));
        std::hint::black_box(vec![0_u8; 1_000])
    });
    assert_eq!((kept.len(), taken), (1_000, Some(Taken { allocations: 2, peak: 5_000 })));

    let ((), taken) = measured(|| {
        let mut grown: Vec<u8> = Vec::with_capacity(10);
        grown.reserve_exact(100);
        drop(std::hint::black_box(grown));
    });
    assert_eq!(taken, Some(Taken { allocations: 2, peak: 100 }));
}
