//! Conditions: what a rule read and what was absent, which rule counts, and that a fault never lowers the answer.

use std::collections::BTreeMap;

use kentongan::{Alert, Classification, Policy, limits};
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

/// What keeps a condition from being lowered, and says nothing.
const AS_A_SCRIPT: &str = "switch 1 { 1 => true, _ => false }";

/// Each condition, in native form or not, and as a script: the answers have to be the same.
fn same_as_a_script(when: &str, script: &str) -> Classification {
    let ask = |when: &str, script: &str| policy(&rule("asked", when, "two"), "", Some(script)).classify(&alert());
    let (first, last) = when.rsplit_once(';').map_or(("", when), |(first, last)| (first, last));
    let between = if first.is_empty() { "" } else { ";" };
    let forced = format!("{first}{between} true && {AS_A_SCRIPT} && {{ {last} }}");
    let compiled = policy(&rule("asked", &forced, "two"), "", Some(script));
    assert!(compiled.conditions()[0].script.is_some(), "{forced}");
    let (ours, theirs) = (ask(when, script), compiled.classify(&alert()));
    assert_eq!((ours.rule.is_some(), ours.faults.len()), (theirs.rule.is_some(), theirs.faults.len()), "{when}");
    ours
}

/// The interpreter lets a script have so many names and no more, whatever they stand for.
#[test]
fn names_run_out_in_native_form_as_they_do_in_a_script() {
    for (value, last) in [
        ("alert.labels", "NAME.region == \"jakarta\""),
        ("alert.labels.region", "NAME == \"jakarta\""),
        ("alert.labels.region == \"jakarta\"", "NAME"),
        ("\"jakarta\"", "NAME == \"jakarta\""),
        ("alert.name.len()", "NAME == 4"),
    ] {
        for count in [1, 2, 15, 16, 17, 29, 30, 31, 32, 33, 60] {
            let names: Vec<String> = (1..=count).map(|number| format!("let a{number} = {value}; ")).collect();
            let names = names.concat();
            let last = last.replace("NAME", &format!("a{count}"));
            let answer = same_as_a_script(&format!("{names}{last}"), "fn unused() { }");
            assert_eq!(answer.rule.is_some(), count <= 30, "{count} of `{value}`: {:?}", answer.faults);

            let parameters: Vec<String> = (1..=count).map(|number| format!("a{number}")).collect();
            let script = format!("fn f({}) {{ {last} }}", parameters.join(", "));
            let answer = same_as_a_script(&format!("f({})", vec![value; count].join(", ")), &script);
            assert_eq!(answer.rule.is_some(), count <= 32, "{count} arguments `{value}`: {:?}", answer.faults);
        }
    }
}

/// Each function is read by itself, also where others have the same parameters.
#[test]
fn functions_of_a_script_are_not_mistaken_for_each_other() {
    let script = "fn low(x) { x < 1 }\nfn mid(x) { x >= 1 && x < 3 }\nfn high(x) { x > 3 }\nfn none(x) { }\nfn mid(x, y) { x == y }\n\
                  fn steps(x) { let y = x; if y > 1 { return true; } y < 0 }\n";
    for (when, holds) in [
        ("low(alert.values.ratio)", false),
        ("mid(alert.values.ratio)", true),
        ("high(alert.values.ratio)", false),
        ("none(alert.values.ratio) == ()", true),
        ("mid(alert.values.ratio, 2.5)", true),
        ("mid(alert.values.ratio, 2)", false),
        ("steps(alert.values.ratio)", true),
        ("steps(1)", false),
    ] {
        let policy = policy(&rule("asked", when, "two"), "", Some(script));
        assert_eq!(policy.conditions()[0].script, None, "{when}");
        let answer = same_as_a_script(when, script);
        assert_eq!((answer.rule.is_some(), answer.faults.len()), (holds, 0), "{when}: {:?}", answer.faults);
    }
}

