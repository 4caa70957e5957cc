//! `kentongan oncall` as people and scripts meet it.

mod run;

use std::path::Path;
use std::sync::Arc;

use kentongan::{Input, Timestamp};
use run::kentongan;

const ROTA: &str = "--policy DATA/rota.yaml";

macro_rules! shows {
    ($($name:ident: $arguments:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(kentongan(&$arguments.replace("ROTA", ROTA)));
            }
        )*
    };
}

shows! {
    who_is_on_call_and_the_shifts_of_two_weeks: "oncall ROTA --at 2026-03-28T10:00";
    a_role_over_a_time: "oncall ROTA --at 2026-03-24T10:00 --role primary --from 2026-03-23 --to +7d";
    data: "oncall ROTA --at 2026-03-24T10:00 --role primary --from 2026-03-23 --to 2026-04-06 --format jsonl";
    gaps_fail_where_that_is_asked: "oncall ROTA --at 2026-03-24T10:00 --role primary --to +1d --fail-on-gap --format jsonl";
    no_gaps_do_not: "oncall ROTA --at 2026-03-12T10:00 --to +1d --fail-on-gap --format jsonl";
    those_who_look_on: "oncall --policy DATA/shadow.yaml --at 2026-03-04T10:00 --from 2026-03-02 --to +7d";
    those_who_look_on_as_data: "oncall --policy DATA/shadow.yaml --at 2026-03-04T10:00 --from 2026-03-02 --to +7d --format jsonl";
    an_instant_outside_the_years: "oncall ROTA --at 0001-01-01T00:00";
    an_instant_in_the_year_9999: "oncall ROTA --at 9999-12-31T23:59";
    a_beginning_in_the_year_9999: "oncall ROTA --at 2026-03-24T10:00 --from 9999-12-31";
    an_end_in_the_year_9999: "oncall ROTA --at 2026-03-24T10:00 --to 9999-12-31";
    an_export_of_the_year_9999: "oncall export ROTA --role primary --from 9999-12-01 --to 9999-12-31";
    the_last_days_that_are_known: "oncall ROTA --at 2500-12-31T23:59 --role secondary";
    an_hour_that_comes_twice: "oncall --policy DATA/twice.yaml --at 2026-10-25T02:30 --from 2026-10-24 --to +2d";
    a_picture_for_no_folder: "oncall ROTA --at 2026-03-24T10:00 --format jsonl --role primary --to +1d --svg /no/such/folder/rota.svg";
    a_role_that_is_not_there: "oncall ROTA --role primry";
    an_end_before_the_beginning: "oncall ROTA --from 2026-03-24 --to 2026-03-23";
    a_time_that_is_too_long: "oncall ROTA --from 2026-03-24 --to 2029-03-24";
    a_calendar_goes_out: "oncall export ROTA --role primary --from 2026-03-23 --to 2026-04-06";
    a_rotation_comes_in: "oncall import tests/fixtures/other/grafana-oncall-schedule-SYNTHETIC.ics ROTA --schedule on-call.eu";
    shifts_come_in: "oncall import tests/fixtures/other/pagerduty-schedule-SYNTHETIC.ics ROTA";
    somebody_is_unknown: "oncall import tests/fixtures/other/google-calendar-SYNTHETIC.ics ROTA";
    a_person_that_nobody_is: "oncall import tests/fixtures/other/pagerduty-schedule-SYNTHETIC.ics ROTA --person Ana=anna";
    a_calendar_that_is_none: "oncall import tests/fixtures/other/slack-firing.json ROTA";
}

#[test]
fn gaps_are_red_and_people_have_colours_on_demand_only() {
    let command = format!("oncall {ROTA} --at 2026-03-24T10:00 --color");
    assert!(kentongan(&format!("{command} always")).contains("\u{1b}[1m\u{1b}[31mgap in primary"));
    assert!(!kentongan(&format!("{command} never")).contains('\u{1b}'));
}

#[test]
fn the_picture_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rota.svg");
    let answer = kentongan(&format!("oncall {ROTA} --at 2026-03-24T10:00 --svg {}", file.display()));
    assert!(answer.starts_with("exit 0\n"), "{answer}");
    let svg = std::fs::read_to_string(file).expect("the picture");
    assert!(svg.starts_with("<svg ") && svg.contains("class=\"gap\"") && svg.ends_with("</svg>\n"));
}

#[test]
fn what_goes_out_comes_in_as_the_same_shifts() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("primary.ics");
    let span = "--from 2026-03-02 --to 2026-06-01";
    let written = kentongan(&format!("oncall export {ROTA} --role primary {span} --output {}", file.display()));
    assert_eq!(written, "exit 0\n");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rota.yaml");
    let text = std::fs::read_to_string(data).expect("the policy");
    let again = folder.path().join("again.yaml");
    std::fs::write(&again, text.replace("../../../../tests/fixtures/other/oncall-weekly-rotation.ics", "primary.ics"))
        .expect("it is written");
    let shifts = |policy: &str| {
        kentongan(&format!("oncall --policy {policy} --at 2026-03-02T00:00 {span} --role primary --format jsonl"))
    };
    let of = |text: String| {
        text.lines()
            .filter(|line| line.contains("\"shift\"") && !line.contains("gap"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let expected = of(shifts("DATA/rota.yaml"));
    assert!(expected.len() > 10);
    assert_eq!(of(shifts(&again.display().to_string())), expected);
}

#[test]
fn a_journal_says_who_takes_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.journal");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let text = std::fs::read_to_string(data.join("rota.yaml")).expect("the policy");
    let read = |file: &str| std::fs::read(data.join(file)).ok();
    let policy = Arc::new(kentongan_ingest::load_policy("rota.yaml", &text, read).expect("it is valid"));
    let (mut store, _) = kentongan_journal::Store::open(&path, policy).expect("a journal");
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let over = Input::Override {
        id: "o1".to_owned(),
        on: "primary".to_owned(),
        person: "carla".to_owned(),
        replaces: None,
        from: Some(at("2026-03-10T08:00:00Z")),
        to: at("2026-03-11T08:00:00Z"),
        by: "ana".to_owned(),
        reason: String::new(),
    };
    let _ = store.apply(at("2026-03-09T10:00:00Z"), over.clone()).expect("it is taken");
    drop(store);
    let command = format!("oncall {ROTA} --role primary --at 2026-03-10T13:00 --to +1d --format jsonl");
    assert!(kentongan(&command).contains("\"people\":[\"ben\"]"));
    let with_journal = kentongan(&format!("{command} --journal {}", path.display()));
    assert!(
        with_journal
            .contains("\"on_call\",\"role\":\"primary\",\"at\":\"2026-03-10T12:00:00Z\",\"people\":[\"carla\"]"),
        "{with_journal}"
    );
}
