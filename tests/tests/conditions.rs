//! Conditions: what a rule read and what was absent, which rule counts, and that a fault never lowers the answer.

use std::collections::BTreeMap;

use kentongan::{Alert, Classification, Policy};
use serde_json::json;

/// A policy of four severities, `one` the worst and `three` the default, with these rules.
fn policy(rules: &str, more: &str, script: Option<&str>) -> Policy {
    let text = format!(
        "policy: conditions\n{more}\n{}services:\n  core: {{ tier: gold, facts: {{ seats: 40, paid: true, ratio: 0.5 }} }}\n\
         severities:\n  one: &all {{ definition: all, notify: [ {{ email: a@example.org }} ] }}\n  two: *all\n  three: *all\n  four: *all\n\
         classify:\n{rules}  - default: three\nlast_resort: [ {{ email: a@example.org }} ]\n",
        if script.is_some() { "script: own.rhai\n" } else { "" },
    );
    match Policy::load("policy.yaml", &text, |_| script.map(str::to_owned)) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn rule(id: &str, when: &str, severity: &str) -> String {
    let when = serde_json::to_string(when).expect("text is JSON");
    format!("  - {{ id: {id}, when: {when}, severity: {severity} }}\n")
}

fn alert() -> Alert {
    let mut alert = Alert::firing("a1", "core");
    "Slow".clone_into(&mut alert.name);
    alert.labels.insert("region".to_owned(), "jakarta".to_owned());
    alert.values.insert("ratio".to_owned(), 2.5);
    alert
}

/// Several rules, in order. (`String + &String` is ambiguous here: rhai brings another string to add.)
fn rules<const N: usize>(list: [String; N]) -> String {
    list.into_iter().collect()
}

fn ask(when: &str) -> Classification {
    policy(&rule("asked", when, "two"), "", None).classify(&alert())
}

#[test]
fn the_answer_names_what_was_read_and_what_was_absent() {
    let answer = ask("alert.labels.region == \"jakarta\" && service.facts.seats > 10 && alert.values.missing != 1.0");
    assert_eq!(answer.rule.as_deref(), Some("asked"));
    let facts = BTreeMap::from([
        ("alert.labels.region".to_owned(), json!("jakarta")),
        ("service.facts.seats".to_owned(), json!(40)),
    ]);
    assert_eq!(answer.facts, facts);
    assert_eq!(answer.absent, ["alert.values.missing"]);
    assert_eq!(answer.because, "rule `asked` matches");
}

/// A missing fact makes `==`, `<`, `>` and `in` false and `!=` true.
#[test]
fn a_missing_fact_satisfies_nothing_but_difference() {
    for (when, holds) in [
        ("alert.values.missing > 0.1", false),
        ("alert.values.missing < 0.1", false),
        ("alert.values.missing >= 0.0", false),
        ("alert.values.missing <= 0.0", false),
        ("alert.values.missing == 0.0", false),
        ("alert.values.missing != 0.0", true),
        ("alert.labels.missing == \"\"", false),
        ("alert.labels.missing in [\"\", \"a\"]", false),
        ("service.facts.missing == true", false),
        ("alert.values.ratio > 2", true),
        ("alert.values.ratio > 2.0 && alert.values.ratio < 3", true),
        ("service.tier == \"gold\" && service.facts.paid", true),
        ("service.known && service.id == \"core\"", true),
        ("alert.name.starts_with(\"Sl\")", true),
    ] {
        let answer = ask(when);
        assert_eq!((answer.rule.is_some(), answer.faults.len()), (holds, 0), "{when}: {:?}", answer.faults);
    }
}

#[test]
fn no_match_takes_the_default_and_says_what_any_rule_read() {
    let answer = ask("alert.values.ratio > 9.0");
    assert_eq!((answer.severity.as_str(), answer.rule), ("three", None));
    assert_eq!(answer.because, "no rule matches: the default stands");
    assert_eq!(answer.facts["alert.values.ratio"], json!(2.5));
}

#[test]
fn the_first_match_wins_and_the_next_is_the_runner_up() {
    let list = rules([
        rule("first", "true", "two"),
        rule("no", "false", "one"),
        rule("next", "true", "four"),
        rule("last", "true", "one"),
    ]);
    let answer = policy(&list, "", None).classify(&alert());
    assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), ("two", Some("first")));
    let next = answer.runner_up.expect("another rule matches");
    assert_eq!((next.rule.as_str(), next.severity.as_str()), ("next", "four"));
}

