//! What a record holds: an input, or a reload of the policy.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kentongan::{Engine, Input, Policy, Rejected, Reload, Step, Timestamp};
use serde::{Deserialize, Serialize};

/// What was handed in.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every record is an input, and they come one by one")]
pub enum Content {
    /// An input.
    Input(Input),
    /// Another policy. The policies themselves are not in a journal: they are named by their digests.
    Reload(Reload),
}

/// Policies by their digests: the one in force, and those before it that a replay needs.
#[derive(Debug, Clone, Default)]
pub struct Policies(BTreeMap<String, Arc<Policy>>);

/// A policy that a journal names, and nobody has handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPolicy {
    /// Its digest.
    pub digest: String,
}

impl Policies {
    /// The policy of a digest.
    ///
    /// # Errors
    ///
    /// When it is not among them.
    pub fn find(&self, digest: &str) -> Result<&Arc<Policy>, MissingPolicy> {
        self.0.get(digest).ok_or_else(|| MissingPolicy { digest: digest.to_owned() })
    }

    /// Adds one.
    pub fn add(&mut self, policy: Arc<Policy>) {
        self.0.insert(policy.digest().to_owned(), policy);
    }
}

impl FromIterator<Arc<Policy>> for Policies {
    fn from_iter<I: IntoIterator<Item = Arc<Policy>>>(policies: I) -> Self {
        let mut found = Self::default();
        policies.into_iter().for_each(|policy| found.add(policy));
        found
    }
}

impl fmt::Display for MissingPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policy `{}` is needed to live through the journal again", self.digest)
    }
}

impl MissingPolicy {
    /// The stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "missing_policy"
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "hand in the policies that were in force before a reload as well: their files as they were then"
    }
}

impl Content {
    /// Does with an engine what was done when it was recorded.
    ///
    /// # Errors
    ///
    /// When the policy of a reload is missing. The engine is as it was; it may refuse what is handed in as well.
    pub fn on(
        self,
        engine: &mut Engine,
        at: Timestamp,
        policies: &Policies,
    ) -> Result<Result<Step, Rejected>, MissingPolicy> {
        match self {
            Self::Input(input) => Ok(engine.apply(at, input)),
            Self::Reload(reload) => {
                let policy = Arc::clone(policies.find(&reload.to)?);
                Ok(engine.reload(at, policy, &reload.severities))
            }
        }
    }
}

/// What was handed in, and when, as a host keeps it in a store of its own: `{"at", "input"}` or `{"at", "reload"}`. More
/// fields are passed over.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
#[non_exhaustive]
pub struct Line {
    /// When it was handed in.
    pub at: Timestamp,
    /// What was handed in.
    pub content: Content,
}

#[derive(Deserialize)]
struct Fields {
    at: Timestamp,
    input: Option<Input>,
    reload: Option<Reload>,
}

impl TryFrom<Fields> for Line {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        Ok(Self { at: fields.at, content: Content::of(fields.input, fields.reload)? })
    }
}

impl Content {
    /// The one of the two fields that is there.
    pub(crate) fn of(input: Option<Input>, reload: Option<Reload>) -> Result<Self, &'static str> {
        match (input, reload) {
            (Some(input), None) => Ok(Self::Input(input)),
            (None, Some(reload)) => Ok(Self::Reload(reload)),
            (None, None) => Err("missing field `input`"),
            (Some(_), Some(_)) => Err("`input` and `reload` exclude each other"),
        }
    }

    /// The same, to be written: fields that are not there are left out.
    pub(crate) fn fields(&self) -> (Option<&Input>, Option<&Reload>) {
        match self {
            Self::Input(input) => (Some(input), None),
            Self::Reload(reload) => (None, Some(reload)),
        }
    }
}

/// How a journal came to the policy that it ends under.
///
/// A reload moves what is open to another policy, and a replay does it again. A record under another policy without a
/// reload before it says that the journal was adopted: everything before it is lived through under that policy alone,
/// reloads passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Course {
    /// The digest of the policy that the first record is lived through under.
    pub begins_under: String,
    /// The number of the record from which on reloads count.
    pub since: u64,
    /// The digest of the policy that it ends under.
    pub ends_under: String,
}

impl Course {
    /// The course of a journal, record by record: `before` is that of the records before this one.
    #[must_use]
    pub fn after(before: Option<Self>, seq: u64, policy: &str, reload: Option<&Reload>) -> Self {
        let from = reload.map_or(policy, |reload| &reload.from);
        let mut course = before.filter(|course| course.ends_under == from).unwrap_or_else(|| Self::adopted(seq, from));
        policy.clone_into(&mut course.ends_under);
        course
    }

    /// A journal that is lived through under one policy alone up to this record.
    #[must_use]
    pub fn adopted(seq: u64, policy: &str) -> Self {
        Self { begins_under: policy.to_owned(), since: seq, ends_under: policy.to_owned() }
    }
}
