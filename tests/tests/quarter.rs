//! The documents of a realistic quarter, whole.

use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use kentongan::report::metrics::{Month, MonthlyReport, Quarter, QuarterlyReview};
use kentongan::report::{Account, Chronicle, postmortem};
use kentongan::{Duration, Entry, Input, Policy};
use kentongan_journal::{Content, StoreOptions};
use kentongan_lab::{Call, Run, timeline};
use kentongan_tests::quarter::{self, Lived};

static LIVED: LazyLock<Lived> = LazyLock::new(|| quarter::live(20_261_001, 330));
static KREKI: LazyLock<Arc<Policy>> = LazyLock::new(quarter::kreki);

fn review() -> QuarterlyReview {
    let quarter: Quarter = "2026-Q4".parse().expect("a quarter");
    QuarterlyReview::of(&KREKI, &LIVED.chronicle, quarter).expect("there is one")
}

fn month(text: &str) -> String {
    let month: Month = text.parse().expect(text);
    let report = MonthlyReport::of(&KREKI, &LIVED.chronicle, month).expect("there is one");
    assert!(report.complete);
    report.markdown(&KREKI).expect("it renders").text
}

/// The post-mortem of the first incident that is meant and whose post-mortem is published.
fn postmortem_of(meant: impl Fn(&Account) -> bool) -> String {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let published = |account: &Account| {
        let postmortem = account.incident.as_ref().and_then(kentongan::Incident::postmortem);
        postmortem.is_some_and(|it| it.published.is_some())
    };
    let mut accounts: Vec<_> = LIVED.chronicle.accounts().collect();
    accounts.sort_by_key(|(_, account)| account.stretches.first().map(|stretch| stretch.from));
    let found = accounts.into_iter().find(|(_, account)| published(account) && meant(account));
    let (id, account) = found.expect("there is such an incident");
    postmortem(&KREKI, account, id.as_str(), now).expect("it renders").text
}

/// What of the journal is about one incident: others do not touch it.
fn journal_of(id: &kentongan::IncidentId) -> Vec<Entry> {
    let account = LIVED.chronicle.account(id).expect("there is such an incident");
    let alert = account.incident.as_ref().expect("it opened");
    let opens = |at| account.stretches.first().is_some_and(|stretch| stretch.from <= at);
    let effects = format!("{id}/");
    let about = |entry: &&Entry| match &entry.input {
        Input::Alert(it) => opens(entry.at) && it.service.as_deref() == alert.service() && it.summary == alert.title(),
        Input::Report { effect, .. } => effect.to_string().starts_with(&effects),
        Input::Absence { .. } | Input::Override { .. } => true,
        other => other.incident() == Some(id),
    };
    let ends = account.stretches.last().and_then(|stretch| stretch.to).expect("it is over") + TimeDelta::minutes(30);
    LIVED.entries.iter().filter(about).take_while(|entry| entry.at <= ends).cloned().collect()
}

fn had(account: &Account, severity: &str) -> bool {
    account.stretches.iter().any(|stretch| stretch.severity == severity)
}

#[test]
fn the_quarter_is_realistic() {
    let review = review();
    let metrics = &review.metrics.all;
    assert!(metrics.total >= 200, "{}", metrics.total);
    assert!(metrics.reopened >= 3, "{}", metrics.reopened);
    assert!(metrics.promises().missed > 20, "{:?}", metrics.promises());
    let postmortems = &metrics.postmortems;
    assert!(postmortems.completed > 10 && postmortems.late > 0 && !postmortems.overdue.is_empty(), "{postmortems:?}");
    assert!(!review.areas.actions.is_empty() && !review.recurring.is_empty() && review.causes.len() > 3);
}

#[test]
fn the_same_seed_gives_the_same_journal() {
    let (one, other, different) = (quarter::live(7, 12), quarter::live(7, 12), quarter::live(8, 12));
    assert!(one.entries == other.entries && one.entries != different.entries);
}

#[test]
fn october() {
    insta::assert_snapshot!(month("2026-10"));
}

#[test]
fn november() {
    insta::assert_snapshot!(month("2026-11"));
}

#[test]
fn december() {
    insta::assert_snapshot!(month("2026-12"));
}

#[test]
fn the_quarterly_review() {
    let review = review();
    assert!(review.complete);
    insta::assert_snapshot!(review.markdown(&KREKI).expect("it renders").text);
}

#[test]
fn the_post_mortem_of_the_worst_severity() {
    insta::assert_snapshot!(postmortem_of(|account| had(account, "SEV-1")));
}

