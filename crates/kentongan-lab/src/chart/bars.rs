//! Bars on a terminal: a ruler of days, then for each role a bar for each person, and one for the time with nobody.

use kentongan::Timestamp;

use super::days::Day;
use super::totals::hours;
use super::{Chart, Role, Shift};
use crate::text::{Line, Style};

/// The narrowest and the widest the time is drawn, in characters.
const COLUMNS: (usize, usize) = (24, 240);
/// What a bar is called that stands for a gap.
const NOBODY: &str = "nobody";

impl Chart {
    /// The chart in lines of at most `width` characters, where names leave room.
    #[must_use]
    pub fn bars(&self, width: usize) -> Vec<Line> {
        let roles = self.roles.iter().map(|role| role.name.chars().count()).max().unwrap_or(0);
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
        for day in &days {
            let column = if day.from <= self.chart.from { Some(0) } else { self.column(day.from) };
            let Some(column) = column else { continue };
            set(&mut ticks, column, if day.from < self.chart.from { '─' } else { '┬' });
            let label = self.label(day, room);
            let length = label.chars().count();
            if column >= free && column + length <= self.columns && !label.is_empty() {
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

    /// What stands over a day; a star where the clocks change. Where days are narrow only Mondays are named.
    fn label(&self, day: &Day, room: usize) -> String {
        let star = if day.is_odd() { "*" } else { "" };
        let narrow = room < 3;
        let named = !narrow || day.date.format("%u").to_string() == "1" || day.is_odd();
        let format = match room {
            10.. => "%a %-d %b",
            7..10 => "%a %-d",
            3..7 => "%-d",
            0..3 => "%-d %b",
        };
        if named { format!("{}{star}", day.date.format(format)) } else { String::new() }
    }

    fn role(&self, role: &Role, people: &[&str], roles: usize, names: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut head = Some(role.name.as_str());
        for (number, person) in people.iter().enumerate() {
            let on_call = |shift: &Shift| shift.people().any(|other| other == *person);
            if role.shifts.iter().any(on_call) {
                let label = Line::of(Style::Heading, head.take().unwrap_or_default()).padded(roles + 2);
                let label = label.with(Style::Name, *person).padded(roles + 2 + names + 2);
                lines.push(label.with(Style::Bar(u8::try_from(number % 8).unwrap_or(0)), self.bar(role, &on_call)));
            }
        }
        if role.shifts.iter().any(Shift::is_gap) {
            let label = Line::of(Style::Heading, head.take().unwrap_or_default()).padded(roles + 2);
            let label = label.with(Style::Alarm, NOBODY).padded(roles + 2 + names + 2);
            lines.push(label.with(Style::Alarm, self.bar(role, &Shift::is_gap)));
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
            for gap in role.shifts.iter().filter(|shift| shift.is_gap()) {
                let kentongan::oncall::OnCall::Gap { reason } = &gap.on_call else { continue };
                let when = format!("{} to {}", self.chart.moment(gap.from), self.chart.moment(gap.to));
                lines.push(Line::of(Style::Alarm, format!("gap in {}: {when}: {reason}", role.name)));
            }
        }
        lines
    }
}

fn set(characters: &mut [char], column: usize, character: char) {
    if let Some(place) = characters.get_mut(column) {
        *place = character;
    }
}
