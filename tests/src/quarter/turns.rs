//! What few incidents have: drills, duplicates, parts that go their own way, what is put off or waits, and false alarms.

use chrono::TimeDelta;
use kentongan::{AlertStatus, IncidentId, Input, Timestamp};

use super::response::Plan;
use super::troubles::{TROUBLES, Trouble};
use super::{World, alert};

impl World {
    /// What happens once or twice, each at a time of its own.
    pub(super) fn plan_turns(&mut self) {
        let at = |text: &str| -> Timestamp { text.parse().expect(text) };
        for day in ["2026-10-14T03:00:00Z", "2026-12-09T06:30:00Z"] {
            self.plan(at(day), Plan::Do(drill(named("Panic button does not answer"))));
        }
        // Dispatch is slow since the API fails, which nobody knows at first.
        let (cause, effect) = (named("Errors on the Emergency API"), named("Dispatch is slow"));
        let begins = at("2026-11-18T02:10:00Z");
        self.plan(begins, Plan::Fail(cause));
        self.plan(begins + TimeDelta::minutes(3), Plan::Fail(effect));
        self.plan(begins + TimeDelta::minutes(16), Plan::Merge(effect, cause));
        // Two regions fail at once, and not for the same reason.
        let regions = named("Panic button fails in one region");
        let begins = at("2026-10-27T06:00:00Z");
        self.plan(begins, Plan::Fail(regions));
        self.plan(begins + TimeDelta::minutes(2), Plan::Do(Input::Alert(in_the_west(regions, AlertStatus::Firing))));
        self.plan(begins + TimeDelta::minutes(13), Plan::Split(regions));
        let mended = Input::Alert(in_the_west(regions, AlertStatus::Resolved));
        self.plan(begins + TimeDelta::minutes(95), Plan::Do(mended));
    }

    pub(super) fn merge(&mut self, at: Timestamp, effect: &Trouble, cause: &Trouble) {
        let (Some(incident), Some(into)) = (self.open(effect), self.open(cause)) else { return };
        let reason = "Dispatch waits for the Emergency API and is slow for no reason of its own".to_owned();
        self.apply(at, Input::Merge { incident, into, by: "agus".to_owned(), reason });
    }

    pub(super) fn split(&mut self, at: Timestamp, trouble: &Trouble) {
        let Some(incident) = self.open(trouble) else { return };
        let alerts = [in_the_west(trouble, AlertStatus::Firing).key].into();
        let reason = "The west has lost its own line, which is another matter".to_owned();
        self.apply(at, Input::Split { incident, alerts, title: None, by: "agus".to_owned(), reason });
    }

    /// It is none, can wait, or waits for others; whether nothing more is to be done of it now.
    pub(super) fn turns(&mut self, at: Timestamp, incident: &IncidentId, by: &str, severity: &str) -> bool {
        let (trouble, id, by) = (self.trouble(incident), incident.clone(), by.to_owned());
        let monitored = trouble.source.is_none();
        if monitored && matches!(severity, "SEV-2" | "SEV-3") && self.dice.chance(4) {
            let reason = "The probe had lost its own network, and calls went through all the time".to_owned();
            self.apply(at, Input::FalseAlarm { incident: id.clone(), by: by.clone(), reason });
            // What was real before and opened again is no false alarm; they look at it.
            if self.engine.incident(&id).is_some_and(|it| it.state().is_resolved()) {
                let over = Input::Alert(alert(trouble, AlertStatus::Resolved));
                self.plan(at + TimeDelta::minutes(4), Plan::Do(over));
                return true;
            }
        }
        if severity == "SEV-3" && self.dice.chance(7) {
            let until = at + self.dice.minutes(60, 150);
            let reason = "The provider works on it and answers in two hours".to_owned();
            self.apply(at, Input::Snooze { incident: id.clone(), by, until, reason });
            let after = self.dice.minutes(2, 12);
            self.plan(until + after, Plan::Answer(id, 0));
            return true;
        }
        if severity == "SEV-2" && self.dice.chance(8) {
            let (from, length) = (at + TimeDelta::minutes(15), self.dice.minutes(12, 35));
            let reason = "The provider's engineer is on the way".to_owned();
            let pause = Input::Pause { incident: id.clone(), by: by.clone(), until: None, reason };
            self.plan(from, Plan::Do(pause));
            self.plan(from + length, Plan::Do(Input::Resume { incident: id, by }));
        }
        false
    }

    /// The incident that a trouble is, while it is open and no drill; the first where there are several.
    fn open(&self, trouble: &Trouble) -> Option<IncidentId> {
        let same = self.engine.incidents().filter(|it| {
            let known = it.service() == Some(trouble.service) && it.title() == trouble.summary;
            known && !it.is_drill() && !it.state().is_resolved()
        });
        same.min_by_key(|it| it.opened_at()).map(|it| it.id().clone())
    }
}

fn named(summary: &str) -> &'static Trouble {
    TROUBLES.iter().find(|trouble| trouble.summary == summary).expect("there is such a trouble")
}

/// The second alert of a trouble, which monitoring groups with the first.
fn in_the_west(trouble: &Trouble, status: AlertStatus) -> kentongan::Alert {
    let mut alert = alert(trouble, status);
    alert.key.push_str("/west");
    alert
}

fn drill(trouble: &Trouble) -> Input {
    Input::Detect {
        id: None,
        source: "error-rate".to_owned(),
        by: "agus".to_owned(),
        service: Some(trouble.service.to_owned()),
        title: trouble.summary.to_owned(),
        text: trouble.seen.to_owned(),
        labels: [("impact".to_owned(), trouble.impact.to_owned())].into(),
        values: std::collections::BTreeMap::new(),
        drill: true,
    }
}
