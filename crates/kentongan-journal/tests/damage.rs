//! Whatever happens to the bytes of a journal is noticed, and what was good before it is kept.

mod support;

use std::fs;
use std::io::Cursor;

use kentongan_journal::{Damage, JournalError, Record, Records, SnapshotUse, Store, read};
use support::{beside, history, open, scratch, state};

/// What reading some bytes comes to: the good records, and whether all is well.
fn records(bytes: &[u8]) -> (Vec<Record>, Result<bool, JournalError>) {
    let mut records = match Records::from_reader("journal", Cursor::new(bytes)) {
        Ok(records) => records,
        Err(error) => return (Vec::new(), Err(error)),
    };
    let mut good = Vec::new();
    for record in &mut records {
        match record {
            Ok(record) => good.push(record),
            Err(error) => return (good, Err(error)),
        }
    }
    let whole = records.tail().is_none();
    (good, Ok(whole))
}

#[test]
fn a_journal_cut_at_any_byte_comes_back_as_the_records_that_are_whole() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let bytes = fs::read(&path).unwrap();
    let cut_path = directory.path().join("cut.journal");
    let torn = beside(&cut_path, ".torn");
    for length in 0..=bytes.len() {
        let left = &bytes[..length];
        let lines = left.split(|byte| *byte == b'\n').count() - 1;
        let whole = lines.saturating_sub(1);
        fs::write(&cut_path, left).unwrap();
        let _ = fs::remove_file(&torn);

        let (store, recovery) = open(&cut_path).unwrap();
        assert_eq!(recovery.records, whole as u64, "{length}");
        assert_eq!(state(store.engine()), states[whole], "{length}");
        assert_eq!(recovery.created, lines == 0, "{length}");
        let good = left.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        match recovery.torn {
            None => assert!(good == length || lines == 0, "{length}"),
            Some(cut) => {
                assert_eq!((cut.offset, cut.bytes), (good as u64, (length - good) as u64));
                assert_eq!(cut.damage, Damage::Unfinished);
                let kept = fs::read(&cut.kept).unwrap();
                assert_eq!(kept.strip_suffix(b"\n"), Some(&left[good..]), "{length}");
            }
        }
        drop(store);
        let rest = fs::read(&cut_path).unwrap();
        assert_eq!(rest, bytes[..good.max(43)], "{length}: the good part is as it was");
    }
}

#[test]
fn each_flipped_bit_is_noticed() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let bytes = fs::read(&path).unwrap();
    let (whole, outcome) = records(&bytes);
    assert!(outcome.unwrap());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let (good, outcome) = records(&flipped);
            assert!(!matches!(outcome, Ok(true)), "byte {at}, bit {bit}");
            assert!(whole.starts_with(&good), "byte {at}, bit {bit}");
            let before = bytes[..at].split(|byte| *byte == b'\n').count() - 1;
            assert_eq!(good.len(), before.saturating_sub(1), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn a_store_goes_on_from_the_last_record_only_and_refuses_damage_before_it() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let bytes = fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let newline_before = last - 1;
    for at in (0..bytes.len()).step_by(3) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x01;
        fs::write(&path, &flipped).unwrap();
        let opened = open(&path);
        if at >= last {
            let (store, recovery) = opened.unwrap();
            assert!(recovery.torn.is_some(), "{at}");
            assert_eq!(state(store.engine()), states[states.len() - 2], "{at}");
        } else if at != newline_before {
            let code = opened.map(|_| ()).unwrap_err().code();
            let expected: &[&str] =
                if at < 42 { &["not_a_journal", "newer_format"] } else { &["corrupt", "not_a_journal"] };
            assert!(expected.contains(&code), "{at}: {code}");
            assert_eq!(fs::read(&path).unwrap(), flipped, "{at}: nothing is touched");
        }
    }
}

#[test]
fn lines_that_are_moved_doubled_lost_or_put_in_are_noticed() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let _ = history(&path);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n")).into_bytes();
    // The header is line 0, and record n line n.
    for place in 1..lines.len() {
        let mut lost = lines.clone();
        lost.remove(place);
        let mut doubled = lines.clone();
        doubled.insert(place, lines[place]);
        let mut blank = lines.clone();
        blank.insert(place, "");
        let mut edits = vec![(doubled, place), (blank, place - 1)];
        if place + 1 < lines.len() {
            let mut swapped = lines.clone();
            swapped.swap(place, place + 1);
            edits.extend([(lost, place - 1), (swapped, place - 1)]);
        }
        for (edited, good_expected) in edits {
            let (good, outcome) = records(&joined(&edited));
            assert_eq!(good.len(), good_expected, "line {place}");
            assert!(!matches!(outcome, Ok(true)), "line {place}");
        }
    }
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let (_, outcome) = records(&joined(&swapped));
    let error = outcome.unwrap_err();
    assert!(matches!(error, JournalError::Corrupt { seq: 2, line: 3, damage: Damage::Misplaced { found: 3 }, .. }));
}

