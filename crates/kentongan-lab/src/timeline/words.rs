//! What each entry of a run is in words.

use kentongan::policy::document::Target;
use kentongan::{
    Action, AlertStatus, Classification, ClockKind, Decision, Duration, Effect, EffectId, Event, Impact, IncidentId,
    Input, Notification, Outcome, Policy, Purpose, Timestamp, Trigger, Verdict,
};
use serde::Serialize;

use super::rows::Row;
use crate::run::{Run, RunEntry};
use crate::text::Style;

/// How an alert of the same step was classified.
fn classification(rest: &[RunEntry]) -> Option<&Classification> {
    rest.iter().take_while(|entry| !matches!(entry, RunEntry::Input { .. })).find_map(|entry| match entry {
        RunEntry::Decision(Decision { verdict: Verdict::Classified(answer), .. }) => Some(&**answer),
        _ => None,
    })
}
#[expect(clippy::too_many_lines, reason = "one arm for each input")]
pub(super) fn input(run: &Run, policy: &Policy, at: Timestamp, input: &Input, all: bool) -> Option<Row> {
    let deed = |what: &str, by: &str, rest: &str| {
        let detail = if rest.is_empty() { by.to_owned() } else { format!("{by}: {rest}") };
        Some(Row::new(at, what, Style::Name, detail))
    };
    match input {
        Input::Alert(alert) => {
            let (what, style) = match alert.status {
                AlertStatus::Firing => ("alert", Style::Name),
                AlertStatus::Resolved => ("cleared", Style::Good),
            };
            let service = alert.service.as_deref().map(|service| format!("{service}: ")).unwrap_or_default();
            let instance = alert.labels.get("instance");
            let instance = instance.map(|instance| format!("instance {instance}")).unwrap_or_default();
            Some(Row::new(at, what, style, format!("{service}{}", alert.title())).because(instance))
        }
        Input::Acknowledge { by, note, .. } => deed("takes it", by, note),
        Input::Respond { by, note, .. } => deed("responds", by, note),
        Input::Assess { by, impact, .. } => deed("assesses", by, &found(impact)),
        Input::Detect { source, by, service, title, drill, .. } => {
            let what = if *drill { "drills" } else { "reports" };
            let service = service.as_deref().map(|service| format!("{service}: ")).unwrap_or_default();
            deed(what, by, &format!("{service}{title}")).map(|row| row.because(format!("by {source}")))
        }
        Input::Verify { by, note, .. } => deed("verifies", by, note),
        Input::Update { by, text, parts, .. } => {
            // In the policy's order and by its names; what it does not know any more comes last.
            let known = &policy.document().updates.parts;
            let other = parts.keys().filter(|id| known.iter().all(|part| part.id != **id));
            let names = known.iter().map(|part| (&part.id, &part.text)).chain(other.map(|id| (id, id)));
            let said = names.filter_map(|(id, name)| Some((name, parts.get(id)?))).filter(|(_, said)| !said.is_empty());
            let said = said.map(|(name, said)| format!("{name}: {said}"));
            let said: Vec<String> = said.chain(Some(text.clone()).filter(|text| !text.is_empty())).collect();
            deed("update", by, &said.join("; "))
        }
        Input::CheckItem { by, item, .. } => deed("checks", by, item),
        Input::UncheckItem { by, item, .. } => deed("unchecks", by, item),
        Input::AssignRole { by, role, person, .. } => deed("assigns", by, &format!("{person} is {role}")),
        Input::VacateRole { by, role, .. } => deed("vacates", by, role),
        Input::PublicUpdate { by, status, text, .. } => deed("publishes", by, &format!("{status}: {text}")),
        Input::Declare { by, .. } => deed("declares", by, ""),
        Input::Escalate { by, level, reason, .. } => {
            let level = level.as_deref().map_or_else(|| "the next level".to_owned(), |level| format!("level {level}"));
            let row = deed("escalates", by, &level);
            row.map(|row| row.because(reason.as_str()))
        }
        Input::SetSeverity { by, severity, reason, .. } => {
            let row = deed("sets", by, severity);
            row.map(|row| row.because(reason.as_str()))
        }
        Input::Snooze { by, until, reason, .. } => {
            deed("snoozes", by, &format!("until {}", shown(policy, *until))).map(|row| row.because(reason.as_str()))
        }
        Input::Silence { id, by, to, reason, .. } => {
            deed("silences", by, &format!("{id}, until {}", shown(policy, *to))).map(|row| row.because(reason.as_str()))
        }
        Input::EndSilence { id, by } => deed("ends", by, &format!("silence {id}")),
        Input::Resolve { by, note, override_reason, .. } => {
            let row = deed("resolves", by, note);
            row.map(|row| row.because(override_reason.as_deref().unwrap_or_default()))
        }
        Input::FalseAlarm { by, reason, .. } => deed("false alarm", by, reason),
        Input::Merge { into, by, reason, .. } => {
            deed("merges", by, &format!("into {}", numbered(run, into))).map(|row| row.because(reason.as_str()))
        }
        Input::Split { alerts, by, reason, .. } => {
            let alerts = alerts.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            deed("splits", by, &format!("alerts {alerts}")).map(|row| row.because(reason.as_str()))
        }
        Input::Link { parent, by, .. } => deed("links", by, &format!("to {}", numbered(run, parent))),
        Input::Unlink { by, .. } => deed("unlinks", by, ""),
        Input::Override { on, person, to, by, reason, .. } => {
            deed("overrides", by, &format!("{person} takes over {on} until {}", shown(policy, *to)))
                .map(|row| row.because(reason.as_str()))
        }
        Input::CancelOverride { id, by } => deed("cancels", by, &format!("override {id}")),
        Input::Absence { person, to, by, reason, .. } => {
            deed("away", by, &format!("{person} is away until {}", shown(policy, *to)))
                .map(|row| row.because(reason.as_str()))
        }
        Input::TickHandoff { point, by, .. } => deed("ticks off", by, point),
        Input::ConfirmHandoff { handoff, by } => deed("confirms", by, handoff),
        Input::EndAbsence { id, by } => deed("back", by, &format!("absence {id}")),
        Input::RequirePostmortem { by, reason, .. } => deed("requires", by, &format!("a post-mortem: {reason}")),
        Input::WaivePostmortem { by, reason, .. } => deed("waives", by, &format!("the post-mortem: {reason}")),
        Input::PlanMeeting { by, at: meeting, .. } => {
            deed("plans", by, &format!("the meeting, {}", shown(policy, *meeting)))
        }
        Input::SubmitPostmortem { by, .. } => deed("submits", by, "the post-mortem"),
        Input::ReviewPostmortem { by, approved, note, .. } => {
            let said = if *approved { "agrees to the post-mortem" } else { "sends the post-mortem back" };
            deed("reviews", by, said).map(|row| row.because(note.as_str()))
        }
        Input::PublishPostmortem { by, link, .. } => {
            deed("publishes", by, "the post-mortem").map(|row| row.because(link.as_deref().unwrap_or_default()))
        }
        Input::WritePostmortem { by, .. } => deed("writes", by, &format!("the post-mortem: {}", written(input))),
        Input::AddAction { action, by, text, owner, .. } => {
            let owner = owner.as_deref().map(|owner| format!("for {owner}")).unwrap_or_default();
            deed("to do", by, &format!("{action}: {text}")).map(|row| row.because(owner))
        }
        Input::FinishAction { action, by, .. } => deed("has done", by, action),
        Input::DropAction { action, by, reason, .. } => {
            deed("drops", by, action).map(|row| row.because(reason.as_str()))
        }
        Input::Report { effect, outcome, detail, .. } => report(run, policy, at, effect, *outcome, detail, all),
        Input::Tick => all.then(|| Row::new(at, "wake-up", Style::Faint, "")),
        _ => all.then(|| Row::new(at, "input", Style::Faint, word(input))),
    }
}

