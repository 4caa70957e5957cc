//! What a store promises: nothing happens that is not in the journal, and nothing is in it that did not happen.

mod support;

use std::fs;

use kentongan::{Alert, Engine, Input, Verdict};
use kentongan_journal::{Content, Record, read};
use support::{alert, history, open, policy, scratch, second, state};

#[test]
fn a_refused_input_leaves_no_trace() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let (mut store, _) = open(&path).unwrap();
    let (bytes, before) = (fs::read(&path).unwrap(), state(store.engine()));
    let unknown = Input::Acknowledge { incident: "nothing".into(), by: "ana".to_owned(), note: String::new() };
    let error = store.apply(second(900), unknown).unwrap_err();
    assert_eq!(error.code(), "unknown_incident");
    let far = "9000-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.advance(far).unwrap_err().code(), "time_out_of_range");
    assert_eq!(store.apply(far, alert("a", 0.5)).unwrap_err().code(), "time_out_of_range");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(state(store.engine()), before);
}

#[test]
fn time_that_passes_is_recorded_when_something_is_due_only() {
    let directory = scratch();
    let (mut store, _) = open(&directory.path().join("shop.journal")).unwrap();
    let step = store.advance(second(0)).unwrap();
    assert_eq!((step.wakeup, store.records()), (None, 0));
    assert_eq!(step.decisions[0].verdict, Verdict::NothingDue);
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let wakeup = store.wakeup().unwrap();
    let before = state(store.engine());
    let step = store.advance(wakeup - chrono::TimeDelta::nanoseconds(1)).unwrap();
    assert_eq!(step.wakeup, Some(wakeup));
    assert_eq!((store.records(), state(store.engine())), (1, before));
    let step = store.advance(wakeup).unwrap();
    assert!(!step.effects.is_empty());
    assert_eq!(store.records(), 2);
}

#[test]
fn a_record_says_what_was_applied_when_and_by_whom() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, recovery) = open(&path).unwrap();
    assert!(recovery.created);
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let records: Vec<Record> = read(&path).unwrap().map(Result::unwrap).collect();
    let [record] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!((record.seq, record.at), (1, second(0)));
    assert_eq!(record.content, Content::Input(alert("a", 0.5)));
    assert_eq!(record.policy, policy().digest());
    assert_eq!(record.engine, env!("CARGO_PKG_VERSION"));
    assert_eq!(record.time_zone_data, kentongan::calendar::time_zone_data_version());
}

#[test]
fn reading_takes_no_lock_and_goes_along_with_a_writer() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, _) = open(&path).unwrap();
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let mut records = read(&path).unwrap();
    assert_eq!(records.next().unwrap().unwrap().seq, 1);
    let _ = store.apply(second(1), alert("b", 0.5)).unwrap();
    assert_eq!(read(&path).unwrap().count(), 2);

    // A copy taken in the middle of a write.
    let copy = directory.path().join("copy");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"{\"seq\":3,");
    fs::write(&copy, &bytes).unwrap();
    let mut records = read(&copy).unwrap();
    assert_eq!(records.by_ref().count(), 2);
    assert_eq!(records.count_read(), 2);
    assert_eq!(records.tail().unwrap().bytes, 9);
    assert_eq!(fs::read(&copy).unwrap(), bytes, "a reader cuts nothing");
}

#[test]
fn a_journal_that_is_not_there_says_so_and_how_one_comes_to_be() {
    let directory = scratch();
    let error = read(directory.path().join("none.journal")).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "io");
    assert!(error.help().starts_with("there is no such file"), "{}", error.help());
    assert!(error.help().contains("made by the first who opens it for writing"), "{}", error.help());
}

#[test]
fn a_second_writer_is_turned_away_until_the_first_is_gone() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (store, _) = open(&path).unwrap();
    let error = open(&path).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "locked");
    assert!(error.help().contains("journal of its own"));
    #[cfg(unix)]
    {
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let error = open(&link).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "locked", "by another name too");
    }
    assert_eq!(kentongan_journal::Store::recover(&path).unwrap_err().code(), "locked");
    drop(store);
    assert!(open(&path).is_ok());
}

#[test]
fn what_json_cannot_hold_does_not_keep_an_alert_from_being_heard() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, _) = open(&path).unwrap();
    let mut odd = Alert::firing("a\0\u{7}\u{2028}\"\\", "checkout");
    odd.summary = "x".repeat(1 << 20);
    for (name, value) in [("nan", f64::NAN), ("far", f64::INFINITY), ("error_rate", 0.2)] {
        odd.values.insert(name.to_owned(), value);
    }
    odd.starts_at = Some(chrono::DateTime::<chrono::Utc>::MAX_UTC);
    odd.ends_at = Some(chrono::DateTime::<chrono::Utc>::MIN_UTC);
    let step = store.apply(second(0), Input::Alert(odd.clone())).unwrap();
    let mut engine = Engine::new(policy());
    let plain = engine.apply(second(0), Input::Alert(odd)).unwrap();
    assert_eq!(step, plain);
    assert_eq!(state(store.engine()), state(&engine));
    let expected = state(store.engine());
    drop(store);
    let (store, recovery) = open(&path).unwrap();
    assert_eq!((recovery.records, recovery.refused), (1, 0));
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn an_input_too_long_for_a_record_is_refused_whole() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, _) = open(&path).unwrap();
    let mut long = Alert::firing("a", "checkout");
    long.description = "x".repeat(kentongan_journal::limits::RECORD_BYTES_MAX);
    let error = store.apply(second(0), Input::Alert(long)).unwrap_err();
    assert_eq!(error.code(), "record_too_long");
    assert_eq!((store.records(), store.engine().incidents().count()), (0, 0));
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
}
