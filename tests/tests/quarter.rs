//! The documents of a realistic quarter, whole.

use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use kentongan::report::metrics::{Month, MonthlyReport, Quarter, QuarterlyReview};
use kentongan::report::{self, Account, Chronicle, MarkKind, postmortem};
use kentongan::{Duration, Engine, Entry, IncidentId, Input, Policy, Timestamp};
use kentongan_journal::{Content, StoreOptions};
use kentongan_lab::history::History;
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
    let left_out = &review.metrics.left_out;
    assert!(left_out.drills >= 2 && left_out.merged >= 1 && left_out.false_alarms >= 3, "{left_out:?}");
    for kind in [MarkKind::Snoozed, MarkKind::Paused, MarkKind::Severity, MarkKind::Split, MarkKind::TookIn] {
        let has = |account: &Account| account.course.marks.iter().any(|mark| mark.kind == kind);
        assert!(LIVED.chronicle.accounts().any(|(_, account)| has(account)), "{kind:?}");
    }
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
    insta::assert_snapshot!(postmortem_of(|account| had(account, "SEV-1") && !is_drill(account)));
}

#[test]
fn the_post_mortem_of_more_than_four_hours() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let long = |account: &Account| account.open_for(now) > Duration::from_minutes(240) && !had(account, "SEV-1");
    insta::assert_snapshot!(postmortem_of(long));
}

/// The first incident that is meant.
fn first(meant: impl Fn(&Account) -> bool) -> (&'static IncidentId, &'static Account) {
    let mut accounts: Vec<_> = LIVED.chronicle.accounts().filter(|(_, account)| meant(account)).collect();
    accounts.sort_by_key(|(_, account)| account.stretches.first().map(|stretch| stretch.from));
    accounts.into_iter().next().expect("there is such an incident")
}

fn marked(account: &Account, kind: MarkKind) -> bool {
    account.course.marks.iter().any(|mark| mark.kind == kind)
}

fn opened(account: &Account) -> Timestamp {
    account.stretches.first().expect("it opened").from
}

/// The worst as those read it who are in the middle of it.
fn in_the_middle() -> (Engine, &'static IncidentId) {
    let (id, account) = first(|account| had(account, "SEV-1") && !is_drill(account));
    let over = account.stretches.first().and_then(|stretch| stretch.to).expect("it is over");
    let at = opened(account) + (over - opened(account)) * 2 / 3;
    let engine = quarter::engine_at(&KREKI, &LIVED.entries, at);
    assert!(engine.incident(id).is_some_and(|incident| !incident.state().is_resolved()), "{id} is over by then");
    (engine, id)
}

fn is_drill(account: &Account) -> bool {
    account.incident.as_ref().is_some_and(kentongan::Incident::is_drill)
}

fn picture(account: &Account) -> String {
    let now = LIVED.chronicle.ended().expect("it tells something");
    History::new(account, &KREKI, now).expect("it opened").svg()
}

#[test]
fn the_topic_in_the_middle_of_the_worst() {
    let (engine, id) = in_the_middle();
    insta::assert_snapshot!(report::topic(&engine, id).expect("it renders").text);
}

#[test]
fn the_status_update_in_the_middle_of_the_worst() {
    let (engine, id) = in_the_middle();
    insta::assert_snapshot!(report::status_update(&engine, id).expect("it renders").text);
}

#[test]
fn the_public_update_after_the_worst() {
    let (id, account) = first(|account| had(account, "SEV-1") && !is_drill(account));
    let over = account.stretches.last().and_then(|stretch| stretch.to).expect("it is over");
    let engine = quarter::engine_at(&KREKI, &LIVED.entries, over + TimeDelta::minutes(15));
    insta::assert_snapshot!(report::public_update(&engine, id).expect("it renders").text);
}

#[test]
fn the_hand_off_of_a_monday() {
    let monday = "2026-11-23T02:20:00Z".parse().expect("an instant");
    let engine = quarter::engine_at(&KREKI, &LIVED.entries, monday);
    insta::assert_snapshot!(report::handoff(&engine, "primary").expect("it renders").text);
}

#[test]
fn the_picture_of_the_worst() {
    let (_, account) = first(|account| had(account, "SEV-1") && !is_drill(account));
    insta::assert_snapshot!(picture(account));
}

#[test]
fn the_picture_of_a_drill() {
    let (_, account) = first(is_drill);
    insta::assert_snapshot!(picture(account));
}

#[test]
fn the_picture_of_what_went_on_as_another() {
    let (_, account) = first(|account| marked(account, MarkKind::Merged));
    insta::assert_snapshot!(picture(account));
}

#[test]
fn the_post_mortem_of_what_took_another_in() {
    let (id, account) = first(|account| marked(account, MarkKind::TookIn));
    let now = LIVED.chronicle.ended().expect("it tells something");
    insta::assert_snapshot!(postmortem(&KREKI, account, id.as_str(), now).expect("it renders").text);
}

