//! The document of a post-mortem, in the template that the field knows: what people wrote, and what the journal knows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::account::{Account, Promise};
use super::calls::{Call, Page};
use super::documents::{Document, DocumentError, Templates};
use super::markdown::{Markdown, block, inline, link};
use super::template::short;
use super::words::{self, minute};
use crate::calendar::Zone;
use crate::clock::ClockKind;
use crate::incident::Incident;
use crate::policy::Policy;
use crate::policy::document::{DocumentKind, Target};
use crate::postmortem::{ActionItem, Lessons, Postmortem, date_of};
use crate::time::{Duration, Timestamp};

const MISSING: &str = "_Nobody has written this yet._";

#[derive(Serialize, JsonSchema)]
pub(super) struct Facts {
    missing: Markdown,
    drill: bool,
    end: String,
    title: Markdown,
    date: String,
    severity: Markdown,
    began: String,
    ended: String,
    downtime: String,
    /// How long of that monitoring saw the problem; empty where it never said that it no longer does.
    seen: String,
    status: Markdown,
    /// Where it is published.
    link: Markdown,
    zone: String,
    summary: Markdown,
    impact: Impacts,
    timeline: Vec<Row>,
    whys: Vec<WhyFacts>,
    root_cause: Markdown,
    cause: Markdown,
    actions: Vec<ActionFacts>,
    lessons: Vec<LessonFacts>,
    follow_up: String,
    meeting: Markdown,
    severities: Vec<Spent>,
    promises: Vec<PromiseFacts>,
    calls: Vec<CallFacts>,
}

