//! W1 is what it is said to be, and kentongan decides it rightly. So a benchmark that nobody runs cannot rot.

use kentongan::{Alert, Policy};
use kentongan_benches::generator::generate;
use kentongan_benches::workload::{Predicate, answers};
use kentongan_benches::{Set, Workload};

const SETS: [Set; 2] = [Set::Mixed, Set::Labels];

/// FNV-1a, which needs no dependency.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_same_seed_gives_the_same_bytes_everywhere() {
    let fingerprints = |set| {
        let Workload { alerts, rules } = generate(set, 100, 100);
        [format!("{alerts:?}"), format!("{rules:?}")].map(|text| fingerprint(&text))
    };

    assert_eq!(
        SETS.map(fingerprints),
        [
            [12_557_336_602_324_940_417, 578_698_497_190_798_731],
            [12_557_336_602_324_940_417, 17_528_927_525_649_964_390],
        ]
    );
}

#[test]
fn fewer_alerts_are_the_first_of_more_and_rules_do_not_change_them() {
    let [many, few] = [generate(Set::Mixed, 10, 200), generate(Set::Labels, 100, 20)];

    assert_eq!(many.alerts[..20], few.alerts);
}

#[test]
fn two_thirds_of_the_alerts_are_matched() {
    for (set, rules) in SETS.into_iter().flat_map(|set| [10, 100, 1_000].map(|rules| (set, rules))) {
        let answers = answers(&generate(set, rules, 2_000));
        let matched = answers.iter().flatten().count();

        assert!((1_100..1_600).contains(&matched), "{matched} of 2000 by {rules} {set} rules");
    }
}

#[test]
fn rules_have_two_to_four_predicates_each_on_another_field() {
    let mut seen = [false; 5];
    for rule in &generate(Set::Mixed, 1_000, 0).rules {
        let mut fields: Vec<_> = rule.predicates.iter().map(Predicate::field).collect();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(fields.len(), rule.predicates.len());
        seen[fields.len()] = true;
    }

    assert_eq!(seen, [false, false, true, true, true]);
    assert!(generate(Set::Labels, 100, 0).rules.iter().all(|rule| !rule.condition().contains("alert.values")));
}

fn decided(workload: &Workload) -> Vec<Option<usize>> {
    let policy = Policy::from_yaml(&workload.policy()).unwrap_or_else(|error| panic!("{error}"));
    let decide = |key: usize| {
        let alert: Alert = serde_json::from_value(workload.alerts[key].input(key)).expect("an alert");
        let decision = policy.classify(&alert);
        let rule = decision.rule.map(|rule| rule.parse::<usize>().expect("rules are called by their index"));
        assert_eq!(decision.severity, rule.map_or("none", |rule| workload.rules[rule].severity));
        rule
    };
    (0..workload.alerts.len()).map(decide).collect()
}

#[test]
fn kentongan_gives_the_obvious_answers() {
    // So many alerts that the answers differ, and so few that the test ends.
    for (rules, alerts) in [(10, 1_000), (100, 500), (1_000, 100)] {
        for set in [Set::Mixed, Set::Labels, Set::Gaps] {
            let workload = generate(set, rules, alerts);

            assert_eq!(decided(&workload), answers(&workload), "{rules} {set} rules");
        }
    }
}
