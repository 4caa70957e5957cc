//! Alerts: they open incidents, join them, raise them, and clear them. None is ever refused for what is in it.

use super::Engine;
use super::drills::{self, Drill, group_key};
use super::tell::{Part, Words};
use super::work::{Output, Work};
use crate::alert::{Alert, AlertStatus};
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::incident::{Event, Incident, IncidentId, PublicTold, RoleWatch, State};
use crate::limits;
use crate::policy::document::{Declare, MessageKind, Occasion, WhenCleared};
use crate::routing::shorten;
use crate::rules::Classification;
use crate::time::{Duration, Timestamp};

/// Who acts where no person does.
pub(super) const MONITORING: &str = "monitoring";
pub(crate) const POLICY: &str = "policy";

impl Engine {
    pub(super) fn take_alert(&mut self, now: Timestamp, alert: Alert, drill_by: Option<String>, output: &mut Output) {
        let alert = bounded(alert);
        let Drill { because, fault } = self.drill(&alert, drill_by);
        let drill = because.is_some();
        let key = group_key(self.policy.group_by(), &alert, drill);
        let latest = self.found_by(now, &alert.key, &key, drill);
        let state = latest
            .as_ref()
            .and_then(|id| self.incidents.get(id))
            .map(|incident| (incident.state, incident.resolved.clone()));
        match (alert.status, latest, state) {
            (AlertStatus::Firing, Some(id), Some((State::Open | State::Acknowledged | State::Responding, _))) => {
                self.join(now, &id, alert, output);
            }
            (AlertStatus::Firing, Some(id), Some((State::Resolved, Some(resolved))))
                if self.may_reopen(resolved.at, now) =>
            {
                self.reopen(now, &id, alert, output);
            }
            (AlertStatus::Firing, ..) => self.open(now, key, alert, because, output),
            (AlertStatus::Resolved, Some(id), Some((State::Open | State::Acknowledged | State::Responding, _))) => {
                let children = self.incidents.get(&id).map(|it| self.open_children(it)).unwrap_or_default();
                self.work(&id, now, output, |work| work.alert_resolved(&alert, &children));
            }
            (AlertStatus::Resolved, ..) => output.decide(now, None, Verdict::UnknownAlert { alert: alert.key }),
        }
        if let (Some(error), Some(id)) = (fault, output.touched.clone()) {
            self.work(&id, now, output, |work| work.fault(drills::ENTRY, &error));
        }
    }

    fn may_reopen(&self, resolved_at: Timestamp, now: Timestamp) -> bool {
        self.policy.reopen_within().is_some_and(|within| now < within.after(resolved_at))
    }

    fn open(&mut self, now: Timestamp, key: String, alert: Alert, drill: Option<String>, output: &mut Output) {
        let classification = self.policy.classify(&alert);
        let id = self.new_incident_id(&key, alert.service.as_deref(), now);
        let mut incident = Incident::open(id.clone(), key.clone(), alert, now);
        incident.because.clone_from(&classification.because);
        incident.take_severity(&self.policy, &classification.severity);
        incident.classified.clone_from(&classification.severity);
        incident.drill = drill.is_some();
        self.incidents.insert(id.clone(), incident);
        self.keys.insert(key, id.clone());
        self.work(&id, now, output, |work| work.opened(classification, drill));
    }

    /// A name that no incident has.
    pub(super) fn new_incident_id(&self, key: &str, service: Option<&str>, now: Timestamp) -> IncidentId {
        let first = IncidentId::new(key, service, now, self.policy.zone());
        let mut id = first.clone();
        let mut number = 2;
        // The same key opened and resolved within one millisecond, or part of it is split off at once.
        while self.incidents.contains_key(&id) {
            id = IncidentId::from(format!("{first}-{number}").as_str());
            number += 1;
        }
        id
    }

