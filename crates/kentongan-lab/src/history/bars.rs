//! An incident on a terminal: the lanes of the picture in letters, then what happened, line by line.

use std::collections::BTreeSet;

use kentongan::report::MarkKind;
use kentongan::{State, Timestamp};

use super::History;
use super::axis::ticks;
use super::lanes::{Bar, BarKind, Lane, SignKind};
use crate::text::{Line, Style, wrap};

/// The narrowest and the widest the time is drawn, in characters.
const COLUMNS: (usize, usize) = (24, 160);
/// The widest the names of lanes are.
const NAMES_MAX: usize = 20;
/// The most events that are shown from the beginning, and from the end.
const EVENTS_MAX: (usize, usize) = (250, 250);

impl History<'_> {
    /// The history in lines of about `width` characters.
    #[must_use]
    pub fn lines(&self, width: usize) -> Vec<Line> {
        let names = self.lanes.iter().map(|lane| lane.name.chars().count()).max().unwrap_or(0).min(NAMES_MAX);
        let columns = width.saturating_sub(names + 2).clamp(COLUMNS.0, COLUMNS.1);
        let mut lines = vec![
            Line::of(Style::Heading, self.title()),
            Line::of(Style::Faint, self.subtitle()),
            Line::of(Style::Faint, self.incident.id().as_str()),
            Line::default(),
        ];
        lines.extend(self.ruler(names + 2, columns));
        for lane in &self.lanes {
            let name: String = lane.name.chars().take(names).collect();
            lines.push(self.row(lane, Line::of(Style::Name, name).padded(names + 2), columns));
        }
        lines.push(Line::of(
            Style::Faint,
            "━ clock, · promised, ╌ stood still, ✓ kept, ✗ missed; P paged, A acknowledged, R responded, D resolved, \
             E escalated, L level, U update, N public update, ! nobody to tell",
        ));
        let rare = [
            (MarkKind::Reopened, "O opened again"),
            (MarkKind::Severity, "S another severity"),
            (MarkKind::Paused, "W clocks wait"),
            (MarkKind::Snoozed, "Z put off"),
            (MarkKind::FalseAlarm, "F false alarm"),
            (MarkKind::Merged, "M merged into another"),
            (MarkKind::TookIn, "T another merged into it"),
            (MarkKind::Split, "Y split"),
        ];
        let rare = rare.into_iter().filter(|(kind, _)| self.shows(SignKind::Done(*kind)));
        let rare: Vec<&str> = rare.map(|(_, words)| words).collect();
        if !rare.is_empty() {
            lines.push(Line::of(Style::Faint, rare.join(", ")));
        }
        lines.extend(self.breaches().into_iter().map(|breach| Line::of(Style::Alarm, breach)));
        lines.push(Line::default());
        lines.extend(self.events(width));
        lines
    }

    fn column(&self, at: Timestamp, columns: usize) -> usize {
        let at = at.clamp(self.from, self.to);
        let part = i128::from((at - self.from).num_milliseconds()) * i128::try_from(columns).unwrap_or(0);
        let whole = i128::from((self.to - self.from).num_milliseconds()).max(1);
        usize::try_from(part / whole).unwrap_or(0).min(columns.saturating_sub(1))
    }

    fn ruler(&self, indent: usize, columns: usize) -> Vec<Line> {
        let (mut days, mut labels, mut marks) = (vec![' '; columns], vec![' '; columns], vec!['─'; columns]);
        let (mut free, mut day_free) = (0, 0);
        for tick in ticks(self.policy.zone(), self.from, self.to, columns / 8) {
            let column = self.column(tick.at, columns);
            put(&mut marks, column, "┬");
            if column >= free && column + tick.label.chars().count() <= columns {
                free = put(&mut labels, column, &tick.label) + 1;
            }
            let day = tick.day.filter(|day| column >= day_free && column + day.chars().count() <= columns);
            if let Some(day) = day {
                day_free = put(&mut days, column, &day) + 1;
            }
        }
        let rows = [days, labels, marks].into_iter().filter(|row| row.iter().any(|character| *character != ' '));
        let line =
            |row: Vec<char>| Line::default().padded(indent).with(Style::Time, row.into_iter().collect::<String>());
        rows.map(line).collect()
    }

    fn row(&self, lane: &Lane, mut line: Line, columns: usize) -> Line {
        let mut cells = vec![(' ', Style::Plain); columns];
        let signs: BTreeSet<usize> = lane.signs.iter().map(|sign| self.column(sign.at, columns)).collect();
        for bar in &lane.bars {
            let (from, to) = (self.column(bar.from, columns), self.column(bar.to, columns));
            let (fill, style) = fill(bar);
            let band = matches!(bar.kind, BarKind::Severity(_) | BarKind::State(_));
            for cell in cells.iter_mut().take((to.max(from + 1)).min(columns)).skip(from) {
                *cell = (fill, style);
            }
            if band {
                let (begins, room) = room(from, to, &signs);
                for (cell, letter) in cells.iter_mut().skip(begins).take(room).zip(bar.label.chars()) {
                    *cell = (letter, style);
                }
            }
        }
        for sign in &lane.signs {
            if let Some(cell) = cells.get_mut(self.column(sign.at, columns)) {
                *cell = letter(sign.kind);
            }
        }
        let mut piece = String::new();
        let mut style = Style::Plain;
        for (character, its) in cells {
            if its != style {
                line = line.with(style, std::mem::take(&mut piece));
                style = its;
            }
            piece.push(character);
        }
        line.with(style, piece)
    }

    /// What happened, the first and the last of it where it is much.
    fn events(&self, width: usize) -> Vec<Line> {
        let zone = self.policy.zone();
        let mut events: Vec<&(Timestamp, String)> = self.account.events.iter().collect();
        events.sort_by_key(|(at, _)| *at);
        let left_out = events.len().saturating_sub(EVENTS_MAX.0 + EVENTS_MAX.1);
        let (mut lines, mut day) = (Vec::new(), String::new());
        for (index, (at, text)) in events.into_iter().enumerate() {
            if left_out > 0 && index == EVENTS_MAX.0 {
                lines.push(Line::of(Style::Faint, format!("({left_out} more)")));
            }
            if (EVENTS_MAX.0..EVENTS_MAX.0 + left_out).contains(&index) {
                continue;
            }
            let date = zone.format(*at, "%a %-d %b %Y");
            if date != day {
                lines.push(Line::of(Style::Heading, date.as_str()));
                day = date;
            }
            let mut time = Line::of(Style::Time, zone.format(*at, "%H:%M"));
            let style =
                if text.starts_with("Missed") || text.starts_with("Nobody") { Style::Alarm } else { Style::Plain };
            for part in wrap(text, width.saturating_sub(7).max(24)) {
                lines.push(std::mem::take(&mut time).padded(7).with(style, part));
            }
        }
        lines
    }
}

