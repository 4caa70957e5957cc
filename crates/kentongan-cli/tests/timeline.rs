//! `kentongan timeline` as people and scripts meet it.

mod run;

use std::path::Path;
use std::sync::Arc;

use kentongan::{Alert, Input, Policy, Timestamp};
use run::kentongan;

/// A journal under the shop's policy with one incident that is over, and the id of that.
fn journal(folder: &Path) -> (String, String) {
    let path = folder.join("shop.journal");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shop.yaml");
    let policy = std::fs::read_to_string(file).expect("the policy");
    let policy = Arc::new(Policy::from_yaml(&policy).expect("it is valid"));
    let (mut store, _) = kentongan_journal::Store::open(&path, policy).expect("a journal");
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let mut alert = Alert::firing("a1", "checkout");
    "Nobody can pay".clone_into(&mut alert.summary);
    let _ = store.apply(at("2026-11-24T03:00:00Z"), Input::Alert(alert)).expect("it is taken");
    let incident = store.engine().incidents().next().expect("it opened").id().clone();
    let (by, note) = ("ana".to_owned(), String::new());
    let over = Input::Resolve { incident: incident.clone(), by, note, override_reason: None };
    let _ = store.apply(at("2026-11-24T03:30:00Z"), over).expect("it is taken");
    (path.display().to_string(), incident.to_string())
}

#[test]
fn it_goes_to_the_terminal_or_into_a_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path());
    let command = format!("timeline {journal} {incident} --policy DATA/shop.yaml");
    let answer = kentongan(&command);
    assert!(answer.starts_with("exit 0\n"), "{answer}");
    assert!(answer.contains("open for 30m") && answer.contains("Resolved by ana"), "{answer}");
    let file = folder.path().join("1.svg");
    let quiet = kentongan(&format!("{command} --svg {}", file.display()));
    assert!(quiet.starts_with("exit 0\n") && !quiet.contains("open for"), "{quiet}");
    let written = std::fs::read_to_string(file).expect("it is written");
    assert!(written.starts_with("<svg ") && written.contains("Nobody can pay"), "{written}");
    let nowhere = kentongan(&format!("{command} --svg {}/no/such.svg", folder.path().display()));
    assert!(nowhere.starts_with("exit 2\n") && nowhere.contains("cannot write"), "{nowhere}");
}

#[test]
fn an_incident_that_is_not_there_has_a_neighbour() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, incident) = journal(folder.path());
    let near = incident.replacen("checkout", "chekout", 1);
    let answer = kentongan(&format!("timeline {journal} {near} --policy DATA/shop.yaml"));
    assert!(answer.starts_with("exit 2\n"), "{answer}");
    assert!(answer.contains(&format!("did you mean `{incident}`?")), "{answer}");
}
