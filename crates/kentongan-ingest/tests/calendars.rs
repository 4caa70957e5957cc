//! Calendars as people and programs write them, and who is on call by them.

mod rota;

use rota::{calendar, event, people, read, read_holidays, said, shown};

fn fixture(name: &str) -> String {
    let path = format!("{}/../../tests/fixtures/other/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect(name)
}

macro_rules! reads {
    ($($name:ident: $file:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(shown(&read(&fixture($file), &people())));
            }
        )*
    };
}

reads! {
    a_weekly_rotation_with_a_swap_a_hole_and_an_override: "oncall-weekly-rotation.ics";
    pagerduty: "pagerduty-schedule-SYNTHETIC.ics";
    grafana_oncall: "grafana-oncall-schedule-SYNTHETIC.ics";
    google: "google-calendar-SYNTHETIC.ics";
}

#[test]
fn holidays_are_events_of_whole_days() {
    let holidays = read_holidays(&fixture("google-holidays-SYNTHETIC.ics")).expect("they are read");
    let days: Vec<String> =
        holidays.days.iter().map(|day| format!("{} {} {}", day.first, day.last, day.name)).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", days.join("\n"), holidays.warnings.render(false)));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_a_remedy() {
    let text = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Mars/Olympus:20260302T090000\nSUMMARY:ana\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:2\nDTSTART:tomorrow\nSUMMARY:ana\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:3\nDTSTART:20260302T090000Z\nDTEND:20260301T090000Z\nSUMMARY:ana\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:4\nSUMMARY:ana\nEND:VEVENT",
    );
    insta::assert_snapshot!(shown(&read(&text, &people())));
    let nobody = "UID:1\nDTSTART:20260302T090000Z\nDTEND:20260303T090000Z\nSUMMARY:Dora the explorer";
    insta::assert_snapshot!(shown(&read(&event(nobody), &people())));
}

#[test]
fn every_kind_of_bad_calendar_has_a_code_and_a_line() {
    let whole = |more: &str| event(&format!("DTSTART:20260302T090000Z\nSUMMARY:ana\n{more}"));
    for (text, expected) in [
        (String::new(), "not_a_calendar:1"),
        ("\n\r\n  \n".to_owned(), "not_a_calendar:4"),
        ("hello".to_owned(), "not_a_calendar:1"),
        ("BEGIN:VCARD\nEND:VCARD\n".to_owned(), "not_a_calendar:1"),
        ("BEGIN:VCALENDAR\n".to_owned(), "not_a_calendar:1"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n".to_owned(), "not_a_calendar:3"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n".to_owned(), "not_a_calendar:3"),
        (whole("<html>"), "not_a_calendar:6"),
        (whole("DURATION:soon"), "unreadable_duration:6"),
        (whole("DURATION:-PT1H"), "unreadable_duration:6"),
        (whole("RRULE:FREQ=FORTNIGHTLY"), "unreadable_rule:6"),
        (whole("RRULE:INTERVAL=2"), "unreadable_rule:6"),
        (whole("RRULE:FREQ=DAILY;INTERVAL=0"), "unreadable_rule:6"),
        (whole("RRULE:FREQ=SECONDLY"), "unsupported_recurrence:6"),
        (whole("RRULE:FREQ=DAILY;UNTIL=never"), "unreadable_rule:6"),
        (whole("RRULE:RSCALE=HEBREW;FREQ=YEARLY"), "unsupported_recurrence:6"),
        (whole("EXDATE:2026-03-02"), "unreadable_date:6"),
        (whole("RDATE:20260302T090000Z,20260230"), "unreadable_date:6"),
        (whole("RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T090000Z"), "unsupported_recurrence:6"),
        (whole("X-KENTONGAN-PERSON:dora"), "unknown_person:3"),
        (event("DTSTART:18991231T090000Z\nSUMMARY:ana"), "unreadable_date:4"),
        (event("DTSTART:20260302T090000Z\nDTEND:20260303T090000Z"), "unknown_person:3"),
    ] {
        assert_eq!(said(&text), expected, "{text}");
    }
}

