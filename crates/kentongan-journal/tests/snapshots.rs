//! A snapshot saves time and changes nothing; whatever is odd about it, the journal counts.

mod support;

use std::fs;

use kentongan_journal::{SnapshotProblem, SnapshotUse, StoreOptions};
use support::{SHOP_LATER, alert, beside, history, open, policy, scratch, second, state};

fn ignored(problem: SnapshotProblem) -> SnapshotUse {
    SnapshotUse::Ignored { problem }
}

#[test]
fn a_replay_begins_at_the_snapshot_and_comes_to_the_same() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let (mut store, before) = open(&path).unwrap();
    store.snapshot().unwrap();
    drop(store);
    let (mut store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.snapshot, SnapshotUse::Used { seq: 7 });
    assert_eq!((recovery.records, recovery.replayed), (7, 0));
    assert_eq!(recovery.effects, before.effects, "those of the last record too");

    // An old snapshot and a journal that went on.
    let _ = store.apply(second(400), alert("c", 0.7)).unwrap();
    let expected = state(store.engine());
    drop(store);
    let (store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.snapshot, SnapshotUse::Used { seq: 7 });
    assert_eq!(recovery.replayed, 1);
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn effects_on_which_nobody_reports_are_handed_out_again_after_the_last_record() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, _) = open(&path).unwrap();
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let step = store.advance(second(300)).unwrap();
    let breach = step.effects.iter().find(|effect| !effect.wants_report()).unwrap().clone();
    for snapshot in [false, true] {
        if snapshot {
            store.snapshot().unwrap();
        }
        drop(store);
        let recovery;
        (store, recovery) = open(&path).unwrap();
        assert_eq!(recovery.replayed, if snapshot { 0 } else { 2 });
        assert!(recovery.effects.contains(&breach), "snapshot: {snapshot}");
        let pending: Vec<_> = store.engine().pending().cloned().collect();
        assert!(pending.iter().all(|effect| recovery.effects.contains(effect)));
    }
}

#[test]
fn a_snapshot_with_any_flipped_bit_or_cut_anywhere_is_passed_over() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let (mut store, _) = open(&path).unwrap();
    store.snapshot().unwrap();
    drop(store);
    let snapshot = beside(&path, ".snapshot");
    let bytes = fs::read(&snapshot).unwrap();
    let check = |bytes: &[u8], what: String| {
        fs::write(&snapshot, bytes).unwrap();
        let (store, recovery) = open(&path).unwrap();
        assert_eq!(recovery.snapshot, ignored(SnapshotProblem::Damaged), "{what}");
        assert_eq!(&state(store.engine()), states.last().unwrap(), "{what}");
    };
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        check(&flipped, format!("byte {at}"));
    }
    for length in (0..bytes.len()).step_by(7) {
        check(&bytes[..length], format!("length {length}"));
    }
}

#[test]
fn a_snapshot_that_is_newer_than_the_journal_is_passed_over() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let (mut store, _) = open(&path).unwrap();
    store.snapshot().unwrap();
    drop(store);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().take(5).collect();
    fs::write(&path, format!("{}\n", lines.join("\n"))).unwrap();
    let (mut store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.snapshot, ignored(SnapshotProblem::NewerThanJournal));
    assert_eq!(state(store.engine()), states[4]);

    // The journal grows past it on another course: now the number fits, and the chain does not.
    for at in 400..405 {
        let _ = store.apply(second(at), alert("z", 0.9)).unwrap();
    }
    let expected = state(store.engine());
    drop(store);
    let (store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.snapshot, ignored(SnapshotProblem::Foreign));
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn a_store_takes_snapshots_by_itself() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let options = StoreOptions::new().snapshot_every(Some(3));
    let (mut store, _) = options.open(&path, policy()).unwrap();
    for at in 0..8 {
        let _ = store.apply(second(at), alert("a", 0.5)).unwrap();
    }
    let expected = state(store.engine());
    drop(store);
    let (mut store, recovery) = options.open(&path, policy()).unwrap();
    assert_eq!(recovery.snapshot, SnapshotUse::Used { seq: 6 });
    assert_eq!(recovery.replayed, 2);
    assert_eq!(state(store.engine()), expected);
    let _ = store.apply(second(9), alert("a", 0.5)).unwrap();
    drop(store);
    let (_, recovery) = options.open(&path, policy()).unwrap();
    assert_eq!(recovery.replayed, 0, "what was replayed counts towards the next one");
}

#[test]
fn a_snapshot_that_cannot_be_written_fails_no_input() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    fs::create_dir(beside(&path, ".snapshot.new")).unwrap();
    let options = StoreOptions::new().snapshot_every(Some(1));
    let (mut store, _) = options.open(&path, policy()).unwrap();
    let step = store.apply(second(0), alert("a", 0.5)).unwrap();
    assert!(!step.effects.is_empty());
    assert_eq!(store.snapshot_fault().unwrap().code(), "io");
    fs::remove_dir(beside(&path, ".snapshot.new")).unwrap();
    let _ = store.apply(second(1), alert("a", 0.5)).unwrap();
    assert!(store.snapshot_fault().is_none());
}

#[test]
fn another_policy_is_never_taken_silently() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let (mut store, _) = open(&path).unwrap();
    store.snapshot().unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    let later = || SHOP_LATER.clone();
    let error = StoreOptions::new().open(&path, later()).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "other_policy");
    assert!(error.help().contains("adopt_policy"));
    assert_eq!(fs::read(&path).unwrap(), bytes);

    let adopt = StoreOptions::new().adopt_policy(true);
    let (store, recovery) = adopt.open(&path, later()).unwrap();
    assert_eq!(recovery.adopted_from.as_deref(), Some(policy().digest()));
    assert!(matches!(recovery.snapshot, SnapshotUse::Ignored { problem: SnapshotProblem::NotRestored(_) }));
    assert_eq!((recovery.replayed, store.records()), (7, 8));
    let expected = state(store.engine());
    drop(store);

    let (store, recovery) = StoreOptions::new().open(&path, later()).unwrap();
    assert_eq!(recovery.adopted_from, None, "it is allowed once");
    assert_eq!(state(store.engine()), expected);
    drop(store);
    assert_eq!(open(&path).map(|_| ()).unwrap_err().code(), "other_policy", "nor back");
}

#[test]
fn a_snapshot_of_another_course_is_told_by_the_chain_alone() {
    let directory = scratch();
    let (one, other) = (directory.path().join("one"), directory.path().join("other"));
    let mut expected = String::new();
    // The same number of records of the same lengths.
    for (path, key) in [(&one, "a"), (&other, "b")] {
        let (mut store, _) = open(path).unwrap();
        let _ = store.apply(second(0), alert(key, 0.5)).unwrap();
        store.snapshot().unwrap();
        expected = state(store.engine());
    }
    fs::copy(beside(&one, ".snapshot"), beside(&other, ".snapshot")).unwrap();
    let (store, recovery) = open(&other).unwrap();
    assert_eq!(recovery.snapshot, ignored(SnapshotProblem::Foreign));
    assert_eq!(state(store.engine()), expected);
}
