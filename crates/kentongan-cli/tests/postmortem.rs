//! `kentongan postmortem` as people and scripts meet it.

mod run;

use std::path::Path;
use std::sync::Arc;

use kentongan::{Alert, Input, Policy, Timestamp};
use run::kentongan;

/// A journal under the shop's policy with one incident that is over, and the id of that.
fn journal(folder: &Path, policy: &str) -> (String, String) {
    let path = folder.join("shop.journal");
    let policy = Arc::new(Policy::from_yaml(policy).expect("it is valid"));
    let (mut store, _) = kentongan_journal::Store::open(&path, policy).expect("a journal");
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let mut alert = Alert::firing("a1", "checkout");
    "Nobody can pay".clone_into(&mut alert.summary);
    let _ = store.apply(at("2026-11-24T03:00:00Z"), Input::Alert(alert)).expect("it is taken");
    let incident = store.engine().incidents().next().expect("it opened").id().clone();
    let over =
        Input::Resolve { incident: incident.clone(), by: "ana".to_owned(), note: String::new(), override_reason: None };
    let _ = store.apply(at("2026-11-24T03:30:00Z"), over).expect("it is taken");
    (path.display().to_string(), incident.to_string())
}

fn shop() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shop.yaml")).expect("the policy")
}

#[test]
fn the_document_goes_to_the_terminal_or_into_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path(), &shop());
    let command = format!("postmortem {journal} {incident} --policy DATA/shop.yaml");
    let answer = kentongan(&command);
    assert!(answer.starts_with("exit 0\n"), "{answer}");
    assert!(answer.contains("# Incident Post-Mortem: Nobody can pay"), "{answer}");
    assert!(answer.contains("**Downtime:** 30m"), "{answer}");
    let file = folder.path().join("1.md");
    let quiet = kentongan(&format!("{command} --out {}", file.display()));
    assert!(quiet.starts_with("exit 0\n") && !quiet.contains("Downtime"), "{quiet}");
    let written = std::fs::read_to_string(file).expect("it is written");
    assert!(answer.contains(&written), "{written}");
}

#[test]
fn an_incident_that_is_not_there_has_a_neighbour() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path(), &shop());
    let near = incident.replacen("checkout", "chekout", 1);
    let answer = kentongan(&format!("postmortem {journal} {near} --policy DATA/shop.yaml"));
    assert!(answer.starts_with("exit 2\n"), "{answer}");
    assert!(answer.contains(&format!("the journal has no incident `{near}`")), "{answer}");
    assert!(answer.contains(&format!("did you mean `{incident}`?")), "{answer}");
}

#[test]
fn a_journal_of_another_policy_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path(), &shop());
    let answer = kentongan(&format!("postmortem {journal} {incident} --policy kreki"));
    assert!(answer.starts_with("exit 2\n"), "{answer}");
    assert!(answer.contains("was written under another policy"), "{answer}");
}

/// The shop's policy with templates of its own, in a file.
fn with_templates(folder: &Path) -> String {
    let path = folder.join("new.yaml");
    let templates = [
        ("postmortem", "MINE {{ title }}, {{ downtime }}"),
        ("topic", "MINE {{ title }} {{ state }}"),
        ("monthly", "MINE {{ month }} {{ metrics.total }}"),
    ];
    let documents = templates.map(|(kind, text)| format!("  {kind}: {{ text: \"{text}\" }}\n")).concat();
    std::fs::write(&path, format!("{}\ndocuments:\n{documents}", shop())).expect("it is written");
    path.display().to_string()
}

#[test]
fn templates_are_tried_on_a_journal_of_another_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path(), &shop());
    let new = with_templates(folder.path());
    // As the policy of the journal it is refused: it would tell of promises that nobody made.
    let refused = kentongan(&format!("postmortem {journal} {incident} --policy {new}"));
    assert!(refused.contains("was written under another policy"), "{refused}");
    for (command, answer) in [
        (format!("postmortem {journal} {incident}"), "MINE Nobody can pay, 30m"),
        (format!("document topic {journal} {incident} --at 2026-11-24T03:10:00Z"), "MINE Nobody can pay open"),
        (format!("report {journal} --month 2026-11"), "MINE 2026-11 1"),
    ] {
        let tried = kentongan(&format!("{command} --policy DATA/shop.yaml --templates {new}"));
        assert_eq!(tried, format!("exit 0\n{answer}\n"), "{command}");
    }
}

#[test]
fn what_is_forgotten_is_said_with_when_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, incident) = journal(folder.path(), &shop());
    let policy = Arc::new(Policy::from_yaml(&shop()).expect("it is valid"));
    let (mut store, _) = kentongan_journal::Store::open(&path, policy).expect("a journal");
    let later = "2027-06-01T00:00:00Z".parse::<Timestamp>().expect("an instant");
    let _ = store.apply(later, Input::Tick).expect("it is taken");
    drop(store);
    let answer = kentongan(&format!("document status-update {path} {incident} --policy DATA/shop.yaml"));
    assert!(answer.starts_with("exit 2\n"), "{answer}");
    assert!(answer.contains(&format!("`{incident}` was over on 2026-11-24 ")), "{answer}");
    assert!(answer.contains(" and was forgotten on ") && answer.contains("`retention`"), "{answer}");
    assert!(answer.contains("give an instant before that with `--at`"), "{answer}");
    let before = format!("document status-update {path} {incident} --policy DATA/shop.yaml --at 2026-11-24T03:40:00Z");
    assert!(kentongan(&before).starts_with("exit 0\n"));
    assert!(kentongan(&format!("postmortem {path} {incident} --policy DATA/shop.yaml")).starts_with("exit 0\n"));
}