#[test]
fn a_zone_that_only_the_file_knows_is_followed_over_its_changes() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Station clock\n\
        BEGIN:STANDARD\nDTSTART:20201025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:20210328T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n\
        END:VTIMEZONE";
    let shifts = |id: &str, zone: &str| {
        let event = format!(
            "{zone}\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID={id}:20260301T023000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=300\nSUMMARY:ana\nEND:VEVENT\n\
             BEGIN:VEVENT\nUID:2\nDTSTART;TZID={id}:20270101T023000\nDURATION:PT1H\nSUMMARY:ben\nEND:VEVENT"
        );
        read(&calendar(&event), &people()).expect("it is read").shifts
    };
    // The rules of Rome, told by the file alone: the gap in March and the hour that comes twice in October, too.
    assert_eq!(shifts("Station clock", zone), shifts("Europe/Rome", ""));
    assert_eq!(shifts("W. Europe Standard Time", ""), shifts("Europe/Berlin", ""));
    assert_eq!(shifts("/mozilla.org/20050126_1/Europe/Rome", ""), shifts("Europe/Rome", ""));
}

#[test]
fn a_hand_off_at_nine_stays_at_nine_over_a_change_of_the_clocks() {
    for (start, days) in [("20241028", 14), ("20250303", 14)] {
        let event = |uid, start: &str, who| {
            format!(
                "BEGIN:VEVENT\nUID:{uid}\nDTSTART;TZID=America/Chicago:{start}T090000\nDURATION:P1D\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT={}\nSUMMARY:{who}\nEND:VEVENT\n",
                days / 2
            )
        };
        let next: u32 = start.parse::<u32>().expect("a number") + 1;
        let text = calendar(&format!("{}{}", event(1, start, "ana"), event(2, &next.to_string(), "ben")));
        let shifts = read(&text, &people()).expect("it is read").shifts;
        assert_eq!(shifts.len(), days);
        let zone = kentongan::calendar::Zone::named("America/Chicago").expect("a zone");
        for pair in shifts.windows(2) {
            assert_eq!(pair[0].to, pair[1].from, "no hole and no overlap");
            assert_eq!(zone.format(pair[1].from, "%H:%M"), "09:00");
        }
    }
}

#[test]
fn line_ends_marks_and_folds_make_no_difference() {
    let text = fixture("oncall-weekly-rotation.ics").replace("\r\n", "\n");
    let expected = read(&text, &people()).expect("it is read").shifts;
    let folded: String = text
        .lines()
        .map(|line| {
            let (head, tail) = line.split_at(line.len().min(9));
            if line.starts_with("BEGIN") || tail.is_empty() {
                format!("{line}\r\n")
            } else {
                format!("{head}\r\n {tail}\r\n")
            }
        })
        .collect();
    for other in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        text.replace('\n', "\n\n"),
        folded,
        text.to_lowercase().replace("europe/rome", "Europe/Rome"),
    ] {
        assert_eq!(read(&other, &people()).expect(&other).shifts, expected);
    }
}