/// The parts that somebody writes of a post-mortem.
fn written(input: &Input) -> String {
    let Input::WritePostmortem { title, summary, impact, whys, root_cause, cause, lessons, follow_up, owner, .. } =
        input
    else {
        return String::new();
    };
    let parts = [
        ("title", title.is_some()),
        ("summary", summary.is_some()),
        ("impact", impact.is_some()),
        ("whys", whys.is_some()),
        ("root cause", root_cause.is_some()),
        ("cause", cause.is_some()),
        ("lessons", lessons.is_some()),
        ("follow-up", follow_up.is_some()),
        ("owner", owner.is_some()),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|(_, given)| *given).map(|(part, _)| part).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// An incident by its place in the order of opening.
fn numbered(run: &Run, incident: &IncidentId) -> String {
    run.number(incident)
}

/// An instant on the clock of the policy's people.
fn shown(policy: &Policy, at: Timestamp) -> String {
    policy.zone().format(at, "%Y-%m-%d %H:%M")
}

fn report(
    run: &Run,
    policy: &Policy,
    at: Timestamp,
    id: &EffectId,
    outcome: Outcome,
    detail: &str,
    all: bool,
) -> Option<Row> {
    // Each delivery that nobody is told of would have to be looked up among all the effects.
    if outcome == Outcome::Delivered && !all {
        return None;
    }
    let about = run.effects().find(|effect| effect.id == *id);
    let text = about.map_or_else(
        || id.to_string(),
        |effect| match &effect.action {
            Action::Notify(notification) => {
                format!("{} by {}", notification.to, notification.channel)
            }
            _ => self::effect(policy, effect).text(),
        },
    );
    let mut row = match outcome {
        Outcome::Failed => Row::new(at, "failed", Style::Alarm, text).because(detail),
        Outcome::Delivered => Row::new(at, "delivered", Style::Faint, text),
    };
    row.incident = about.and_then(|effect| effect.incident.as_ref()).map(|incident| run.number(incident));
    Some(row)
}

#[expect(clippy::too_many_lines, reason = "one arm for each verdict")]
pub(super) fn decision(policy: &Policy, decision: &Decision, rest: &[RunEntry], all: bool) -> Option<Row> {
    let at = decision.at;
    let row = |what: &str, style: Style, detail: String| Some(Row::new(at, what, style, detail));
    let took = |elapsed: &Duration, business: Option<Duration>| match business {
        Some(business) if *elapsed >= A_DAY => format!("after {elapsed}, {business} of it business time"),
        _ => format!("after {elapsed}"),
    };
    match &decision.verdict {
        // Said with the opening, and by itself only to whoever wants all.
        Verdict::Classified(answer) => all.then(|| classified(at, answer)),
        Verdict::Opened { severity, .. } => {
            let name = severity_name(policy, severity);
            let answer = classification(rest);
            let because = answer.map(|answer| format!("{name}: {}", answer.because));
            row("opened", Style::Heading, because.unwrap_or(name))
                .map(|row| row.because(answer.map(rule).unwrap_or_default()))
        }
        Verdict::Joined { alert, firing } => row("joined", Style::Plain, format!("{firing} of its alerts fire now"))
            .map(|row| row.because(format!("alert {alert}"))),
        Verdict::AlertResolved { alert, firing } => {
            row("cleared", Style::Good, format!("alert {alert}; {firing} still fire"))
        }
        Verdict::UnknownAlert { alert } => {
            row("unknown", Style::Faint, format!("no open incident knows alert {alert}"))
        }
        Verdict::SeverityChanged { from, to, by, .. } => {
            row("severity", Style::Alarm, format!("{from} becomes {to}")).map(|row| row.because(by.as_str()))
        }
        Verdict::SeverityKept { severity, classified } => {
            row("severity", Style::Plain, format!("{severity} stays, although it looks like {classified}"))
        }
        Verdict::Transition { event, to, .. } => {
            let told = matches!(event, Event::AcknowledgementExpire | Event::Fire | Event::Clear);
            (all || told || to.is_resolved()).then(|| {
                let style = if to.is_resolved() { Style::Good } else { Style::Plain };
                Row::new(at, to.as_str(), style, "").because(spaced(&word(event)))
            })
        }
        Verdict::ClockMet { clock, elapsed, business_elapsed } => {
            row("met", Style::Good, format!("{clock} {}", took(elapsed, *business_elapsed)))
        }
        Verdict::ClockLate { clock, elapsed, business_elapsed } => {
            row("late", Style::Warning, format!("{clock} {}", took(elapsed, *business_elapsed)))
        }
        Verdict::Paused { by, until, clocks, .. } => {
            let until = format!("until {} at the latest", policy.zone().format(*until, "%a %H:%M"));
            row("paused", Style::Plain, format!("{}, {until}", standing(clocks))).map(|row| row.because(by.as_str()))
        }
        Verdict::Resumed { by, clocks } => {
            row("resumed", Style::Plain, standing(clocks)).map(|row| row.because(by.as_str()))
        }
        Verdict::LevelSkipped { level, reason } => {
            row("skipped", Style::Warning, format!("level {level}")).map(|row| row.because(reason.as_str()))
        }
        Verdict::PathRestarted { trigger } => row("restarts", Style::Warning, "the escalation path".to_owned())
            .map(|row| row.because(spaced(&word(trigger)))),
        Verdict::HandoffConfirmed { handoff, elapsed, .. } => {
            row("confirmed", Style::Good, format!("{handoff} {}", took(elapsed, None)))
        }
        Verdict::Unverified { source } => row("unverified", Style::Warning, format!("{source} has to be verified")),
        Verdict::Verified { by, .. } if by == "monitoring" => {
            row("verified", Style::Plain, "another source reports the same".to_owned())
        }
        Verdict::Triaged { entry, severity, because } => {
            row("triage", Style::Plain, format!("{severity}: {because}")).map(|row| row.because(entry.as_str()))
        }
        Verdict::ChecklistOpen { open } => {
            row("stays open", Style::Warning, format!("to be checked: {}", open.join(", ")))
        }
        Verdict::ClosingOverridden { by, reason, open, children } => {
            let parts = children.iter().map(IncidentId::to_string);
            let left: Vec<String> = open.iter().cloned().chain(parts).collect();
            let open = if left.is_empty() {
                "without a final update".to_owned()
            } else {
                format!("open: {}", left.join(", "))
            };
            row("overrides", Style::Alarm, format!("{by}: {reason}")).map(|row| row.because(open))
        }
        Verdict::Drill { because } => {
            let what = "the public hears nothing, and it does not count".to_owned();
            row("drill", Style::Warning, what).map(|row| row.because(because.as_str()))
        }
        Verdict::TookIn { merged, .. } => row("takes in", Style::Plain, merged.to_string()),
        Verdict::SplitFrom { from, .. } => row("split from", Style::Plain, from.to_string()),
        Verdict::ChildrenOpen { children } => {
            row("stays open", Style::Warning, format!("{} parts of it are open", children.len()))
        }
        Verdict::Spared { person, entry } => {
            row("spared", Style::Faint, format!("{person} works on it already")).map(|row| row.because(entry.as_str()))
        }
        // Who says so, and why, has just been said.
        Verdict::FalseAlarm { by, reason } if all => row("false alarm", Style::Good, format!("{by}: {reason}")),
        Verdict::FalseAlarm { .. } => None,
        Verdict::PublicStatusBack { from, to, reason, .. } => {
            row("goes back", Style::Warning, format!("from {from} to {to}")).map(|row| row.because(reason.as_str()))
        }
        Verdict::RoleAssigned { role, person, from: Some(from), .. } => {
            row("hands over", Style::Plain, format!("{role}: {from} to {person}"))
        }
        Verdict::ChannelOpenedAs { asked, name } => {
            row("opened as", Style::Plain, format!("{name}, since {asked} was taken"))
        }
        Verdict::RoleMoved { role, from, to } => {
            let named = |people: &[String]| if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
            row("moves", Style::Plain, format!("{role}: {} to {}", named(from), named(to)))
        }
        Verdict::HandoffSuperseded { handoff, by } => row("gave way", Style::Warning, format!("{handoff} to {by}")),
        Verdict::PassedOver { role, person, reason } => {
            row("passed over", Style::Warning, format!("{person} as {role}")).map(|row| row.because(reason.as_str()))
        }
        Verdict::RouteEmpty { entry, reason } => {
            row("nobody", Style::Warning, reason.clone()).map(|row| row.because(entry.as_str()))
        }
        _ => kept_quiet(policy, decision).or_else(|| oddity(decision, all)),
    }
}

/// What people are not told, or not yet.
fn kept_quiet(policy: &Policy, decision: &Decision) -> Option<Row> {
    let at = decision.at;
    let row = |what: &str, style: Style, detail: String| Some(Row::new(at, what, style, detail));
    match &decision.verdict {
        Verdict::Suppressed { silence, until } => {
            row("suppressed", Style::Warning, format!("until {}", shown(policy, *until)))
                .map(|row| row.because(format!("silence {silence}")))
        }
        Verdict::Inhibited { inhibition, until, reason, .. } => {
            row("hidden", Style::Warning, format!("until {} at the latest: {reason}", shown(policy, *until)))
                .map(|row| row.because(format!("inhibition {inhibition}")))
        }
        Verdict::Suspended { until } => {
            row("suspended", Style::Warning, format!("until {}", clock_time(policy, *until)))
        }
        Verdict::SnoozeEnded { by } => {
            row("awake", Style::Plain, "the snooze has ended".to_owned()).map(|row| row.because(by.as_str()))
        }
        Verdict::Held { entry, until } => {
            let until = format!("until {}", policy.zone().format(*until, "%a %H:%M"));
            row("held", Style::Warning, until).map(|row| row.because(entry.as_str()))
        }
        Verdict::Dropped { entry, reason } => {
            row("dropped", Style::Warning, reason.clone()).map(|row| row.because(entry.as_str()))
        }
        _ => None,
    }
}

/// What is seldom or comes after the end, and what only somebody who wants all is shown.
fn oddity(decision: &Decision, all: bool) -> Option<Row> {
    let at = decision.at;
    let row = |what: &str, style: Style, detail: String| Some(Row::new(at, what, style, detail));
    match &decision.verdict {
        Verdict::DeliveryFailed { next, .. } => row("instead", Style::Warning, next.clone()),
        Verdict::MessageFallback { entry, error } => {
            row("fallback", Style::Warning, error.clone()).map(|row| row.because(entry.as_str()))
        }
        Verdict::ClockRegression { given } => row("clock", Style::Warning, format!("stepped back to {given}")),
        Verdict::Ignored { event, reason, .. } => {
            row("ignored", Style::Faint, spaced(&word(event))).map(|row| row.because(reason.as_str()))
        }
        Verdict::PostmortemMoved { event, status, by, .. } => {
            row("post-mortem", Style::Plain, format!("{} by {by}", spaced(status.as_str())))
                .map(|row| row.because(spaced(event.as_str())))
        }
        // Who writes it, and which parts, has just been said.
        Verdict::PostmortemWritten { .. } if !all => None,
        Verdict::PostmortemWritten { by, parts } => {
            let parts: Vec<String> = parts.iter().map(|part| spaced(part.as_str())).collect();
            row("written", Style::Plain, parts.join(", ")).map(|row| row.because(by.as_str()))
        }
        Verdict::PostmortemOwned { owner, by } => {
            row("post-mortem", Style::Plain, format!("{owner} sees to it")).map(|row| row.because(by.as_str()))
        }
        Verdict::ActionChanged { action, by } => {
            row("changed", Style::Plain, action.clone()).map(|row| row.because(by.as_str()))
        }
        Verdict::PostmortemGivenUp { status, open_actions } => {
            let left = format!("{open_actions} actions are not done");
            row("given up", Style::Alarm, format!("the post-mortem is {}", spaced(status.as_str())))
                .map(|row| row.because(left))
        }
        Verdict::AlreadyDeclared => row("ignored", Style::Faint, "it is declared already".to_owned()),
        _ => all.then(|| {
            let value = serde_json::to_value(&decision.verdict).unwrap_or_default();
            let verdict = value.get("verdict").and_then(|verdict| verdict.as_str()).unwrap_or("decision");
            let mut fields: Vec<String> = Vec::new();
            for (key, value) in value.as_object().into_iter().flatten() {
                if key != "verdict" {
                    fields.push(format!("{key}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
                }
            }
            Row::new(at, "decides", Style::Faint, spaced(verdict)).because(fields.join(", "))
        }),
    }
}

fn rule(answer: &Classification) -> String {
    match &answer.rule {
        Some(rule) => format!("rule {rule}"),
        None => "default".to_owned(),
    }
}

fn classified(at: Timestamp, answer: &Classification) -> Row {
    let facts: Vec<String> = answer.facts.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let text = format!("{}: {}", answer.severity, answer.because);
    Row::new(at, "is", Style::Plain, text).because(format!("{}: {}", rule(answer), facts.join(", ")))
}

pub(super) fn effect(policy: &Policy, effect: &Effect) -> Row {
    let at = effect.at;
    let row = match &effect.action {
        Action::Notify(notification) => notify(at, notification),
        Action::OpenChannel { channel, name, .. } => {
            Row::new(at, "channel", Style::Tell, format!("{name} on {channel}"))
        }
        Action::StatusPage { page, status, subject, .. } => {
            Row::new(at, "public", Style::Tell, format!("{page}: {subject} ({status})"))
        }
        Action::Warning { clock, percent, deadline } => Row::new(
            at,
            "warning",
            Style::Warning,
            format!("{clock} at {percent} %, due {}", clock_time(policy, *deadline)),
        ),
        Action::Breach { clock, target, .. } => Row::new(at, "BREACH", Style::Alarm, missed(*clock, target)),
        Action::Handoff { role, from, to, ongoing, .. } => {
            let name = |people: &[String]| if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
            Row::new(at, "hand-off", Style::Heading, format!("{role}: {} to {}", name(from), name(to)))
                .because(format!("{} open incidents", ongoing.len()))
        }
        Action::NoResponder { reason } => Row::new(at, "NOBODY", Style::Alarm, reason.clone()),
        Action::PolicyFault { entry, error } => Row::new(at, "FAULT", Style::Alarm, error.clone()).asked_by(entry),
        Action::PostmortemRequired { rule, duration } => {
            Row::new(at, "post-mortem", Style::Warning, format!("required after {duration}: {rule}"))
        }
        Action::PostmortemPublished { by, link } => {
            let link = link.as_deref().map(|link| format!(": {link}")).unwrap_or_default();
            Row::new(at, "post-mortem", Style::Good, format!("published by {by}{link}"))
        }
        Action::RoleVacant { role, since } => {
            Row::new(at, "VACANT", Style::Alarm, format!("nobody is {role} since {}", clock_time(policy, *since)))
        }
        Action::Coalesced { trigger, skipped } => {
            Row::new(at, "skipped", Style::Warning, format!("{skipped} repeats: {}", spaced(&word(trigger))))
        }
        _ => Row::new(at, "effect", Style::Plain, effect.id.to_string()),
    };
    let said = matches!(effect.action, Action::Warning { .. } | Action::Breach { .. });
    let trigger = if said { String::new() } else { spaced(&word(&effect.cause.trigger)) };
    let repeats = matches!(
        effect.cause.trigger,
        Trigger::LevelRepeat
            | Trigger::PathRepeat
            | Trigger::PageCeiling
            | Trigger::UpdateDue
            | Trigger::StillOpen
            | Trigger::RoleVacant
            | Trigger::HandoffDue
            | Trigger::PostmortemDue
            | Trigger::ActionOverdue
    );
    Row { repeats, ..row.because(trigger).asked_by(&effect.cause.entry) }
}

fn notify(at: Timestamp, notification: &Notification) -> Row {
    let (what, style) = match notification.purpose {
        Purpose::Page => ("PAGE", Style::Page),
        Purpose::Inform => ("tell", Style::Tell),
        Purpose::Remind => ("remind", Style::Tell),
        Purpose::DoByHand => ("by hand", Style::Page),
    };
    let name = match &notification.level {
        Some(level) if *level != notification.to => format!("{} ({level})", notification.to),
        _ => notification.to.clone(),
    };
    let mut row = Row::new(at, what, style, "");
    row.to = vec![(notification.channel.clone(), vec![name])];
    row
}

/// How long something must take before it matters how much of it was working time.
const A_DAY: Duration = Duration::from_hours(24);

/// The clocks that a pause concerns.
fn standing(clocks: &[ClockKind]) -> String {
    if clocks.is_empty() {
        return "no clock is concerned".to_owned();
    }
    let names: Vec<&str> = clocks.iter().map(|clock| clock.as_str()).collect();
    format!("the time to {}", names.join(" and to "))
}

/// What an assessment says in words.
fn found(impact: &Impact) -> String {
    let said = |said: Option<bool>, yes: &str, no: &str| said.map(|said| if said { yes } else { no }.to_owned());
    let parts = [
        impact.scope.map(|scope| format!("scope {}", scope.as_str())),
        impact.functionality.clone(),
        impact.urgency.map(|urgency| urgency.as_str().to_owned()),
        impact.users_affected.map(|count| format!("{count} users affected")),
        said(impact.significant, "significant", "not significant"),
        said(impact.getting_worse, "getting worse", "not getting worse"),
        impact.description.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A missed promise in words.
fn missed(clock: ClockKind, target: &Target) -> String {
    match clock {
        ClockKind::Acknowledge => format!("nobody has taken it {}", within(target)),
        ClockKind::Respond => format!("nobody has responded {}", within(target)),
        ClockKind::Resolve => format!("it is not resolved {}", within(target)),
        ClockKind::Update => format!("no status update for {target}"),
        ClockKind::Public => format!("the public has not been told {}", within(target)),
        ClockKind::Handoff => format!("the hand-off is not confirmed {}", within(target)),
        ClockKind::Postmortem => format!("the post-mortem is not published {}", within(target)),
        ClockKind::Review => format!("the post-mortem is not reviewed {}", within(target)),
        ClockKind::Meeting => format!("no meeting is planned {}", within(target)),
    }
}

/// What was promised, as the end of a sentence.
fn within(target: &Target) -> String {
    match target {
        Target::Within(length) => format!("within {length}"),
        Target::Business { length, .. } => format!("within {length} of business time"),
        Target::BusinessDays { days: 1, .. } => "within 1 business day".to_owned(),
        Target::BusinessDays { days, .. } => format!("within {days} business days"),
        Target::NextBusinessDay { .. } => "by the end of the next business day".to_owned(),
        Target::NextRelease => "by the next release".to_owned(),
        Target::By(_) => "by the time set".to_owned(),
        Target::BestEffort => "yet".to_owned(),
    }
}

/// A severity as its people call it.
pub(super) fn severity_name(policy: &Policy, severity: &str) -> String {
    let named = policy.document().severities.get(severity);
    match named.and_then(|document| document.name.as_deref()) {
        Some(name) if !name.eq_ignore_ascii_case(severity) => format!("{severity} {name}"),
        _ => severity.to_owned(),
    }
}

/// The time of day, without seconds where there are none.
pub(super) fn clock_time(policy: &Policy, at: Timestamp) -> String {
    super::layout::time(policy.zone(), at)
}

/// What serde calls a word of a vocabulary: `page_ceiling`.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}