#[test]
fn the_post_mortem_of_more_than_four_hours() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let long = |account: &Account| account.open_for(now) > Duration::from_minutes(240) && !had(account, "SEV-1");
    insta::assert_snapshot!(postmortem_of(long));
}

/// What no reader should meet in any of them: lines that say nothing or the same again, and tables that fall apart.
#[test]
fn every_document_reads_cleanly() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let mut documents = vec![review().markdown(&KREKI).expect("it renders").text];
    documents.extend(["2026-10", "2026-11", "2026-12"].map(month));
    for (id, account) in LIVED.chronicle.accounts() {
        documents.push(postmortem(&KREKI, account, id.as_str(), now).expect("it renders").text);
    }
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for document in documents {
        let (mut before, mut columns) = ("", None);
        for line in document.lines() {
            let twice = line == before && !line.starts_with("  - ");
            assert!(!twice, "`{line}` stands twice in a row: {document}");
            for nothing in ["0 of 0", "{{", "{%", " ,", "..", "()", "|  |", "Some("] {
                assert!(!line.contains(nothing), "`{nothing}` in `{line}`: {document}");
            }
            if line.starts_with('|') {
                assert_eq!(cells(line), *columns.get_or_insert(cells(line)), "{line}: {document}");
            } else {
                columns = None;
            }
            before = line;
        }
    }
}

/// The same incident as its timeline has it, from the first page to the last word.
#[test]
fn the_timeline_of_the_worst_severity() {
    let mut accounts: Vec<_> = LIVED.chronicle.accounts().filter(|(_, account)| had(account, "SEV-1")).collect();
    accounts.sort_by_key(|(_, account)| account.stretches.first().map(|stretch| stretch.from));
    let (id, _) = accounts.first().expect("there is one");
    let run = Run::replay(id.as_str(), Arc::clone(&KREKI), journal_of(id).into_iter().map(Call::Apply));
    let run = run.expect("it ends");
    assert!(run.incidents.iter().any(|incident| incident.id == id.as_str()), "it is the same incident by itself");
    let lines = timeline::lines(&run, &KREKI, timeline::Options::default());
    let text = |line: &kentongan_lab::text::Line| line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let lines: Vec<String> = lines.iter().map(|line| -> String { text(line) }).collect();
    insta::assert_snapshot!(lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"));
}

/// The same as `kentongan timeline` draws it on a terminal.
#[test]
fn the_history_of_the_worst_severity() {
    let mut accounts: Vec<_> = LIVED.chronicle.accounts().filter(|(_, account)| had(account, "SEV-1")).collect();
    accounts.sort_by_key(|(_, account)| account.stretches.first().map(|stretch| stretch.from));
    let (_, account) = accounts.first().expect("there is one");
    let now = LIVED.chronicle.ended().expect("it tells something");
    let history = kentongan_lab::history::History::new(account, &KREKI, now).expect("it opened");
    let text = |line: &kentongan_lab::text::Line| line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let lines: Vec<String> = history.lines(100).iter().map(|line| -> String { text(line) }).collect();
    insta::assert_snapshot!(lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"));
}

/// What a host writes to its disk, and reads again, tells the same.
#[test]
fn a_journal_on_disk_gives_the_same_documents() {
    let lived = quarter::live(5, 9);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("quarter.journal");
    let (mut store, _) = StoreOptions::new().snapshot_every(None).open(&path, Arc::clone(&KREKI)).expect("it opens");
    // A store keeps no record of a call that came before anything was due, as the first and the last of these do.
    let entries = lived.entries.get(1..lived.entries.len() - 1).expect("there are more than two");
    for entry in entries {
        let _ = store.apply(entry.at, entry.input.clone()).expect("it is taken");
    }
    drop(store);
    let mut engine = kentongan::Engine::new(Arc::clone(&KREKI));
    let mut read = Chronicle::new();
    for record in kentongan_journal::read(&path).expect("it is a journal").map(|record| record.expect("it is good")) {
        let Content::Input(input) = record.content else { panic!("nothing was reloaded") };
        let step = engine.apply(record.at, input.clone()).expect("it is taken again");
        read.take(record.at, &input, &step, &engine);
    }
    let review = |chronicle: &Chronicle| {
        let review = QuarterlyReview::of(&KREKI, chronicle, "2026-Q4".parse().expect("a quarter"));
        review.expect("there is one").markdown(&KREKI).expect("it renders").text
    };
    assert_eq!(review(&read), review(&quarter::chronicle(&KREKI, entries)));
}
