//! A reload stands in the journal: a replay across it comes to the same, as long as its policies are at hand.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use kentongan::{Policy, Reload, Verdict};
use kentongan_journal::{Content, JournalError, Record, Recovery, SnapshotUse, Store, StoreOptions, read};
use support::{SHOP, SHOP_LATER, alert, beside, history, open, policy, scratch, second, state};

/// The later policy again, with another name for its severity.
static SHOP_RENAMED: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    let text = serde_json::to_string(SHOP_LATER.document()).unwrap().replace("\"high\"", "\"urgent\"");
    Arc::new(Policy::from_yaml(&text).unwrap())
});

fn renamed() -> BTreeMap<String, String> {
    BTreeMap::from([("high".to_owned(), "urgent".to_owned())])
}

fn none() -> BTreeMap<String, String> {
    BTreeMap::new()
}

fn under(path: &Path, policy: &Arc<Policy>, earlier: &[&Arc<Policy>]) -> Result<(Store, Recovery), JournalError> {
    let options = StoreOptions::new().snapshot_every(None);
    options.policies(earlier.iter().map(|policy| Arc::clone(policy))).open(path, Arc::clone(policy))
}

/// A journal with a reload, a renamed severity, and something after each; no snapshot. Gives the state at the end.
fn reloaded(path: &Path) -> String {
    let (mut store, _) = open(path).unwrap();
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let step = store.reload(second(100), Arc::clone(&SHOP_LATER), none()).unwrap();
    assert!(step.decisions.iter().any(|one| matches!(one.verdict, Verdict::PolicyChanged { .. })));
    assert_eq!(store.wakeup(), Some(second(135)), "three quarters of the three minutes are over");
    let _ = store.apply(second(110), alert("b", 0.5)).unwrap();
    let _ = store.reload(second(120), Arc::clone(&SHOP_RENAMED), renamed()).unwrap();
    let _ = store.advance(second(200)).unwrap();
    state(store.engine())
}

#[test]
fn a_journal_replays_across_reloads_when_the_policies_are_at_hand() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let expected = reloaded(&path);
    let (store, recovery) = under(&path, &SHOP_RENAMED, &[&SHOP_LATER, &SHOP]).unwrap();
    assert_eq!((recovery.replayed, recovery.refused, recovery.adopted_from), (5, 0, None));
    assert_eq!(state(store.engine()), expected);
    let pending: Vec<_> = store.engine().pending().collect();
    assert!(!pending.is_empty() && pending.iter().all(|effect| recovery.effects.contains(effect)));
}

#[test]
fn a_record_of_a_reload_names_the_policies_and_an_input_is_written_as_ever() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    reloaded(&path);
    let records: Vec<Record> = read(&path).unwrap().map(Result::unwrap).collect();
    let (from, to) = (SHOP_LATER.digest().to_owned(), SHOP_RENAMED.digest().to_owned());
    assert_eq!(records[3].content, Content::Reload(Reload { from, to: to.clone(), severities: renamed() }));
    assert_eq!((&records[3].policy, records[3].entry()), (&to, None));
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], r#"{"format":"kentongan-journal","version":1}"#);
    let input = serde_json::to_string(&alert("a", 0.5)).unwrap();
    let begins = format!(
        r#"{{"seq":1,"at":"2026-11-23T19:00:00Z","input":{input},"policy":"{}","engine":"{}","time_zone_data":""#,
        SHOP.digest(),
        env!("CARGO_PKG_VERSION"),
    );
    assert!(lines[1].starts_with(&begins), "{}", lines[1]);
    let begins = format!(
        r#"{{"seq":2,"at":"2026-11-23T19:01:40Z","reload":{{"from":"{}","to":"{}"}},"policy":""#,
        SHOP.digest(),
        SHOP_LATER.digest(),
    );
    assert!(lines[2].starts_with(&begins), "{}", lines[2]);
}

