//! The templates of documents: those that come with the library, and those of a policy, which are tried when it is
//! loaded. One that fails all the same gives way to the one that comes with the library.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::fields::Fields;
use super::metrics::InvalidPeriod;
use super::template;
use crate::policy::Policy;
use crate::policy::document::DocumentKind;
use crate::routing::{TemplateError, refused};

/// A document that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What it says: Markdown, but for the topic of a channel, which is one line for Slack.
    pub text: String,
    /// Why the policy's own template could not be used, and the one that comes with the library was; none otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The journal knows of no such incident.
    #[error("the journal has no incident `{id}`")]
    UnknownIncident {
        /// The incident.
        id: String,
    },
    /// The engine has forgotten it, since the policy's retention was over.
    #[error("`{id}` was over on {over} and was forgotten on {forgotten}, when the policy's `retention` had passed")]
    Forgotten {
        /// The incident.
        id: String,
        /// When it was over, by the policy's zone.
        over: String,
        /// When it was forgotten.
        forgotten: String,
    },
    /// The public has been told nothing of it.
    #[error("the public has been told nothing of `{id}`")]
    NotPublic {
        /// The incident.
        id: String,
    },
    /// The policy has no such role.
    #[error("nobody is ever on call as `{role}`; {help}")]
    UnknownRole {
        /// The role.
        role: String,
        /// Which roles there are.
        help: String,
    },
    /// It is no month, or no quarter.
    #[error(transparent)]
    Period(#[from] InvalidPeriod),
    /// The journal tells of nothing.
    #[error("the journal is empty, so there is nothing to report on")]
    EmptyJournal,
    /// The journal tells of another time.
    #[error("the journal tells nothing of {period}: it goes from {began} to {ended}")]
    OutsideJournal {
        /// What was asked for.
        period: String,
        /// The first day of the journal.
        began: String,
        /// Its last.
        ended: String,
    },
    /// The template that comes with the library does not work.
    #[error("the template cannot be rendered: {reason}")]
    Template {
        /// Why.
        reason: String,
    },
}

impl DocumentError {
    /// The stable name of this kind of error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownIncident { .. } => "unknown_incident",
            Self::Forgotten { .. } => "forgotten_incident",
            Self::NotPublic { .. } => "not_public",
            Self::UnknownRole { .. } => "unknown_role",
            Self::Period(_) => "invalid_period",
            Self::EmptyJournal => "empty_journal",
            Self::OutsideJournal { .. } => "outside_journal",
            Self::Template { .. } => "invalid_template",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::UnknownIncident { .. } => "name one by its id, at an instant at which it is not forgotten",
            Self::Forgotten { .. } => {
                "ask for it as it stood before that instant; its post-mortem, its timeline and the reports still tell of it"
            }
            Self::NotPublic { .. } => "it has a page once something is posted, with `public_update` or by the policy",
            Self::UnknownRole { .. } => "name a role of `on_call`",
            Self::Period(_) => "write `2026-11` or `2026-Q4`",
            Self::EmptyJournal => "name a journal that an engine has written",
            Self::OutsideJournal { .. } => "choose a time that the journal tells of",
            Self::Template { .. } => "report it: the templates that come with the library can be rendered",
        }
    }
}

/// The template that comes with the library.
pub(super) const fn built_in(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Topic => include_str!("topic.jinja"),
        DocumentKind::StatusUpdate => include_str!("status-update.md.jinja"),
        DocumentKind::PublicUpdate => include_str!("public-update.md.jinja"),
        DocumentKind::Handoff => include_str!("handoff.md.jinja"),
        DocumentKind::Postmortem => include_str!("postmortem.md.jinja"),
        DocumentKind::Monthly => include_str!("monthly.md.jinja"),
        DocumentKind::Quarterly => include_str!("quarterly.md.jinja"),
    }
}

/// The templates that a policy writes its documents by. The functions of this module write by those of the policy that
/// the facts come from; with these a template is tried on a journal that was written under another policy.
#[derive(Debug, Clone, Copy)]
pub struct Templates<'a>(&'a Documents);

impl Policy {
    /// The templates that it writes documents by.
    #[must_use]
    pub fn templates(&self) -> Templates<'_> {
        Templates(self.documents())
    }
}

impl Templates<'_> {
    /// Writes a document.
    pub(super) fn write(self, kind: DocumentKind, facts: &impl Serialize) -> Result<Document, DocumentError> {
        self.0.write(kind, facts)
    }
}

/// The templates of one policy's own.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    own: BTreeMap<DocumentKind, String>,
}

impl Documents {
    /// Takes in a template of the policy's own. One that cannot be read, or asks for what there is not, is refused.
    pub(crate) fn replace(&mut self, kind: DocumentKind, source: &str) -> Result<(), TemplateError> {
        let mut environment = template::environment(kind);
        environment.set_debug(true);
        let compiled = environment.template_from_named_str(kind.as_str(), source);
        let compiled = compiled.map_err(|error| refused(&error, source))?;
        let fields = Fields::of(kind);
        let globals: Vec<&str> = environment.globals().map(|(name, _)| name).collect();
        fields.knows_all(&compiled, &globals, source)?;
        // Both where all that can be there is, and where nothing is.
        for sample in fields.samples() {
            if let Err(error) = compiled.render(Value::from(Serde(sample))) {
                return Err(fields.explained(refused(&error, source)));
            }
        }
        self.own.insert(kind, source.to_owned());
        Ok(())
    }

    /// Writes a document.
    fn write(&self, kind: DocumentKind, facts: &impl Serialize) -> Result<Document, DocumentError> {
        let facts = Value::from(Serde(facts));
        let own = self.own.get(&kind).map(|own| template::render(kind, own, &facts));
        let fault = match own {
            Some(Ok(text)) => return Ok(Document { text, fault: None }),
            Some(Err(error)) => Some(format!("`documents.{kind}`: {error}")),
            None => None,
        };
        let text = template::render(kind, built_in(kind), &facts);
        let text = text.map_err(|error| DocumentError::Template { reason: error.to_string() })?;
        Ok(Document { text, fault })
    }
}