#[test]
fn what_is_cancelled_moved_or_written_again_counts_once() {
    let base = "BEGIN:VEVENT\nUID:a\nDTSTART:20260302T090000Z\nDTEND:20260303T090000Z\nSUMMARY:ana\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n";
    let with = |more: &str| {
        let rota = read(&calendar(&format!("{base}{more}")), &people()).expect("it is read");
        let shifts = rota.shifts.iter();
        let shown: Vec<String> = shifts
            .map(|shift| {
                format!("{}-{} {}", shift.from.format("%d/%H"), shift.to.format("%d/%H"), shift.people.join("+"))
            })
            .collect();
        format!("{}{}", shown.join(", "), if rota.warnings.is_empty() { "" } else { " (warned)" })
    };
    let part =
        |id: &str, rest: &str| format!("BEGIN:VEVENT\nUID:a\nRECURRENCE-ID{id}\nSUMMARY:ben\n{rest}\nEND:VEVENT\n");
    assert_eq!(with(""), "02/09-05/09 ana");
    let moved = part(":20260303T090000Z", "DTSTART:20260303T120000Z\nDTEND:20260304T090000Z");
    assert_eq!(with(&moved), "02/09-03/09 ana, 03/12-04/09 ben, 04/09-05/09 ana");
    let cancelled = part(":20260303T090000Z", "DTSTART:20260303T090000Z\nSTATUS:CANCELLED");
    assert_eq!(with(&cancelled), "02/09-03/09 ana, 04/09-05/09 ana");
    let by_day = part(";VALUE=DATE:20260303", "DTSTART:20260303T120000Z\nDURATION:PT1H");
    assert_eq!(with(&by_day), "02/09-03/09 ana, 03/12-03/13 ben, 04/09-05/09 ana");
    let elsewhere = part(";TZID=Asia/Jakarta:20260303T160000", "DTSTART:20260303T120000Z\nDURATION:PT1H");
    assert_eq!(
        with(&elsewhere),
        "02/09-03/09 ana, 03/12-03/13 ben, 04/09-05/09 ana",
        "the same instant on another clock"
    );
    let ghost = part(":20260303T100000Z", "DTSTART:20260303T090000Z\nSTATUS:CANCELLED");
    assert_eq!(with(&ghost), "02/09-05/09 ana (warned)", "no occurrence begins at that hour");
    let ghost = read(&calendar(&format!("{base}{ghost}")), &people()).expect("it is read").warnings;
    assert_eq!(ghost.iter().map(kentongan::source::Diagnostic::code).collect::<Vec<_>>(), ["no_such_occurrence"]);
    let newer = "BEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20260310T090000Z\nDURATION:PT1H\nSUMMARY:ana\nEND:VEVENT\n";
    assert_eq!(with(newer), "10/09-10/10 ana");
    let unranked = newer.replace("SEQUENCE:1\n", "");
    assert_eq!(with(&unranked), "02/09-05/09 ana, 10/09-10/10 ana (warned)");
    let over = "BEGIN:VEVENT\nUID:b\nDTSTART:20260303T100000Z\nDURATION:PT2H\nSUMMARY:carla\nEND:VEVENT\n";
    assert_eq!(with(over), "02/09-03/10 ana, 03/10-03/12 carla+ana, 03/12-05/09 ana (warned)");
    let nobody = "BEGIN:VEVENT\nUID:b\nDTSTART:20260303T100000Z\nDURATION:PT2H\nSUMMARY:Team lunch\nEND:VEVENT\n";
    assert_eq!(with(nobody), "02/09-05/09 ana");
}

/// Ana and Ben take weekly turns from Monday, 2 March 2026.
fn turns(more: &str) -> String {
    let turn = |uid, day, who| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nDTSTART:202603{day}T090000Z\nDURATION:P7D\n\
             RRULE:FREQ=WEEKLY;INTERVAL=2\nSUMMARY:{who}\nEND:VEVENT\n"
        )
    };
    calendar(&format!("{}{}{more}", turn(1, "02", "ana"), turn(2, "09", "ben")))
}

