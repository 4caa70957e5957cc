//! Rules in native form: the functions they can call, batches, explanations, and what the check says of rules.

use std::fmt::Write as _;

use kentongan::{Alert, FactValue, Policy, PolicyError, Says};

/// A policy of four severities, `one` the worst and `three` the default, with rules of these conditions.
fn load(conditions: &[&str], more: &str) -> Result<Policy, PolicyError> {
    Policy::load("policy.yaml", &document(conditions, more), |_| None)
}

fn document(conditions: &[impl AsRef<str>], more: &str) -> String {
    let mut text = String::from("policy: rules\ntimezone: Asia/Jakarta\n");
    text += more;
    text += "services:\n  core: { tier: gold, facts: { seats: 40, paid: true } }\n  web: { tier: silver }\n\
             severities:\n  one: &all { definition: all, notify: [ { email: a@example.org } ] }\n  two: *all\n  three: *all\n\
             classify:\n";
    for (number, when) in conditions.iter().enumerate() {
        let when = serde_json::to_string(when.as_ref()).expect("text is JSON");
        let severity = ["one", "two"][number % 2];
        let _ = writeln!(text, "  - {{ id: r{number}, when: {when}, severity: {severity} }}");
    }
    text += "  - default: three\nlast_resort: [ { email: a@example.org } ]\n";
    text
}

fn policy(conditions: &[&str]) -> Policy {
    load(conditions, "").unwrap_or_else(|error| panic!("{error}"))
}

fn alert() -> Alert {
    let mut alert = Alert::firing("a1", "core");
    "web-17".clone_into(&mut alert.name);
    alert.labels.insert("address".to_owned(), "10.1.2.3".to_owned());
    alert.labels.insert("env".to_owned(), "prod".to_owned());
    alert.values.insert("ratio".to_owned(), 2.5);
    // A Tuesday, 23:30 in UTC and 06:30 of Wednesday in Jakarta.
    alert.starts_at = "2026-11-24T23:30:00Z".parse().ok();
    alert
}

#[test]
fn every_condition_of_kreki_runs_in_native_form() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/kreki/policy.yaml"));
    let policy = Policy::from_yaml(&text.expect("the policy is there")).expect("the policy is one");
    let scripts: Vec<_> = policy.conditions().iter().filter(|form| form.script.is_some()).collect();
    assert!(scripts.is_empty(), "{scripts:?}");
    assert!(policy.conditions().len() >= 19, "{}", policy.conditions().len());
}

#[test]
fn the_functions_of_our_own_answer_and_what_is_absent_satisfies_none() {
    for (when, holds) in [
        ("matches(alert.name, \"^web-[0-9]+$\")", true),
        ("alert.name.matches(\"^db\")", false),
        ("matches(alert.labels.missing, \"\")", false),
        ("cidr(alert.labels.address, \"10.0.0.0/8\")", true),
        ("cidr(alert.labels.address, \"192.168.0.0/16\")", false),
        ("cidr(alert.labels.missing, \"0.0.0.0/0\")", false),
        ("hour_of_day(alert.starts_at) == 6", true),
        ("hour_of_day(alert.starts_at) in 0..6", false),
        ("weekday(alert.starts_at) == \"wednesday\"", true),
        ("alert.starts_at > 0 && hours(2) == minutes(120)", true),
    ] {
        let policy = policy(&[when]);
        assert_eq!(policy.conditions()[0].script, None, "{when}");
        let answer = policy.classify(&alert());
        assert_eq!((answer.rule.is_some(), answer.faults.len()), (holds, 0), "{when}: {:?}", answer.faults);
    }
}

/// A mistake in a pattern or a network is found when the policy is read, not in the night it is needed.
#[test]
fn a_pattern_and_a_network_are_read_with_the_policy() {
    for (when, code) in [
        ("matches(alert.name, \"(\")", "invalid_pattern"),
        ("matches(alert.name, alert.labels.env)", "invalid_pattern"),
        ("alert.name.matches(\"((a{500}){500}){500}\")", "invalid_pattern"),
        ("cidr(alert.labels.address, \"10.1.2.3/8\")", "invalid_network"),
        ("cidr(alert.labels.address, alert.labels.env)", "invalid_network"),
    ] {
        let error = load(&[when], "").expect_err(when);
        let problems: Vec<_> = error.diagnostics().iter().map(|problem| problem.code().to_string()).collect();
        assert_eq!(problems, [code], "{when}: {error}");
    }
}

