//! The incidents behind the findings of a quarter, as a committee reads them: of each finding how many there are, and the
//! worst of them. The data has them all.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use super::markdown::{Markdown, inline};
use super::metrics::{QuarterlyReview, ReviewedIncident, Sameness};
use super::template::short;
use super::words::{self, minute};
use crate::incident::IncidentId;
use crate::policy::Policy;

/// How many incidents of a finding stand in the document; one more, where that is all of them.
const WORST_MAX: usize = 3;

/// A finding, and the incidents behind it.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding {
    /// Its mark in the tables: `R1`.
    mark: String,
    name: Markdown,
    count: usize,
    /// The worst of them: by severity, then by how long they were open.
    worst: Vec<Behind>,
    /// How many there are beside these.
    more: usize,
}

/// An incident behind a finding.
#[derive(Serialize, JsonSchema)]
struct Behind {
    incident: String,
    severity: Markdown,
    title: Markdown,
    opened: String,
    open_for: String,
    over: bool,
}

/// Those of a quarter, in the order of the document.
pub(super) fn findings(policy: &Policy, review: &QuarterlyReview) -> Vec<Finding> {
    let mut all = Vec::new();
    for (at, it) in review.recurring.iter().enumerate() {
        let name = match it.by {
            Sameness::Key => inline(&it.title),
            Sameness::ServiceAndRule => Markdown::written(format!("Any: {}", inline(&it.because))),
        };
        all.push(finding(policy, review, ('R', at + 1), name, &it.incidents));
    }
    for (at, it) in review.causes.iter().enumerate() {
        all.push(finding(policy, review, ('C', at + 1), inline(&it.cause), &it.incidents));
    }
    if !review.without_cause.is_empty() {
        all.push(finding(policy, review, ('C', 0), Markdown::written("no cause named"), &review.without_cause));
    }
    for (at, it) in review.areas.promises.iter().enumerate() {
        let name = Markdown::written(format!("{}, {}", inline(&it.severity), words::promised(it.clock)));
        all.push(finding(policy, review, ('P', at + 1), name, &it.incidents));
    }
    for (at, it) in review.areas.late.iter().enumerate() {
        let name = Markdown::written(format!("{}, {}", words::behind(it.by), inline(&it.of)));
        all.push(finding(policy, review, ('A', at + 1), name, &it.incidents));
    }
    for (at, it) in review.areas.services.iter().enumerate() {
        let name = inline(it.service.as_deref().unwrap_or("(none)"));
        all.push(finding(policy, review, ('S', at + 1), name, &it.incidents));
    }
    all
}

fn finding(
    policy: &Policy,
    review: &QuarterlyReview,
    (letter, number): (char, usize),
    name: Markdown,
    incidents: &[IncidentId],
) -> Finding {
    let rank = |name: &str| policy.severities().position(|severity| severity == name).unwrap_or(usize::MAX);
    let mut known: Vec<_> = incidents.iter().filter_map(|id| Some((id, review.incidents.get(id)?))).collect();
    known.sort_by_key(|(id, it)| (rank(&it.severity), Reverse(it.open_for), (*id).clone()));
    let behind = |(id, it): (&IncidentId, &ReviewedIncident)| Behind {
        incident: id.to_string(),
        severity: inline(&it.severity),
        title: inline(&it.title),
        opened: minute(policy.zone(), it.opened),
        open_for: short(it.open_for),
        over: it.over,
    };
    let shown = if known.len() == WORST_MAX + 1 { known.len() } else { WORST_MAX };
    let worst: Vec<Behind> = known.into_iter().take(shown).map(behind).collect();
    let more = incidents.len().saturating_sub(worst.len());
    Finding { mark: format!("{letter}{number}"), name, count: incidents.len(), worst, more }
}