/// Whoever reads what happened reads why, where somebody has said why: in words and in pictures.
#[test]
fn what_somebody_did_is_told_with_their_reason() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    for (kind, line, reason) in [
        (MarkKind::FalseAlarm, "A false alarm, says ", "The probe had lost its own network"),
        (MarkKind::Merged, "It goes on as emergency-api-", "Dispatch waits for the Emergency API"),
        (MarkKind::TookIn, " goes on as this, says Agus Prasetyo", "Dispatch waits for the Emergency API"),
        (MarkKind::Split, "A part of it goes on as panic-button-", "The west has lost its own line"),
        (MarkKind::Snoozed, "Put off by ", "The provider works on it"),
        (MarkKind::Paused, " lets the clocks stand still until ", "The provider's engineer is on the way"),
        (MarkKind::Severity, "SEV-2 becomes SEV-3 (", "Few notice it"),
    ] {
        let why = |mark: &report::Mark| mark.kind == kind && mark.text.contains(reason);
        let (id, account) = first(|account| account.course.marks.iter().any(why));
        let document = postmortem(&KREKI, account, id.as_str(), now).expect("it renders").text;
        let told = |row: &str| row.contains(line) && row.contains(&format!(": {reason}"));
        assert!(document.lines().any(told), "{kind:?}: {document}");
        // A sign that is escaped in a picture counts for itself.
        let plain = reason.rsplit('\'').next().unwrap_or_default();
        assert!(picture(account).contains(plain), "{kind:?}: {}", picture(account));
    }
}

#[test]
fn a_picture_says_what_ended_it_and_what_the_public_was_told() {
    let (_, worst) = first(|account| had(account, "SEV-1") && !is_drill(account));
    let said = picture(worst);
    assert!(said.contains("public update: Investigating: We are aware of a problem with"), "{said}");
    for (_, account) in LIVED.chronicle.accounts() {
        let drawn = picture(account);
        assert!(!drawn.contains("**") && !drawn.contains("###"), "Markdown in {drawn}");
        assert_eq!(drawn.contains(">DRILL "), is_drill(account), "{drawn}");
        let merged = account.incident.as_ref().is_some_and(|incident| incident.merged_into().is_some());
        assert_eq!(drawn.contains(", merged into "), merged, "{drawn}");
        let none = account.incident.as_ref().is_some_and(kentongan::Incident::is_false_alarm);
        assert_eq!(drawn.contains(", a false alarm, "), none, "{drawn}");
    }
}

/// Whoever has a name is called by it, in every document.
#[test]
fn nobody_is_called_by_an_id() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let people = &KREKI.document().people;
    let ids: Vec<&str> = people.iter().filter(|(_, it)| it.name.is_some()).map(|(id, _)| id.as_str()).collect();
    assert!(ids.len() > 3, "{ids:?}");
    let (engine, id) = in_the_middle();
    let mut documents = vec![review().markdown(&KREKI).expect("it renders").text, month("2026-11")];
    documents.push(report::topic(&engine, id).expect("it renders").text);
    documents.push(report::status_update(&engine, id).expect("it renders").text);
    documents.extend(["primary", "secondary"].map(|role| report::handoff(&engine, role).expect("it renders").text));
    for (id, account) in LIVED.chronicle.accounts() {
        documents.push(postmortem(&KREKI, account, id.as_str(), now).expect("it renders").text);
        documents.push(picture(account));
    }
    for document in documents {
        let words = document.split(|letter: char| !letter.is_alphanumeric());
        let called = words.into_iter().find(|word| ids.contains(word));
        assert_eq!(called, None, "{document}");
    }
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
    for day in [9, 16, 23, 30] {
        let monday = format!("2026-11-{day:02}T02:20:00Z").parse().expect("an instant");
        let engine = quarter::engine_at(&KREKI, &LIVED.entries, monday);
        documents.push(report::handoff(&engine, "primary").expect("it renders").text);
        for incident in engine.incidents() {
            documents.push(report::topic(&engine, incident.id()).expect("it renders").text);
            documents.push(report::status_update(&engine, incident.id()).expect("it renders").text);
            documents.extend(report::public_update(&engine, incident.id()).ok().map(|document| document.text));
        }
    }
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for document in documents {
        let (mut before, mut columns) = ("", None);
        for line in document.lines() {
            let twice = line == before && !line.starts_with("  - ");
            assert!(!twice, "`{line}` stands twice in a row: {document}");
            let text = line.trim_start();
            assert!(!text.contains("  "), "two blanks in `{line}`: {document}");
            for nothing in ["0 of 0", "{{", "{%", " ,", "..", "()", "|  |", "Some(", "says :", " 1 incidents"] {
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
    let mut accounts: Vec<_> =
        LIVED.chronicle.accounts().filter(|(_, account)| had(account, "SEV-1") && !is_drill(account)).collect();
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
    let mut accounts: Vec<_> =
        LIVED.chronicle.accounts().filter(|(_, account)| had(account, "SEV-1") && !is_drill(account)).collect();
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
