//! The quarterly review: what comes back, why, and what could be better, with the incidents behind each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Case, Kept, promises};
use super::period::{Month, Quarter};
use super::target::{Measured, measured};
use super::{Metrics, behind, cases, ids, metrics_at, told_of};
use crate::clock::ClockKind;
use crate::incident::IncidentId;
use crate::policy::Policy;
use crate::postmortem::{Postmortem, PostmortemStatus, date_of};
use crate::report::chronicle::Chronicle;
use crate::report::documents::DocumentError;
use crate::report::words;
use crate::time::{Duration, Timestamp};

/// A quarter, month by month, and what is to be learnt from it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct QuarterlyReview {
    /// The policy's name.
    pub policy: String,
    /// The quarter.
    pub quarter: Quarter,
    /// The zone on whose calendar it is one.
    pub zone: String,
    /// The end of the journal, at which all of this is known.
    pub as_of: Timestamp,
    /// Whether the journal tells of the whole quarter.
    pub complete: bool,
    /// Its months.
    pub months: Vec<MonthFigures>,
    /// What the quarter came to.
    pub metrics: Metrics,
    /// What came back, the most frequent first.
    pub recurring: Vec<Recurring>,
    /// What lay behind incidents, as their post-mortems say, the most frequent first.
    pub causes: Vec<CommonCause>,
    /// The incidents whose post-mortem names no kind of cause.
    pub without_cause: Vec<IncidentId>,
    /// What could be better.
    pub areas: Areas,
    /// The incidents of the quarter that are counted, by id: those that findings name.
    pub incidents: BTreeMap<IncidentId, ReviewedIncident>,
}

/// An incident of a quarter, as far as whoever reads a finding wants to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewedIncident {
    /// What it is called.
    pub title: String,
    /// The worst severity that it had.
    pub severity: String,
    /// The service.
    pub service: Option<String>,
    /// When it opened.
    pub opened: Timestamp,
    /// How long it was open, up to the end of the journal.
    pub open_for: Duration,
    /// Whether it is over.
    pub over: bool,
}

/// One month of a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MonthFigures {
    /// The month.
    pub month: Month,
    /// Whether the journal tells anything of it. Of a month that it tells nothing of, what follows is not known.
    pub told: bool,
    /// Each target, and whether it was met.
    pub targets: Vec<Measured>,
    /// What it came to.
    pub metrics: Metrics,
}

/// By what incidents are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// By their key: the same problem, as the policy's `group_by` tells them apart.
    Key,
    /// By their service and the reason for their severity.
    ServiceAndRule,
}

/// Something that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recurring {
    /// By what they are the same.
    pub by: Sameness,
    /// The title of the latest of them.
    pub title: String,
    /// Why they had their severity.
    pub because: String,
    /// The service.
    pub service: Option<String>,
    /// How many opened in each month of the quarter.
    pub months: Vec<usize>,
    /// The incidents, in the order in which they opened.
    pub incidents: Vec<IncidentId>,
}

/// A kind of cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CommonCause {
    /// The kind, as post-mortems name it.
    pub cause: String,
    /// The incidents that it lay behind.
    pub incidents: Vec<IncidentId>,
}

/// What could be better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Areas {
    /// Promises that were missed, those of the worst severity first, and of these the most frequent.
    pub promises: Vec<MissedPromises>,
    /// People who answered after the time that was promised, the most frequent first. The document does not name them:
    /// one learns from what lay behind it.
    pub answers: Vec<LateAnswers>,
    /// The same by what may lie behind it: the hour, the channel, and what was asked of whoever answered.
    pub late: Vec<LateGroup>,
    /// Services with more incidents than the mean of all that had any.
    pub services: Vec<NoisyService>,
    /// Post-mortems that are not published, those that have waited longest first.
    pub postmortems: Vec<OpenPostmortem>,
    /// Post-mortems that were waived, in the order in which their incidents opened.
    pub waived: Vec<WaivedPostmortem>,
    /// What post-mortems ask for and nobody has done, what is due first first.
    pub actions: Vec<OpenAction>,
}

/// Promises of one kind and severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissedPromises {
    /// The severity.
    pub severity: String,
    /// The clock.
    pub clock: ClockKind,
    /// How they went.
    #[serde(flatten)]
    pub kept: Kept,
    /// The incidents in which one was missed.
    pub incidents: Vec<IncidentId>,
}

