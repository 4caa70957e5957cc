//! Merging: two incidents are one. The one that is merged ends as a duplicate; its alerts, what they call for and what
//! is known of it go on with the other.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::tell::{Message, Part, Words};
use super::work::{Output, Work};
use crate::alert::{Alert, AlertStatus};
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{PublicStatus, Purpose, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Impact, Incident, IncidentId, SaidInside, Transition, transition};
use crate::input::Input;
use crate::limits;
use crate::policy::document::{MergedSeverity, MessageKind, Occasion};
use crate::routing::contacts_of_people;
use crate::time::Timestamp;

/// What goes on with the other incident.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Merged {
    id: IncidentId,
    /// Why the two are one.
    reason: String,
    alert: Alert,
    alerts: BTreeMap<String, AlertStatus>,
    untracked: bool,
    because: String,
    severity: String,
    worst: String,
    real_before: bool,
    classified: String,
    opened_at: Timestamp,
    since: Timestamp,
    impact: Impact,
    said: SaidInside,
    /// Whether the public has been told of it.
    public: bool,
    verified: bool,
    snoozed: bool,
    /// Why a post-mortem of it was asked for, if one was.
    postmortem: Option<String>,
}

impl Merged {
    fn of(incident: &Incident, reason: &str) -> Self {
        let postmortem = incident.postmortem.as_ref().filter(|_| incident.postmortem_required());
        Self {
            id: incident.id.clone(),
            reason: reason.to_owned(),
            alert: incident.alert.clone(),
            alerts: incident.alerts.clone(),
            untracked: incident.untracked,
            because: incident.because.clone(),
            severity: incident.severity.clone(),
            worst: incident.worst.clone(),
            real_before: incident.real_before,
            classified: incident.classified.clone(),
            opened_at: incident.opened_at,
            since: incident.since,
            impact: incident.impact.clone(),
            said: incident.all_said_inside(),
            public: incident.public_page.status.is_some_and(|status| status != PublicStatus::Resolved),
            verified: incident.is_verified(),
            snoozed: incident.snoozed.is_some(),
            postmortem: postmortem.map(|postmortem| postmortem.rule.clone()),
        }
    }
}

impl Engine {
    pub(super) fn check_merge(&self, incident: &Incident, into: &IncidentId) -> Result<(), Rejected> {
        let Some(target) = self.incidents.get(into) else {
            return Err(Refusal::UnknownIncident { incident: into.to_string() }.into());
        };
        if incident.id == *into {
            return Err(Refusal::MergeIntoItself { incident: into.to_string() }.into());
        }
        if transition(target.state, Event::TakeIn) == Transition::Refuse {
            return Err(Refusal::AlreadyResolved { incident: into.to_string() }.into());
        }
        // What is real would be lost in a drill.
        if incident.drill != target.drill {
            let (incident, into) = (incident.id.to_string(), into.to_string());
            return Err(Refusal::DrillAndReal { incident, into }.into());
        }
        self.check_cycle(&incident.id, into)
    }

    pub(super) fn take_merge(&mut self, now: Timestamp, command: Input, output: &mut Output) {
        let Input::Merge { incident: id, into, by, reason } = command else { return };
        let Some(merged) = self.incidents.get(&id).map(|incident| Merged::of(incident, &reason)) else { return };
        let concerned = [&id, &into].into_iter().filter_map(|id| self.incidents.get(id)).flat_map(Incident::workers);
        let concerned: BTreeSet<String> = concerned.filter(|person| *person != by).collect();
        self.work(&id, now, output, |work| work.merged_into(&into, &by, &reason, &concerned));
        self.hand_on(&id, &into);
        self.work(&into, now, output, |work| work.take_in(merged, &by));
    }

    /// Alerts that found the one find the other, and so do its children.
    fn hand_on(&mut self, id: &IncidentId, into: &IncidentId) {
        self.set_parent(id, None);
        let Some(incident) = self.incidents.get_mut(id) else { return };
        let mut keys = std::mem::take(&mut incident.kin.keys);
        keys.insert(incident.key.clone());
        let alerts = std::mem::take(&mut incident.kin.alerts);
        let children = std::mem::take(&mut incident.kin.children);
        // Another incident may have taken a key since.
        keys.retain(|key| self.keys.get(key) == Some(id));
        for key in &keys {
            self.keys.insert(key.clone(), into.clone());
        }
        for alert in &alerts {
            self.apart.insert(alert.clone(), into.clone());
        }
        if let Some(target) = self.incidents.get_mut(into) {
            target.kin.keys.extend(keys);
            target.kin.alerts.extend(alerts);
        }
        for child in children {
            self.set_parent(&child, Some(into.clone()));
        }
    }
}

