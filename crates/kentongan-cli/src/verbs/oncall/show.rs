//! Who is on call at an instant, and the shifts of a stretch of time.

use kentongan::oncall::OnCall;
use kentongan::{Engine, Policy, Timestamp};
use kentongan_lab::chart::{Chart, Role};
use kentongan_lab::text::{Line, Style};
use serde::Serialize;

use crate::Verdict;
use crate::arguments::{Common, Format, Oncall};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(super) fn run(common: &Common, given: &Oncall, output: &mut Output) -> Result<Verdict, Problem> {
    let policy = files::required_policy(common.policy.as_deref())?;
    let roles = super::roles(&policy, &given.roles)?;
    let at = match &given.at {
        Some(at) => super::moment("--at", at, None, &policy)?,
        None => crate::verbs::now(),
    };
    let (from, to) = super::span(&given.span, at, &policy)?;
    let engine = super::engine(&policy, given.journal.as_deref())?;
    let shown = roles.iter().flat_map(|role| Role::of(&engine, role, from, to)).collect();
    let chart =
        Chart { title: policy.name().to_owned(), zone: policy.zone().clone(), from, to, now: Some(at), roles: shown };
    match given.answer.format {
        Format::Jsonl => data(&engine, &roles, at, &chart, output)?,
        Format::Text => {
            output.lines(&at_instant(&engine, &policy, &roles, at))?;
            output.line(&Line::default())?;
            let width = Output::width();
            output.lines(&chart.bars(width))?;
            output.line(&Line::default())?;
            output.lines(&chart.table(width))?;
            output.line(&Line::default())?;
            output.lines(&chart.totals_table())?;
        }
    }
    if let Some(path) = &given.svg {
        files::write(path, &chart.svg())?;
    }
    Ok(if given.fail_on_gap && chart.has_gaps() { Verdict::Problems } else { Verdict::Fine })
}

/// Who looks over the shoulder of those on call in a role at an instant.
fn shadows(engine: &Engine, role: &str, at: Timestamp) -> Vec<String> {
    let a_moment = kentongan::Duration::from_millis(1).after(at);
    engine.shadow_shifts(role, at, a_moment).iter().flat_map(|shift| shift.on_call.people()).cloned().collect()
}

/// Who is on call in each role, and until when.
fn at_instant(engine: &Engine, policy: &Policy, roles: &[String], at: Timestamp) -> Vec<Line> {
    let zone = policy.zone();
    let moment = |at: Timestamp| zone.format_clearly(at, "%a %-d %b %Y %H:%M");
    let width = roles.iter().map(|role| role.chars().count()).max().unwrap_or(0);
    let mut lines = vec![
        Line::of(Style::Heading, format!("On call at {}", moment(at))).with(Style::Faint, format!(", {}", zone.name())),
    ];
    for role in roles {
        let label = Line::of(Style::Plain, format!("  {role}")).padded(width + 4);
        let line = match engine.who(role, at) {
            OnCall::People(people) => label.with(Style::Name, people.join(", ")),
            OnCall::Gap { reason } => label.with(Style::Alarm, format!("nobody: {reason}")),
        };
        let shadows = shadows(engine, role, at);
        let line = if shadows.is_empty() {
            line
        } else {
            line.with(Style::Faint, format!(", shadowed by {}", shadows.join(", ")))
        };
        let until = match engine.next_change(role, at) {
            Some(change) => {
                let then = match engine.who(role, change) {
                    OnCall::People(people) => people.join(", "),
                    OnCall::Gap { .. } => "nobody".to_owned(),
                };
                format!("  until {}, then {then}", moment(change))
            }
            None => "  from then on".to_owned(),
        };
        lines.push(line.with(Style::Faint, until));
    }
    lines
}

/// One line of data.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Datum<'a> {
    /// Who is on call at the instant.
    OnCall {
        role: &'a str,
        at: Timestamp,
        #[serde(flatten)]
        who: Who<'a>,
        next_change: Option<Timestamp>,
        /// Who looks over their shoulder.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        shadows: Vec<String>,
    },
    /// A shift.
    Shift {
        role: &'a str,
        from: Timestamp,
        to: Timestamp,
        #[serde(flatten)]
        who: Who<'a>,
        /// Whether it is that of somebody who only looks over their shoulder.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        shadow: bool,
    },
    /// What it comes to for a person.
    Total {
        #[serde(flatten)]
        total: &'a kentongan_lab::chart::Total,
    },
}

#[derive(Serialize)]
struct Who<'a> {
    people: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<&'a str>,
}

impl<'a> Who<'a> {
    fn of(on_call: &'a OnCall) -> Self {
        match on_call {
            OnCall::People(people) => Self { people, gap: None },
            OnCall::Gap { reason } => Self { people: &[], gap: Some(reason) },
        }
    }
}

fn data(engine: &Engine, roles: &[String], at: Timestamp, chart: &Chart, output: &mut Output) -> Result<(), Problem> {
    for role in roles {
        let on_call = engine.who(role, at);
        let next_change = engine.next_change(role, at);
        output.json(&Datum::OnCall {
            role,
            at,
            who: Who::of(&on_call),
            next_change,
            shadows: shadows(engine, role, at),
        })?;
    }
    for role in &chart.roles {
        for shift in &role.shifts {
            let (who, shadow) = (Who::of(&shift.on_call), role.shadow);
            output.json(&Datum::Shift { role: &role.name, from: shift.from, to: shift.to, who, shadow })?;
        }
    }
    for total in &chart.totals() {
        output.json(&Datum::Total { total })?;
    }
    Ok(())
}