/// Rules that go on collect; the worse counts, or the first, as the policy says.
#[test]
fn rules_that_go_on_leave_the_choice_to_when_unsure() {
    let on = |id: &str, severity: &str| {
        format!("  - {{ id: {id}, when: \"true\", severity: {severity}, continue: true }}\n")
    };
    let list = rules([on("low", "four"), on("high", "one"), rule("mid", "true", "two"), rule("never", "true", "one")]);
    for (unsure, severity, chosen) in [("higher", "one", "high"), ("first", "four", "low")] {
        let answer = policy(&list, &format!("when_unsure: {unsure}"), None).classify(&alert());
        assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), (severity, Some(chosen)), "{unsure}");
    }
    // Without a rule that stops, what was collected decides; equal severities go to the first.
    let list = rules([on("a", "four"), on("b", "four")]);
    let answer = policy(&list, "", None).classify(&alert());
    assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), ("four", Some("a")));
}

/// What fails may have been the rule to match: the answer is the default or worse, never less.
#[test]
fn a_fault_never_lowers_the_answer() {
    let fault = "alert.labels.region > alert.labels";
    for (list, severity, matched) in [
        (rule("bad", "1 / 0 == 1", "one"), "three", None),
        (rules([rule("bad", "1 / 0 == 1", "one"), rule("low", "true", "four")]), "three", None),
        (rules([rule("bad", "1 / 0 == 1", "one"), rule("high", "true", "two")]), "two", Some("high")),
        (rules([rule("high", "true", "two"), rule("bad", "1 / 0 == 1", "one")]), "two", Some("high")),
        (rule("text", "if alert.name == () { true } else { alert.name }", "four"), "three", None),
        (rule("unit", "if alert.name == () { true } else { alert.values.missing }", "four"), "three", None),
        (rule("loop", "loop { }", "four"), "three", None),
    ] {
        let answer = policy(&list, "", None).classify(&alert());
        assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), (severity, matched), "{list}");
        let before = list.split("high").next().unwrap_or_default();
        let failed = ["bad", "text", "unit", "loop"].iter().any(|id| before.contains(&format!("id: {id}")));
        assert_eq!(!answer.faults.is_empty(), failed, "{list}: {:?}", answer.faults);
        assert!(answer.faults.iter().all(|fault| fault.entry == "classify[0]" && !fault.error.is_empty()));
    }
    // A comparison of things that do not compare is false, no fault.
    assert_eq!(ask(fault).rule, None);
}

#[test]
fn faults_leave_no_trace_in_the_facts_of_the_next_rule() {
    let list = rules([
        rule("bad", "let service = 1; let x = \"gold\"; x / 2 == 1", "one"),
        rule("good", "service.tier == \"gold\"", "two"),
    ]);
    let answer = policy(&list, "", None).classify(&alert());
    assert_eq!(answer.rule.as_deref(), Some("good"), "{:?}", answer.faults);
}

#[test]
fn the_functions_of_the_script_beside_the_policy_can_be_called() {
    let script = "fn busy(alert, limit) { alert.values.ratio > limit }\n";
    let policy = policy(&rule("busy", "busy(alert, 2.0)", "two"), "", Some(script));
    assert_eq!(policy.classify(&alert()).rule.as_deref(), Some("busy"));
}

/// Text of a payload is as long as it is: no rule may fail for it, or a long summary would hide a severity.
#[test]
fn a_payload_at_the_limits_is_still_classified() {
    let mut large = alert();
    large.summary = "é".repeat(30_000);
    for number in 0..500 {
        large.labels.insert(format!("label-{number}"), "x".repeat(1_000));
        large.values.insert(format!("value-{number}"), f64::from(number));
    }
    let list = rule(
        "large",
        "alert.summary.len() > 10 && alert.labels.region == \"jakarta\" && alert.values.ratio > 2.0",
        "two",
    );
    let answer = policy(&list, "", None).classify(&large);
    assert_eq!((answer.rule.as_deref(), answer.faults.len()), (Some("large"), 0), "{:?}", answer.faults);
}