impl Work<'_> {
    /// It ends as a duplicate: whoever hears of its end hears where it goes on, and none of its promises counts. Those who
    /// have taken the one or the other hear it by themselves, since what they have taken has become another thing.
    fn merged_into(&mut self, into: &IncidentId, by: &str, reason: &str, concerned: &BTreeSet<String>) {
        if !self.end_unsolved(Event::Merge, by) {
            return;
        }
        self.incident.kin.merged_into = Some(into.clone());
        let (by_name, why) = (by.to_owned(), reason.to_owned());
        self.decide(Verdict::Merged { into: into.clone(), by: by_name, reason: why });
        let words = Words { by, reason, to: into.as_str(), ..Words::default() };
        self.routes(Occasion::Resolve, Part::All, MessageKind::Merge, Trigger::Merged, words);
        if self.incident.muted.is_none() {
            self.tell_workers(concerned, words);
        }
        self.die_untold();
        self.close_page(MessageKind::PublicMerge, Trigger::Merged);
        if self.incident.postmortem_required() {
            self.waive_postmortem(by, format!("merged into {into}"));
        }
    }

    fn tell_workers(&mut self, people: &BTreeSet<String>, words: Words<'_>) {
        let Some(channel) = self.severity().map(|severity| severity.document.escalate_by.clone()) else { return };
        let (kind, purpose, trigger) = (MessageKind::Merge, Purpose::Inform, Trigger::Merged);
        for contact in contacts_of_people(self.policy, people.iter(), &channel) {
            self.send(contact, &Message { kind, purpose, level: None, trigger, entry: "merging", words });
        }
    }

    /// Goes on as both: with the alerts of both, from the earlier start, as the worse severity.
    fn take_in(&mut self, merged: Merged, by: &str) {
        if !self.transit(Event::TakeIn, by) {
            return;
        }
        self.incident.active_at = self.at;
        let quiet = self.incident.firing() == 0;
        let (id, reason) = (merged.id.clone(), merged.reason.clone());
        self.decide(Verdict::TookIn { merged: id, since: merged.since, by: by.to_owned(), reason });
        self.incident.note_worst(self.policy, &merged.worst);
        self.incident.real_before |= merged.real_before;
        self.take_alerts(&merged);
        self.start_earlier(&merged);
        if merged.verified {
            self.confirmed(by);
        }
        // What the one does not know the other may.
        let known = std::mem::replace(&mut self.incident.impact, merged.impact.clone());
        let significant = known.significant == Some(true) || self.incident.impact.significant == Some(true);
        self.incident.impact.learn(known);
        if significant {
            self.incident.impact.significant = Some(true);
        }
        self.incident.said_inside.extend(&merged.said);
        self.heed(&merged.alert);
        if !merged.snoozed {
            // Nobody has put off what comes in.
            self.wake(by);
        }
        let fires_again = quiet && self.incident.firing() > 0;
        if !self.take_severity(&merged, by) && fires_again && self.incident.quiet_until().is_none() {
            let told = self.raise_alarm(Trigger::Reopened);
            self.climb_anew(self.at, Trigger::Reopened, told);
        }
        if merged.public {
            self.go_on_in_public();
        }
        if let Some(reason) = merged.postmortem
            && !self.incident.postmortem_required()
        {
            self.require_postmortem(by, &reason);
        }
        self.reconsider();
    }

    fn take_alerts(&mut self, merged: &Merged) {
        let alerts = &mut self.incident.alerts;
        self.incident.untracked |= merged.untracked;
        for (key, status) in &merged.alerts {
            let fires = *status == AlertStatus::Firing;
            if !alerts.contains_key(key) && alerts.len() >= limits::INCIDENT_ALERTS_MAX {
                self.incident.untracked = true;
            } else if fires || !alerts.contains_key(key) {
                alerts.insert(key.clone(), *status);
            }
        }
    }

    /// A merge buys nobody time: what is promised counts from the earlier start.
    fn start_earlier(&mut self, merged: &Merged) {
        self.incident.opened_at = self.incident.opened_at.min(merged.opened_at);
        if merged.since >= self.incident.since {
            return;
        }
        self.incident.since = merged.since;
        for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve] {
            if let Some(clock) = self.incident.clocks.get_mut(&kind).filter(|clock| clock.is_running()) {
                clock.start_earlier(merged.since);
            }
        }
        self.retarget();
    }

    /// Takes the worse severity, as the policy says; whether it has changed. The worst is never given up.
    fn take_severity(&mut self, merged: &Merged, by: &str) -> bool {
        let rank = |name: &str| self.policy.severity(name).map(|severity| severity.index);
        if rank(&merged.classified) < rank(&self.incident.classified) {
            self.incident.classified.clone_from(&merged.classified);
        }
        let worst = self.policy.severity(&merged.severity).is_some_and(crate::policy::Severity::is_worst);
        let kept = self.policy.document().merging.severity == MergedSeverity::Target && !worst;
        if kept || rank(&merged.severity) >= rank(&self.incident.severity) {
            return false;
        }
        self.incident.because.clone_from(&merged.because);
        self.incident.alert = merged.alert.clone();
        self.change_severity_for(&merged.severity, by, &merged.reason, Trigger::Merged);
        true
    }
}
