//! The time since an incident opened, as conditions compare with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::limits;
use crate::time::{Duration, Timestamp};

/// The time since an incident opened, which notes each instant at which a comparison with it would change.
///
/// Compared with lengths in milliseconds, as `hours(1)` gives them.
#[derive(Debug, Clone)]
pub(crate) struct Elapsed {
    millis: i64,
    next_change: Arc<AtomicI64>,
}

impl Elapsed {
    pub(crate) fn of(length: Duration) -> Self {
        Self { millis: length.as_millis(), next_change: Arc::new(AtomicI64::new(i64::MAX)) }
    }

    /// Notes that a comparison with `millis` changes there, or a millisecond after.
    pub(in crate::rules) fn compared_with(&self, millis: i64) -> std::cmp::Ordering {
        for change in [millis, millis.saturating_add(1)] {
            if change > self.millis {
                self.next_change.fetch_min(change, Ordering::Relaxed);
            }
        }
        self.millis.cmp(&millis)
    }

    /// The earliest instant at which a comparison made so far would come out otherwise.
    ///
    /// Conditions are pure, so until then, and while nothing else changes, they give the same answer.
    pub(crate) fn changes_at(&self, opened_at: Timestamp) -> Option<Timestamp> {
        let millis = self.next_change.load(Ordering::Relaxed);
        (millis <= limits::DURATION_MILLIS_MAX).then(|| Duration::from_millis(millis).after(opened_at))
    }
}

impl PartialEq for Elapsed {
    fn eq(&self, other: &Self) -> bool {
        self.millis == other.millis
    }
}
