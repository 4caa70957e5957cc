//! Detection: what people report becomes an alert of a source of the policy, and is verified.

use super::Engine;
use super::alerts::MONITORING;
use super::work::{Output, Work};
use crate::alert::Alert;
use crate::decision::Verdict;
use crate::error::{Refusal, Rejected};
use crate::incident::{Deed, Event, SaidAs, Verification};
use crate::input::Input;
use crate::policy::Policy;
use crate::text::says_nothing;
use crate::time::Timestamp;

/// The source is one of the policy, and the report says what it is about.
pub(super) fn check_report(policy: &Policy, input: &Input) -> Result<(), Rejected> {
    let Input::Detect { source, title, .. } = input else {
        return Ok(());
    };
    let sources = &policy.document().sources;
    if !sources.contains_key(source) {
        return Err(Refusal::UnknownSource { source: source.clone(), known: sources.keys().cloned().collect() }.into());
    }
    // Whoever is paged for it has to read what it is about.
    if says_nothing(title) { Err(Refusal::EmptyText { field: "title" }.into()) } else { Ok(()) }
}

impl Engine {
    /// Takes a report as an alert. The same report again is the same alert.
    pub(super) fn detect(&mut self, now: Timestamp, report: Input, output: &mut Output) {
        let Input::Detect { id, source, by, service, title, text, labels, values, drill } = report else {
            return;
        };
        output.decide(now, None, Verdict::Detected { source: source.clone(), by: by.clone() });
        let of_service = service.as_deref().map(|service| format!("{service}/")).unwrap_or_default();
        let alert = Alert {
            key: id.unwrap_or_else(|| format!("{source}/{of_service}{title}")),
            source,
            service,
            name: title.clone(),
            summary: title,
            description: text,
            labels,
            values,
            ..Alert::default()
        };
        self.take_alert(now, alert, drill.then_some(by), output);
    }
}

impl Work<'_> {
    /// Notes at the beginning of a life whether somebody has to verify it.
    pub(super) fn begin_unverified(&mut self) {
        let source = self.incident.alert.source.clone();
        self.incident.verification = Verification::Needless;
        if self.has_to_be_verified(&source) {
            self.incident.verification = Verification::Awaited;
            self.decide(Verdict::Unverified { source });
        }
    }

    /// What somebody or something else knows to be so is so.
    pub(super) fn confirmed(&mut self, by: &str) {
        if !self.incident.is_verified() {
            self.verified(by, String::new());
        }
    }

    /// What another source reports, too, is so.
    pub(super) fn confirmed_by(&mut self, source: &str) {
        if !self.incident.is_verified() && !self.has_to_be_verified(source) {
            self.verified(MONITORING, String::new());
        }
    }

    fn has_to_be_verified(&self, source: &str) -> bool {
        self.policy.document().sources.get(source).is_some_and(|source| source.verify)
    }

    pub(super) fn verify(&mut self, by: &str, note: String) {
        if !self.transit(Event::Verify, by) {
            return;
        }
        self.incident.active_at = self.at;
        self.incident.said_inside.add(SaidAs::Verification, &note);
        if self.incident.verified().is_some() {
            self.ignore(Event::Verify, "it is verified already");
            return;
        }
        self.verified(by, note);
    }

    fn verified(&mut self, by: &str, note: String) {
        self.incident.verification = Verification::Done(Deed { by: by.to_owned(), at: self.at });
        self.decide(Verdict::Verified { by: by.to_owned(), note });
    }
}
