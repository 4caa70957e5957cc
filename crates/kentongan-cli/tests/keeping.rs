//! `kentongan simulate --journal` as people and scripts meet it: a run from which every document can be made.

mod run;

use run::kentongan;

/// The id of the first incident that the last line of an answer tells of.
fn incident(answer: &str) -> &str {
    let told = answer.split_once("which tell of ").expect("it says what it tells of").1;
    told.split([',', '\n', ' ']).next().expect("an id")
}

#[test]
fn every_document_can_be_made_of_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("night.journal");
    let journal = journal.display();
    let payload = "KREKI/panic-button-down.json --at 2026-11-24T02:00 --until 4h";
    let kept = kentongan(&format!("simulate --policy kreki {payload} --journal {journal}"));
    assert!(kept.starts_with("exit 0\n"), "{kept}");
    let id = incident(&kept);

    let seen = |command: &str, told: &str| {
        let answer = kentongan(&format!("{command} --policy kreki"));
        assert!(answer.starts_with("exit 0\n") && answer.contains(told), "{command}: {answer}");
    };
    seen(&format!("postmortem {journal} {id}"), "# Incident Post-Mortem: ");
    seen(&format!("document topic {journal} {id}"), "SEV-1");
    seen(&format!("report {journal} --month 2026-11"), "# Incident Report: 2026-11");
    seen(&format!("timeline {journal} {id}"), "SEV-1");

    // It is what happened, to the byte.
    let effects = |command: &str| kentongan(&format!("{command} --policy kreki --format jsonl"));
    let simulated = effects(&format!("simulate {payload}"));
    let (simulated, replayed) = (simulated.trim_end(), effects(&format!("replay {journal}")));
    assert_eq!(replayed.trim_end(), simulated);
    assert!(simulated.lines().count() > 10, "{simulated}");
}

#[test]
fn what_is_refused_is_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("early.journal");
    let journal = journal.display();
    let answer = kentongan(&format!(
        "simulate --policy kreki KREKI/website-typo.json --at 0001-01-01T00:00 --until 1h --journal {journal}"
    ));
    assert!(answer.contains("0 records, which tell of no incident"), "{answer}");
}

#[test]
fn a_journal_that_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.journal");
    std::fs::write(&path, "mine").expect("it can be written");
    let run = "simulate --policy kreki KREKI/website-typo.json --at 2026-11-24T02:00";
    let answer = kentongan(&format!("{run} --journal {}", path.display()));
    assert!(answer.starts_with("exit 2\n") && answer.contains("is there already"), "{answer}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "mine");
    let nowhere = folder.path().join("no/such.journal");
    let answer = kentongan(&format!("{run} --journal {}", nowhere.display()));
    assert!(answer.starts_with("exit 2\n") && answer.contains("cannot write"), "{answer}");
}

#[test]
fn one_run_makes_one_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.journal");
    let scenarios = "DATA/scenarios/answered.yaml DATA/scenarios/unanswered.yaml";
    let answer = kentongan(&format!("simulate {scenarios} --journal {}", path.display()));
    assert!(answer.starts_with("exit 2\n") && answer.contains("give one scenario"), "{answer}");
    assert!(!path.exists());
}
