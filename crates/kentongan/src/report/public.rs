//! What the public reads of an incident, as a page of its own. Its facts are those of what is posted, and no others.

use super::documents::{Document, DocumentError, Templates};
use crate::engine::Engine;
use crate::incident::IncidentId;
use crate::policy::document::DocumentKind;
use crate::routing::PublicFacts;

/// The public update of an incident, in Markdown: the latest post, and those before it.
///
/// # Errors
///
/// When the engine knows of no such incident, or the public has been told nothing of it.
pub fn public_update(engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
    engine.policy().templates().public_update(engine, id)
}

impl Templates<'_> {
    /// The public update of an incident, as [`public_update`] writes it.
    ///
    /// # Errors
    ///
    /// When the engine knows of no such incident, or the public has been told nothing of it.
    pub fn public_update(self, engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
        let incident = engine.incident(id).ok_or_else(|| DocumentError::UnknownIncident { id: id.to_string() })?;
        let Some((latest, before)) = incident.public_page().posts.split_last() else {
            return Err(DocumentError::NotPublic { id: id.to_string() });
        };
        let facts = PublicFacts::of(engine.policy(), incident, (latest.status, &latest.text), before);
        self.write(DocumentKind::PublicUpdate, &facts)
    }
}
