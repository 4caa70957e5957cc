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

/// What is asked. Instants are milliseconds since 1970.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase")]
pub(crate) enum Question {
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
}

impl Question {
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|error| Problem::unreadable("a question", &error))
    }

    /// The answer, as JSON.
    pub(crate) fn answer(&self, engine: &Engine) -> Result<String, Problem> {
        Ok(match self {
            Self::Wakeup => json(&engine.wakeup().map(millis)),
            Self::Now => json(&engine.now().map(millis)),
            Self::Incident { id } => json(&engine.incident(&IncidentId::from(id.as_str())).map(IncidentView::of)),
            Self::Incidents { after, limit } => {
                json(&incident::page(engine, after.as_deref().map(IncidentId::from).as_ref(), *limit))
            }
            Self::RoleHolders { incident, role } => {
                let incident = engine.incident(&IncidentId::from(incident.as_str()));
                json(&incident.map(|incident| engine.role_holders(incident, role)).unwrap_or_default())
            }
            Self::Who { role, at } => json(&engine.who(role, instant(*at)?)),
            Self::Duty { role, at } => json(&engine.duty(role, instant(*at)?)),
            Self::NextInLine { role, at } => json(&engine.next_in_line(role, instant(*at)?)),
            Self::NextChange { role, after } => json(&engine.next_change(role, instant(*after)?).map(millis)),
            Self::Coverage { role, from, to } => json(&engine.coverage(role, instant(*from)?, instant(*to)?)),
            Self::ShadowShifts { role, from, to } => json(&engine.shadow_shifts(role, instant(*from)?, instant(*to)?)),
            Self::ShiftsSvg { roles, from, to, mark } => {
                let (from, to, now) = (instant(*from)?, instant(*to)?, mark.map(instant).transpose()?);
                let (title, zone) = (engine.policy().name().to_owned(), engine.policy().zone().clone());
                let roles = roles.iter().flat_map(|role| Role::of(engine, role, from, to)).collect();
                json(&Chart { title, zone, from, to, now, roles }.svg())
            }
            Self::ShiftsIcs { role, from, to } => {
                let policy = engine.policy();
                let shifts = Shift::whole(engine, role, instant(*from)?, instant(*to)?);
                json(&Export { policy: policy.name(), role, people: &policy.document().people }.write(&shifts))
            }
            Self::Handoffs => json(&HandoffView::list(engine)),
        })
    }
}

/// A document in pages, or why there is none.
type Written = Result<Vec<Vec<u8>>, Problem>;

/// What writes a document of an engine as it stands, by the templates of another policy if one is given.
pub(crate) fn writer(
    kind: &str,
    subject: String,
    templates: Option<&NativePolicy>,
) -> Result<impl FnOnce(&Engine) -> Written + Send + use<>, Problem> {
    let kind =
        serde_json::from_value(kind.into()).map_err(|error| Problem::unreadable("a kind of document", &error))?;
    let templates = templates.map(NativePolicy::shared);
    Ok(move |engine: &Engine| {
        let by = templates.as_ref().unwrap_or(engine.policy()).templates();
        Ok(pages(written(engine, by, kind, &subject)?))
    })
}

/// A document in pages: its text, and why the policy's own template was not used, if it was not. As they are, since one of
/// many incidents is long, and JSON would have to be read at one go.
pub(crate) fn pages(document: Document) -> Vec<Vec<u8>> {
    [Some(document.text), document.fault].into_iter().flatten().map(String::into_bytes).collect()
}

/// The others are told by a journal alone.
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