#[test]
fn a_turn_that_is_nobodys_or_called_off_is_a_gap() {
    assert!(read(&turns(""), &people()).expect("it is read").rotation.is_some());
    let of_ben = "BEGIN:VEVENT\nUID:2\nRECURRENCE-ID:20260309T090000Z\nDTSTART:20260309T090000Z\nDURATION:P7D";
    for part in ["SUMMARY:Team lunch", "SUMMARY:ben\nSTATUS:CANCELLED", "STATUS:CANCELLED"] {
        let rota = read(&turns(&format!("{of_ben}\n{part}\nEND:VEVENT")), &people()).expect("it is read");
        assert_eq!(rota.rotation, None, "{part}");
        let days = |shift: &kentongan_ingest::ics::Shift| format!("{} {:?}", shift.from.format("%m-%d"), shift.people);
        let first: Vec<String> = rota.shifts.iter().take(2).map(days).collect();
        assert_eq!(first, [r#"03-02 ["ana"]"#, r#"03-16 ["ana"]"#], "{part}");
    }
    // What is nobody's and belongs to no turn takes nothing from them.
    let lunch = "BEGIN:VEVENT\nUID:3\nDTSTART:20260309T120000Z\nSUMMARY:Team lunch\nEND:VEVENT";
    assert!(read(&turns(lunch), &people()).expect("it is read").rotation.is_some());
}

#[test]
fn who_takes_part_is_meant_and_not_a_word_of_the_summary() {
    let whole = |more: &str| event(&format!("DTSTART:20260302T090000Z\nDURATION:P7D\n{more}"));
    for (more, expected) in [
        ("ATTENDEE;CN=Zed:mailto:zed@example.org\nSUMMARY:On Call - Zed - Ana platform", "unknown_person:3"),
        ("ATTENDEE;CN=Zed:mailto:zed@example.org\nSUMMARY:Team lunch", "0 shifts"),
        ("ATTENDEE:ana.r@other.example\nSUMMARY:On Call - Ana - Platform", "1 shifts"),
        ("ATTENDEE:ana.r@other.example\nSUMMARY:On Call - Ben - Platform", "unknown_person:3"),
        ("ATTENDEE:ana.r@other.example\nSUMMARY:Ana away", "unknown_person:3"),
        ("ATTENDEE;CN=Ana Rossi:mailto:zed@example.org\nSUMMARY:On call", "1 shifts"),
        ("ATTENDEE;CUTYPE=ROOM:mailto:zed@example.org\nSUMMARY:On call: ana", "1 shifts"),
        ("ATTENDEE:ana.smith@other.example\nSUMMARY:On Call - Ana Smith - Platform", "unknown_person:3"),
        ("ATTENDEE:ana.smith@other.example\nSUMMARY:On Call - Ana - Platform", "unknown_person:3"),
        ("ATTENDEE;CN=Ana:mailto:ana.smith@other.example\nSUMMARY:On Call", "unknown_person:3"),
        ("SUMMARY:Ana Smith", "unknown_person:3"),
        ("SUMMARY:carla for ben", "unknown_person:3"),
        ("SUMMARY:On call for Platform - ben", "1 shifts"),
        ("SUMMARY:Ben on holiday, no cover", "unknown_person:3"),
        ("SUMMARY:Ben (out)", "unknown_person:3"),
        ("SUMMARY:Ben is AWAY", "unknown_person:3"),
        ("SUMMARY:Ben\\, the notary", "1 shifts"),
        ("SUMMARY:Carla for Ben\\, who is away", "1 shifts"),
    ] {
        assert_eq!(said(&whole(more)), expected, "{more}");
    }
    let mixed = whole("ATTENDEE:mailto:zed@example.org\nATTENDEE:mailto:ana@example.org\nSUMMARY:Platform with ben");
    let rota = read(&mixed, &people()).expect("it is read");
    assert_eq!(rota.shifts[0].people, ["ana"]);
    let codes: Vec<&str> = rota.warnings.iter().map(kentongan::source::Diagnostic::code).collect();
    assert_eq!(codes, ["unknown_attendee"]);
    let twice = "DTSTART:20260302T090000Z\nDURATION:P1D\nSUMMARY:Birthday of ben";
    let twice =
        calendar(&format!("BEGIN:VEVENT\nUID:1\n{twice}\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\n{twice}\nEND:VEVENT"));
    let rota = read(&twice, &people()).expect("it is read");
    let told: Vec<String> = rota.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "once for each text: {told:?}");
    assert!(told[0].contains("`Birthday of ben` is read as `ben`"), "{told:?}");
}

#[test]
fn what_is_cancelled_counts_for_nobody_and_takes_nothing_else_along() {
    let both = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:P7D\nSUMMARY:ana\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nDTSTART:20260309T090000Z\nDURATION:P7D\nSUMMARY:ben\nSTATUS:CANCELLED\nEND:VEVENT",
    );
    let rota = read(&both, &people()).expect("it is read");
    assert_eq!(rota.shifts.len(), 1);
    assert_eq!(rota.shifts[0].people, ["ana"]);
    assert!(rota.warnings.render(false).contains("only one is cancelled"), "{}", rota.warnings.render(false));
    let of_a_stranger = "DTSTART:20260302T090000Z\nDURATION:P7D\nSUMMARY:Zed\nSTATUS:CANCELLED";
    assert_eq!(said(&event(of_a_stranger)), "0 shifts");
}

#[test]
fn a_rule_that_is_not_followed_is_told() {
    let two = "DTSTART:20260302T090000Z\nDURATION:P1D\nSUMMARY:ana\nRRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=2\n\
               EXRULE:FREQ=MONTHLY";
    let rota = read(&event(two), &people()).expect("it is read");
    assert_eq!(rota.shifts.len(), 2);
    let said: Vec<String> =
        rota.warnings.iter().map(|warning| format!("{}:{}", warning.code(), warning.place().line)).collect();
    assert_eq!(said, ["ignored_rule:8", "ignored_rule:9"]);
}
