//! The shifts as a table: from when to when, for how long, and who.

use kentongan::oncall::{OnCall, Shift};
use kentongan::{Duration, Timestamp};

use super::Chart;
use super::totals::hours;
use crate::text::{Line, Style, wrap};

/// The narrowest the column of names is made.
const NAMES_MIN: usize = 24;

impl Chart {
    /// Every shift on a line, role by role, gaps with their reason; names break at a width in characters.
    #[must_use]
    pub fn table(&self, width: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for role in &self.roles {
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line::of(Style::Heading, role.label()));
            // A time that clocks show twice is told with its offset; all rows are as wide as the widest.
            let moments = role.shifts.iter().flat_map(|shift| [shift.from, shift.to]);
            let widest = moments.map(|at| self.moment(at).chars().count()).max().unwrap_or(0);
            for shift in &role.shifts {
                lines.extend(self.row(shift, widest, width));
            }
        }
        lines
    }

    fn row(&self, shift: &Shift, widest: usize, width: usize) -> Vec<Line> {
        let length = hours(Duration::between(shift.from, shift.to));
        let (from, to) = (self.moment(shift.from), self.moment(shift.to));
        let when = format!("  {from:widest$}  {to:widest$}  {length:>8}  ");
        let room = width.saturating_sub(when.chars().count()).max(NAMES_MIN);
        let (style, words) = match &shift.on_call {
            OnCall::People(people) => (Style::Name, people.join(", ")),
            OnCall::Gap { reason } => (Style::Alarm, format!("nobody: {reason}")),
        };
        let indent = when.chars().count();
        let mut first = Some(Line::of(Style::Time, when));
        wrap(&words, room)
            .into_iter()
            .map(|words| first.take().unwrap_or_default().padded(indent).with(style, words))
            .collect()
    }

    /// A point in time. Seconds are told where there are some, and the offset where clocks show it twice.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        let whole = self.zone.format(at, "%S") == "00";
        self.zone.format_clearly(at, if whole { "%a %e %b %H:%M" } else { "%a %e %b %H:%M:%S" })
    }
}
