//! Real processes: killed in the middle of writing, turned away by a lock, and out of room on the disk.
//!
//! The children are this very test binary, told by a variable which part to play.
#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kentongan::{Alert, Engine, Input, Policy, Step};
use kentongan_journal::{Content, Policies, Record, Store, StoreOptions, read};
use support::{SHOP_LATER, alert, open, policy, scratch, second, state};

const ROLE: &str = "KENTONGAN_JOURNAL_TEST_ROLE";
const JOURNAL: &str = "KENTONGAN_JOURNAL_TEST_FILE";

/// Not a test of its own: what a child does.
#[test]
fn child() {
    let Ok(role) = env::var(ROLE) else {
        return;
    };
    let path = env::var(JOURNAL).unwrap();
    let path = Path::new(&path);
    match role.as_str() {
        "write" => write_for_ever(path),
        "reload" => reload_for_ever(path),
        "open" => say(open(path).map_or_else(|error| error.code(), |_| "opened")),
        "fill" => fill_the_disk(path),
        other => panic!("no role `{other}`"),
    }
}

fn child_of(role: &str, path: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture", "--test-threads=1"]);
    command.env(ROLE, role).env(JOURNAL, path);
    command.stdout(Stdio::piped());
    command
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A line of its own: the test harness has begun one.
    writeln!(out, "\n> {line}").unwrap();
    out.flush().unwrap();
}

/// What a child still says, to its end.
fn said(out: impl BufRead) -> Vec<String> {
    out.split(b'\n')
        .map(|line| String::from_utf8(line.unwrap()).unwrap())
        .filter_map(|line| line.strip_prefix("> ").map(str::to_owned))
        .collect()
}

/// Waits until a child has said something.
fn wait_for_a_line(out: &mut impl BufRead) -> Vec<String> {
    let mut line = String::new();
    while !line.starts_with("> ") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "the child has ended");
    }
    // Whoever has no effects to name ends in a blank, and is confirmed as well.
    vec![line.trim_end_matches('\n').trim_start_matches("> ").to_owned()]
}

/// What the nth input of the endless writer is. Some are large, so that a kill may fall into the middle of a write.
fn nth(store: &Store) -> Input {
    let number = store.records();
    let mut alert = Alert::firing(format!("key-{}", number % 7), "checkout");
    alert.values = BTreeMap::from([("error_rate".to_owned(), 0.5)]);
    if number.is_multiple_of(2) {
        alert.description = "x".repeat(1 << 20);
    }
    Input::Alert(alert)
}

fn ids(step: &Step) -> String {
    let ids: Vec<&str> = step.effects.iter().map(|effect| effect.id.as_str()).collect();
    ids.join(",")
}

fn write_for_ever(path: &Path) {
    let options = StoreOptions::new().snapshot_every(Some(5));
    let (mut store, _) = options.open(path, policy()).unwrap();
    loop {
        let at = second(i64::try_from(store.records()).unwrap() * 60);
        let input = nth(&store);
        let step = store.apply(at, input).unwrap();
        say(&format!("{} {}", store.records(), ids(&step)));
    }
}

#[test]
fn what_was_confirmed_before_a_kill_is_there_after_it() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let mut confirmed: BTreeMap<u64, String> = BTreeMap::new();
    let (mut torn, mut unconfirmed) = (0, 0);
    for round in 0..30_u64 {
        let mut process = child_of("write", &path).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut lines = wait_for_a_line(&mut out);
        // It writes now. The delays are spread over the time that some writes take.
        std::thread::sleep(Duration::from_micros(round * 7_919 % 40_009));
        process.kill().unwrap();
        lines.extend(said(out));
        process.wait().unwrap();
        for line in lines {
            // The last line may be cut short by the kill as well: it counts only where it is whole.
            if let Some((seq, ids)) = line.split_once(' ') {
                confirmed.insert(seq.parse().unwrap(), ids.to_owned());
            }
        }

        let last = confirmed.keys().next_back().copied().unwrap_or(0);
        let (store, recovery) = StoreOptions::new().open(&path, policy()).unwrap();
        assert!(recovery.records >= last, "round {round}: {recovery:?}");
        assert!(recovery.records <= last + 1, "one write at a time is under way");
        torn += u64::from(recovery.torn.is_some());
        unconfirmed += recovery.records - last;
        let expected = state(store.engine());
        drop(store);

        let mut engine = Engine::new(policy());
        for record in read(&path).unwrap() {
            let record = record.unwrap();
            let entry = record.entry().unwrap();
            let step = engine.apply(entry.at, entry.input).unwrap();
            if let Some(before) = confirmed.get(&record.seq) {
                assert!(ids(&step).starts_with(before.as_str()), "record {}", record.seq);
            }
            // What nobody was told of is confirmed by being found.
            confirmed.insert(record.seq, ids(&step));
        }
        assert_eq!(state(&engine), expected, "with the snapshot and without");
    }
    println!("{} records, {torn} torn, {unconfirmed} unconfirmed", confirmed.len());
    assert!(confirmed.len() >= 30, "the children did write: {}", confirmed.len());
}