/// What a name stands for is looked up where the name is given, and what it takes to find that out is raised there.
#[test]
fn a_name_stands_for_what_it_was_given() {
    let script = "fn same(a, b) { a == b }\nfn other(region) { let name = region; name }\nfn whole(alert) { alert.labels.region }\n\
                  fn both(a, b) { a && b }\n";
    for (when, holds, faults) in [
        ("let e = alert.labels.missing; e == ()", true, 0),
        ("let e = alert.labels.missing; e != \"\"", true, 0),
        ("let e = alert.labels.region; let e = 3; e == 3", true, 0),
        ("let e = alert.labels.region; let f = e; let e = 1; f == \"jakarta\" && e == 1", true, 0),
        ("let e = alert.labels.region; let alert = 1; e == \"jakarta\" && alert == 1", true, 0),
        ("let n = alert.name.len(); let m = n; let n = 1; m == 4 && n == 1", true, 0),
        ("let e = alert.labels.region == \"jakarta\"; let f = alert.values.ratio > 2; e && f && !(e && !f)", true, 0),
        // What nobody uses is still asked for.
        ("let e = alert.labels.missing.len(); true", false, 1),
        ("let e = alert.labels.missing; true", true, 0),
        ("alert.labels.missing; 1; true", true, 0),
        ("let e = alert.labels.missing; e.len() == 0", false, 1),
        ("same(alert.labels.region, \"jakarta\")", true, 0),
        ("let region = \"x\"; same(other(alert.labels.region), \"jakarta\") && region == \"x\"", true, 0),
        ("same(whole(alert), \"jakarta\")", true, 0),
        ("both(alert.labels.region == \"jakarta\", alert.values.ratio > 2)", true, 0),
        ("both(false, alert.labels.missing.len() > 2)", false, 1),
        ("let a = alert.name.len(); let c = { let b = a; b }; same(c, 4) && same(a, 4)", true, 0),
    ] {
        let policy = policy(&rule("asked", when, "two"), "", Some(script));
        assert_eq!(policy.conditions()[0].script, None, "{when}");
        let answer = same_as_a_script(when, script);
        assert_eq!((answer.rule.is_some(), answer.faults.len()), (holds, faults), "{when}: {:?}", answer.faults);
    }
}

/// One label that is missing makes hundreds of rules fail that ask for it. Somebody is told of some, and that there are more.
#[test]
fn many_rules_that_fail_are_told_of_together() {
    let bad = |number: usize| {
        rule(&format!("bad-{number}"), &format!("alert.labels.host.starts_with(\"db-{number}-\")"), "four")
    };
    let on = "  - { id: on, when: \"true\", severity: four, continue: true }\n".to_owned();
    for count in [15, 16, 17, 200] {
        let bad: String = (0..count).map(bad).chain([on.clone()]).chain((count..count + 3).map(bad)).collect();
        let policy = policy(&rules([bad, rule("last", "true", "four")]), "", None);
        let answer = policy.classify(&alert());
        let entries: Vec<&str> = answer.faults.iter().map(|fault| fault.entry.as_str()).collect();
        let told =
            (0..limits::FAULTS_TOLD_MAX).map(|place| format!("classify[{}]", place + usize::from(place >= count)));
        let expected: Vec<String> = told.chain(["classify".to_owned()]).collect();
        assert_eq!(entries, expected, "{count}");
        assert_eq!(answer.faults[limits::FAULTS_TOLD_MAX].error, "more rules failed; the first 16 are told of");
        let errors: std::collections::BTreeSet<&str> =
            answer.faults.iter().take(limits::FAULTS_TOLD_MAX).map(|fault| fault.error.as_str()).collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        // Once more, with what was kept of the first time.
        assert_eq!(policy.classify(&alert()), answer);
        assert_eq!((answer.severity.as_str(), answer.rule), ("three", None));
        let ruling = policy.classifier().decide_alert(&alert());
        assert!(ruling.fault);
    }
    let exactly: String = (0..limits::FAULTS_TOLD_MAX).map(bad).collect();
    let answer = policy(&exactly, "", None).classify(&alert());
    assert_eq!(answer.faults.len(), limits::FAULTS_TOLD_MAX);
    assert!(answer.faults.iter().all(|fault| fault.entry != "classify"));
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
