//! A journal that is lived through for what it tells: its engine as it stands in the end, and the account of all of it.

use std::path::Path;
use std::sync::Arc;

use kentongan::policy::document::DocumentKind;
use kentongan::report::metrics::{Month, MonthlyReport, Quarter, QuarterlyReview};
use kentongan::report::{Chronicle, Document, DocumentError, Templates};
use kentongan::{Engine, IncidentId, Input, Policy, Timestamp};

use crate::content::{Content, MissingPolicy, Policies};
use crate::error::JournalError;
use crate::reading::read;

/// What a journal comes to, for whoever reports on it.
#[derive(Debug)]
pub struct History {
    engine: Engine,
    chronicle: Chronicle,
}

impl History {
    /// One of which nothing is told yet. What comes is lived through under this policy, until a reload.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { engine: Engine::new(policy), chronicle: Chronicle::new() }
    }

    /// That of a journal's file, up to an instant or its end. It begins under the policy that the first record names,
    /// where that is at hand, and under `policy` otherwise; `policies` are those that reloads move to.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is damaged, was written under none of the policies, or a policy of a reload is not
    /// at hand.
    pub fn of_file(
        path: impl AsRef<Path>,
        policy: Arc<Policy>,
        mut policies: Policies,
        until: Option<Timestamp>,
    ) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let expected = policy.digest().to_owned();
        policies.add(Arc::clone(&policy));
        let mut history: Option<Self> = None;
        let (mut known, mut found) = (false, None);
        for record in read(path)? {
            let record = record?;
            if until.is_some_and(|until| until < record.at) {
                break;
            }
            let history = history.get_or_insert_with(|| {
                let first = match &record.content {
                    Content::Input(_) => &record.policy,
                    Content::Reload(reload) => &reload.from,
                };
                Self::new(policies.find(first).map_or_else(|_| Arc::clone(&policy), Arc::clone))
            });
            known |= policies.find(&record.policy).is_ok();
            found.get_or_insert_with(|| record.policy.clone());
            let taken = history.take(record.at, record.content, &policies);
            taken.map_err(|missing| JournalError::MissingPolicy { path: path.to_owned(), missing })?;
        }
        if let Some(found) = found.filter(|_| !known) {
            return Err(JournalError::OtherPolicy { path: path.to_owned(), found, expected });
        }
        let mut history = history.unwrap_or_else(|| Self::new(policy));
        if let Some(until) = until {
            history.advance(until);
        }
        Ok(history)
    }

    /// Takes in one record. What was refused then is refused now, and came to nothing.
    ///
    /// # Errors
    ///
    /// When the policy of a reload is not at hand.
    pub fn take(&mut self, at: Timestamp, content: Content, policies: &Policies) -> Result<(), MissingPolicy> {
        match content {
            Content::Input(input) => {
                if let Ok(step) = self.engine.apply(at, input.clone()) {
                    self.chronicle.take(at, &input, &step, &self.engine);
                }
            }
            Content::Reload(reload) => {
                let severities = reload.severities.clone();
                if let Ok(step) = Content::Reload(reload).on(&mut self.engine, at, policies)? {
                    self.chronicle.take_reload(&step, &self.engine, &severities);
                }
            }
        }
        Ok(())
    }

    /// Lets time pass: what is due by then has happened, whether somebody called or not.
    pub fn advance(&mut self, at: Timestamp) {
        if let Ok(step) = self.engine.advance(at) {
            self.chronicle.take(at, &Input::Tick, &step, &self.engine);
        }
    }

    /// The engine at its end.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The account of all of it.
    #[must_use]
    pub fn chronicle(&self) -> &Chronicle {
        &self.chronicle
    }

    /// The report on a month.
    ///
    /// # Errors
    ///
    /// When it tells nothing of the month.
    pub fn monthly(&self, month: Month) -> Result<MonthlyReport, DocumentError> {
        MonthlyReport::of(self.engine.policy(), &self.chronicle, month)
    }

    /// The review of a quarter.
    ///
    /// # Errors
    ///
    /// When it tells nothing of the quarter.
    pub fn quarterly(&self, quarter: Quarter) -> Result<QuarterlyReview, DocumentError> {
        QuarterlyReview::of(self.engine.policy(), &self.chronicle, quarter)
    }

    /// A document: that of an incident by its id, of a hand-off by its role, of a month or a quarter as it is written.
    ///
    /// # Errors
    ///
    /// When it tells nothing of it, or has forgotten it since.
    pub fn document(&self, kind: DocumentKind, subject: &str) -> Result<Document, DocumentError> {
        self.document_by(self.engine.policy().templates(), kind, subject)
    }

    /// A document by other templates than those of the policy that it ends under: what it says is the same.
    ///
    /// # Errors
    ///
    /// When it tells nothing of it, or has forgotten it since.
    pub fn document_by(
        &self,
        templates: Templates<'_>,
        kind: DocumentKind,
        subject: &str,
    ) -> Result<Document, DocumentError> {
        let id = IncidentId::from(subject);
        let (engine, policy) = (&self.engine, self.engine.policy());
        let account = self.chronicle.account(&id);
        let document = match kind {
            DocumentKind::Topic => templates.topic(engine, &id),
            DocumentKind::StatusUpdate => templates.status_update(engine, &id),
            DocumentKind::PublicUpdate => templates.public_update(engine, &id),
            DocumentKind::Handoff => templates.handoff(engine, subject),
            DocumentKind::Postmortem => match account {
                Some(account) => templates.postmortem(policy, account, subject, engine.now().unwrap_or_default()),
                None => Err(DocumentError::UnknownIncident { id: subject.to_owned() }),
            },
            DocumentKind::Monthly => self.monthly(subject.parse()?)?.markdown_by(templates, policy),
            DocumentKind::Quarterly => self.quarterly(subject.parse()?)?.markdown_by(templates, policy),
        };
        // What is not there any more was there once.
        document.map_err(|error| match error {
            DocumentError::UnknownIncident { .. } => {
                account.and_then(|account| account.why_gone(policy)).unwrap_or(error)
            }
            other => other,
        })
    }
}