#[test]
fn a_record_of_another_journal_is_noticed_though_its_number_fits() {
    let directory = scratch();
    let (one, other) = (directory.path().join("one"), directory.path().join("other"));
    let _ = history(&one);
    let (mut store, _) = open(&other).unwrap();
    for second in 0..3 {
        let _ = store.apply(support::second(second), support::alert("z", 0.5)).unwrap();
    }
    let (one, other) = (fs::read_to_string(one).unwrap(), fs::read_to_string(other).unwrap());
    let mut lines: Vec<&str> = one.lines().collect();
    lines[2] = other.lines().nth(2).unwrap();
    let (good, outcome) = records(lines.join("\n").as_bytes());
    assert_eq!(good.len(), 1);
    assert!(matches!(outcome, Err(JournalError::Corrupt { seq: 2, damage: Damage::ChecksumMismatch, .. })));
}

#[test]
fn recovering_keeps_the_good_part_and_loses_nothing_of_the_rest() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let mut bytes = fs::read(&path).unwrap();
    let lines: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').map(|at| at + 1).collect();
    bytes[lines[3] + 20] ^= 0x10;
    fs::write(&path, &bytes).unwrap();
    let error = open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(error, JournalError::Corrupt { seq: 4, line: 5, offset, .. } if offset == lines[3] as u64));
    assert!(error.help().contains("Store::recover"));
    assert_eq!((error.path(), error.line()), (Some(&*path.canonicalize().unwrap()), Some(5)));

    let cut = Store::recover(&path).unwrap().unwrap();
    assert_eq!((cut.records, cut.offset), (3, lines[3] as u64));
    assert_eq!(fs::read(&path).unwrap(), bytes[..lines[3]]);
    assert_eq!(fs::read(&cut.kept).unwrap()[..bytes.len() - lines[3]], bytes[lines[3]..]);
    let (store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.torn, None);
    assert_eq!(state(store.engine()), states[3]);
    drop(store);
    assert_eq!(Store::recover(&path).unwrap(), None, "a good journal is left alone");
}

#[test]
fn files_of_any_content_are_refused_without_harm() {
    let directory = scratch();
    let path = directory.path().join("file");
    let line = format!("{{\"format\":\"kentongan-journal\",\"version\":1}}\n{}", "x".repeat(17 << 20));
    let cases: [(&[u8], &str); 8] = [
        (b"hello\n", "not_a_journal"),
        (b"{\"format\":", "ok"),
        (b"{\"format\": ", "not_a_journal"),
        (b"{\"format\":\"kentongan-journal\",\"version\":2}\n", "newer_format"),
        (b"{\"format\":\"kentongan-journal\",\"version\":99999999999}\n", "not_a_journal"),
        (&[0; 5000], "not_a_journal"),
        (&[0xff, 0xfe, b'\n'], "not_a_journal"),
        (line.as_bytes(), "corrupt"),
    ];
    for (bytes, expected) in cases {
        fs::write(&path, bytes).unwrap();
        let code = open(&path).map_or_else(|error| error.code(), |_| "ok");
        assert_eq!(code, expected, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
        if expected != "ok" {
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }
    assert_eq!(open(directory.path()).map(|_| ()).unwrap_err().code(), "not_a_journal");
    let missing = directory.path().join("no/such/file");
    assert_eq!(open(&missing).map(|_| ()).unwrap_err().code(), "io");
    assert_eq!(read(&missing).map(|_| ()).unwrap_err().code(), "io");
    assert_eq!(Store::recover(&missing).unwrap_err().code(), "io");
}

#[test]
fn zeros_after_the_last_record_are_a_write_that_was_cut_short() {
    let directory = scratch();
    let path = directory.path().join("shop.journal");
    let states = history(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 4096]);
    fs::write(&path, &bytes).unwrap();
    let (store, recovery) = open(&path).unwrap();
    assert_eq!(recovery.torn.map(|cut| cut.bytes), Some(4096));
    assert_eq!(recovery.snapshot, SnapshotUse::Absent);
    assert_eq!(&state(store.engine()), states.last().unwrap());
}
