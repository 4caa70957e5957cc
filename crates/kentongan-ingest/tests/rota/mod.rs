//! Reading calendars in tests, and showing what came of them.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::fmt::Write as _;

use kentongan::calendar::Zone;
use kentongan::source::Diagnostics;
use kentongan_ingest::ics::{self, File, Holidays, People, Rota};

/// Ana, Ben and Carla, as the fixtures call them.
pub fn people() -> People {
    let mut people = People::default();
    people.add("ana", Some("Ana Rossi"), ["ana@example.org"]);
    people.add("ben", Some("Ben O'Neill"), ["ben@example.org"]);
    people.add("carla", Some("Carla Møller"), ["carla@example.org"]);
    people.alias("Team lunch", None);
    people.alias("Carla for Ben, who is away", Some("carla"));
    people
}

pub fn zone() -> Zone {
    Zone::named("Europe/Rome").expect("a zone")
}

pub fn read(text: &str, people: &People) -> Result<Rota, Diagnostics> {
    ics::on_call(&File::new("rota.ics", text.as_bytes(), &zone()), people)
}

/// A calendar around events.
pub fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}\nEND:VCALENDAR\n", events.trim())
}

/// An event around properties.
pub fn event(properties: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\n{}\nEND:VEVENT", properties.trim()))
}

/// The shifts as an aligned table, the first two dozen of them; or what is wrong.
pub fn shown(rota: &Result<Rota, Diagnostics>) -> String {
    let rota = match rota {
        Ok(rota) => rota,
        Err(problems) => return format!("{}\n", problems.render(false)),
    };
    let mut text = String::new();
    if let Some(rotation) = &rota.rotation {
        let turns = rotation.people.join(", ");
        writeln!(text, "every {} days from {} in {}: {turns}", rotation.days, rotation.start, rotation.zone)
            .expect("a text");
    }
    for shift in rota.shifts.iter().take(24) {
        let time = |at: kentongan::Timestamp| at.format("%a %F %H:%M:%SZ");
        writeln!(text, "{}  {}  {}", time(shift.from), time(shift.to), shift.people.join(", ")).expect("a text");
    }
    writeln!(text, "{} shifts, read until {}", rota.shifts.len(), rota.until).expect("a text");
    if !rota.warnings.is_empty() {
        writeln!(text, "{}", rota.warnings.render(false)).expect("a text");
    }
    text
}

pub fn read_holidays(text: &str) -> Result<Holidays, Diagnostics> {
    ics::holidays(&File::new("holidays.ics", text.as_bytes(), &zone()))
}

/// The code and the line of each problem.
pub fn said(text: &str) -> String {
    match read(text, &people()) {
        Ok(rota) => format!("{} shifts", rota.shifts.len()),
        Err(problems) => {
            let each = problems.iter().map(|problem| format!("{}:{}", problem.code(), problem.place().line));
            each.collect::<Vec<_>>().join(" ")
        }
    }
}
