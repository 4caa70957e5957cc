//! The command as people and scripts meet it: what it prints, where, and how it exits.

mod run;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use run::{kentongan, with_stdin};

macro_rules! shows {
    ($($name:ident: $arguments:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(kentongan($arguments));
            }
        )*
    };
}

shows! {
    check_shows_what_a_policy_holds: "check --policy DATA/shop.yaml";
    check_of_the_shipped_policy: "check --policy kreki";
    check_shows_everything_wrong: "check --policy DATA/broken.yaml";
    check_gives_problems_as_data: "check --policy DATA/broken.yaml --format jsonl";
    check_of_what_goes_on: "check DATA/over.yaml --at 2026-11-28T09:00";
    check_of_what_is_over: "check DATA/over.yaml --at 2026-11-30T10:00";
    check_gives_what_is_over_as_data: "check DATA/over.yaml --at 2026-11-28T13:00 --format jsonl";
    check_in_the_year_9999: "check DATA/over.yaml --at 9999-12-31";
    check_says_how_rules_run_and_which_never_match: "check --policy DATA/rules.yaml";
    check_gives_how_rules_run_as_data: "check --policy DATA/rules.yaml --format jsonl";
    check_wants_a_policy: "check";
    check_takes_one_policy_only: "check DATA/shop.yaml --policy kreki";
    a_policy_that_is_not_there: "check --policy krek";
    classify_says_why: "classify --policy kreki KREKI/dispatch-slow.json KREKI/website-typo.json";
    classify_gives_data: "classify --policy kreki KREKI/panic-button-down.json --format jsonl";
    classify_explains: "classify --policy DATA/rules.yaml DATA/team.json DATA/alert.json --explain";
    classify_explains_as_data: "classify --policy DATA/rules.yaml DATA/team.json --explain --format jsonl";
    classify_has_no_room_to_explain_in_a_row: "classify --policy DATA/rules.yaml DATA/team.json --explain --format csv";
    classify_says_what_is_over: "classify --policy kreki KREKI/panic-button-resolved.json";
    classify_reads_stdin_once: "classify --policy kreki - -";
    a_payload_that_is_none: "classify --policy kreki tests/fixtures/other/slack-firing.json";
    a_payload_that_is_not_there: "classify --policy kreki missing.json";
    simulate_the_first_command_of_the_readme: "simulate --policy kreki KREKI/panic-button-down.json --at 2026-11-24T02:00 --until 4h";
    simulate_begins_when_the_alert_did: "simulate --policy kreki KREKI/dispatch-slow.json --until 20m";
    simulate_a_scenario: "simulate DATA/scenarios/answered.yaml";
    simulate_shows_all: "simulate DATA/scenarios/unanswered.yaml --all";
    simulate_gives_effects: "simulate --policy DATA/shop.yaml DATA/alert.json --at 2026-11-24T02:00:00+07:00 --until 16m --format jsonl";
    simulate_wants_a_moment: "simulate --policy DATA/shop.yaml DATA/alert.json";
    simulate_refuses_a_moment_that_is_none: "simulate --policy kreki KREKI/website-typo.json --at yesterday";
    simulate_refuses_an_end_before_the_start: "simulate --policy kreki KREKI/website-typo.json --at 2026-11-24T02:00 --until 2026-11-23T02:00";
    simulate_says_what_the_engine_refuses: "simulate --policy kreki KREKI/website-typo.json --at 0001-01-01T00:00";
    simulate_knows_the_years: "simulate --policy kreki KREKI/website-typo.json --at 9999-12-31T23:59";
    simulate_wants_an_instant_to_begin: "simulate --policy kreki KREKI/website-typo.json --at now";
    simulate_wants_a_unit: "simulate --policy kreki KREKI/website-typo.json --until 4";
    simulate_knows_the_longest_length: "simulate --policy kreki KREKI/website-typo.json --until 1000000d";
    simulate_knows_the_longest_run: "simulate --policy kreki KREKI/website-typo.json --until 9999-01-01T00:00";
    simulate_takes_an_instant_without_seconds: "simulate --policy DATA/shop.yaml DATA/alert.json --at 2026-11-24T02:00+07:00 --until 5m";
    test_passes: "test DATA/scenarios/answered.yaml";
    test_fails_with_a_reason: "test DATA/scenarios";
    test_gives_data: "test DATA/scenarios --format jsonl";
    test_of_what_is_no_scenario: "test DATA/alert.json";
    test_of_a_folder_without_scenarios: "test crates";
    test_of_what_is_not_there: "test missing.yaml";
    replay_of_what_is_no_journal: "replay --policy kreki DATA/alert.json";
    replay_of_what_is_not_there: "replay --policy kreki missing.journal";
    wrong_usage: "simulate --at";
    help: "--help";
}

