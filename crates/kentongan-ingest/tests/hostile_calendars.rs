//! What no calendar may do, whatever its bytes: bring the reader down, keep it busy, or pass unanswered.

mod rota;

use std::fmt::Write as _;

use kentongan_ingest::ics::{self, File};
use kentongan_ingest::limits::{CALENDAR_EVENTS_MAX, OCCURRENCES_MAX};
use rota::{calendar, event, people, said, zone};

/// Reads bytes on a stack as small as a host may have.
fn survives(bytes: Vec<u8>) -> String {
    let reader = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        let zone = zone();
        let file = File::new("hostile.ics", &bytes, &zone);
        let first = ics::on_call(&file, &people()).map(|rota| rota.shifts).map_err(|problems| problems.to_string());
        let again = ics::on_call(&file, &people()).map(|rota| rota.shifts).map_err(|problems| problems.to_string());
        assert_eq!(first, again, "the same bytes give the same answer");
        drop(ics::holidays(&file));
        match first {
            Ok(shifts) => format!("{} shifts", shifts.len()),
            Err(problems) => problems,
        }
    });
    reader.expect("a thread").join().expect("no panic")
}

#[test]
fn every_cut_and_every_flipped_byte_is_answered() {
    let whole = event(
        "UID:1\nDTSTART;TZID=Europe/Rome:20260302T090000\nDTEND;TZID=Europe/Rome:20260303T090000\n\
         RRULE:FREQ=WEEKLY;BYDAY=MO,-1TU;COUNT=4\nEXDATE:20260309T080000Z\nSUMMARY:an\n a\\, é",
    )
    .into_bytes();
    for length in 0..whole.len() - "END:VCALENDAR\n".len() {
        assert!(survives(whole[..length].to_vec()).contains("error["), "cut at {length}");
    }
    for position in 0..whole.len() {
        for byte in [0x00, b'\n', b':', b';', b'9', 0x80, 0xff] {
            let mut flipped = whole.clone();
            flipped[position] = byte;
            survives(flipped);
        }
    }
}

#[test]
fn depth_costs_no_stack() {
    let deep = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(100_000));
    assert!(survives(deep.into_bytes()).contains("too_deep"));
    let folded = format!("BEGIN:VCALENDAR\nX:{}\nEND:VCALENDAR\n", "\n a".repeat(100_000));
    assert_eq!(survives(folded.into_bytes()), "0 shifts");
    assert!(survives(vec![b'\n'; 1 << 20]).contains("the file is empty"));
    assert!(survives(vec![b'='; 1 << 20]).contains("no line of a calendar"));
    assert!(survives(b"\xff\xfeB\0".to_vec()).contains("not_utf8"));
}

#[test]
fn rules_that_never_end_are_bounded() {
    let rule = |rule: &str| {
        said(&event(&format!(
            "DTSTART:19000101T090000Z\nDTSTAMP:24000101T000000Z\nDURATION:PT1M\nSUMMARY:ana\nRRULE:{rule}"
        )))
    };
    let every = |most: u32| (0..most).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    for (text, expected) in [
        ("FREQ=HOURLY".to_owned(), "calendar_too_large"),
        ("FREQ=DAILY".to_owned(), "calendar_too_large"),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30".to_owned(), "0 shifts"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".to_owned(), "0 shifts"),
        ("FREQ=HOURLY;BYSETPOS=2".to_owned(), "0 shifts"),
        ("FREQ=YEARLY;BYSETPOS=366;BYMONTH=2".to_owned(), "0 shifts"),
        ("FREQ=MINUTELY".to_owned(), "unsupported_recurrence"),
        (format!("FREQ=YEARLY;BYHOUR={};BYMINUTE={}", every(24), every(60)), "unsupported_recurrence"),
        (format!("FREQ=DAILY;BYDAY={}", "MO,".repeat(100_000)), "unsupported_recurrence"),
        ("FREQ=YEARLY;INTERVAL=4294967295".to_owned(), "1 shifts"),
        ("FREQ=WEEKLY;INTERVAL=4294967295;COUNT=4294967295".to_owned(), "1 shifts"),
        ("FREQ=YEARLY;COUNT=99999999999999999999".to_owned(), "unreadable_rule"),
    ] {
        assert!(rule(&text).starts_with(expected), "{text}: {}", rule(&text));
    }
}

#[test]
fn many_of_anything_is_bounded() {
    let one = "BEGIN:VEVENT\nDTSTART:20260302T090000Z\nDURATION:PT1H\nSUMMARY:ana\nEND:VEVENT\n";
    assert!(said(&calendar(&one.repeat(CALENDAR_EVENTS_MAX + 1))).starts_with("calendar_too_large"));
    assert!(said(&calendar(&one.repeat(100))).starts_with("calendar_too_large"), "a hundred at one time");
    let dates = "20260302T090000Z,".repeat(OCCURRENCES_MAX + 1);
    let text = event(&format!("DTSTART:20260302T090000Z\nSUMMARY:ana\nRDATE:{}", dates.trim_end_matches(',')));
    assert!(said(&text).starts_with("calendar_too_large"));
    // Half a million exceptions of a series of years cost a look-up each.
    let mut except = String::from("DTSTART:20200101T090000Z\nDURATION:PT1H\nSUMMARY:ana\nRRULE:FREQ=DAILY\n");
    for day in 0..500_000_u32 {
        writeln!(except, "EXDATE:2026{:02}{:02}T09{:02}00Z", day % 12 + 1, day % 28 + 1, day % 60).expect("a text");
    }
    assert!(said(&event(&except)).ends_with("shifts"));
    let mut replaced = String::new();
    for number in 0..10_000_u32 {
        let (day, minute) = (number % 28 + 1, number % 60);
        writeln!(
            replaced,
            "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:202603{day:02}T09{minute:02}00Z\nDTSTART:20{:02}03{day:02}T09{minute:02}00Z\nDURATION:PT1M\nSUMMARY:ben\nEND:VEVENT",
            number % 40 + 26
        )
        .expect("a text");
    }
    assert!(said(&calendar(&replaced)).ends_with("shifts"));
    let zones = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:19000101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=MO\nEND:STANDARD\nEND:VTIMEZONE\n";
    let odd = format!("{zones}BEGIN:VEVENT\nDTSTART;TZID=Odd:20260302T090000\nSUMMARY:ana\nDURATION:PT1H\nEND:VEVENT");
    assert!(said(&calendar(&odd)).starts_with("calendar_too_large"));
}