#[test]
fn a_batch_decides_as_each_alert_by_itself() {
    let conditions = [
        "alert.labels.env == \"test\"",
        "alert.values.ratio > 9",
        "alert.labels.host.starts_with(\"db\")",
        "service.tier == \"gold\" && alert.values.ratio > 2",
        "switch alert.name { \"db\" => true, _ => false }",
        "service.known",
    ];
    let policy = policy(&conditions);
    assert!(!policy.needs_whole_alerts());
    let facts: Vec<&str> = policy.alert_facts().collect();
    assert_eq!(facts, ["alert.labels.env", "alert.values.ratio", "alert.labels.host", "alert.name", "alert.service"]);
    let mut classifier = policy.classifier();
    let mut other = alert();
    other.service = Some("nobody".to_owned());
    other.labels.insert("host".to_owned(), "db-1".to_owned());
    let names: Vec<&str> = policy.severities().collect();
    let rules: Vec<&str> = policy.rules().collect();
    for alert in [alert(), other, Alert::default()] {
        let whole = policy.classify(&alert);
        let ruling = classifier.decide_alert(&alert);
        assert_eq!(
            (names[ruling.severity], ruling.rule.map(|rule| rules[rule])),
            (&*whole.severity, whole.rule.as_deref())
        );
        assert_eq!(ruling.fault, !whole.faults.is_empty());
        let label = |name: &str| alert.labels.get(name).map_or(FactValue::Absent, |text| FactValue::Text(text));
        let ratio = alert.values.get("ratio").map_or(FactValue::Absent, |ratio| FactValue::Float(*ratio));
        let service = alert.service.as_deref().map_or(FactValue::Absent, FactValue::Text);
        let row = [label("env"), ratio, label("host"), FactValue::Text(&alert.name), service];
        assert_eq!(classifier.decide(&row), ruling);
    }
}

#[test]
fn a_row_that_does_not_fit_is_read_as_far_as_it_does() {
    let policy = policy(&["alert.values.ratio >= 2", "alert.labels.env == \"prod\""]);
    let mut classifier = policy.classifier();
    // A whole number for a measurement, a number for a label, and a row that ends early.
    assert_eq!(classifier.decide(&[FactValue::Integer(2), FactValue::Absent]).rule, Some(0));
    assert_eq!(classifier.decide(&[FactValue::Absent, FactValue::Integer(1)]).rule, None);
    assert_eq!(classifier.decide(&[]).rule, None);
    assert_eq!(classifier.decide(&[FactValue::Absent, FactValue::Text("prod"), FactValue::Bool(true)]).rule, Some(1));
}

/// A script that takes the labels as a whole cannot be asked by a row: the answer is then the default or worse.
#[test]
fn a_row_is_not_enough_for_a_script_that_takes_maps() {
    let policy = policy(&["alert.labels.len() > 100", "true"]);
    assert!(policy.needs_whole_alerts());
    let ruling = policy.classifier().decide(&[]);
    assert_eq!((ruling.severity, ruling.rule, ruling.fault), (1, Some(1), true));
    let ruling = policy.classifier().decide_alert(&alert());
    assert_eq!((ruling.severity, ruling.rule, ruling.fault), (1, Some(1), false));
}

#[test]
fn every_rule_accounts_for_itself() {
    let conditions = [
        "alert.labels.env == \"prod\" && alert.values.ratio > 9.0",
        "alert.values.ratio > 2.0",
        "service.tier == \"gold\"",
        "alert.labels.host.starts_with(\"db\")",
        "switch alert.name { \"db\" => true, _ => false }",
    ];
    let whole = policy(&conditions).explain(&alert());
    assert_eq!(whole.answer.rule.as_deref(), Some("r1"));
    let says: Vec<&Says> = whole.rules.iter().map(|account| &account.says).collect();
    assert_eq!(says[0], &Says::No { fails: "alert.values.ratio > 9.0".to_owned() });
    assert_eq!((says[1], says[2]), (&Says::Decides, &Says::MatchesToo));
    assert!(matches!(says[3], Says::Fails { error } if error.contains("starts_with")), "{:?}", says[3]);
    assert_eq!(whole.rules[3].absent, ["alert.labels.host"]);
    assert!(whole.rules[4].script.as_deref().is_some_and(|reason| reason.contains("switch")));
    assert_eq!(whole.rules[0].facts["alert.values.ratio"], 2.5);
    assert_eq!(whole.rules[0].line, Some(11));
    let text = whole.to_string();
    assert!(
        text.contains(
            "r0 (policy.yaml:11) does not match: `alert.values.ratio > 9.0` does not hold; alert.values.ratio = 2.5"
        ),
        "{text}"
    );
}

