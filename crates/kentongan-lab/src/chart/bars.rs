//! Bars on a terminal: a ruler of days, then for each role a bar for each person, and one for the time with nobody.

use chrono::Datelike;
use kentongan::Timestamp;
use kentongan::oncall::{OnCall, Shift};

use super::days::Day;
use super::totals::hours;
use super::{Chart, Role};
use crate::text::{Line, Style};

/// The narrowest and the widest the time is drawn, in characters.
const COLUMNS: (usize, usize) = (24, 240);
/// What a bar is called that stands for a gap.
const NOBODY: &str = "nobody";

impl Chart {
    /// The chart in lines of at most `width` characters, where names leave room.
    #[must_use]
    pub fn bars(&self, width: usize) -> Vec<Line> {
        let roles = self.roles.iter().map(|role| role.label().chars().count()).max().unwrap_or(0);
        let people = self.people();
        let names = people.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let names = if self.has_gaps() { names.max(NOBODY.len()) } else { names };
        let axis = Axis {
            chart: self,
            indent: roles + 2 + names + 2,
            columns: width.saturating_sub(roles + names + 4).clamp(COLUMNS.0, COLUMNS.1),
        };
        let mut lines = vec![Line::of(Style::Faint, self.span())];
        lines.extend(axis.ruler());
        for role in &self.roles {
            lines.extend(axis.role(role, &people, roles, names));
        }
        lines.extend(axis.foot());
        lines
    }
}

/// The time from left to right.
struct Axis<'a> {
    chart: &'a Chart,
    indent: usize,
    columns: usize,
}

impl Axis<'_> {
    /// The instant at which a half of a column begins.
    fn instant(&self, half: usize) -> i64 {
        let (from, to) = (self.chart.from.timestamp_millis(), self.chart.to.timestamp_millis());
        let part = i128::from(to - from) * i128::try_from(half).unwrap_or(0);
        let part = part / i128::try_from(2 * self.columns).unwrap_or(1);
        from + i64::try_from(part).unwrap_or(0)
    }

    /// The column of an instant, if the chart has it.
    fn column(&self, at: Timestamp) -> Option<usize> {
        let at = at.timestamp_millis();
        (self.chart.from.timestamp_millis() <= at && at < self.chart.to.timestamp_millis()).then(|| {
            let found = (0..self.columns).rev().find(|column| self.instant(2 * column) <= at);
            found.unwrap_or(0)
        })
    }

    fn ruler(&self) -> Vec<Line> {
        let days = self.chart.days();
        let mut labels = vec![' '; self.columns];
        let mut ticks = vec!['─'; self.columns];
        let room = self.columns / days.len().max(1);
        let mut free = 0;
        for day in days.iter().filter(|day| is_named(day, room)) {
            let begins_here = day.from >= self.chart.from;
            let Some(column) = (if begins_here { self.column(day.from) } else { Some(0) }) else { continue };
            if begins_here {
                set(&mut ticks, column, '┬');
            }
            let label = label(day, room);
            let length = label.chars().count();
            if column >= free && column + length <= self.columns {
                for (offset, character) in label.chars().enumerate() {
                    set(&mut labels, column + offset, character);
                }
                free = column + length + 1;
            }
        }
        if let Some(column) = self.chart.now.and_then(|now| self.column(now)) {
            set(&mut ticks, column, '▼');
        }
        let line = |characters: Vec<char>| {
            let text: String = characters.into_iter().collect();
            Line::default().padded(self.indent).with(Style::Time, text)
        };
        vec![line(labels), line(ticks)]
    }

    fn role(&self, role: &Role, people: &[&str], roles: usize, names: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut head = Some(role.label());
        for (number, person) in people.iter().enumerate() {
            let on_call = |shift: &Shift| super::people(shift).any(|other| other == *person);
            if role.shifts.iter().any(on_call) {
                let label = Line::of(Style::Heading, head.take().unwrap_or_default()).padded(roles + 2);
                let label = label.with(Style::Name, *person).padded(roles + 2 + names + 2);
                lines.push(label.with(Style::Bar(u8::try_from(number % 8).unwrap_or(0)), self.bar(role, &on_call)));
            }
        }
        if role.shifts.iter().any(super::is_gap) {
            let label = Line::of(Style::Heading, head.take().unwrap_or_default()).padded(roles + 2);
            let label = label.with(Style::Alarm, NOBODY).padded(roles + 2 + names + 2);
            lines.push(label.with(Style::Alarm, self.bar(role, &super::is_gap)));
        }
        lines
    }

    /// A bar of half blocks. The middle of a half tells, but what is shorter than that is never lost.
    fn bar(&self, role: &Role, counts: &dyn Fn(&Shift) -> bool) -> String {
        let is_filled = |half: usize| {
            let (from, to) = (self.instant(half), self.instant(half + 1));
            let middle = i64::midpoint(from, to);
            role.shifts.iter().filter(|shift| counts(shift)).any(|shift| {
                let (begins, ends) = (shift.from.timestamp_millis(), shift.to.timestamp_millis());
                let covers = begins <= middle && middle < ends;
                covers || (from <= begins && begins < to && ends - begins < to - from)
            })
        };
        let column = |column: usize| match (is_filled(2 * column), is_filled(2 * column + 1)) {
            (true, true) => '█',
            (true, false) => '▌',
            (false, true) => '▐',
            (false, false) => ' ',
        };
        (0..self.columns).map(column).collect()
    }

    fn foot(&self) -> Vec<Line> {
        let odd = self.chart.days().into_iter().filter(Day::is_odd);
        let mut lines: Vec<Line> = odd
            .map(|day| {
                let text = format!("* {} has {}: the clocks change", day.date.format("%a %-d %b"), hours(day.length()));
                Line::of(Style::Warning, text)
            })
            .collect();
        for role in &self.chart.roles {
            for gap in role.shifts.iter().filter(|shift| super::is_gap(shift)) {
                let OnCall::Gap { reason } = &gap.on_call else { continue };
                let when = format!("{} to {}", self.chart.moment(gap.from), self.chart.moment(gap.to));
                lines.push(Line::of(Style::Alarm, format!("gap in {}: {when}: {reason}", role.label())));
            }
        }
        lines
    }
}

/// Whether a day has a tick and a date: all of them where there is room, else Mondays, else the first of each month.
fn is_named(day: &Day, room: usize) -> bool {
    match room {
        0 => day.date.day() == 1,
        1..3 => day.date.weekday() == chrono::Weekday::Mon,
        _ => true,
    }
}

/// What stands over a day; a star where the clocks change.
fn label(day: &Day, room: usize) -> String {
    let format = match room {
        10.. => "%a %-d %b",
        7..10 => "%a %-d",
        3..7 => "%-d",
        1..3 => "%-d %b",
        0 => "%b",
    };
    let star = if day.is_odd() { "*" } else { "" };
    format!("{}{star}", day.date.format(format))
}

fn set(characters: &mut [char], column: usize, character: char) {
    if let Some(place) = characters.get_mut(column) {
        *place = character;
    }
}
