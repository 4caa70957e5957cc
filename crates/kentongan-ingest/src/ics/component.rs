//! The parts of a calendar that matter: its events, its zones, and what it says of itself. Anything else is passed over.

use super::line::{ContentLine, Reader};
use super::report::Report;
use crate::error::excerpt;
use crate::limits;

/// One `VEVENT`, `STANDARD` or `DAYLIGHT`: its properties.
#[derive(Debug, Clone, Default)]
pub(super) struct Component {
    /// The line on which it begins.
    pub(super) line: usize,
    properties: Vec<ContentLine>,
}

impl Component {
    /// The first property of that name.
    pub(super) fn property(&self, name: &str) -> Option<&ContentLine> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Every property of that name.
    pub(super) fn properties<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ContentLine> {
        self.properties.iter().filter(move |property| property.name == name)
    }
}

/// A `VTIMEZONE`: its name, and the rules for when its offset changes.
#[derive(Debug, Clone, Default)]
pub(super) struct ZoneComponent {
    pub(super) line: usize,
    pub(super) id: String,
    pub(super) observances: Vec<Component>,
}

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Components {
    pub(super) events: Vec<Component>,
    pub(super) zones: Vec<ZoneComponent>,
    /// The zone in which the calendar is kept, as Google and others say it: `X-WR-TIMEZONE`.
    pub(super) zone: Option<ContentLine>,
}

/// Reads a file into its components.
pub(super) fn read(text: &str, report: &mut Report) -> Option<Components> {
    let mut builder = Builder::default();
    let mut reader = Reader::new(text);
    while let Some(content) = reader.next(report) {
        match content.name.as_str() {
            "BEGIN" => builder.begin(&content, report)?,
            "END" => builder.end(&content, report)?,
            _ => builder.property(content, report)?,
        }
    }
    if report.has_errors() {
        return None;
    }
    if let Some((name, line)) = builder.open.last() {
        let message = format!("`{}` is never closed", excerpt(name));
        return report.refuse(*line, NOT_A_CALENDAR, message, CUT);
    }
    if !builder.any {
        return report.refuse(reader.line(), NOT_A_CALENDAR, "the file is empty", FIRST_LINE);
    }
    Some(builder.components)
}

const NOT_A_CALENDAR: &str = "not_a_calendar";
const FIRST_LINE: &str = "the first line is `BEGIN:VCALENDAR`";
const CUT: &str = "the file may be cut or edited; export it anew";

/// Components while they are read. What is open is a list of names, so no depth of nesting costs stack.
#[derive(Default)]
struct Builder {
    components: Components,
    /// What has begun and not ended, outermost first, each with its line.
    open: Vec<(String, usize)>,
    component: Component,
    zone: ZoneComponent,
    any: bool,
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Nothing,
    Calendar,
    Event,
    Zone,
    Observance,
    /// What is passed over.
    Other,
}

impl Builder {
    fn inside(&self) -> Inside {
        let names: Vec<&str> = self.open.iter().take(4).map(|(name, _)| name.as_str()).collect();
        match names.as_slice() {
            [] => Inside::Nothing,
            ["VCALENDAR"] => Inside::Calendar,
            ["VCALENDAR", "VEVENT"] => Inside::Event,
            ["VCALENDAR", "VTIMEZONE"] => Inside::Zone,
            ["VCALENDAR", "VTIMEZONE", "STANDARD" | "DAYLIGHT"] => Inside::Observance,
            _ => Inside::Other,
        }
    }

    fn begin(&mut self, content: &ContentLine, report: &mut Report) -> Option<()> {
        let name = content.value.to_ascii_uppercase();
        if self.open.is_empty() && name != "VCALENDAR" {
            let message = format!("the file begins with `{}` and not with a calendar", excerpt(&name));
            return report.refuse(content.line, NOT_A_CALENDAR, message, FIRST_LINE);
        }
        if self.open.len() >= limits::CALENDAR_DEPTH_MAX {
            let message = format!("components nest deeper than {}", limits::CALENDAR_DEPTH_MAX);
            return report.refuse(content.line, "too_deep", message, "events stand directly in the calendar");
        }
        self.any = true;
        self.open.push((name, content.line));
        match self.inside() {
            Inside::Event if self.components.events.len() >= limits::CALENDAR_EVENTS_MAX => {
                let message = format!("the calendar has more than {} events", limits::CALENDAR_EVENTS_MAX);
                return report.refuse(content.line, "calendar_too_large", message, "export a shorter time");
            }
            Inside::Event | Inside::Observance => {
                self.component = Component { line: content.line, properties: Vec::new() };
            }
            Inside::Zone => self.zone = ZoneComponent { line: content.line, ..ZoneComponent::default() },
            Inside::Nothing | Inside::Calendar | Inside::Other => {}
        }
        Some(())
    }

    fn end(&mut self, content: &ContentLine, report: &mut Report) -> Option<()> {
        let name = content.value.to_ascii_uppercase();
        match self.open.last() {
            Some((begun, _)) if *begun == name => {}
            Some((begun, line)) => {
                let (name, begun) = (excerpt(&name), excerpt(begun));
                let message = format!("`END:{name}` stands in `{begun}`, which begins on line {line}");
                return report.refuse(content.line, NOT_A_CALENDAR, message, CUT);
            }
            None => {
                let message = format!("`END:{}` ends what has not begun", excerpt(&name));
                return report.refuse(content.line, NOT_A_CALENDAR, message, CUT);
            }
        }
        match self.inside() {
            Inside::Event => self.components.events.push(std::mem::take(&mut self.component)),
            Inside::Observance => self.zone.observances.push(std::mem::take(&mut self.component)),
            Inside::Zone => self.components.zones.push(std::mem::take(&mut self.zone)),
            Inside::Nothing | Inside::Calendar | Inside::Other => {}
        }
        self.open.pop();
        Some(())
    }

    fn property(&mut self, content: ContentLine, report: &mut Report) -> Option<()> {
        match self.inside() {
            Inside::Nothing => {
                let message = format!("`{}` stands outside of a calendar", excerpt(&content.name));
                return report.refuse(content.line, NOT_A_CALENDAR, message, FIRST_LINE);
            }
            Inside::Calendar if content.name == "X-WR-TIMEZONE" => self.components.zone = Some(content),
            Inside::Zone if content.name == "TZID" => self.zone.id = content.text,
            Inside::Event | Inside::Observance => self.component.properties.push(content),
            Inside::Calendar | Inside::Zone | Inside::Other => {}
        }
        Some(())
    }
}