#[test]
fn rules_that_cannot_match_are_warned_of() {
    let cases: [(&[&str], &[&str]); 14] = [
        (&["alert.labels.env == \"a\"", "alert.labels.env == \"a\" && alert.values.x > 1"], &["unreachable_rule"]),
        (&["alert.labels.env in [\"a\", \"b\"]", "alert.labels.env == \"b\""], &["unreachable_rule"]),
        (&["alert.values.x > 1", "alert.values.x >= 2 && service.known"], &["unreachable_rule"]),
        (&["alert.name.starts_with(\"a\")", "alert.name == \"ab\""], &["unreachable_rule"]),
        (&["true", "service.known"], &["unreachable_rule"]),
        (&["alert.values.x > 2", "alert.values.x > 1"], &[]),
        (&["alert.labels.env == \"a\" && service.known", "alert.labels.env == \"a\""], &[]),
        (&["matches(alert.name, \"a\")", "matches(alert.name, \"b\")"], &[]),
        (&["alert.labels.env == \"a\" && alert.labels.env == \"b\""], &["never_matches"]),
        (&["alert.values.x > 2 && alert.values.x < 1"], &["never_matches"]),
        (&["alert.values.x != 2 && alert.values.x < 1"], &[]),
        (&["service.tier == \"gld\""], &["unknown_tier"]),
        (&["service.id in [\"core\", \"wbe\"]"], &["unknown_service"]),
        (&["service.id == \"web\" && service.tier != \"gold\""], &[]),
    ];
    for (conditions, codes) in cases {
        let policy = policy(conditions);
        let found: Vec<String> = policy.warnings().iter().map(|warning| warning.code().to_string()).collect();
        assert_eq!(found, codes, "{conditions:?}: {}", policy.warnings());
    }
    let warnings = policy(&["service.tier == \"gld\""]).warnings().to_string();
    assert!(warnings.contains("did you mean `gold`?"), "{warnings}");
}

/// The index takes part from two dozen rules on: as many that never match.
fn many(conditions: impl Iterator<Item = String>) -> Vec<String> {
    let never = (0..40).map(|number| format!("alert.labels.env == \"never-{number}\""));
    never.chain(conditions).collect()
}