#[derive(Serialize, JsonSchema)]
struct Impacts {
    users: Markdown,
    users_assessed: String,
    services: Markdown,
    business: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    at: String,
    text: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct WhyFacts {
    question: Markdown,
    answer: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct ActionFacts {
    text: Markdown,
    owner: Markdown,
    due: String,
    status: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct LessonFacts {
    question: &'static str,
    said: Vec<Markdown>,
}

#[derive(Serialize, JsonSchema)]
struct Spent {
    severity: Markdown,
    time: String,
}

#[derive(Serialize, JsonSchema)]
struct PromiseFacts {
    clock: String,
    target: Markdown,
    /// When it ran out.
    before: Markdown,
    took: Markdown,
    kept: String,
}

#[derive(Serialize, JsonSchema)]
struct CallFacts {
    who: Markdown,
    /// When, by channel.
    paged: Markdown,
    times: usize,
    arrived: usize,
    answered: Markdown,
}

/// Writes the post-mortem of the incident that an account is of, in Markdown. `now` is when the journal ends.
///
/// What nobody has written is shown as such, and an incident that asks for none has a document as well: its facts.
///
/// # Errors
///
/// When the journal knows of no such incident.
pub fn postmortem(policy: &Policy, account: &Account, id: &str, now: Timestamp) -> Result<Document, DocumentError> {
    policy.templates().postmortem(policy, account, id, now)
}

impl Templates<'_> {
    /// The post-mortem of an incident, as [`postmortem`] writes it: names and zone are those of `policy`.
    ///
    /// # Errors
    ///
    /// When the journal knows of no such incident.
    pub fn postmortem(
        self,
        policy: &Policy,
        account: &Account,
        id: &str,
        now: Timestamp,
    ) -> Result<Document, DocumentError> {
        let Some(incident) = &account.incident else {
            return Err(DocumentError::UnknownIncident { id: id.to_owned() });
        };
        self.write(DocumentKind::Postmortem, &facts(policy, account, incident, now))
    }
}

fn facts(policy: &Policy, account: &Account, incident: &Incident, now: Timestamp) -> Facts {
    let zone = policy.zone();
    let empty = Postmortem::draft("", "", incident.opened_at());
    let written = incident.postmortem().unwrap_or(&empty);
    let resolved = incident.resolved().map(|resolved| resolved.at);
    Facts {
        missing: Markdown::written(MISSING),
        drill: incident.is_drill(),
        end: words::end(incident),
        title: inline(written.title.as_deref().unwrap_or(incident.title())),
        date: zone.format(incident.opened_at(), "%Y-%m-%d"),
        severity: inline(&worst(policy, account).unwrap_or_else(|| incident.severity().to_owned())),
        began: minute(zone, incident.opened_at()),
        ended: resolved.map_or_else(|| "it goes on".to_owned(), |at| minute(zone, at)),
        downtime: downtime(incident, account, now),
        seen: account.seen_for(now).map(short).unwrap_or_default(),
        status: status(policy, incident),
        link: link(written.link.as_deref().filter(|_| written.published.is_some()).unwrap_or_default()),
        zone: zone.name().to_owned(),
        summary: block(&written.summary),
        impact: Impacts {
            users: inline(&written.impact.users),
            users_assessed: incident.impact().users_affected.map(|count| count.to_string()).unwrap_or_default(),
            services: inline(&written.impact.services),
            business: inline(&written.impact.business),
        },
        timeline: timeline(account, zone),
        whys: written
            .whys
            .iter()
            .map(|why| WhyFacts { question: inline(&why.question), answer: inline(&why.answer) })
            .collect(),
        root_cause: block(&written.root_cause),
        cause: inline(written.cause.as_deref().unwrap_or_default()),
        actions: written.actions.iter().map(|item| action(policy, item, now)).collect(),
        lessons: lessons(&written.lessons),
        follow_up: written.follow_up.map(|date| date.to_string()).unwrap_or_default(),
        meeting: meeting(policy, written),
        severities: severities(policy, account, now),
        promises: promises(zone, &account.promises, incident.opened_at()),
        calls: account.calls().iter().map(|call| called(policy, call, incident.opened_at())).collect(),
    }
}

/// How long something did not work. What was none, or only practised, was open, and nothing was down.
fn downtime(incident: &Incident, account: &Account, now: Timestamp) -> String {
    let open = short(account.open_for(now));
    let none = incident.is_false_alarm() && !incident.real_before;
    match (incident.is_drill(), none) {
        (true, _) => format!("none: a drill, which took {open}"),
        (false, true) => format!("none: a false alarm, which was open for {open}"),
        (false, false) => open,
    }
}

/// The worst severity that it had.
pub(super) fn worst(policy: &Policy, account: &Account) -> Option<String> {
    let had = |severity: &&str| account.stretches.iter().any(|stretch| stretch.severity == *severity);
    policy.severities().find(had).map(str::to_owned)
}

/// Somebody, in a document.
fn named(policy: &Policy, id: &str) -> Markdown {
    inline(&words::named(policy, id))
}

fn status(policy: &Policy, incident: &Incident) -> Markdown {
    let zone = policy.zone();
    let Some(postmortem) = incident.postmortem() else {
        return Markdown::written("none was asked for");
    };
    let status = postmortem.status.as_str().replace('_', " ");
    let owner =
        postmortem.owner.as_deref().map(|owner| format!(", owned by {}", named(policy, owner))).unwrap_or_default();
    let due = postmortem.due.filter(|_| postmortem.published.is_none());
    let due = due.map(|due| format!(", due before {}", minute(zone, due))).unwrap_or_default();
    let by = |what: &str, by: &str, at: Timestamp| format!(", {what} by {} at {}", named(policy, by), minute(zone, at));
    let published = postmortem.published.as_ref().map(|deed| by("published", &deed.by, deed.at)).unwrap_or_default();
    let waived =
        postmortem.waived.as_ref().map(|it| format!("{}: {}", by("waived", &it.by, it.at), inline(&it.reason)));
    Markdown::written(format!("{status}{owner}{due}{published}{}", waived.unwrap_or_default()))
}

fn timeline(account: &Account, zone: &Zone) -> Vec<Row> {
    let mut events: Vec<&(Timestamp, String)> = account.events.iter().collect();
    events.sort_by_key(|(at, _)| *at);
    // What repeats without anything else in between is told once.
    let mut told: Vec<(Timestamp, Timestamp, usize, &str)> = Vec::new();
    for (at, text) in events {
        match told.last_mut().filter(|(.., last)| last == text) {
            Some((_, until, times, _)) => (*until, *times) = (*at, *times + 1),
            None => told.push((*at, *at, 1, text)),
        }
    }
    // The date stands where it changes, so that a night is read like a night.
    let mut date = String::new();
    let row = |(at, until, times, text): (Timestamp, Timestamp, usize, &str)| {
        let day = zone.format(at, "%Y-%m-%d");
        let text = match times {
            1 => inline(text),
            _ => Markdown::written(format!("{} ({times} times, the last {})", inline(text), moment(zone, until, &day))),
        };
        let at = moment(zone, at, &date);
        date = day;
        Row { at, text }
    };
    told.into_iter().map(row).collect()
}

/// The time of day, with the day where that is another one than the one that is spoken of.
fn moment(zone: &Zone, at: Timestamp, spoken_of: &str) -> String {
    let (day, time) = (zone.format(at, "%Y-%m-%d"), zone.format(at, "%H:%M"));
    if day == spoken_of { time } else { format!("{day} {time}") }
}

fn action(policy: &Policy, item: &ActionItem, now: Timestamp) -> ActionFacts {
    let zone = policy.zone();
    let date = |at: Timestamp| zone.format(at, "%Y-%m-%d");
    let status = match (&item.done, &item.dropped) {
        (Some(done), _) => format!("Done {}", date(done.at)),
        (None, Some(dropped)) => format!("Dropped {}: {}", date(dropped.at), inline(&dropped.reason)),
        (None, None) if item.due.zip(date_of(now, zone)).is_some_and(|(due, today)| due < today) => {
            "Open, **overdue**".to_owned()
        }
        (None, None) => "Open".to_owned(),
    };
    ActionFacts {
        text: inline(&item.text),
        owner: item.owner.as_deref().map(|owner| named(policy, owner)).unwrap_or_default(),
        due: item.due.map(|due| due.to_string()).unwrap_or_default(),
        status: Markdown::written(status),
    }
}

fn lessons(lessons: &Lessons) -> Vec<LessonFacts> {
    let said = |said: &[String]| said.iter().map(|text| inline(text)).collect();
    vec![
        LessonFacts { question: "What went well?", said: said(&lessons.went_well) },
        LessonFacts { question: "What could be improved?", said: said(&lessons.to_improve) },
        LessonFacts { question: "What changes are needed?", said: said(&lessons.to_change) },
    ]
}

fn meeting(policy: &Policy, postmortem: &Postmortem) -> Markdown {
    let Some(meeting) = &postmortem.meeting else {
        return Markdown::default();
    };
    let names: Vec<String> = meeting.attendees.iter().map(|name| named(policy, name).to_string()).collect();
    let names = if names.is_empty() { String::new() } else { format!(", with {}", names.join(", ")) };
    Markdown::written(format!("{}{names}", minute(policy.zone(), meeting.at)))
}

fn severities(policy: &Policy, account: &Account, now: Timestamp) -> Vec<Spent> {
    let mut spent: BTreeMap<&str, i64> = BTreeMap::new();
    for stretch in &account.stretches {
        let length = Duration::between(stretch.from, stretch.to.unwrap_or(now));
        *spent.entry(&stretch.severity).or_default() += length.as_millis();
    }
    // The worst first, as the policy has them; then those that it no longer has.
    let rank = |name: &str| policy.severities().position(|severity| severity == name).unwrap_or(usize::MAX);
    let mut spent: Vec<(&str, i64)> = spent.into_iter().collect();
    spent.sort_by_key(|(name, _)| rank(name));
    let row = |(name, millis)| Spent { severity: inline(name), time: short(Duration::from_millis(millis)) };
    spent.into_iter().map(row).collect()
}

/// Each promise, in the order of an incident's life; those that come round again and again are counted.
fn promises(zone: &Zone, promises: &[Promise], opened: Timestamp) -> Vec<PromiseFacts> {
    let mut in_order: Vec<&Promise> = promises.iter().collect();
    in_order.sort_by_key(|promise| words::order(promise.clock));
    let updates: Vec<&Promise> = promises.iter().filter(|promise| promise.clock == ClockKind::Update).collect();
    let kept = updates.iter().filter(|promise| promise.took.is_some() && !promise.missed).count();
    let missed = updates.iter().filter(|promise| promise.missed).count();
    let mut counted = updates.last().filter(|_| kept + missed > 0).map(|promise| PromiseFacts {
        clock: "status updates, each".to_owned(),
        target: target(promise),
        before: Markdown::written("-"),
        took: Markdown::written("-"),
        kept: format!("{kept} in time, {missed} missed"),
    });
    let mut rows = Vec::new();
    let mut made: BTreeMap<ClockKind, usize> = BTreeMap::new();
    for (index, promise) in in_order.iter().enumerate() {
        if promise.clock == ClockKind::Update {
            rows.extend(counted.take());
            continue;
        }
        // What was given up because it opened again, and promised anew after it, was promised once.
        let anew = in_order.get(index + 1).is_some_and(|next| next.clock == promise.clock);
        if anew && promise.given_up && !promise.missed {
            continue;
        }
        let times = made.entry(promise.clock).or_default();
        *times += 1;
        let again = match *times {
            1 => String::new(),
            2 => ", again".to_owned(),
            times => format!(", time {times}"),
        };
        let row = promised(zone, promise, opened);
        rows.push(PromiseFacts { clock: format!("{}{again}", row.clock), ..row });
    }
    rows
}

fn promised(zone: &Zone, promise: &Promise, opened: Timestamp) -> PromiseFacts {
    let kept = match (promise.took, promise.missed, promise.given_up) {
        (Some(_), false, _) if promise.target == Some(Target::BestEffort) => "measured",
        (_, true, _) => "no",
        (Some(_), false, _) => "yes",
        (None, false, true) => "no longer needed",
        (None, false, false) => "it runs",
    };
    // Beside a promise of working days, the time on the wall clock looks like another one that was not kept.
    let on_the_clock = matches!(promise.target, Some(Target::Within(_) | Target::By(_) | Target::BestEffort) | None);
    let took = promise.took.filter(|_| on_the_clock);
    let day = zone.format(opened, "%Y-%m-%d");
    PromiseFacts {
        clock: words::promised(promise.clock).to_owned(),
        target: target(promise),
        before: Markdown::written(promise.deadline.map_or_else(|| "-".to_owned(), |at| moment(zone, at, &day))),
        took: Markdown::written(took.map_or_else(|| "-".to_owned(), short)),
        kept: kept.to_owned(),
    }
}

fn target(promise: &Promise) -> Markdown {
    promise.target.as_ref().map_or_else(|| Markdown::written("-"), |target| inline(&target.in_words()))
}

/// How many instants of a call are written out; of more, the first and the last are.
const INSTANTS: usize = 4;

/// A call with the instants of its pages, and who answered it.
fn called(policy: &Policy, call: &Call, opened: Timestamp) -> CallFacts {
    let zone = policy.zone();
    let day = zone.format(opened, "%Y-%m-%d");
    let mut channels: Vec<&str> = Vec::new();
    for page in &call.pages {
        if !channels.contains(&page.channel.as_str()) {
            channels.push(&page.channel);
        }
    }
    let of = |channel: &str| {
        let pages: Vec<&Page> = call.pages.iter().filter(|page| page.channel == channel).collect();
        let at = |pages: &[&Page]| pages.iter().map(|page| moment(zone, page.at, &day)).collect::<Vec<_>>().join(", ");
        let instants = match pages.split_last() {
            Some((last, rest)) if pages.len() > INSTANTS => {
                let first: Vec<&Page> = rest.iter().take(INSTANTS - 1).copied().collect();
                format!("{}, … {}", at(&first), at(&[last]))
            }
            _ => at(&pages),
        };
        format!("{} {instants}", inline(channel))
    };
    let paged: Vec<String> = channels.into_iter().map(of).collect();
    let answered = match (&call.answered_by, call.until) {
        (Some(_), Some(at)) if call.is_answered() => {
            format!("{}, after {}", moment(zone, at, &day), short(Duration::between(call.from, at)))
        }
        (Some(by), Some(at)) => format!("no, {} did at {}", named(policy, by), moment(zone, at, &day)),
        (_, Some(at)) => format!("no, it was over at {}", moment(zone, at, &day)),
        (_, None) => "not yet".to_owned(),
    };
    CallFacts {
        who: named(policy, &call.who),
        paged: Markdown::written(paged.join("; ")),
        times: call.pages.len(),
        arrived: call.pages.iter().filter(|page| page.arrived == Some(true)).count(),
        answered: Markdown::written(answered),
    }
}