#[test]
fn colours_are_used_on_demand_only() {
    let command = "classify --policy DATA/shop.yaml DATA/alert.json --color";
    assert!(kentongan(&format!("{command} always")).contains('\u{1b}'));
    assert!(!kentongan(&format!("{command} never")).contains('\u{1b}'));
    assert!(!kentongan(&format!("{command} auto")).contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn a_payload_and_a_scenario_can_come_from_stdin() {
    let alert = r#"{ "key": "a1", "service": "checkout" }"#;
    let answer = with_stdin("classify --policy DATA/shop.yaml --format jsonl -", alert);
    assert!(answer.starts_with("exit 0\n{\"alert\":\"a1\",\"service\":\"checkout\""), "{answer}");
    let scenario = "scenario: s\nstart: 2026-11-24T02:00\nuntil: +1h\ninputs: [ { at: +0s, alert: { key: a1 } } ]\nexpect: [ { none: { kind: breach } } ]\n";
    let tested = with_stdin("test --policy DATA/shop.yaml -", scenario);
    assert!(tested.starts_with("exit 0\npass  s  stdin"), "{tested}");
    let simulated = with_stdin("simulate --policy DATA/shop.yaml -", scenario);
    assert!(simulated.contains("shop@example.org by email"), "{simulated}");
}

#[test]
fn check_takes_the_policy_as_everybody_first_writes_it() {
    assert_eq!(kentongan("check DATA/shop.yaml"), kentongan("check --policy DATA/shop.yaml"));
    assert_eq!(kentongan("check kreki --policy kreki"), kentongan("check --policy kreki"));
}

#[test]
fn a_run_that_is_too_long_is_shown_as_far_as_it_goes() {
    let stopped = kentongan("simulate --policy kreki KREKI/panic-button-down.json --at 2026-11-24T02:00 --until 400d");
    assert!(stopped.starts_with("exit 1\n"), "{stopped}");
    assert!(stopped.contains("PAGE"), "{stopped}");
    assert!(stopped.contains("steps, and is shown up to there"), "{stopped}");
}

#[test]
fn a_file_without_an_end_is_not_read_for_ever() {
    if Path::new("/dev/zero").exists() {
        let refused = kentongan("check --policy /dev/zero");
        assert!(refused.starts_with("exit 2\n") && refused.contains("32 MiB"), "{refused}");
    }
}

#[test]
fn test_writes_junit() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("junit.xml");
    let tested = kentongan(&format!("test DATA/scenarios --junit {}", file.display()));
    assert!(tested.starts_with("exit 1\n"), "{tested}");
    insta::assert_snapshot!(std::fs::read_to_string(file).expect("the report"));
}

#[test]
fn schemas_and_completions_are_printed() {
    for of in ["policy", "scenario", "effect", "input", "decision"] {
        let printed = kentongan(&format!("schema {of}"));
        let schema = printed.strip_prefix("exit 0\n").expect("it is printed");
        let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
        assert!(schema.get("$schema").is_some(), "{of}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let printed = kentongan(&format!("completions {shell}"));
        assert!(printed.contains("simulate"), "{shell}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut child = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .args(["schema", "policy"])
        .current_dir(root)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn replay_gives_the_effects_again_and_says_when_the_policy_is_another() {
    use kentongan::{Alert, Input, Policy};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.journal");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shop.yaml");
    let text = std::fs::read_to_string(data).expect("the policy");
    let policy = std::sync::Arc::new(Policy::from_yaml(&text).expect("it is valid"));
    let (mut store, _) = kentongan_journal::Store::open(&path, policy).expect("a journal");
    let at = "2026-11-23T19:00:00Z".parse().expect("an instant");
    let mut effects = store.apply(at, Input::Alert(Alert::firing("a1", "checkout"))).expect("it is taken").effects;
    let later = "2026-11-23T19:06:00Z".parse().expect("an instant");
    effects.extend(store.apply(later, Input::Tick).expect("it is taken").effects);
    drop(store);
    let lines: String = effects.iter().map(|effect| serde_json::to_string(effect).expect("JSON") + "\n").collect();
    let replayed = kentongan(&format!("replay --policy DATA/shop.yaml {} --format jsonl", path.display()));
    assert_eq!(replayed, format!("exit 0\n{lines}"));
    let other = kentongan(&format!("replay --policy kreki {}", path.display()));
    assert!(other.starts_with("exit 0\n"), "{other}");
    assert!(other.contains("is replayed under kreki"), "{other}");

    let mut torn = std::fs::OpenOptions::new().append(true).open(&path).expect("the journal");
    torn.write_all(b"{\"seq\":3,\"at\":").expect("it is written");
    let torn = kentongan(&format!("replay --policy DATA/shop.yaml {} --format jsonl", path.display()));
    assert!(torn.starts_with(&format!("exit 0\n{lines}")), "{torn}");
    assert!(torn.contains("no whole record"), "{torn}");
    let bytes = std::fs::read(&path).expect("the journal");
    let damaged = String::from_utf8(bytes).expect("text").replacen("checkout", "checkouX", 1);
    std::fs::write(&path, damaged).expect("it is written");
    let damaged = kentongan(&format!("replay --policy DATA/shop.yaml {}", path.display()));
    assert!(damaged.starts_with("exit 1\n"), "{damaged}");
}