fn among_many(conditions: &[String]) -> Policy {
    let conditions = many(conditions.iter().cloned());
    policy(&conditions.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_rule_that_takes_a_number_for_text_fails_among_many_rules_too() {
    for when in ["alert.values.ratio.starts_with(\"2\")", "service.facts.seats.contains(\"4\")"] {
        let alone = policy(&[when]).classify(&alert());
        let answer = among_many(&[when.to_owned()]).classify(&alert());

        assert_eq!((alone.faults.len(), answer.faults.len()), (1, 1), "{when}");
        assert_eq!(alone.faults[0].error, answer.faults[0].error, "{when}");
    }
}

/// Of many rules that would fail where a fact is absent, those are looked at that come to it.
#[test]
fn rules_that_fail_cost_nothing_where_they_do_not_come_to_it() {
    for needs in [
        "alert.labels.host.starts_with(\"db\")",
        "(alert.values.ratio > 9 || alert.labels.host.contains(\"db\"))",
        "alert.labels.host.parse_int() > 5",
    ] {
        let rules = |number: usize| format!("alert.labels.team == \"team-{number}\" && {needs}");
        let policy = among_many(&(0..400).map(rules).collect::<Vec<_>>());
        let mut alert = alert();
        alert.labels.insert("team".to_owned(), "team-7".to_owned());

        let explanation = policy.explain(&alert);
        let tried: Vec<&str> =
            explanation.rules.iter().filter(|rule| !rule.passed_over).map(|rule| rule.rule.as_str()).collect();
        assert_eq!(tried, ["r47"], "{needs}");
        let fails = |rule: &kentongan::RuleAccount| matches!(rule.says, Says::Fails { .. });
        assert_eq!(explanation.rules.iter().filter(|rule| fails(rule)).count(), 1, "{needs}");
        assert_eq!(explanation.answer.faults.len(), 1, "{needs}");
        assert!(policy.classifier().decide_alert(&alert).fault, "{needs}");
    }
}

/// A fact that is asked for before it is used makes a rule that never fails.
#[test]
fn a_rule_that_asks_whether_a_fact_is_there_is_passed_over_without_it() {
    let guarded = "alert.labels.host != () && alert.labels.host.starts_with(\"db\")".to_owned();
    let explanation = among_many(&[guarded]).explain(&alert());

    assert!(explanation.rules.iter().all(|rule| rule.passed_over), "{explanation}");
    assert_eq!(explanation.answer.faults.len(), 0);
}

/// What a name stands for is what the index knows, whoever gave it: a `let` or the call of a function.
#[test]
fn rules_with_names_of_their_own_are_passed_over_too() {
    for (when, first_part) in [
        ("same(alert.labels.team, \"TEAM\")", "alert.labels.team == \"TEAM\""),
        ("let team = alert.labels.team; team == \"TEAM\"", "alert.labels.team == \"TEAM\""),
        ("let own = alert.labels.team == \"TEAM\"; own && alert.values.ratio > 2", "alert.labels.team == \"TEAM\""),
        ("both(alert.values.ratio > 2, same(alert.labels.team, \"TEAM\"))", "alert.labels.team == \"TEAM\""),
        ("within(alert, \"TEAM\")", "alert.labels.team == \"TEAM\""),
        ("let size = alert.name.len(); alert.labels.team == \"TEAM\" && size > 3", "alert.labels.team == \"TEAM\""),
        ("let size = alert.name.len(); same(alert.labels.team, \"TEAM\") && size > 3", "alert.labels.team == \"TEAM\""),
    ] {
        let text = document(
            &many((0..3_000).map(|number| when.replace("TEAM", &format!("team-{number}")))),
            "script: own.rhai\n",
        );
        let script = "fn same(a, b) { a == b }\nfn both(a, b) { a && b }\n\
                      fn within(alert, team) { let labels = alert.labels; let own = labels.team; own == team }\n";
        let policy = Policy::load("policy.yaml", &text, |_| Some(script.to_owned()));
        let policy = policy.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.conditions()[47].script, None, "{when}");
        let mut alert = alert();
        alert.labels.insert("team".to_owned(), "team-7".to_owned());

        let explanation = policy.explain(&alert);
        let tried: Vec<&str> =
            explanation.rules.iter().filter(|rule| !rule.passed_over).map(|rule| rule.rule.as_str()).collect();
        assert_eq!(tried, ["r47"], "{when}");
        assert_eq!((explanation.answer.rule.as_deref(), explanation.answer.faults.len()), (Some("r47"), 0), "{when}");
        let fails = first_part.replace("TEAM", "team-8");
        assert_eq!(explanation.rules[48].says, Says::No { fails }, "{when}");
        assert_eq!(explanation.rules[48].facts.keys().collect::<Vec<_>>(), ["alert.labels.team"], "{when}");
    }
}

/// A part that asks a variable says nothing without the variable.
#[test]
fn a_part_with_a_variable_is_told_of_in_the_words_of_its_author() {
    let when = "let size = alert.name.len(); alert.labels.env == \"prod\" && size > 30";
    let explanation = policy(&[when]).explain(&alert());
    assert_eq!(explanation.rules[0].says, Says::No { fails: when.to_owned() });
    let facts: Vec<&String> = explanation.rules[0].facts.keys().collect();
    assert_eq!(facts, ["alert.labels.env", "alert.name"]);
}

/// What fails whatever it is given is found when the policy is read, not in the night it is needed.
#[test]
fn what_takes_something_else_than_it_is_given_is_warned_of() {
    for (when, fails) in [
        ("alert.values.x in 0..5", true),
        ("alert.name in 0..5", true),
        ("service.facts.seats in 0..5", false),
        ("alert.values.x.starts_with(\"2\")", true),
        ("alert.name.starts_with(\"2\")", false),
        ("service.facts.seats.contains(\"4\")", true),
        ("matches(alert.values.x, \"^2\")", true),
        ("hour_of_day(alert.values.x) == 3", true),
        ("hour_of_day(alert.starts_at) == 3", false),
        ("floor(service.facts.seats) > 3.0", true),
        ("floor(alert.values.x) > 3.0", false),
        ("parse_int(service.facts.seats) > 3", true),
        ("alert.labels.count * 2 > 5", true),
        ("-alert.labels.count < 5", true),
        ("service.facts.seats * 2 > 5", false),
        ("alert.labels.env && service.known", true),
        ("service.known || alert.values.x", true),
        ("!alert.labels.env", true),
        ("if alert.labels.env { true } else { false }", true),
        ("service.facts.paid && !service.known", false),
    ] {
        let policy = policy(&[when]);
        let found: Vec<&str> = policy.warnings().iter().map(kentongan::source::Diagnostic::code).collect();
        assert_eq!(found, if fails { vec!["always_fails"] } else { vec![] }, "{when}: {}", policy.warnings());
        if fails {
            // And so it does, unless what comes before it settles the answer.
            let mut alert = alert();
            alert.labels.insert("count".to_owned(), "5".to_owned());
            alert.values.insert("x".to_owned(), 2.0);
            alert.service = None;
            let mut with_service = alert.clone();
            with_service.service = Some("core".to_owned());
            let faults = policy.classify(&alert).faults.len() + policy.classify(&with_service).faults.len();
            assert!(faults > 0, "{when}");
        }
    }
}

/// `alert.labels.n == "1"`, and as many more.
fn of_one_label(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("alert.labels.n == \"{number}\"")).collect()
}

