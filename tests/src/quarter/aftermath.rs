//! What people do once an incident is over: the post-mortem, and what it asks for.

use chrono::TimeDelta;
use kentongan::postmortem::{Lessons, PostmortemImpact, Why};
use kentongan::{Incident, IncidentId, Input, Timestamp};

use super::response::Plan;
use super::troubles::Trouble;
use super::{World, local, office};

impl World {
    /// Somebody is to write one. Nobody does while the incident is open.
    pub(super) fn plan_postmortem(&mut self, at: Timestamp, incident: &IncidentId) {
        let after = self.dice.minutes(120, 400);
        self.plan(office(at + after), Plan::Learn(incident.clone()));
    }

    pub(super) fn learn(&mut self, at: Timestamp, incident: &IncidentId) {
        let Some(known) = self.engine.incident(incident) else { return };
        if !known.state().is_resolved() {
            self.plan(office(at + TimeDelta::hours(5)), Plan::Learn(incident.clone()));
            return;
        }
        let (severity, trouble) = (known.severity().to_owned(), self.trouble(incident));
        let by = known.resolved().map(|deed| deed.by.clone()).unwrap_or_default();
        if trouble.whys.is_empty() {
            // One in six is neither written nor given up.
            if !self.dice.chance(16) {
                let reason = "It took long because it could wait: there is nothing to learn from it".to_owned();
                let waive = Input::WaivePostmortem { incident: incident.clone(), by: "agus".to_owned(), reason };
                self.plan(office(at + TimeDelta::hours(20)), Plan::Do(waive));
            }
            return;
        }
        let meets = office(at + TimeDelta::days(1) + self.dice.minutes(30, 300));
        let (attendees, agenda) = (Vec::new(), Vec::new());
        let plan = Input::PlanMeeting { incident: incident.clone(), by: by.clone(), at: meets, attendees, agenda };
        self.plan(at, Plan::Do(plan));
        // The worse it was, the more is made of it.
        let urgency: u64 = if severity == "SEV-1" { 0 } else { 15 };
        let fate = self.dice.below(100) + urgency;
        if fate >= 103 {
            return;
        }
        let late = fate >= 72;
        let writes = office(at + self.dice.minutes(1_000, if late { 6_000 } else { 2_000 }));
        let writes = writes.max(office(meets + TimeDelta::hours(1)));
        let written = self.written(incident, &by, trouble);
        self.plan(writes, Plan::Do(written));
        self.plan_actions(writes, incident, &by, trouble);
        if fate >= 97 {
            return;
        }
        let submits = office(writes + self.dice.minutes(60, if late { 8_000 } else { 700 }));
        self.plan_review(submits, incident, &by);
    }

    /// It is handed in, looked at, sometimes sent back, and published.
    fn plan_review(&mut self, submits: Timestamp, incident: &IncidentId, by: &str) {
        let submit = |by: &str| Input::SubmitPostmortem { incident: incident.clone(), by: by.to_owned() };
        let review = |approved: bool, note: &str| Input::ReviewPostmortem {
            incident: incident.clone(),
            // Who leads the operations of the day does not review what they have led.
            by: if by == "agus" { "ratna" } else { "agus" }.to_owned(),
            approved,
            note: note.to_owned(),
        };
        self.plan(submits, Plan::Do(submit(by)));
        let mut reviewed = office(submits + self.dice.minutes(40, 1_300));
        if self.dice.chance(18) {
            let note = "Say what we will do about it, not who did it";
            self.plan(reviewed, Plan::Do(review(false, note)));
            let again = office(reviewed + self.dice.minutes(60, 900));
            self.plan(again, Plan::Do(submit(by)));
            reviewed = office(again + self.dice.minutes(40, 600));
        }
        self.plan(reviewed, Plan::Do(review(true, "")));
        let link = format!("https://github.com/kreki/information-systems/blob/main/post-mortems/{incident}.md");
        let (incident, by, link) = (incident.clone(), by.to_owned(), Some(link));
        let publish = Input::PublishPostmortem { incident, by, link };
        let published = office(reviewed + self.dice.minutes(10, 240));
        self.plan(published, Plan::Do(publish));
    }

    fn written(&mut self, incident: &IncidentId, by: &str, trouble: &Trouble) -> Input {
        let known = self.engine.incident(incident);
        let users = known.and_then(|it| it.impact().users_affected).unwrap_or_default();
        let opened = known.map(Incident::opened_at).unwrap_or_default();
        let answered = known.and_then(Incident::acknowledged).map(|deed| (deed.at - opened).num_minutes());
        let went_well = match answered {
            Some(0..=5) => "Somebody was there within five minutes",
            Some(6..=30) => "The page arrived, and was answered",
            _ => "Whoever came on at last knew what to do",
        };
        let to_improve = match answered {
            Some(0..=15) => "The first update said little",
            _ => "It took long until anybody answered",
        };
        let to_change = trouble.actions.iter().map(|(_, text, ..)| (*text).to_owned()).collect();
        let names_cause = self.dice.chance(85);
        Input::WritePostmortem {
            incident: incident.clone(),
            by: by.to_owned(),
            title: None,
            summary: Some(format!("{}. {}. {}.", trouble.seen, trouble.found, trouble.mended)),
            impact: Some(PostmortemImpact {
                users: format!("About {users}: {}", trouble.seen),
                services: trouble.service.to_owned(),
                business: "The hotline had more calls than usual".to_owned(),
            }),
            whys: Some(
                trouble
                    .whys
                    .iter()
                    .map(|(question, answer)| Why { question: (*question).to_owned(), answer: (*answer).to_owned() })
                    .collect(),
            ),
            root_cause: Some(trouble.root_cause.to_owned()),
            cause: names_cause.then(|| trouble.cause.to_owned()),
            lessons: Some(Lessons {
                went_well: vec![went_well.to_owned()],
                to_improve: vec![to_improve.to_owned()],
                to_change,
            }),
            follow_up: None,
            owner: None,
        }
    }

    /// What is to be done is done in time, late, not yet, or given up.
    fn plan_actions(&mut self, at: Timestamp, incident: &IncidentId, by: &str, trouble: &Trouble) {
        for (action, text, owner, days) in trouble.actions {
            let due_at = at + TimeDelta::minutes(i64::try_from(days * 24 * 60).unwrap_or_default());
            let add = Input::AddAction {
                incident: incident.clone(),
                action: (*action).to_owned(),
                by: by.to_owned(),
                text: (*text).to_owned(),
                owner: Some((*owner).to_owned()),
                due: Some(local(due_at).date_naive()),
            };
            self.plan(at + TimeDelta::minutes(5), Plan::Do(add));
            let (incident, action) = (incident.clone(), (*action).to_owned());
            let half = (due_at - at) / 2;
            match self.dice.below(100) {
                0..58 => {
                    let done = office(at + half + self.dice.minutes(60, 1_200));
                    self.plan(done, Plan::Do(Input::FinishAction { incident, action, by: by.to_owned() }));
                }
                58..78 => {
                    let done = office(due_at + self.dice.minutes(1_500, 12_000));
                    self.plan(done, Plan::Do(Input::FinishAction { incident, action, by: by.to_owned() }));
                }
                78..83 => {
                    let reason = "Another incident's action covers it".to_owned();
                    let by = "agus".to_owned();
                    self.plan(office(due_at), Plan::Do(Input::DropAction { incident, action, by, reason }));
                }
                _ => {}
            }
        }
    }
}