/// Where a label stands between two columns, and how many letters it may have: behind the signs at the beginning, and before
/// the next sign or label.
fn room(from: usize, to: usize, signs: &BTreeSet<usize>) -> (usize, usize) {
    let mut begins = from;
    while signs.contains(&begins) || (begins > from && signs.contains(&(begins - 1))) {
        begins += 1;
    }
    let ends = signs.range(begins..).next().map_or(to, |sign| to.min(*sign));
    (begins, ends.saturating_sub(begins + 1))
}

fn fill(bar: &Bar) -> (char, Style) {
    match bar.kind {
        BarKind::Severity(0) => ('─', Style::Alarm),
        BarKind::Severity(1) | BarKind::State(State::Open) => ('─', Style::Warning),
        BarKind::Severity(_) => ('─', Style::Plain),
        BarKind::State(State::Resolved) => ('─', Style::Good),
        BarKind::State(_) => ('─', Style::Tell),
        BarKind::Promised => ('·', Style::Faint),
        BarKind::Ran => ('━', Style::Tell),
        BarKind::Late => ('━', Style::Alarm),
        BarKind::StoodStill => ('╌', Style::Faint),
    }
}

fn letter(kind: SignKind) -> (char, Style) {
    match kind {
        SignKind::Met => ('✓', Style::Good),
        SignKind::Missed | SignKind::Done(MarkKind::Breach) => ('✗', Style::Alarm),
        SignKind::Done(MarkKind::Page) => ('P', Style::Page),
        SignKind::Done(MarkKind::Acknowledged) => ('A', Style::Good),
        SignKind::Done(MarkKind::Responded) => ('R', Style::Good),
        SignKind::Done(MarkKind::Resolved) => ('D', Style::Good),
        SignKind::Done(MarkKind::Escalated) => ('E', Style::Warning),
        SignKind::Done(MarkKind::Reopened) => ('O', Style::Warning),
        SignKind::Done(MarkKind::Level) => ('L', Style::Page),
        SignKind::Done(MarkKind::Nobody) => ('!', Style::Alarm),
        SignKind::Done(MarkKind::Update) => ('U', Style::Tell),
        SignKind::Done(MarkKind::PublicUpdate) => ('N', Style::Tell),
        SignKind::Done(MarkKind::Severity) => ('S', Style::Warning),
        SignKind::Done(MarkKind::Paused) => ('W', Style::Faint),
        SignKind::Done(MarkKind::Snoozed) => ('Z', Style::Faint),
        SignKind::Done(MarkKind::FalseAlarm) => ('F', Style::Good),
        SignKind::Done(MarkKind::Merged) => ('M', Style::Good),
        SignKind::Done(MarkKind::TookIn) => ('T', Style::Warning),
        SignKind::Done(MarkKind::Split) => ('Y', Style::Warning),
    }
}

/// Writes a text into a row; where it ends.
fn put(row: &mut [char], column: usize, text: &str) -> usize {
    let mut end = column;
    for (cell, character) in row.iter_mut().skip(column).zip(text.chars()) {
        *cell = character;
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_stands_in_the_middle_of_a_label() {
        assert_eq!(room(4, 20, &[].into()), (4, 15));
        assert_eq!(room(4, 20, &[4].into()), (6, 13));
        assert_eq!(room(4, 20, &[4, 5, 12].into()), (7, 4));
        assert_eq!(room(4, 6, &[4].into()), (6, 0));
        assert_eq!(room(4, 20, &[3, 20, 21].into()), (4, 15));
    }
}
