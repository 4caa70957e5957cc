//! `kentongan report` as people and scripts meet it.

mod run;

use std::path::Path;
use std::sync::Arc;

use kentongan::{Alert, Input, Policy, Timestamp};
use run::kentongan;

fn shop() -> Arc<Policy> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shop.yaml");
    Arc::new(Policy::from_yaml(&std::fs::read_to_string(path).expect("the policy")).expect("it is valid"))
}

/// A journal under the shop's policy with one incident in November that is over after half an hour.
fn journal(folder: &Path) -> String {
    let path = folder.join("shop.journal");
    let (mut store, _) = kentongan_journal::Store::open(&path, shop()).expect("a journal");
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let _ =
        store.apply(at("2026-11-24T03:00:00Z"), Input::Alert(Alert::firing("a1", "checkout"))).expect("it is taken");
    let incident = store.engine().incidents().next().expect("it opened").id().clone();
    let over = Input::Resolve { incident, by: "ana".to_owned(), note: String::new(), override_reason: None };
    let _ = store.apply(at("2026-11-24T03:30:00Z"), over).expect("it is taken");
    let _ = store.apply(at("2027-01-02T00:00:00Z"), Input::Tick).expect("it is taken");
    path.display().to_string()
}

#[test]
fn a_month_goes_to_the_terminal_or_into_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let command = format!("report {} --month 2026-11 --policy DATA/shop.yaml", journal(folder.path()));
    let answer = kentongan(&command);
    assert!(answer.starts_with("exit 0\n# Incident Report: 2026-11\n"), "{answer}");
    assert!(answer.contains("| Total Incidents | - | 1 | - | - |"), "{answer}");
    assert!(answer.contains("| Mean Time To Resolve (MTTR) | - | 30m |"), "{answer}");
    assert_eq!(kentongan(&format!("{command} --format markdown")), answer);
    let file = folder.path().join("november.md");
    let quiet = kentongan(&format!("{command} --out {}", file.display()));
    assert_eq!(quiet, "exit 0\n");
    assert!(answer.contains(&std::fs::read_to_string(file).expect("it is written")));
}

#[test]
fn a_quarter_and_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let answer = kentongan(&format!("report {journal} --quarter 2026-Q4 --policy DATA/shop.yaml"));
    assert!(answer.starts_with("exit 0\n# Incident Review: 2026-Q4\n"), "{answer}");
    assert!(answer.contains("| Metric | Target | 2026-10 | 2026-11 | 2026-12 |"), "{answer}");
    let data = kentongan(&format!("report {journal} --month 2026-11 --policy DATA/shop.yaml --format json"));
    let data: serde_json::Value =
        serde_json::from_str(data.strip_prefix("exit 0\n").expect(&data)).expect("it is JSON");
    assert_eq!((&data["month"], &data["metrics"]["total"]), (&"2026-11".into(), &1.into()));
    assert_eq!(data["metrics"]["resolve"]["mean"], "30m");
}

#[test]
fn what_is_made_of_a_damaged_journal_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let whole = std::fs::read_to_string(&journal).expect("the journal");
    let cut = |from: &str, to: &str| std::fs::write(&journal, whole.replacen(from, to, 1)).expect("it is written");
    let report = format!("report {journal} --month 2026-11 --policy DATA/shop.yaml");
    assert!(!kentongan(&report).contains("Incomplete"), "a whole one does not");
    cut("03:30:00", "03:31:00");
    let answer = kentongan(&report);
    let lacks = "> **Incomplete:** the journal is damaged after its record 1 of 2026-11-24 10:00 WIB; what came later is left \
                 out here.\n\n# Incident Report: 2026-11\n";
    assert!(answer.starts_with(&format!("exit 1\n{lacks}")), "{answer}");
    assert!(answer.contains("told is what its records say up to 1, and no more"), "{answer}");
    let data = kentongan(&format!("{report} --format json"));
    assert!(data.starts_with("exit 1\n{\"policy\""), "{data}");
    let nowhere = kentongan(&format!("{report} --out {}/none/november.md", folder.path().display()));
    assert!(nowhere.starts_with("exit 2\n") && nowhere.contains("there is no such folder"), "{nowhere}");
}

#[test]
fn what_cannot_be_reported_on_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = journal(folder.path());
    let empty = folder.path().join("empty.journal");
    drop(kentongan_journal::Store::open(&empty, shop()).expect("a journal"));
    let empty = empty.display();
    for (command, said) in [
        (format!("{journal} --month November"), "`November` is not a month; write `2026-11`"),
        (format!("{journal} --quarter 2026-Q5"), "`2026-Q5` is not a quarter; write `2026-Q4`"),
        (journal.clone(), "--month <MONTH>|--quarter <QUARTER>"),
        (format!("{journal} --month 2026-11 --quarter 2026-Q4"), "cannot be used with"),
        (format!("{journal} --month 2026-05"), "the journal tells nothing of 2026-05"),
        (format!("{empty} --month 2026-11"), "the journal is empty"),
        (format!("{journal} --month 2026-11 --format csv"), "[possible values: markdown, json]"),
    ] {
        let answer = kentongan(&format!("report {command} --policy DATA/shop.yaml"));
        assert!(answer.starts_with("exit 2\n") && answer.contains(said), "{command}: {answer}");
    }
    let other = kentongan(&format!("report {journal} --month 2026-11 --policy kreki"));
    assert!(other.starts_with("exit 2\n") && other.contains("was written under another policy"), "{other}");
    let check = kentongan("check kreki --format markdown");
    assert!(check.starts_with("exit 2\n") && check.contains("[possible values: text, jsonl]"), "{check}");
}

/// What a command offers it takes, and what it does not take it does not offer.
#[test]
fn each_command_offers_the_formats_that_it_takes() {
    for (verb, offered) in [
        ("check", Some("text, jsonl")),
        ("classify", Some("text, jsonl, table, csv")),
        ("simulate", Some("text, jsonl")),
        ("test", Some("text, jsonl")),
        ("replay", Some("text, jsonl")),
        ("report", Some("markdown, json")),
        ("oncall", Some("text, jsonl")),
        ("postmortem", None),
        ("document", None),
        ("timeline", None),
        ("schema", None),
        ("completions", None),
    ] {
        let help = kentongan(&format!("{verb} -h"));
        assert_eq!(help.contains("--format"), offered.is_some(), "{help}");
        // Wherever the line is broken.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let option = help.split("--format").nth(1).unwrap_or_default();
        let values = option.split("[possible values: ").nth(1).and_then(|rest| rest.split(']').next());
        assert_eq!(values.filter(|_| !option.is_empty()), offered, "{help}");
    }
}
