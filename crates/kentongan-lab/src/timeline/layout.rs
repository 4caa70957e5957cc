//! Rows in columns: time, time since the incident opened, incident, what, the particulars, why.

use kentongan::calendar::Zone;
use kentongan::{Duration, Policy, State, Timestamp};

use super::rows::Row;
use crate::run::{IncidentView, Run};
use crate::text::{Line, Style, wrap};

/// The width of what stands between the time and the particulars.
const BETWEEN: usize = 1 + 8 + 1 + 3 + 1 + 9 + 1;
/// The narrowest a column of text is made.
const TEXT_MIN: usize = 20;

/// The time of day, without seconds where there are none.
pub(super) fn time(zone: &Zone, at: Timestamp) -> String {
    let millis = at.timestamp_subsec_millis();
    let minutes = zone.format(at, "%H:%M");
    match (zone.format(at, "%S").as_str(), millis) {
        ("00", 0) => minutes,
        (seconds, 0) => format!("{minutes}:{seconds}"),
        (seconds, millis) => format!("{minutes}:{seconds}.{millis:03}"),
    }
}

pub(super) fn head(run: &Run, policy: &Policy) -> Vec<Line> {
    let zone = policy.zone();
    let day = |at: Timestamp| zone.format(at, "%a %-d %b %Y");
    let until = if day(run.start) == day(run.until) {
        time(zone, run.until)
    } else {
        format!("{} {}", day(run.until), time(zone, run.until))
    };
    vec![
        Line::of(Style::Heading, run.scenario.as_str()),
        Line::of(
            Style::Faint,
            format!(
                "policy {}, {} {} to {until}, {}",
                run.policy.name,
                day(run.start),
                time(zone, run.start),
                zone.name(),
            ),
        ),
    ]
}

pub(super) fn body(run: &Run, zone: &Zone, rows: &[Row], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let times = rows.iter().map(|row| time(zone, row.at).chars().count());
    let time_width = times.fold(8, usize::max);
    let room = width.saturating_sub(time_width + BETWEEN + 2).max(2 * TEXT_MIN);
    let why = room * 54 / 100;
    let widths = Widths { time: time_width, detail: room - why, why };
    let mut day = zone.format(run.start, "%F");
    let mut before: Option<&Row> = None;
    for row in rows {
        let same_instant = before.is_some_and(|before| before.at == row.at);
        let same_incident = same_instant && before.is_some_and(|before| before.incident == row.incident);
        if !same_instant {
            lines.push(Line::default());
        }
        let today = zone.format(row.at, "%F");
        if today != day {
            lines.push(Line::of(Style::Heading, zone.format(row.at, "%a %-d %b %Y")));
            day = today;
        }
        lines.extend(columns(run, zone, row, (same_instant, same_incident), widths));
        before = Some(row);
    }
    if rows.is_empty() {
        lines.push(Line::default());
        lines.push(Line::of(Style::Plain, "Nothing happens."));
    }
    lines
}

/// The widths of the columns whose content varies.
#[derive(Clone, Copy)]
struct Widths {
    time: usize,
    detail: usize,
    why: usize,
}

fn columns(
    run: &Run,
    zone: &Zone,
    row: &Row,
    (same_instant, same_incident): (bool, bool),
    widths: Widths,
) -> Vec<Line> {
    let shown = |hidden: bool, text: String| if hidden { String::new() } else { text };
    let since = format!("{:>8}", since(run, row));
    let incident = row.incident.clone().unwrap_or_default();
    let first = Line::of(Style::Time, shown(same_instant, time(zone, row.at)));
    let first = column(first, widths.time + 1).with(Style::Faint, shown(same_incident, since));
    let first = column(first, widths.time + 10).with(Style::Name, shown(same_incident, incident));
    let first = column(first, widths.time + 14).with(row.style, row.what.as_str());
    let mut first = column(first, widths.time + BETWEEN);
    let details = wrap(&row.text(), widths.detail);
    let reasons = wrap(&row.reason(), widths.why);
    let style = match row.style {
        Style::Alarm | Style::Heading => row.style,
        _ => Style::Plain,
    };
    let mut lines = Vec::new();
    for index in 0..details.len().max(reasons.len()).max(1) {
        let detail = details.get(index).cloned().unwrap_or_default();
        let reason = reasons.get(index).cloned().unwrap_or_default();
        let line = std::mem::take(&mut first).padded(widths.time + BETWEEN).with(style, detail);
        lines.push(column(line, widths.time + BETWEEN + widths.detail + 2).with(Style::Faint, reason));
    }
    lines
}

/// The line up to where the next column begins: a word that is wider than its own still ends before that.
fn column(line: Line, begins: usize) -> Line {
    let begins = begins.max(line.width() + 1);
    line.padded(begins)
}

/// How long the incident has been open, or the run has gone on.
fn since(run: &Run, row: &Row) -> String {
    let opened = row.incident.as_ref().and_then(|number| {
        let view = run.incidents.iter().find(|view| view.number == *number)?;
        Some(view.opened_at)
    });
    let since = opened.unwrap_or(run.start);
    format!("+{}", Duration::between(since, row.at))
}

/// How the incidents stand at the end.
pub(super) fn foot(run: &Run, width: usize) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    for view in &run.incidents {
        let style = if view.state == State::Resolved { Style::Good } else { Style::Alarm };
        let told: Vec<&str> = view.told.iter().map(String::as_str).collect();
        let drill = if view.drill { "a drill, " } else { "" };
        let end = format!("{}, {drill}{}", view.severity, standing(view));
        lines.push(
            Line::of(Style::Name, format!("{} ", view.number))
                .with(style, end)
                .with(Style::Faint, format!("  {}", view.id)),
        );
        if !told.is_empty() {
            let paged = format!("paged: {}", told.join(", "));
            let wrapped = wrap(&paged, width.saturating_sub(3).max(TEXT_MIN));
            lines.extend(wrapped.into_iter().map(|line| Line::of(Style::Plain, format!("   {line}"))));
        }
    }
    let effects = run.effects().count();
    let pages = run.effects().filter(
        |effect| matches!(&effect.action, kentongan::Action::Notify(n) if n.purpose == kentongan::Purpose::Page),
    );
    lines.push(Line::of(Style::Faint, format!("{effects} effects, {} of them pages", pages.count())));
    lines
}

fn standing(view: &IncidentView) -> String {
    let by = match view.state {
        State::Open => return "open, nobody has taken it".to_owned(),
        State::Acknowledged => &view.acknowledged_by,
        State::Responding => &view.responded_by,
        State::Resolved => &view.resolved_by,
    };
    let by = by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    match &view.merged_into {
        Some(into) => format!("merged into {into}{by}"),
        None if view.false_alarm => format!("a false alarm, ended{by}"),
        None => format!("{}{by}", view.state),
    }
}