/// Between two alerts the policy changes, from one to the other and back.
fn reload_for_ever(path: &Path) {
    let options = StoreOptions::new().policies(both());
    // Whichever is in force; the other one is refused.
    let opened = both().into_iter().find_map(|policy| options.open(path, policy).ok());
    let (mut store, _) = opened.expect("one of the two is in force");
    loop {
        let at = second(i64::try_from(store.records()).unwrap() * 60);
        let step = if store.records() % 3 == 2 {
            let next = both().into_iter().find(|next| next.digest() != store.engine().policy().digest()).unwrap();
            store.reload(at, next, BTreeMap::new()).unwrap()
        } else {
            store.apply(at, alert(&format!("key-{}", store.records() % 7), 0.5)).unwrap()
        };
        say(&format!("{} {}", store.records(), ids(&step)));
    }
}

fn both() -> [Arc<Policy>; 2] {
    [policy(), Arc::clone(&SHOP_LATER)]
}

#[test]
fn a_reload_that_was_recorded_has_happened_wherever_the_host_was_killed() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let mut between = 0;
    for round in 0..25_u64 {
        let mut process = child_of("reload", &path).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut lines = wait_for_a_line(&mut out);
        std::thread::sleep(Duration::from_micros(round * 7_919 % 20_011));
        process.kill().unwrap();
        lines.extend(said(out));
        process.wait().unwrap();
        let confirmed = lines.iter().filter_map(|line| line.split_once(' ')?.0.parse().ok()).max().unwrap_or(0);

        let records: Vec<Record> = read(&path).unwrap().map(Result::unwrap).collect();
        assert!(records.len() as u64 >= confirmed, "round {round}");
        let mut engine = Engine::new(policy());
        for record in &records {
            let step = record.content.clone().on(&mut engine, record.at, &Policies::from_iter(both()));
            let _ = step.unwrap().unwrap();
        }
        let last = records.last().unwrap();
        let in_force = both().into_iter().find(|policy| policy.digest() == last.policy).unwrap();
        let (store, recovery) = StoreOptions::new().policies(both()).open(&path, in_force).unwrap();
        assert_eq!(state(store.engine()), state(&engine), "round {round}, with the snapshot and without");
        // Killed after the record of a reload and before its snapshot.
        between += u64::from(matches!(last.content, Content::Reload(_)) && recovery.replayed > 0);
    }
    let reloads = read(&path).unwrap().filter(|record| matches!(record.as_ref().unwrap().content, Content::Reload(_)));
    let reloads = reloads.count();
    println!("{reloads} reloads, killed right after {between} of them");
    assert!(reloads >= 10, "the children did reload: {reloads}");
}

#[test]
fn another_process_is_turned_away_until_the_writer_is_gone_however_it_went() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shop.journal");
    let ask = || {
        let mut process = child_of("open", &path).spawn().unwrap();
        let said = said(BufReader::new(process.stdout.take().unwrap()));
        assert!(process.wait().unwrap().success());
        said
    };
    let (store, _) = open(&path).unwrap();
    assert_eq!(ask(), ["locked"]);
    drop(store);
    assert_eq!(ask(), ["opened"]);

    let mut writer = child_of("write", &path).spawn().unwrap();
    let mut out = BufReader::new(writer.stdout.take().unwrap());
    wait_for_a_line(&mut out);
    assert_eq!(ask(), ["locked"]);
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert_eq!(ask(), ["opened"]);
}

fn fill_the_disk(path: &Path) {
    let (mut store, _) = open(path).unwrap();
    let error = loop {
        let input = alert(&format!("key-{}", store.records()), 0.5);
        let before = state(store.engine());
        match store.apply(second(0), input) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(state(store.engine()), before, "the engine is as it was");
                break error;
            }
        }
    };
    let length = std::fs::metadata(path).unwrap().len();
    let second_error = store.apply(second(0), alert("key", 0.5)).unwrap_err();
    assert_eq!(std::fs::metadata(path).unwrap().len(), length, "the part is taken back");
    say(&format!("{} {} {}", store.records(), error.code(), second_error.code()));
}

#[test]
fn a_full_disk_loses_nothing_that_was_confirmed_and_leaves_no_torn_record() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shop.journal");
    let child = child_of("fill", &path);
    // The shell sets a limit on the size of files, which cuts a write short in the middle as a full disk does.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""]);
    limited.arg(child.get_program()).args(child.get_args());
    limited.env(ROLE, "fill").env(JOURNAL, &path).stdout(Stdio::piped());
    let mut process = limited.spawn().unwrap();
    let said = said(BufReader::new(process.stdout.take().unwrap()));
    assert!(process.wait().unwrap().success(), "{said:?}");
    let words: Vec<&str> = said[0].split(' ').collect();
    let [records, "io", "io"] = words.as_slice() else {
        panic!("{said:?}");
    };
    let records: u64 = records.parse().unwrap();
    assert!(records > 2);
    let (mut store, recovery) = open(&path).unwrap();
    assert_eq!((recovery.records, recovery.torn), (records, None));
    assert!(store.apply(second(0), alert("again", 0.5)).is_ok(), "with room again it goes on");
}