#[test]
fn rules_that_the_index_excludes_share_a_line() {
    let mut alert = alert();
    alert.labels.insert("n".to_owned(), "2".to_owned());
    let explanation = among_many(&of_one_label(3_000)).explain(&alert);
    let passed_over = explanation.rules.iter().filter(|rule| rule.passed_over).count();
    let lines = explanation.lines();
    assert_eq!(lines.len(), explanation.rules.len() - passed_over + 1, "{explanation}");
    let last = lines.last().expect("there is a line");
    assert!(last.starts_with("2,") || last.starts_with("3,"), "{last}");
    assert!(last.contains(" rules excluded by the index (by alert.labels."), "{last}");
    assert!(lines.iter().any(|line| line.contains("decides: ")), "{explanation}");
}

/// Whatever is compared only with rules that ask for one of the same texts is compared quickly.
#[test]
fn a_rule_that_lists_texts_is_compared_with_those_that_list_them_too() {
    let mut conditions: Vec<String> =
        (0..3_000).map(|number| format!("alert.labels.n in [\"a{number}\", \"b{number}\"]")).collect();
    conditions.push("alert.labels.n == \"b7\"".to_owned());
    conditions.push("alert.labels.n in [\"a8\", \"b8\"] && alert.labels.m == \"x\"".to_owned());
    let policy = among_many(&conditions);
    let warnings: Vec<&str> = policy.warnings().iter().map(kentongan::source::Diagnostic::code).collect();
    assert_eq!(warnings, ["unreachable_rule"; 2], "{}", policy.warnings());
}

#[test]
fn it_is_said_where_rules_are_too_many_to_be_compared() {
    let conditions: Vec<String> =
        (0..2_500).map(|number| format!("alert.values.x > {number}.5 && alert.values.x < {number}.7")).collect();
    let policy = among_many(&conditions);
    let warning = policy.warnings().iter().find(|warning| warning.code() == "rules_not_compared");
    let message = warning.expect("it is said").message();
    assert!(message.starts_with("only the first ") && message.ends_with(" rules were compared with each other"));
}

/// What is remarked on in a row of a file stands on the row's line, and so does a row that never gets its turn.
#[test]
fn warnings_of_rows_stand_in_their_file() {
    let text = "policy: shop\nseverities: { high: { definition: all, notify: [ { email: a@b.org } ] } }\n\
                classify:\n  - { table: { file: rows.csv } }\n  - default: high\nlast_resort: [ { email: a@b.org } ]\n";
    let rows = "alert.labels.a,alert.status,severity\nx,-,high\ny,firng,high\nx,firing,high\n";
    let policy = Policy::load("policy.yaml", text, |_| Some(rows.to_owned())).expect("warnings refuse nothing");
    let warnings: Vec<(String, &str)> =
        policy.warnings().iter().map(|warning| (warning.place().to_string(), warning.code())).collect();
    assert_eq!(
        warnings,
        [("rows.csv:3:1".to_owned(), "unknown_value"), ("rows.csv:4:1".to_owned(), "unreachable_rule")]
    );
}
