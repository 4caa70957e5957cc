//! How people respond to an incident: from the first page to the last word.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Timelike};
use kentongan::{AlertStatus, Impact, IncidentId, Input, PublicStatus, State, Timestamp};

use super::troubles::Trouble;
use super::{World, alert, is_night, local, office};

/// The points of KREKI's checklist.
const CHECKLIST: [&str; 4] = ["restored", "no-errors", "metrics", "stakeholders"];

/// Something somebody means to do. Whether it can still be done is seen when its time has come.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly every plan is an input")]
pub(super) enum Plan {
    Fail(&'static Trouble),
    /// Somebody sees that they are called, for the first time or again.
    Answer(IncidentId, u32),
    /// They begin to work on it.
    Work(IncidentId, String),
    Update(IncidentId, String),
    Mended(IncidentId, String),
    Close(IncidentId, String, bool),
    /// The first turns out to be the second.
    Merge(&'static Trouble, &'static Trouble),
    /// A part of it turns out to be something else.
    Split(&'static Trouble),
    /// Somebody sits down to write the post-mortem.
    Learn(IncidentId),
    Do(Input),
}

impl World {
    pub(super) fn perform(&mut self, at: Timestamp, plan: Plan) {
        match plan {
            Plan::Fail(trouble) => self.fail(at, trouble),
            Plan::Answer(incident, tries) => self.answer(at, incident, tries),
            Plan::Work(incident, by) => self.work(at, &incident, &by),
            Plan::Update(incident, by) => self.update(at, &incident, &by),
            Plan::Mended(incident, by) => self.mended(at, &incident, &by),
            Plan::Close(incident, by, hasty) => self.close(at, &incident, &by, hasty),
            Plan::Merge(effect, cause) => self.merge(at, effect, cause),
            Plan::Split(trouble) => self.split(at, trouble),
            Plan::Learn(incident) => self.learn(at, &incident),
            Plan::Do(input) => self.apply(at, input),
        }
    }

    fn is_open(&self, incident: &IncidentId) -> bool {
        self.engine.incident(incident).is_some_and(|it| !it.state().is_resolved())
    }

    fn severity(&self, incident: &IncidentId) -> String {
        self.engine.incident(incident).map(|it| it.severity().to_owned()).unwrap_or_default()
    }

    /// Somebody is called: a pager is answered in minutes, an email when it is read, and an issue in office hours.
    pub(super) fn hear(&mut self, at: Timestamp, incident: &IncidentId) {
        let trouble = self.trouble(incident);
        self.troubles.insert(incident.clone(), trouble);
        let night = is_night(at);
        let answers = match self.severity(incident).as_str() {
            "SEV-1" => at + self.dice.minutes(1, if night { 6 } else { 3 }),
            "SEV-2" => at + self.dice.around(if night { 9 } else { 5 }),
            "SEV-3" if night => awake(at) + self.dice.minutes(0, 50),
            "SEV-3" => at + self.dice.around(22),
            _ => office(office(at + TimeDelta::hours(2)) + self.dice.minutes(5, 600)),
        };
        self.plan(answers, Plan::Answer(incident.clone(), 0));
    }

    /// Whoever is called first answers in most cases; else the next one does, later.
    fn answer(&mut self, at: Timestamp, incident: IncidentId, tries: u32) {
        if !self.is_open(&incident) {
            return;
        }
        let role = if tries == 0 { "primary" } else { "secondary" };
        let Some(by) = self.engine.who(role, at).people().first().cloned() else {
            let after = self.dice.minutes(5, 15);
            self.plan(at + after, Plan::Answer(incident, 0));
            return;
        };
        let severity = self.severity(&incident);
        if tries < 2 && self.dice.chance(if is_night(at) { 24 } else { 12 }) {
            let again = match severity.as_str() {
                "SEV-1" => at + self.dice.minutes(3, 9),
                "SEV-2" => at + self.dice.minutes(10, 18),
                "SEV-3" => at + self.dice.minutes(25, 70),
                _ => office(at + self.dice.minutes(300, 1_800)),
            };
            self.plan(again, Plan::Answer(incident, tries + 1));
            return;
        }
        self.apply(at, Input::Acknowledge { incident: incident.clone(), by: by.clone(), note: String::new() });
        // Some take it, are called away, and forget it until they are called again.
        if matches!(severity.as_str(), "SEV-2" | "SEV-3") && self.dice.chance(4) {
            let after = self.dice.minutes(62, 85);
            self.plan(at + after, Plan::Answer(incident, 1));
            return;
        }
        let works = match severity.as_str() {
            "SEV-1" => at + self.dice.minutes(1, 6),
            "SEV-2" => at + self.dice.around(12),
            "SEV-3" => at + self.dice.around(28),
            _ => office(at + self.dice.minutes(30, 900)),
        };
        self.plan(works, Plan::Work(incident, by));
    }

    /// They look at it, say what they find, and set the severity right.
    fn work(&mut self, at: Timestamp, incident: &IncidentId, by: &str) {
        if !self.engine.incident(incident).is_some_and(|it| matches!(it.state(), State::Open | State::Acknowledged)) {
            return;
        }
        let (trouble, id, name) = (self.trouble(incident), incident.clone(), by.to_owned());
        if trouble.source.is_some() {
            let note = "Seen on a phone of our own".to_owned();
            self.apply(at, Input::Verify { incident: id.clone(), by: name.clone(), note });
        }
        let severity = self.severity(incident);
        if self.turns(at, incident, by, &severity) {
            return;
        }
        self.apply(at, Input::Respond { incident: id.clone(), by: name.clone(), note: String::new() });
        let after = self.dice.minutes(2, 8);
        if severity != "SEV-4" {
            let significant = severity == "SEV-1" || severity == "SEV-2" && self.dice.chance(35);
            let impact = Impact {
                users_affected: Some(if significant { self.dice.between(60, 900) } else { self.dice.between(3, 60) }),
                significant: Some(significant),
                getting_worse: Some(self.dice.chance(8)),
                description: Some(trouble.seen.to_owned()),
                ..Impact::default()
            };
            self.plan(at + after, Plan::Do(Input::Assess { incident: id.clone(), by: name.clone(), impact }));
        }
        let other = match (severity.as_str(), self.dice.below(100)) {
            ("SEV-2", 0..13) => Some(("SEV-3", "Few notice it, and there is a way around it")),
            ("SEV-3", 0..6) => Some(("SEV-2", "Volunteers for tonight's shift are affected")),
            ("SEV-4", 0..4) => Some(("SEV-3", "It keeps people from signing up")),
            _ => None,
        };
        if let Some((severity, reason)) = other {
            let (severity, reason) = (severity.to_owned(), reason.to_owned());
            let set = Input::SetSeverity { incident: id.clone(), by: name.clone(), severity, reason };
            self.plan(at + after + TimeDelta::minutes(3), Plan::Do(set));
        }
        if severity == "SEV-3" && self.dice.chance(15) {
            self.plan(at + after, Plan::Do(Input::Declare { incident: id.clone(), by: name.clone() }));
        }
        if severity == "SEV-2" && self.dice.chance(8) {
            let reason = "It needs somebody who may change the network".to_owned();
            let level = Some("devops-lead".to_owned());
            let escalate = Input::Escalate { incident: id.clone(), by: name.clone(), level, reason };
            self.plan(at + after * 2, Plan::Do(escalate));
        }
        let first = self.dice.minutes(6, 14);
        self.plan(at + first, Plan::Update(id.clone(), name.clone()));
        let takes = self.dice.around(trouble.minutes);
        let mended = if severity == "SEV-4" { office(at + takes) } else { at + takes };
        if severity == "SEV-1" || severity == "SEV-2" {
            let text = "We have found the cause and are working on it.";
            let identified = public(&id, PublicStatus::Identified, text, trouble.noticed);
            self.plan(at + part(takes, 2), Plan::Do(identified));
        }
        self.plan(mended, Plan::Mended(id, name));
    }

    /// One in seven updates is forgotten, and some come late; and one that lacks a part is written again.
    fn update(&mut self, at: Timestamp, incident: &IncidentId, by: &str) {
        if !self.is_open(incident) {
            return;
        }
        let every = match self.severity(incident).as_str() {
            "SEV-1" => 15,
            "SEV-2" => 30,
            "SEV-3" => 60,
            _ => return,
        };
        let trouble = self.trouble(incident);
        if !self.dice.chance(14) {
            let begun = self.engine.incident(incident).and_then(kentongan::Incident::status_update).is_some();
            let (status, next) = if begun {
                (trouble.found, "We try the way out that we have found")
            } else {
                ("We are looking for the cause", "We compare with the last good state")
            };
            let eta = ["in half an hour", "within the hour", "not known yet"][usize::from(self.dice.chance(50))];
            let parts = [("status", status), ("impact", trouble.seen), ("next-steps", next), ("eta", eta)];
            let parts: BTreeMap<String, String> =
                parts.into_iter().map(|(part, text)| (part.to_owned(), text.to_owned())).collect();
            let mut short = parts.clone();
            if self.dice.chance(5) {
                short.remove("next-steps");
            }
            for parts in [short, parts] {
                let before = self.entries.len();
                let (incident, by, text) = (incident.clone(), by.to_owned(), String::new());
                self.apply(at, Input::Update { incident, by, text, parts });
                if self.entries.len() > before {
                    break;
                }
            }
        }
        let late = if self.dice.chance(15) { self.dice.minutes(1, 12) } else { -self.dice.minutes(1, 4) };
        self.plan(at + TimeDelta::minutes(every) + late, Plan::Update(incident.clone(), by.to_owned()));
    }

    /// It works again: monitoring sees it, and somebody watches for a while before they close it.
    fn mended(&mut self, at: Timestamp, incident: &IncidentId, by: &str) {
        if !self.is_open(incident) {
            return;
        }
        let trouble = self.trouble(incident);
        let hasty = trouble.source.is_none() && self.dice.chance(7);
        let watched = self.dice.minutes(4, 18);
        if !hasty && trouble.source.is_none() {
            let after = self.dice.minutes(0, 3);
            self.plan(at + after, Plan::Do(Input::Alert(alert(trouble, AlertStatus::Resolved))));
        }
        if matches!(self.severity(incident).as_str(), "SEV-1" | "SEV-2") {
            let text = "The service works again. We keep watching it.";
            self.plan(at + part(watched, 3), Plan::Do(public(incident, PublicStatus::Monitoring, text, "")));
        }
        self.plan(at + watched, Plan::Close(incident.clone(), by.to_owned(), hasty));
    }

    fn close(&mut self, at: Timestamp, incident: &IncidentId, by: &str, hasty: bool) {
        if !self.is_open(incident) {
            return;
        }
        let trouble = self.trouble(incident);
        let untold = self.dice.chance(4);
        for item in CHECKLIST.into_iter().filter(|item| !(untold && *item == "stakeholders")) {
            let (incident, item, by) = (incident.clone(), item.to_owned(), by.to_owned());
            self.apply(at, Input::CheckItem { incident, item, by });
        }
        let told_in_public = matches!(self.severity(incident).as_str(), "SEV-1" | "SEV-2");
        let override_reason = untold.then(|| "The committee hears of it in today's meeting".to_owned());
        let (by, note) = (by.to_owned(), trouble.mended.to_owned());
        self.apply(at, Input::Resolve { incident: incident.clone(), by, note, override_reason });
        if hasty {
            let after = self.dice.minutes(6, 50);
            // It fails again, though somebody said that it was over.
            self.plan(at + after, Plan::Do(Input::Alert(alert(trouble, AlertStatus::Firing))));
        } else if told_in_public {
            let after = self.dice.minutes(1, 10);
            let text = "The disruption is over. We are sorry for the trouble.";
            self.plan(at + after, Plan::Do(public(incident, PublicStatus::Resolved, text, "")));
        }
    }
}

/// A part of a length, in whole seconds.
fn part(length: TimeDelta, of: i64) -> TimeDelta {
    TimeDelta::seconds(length.num_seconds() / of)
}

/// A public update by whoever is Communications Lead, with the impact where it is said anew.
fn public(incident: &IncidentId, status: PublicStatus, text: &str, impact: &str) -> Input {
    Input::PublicUpdate {
        incident: incident.clone(),
        by: "dewi".to_owned(),
        status,
        text: text.to_owned(),
        issue: None,
        impact: Some(impact.to_owned()).filter(|impact| !impact.is_empty()),
        reason: None,
        override_reason: None,
    }
}

/// When whoever sleeps has risen.
fn awake(at: Timestamp) -> Timestamp {
    let now = local(at);
    let hours = (24 + 6 - i64::from(now.hour())) % 24;
    at + TimeDelta::hours(hours) + TimeDelta::minutes(60 - i64::from(now.minute()))
}
