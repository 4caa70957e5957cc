//! Why the state of an engine cannot be brought back.

/// Why a snapshot cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It is not a snapshot, or a damaged one.
    #[error("the snapshot cannot be read: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// A newer engine has written it.
    #[error("the snapshot has format {found}; this engine reads up to {supported}")]
    TooNew {
        /// Its format.
        found: u32,
        /// The newest format this engine reads.
        supported: u32,
    },
    /// It was taken under another policy.
    #[error("the snapshot was taken under policy `{found}`, not `{expected}`")]
    OtherPolicy {
        /// The digest in the snapshot.
        found: String,
        /// The digest of the policy at hand.
        expected: String,
    },
}

impl RestoreError {
    /// The stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable_snapshot",
            Self::TooNew { .. } => "snapshot_too_new",
            Self::OtherPolicy { .. } => "other_policy",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "replay the journal instead",
            Self::TooNew { .. } => "use the engine that wrote it, or a newer one",
            Self::OtherPolicy { .. } => {
                "restore it with the policy it was taken under, or replay the journal with the new one"
            }
        }
    }
}
