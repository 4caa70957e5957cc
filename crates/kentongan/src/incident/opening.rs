//! How every incident begins.

use std::collections::{BTreeMap, BTreeSet};

use super::{Impact, Incident, IncidentId, Kin, PublicPage, PublicTold, RoleWatch, SaidInside, State, Verification};
use crate::alert::{Alert, AlertStatus};
use crate::escalation::Climb;
use crate::postmortem::Told;
use crate::routing::one_line;
use crate::time::Timestamp;

impl Incident {
    /// One of which nothing is known but its alert. Whoever opens it gives it a severity.
    pub(crate) fn open(id: IncidentId, key: String, alert: Alert, now: Timestamp) -> Self {
        Self {
            id,
            key,
            title: one_line(alert.title()),
            because: String::new(),
            severity: String::new(),
            worst: String::new(),
            classified: String::new(),
            state: State::Open,
            opened_at: now,
            since: now,
            acknowledged: None,
            responded: None,
            declared: None,
            resolved: None,
            closing_note: None,
            false_alarm: None,
            real_before: false,
            kin: Kin::default(),
            drill: false,
            alerts: BTreeMap::from([(alert.key.clone(), AlertStatus::Firing)]),
            alert,
            clocks: BTreeMap::new(),
            paused: None,
            snoozed: None,
            muted: None,
            climb: Climb::start(None, now, now),
            held: Vec::new(),
            routes_told: BTreeMap::new(),
            channel: None,
            told: BTreeSet::new(),
            heard: false,
            public: PublicTold::Nothing,
            public_asked_at: None,
            impact: Impact::default(),
            postmortem: None,
            postmortem_told: Told::default(),
            verification: Verification::Needless,
            checklist: BTreeMap::new(),
            status_update: None,
            said_inside: SaidInside::default(),
            public_page: PublicPage::default(),
            roles: BTreeMap::new(),
            role_watch: RoleWatch::default(),
            unreachable: BTreeSet::new(),
            faults: BTreeSet::new(),
            active_at: now,
            reminded_at: now,
            untracked: false,
            next_effect: 1,
            outbox: BTreeMap::new(),
        }
    }
}
