//! Reloading the policy: what is open moves to another policy in one step, or nothing changes at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use super::alerts::POLICY;
use super::drills::group_key;
use super::timers::Due;
use super::work::Output;
use super::{Engine, Step};
use crate::decision::Verdict;
use crate::error::{Refusal, Rejected};
use crate::incident::{Incident, IncidentId};
use crate::limits;
use crate::oncall::{Change, ChangeKind};
use crate::policy::Policy;
use crate::time::{Timestamp, in_millis};

impl Engine {
    /// Moves the engine, with everything that is open, to another policy.
    ///
    /// What was due before the instant is done under the old policy, what is due at it under the new one. Then
    ///
    /// - a running clock gets the new target, from its original start and with the time that it stood still; what it
    ///   has used in a calendar stays used. A deadline that has passed by that is a breach at this instant. What was
    ///   met or missed stays so;
    /// - a climb goes on on the path of the same name. A level is whom it tells: those who were told are not told
    ///   again, levels that are gone fall through, and new ones come when their time has come, at once where it has.
    ///   Under a path of another name it starts from the foot;
    /// - a level that had nobody is tried again where the new policy has somebody;
    /// - what was held waits for the hours of the new policy;
    /// - silences and snoozes go on to their own end, and so does a wait for a group, whatever its length is now. What a
    ///   silence or another incident may hide no longer, and what waits for a group where there is no such wait any more, is told at once;
    /// - overrides and absences of people and roles that are gone are given up, and hand-offs of roles that are no
    ///   longer handed over;
    /// - grouping by other fields applies to what is open, by the alert that gave it its severity.
    ///
    /// `severities` says what becomes of severities that have another name now, `old → new`. It applies to every
    /// incident of that severity, also where the old name still exists.
    ///
    /// The policy that is in force already, without renamed severities, changes nothing, not even the engine's time.
    ///
    /// A reload is not an [`crate::Input`], since it carries a whole policy: a host that keeps a journal records its
    /// instant, `severities` and the digest, and replays it with the policy of that digest.
    ///
    /// # Errors
    ///
    /// When the instant is out of range (`time_out_of_range`), `severities` names one that the new policy has not
    /// (`unknown_severity`), or an incident's severity is gone and `severities` does not say what becomes of it
    /// (`severity_gone`). Then nothing has changed, and the old policy is in force.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use kentongan::{Alert, Engine, Input, Policy};
    /// # let text = r#"
    /// # policy: shop
    /// # people: { ana: { contacts: { pager: ana-1 } } }
    /// # on_call: { primary: [ana] }
    /// # severities: { high: { definition: down, targets: { acknowledge: 5m }, escalation: standard } }
    /// # classify: [ { default: high } ]
    /// # escalation: { standard: [ { notify: on-call.primary } ] }
    /// # last_resort: [ { pager: ana } ]
    /// # "#;
    ///
    /// let mut engine = Engine::new(Arc::new(Policy::from_yaml(text)?));
    /// engine.apply("2026-11-23T19:00:00Z".parse()?, Input::Alert(Alert::firing("a1", "checkout")))?;
    ///
    /// let stricter = Arc::new(Policy::from_yaml(&text.replace("acknowledge: 5m", "acknowledge: 2m"))?);
    /// let step = engine.reload("2026-11-23T19:01:00Z".parse()?, stricter, &[].into())?;
    /// assert_eq!(step.wakeup, Some("2026-11-23T19:01:30Z".parse()?), "three quarters of two minutes");
    ///
    /// let renamed = Arc::new(Policy::from_yaml(&text.replace("high", "urgent"))?);
    /// let at = "2026-11-23T19:01:10Z".parse()?;
    /// let refused = engine.reload(at, Arc::clone(&renamed), &[].into()).unwrap_err();
    /// assert_eq!(refused.code(), "severity_gone");
    /// engine.reload(at, renamed, &[("high".to_owned(), "urgent".to_owned())].into())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reload(
        &mut self,
        at: Timestamp,
        policy: Arc<Policy>,
        severities: &BTreeMap<String, String>,
    ) -> Result<Step, Rejected> {
        self.check_reload(at, &policy, severities)?;
        let given = in_millis(at);
        let now = self.now.map_or(given, |last| last.max(given));
        let mut output = Output::default();
        if policy.digest() == self.policy.digest() && severities.is_empty() {
            output.decide(now, None, Verdict::PolicyKept { digest: policy.digest().to_owned() });
            return Ok(self.step(output));
        }
        if given < now {
            output.decide(now, None, Verdict::ClockRegression { given });
        }
        self.run_timers(now, Due::Before, &mut output);
        self.now = Some(now);
        let old = std::mem::replace(&mut self.policy, policy);
        let (from, to) = (old.digest().to_owned(), self.policy.digest().to_owned());
        output.decide(now, None, Verdict::PolicyChanged { from, to });
        self.give_up_changes(now, &mut output);
        self.regroup(&old);
        self.renew_inhibitors();
        let ids: Vec<IncidentId> = self.incidents.keys().cloned().collect();
        for id in &ids {
            self.work(id, now, &mut output, |work| work.migrate(&old, severities));
        }
        self.migrate_watches(&old, now, &mut output);
        self.run_timers(now, Due::By, &mut output);
        debug_assert!(self.audit().is_empty(), "a reload leaves no incident without a timer: {:?}", self.audit());
        Ok(self.step(output))
    }

    /// Whether a reload would be refused at this point, and why.
    ///
    /// # Errors
    ///
    /// The refusal that [`Engine::reload`] would give.
    pub fn check_reload(
        &self,
        at: Timestamp,
        policy: &Policy,
        severities: &BTreeMap<String, String>,
    ) -> Result<(), Rejected> {
        if !limits::YEARS.contains(&at.year()) {
            return Err(Refusal::TimeOutOfRange { at }.into());
        }
        let known = || policy.severities().map(str::to_owned).collect();
        if let Some(severity) = severities.values().find(|to| policy.severity(to).is_none()) {
            return Err(Refusal::UnknownSeverity { severity: severity.clone(), known: known() }.into());
        }
        let gone = |incident: &&Incident| {
            !severities.contains_key(&incident.severity) && policy.severity(&incident.severity).is_none()
        };
        match self.incidents.values().find(gone) {
            Some(incident) => {
                let (incident, severity) = (incident.id.to_string(), incident.severity.clone());
                Err(Refusal::SeverityGone { incident, severity, known: known() }.into())
            }
            None => Ok(()),
        }
    }

    /// Overrides and absences of whom or what the policy does not know any more.
    fn give_up_changes(&mut self, now: Timestamp, output: &mut Output) {
        let policy = Arc::clone(&self.policy);
        let person = |name: &String| policy.person(name).is_some();
        let known = |change: &Change| {
            person(&change.person)
                && match &change.kind {
                    ChangeKind::Override { on, replaces } => {
                        policy.on_call_roles().chain(policy.schedule_names()).any(|known| known == on)
                            && replaces.iter().all(person)
                    }
                    ChangeKind::Absence => true,
                }
        };
        let gone = self.changes.all().iter().filter(|(_, change)| change.to > now && !known(change));
        let gone: Vec<String> = gone.map(|(id, _)| id.clone()).collect();
        for id in gone {
            let Some(Change { kind, person, .. }) = self.changes.remove(&id) else { continue };
            let by = POLICY.to_owned();
            let verdict = match kind {
                ChangeKind::Override { .. } => Verdict::OverrideCancelled { id, by },
                ChangeKind::Absence => Verdict::AbsenceEnded { id, person, by },
            };
            output.decide(now, None, verdict);
        }
    }

    /// Where incidents are told apart by other fields now, alerts find those that are remembered by these. Of several
    /// with one key the open one is found, and the latest of these.
    fn regroup(&mut self, old: &Policy) {
        if old.group_by() == self.policy.group_by() {
            return;
        }
        let mut found: BTreeMap<String, (bool, Timestamp, IncidentId)> = BTreeMap::new();
        let mut merged: Vec<(String, IncidentId)> = Vec::new();
        for incident in self.incidents.values_mut() {
            incident.kin.keys.clear();
            incident.key = group_key(self.policy.group_by(), &incident.alert, incident.drill);
            if let Some(into) = &incident.kin.merged_into {
                merged.push((incident.key.clone(), into.clone()));
                continue;
            }
            // What was split off is found by its alerts.
            if incident.kin.split_from.is_some() {
                continue;
            }
            let candidate = (!incident.state.is_resolved(), incident.opened_at, incident.id.clone());
            let best = found.entry(incident.key.clone()).or_insert_with(|| candidate.clone());
            if candidate > *best {
                *best = candidate;
            }
        }
        self.keys = found.into_iter().map(|(key, (.., id))| (key, id)).collect();
        for (key, into) in merged {
            let onward = |id: &IncidentId| self.incidents.get(id)?.kin.merged_into.clone();
            let into = std::iter::successors(Some(into), onward).take(self.incidents.len() + 1).last();
            let Some(target) = into.filter(|_| !self.keys.contains_key(&key)) else { continue };
            if let Some(incident) = self.incidents.get_mut(&target) {
                incident.kin.keys.insert(key.clone());
                self.keys.insert(key, target);
            }
        }
    }
}
