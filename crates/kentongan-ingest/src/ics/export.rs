//! Shifts as a calendar that people subscribe to, and that reads back as the same shifts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ical::tree::codec::mode::Escaper;
use ical::tree::cst::IcalCst;
use ical::tree::leaf::IcalLeaf;
use ical::tree::line::IcalLine;
use ical::tree::param::node::IcalParamNode;
use indexmap::IndexMap;
use kentongan::Timestamp;
use kentongan::policy::document::PersonDocument;

use super::shift::Shift;

/// A calendar to be written.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The policy, whose name is part of what identifies an event.
    pub policy: &'a str,
    /// The role or schedule, which is part of it, too.
    pub role: &'a str,
    /// The people of the policy, for their names and addresses.
    pub people: &'a IndexMap<String, PersonDocument>,
}

impl Export<'_> {
    /// The calendar: one event a shift, in UTC, which every program reads alike and which no change of a zone's rules
    /// moves. The same shifts give the same bytes, and a shift keeps its UID as long as it begins at the same instant,
    /// so that whoever subscribes sees it change and not come twice.
    ///
    /// ```
    /// use kentongan::calendar::Zone;
    /// use kentongan_ingest::ics::{Export, File, People, Shift, on_call};
    ///
    /// let people = indexmap::IndexMap::from([("ana".to_owned(), Default::default())]);
    /// let shift = Shift {
    ///     from: "2026-03-02T08:00:00Z".parse()?,
    ///     to: "2026-03-09T08:00:00Z".parse()?,
    ///     people: vec!["ana".to_owned()],
    /// };
    /// let text = Export { policy: "shop", role: "primary", people: &people }.write(std::slice::from_ref(&shift));
    /// assert!(text.contains("UID:shop.primary.20260302T080000Z@kentongan\r\n"));
    ///
    /// let zone = Zone::named("UTC").ok_or("a zone")?;
    /// let again = on_call(&File::new("primary.ics", text.as_bytes(), &zone), &People::of(&people))?;
    /// assert_eq!(again.shifts, [shift]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn write(&self, shifts: &[Shift]) -> String {
        let mut calendar = IcalCst::v2();
        calendar.push_line(text("PRODID", "-//kentongan//on call//EN"));
        calendar.push_line(text("CALSCALE", "GREGORIAN"));
        calendar.push_line(text("METHOD", "PUBLISH"));
        calendar.push_line(text("X-WR-CALNAME", &format!("{} {}", self.policy, self.role)));
        let mut uids: BTreeMap<String, usize> = BTreeMap::new();
        for shift in shifts {
            let uid = format!("{}.{}.{}", slug(self.policy), slug(self.role), stamp(shift.from));
            let times = uids.entry(uid.clone()).or_default();
            *times += 1;
            let uid = if *times == 1 { uid } else { format!("{uid}.{times}") };
            calendar.push_component(self.event(&format!("{uid}@kentongan"), shift));
        }
        String::from_utf8_lossy(&calendar.to_bytes()).into_owned()
    }

    fn event(&self, uid: &str, shift: &Shift) -> IcalCst<'static> {
        let mut event = IcalCst::empty("VEVENT");
        event.push_line(text("UID", uid));
        // A stamp is due to every event. That of the shift itself keeps the bytes the same from one day to the next.
        event.push_line(text("DTSTAMP", &stamp(shift.from)));
        event.push_line(text("DTSTART", &stamp(shift.from)));
        event.push_line(text("DTEND", &stamp(shift.to)));
        let names: Vec<&str> = shift.people.iter().map(|id| self.name(id)).collect();
        event.push_line(text("SUMMARY", &names.join(", ")));
        event.push_line(text("CATEGORIES", self.role));
        event.push_line(text("TRANSP", "TRANSPARENT"));
        for id in &shift.people {
            event.push_line(text("X-KENTONGAN-PERSON", id));
            if let Some(address) = self.address(id) {
                event.push_line(attendee(self.name(id), address));
            }
        }
        event
    }

    fn name<'n>(&'n self, id: &'n str) -> &'n str {
        self.people.get(id).and_then(|person| person.name.as_deref()).unwrap_or(id)
    }

    fn address(&self, id: &str) -> Option<&str> {
        let contacts = self.people.get(id)?.contacts.values();
        contacts.map(String::as_str).find(|contact| contact.contains('@') && !contact.contains(char::is_whitespace))
    }
}

/// An instant as calendars write it. Shifts begin and end on whole seconds.
fn stamp(at: Timestamp) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A name as a part of a UID, another one for every name: what is no letter, digit or hyphen is its number in `_…_`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '-' {
            slug.push(c);
        } else {
            let _ = write!(slug, "_{:x}_", u32::from(c));
        }
    }
    slug
}

/// A property with a text, escaped where it must be. A line break is all of the control characters that has an escape.
fn text(name: &'static str, value: &str) -> IcalLine<'static> {
    let mut line = IcalLine::text(name, "");
    let value = value.replace("\r\n", "\n");
    line.value.set(&[value.replace(|c: char| c.is_control() && c != '\n', " ")]);
    line
}

fn attendee(name: &str, address: &str) -> IcalLine<'static> {
    let name = name.replace(|c: char| c.is_control() || c == '"', " ");
    let mut line = IcalLine::text("ATTENDEE", format!("mailto:{address}"));
    line.params.push(IcalParamNode {
        name: IcalLeaf::from("CN"),
        values: vec![IcalLeaf::from(format!("\"{name}\""))],
        escaper: Escaper::default(),
    });
    line
}
