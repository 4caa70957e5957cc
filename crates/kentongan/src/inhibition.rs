//! Inhibitions: while one thing is broken, nobody is told of what follows from it. Here it is found, for each incident
//! that opens, whether another hides it; the engine does what follows.

use std::collections::{BTreeMap, BTreeSet};

use crate::alert::Alert;
use crate::incident::{Incident, IncidentId, Mute, Muted};
use crate::policy::document::InhibitionDocument;
use crate::policy::{Policy, Severity};
use crate::time::Timestamp;

/// An inhibition, by its place in the policy, and what its labels in `equal` are.
type Place = (usize, Vec<String>);

/// Which incidents hide others, found without a look at each. All of it is read off the incidents.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inhibitors {
    /// What hides others, by where it does.
    sources: BTreeMap<Place, BTreeSet<IncidentId>>,
    /// Where each hides others.
    places: BTreeMap<IncidentId, Vec<Place>>,
    /// What each hides.
    hidden: BTreeMap<IncidentId, BTreeSet<IncidentId>>,
    /// By what each is hidden.
    behind: BTreeMap<IncidentId, IncidentId>,
}

impl Inhibitors {
    /// Enters what an incident has become, or takes it out where it is gone. Gives what it may hide no longer.
    pub(crate) fn enter(&mut self, policy: &Policy, id: &IncidentId, incident: Option<&Incident>) -> Vec<IncidentId> {
        if policy.inhibitions().is_empty() && self.places.is_empty() && self.behind.is_empty() {
            return Vec::new();
        }
        let source = incident.and_then(Incident::inhibited_by);
        if self.behind.get(id) != source {
            if let Some(before) = self.behind.remove(id)
                && let Some(hidden) = self.hidden.get_mut(&before)
            {
                hidden.remove(id);
                if hidden.is_empty() {
                    self.hidden.remove(&before);
                }
            }
            if let Some(source) = source {
                self.behind.insert(id.clone(), source.clone());
                self.hidden.entry(source.clone()).or_default().insert(id.clone());
            }
        }
        let places = incident.map(|incident| places(policy, incident)).unwrap_or_default();
        let before = self.places.remove(id).unwrap_or_default();
        if before == places {
            if !places.is_empty() {
                self.places.insert(id.clone(), places);
            }
            return Vec::new();
        }
        for place in &before {
            if let Some(sources) = self.sources.get_mut(place) {
                sources.remove(id);
                if sources.is_empty() {
                    self.sources.remove(place);
                }
            }
        }
        for place in &places {
            self.sources.entry(place.clone()).or_default().insert(id.clone());
        }
        if !places.is_empty() {
            self.places.insert(id.clone(), places);
        }
        self.hidden.get(id).into_iter().flatten().cloned().collect()
    }

    /// What hides an alert of an incident at an instant: the first inhibition of the policy by which anything does, and
    /// never longer than it says. The worst severity is hidden only where it is named.
    pub(crate) fn over(
        &self,
        policy: &Policy,
        severity: &Severity,
        incident: &Incident,
        alert: &Alert,
        at: Timestamp,
    ) -> Option<Muted> {
        policy.inhibitions().iter().enumerate().find_map(|(index, inhibition)| {
            let until = inhibition.at_most.after(incident.since);
            if until <= at || !hides(inhibition, severity) || !inhibition.target.mean(alert, incident.key()) {
                return None;
            }
            let sources = self.sources.get(&(index, equal(inhibition, alert)?))?;
            let source = sources.iter().find(|source| *source != incident.id())?;
            Some(Muted { until, by: Mute::Inhibition { id: inhibition.id.clone(), source: source.clone() } })
        })
    }

    /// Whether what hides an incident goes on doing so, by the same inhibition.
    pub(crate) fn still(&self, policy: &Policy, severity: &Severity, incident: &Incident) -> bool {
        let Some(Mute::Inhibition { id, source }) = incident.muted.as_ref().map(|muted| &muted.by) else {
            return false;
        };
        let named = policy.inhibitions().iter().enumerate().find(|(_, inhibition)| inhibition.id == *id);
        named.is_some_and(|(index, inhibition)| {
            let place = equal(inhibition, &incident.alert).map(|labels| (index, labels));
            let sources = place.and_then(|place| self.sources.get(&place));
            hides(inhibition, severity)
                && inhibition.target.mean(&incident.alert, incident.key())
                && sources.is_some_and(|sources| sources.contains(source))
        })
    }
}

/// Whether an inhibition may hide a severity.
fn hides(inhibition: &InhibitionDocument, severity: &Severity) -> bool {
    !severity.is_worst() || inhibition.may_hide.contains(&severity.name)
}

/// Where an incident hides others: while it is open and an alert of it fires. What is hidden itself hides nothing, so
/// that somebody is always told of what is behind it all.
fn places(policy: &Policy, incident: &Incident) -> Vec<Place> {
    // Nor does a drill: what happens in earnest meanwhile is no consequence of it.
    let hidden = incident.inhibited_by().is_some();
    if incident.state().is_resolved() || incident.firing() == 0 || hidden || incident.is_drill() {
        return Vec::new();
    }
    let inhibitions = policy.inhibitions().iter().enumerate();
    let means = inhibitions.filter(|(_, inhibition)| inhibition.source.mean(&incident.alert, incident.key()));
    means.filter_map(|(index, inhibition)| Some((index, equal(inhibition, &incident.alert)?))).collect()
}

/// The labels that must be equal; `None` where one is missing, since that is not equal to anything.
fn equal(inhibition: &InhibitionDocument, alert: &Alert) -> Option<Vec<String>> {
    inhibition.equal.iter().map(|label| alert.labels.get(label).cloned()).collect()
}