#[test]
fn a_policy_that_is_missing_is_named_and_the_journal_stays_as_it_was() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let expected = reloaded(&path);
    let bytes = fs::read(&path).unwrap();
    for (earlier, missing) in [(vec![], &*SHOP), (vec![&*SHOP], &*SHOP_LATER), (vec![&*SHOP_LATER], &*SHOP)] {
        let error = under(&path, &SHOP_RENAMED, &earlier).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "missing_policy");
        assert!(error.to_string().contains(missing.digest()), "{error}");
        assert!(error.help().contains("before a reload"));
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    let error = under(&path, &SHOP, &[&SHOP_LATER, &SHOP_RENAMED]).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "other_policy", "the one in force is another");
    let (store, _) = under(&path, &SHOP_RENAMED, &[&SHOP, &SHOP_LATER]).unwrap();
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn the_snapshot_after_a_reload_needs_the_policy_before_no_more() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let snapshot = beside(&path, ".snapshot");
    let (mut store, _) = StoreOptions::new().open(&path, policy()).unwrap();
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    store.snapshot().unwrap();
    let before = fs::read(&snapshot).unwrap();
    let _ = store.reload(second(100), Arc::clone(&SHOP_LATER), none()).unwrap();
    assert!(store.snapshot_fault().is_none());
    let expected = state(store.engine());
    drop(store);
    let (store, recovery) = under(&path, &SHOP_LATER, &[]).unwrap();
    assert_eq!(recovery.snapshot, SnapshotUse::Used { seq: 2 });
    assert_eq!(state(store.engine()), expected);
    drop(store);

    // Stopped between the record and the snapshot: the one from before is there, or none.
    fs::write(&snapshot, before).unwrap();
    let error = under(&path, &SHOP_LATER, &[]).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "missing_policy");
    assert!(error.to_string().contains(SHOP.digest()), "{error}");
    let (store, recovery) = under(&path, &SHOP_LATER, &[&SHOP]).unwrap();
    assert_eq!((recovery.snapshot, recovery.replayed), (SnapshotUse::Used { seq: 1 }, 1));
    assert_eq!(state(store.engine()), expected);
    drop(store);
    fs::remove_file(&snapshot).unwrap();
    let (store, recovery) = under(&path, &SHOP_LATER, &[&SHOP]).unwrap();
    assert_eq!((recovery.snapshot, recovery.replayed), (SnapshotUse::Absent, 2));
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn a_reload_that_is_refused_or_changes_nothing_leaves_no_record() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let (mut store, _) = open(&path).unwrap();
    let _ = store.apply(second(400), alert("c", 0.5)).unwrap();
    let (bytes, before) = (fs::read(&path).unwrap(), state(store.engine()));
    let error = store.reload(second(500), Arc::clone(&SHOP_RENAMED), none()).unwrap_err();
    assert_eq!(error.code(), "severity_gone");
    let step = store.reload(second(500), policy(), none()).unwrap();
    assert!(matches!(step.decisions[0].verdict, Verdict::PolicyKept { .. }));
    assert_eq!((fs::read(&path).unwrap(), state(store.engine())), (bytes, before));
}

#[test]
fn an_adopted_journal_is_lived_through_under_the_new_policy_alone() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    reloaded(&path);
    let (mut store, _) = under(&path, &SHOP_RENAMED, &[&SHOP, &SHOP_LATER]).unwrap();
    store.snapshot().unwrap();
    drop(store);
    let adopt = StoreOptions::new().snapshot_every(None).adopt_policy(true);
    let (store, recovery) = adopt.open(&path, policy()).unwrap();
    assert_eq!(recovery.adopted_from.as_deref(), Some(SHOP_RENAMED.digest()));
    assert!(matches!(recovery.snapshot, SnapshotUse::Ignored { .. }));
    let expected = state(store.engine());
    drop(store);
    let (mut store, recovery) = under(&path, &SHOP, &[]).unwrap();
    assert_eq!((state(store.engine()), recovery.adopted_from), (expected, None));

    // It can be reloaded again, and then needs the policy that it was adopted under, not those before.
    let _ = store.reload(second(300), Arc::clone(&SHOP_LATER), none()).unwrap();
    let expected = state(store.engine());
    drop(store);
    let (store, _) = under(&path, &SHOP_LATER, &[&SHOP]).unwrap();
    assert_eq!(state(store.engine()), expected);
}

#[test]
fn a_snapshot_under_a_policy_that_came_back_counts_on_its_own_course_only() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let (mut store, _) = open(&path).unwrap();
    let _ = store.apply(second(0), alert("a", 0.5)).unwrap();
    let _ = store.reload(second(10), Arc::clone(&SHOP_LATER), none()).unwrap();
    store.snapshot().unwrap();
    let _ = store.reload(second(20), policy(), none()).unwrap();
    drop(store);
    // Adopted under the policy of the snapshot, whose state has lived under another one as well.
    let adopt = StoreOptions::new().snapshot_every(None).adopt_policy(true);
    let (store, recovery) = adopt.open(&path, Arc::clone(&SHOP_LATER)).unwrap();
    assert!(matches!(recovery.snapshot, SnapshotUse::Ignored { .. }), "{:?}", recovery.snapshot);
    let expected = state(store.engine());
    drop(store);
    fs::remove_file(beside(&path, ".snapshot")).unwrap();
    let (store, _) = under(&path, &SHOP_LATER, &[]).unwrap();
    assert_eq!(state(store.engine()), expected);
}
