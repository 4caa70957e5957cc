//! Splitting: some alerts of an incident are something else. They become an incident of their own, with its own promises
//! from now on.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::work::{Output, Work};
use crate::alert::AlertStatus;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Incident, IncidentId};
use crate::input::Input;
use crate::limits;
use crate::routing::one_line;
use crate::text::says_nothing;
use crate::time::Timestamp;

pub(super) fn check_split(incident: &Incident, alerts: &BTreeSet<String>) -> Result<(), Rejected> {
    if alerts.len() > limits::INCIDENT_ALERTS_MAX {
        let (field, most) = ("alerts", limits::INCIDENT_ALERTS_MAX);
        return Err(Refusal::TooManyEntries { field, most }.into());
    }
    if let Some(alert) = alerts.iter().find(|alert| !incident.alerts.contains_key(*alert)) {
        let known = incident.alerts.keys().take(KNOWN_MAX).cloned().collect();
        return Err(Refusal::UnknownAlert { alert: alert.clone(), known }.into());
    }
    if alerts.is_empty() {
        return Err(Refusal::NothingToSplit.into());
    }
    // What is not told apart stays, too.
    if alerts.len() == incident.alerts.len() && !incident.untracked {
        return Err(Refusal::NothingLeft.into());
    }
    Ok(())
}

/// How many alerts a refusal names.
const KNOWN_MAX: usize = 20;

impl Engine {
    pub(super) fn take_split(&mut self, now: Timestamp, command: Input, output: &mut Output) {
        let Input::Split { incident: id, alerts, title, by, reason } = command else { return };
        let Some(source) = self.incidents.get(&id) else { return };
        let mut alert = source.alert.clone();
        if let Some(first) = alerts.first().filter(|_| !alerts.contains(&alert.key)) {
            alert.key.clone_from(first);
        }
        let part = self.new_incident_id(&source.key, alert.service.as_deref(), now);
        let moved: BTreeMap<String, AlertStatus> =
            alerts.iter().filter_map(|key| Some((key.clone(), *source.alerts.get(key)?))).collect();
        let mut incident = Incident::open(part.clone(), source.key.clone(), alert, now);
        incident.title =
            title.filter(|title| !says_nothing(title)).map_or_else(|| source.title.clone(), |title| one_line(&title));
        // What each of its alerts alone would have been given is not kept; it is no less than the whole was.
        incident.because.clone_from(&source.because);
        incident.take_severity(&self.policy, &source.severity);
        incident.classified.clone_from(&source.classified);
        incident.verification = source.verification.clone();
        incident.said_inside = source.all_said_inside();
        incident.drill = source.drill;
        incident.alerts = moved;
        incident.kin.split_from = Some(id.clone());
        self.incidents.insert(part.clone(), incident);
        for key in &alerts {
            self.claim(key, &part);
        }
        let children = self.incidents.get(&id).map(|incident| self.open_children(incident)).unwrap_or_default();
        self.work(&id, now, output, |work| work.split_off(&part, alerts, &by, reason.clone(), &children));
        self.work(&part, now, output, |work| work.begin_apart(&id, by, reason));
    }

    /// An alert finds this incident from now on, whatever its group.
    fn claim(&mut self, alert: &str, id: &IncidentId) {
        self.release_claim(alert);
        self.apart.insert(alert.to_owned(), id.clone());
        if let Some(incident) = self.incidents.get_mut(id) {
            incident.kin.alerts.insert(alert.to_owned());
        }
    }

    /// An alert finds the incident of its group again.
    pub(super) fn release_claim(&mut self, alert: &str) {
        if let Some(before) = self.apart.remove(alert).and_then(|id| self.incidents.get_mut(&id)) {
            before.kin.alerts.remove(alert);
        }
    }
}

impl Work<'_> {
    fn split_off(
        &mut self,
        part: &IncidentId,
        alerts: BTreeSet<String>,
        by: &str,
        reason: String,
        children: &[IncidentId],
    ) {
        if !self.transit(Event::Split, by) {
            return;
        }
        self.incident.active_at = self.at;
        let fired = self.incident.firing() > 0;
        self.incident.alerts.retain(|key, _| !alerts.contains(key));
        let into = part.clone();
        self.decide(Verdict::SplitOff { into, alerts: alerts.into_iter().collect(), by: by.to_owned(), reason });
        if fired && self.incident.firing() == 0 {
            self.cleared(children);
        }
        self.reconsider();
    }

    /// A life of its own begins: its promises count from here, and its people are told.
    fn begin_apart(&mut self, from: &IncidentId, by: String, reason: String) {
        let (key, severity) = (self.incident.key.clone(), self.incident.severity.clone());
        self.decide(Verdict::Opened { key, severity });
        self.decide(Verdict::SplitFrom { from: from.clone(), by: by.clone(), reason });
        if self.incident.drill {
            self.decide(Verdict::Drill { because: by });
        }
        self.start_clocks(self.at);
        self.review_roles();
        self.start_climb(self.at);
        if !self.mute_reopened() {
            self.alarm_or_last_resort(Trigger::Split);
        }
        self.reconsider();
    }
}
