//! What an engine can be asked, in one form for the engine alone and for the one with a journal.

use kentongan::policy::document::DocumentKind;
use kentongan::report::{Document, DocumentError, Templates};
use kentongan::{Engine, IncidentId};
use kentongan_ingest::ics::{Export, Shift};
use kentongan_lab::HandoffView;
use kentongan_lab::chart::{Chart, Role};
use serde::Deserialize;

use crate::incident::{self, IncidentView};
use crate::policy::NativePolicy;
use crate::problem::{Problem, instant, json, millis};

/// A question, and whose templates a document is written by.
pub(crate) struct Question {
    what: What,
    templates: Option<std::sync::Arc<kentongan::Policy>>,
}

/// What is asked. Instants are milliseconds since 1970.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase")]
enum What {
    Wakeup,
    Now,
    Incident { id: String },
    Incidents { after: Option<String>, limit: u32 },
    RoleHolders { incident: String, role: String },
    Who { role: String, at: f64 },
    Duty { role: String, at: f64 },
    NextInLine { role: String, at: f64 },
    NextChange { role: String, after: f64 },
    Coverage { role: String, from: f64, to: f64 },
    ShadowShifts { role: String, from: f64, to: f64 },
    ShiftsSvg { roles: Vec<String>, from: f64, to: f64, mark: Option<f64> },
    ShiftsIcs { role: String, from: f64, to: f64 },
    Handoffs,
    Document { kind: DocumentKind, subject: String },
}

impl Question {
    pub(crate) fn read(text: &str, templates: Option<&NativePolicy>) -> Result<Self, Problem> {
        let what = serde_json::from_str(text).map_err(|error| Problem::unreadable("a question", &error))?;
        Ok(Self { what, templates: templates.map(NativePolicy::shared) })
    }

    /// The answer, as JSON.
    pub(crate) fn answer(&self, engine: &Engine) -> Result<String, Problem> {
        Ok(match &self.what {
            What::Wakeup => json(&engine.wakeup().map(millis)),
            What::Now => json(&engine.now().map(millis)),
            What::Incident { id } => json(&engine.incident(&IncidentId::from(id.as_str())).map(IncidentView::of)),
            What::Incidents { after, limit } => {
                json(&incident::page(engine, after.as_deref().map(IncidentId::from).as_ref(), *limit))
            }
            What::RoleHolders { incident, role } => {
                let incident = engine.incident(&IncidentId::from(incident.as_str()));
                json(&incident.map(|incident| engine.role_holders(incident, role)).unwrap_or_default())
            }
            What::Who { role, at } => json(&engine.who(role, instant(*at)?)),
            What::Duty { role, at } => json(&engine.duty(role, instant(*at)?)),
            What::NextInLine { role, at } => json(&engine.next_in_line(role, instant(*at)?)),
            What::NextChange { role, after } => json(&engine.next_change(role, instant(*after)?).map(millis)),
            What::Coverage { role, from, to } => json(&engine.coverage(role, instant(*from)?, instant(*to)?)),
            What::ShadowShifts { role, from, to } => json(&engine.shadow_shifts(role, instant(*from)?, instant(*to)?)),
            What::ShiftsSvg { roles, from, to, mark } => {
                let (from, to, now) = (instant(*from)?, instant(*to)?, mark.map(instant).transpose()?);
                let (title, zone) = (engine.policy().name().to_owned(), engine.policy().zone().clone());
                let roles = roles.iter().flat_map(|role| Role::of(engine, role, from, to)).collect();
                json(&Chart { title, zone, from, to, now, roles }.svg())
            }
            What::ShiftsIcs { role, from, to } => {
                let policy = engine.policy();
                let shifts = Shift::whole(engine, role, instant(*from)?, instant(*to)?);
                json(&Export { policy: policy.name(), role, people: &policy.document().people }.write(&shifts))
            }
            What::Handoffs => json(&HandoffView::list(engine)),
            What::Document { kind, subject } => {
                let by = self.templates.as_ref().unwrap_or(engine.policy()).templates();
                json(&written(engine, by, *kind, subject)?)
            }
        })
    }
}

/// A document of an engine as it stands. The others are told by a journal alone.
fn written(engine: &Engine, by: Templates<'_>, kind: DocumentKind, subject: &str) -> Result<Document, DocumentError> {
    let id = IncidentId::from(subject);
    match kind {
        DocumentKind::Topic => by.topic(engine, &id),
        DocumentKind::StatusUpdate => by.status_update(engine, &id),
        DocumentKind::PublicUpdate => by.public_update(engine, &id),
        DocumentKind::Handoff => by.handoff(engine, subject),
        DocumentKind::Postmortem | DocumentKind::Monthly | DocumentKind::Quarterly => {
            Err(DocumentError::UnknownIncident { id: subject.to_owned() })
        }
    }
}