/// What somebody answered too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LateAnswers {
    /// Who.
    pub person: String,
    /// How many incidents they were the first to take.
    pub answered: usize,
    /// Those of them in which the promise to acknowledge was missed.
    pub incidents: Vec<IncidentId>,
}

/// What answers are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateBy {
    /// The hours in which it opened: those in which people sleep, those in which a calendar of the policy is open, others.
    Hours,
    /// The channel of the first page to whoever answered.
    Channel,
    /// How often whoever answered was called in the seven days until they answered, this time included.
    Load,
}

/// Answers that have something in common, of which some came after the time that was promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LateGroup {
    /// By what they are the same.
    pub by: LateBy,
    /// What they have in common.
    pub of: String,
    /// How many there are.
    pub answered: usize,
    /// The incidents of those that came late.
    pub incidents: Vec<IncidentId>,
}

/// A service with many incidents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoisyService {
    /// The service; none for incidents that name none.
    pub service: Option<String>,
    /// Its part of all incidents, in per cent, rounded to the nearest.
    pub percent: usize,
    /// Its incidents.
    pub incidents: Vec<IncidentId>,
}

/// A post-mortem that is not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenPostmortem {
    /// Of which incident.
    pub incident: IncidentId,
    /// What it is called.
    pub title: String,
    /// The worst severity that it had.
    pub severity: String,
    /// How far it is.
    pub status: PostmortemStatus,
    /// Who sees to it.
    pub owner: Option<String>,
    /// When it was to be published.
    pub due: Option<Timestamp>,
    /// Whether that is past.
    pub overdue: bool,
}

/// A post-mortem that is not to be written after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaivedPostmortem {
    /// Of which incident.
    pub incident: IncidentId,
    /// What it is called.
    pub title: String,
    /// The worst severity that it had.
    pub severity: String,
    /// Who waived it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenAction {
    /// The incident whose post-mortem asks for it.
    pub incident: IncidentId,
    /// What it is called.
    pub action: String,
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By the end of which day.
    pub due: Option<NaiveDate>,
    /// Whether that is past.
    pub overdue: bool,
}

impl QuarterlyReview {
    /// That of a quarter, from the account of a journal.
    ///
    /// # Errors
    ///
    /// When the journal tells nothing of the quarter.
    pub fn of(policy: &Policy, chronicle: &Chronicle, quarter: Quarter) -> Result<Self, DocumentError> {
        let (zone, document) = (policy.zone(), policy.metrics());
        let bounds = |month: Month| (month.begins(zone), month.after().begins(zone));
        let [first, _, last] = quarter.months();
        let whole = (bounds(first).0, bounds(last).1);
        let (began, as_of) = told_of(policy, chronicle, whole, &quarter.to_string())?;
        let cases = cases(policy, chronicle);
        let told = |(from, to): (Timestamp, Timestamp)| began < to && from <= as_of;
        let earlier = bounds(first.before());
        let mut before = told(earlier).then(|| Metrics::of(policy, chronicle, &cases, earlier));
        let mut months = Vec::new();
        for month in quarter.months() {
            let metrics = Metrics::of(policy, chronicle, &cases, bounds(month));
            months.push(MonthFigures {
                month,
                told: told(bounds(month)),
                targets: measured(&metrics_at(policy, chronicle, metrics.to), &metrics, before.as_ref()),
                metrics: metrics.clone(),
            });
            before = Some(metrics).filter(|_| told(bounds(month)));
        }
        let opened: Vec<&Case<'_>> =
            cases.iter().filter(|case| case.counts() && whole.0 <= case.opened && case.opened < whole.1).collect();
        let least = usize::try_from(document.recurring).unwrap_or(usize::MAX);
        let (causes, without_cause) = causes(&opened);
        Ok(Self {
            policy: policy.name().to_owned(),
            quarter,
            zone: zone.name().to_owned(),
            as_of,
            complete: began <= whole.0 && whole.1 <= as_of,
            months,
            metrics: Metrics::of(policy, chronicle, &cases, whole),
            recurring: recurring(&opened, least, &quarter.months().map(bounds)),
            causes,
            without_cause,
            areas: Areas::of(policy, &cases, &opened, as_of),
            incidents: opened.iter().map(|case| (case.id(), reviewed(case, as_of))).collect(),
        })
    }
}

