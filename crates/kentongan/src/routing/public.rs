//! What a text for the public can name. Nothing internal is within its reach: it is no field of the facts.

use schemars::JsonSchema;
use serde::Serialize;

use crate::effect::PublicStatus;
use crate::incident::{Incident, PublicPost};
use crate::policy::Policy;
use crate::time::Timestamp;

/// What an issue is called until somebody calls it something else.
const DISRUPTION: &str = "Service disruption";
/// What the public notices of what there was not.
pub(crate) const NO_IMPACT: &str = "None";

/// All that a text for the public can name.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct PublicFacts<'a> {
    pub(crate) service: String,
    pub(crate) issue: &'a str,
    pub(crate) status: String,
    pub(crate) started: String,
    pub(crate) impact: &'a str,
    pub(crate) text: &'a str,
    /// The latest first.
    pub(crate) previous: Vec<PublicPostFacts<'a>>,
}

/// A post that the public has read before.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PublicPostFacts<'a> {
    pub(crate) at: String,
    pub(crate) status: String,
    pub(crate) text: &'a str,
}

impl<'a> PublicFacts<'a> {
    /// Those of an incident, with what is said now and what was said before, the oldest first.
    pub(crate) fn of(
        policy: &Policy,
        incident: &'a Incident,
        (status, text): (PublicStatus, &'a str),
        before: &'a [PublicPost],
    ) -> Self {
        let local = |at: Timestamp| policy.zone().format(at, "%Y-%m-%d %H:%M %Z");
        let page = incident.public_page();
        let previous = before.iter().rev().map(|post| PublicPostFacts {
            at: local(post.at),
            status: post.status.to_string(),
            text: &post.text,
        });
        Self {
            service: service(policy, incident),
            issue: page.issue.as_deref().unwrap_or(DISRUPTION),
            status: status.to_string(),
            started: local(incident.opened_at()),
            impact: page.impact.as_deref().unwrap_or_default(),
            text,
            previous: previous.collect(),
        }
    }
}

/// What the public calls the service. An alert's own words never stand in for it.
fn service(policy: &Policy, incident: &Incident) -> String {
    let service = incident.service().and_then(|service| policy.service(service));
    let name =
        service.and_then(|service| service.document.public_name.clone().or_else(|| service.document.name.clone()));
    name.unwrap_or_else(|| "one of our services".to_owned())
}