    /// The incident that an alert finds: the one that it was split off to, else that of its key.
    fn found_by(&mut self, now: Timestamp, alert: &str, key: &str, drill: bool) -> Option<IncidentId> {
        // What is real never meets a drill, whatever it is called.
        let alike = |id: &&IncidentId| self.incidents.get(*id).is_some_and(|incident| incident.drill == drill);
        let apart = self.apart.get(alert).filter(alike).cloned();
        let of_key = self.keys.get(key).filter(alike).cloned();
        let Some(apart) = apart else { return of_key };
        let over = self.incidents.get(&apart).and_then(|incident| incident.resolved.as_ref());
        if over.is_none_or(|deed| self.may_reopen(deed.at, now)) {
            return Some(apart);
        }
        self.release_claim(alert);
        of_key
    }

    fn join(&mut self, now: Timestamp, id: &IncidentId, alert: Alert, output: &mut Output) {
        let classification = self.policy.classify(&alert);
        self.work(id, now, output, |work| work.joined(alert, classification));
    }

    fn reopen(&mut self, now: Timestamp, id: &IncidentId, alert: Alert, output: &mut Output) {
        let classification = self.policy.classify(&alert);
        self.work(id, now, output, |work| work.reopened(alert, classification));
    }
}

impl Work<'_> {
    fn opened(&mut self, classification: Classification, drill: Option<String>) {
        let (key, severity) = (self.incident.key.clone(), self.incident.severity.clone());
        self.decide(Verdict::Opened { key, severity });
        if let Some(because) = drill {
            self.decide(Verdict::Drill { because });
        }
        self.begin_unverified();
        self.classified(classification);
        self.start_clocks(self.at);
        self.review_roles();
        self.start_climb(self.at);
        if !self.mute_opened() {
            self.alarm_or_last_resort(Trigger::Opened);
        }
    }

    /// Raises the alarm; where no route leads to anybody and no path follows, the last resort is told.
    pub(super) fn alarm_or_last_resort(&mut self, trigger: Trigger) {
        if !self.raise_alarm(trigger) && self.path().is_none() {
            self.no_responder("the severity's routes lead to nobody, and it has no escalation path");
        }
    }

    /// Tells everybody whom the severity names, declares the incident, and tells the public, as the policy says.
    /// The escalation path sets out by itself at this instant. Whether anybody was told.
    pub(super) fn raise_alarm(&mut self, trigger: Trigger) -> bool {
        let told = self.routes(Occasion::Open, Part::Outside, MessageKind::Open, trigger, Words::default());
        let Some(severity) = self.severity() else {
            return told > 0;
        };
        if severity.document.declare == Declare::AtOnce && self.incident.declared.is_none() {
            self.declare(POLICY);
        }
        self.tell_public(trigger);
        self.routes(Occasion::Open, Part::Inside, MessageKind::Open, trigger, Words::default());
        self.incident.climb.contacted_at = self.at;
        told > 0
    }

    fn classified(&mut self, classification: Classification) {
        let faults = classification.faults.clone();
        self.decide(Verdict::Classified(Box::new(classification)));
        for fault in faults {
            self.fault(&fault.part(), &fault.error);
        }
    }

    fn joined(&mut self, alert: Alert, classification: Classification) {
        let before = self.incident.alerts.get(&alert.key).copied();
        let quiet = self.incident.firing() == 0;
        let known = before == Some(AlertStatus::Firing);
        if before.is_some() || self.incident.alerts.len() < limits::INCIDENT_ALERTS_MAX {
            self.incident.alerts.insert(alert.key.clone(), AlertStatus::Firing);
        } else {
            self.incident.untracked = true;
        }
        let firing = self.incident.firing();
        if known {
            self.decide(Verdict::Repeated { alert: alert.key.clone() });
        } else {
            self.transit(Event::Fire, MONITORING);
            self.decide(Verdict::Joined { alert: alert.key.clone(), firing });
        }
        if !known {
            self.heed(&alert);
        }
        self.confirmed_by(&alert.source);
        let (held, given) = (self.incident.severity.clone(), classification.severity.clone());
        let rank = |name: &str| self.policy.severity(name).map(|severity| severity.index);
        let news = !known || rank(&given) < rank(&self.incident.classified);
        if rank(&given) < rank(&self.incident.classified) {
            self.incident.classified.clone_from(&given);
        }
        if news && rank(&given) < rank(&held) {
            let because = classification.because.clone();
            self.incident.because.clone_from(&because);
            self.incident.alert = alert;
            self.classified(classification);
            self.change_severity(&given, MONITORING, &because);
        } else if !known {
            self.classified(classification);
            if given != held {
                self.decide(Verdict::SeverityKept { severity: held, classified: given });
            }
            if quiet {
                // People were told that it had cleared; it has not. Whoever is not told yet will be.
                self.incident.active_at = self.at;
                if self.incident.muted.is_none() {
                    self.wake(MONITORING);
                    let told = self.raise_alarm(Trigger::Reopened);
                    self.climb_anew(self.at, Trigger::Reopened, told);
                }
            }
        }
        self.reconsider();
    }

    fn reopened(&mut self, alert: Alert, classification: Classification) {
        self.rest_postmortem();
        let over = self.incident.resolved.take().map_or(self.at, |deed| deed.at);
        self.transit(Event::Fire, MONITORING);
        self.incident.real_before |= self.incident.false_alarm.take().is_none();
        self.incident.acknowledged = None;
        self.incident.responded = None;
        self.incident.active_at = self.at;
        self.incident.since = self.at;
        self.incident.untracked = false;
        // What was said before it was over holds no longer.
        (self.incident.heard, self.incident.public) = (false, PublicTold::Nothing);
        self.incident.public_page.reopen();
        self.incident.closing_note = None;
        self.open_checklist();
        self.incident.alerts.clear();
        self.incident.alerts.insert(alert.key.clone(), AlertStatus::Firing);
        let rank = |name: &str| self.policy.severity(name).map(|severity| severity.index);
        self.incident.classified.clone_from(&classification.severity);
        let worse = rank(&classification.severity) < rank(&self.incident.severity);
        if worse {
            let (from, to) = (self.incident.severity.clone(), classification.severity.clone());
            self.incident.take_severity(self.policy, &to);
            let reason = classification.because.clone();
            self.decide(Verdict::SeverityChanged { from, to, by: MONITORING.to_owned(), reason });
        }
        self.give_up_held("it has opened again, and is told anew");
        self.incident.alert = alert;
        self.incident.because.clone_from(&classification.because);
        self.begin_unverified();
        self.classified(classification);
        // The time it was over does not count towards its resolution; the other promises are made anew.
        let resolve = self.incident.clocks.remove(&ClockKind::Resolve);
        self.incident.clocks.clear();
        self.start_clocks(self.at);
        if let (Some(mut old), Some(target)) =
            (resolve, self.severity().and_then(|severity| severity.target(ClockKind::Resolve, Duration::ZERO)))
        {
            // It stood still since it was resolved, or since its clocks were stopped before.
            old.stopped = None;
            old.pause(over);
            old.resume(self.at, self.policy);
            old.retarget(target, self.at, self.policy);
            self.start_clock(ClockKind::Resolve, old);
        }
        // Everybody is told anew; nobody has just taken it over.
        self.incident.role_watch = RoleWatch::default();
        self.review_roles();
        self.start_climb(self.at);
        if !self.mute_reopened() {
            self.alarm_or_last_resort(Trigger::Reopened);
        }
    }

    fn alert_resolved(&mut self, alert: &Alert, children: &[IncidentId]) {
        match self.incident.alerts.get_mut(&alert.key) {
            Some(status @ AlertStatus::Firing) => *status = AlertStatus::Resolved,
            Some(AlertStatus::Resolved) | None => {
                self.decide(Verdict::UnknownAlert { alert: alert.key.clone() });
                return;
            }
        }
        let firing = self.incident.firing();
        self.decide(Verdict::AlertResolved { alert: alert.key.clone(), firing });
        if firing == 0 {
            self.cleared(children);
        }
        self.reconsider();
    }

    /// None of its alerts fires any more. `children` are those that are open.
    pub(super) fn cleared(&mut self, children: &[IncidentId]) {
        let open = self.open_items();
        let when = match self.severity().map(|severity| severity.document.when_cleared) {
            Some(WhenCleared::Resolve) if !self.incident.untracked && open.is_empty() && children.is_empty() => {
                WhenCleared::Resolve
            }
            Some(WhenCleared::Resolve | WhenCleared::Confirm) | None => WhenCleared::Confirm,
        };
        match when {
            WhenCleared::Resolve => self.resolve(MONITORING, ""),
            WhenCleared::Confirm => {
                if !open.is_empty() {
                    self.decide(Verdict::ChecklistOpen { open });
                }
                if !children.is_empty() {
                    self.decide(Verdict::ChildrenOpen { children: children.to_vec() });
                }
                self.transit(Event::Clear, MONITORING);
                self.incident.active_at = self.at;
                let told =
                    self.routes(Occasion::Clear, Part::All, MessageKind::Clear, Trigger::Cleared, Words::default());
                if told == 0 {
                    let entry = format!("severities.{}.when_cleared", self.incident.severity);
                    self.remind(MessageKind::Clear, Trigger::Cleared, &entry, Words::default());
                }
            }
        }
    }
}

