//! W1 is what it is said to be, and kentongan decides it rightly. So a benchmark that nobody runs cannot rot.

use kentongan::{Alert, Policy};
use kentongan_benches::generator::generate;
use kentongan_benches::workload::{Predicate, Rule, answers};
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

/// However many rules there are, and where one looks at them in turn, after three fifths of them.
#[test]
fn two_thirds_of_the_alerts_are_matched() {
    let sizes = [(10, 2_000), (100, 2_000), (1_000, 2_000), (10_000, 600), (100_000, 150)];
    for (set, (rules, alerts)) in SETS.into_iter().flat_map(|set| sizes.map(|size| (set, size))) {
        let answers = answers(&generate(set, rules, alerts));
        let matched = answers.iter().flatten().count();
        let looked_at: usize = answers.iter().map(|answer| answer.map_or(rules, |rule| rule + 1)).sum();

        let matched = 100 * matched / alerts;
        assert!((55..80).contains(&matched), "{matched} % of the alerts by {rules} {set} rules");
        let looked_at = 100 * looked_at / (rules * alerts);
        assert!((50..70).contains(&looked_at), "{looked_at} % of {rules} {set} rules");
    }
}

/// The more rules there are, the more of them have to be rare, and a beginning of an instance is.
#[test]
fn a_fifth_to_a_third_of_the_rules_needs_what_gaps_lack() {
    for (rules, about) in [(1_000, 17..25), (10_000, 29..37)] {
        let Workload { alerts, rules } = generate(Set::Gaps, rules, 100);
        let needs = |rule: &&Rule| rule.predicates.iter().any(|predicate| predicate.field() == "instance");
        let percent = 100 * rules.iter().filter(needs).count() / rules.len();

        assert!(about.contains(&percent), "{percent} % of {} rules", rules.len());
        assert!(alerts.iter().all(|alert| alert.labels.iter().filter(|label| label.is_empty()).count() == 1));
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
