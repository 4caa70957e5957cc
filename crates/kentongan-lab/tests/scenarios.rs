//! What scenarios can say, what they refuse, and how they explain what failed.

use kentongan_lab::{Run, Scenario};

const POLICY: &str = "
policy:
  policy: shop
  timezone: Asia/Jakarta
  people:
    ana: { contacts: { pager: ana-1, email: ana@example.org } }
    ben: { contacts: { pager: ben-1 } }
  channels: { pager: { fallback: [email] } }
  on_call: { primary: [ana], secondary: [ben] }
  severities:
    high: { definition: down, targets: { acknowledge: 5m }, escalation: standard }
    low: { definition: odd, notify: [ { email: shop@example.org } ] }
  classify:
    - { id: pay, when: alert.service == \"checkout\", severity: high }
    - default: low
  escalation:
    standard:
      - { id: first, notify: on-call.primary }
      - { id: second, notify: on-call.secondary, after: 15m }
  last_resort: [ { pager: ana } ]
start: 2026-11-24T02:00
until: +1h
";

fn load(rest: &str) -> Result<Scenario, String> {
    let text = format!("scenario: test\n{POLICY}{rest}");
    Scenario::load("test.yaml", &text, None, |name| match name {
        "alerts.json" => Ok(br#"[{"key":"a1","service":"checkout"},{"key":"a2","service":"blog"}]"#.to_vec()),
        _ => Err("there is no such file".to_owned()),
    })
    .map_err(|problems| problems.to_string())
}

fn run(rest: &str) -> Run {
    match load(rest) {
        Ok(scenario) => scenario.run().expect("the run ends"),
        Err(problems) => panic!("{problems}"),
    }
}

fn failures(rest: &str) -> String {
    let failures: Vec<String> = run(rest).failures.iter().map(ToString::to_string).collect();
    failures.join("\n")
}

const ALERT: &str = "inputs:\n  - { at: +0s, alert: { key: a1, service: checkout } }\n";

#[test]
fn everything_that_is_so_passes() {
    let rest = "
inputs:
  - { at: +0s, payload: alerts.json }
  - { at: +4m59s999ms, acknowledge: { by: ben, incident: 1 } }
  - { at: +6m, resolve: { by: ben, incident: checkout } }
  - { at: +7m, escalate: { by: ben, incident: '#1' }, rejected: already_resolved }
expect:
  - effect: { at: +0s, kind: notify, channel: pager, to: ana, cause.trigger: escalation, cause: { entry: 'escalation.standard[0]' } }
  - effect: { at: 2026-11-24T02:02:30, kind: warning, clock: acknowledge, percent: 50, deadline: +5m, count: 1 }
  - none: { kind: breach }
  - none: { from: +5m, kind: notify, channel: pager }
  - decision: { verdict: classified, rule: pay, facts.alert.service: checkout }
  - decision: { verdict: opened, count: 2 }
  - state: { at: +4m59s998ms, incident: 1, state: open, pending: 0, firing: 1 }
  - state: { at: +5m, incident: checkout, state: acknowledged, acknowledged_by: ben, clocks.acknowledge: met }
  - state: { incident: '#2', state: open, severity: low, service: blog, acknowledged_by: null }
";
    assert_eq!(failures(rest), "");
}

#[test]
fn an_effect_that_is_missing_is_explained_by_the_nearest() {
    insta::assert_snapshot!(failures(&format!(
        "{ALERT}expect:\n  - effect: {{ at: +14m, kind: notify, to: ben, why: two eyes see more }}\n"
    )));
}

#[test]
fn an_effect_that_should_not_be_is_shown() {
    insta::assert_snapshot!(failures(&format!(
        "{ALERT}expect:\n  - none: {{ from: +0s, before: +20m, kind: notify }}\n"
    )));
}

#[test]
fn a_wrong_count_is_explained_by_what_there_is() {
    insta::assert_snapshot!(failures(&format!("{ALERT}expect:\n  - effect: {{ kind: warning, count: 2 }}\n")));
}

#[test]
fn a_wrong_state_is_explained_field_by_field() {
    insta::assert_snapshot!(failures(&format!(
        "{ALERT}expect:\n  - state: {{ at: +1m, state: resolved, severity: high, resolved_by: ana }}\n  - state: {{ incident: 2, state: open }}\n"
    )));
}

#[test]
fn refusals_are_compared_both_ways() {
    let rest = "
inputs:
  - { at: +0s, acknowledge: { by: ana } }
  - { at: +1s, alert: { key: a1, service: checkout } }
  - { at: +2s, acknowledge: { by: ana }, rejected: already_resolved }
  - { at: +3s, report: { to: ben, outcome: failed }, rejected: no_such_effect }
";
    insta::assert_snapshot!(failures(rest));
}

#[test]
fn a_failed_delivery_goes_on_to_the_next_way() {
    let rest = "
failures: [ { channel: pager, to: ana, detail: no answer } ]
inputs: [ { at: +0s, alert: { key: a1, service: checkout } } ]
expect:
  - effect: { at: +0s, kind: notify, channel: email, to: ana, cause.trigger: delivery_failed }
  - decision: { verdict: delivery_failed, detail: no answer }
";
    assert_eq!(failures(rest), "");
}

#[test]
fn a_host_that_does_not_report_can_report_later() {
    let rest = "
delivery: unreported
inputs:
  - { at: +0s, alert: { key: a1, service: checkout } }
  - { at: +1m, report: { channel: pager, to: ana, outcome: failed } }
expect:
  - state: { at: +59s, pending: 1 }
  - effect: { at: +1m, channel: email, to: ana }
";
    assert_eq!(failures(rest), "");
}

#[test]
fn everything_wrong_is_refused_at_once_where_it_stands() {
    let rest = "
failures: [ {} ]
inputs:
  - { at: +0s, alert: { key: a1 }, tick: {} }
  - { at: +1s }
  - { at: +2h, tick: {} }
  - { at: +1s, payload: missing.json }
  - { at: five, tick: {} }
  - { at: +1s, acknowlege: { by: ana } }
expect:
  - effect: { kind: notfy, chanel: pager }
  - none: { to: anna, kind: notify }
  - none: { kind: notify, severity: SEV-1, from: +5m, before: +5m }
  - state: { at: +1m }
  - state: { at: +9h, state: open }
  - decision: { verdict: opened, count: many }
";
    insta::assert_snapshot!(load(rest).expect_err("much is wrong"));
}

#[test]
fn an_input_that_cannot_be_read_is_refused_for_that_alone() {
    let refused = |input: &str| {
        let inputs = format!("start: 2026-11-24T02:00\nuntil: +1h\ninputs:\n  - {input}\n");
        load(&inputs).map(|_| ()).expect_err("it is refused")
    };
    let misspelt = refused("{ at: +1m, acknowledge: { bye: ana } }");
    assert!(misspelt.contains("unknown field `bye`") && !misspelt.contains("one_kind"), "{misspelt}");
    for nothing in ["{ at: +1m }", "{ at: +1m, acknowledge: ~ }"] {
        let refused = refused(nothing);
        assert!(refused.contains("the input does not say what happens"), "{nothing}: {refused}");
    }
}

#[test]
fn the_same_scenario_gives_the_same_bytes() {
    let (one, two) = (run(ALERT), run(ALERT));
    assert!(one.effects().count() > 10);
    assert_eq!(one.effects_jsonl(), two.effects_jsonl());
    for line in one.effects_jsonl().lines() {
        serde_json::from_str::<kentongan::Effect>(line).expect("an effect");
    }
}

#[test]
fn the_inputs_of_a_run_are_its_journal() {
    let scenario = load(ALERT).expect("a scenario");
    let first = scenario.run().expect("the run ends");
    let again = Run::replay("again", scenario.policy().clone(), first.calls()).expect("the replay ends");
    assert_eq!(first.effects_jsonl(), again.effects_jsonl());
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = Scenario::json_schema();
    let text = schema.to_string();
    for part in ["\"acknowledge\"", "\"page_ceiling\"", "\"before\"", "\"oneOf\"", "\"additionalProperties\":false"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn what_the_window_has_a_word_for_is_compared_apart() {
    let changed = |severity: &str| {
        failures(&format!(
            "{ALERT}  - {{ at: +1m, set_severity: {{ severity: low, by: ana }} }}
expect:
  - decision: {{ from: +1m, verdict: severity_changed, fields: {{ from: {severity}, to: low }} }}
"
        ))
    };
    assert_eq!(changed("high"), "");
    assert!(changed("low").contains("- from: low"), "{}", changed("low"));
    for (fields, code) in
        [("{ form: high }", "unknown_field"), ("high", "wrong_type"), ("{}", "does not say what `decision`")]
    {
        let refused = load(&format!("expect: [ {{ decision: {{ fields: {fields} }} }} ]")).expect_err(fields);
        assert!(refused.contains(code) || refused.contains(&code.replace('_', " ")), "{fields}: {refused}");
    }
}

#[test]
fn an_end_needs_no_plus_and_the_engine_s_time_has_one() {
    let text = format!("scenario: test\n{POLICY}").replace("until: +1h", "until: 1h");
    let scenario = Scenario::load("test.yaml", &text, None, |_| Err(String::new())).expect("it is read");
    assert_eq!(scenario.run().expect("it ends").until.to_rfc3339(), "2026-11-23T20:00:00+00:00");
    // What comes due after the year 2500 is refused once, and asked for no more.
    let text = format!("scenario: test\n{POLICY}{ALERT}")
        .replace("2026-11-24T02:00", "2500-12-31T23:59:59+00:00")
        .replace("until: +1h", "until: 2d");
    let scenario = Scenario::load("test.yaml", &text, None, |_| Err(String::new())).expect("it is read");
    let run = scenario.run().expect("it ends");
    let refusals = run.entries.iter().filter(|entry| matches!(entry, kentongan_lab::RunEntry::Refusal { .. }));
    assert_eq!(refusals.count(), 1);
}

#[test]
fn an_absence_of_what_cannot_be_is_refused() {
    let refused = |entry: &str| load(&format!("{ALERT}expect:\n  - {entry}\n")).expect_err(entry);
    for (entry, code, help) in [
        ("none: { kind: role_vacant, role: primry }", "unknown_name", "did you mean `primary`?"),
        ("none: { kind: notify, level: frist }", "unknown_name", "did you mean `first`?"),
        ("none: { kind: notify, cause.entry: 'escalaton.standard[0]' }", "unknown_entry", "did you mean `escalation`?"),
        ("none: { cause.entry: 'escalation.standart[0]' }", "unknown_entry", "did you mean `standard`?"),
        (
            "decision: { verdict: level_waiting, entry: 'severities.hihg', count: 0 }",
            "unknown_entry",
            "did you mean `high`?",
        ),
        ("none: { kind: notify, incident: chekout }", "unknown_incident", "did you mean `checkout`?"),
        ("none: { kind: notify, incident: '#0' }", "unknown_incident", "checkout"),
        ("decision: { verdict: role_assigned, person: anna, count: 0 }", "unknown_name", "name a person"),
        ("on_call: { role: primry, people: [ana] }", "unknown_name", "did you mean `primary`?"),
        ("on_call: { role: primary, people: [anna] }", "unknown_name", "name a person"),
    ] {
        let said = refused(entry);
        assert!(said.contains(code) && said.contains(help) && said.starts_with("test.yaml:27:"), "{entry}: {said}");
    }
    let said = load("inputs:\n  - { at: +1s, acknowledge: { by: ana }, rejected: allready_resolved }\n")
        .expect_err("it is refused");
    assert!(said.contains("unknown_refusal") && said.contains("did you mean `already_resolved`?"), "{said}");
    assert!(said.starts_with("test.yaml:25:"), "{said}");
    for entry in [
        "none: { kind: role_vacant, role: primary }",
        "none: { kind: breach, level: second }",
        "none: { kind: breach, level: '2' }",
        "none: { kind: breach, cause.entry: 'severities.low.notify[0]' }",
        "none: { kind: breach, incident: checkout }",
        "none: { kind: breach, incident: 2 }",
        "none: { kind: breach, incident: checkout-20261124-abcdefgh }",
    ] {
        let read = load(&format!("{ALERT}expect:\n  - {entry}\n"));
        assert!(read.is_ok(), "{entry}: {}", read.expect_err(entry));
    }
}

/// The timeline of a run, as it is read.
fn shown(rest: &str) -> String {
    shown_in(rest, 300)
}

fn shown_in(rest: &str, width: usize) -> String {
    let scenario = load(rest).expect("a scenario");
    let run = scenario.run().expect("the run ends");
    let lines =
        kentongan_lab::timeline::lines(&run, scenario.policy(), kentongan_lab::timeline::Options { all: false, width });
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_timeline_is_no_wider_than_anybody_reads() {
    let rest = "\ninputs:\n  - { at: +0s, alert: { key: a1, service: checkout, summary: It is slow } }\n";
    let widest = shown_in(rest, 1_000);
    assert!(widest.contains("It is slow"), "{widest}");
    for width in [1_001, usize::MAX / 54, usize::MAX] {
        assert_eq!(shown_in(rest, width), widest);
    }
    assert!(shown_in(rest, 0).contains("slow"));
}

#[test]
fn a_timeline_says_how_each_incident_ended_and_what_was_refused() {
    let shown = shown(
        "
inputs:
  - { at: +0s, alert: { key: a1, service: checkout } }
  - { at: +1m, alert: { key: b1, service: till } }
  - { at: +2m, alert: { key: c1, service: blog } }
  - { at: +3m, merge: { incident: 2, into: 1, by: ben } }
  - { at: +4m, false_alarm: { incident: 3, by: ana, reason: A test of the line } }
  - { at: +5m, acknowledge: { incident: 2, by: ben, note: I look }, rejected: already_resolved }
  - { at: +6m, require_postmortem: { incident: 1, by: ana, reason: We should look } }
  - { at: +7m, write_postmortem: { incident: 1, by: ana, summary: It was slow, cause: capacity } }
",
    );
    let says = |part: &str| shown.lines().any(|line| line.contains(part));
    assert!(says("#2 low, merged into #1 by ben"), "{shown}");
    assert!(says("#3 low, a false alarm, ended by ana"), "{shown}");
    assert!(says("#1 high, open, nobody has taken it"), "{shown}");
    assert!(says("refused") && says("\"takes it\" of ben: I look:"), "{shown}");
    assert!(!shown.lines().any(|line| line.contains("takes it") && !line.contains("refused")), "{shown}");
    assert!(says("ana: the post-mortem: summary, cause"), "{shown}");
}