fn reviewed(case: &Case<'_>, as_of: Timestamp) -> ReviewedIncident {
    ReviewedIncident {
        title: case.incident.title().to_owned(),
        severity: case.severity.clone(),
        service: case.incident.service().map(str::to_owned),
        opened: case.opened,
        open_for: case.account.open_for(as_of),
        over: case.incident.state().is_resolved(),
    }
}

/// Those with the most incidents first, then by whatever else tells them apart.
fn most_first<T, K: Ord>(list: &mut [T], incidents: impl Fn(&T) -> usize, name: impl Fn(&T) -> K) {
    list.sort_by(|a, b| incidents(b).cmp(&incidents(a)).then_with(|| name(a).cmp(&name(b))));
}

fn recurring(opened: &[&Case<'_>], least: usize, months: &[(Timestamp, Timestamp)]) -> Vec<Recurring> {
    let group = |by: Sameness| {
        let mut groups: BTreeMap<(Option<&str>, &str), Vec<&Case<'_>>> = BTreeMap::new();
        for case in opened {
            let of = match by {
                Sameness::Key => (None, case.incident.key()),
                Sameness::ServiceAndRule => (case.incident.service(), case.incident.because.as_str()),
            };
            groups.entry(of).or_default().push(case);
        }
        let often = groups.into_values().filter(move |cases| cases.len() >= least);
        often.filter_map(move |cases| {
            let latest = cases.last()?.incident;
            let of_month =
                |(from, to): &(_, _)| cases.iter().filter(|case| *from <= case.opened && case.opened < *to).count();
            let months = months.iter().map(of_month).collect();
            Some(Recurring {
                months,
                by,
                title: latest.title().to_owned(),
                because: latest.because.clone(),
                service: latest.service().map(str::to_owned),
                incidents: ids(cases),
            })
        })
    };
    let mut all: Vec<Recurring> = group(Sameness::Key).collect();
    // One problem that is all that a rule found is said once.
    let rules: Vec<Recurring> = group(Sameness::ServiceAndRule)
        .filter(|rule| !all.iter().any(|problem| problem.incidents == rule.incidents))
        .collect();
    all.extend(rules);
    most_first(&mut all, |it| it.incidents.len(), |it| it.incidents.clone());
    all
}

fn causes(opened: &[&Case<'_>]) -> (Vec<CommonCause>, Vec<IncidentId>) {
    let mut by_cause: BTreeMap<String, Vec<IncidentId>> = BTreeMap::new();
    let mut without = Vec::new();
    for case in opened {
        let Some(postmortem) = case.incident.postmortem().filter(|it| it.waived.is_none()) else { continue };
        match postmortem.cause.as_deref().map(str::trim).filter(|cause| !cause.is_empty()) {
            Some(cause) => by_cause.entry(cause.to_owned()).or_default().push(case.id()),
            None => without.push(case.id()),
        }
    }
    let common = |(cause, incidents)| CommonCause { cause, incidents };
    let mut causes: Vec<CommonCause> = by_cause.into_iter().map(common).collect();
    most_first(&mut causes, |it| it.incidents.len(), |it| it.cause.clone());
    (causes, without)
}

impl Areas {
    fn of(policy: &Policy, all: &[Case<'_>], opened: &[&Case<'_>], as_of: Timestamp) -> Self {
        Self {
            promises: missed(policy, opened),
            answers: late(opened),
            late: behind::late(policy, all, opened),
            services: noisy(opened),
            postmortems: unpublished(opened, as_of),
            waived: waived(opened),
            actions: undone(policy, opened, as_of),
        }
    }
}

fn missed(policy: &Policy, opened: &[&Case<'_>]) -> Vec<MissedPromises> {
    let rank = |name: &str| policy.severities().position(|severity| severity == name).unwrap_or(usize::MAX);
    let mut kinds: BTreeMap<(usize, &str, ClockKind), (Kept, Vec<IncidentId>)> = BTreeMap::new();
    for case in opened {
        for (clock, promise) in promises(case) {
            let (kept, incidents) = kinds.entry((rank(&case.severity), &case.severity, clock)).or_default();
            kept.add(promise);
            if promise.missed > 0 && incidents.last() != Some(case.incident.id()) {
                incidents.push(case.id());
            }
        }
    }
    // The same incident misses a promise of one kind many times, and is named once.
    let of = |((_, severity, clock), (kept, incidents)): ((usize, &str, ClockKind), (Kept, Vec<IncidentId>))| {
        MissedPromises { severity: severity.to_owned(), clock, kept, incidents }
    };
    let mut all: Vec<MissedPromises> = kinds.into_iter().map(of).filter(|it| it.kept.missed > 0).collect();
    all.sort_by_key(|it| (rank(&it.severity), std::cmp::Reverse(it.kept.missed), words::order(it.clock)));
    all
}

fn late(opened: &[&Case<'_>]) -> Vec<LateAnswers> {
    let mut people: BTreeMap<&str, LateAnswers> = BTreeMap::new();
    for case in opened {
        let Some(answer) = &case.account.first_answer else { continue };
        let of = people.entry(&answer.by).or_insert_with(|| LateAnswers {
            person: answer.by.clone(),
            answered: 0,
            incidents: Vec::new(),
        });
        of.answered += 1;
        if is_late(case) {
            of.incidents.push(case.id());
        }
    }
    let mut all: Vec<LateAnswers> = people.into_values().filter(|it| !it.incidents.is_empty()).collect();
    most_first(&mut all, |it| it.incidents.len(), |it| it.person.clone());
    all
}

/// Whether the first answer came after the time that was promised for it.
pub(super) fn is_late(case: &Case<'_>) -> bool {
    // The first of its promises is the one that this was the answer to.
    let promise = case.account.promises.iter().find(|promise| promise.clock == ClockKind::Acknowledge);
    promise.is_some_and(|promise| promise.missed)
}

fn noisy(opened: &[&Case<'_>]) -> Vec<NoisyService> {
    let mut services: BTreeMap<Option<&str>, Vec<IncidentId>> = BTreeMap::new();
    for case in opened {
        services.entry(case.incident.service()).or_default().push(case.id());
    }
    let (count, total) = (services.len(), opened.len());
    let above = |incidents: &Vec<IncidentId>| incidents.len() * count > total;
    let of = |(service, incidents): (Option<&str>, Vec<IncidentId>)| NoisyService {
        service: service.map(str::to_owned),
        percent: (incidents.len() * 200 + total).checked_div(total * 2).unwrap_or_default(),
        incidents,
    };
    let mut all: Vec<NoisyService> = services.into_iter().filter(|(_, incidents)| above(incidents)).map(of).collect();
    most_first(&mut all, |it| it.incidents.len(), |it| it.service.clone());
    all
}

fn unpublished(opened: &[&Case<'_>], as_of: Timestamp) -> Vec<OpenPostmortem> {
    let open = opened.iter().filter_map(|case| {
        let postmortem = case.incident.postmortem().filter(|it| !it.status.is_over())?;
        Some(OpenPostmortem {
            incident: case.id(),
            title: case.incident.title().to_owned(),
            severity: case.severity.clone(),
            status: postmortem.status,
            owner: postmortem.owner.clone(),
            due: postmortem.due,
            overdue: postmortem.due.is_some_and(|due| as_of >= due),
        })
    });
    let mut all: Vec<OpenPostmortem> = open.collect();
    // What is due at no time comes last.
    all.sort_by_key(|it| (it.due.is_none(), it.due, it.incident.clone()));
    all
}

fn waived(opened: &[&Case<'_>]) -> Vec<WaivedPostmortem> {
    let waived = opened.iter().filter_map(|case| {
        let waived = case.incident.postmortem()?.waived.as_ref()?;
        Some(WaivedPostmortem {
            incident: case.id(),
            title: case.incident.title().to_owned(),
            severity: case.severity.clone(),
            by: waived.by.clone(),
            at: waived.at,
            reason: waived.reason.clone(),
        })
    });
    waived.collect()
}

fn undone(policy: &Policy, opened: &[&Case<'_>], as_of: Timestamp) -> Vec<OpenAction> {
    let today = date_of(as_of, policy.zone());
    let mut all = Vec::new();
    for case in opened {
        for action in case.incident.postmortem().into_iter().flat_map(Postmortem::open_actions) {
            all.push(OpenAction {
                incident: case.id(),
                action: action.id.clone(),
                text: action.text.clone(),
                owner: action.owner.clone(),
                due: action.due,
                overdue: action.due.zip(today).is_some_and(|(due, today)| due < today),
            });
        }
    }
    all.sort_by_key(|it| (it.due.is_none(), it.due, it.incident.clone(), it.action.clone()));
    all
}
