//! Parents and children: an incident is a part of another. That moves no clock; only the end of the parent waits for its
//! children.

use super::Engine;
use super::work::Output;
use crate::decision::Verdict;
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Incident, IncidentId};
use crate::input::Input;
use crate::text::says_nothing;
use crate::time::Timestamp;

impl Engine {
    pub(super) fn check_link(&self, incident: &Incident, parent: &IncidentId) -> Result<(), Rejected> {
        let Some(above) = self.incidents.get(parent) else {
            return Err(Refusal::UnknownIncident { incident: parent.to_string() }.into());
        };
        if above.state.is_resolved() && !incident.state.is_resolved() {
            return Err(Refusal::AlreadyResolved { incident: parent.to_string() }.into());
        }
        self.check_cycle(&incident.id, parent)
    }

    /// No incident is a part of itself, by whatever way.
    pub(super) fn check_cycle(&self, incident: &IncidentId, parent: &IncidentId) -> Result<(), Rejected> {
        let above = std::iter::successors(Some(parent), |id| self.incidents.get(*id)?.kin.parent.as_ref());
        // Links have no cycle, so there are no more steps than incidents.
        if above.take(self.incidents.len() + 1).any(|id| id == incident) {
            let (incident, parent) = (incident.to_string(), parent.to_string());
            return Err(Refusal::LinkCycle { incident, parent }.into());
        }
        Ok(())
    }

    /// The children that are not over, by id.
    pub(super) fn open_children(&self, incident: &Incident) -> Vec<IncidentId> {
        let open = |id: &&IncidentId| self.incidents.get(*id).is_some_and(|child| !child.state.is_resolved());
        incident.kin.children.iter().filter(open).cloned().collect()
    }

    /// An incident ends after its children, or for a reason.
    pub(super) fn check_children(&self, incident: &Incident, reason: Option<&str>) -> Result<(), Rejected> {
        if incident.state.is_resolved() || reason.is_some_and(|reason| !says_nothing(reason)) {
            return Ok(());
        }
        let children = self.open_children(incident);
        if children.is_empty() {
            return Ok(());
        }
        Err(Refusal::ChildrenOpen { children: children.iter().map(ToString::to_string).collect() }.into())
    }

    pub(super) fn take_link(&mut self, now: Timestamp, command: Input, output: &mut Output) {
        match command {
            Input::Link { incident, parent, by } => self.link(now, &incident, parent, by, output),
            Input::Unlink { incident, by } => self.unlink(now, &incident, by, output),
            _ => {}
        }
    }

    fn link(&mut self, now: Timestamp, id: &IncidentId, parent: IncidentId, by: String, output: &mut Output) {
        let was = self.incidents.get(id).and_then(|incident| incident.kin.parent.clone());
        let (same, new) = (was.as_ref() == Some(&parent), parent.clone());
        self.work(id, now, output, |work| {
            if !work.transit(Event::Link, &by) {
                return;
            }
            if same {
                work.ignore(Event::Link, "it is a part of that already");
                return;
            }
            work.decide(Verdict::Linked { parent: new, was, by });
        });
        if !same {
            self.set_parent(id, Some(parent));
        }
    }

    fn unlink(&mut self, now: Timestamp, id: &IncidentId, by: String, output: &mut Output) {
        let was = self.incidents.get(id).and_then(|incident| incident.kin.parent.clone());
        self.work(id, now, output, |work| match was {
            _ if !work.transit(Event::Unlink, &by) => {}
            Some(parent) => work.decide(Verdict::Unlinked { parent, by }),
            None => work.ignore(Event::Unlink, "it is a part of nothing"),
        });
        self.set_parent(id, None);
    }

    /// Makes an incident a part of another or of none, on both sides.
    pub(super) fn set_parent(&mut self, id: &IncidentId, parent: Option<IncidentId>) {
        let before = self.incidents.get_mut(id).and_then(|incident| incident.kin.parent.take());
        if let Some(before) = before.and_then(|before| self.incidents.get_mut(&before)) {
            before.kin.children.remove(id);
        }
        let Some(parent) = parent else { return };
        if let Some(above) = self.incidents.get_mut(&parent) {
            above.kin.children.insert(id.clone());
            if let Some(incident) = self.incidents.get_mut(id) {
                incident.kin.parent = Some(parent);
            }
        }
    }

    /// What is broken in how incidents stand to each other.
    pub(super) fn audit_kin(&self, broken: &mut Vec<String>) {
        for incident in self.incidents.values() {
            let id = &incident.id;
            let knows = |parent: &IncidentId| self.incidents.get(parent).is_some_and(|it| it.kin.children.contains(id));
            if incident.kin.parent.as_ref().is_some_and(|parent| !knows(parent)) {
                broken.push(format!("the parent of `{id}` does not know it"));
            }
            let own =
                |child: &IncidentId| self.incidents.get(child).is_some_and(|it| it.kin.parent.as_ref() == Some(id));
            if !incident.kin.children.iter().all(own) {
                broken.push(format!("a child of `{id}` does not know it"));
            }
            if incident.kin.parent.as_ref().is_some_and(|parent| self.check_cycle(id, parent).is_err()) {
                broken.push(format!("`{id}` is a part of itself"));
            }
            if incident.kin.alerts.iter().any(|alert| self.apart.get(alert) != Some(id)) {
                broken.push(format!("an alert that was split off does not find `{id}`"));
            }
        }
        let claimed = self.incidents.values().map(|incident| incident.kin.alerts.len()).sum::<usize>();
        if claimed != self.apart.len() {
            broken.push("an alert that was split off finds nothing".to_owned());
        }
    }
}