/// What an incident is told by: the values of the policy's fields. A missing one is not the same as an empty one.
pub(super) fn incident_key(group_by: &[String], alert: &Alert) -> String {
    let field = |name: &String| {
        let value = match name.as_str() {
            "service" => alert.service.as_deref(),
            "name" => Some(alert.name.as_str()).filter(|name| !name.is_empty()),
            "source" => Some(alert.source.as_str()).filter(|source| !source.is_empty()),
            "key" => Some(alert.key.as_str()),
            label => label.strip_prefix("labels.").and_then(|label| alert.labels.get(label)).map(String::as_str),
        };
        // In quotes where it could be read as more than one.
        let plain = |value: &str| !value.contains([',', '=', '"']);
        value.map(|value| if plain(value) { format!("{name}={value}") } else { format!("{name}={value:?}") })
    };
    let parts: Vec<String> = group_by.iter().filter_map(field).collect();
    if parts.is_empty() { alert.key.clone() } else { parts.join(",") }
}

/// The alert within the engine's bounds: too many fields are cut, too long texts shortened, a key that is missing or
/// too long is replaced by a digest. It may lose detail; it is never lost.
fn bounded(mut alert: Alert) -> Alert {
    if alert.key.is_empty() {
        let identity = (&alert.source, &alert.service, &alert.name, &alert.labels, &alert.summary);
        alert.key = digest(&serde_json::to_string(&identity).unwrap_or_default());
    } else if alert.key.len() > limits::KEY_BYTES_MAX {
        alert.key = digest(&alert.key);
    }
    alert.service = alert.service.map(|service| short(service, limits::KEY_BYTES_MAX));
    for text in [&mut alert.source, &mut alert.name] {
        *text = short(std::mem::take(text), limits::KEY_BYTES_MAX);
    }
    for text in [&mut alert.summary, &mut alert.description] {
        *text = short(std::mem::take(text), limits::TEXT_BYTES_MAX);
    }
    for texts in [&mut alert.labels, &mut alert.annotations, &mut alert.links] {
        *texts = std::mem::take(texts)
            .into_iter()
            .take(limits::ALERT_FIELDS_MAX)
            .map(|(name, value)| (short(name, limits::KEY_BYTES_MAX), short(value, limits::TEXT_BYTES_MAX)))
            .collect();
    }
    alert.values.retain(|_, value| value.is_finite());
    alert.values = std::mem::take(&mut alert.values).into_iter().take(limits::ALERT_FIELDS_MAX).collect();
    for at in [&mut alert.starts_at, &mut alert.ends_at] {
        *at = at.filter(|at| limits::YEARS.contains(&chrono::Datelike::year(at))).map(crate::time::in_millis);
    }
    alert
}

fn short(text: String, bytes_max: usize) -> String {
    if text.len() <= bytes_max { text } else { shorten(&text, bytes_max / 4) }
}

/// 16 bytes tell any number of alerts apart.
fn digest(text: &str) -> String {
    crate::digest::sha256(&[text], 16)
}
