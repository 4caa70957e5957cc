//! When releases happen, each of which ends a release cycle.

use crate::time::Timestamp;

/// The releases of a policy, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Releases {
    instants: Vec<Timestamp>,
}

impl Releases {
    pub(crate) fn new(instants: impl Iterator<Item = Timestamp>) -> Self {
        let mut instants: Vec<Timestamp> = instants.collect();
        instants.sort_unstable();
        instants.dedup();
        Self { instants }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.instants.is_empty()
    }

    /// The first release strictly after an instant; `None` where no more is planned.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.nth(after, 0)
    }

    /// The release that comes so many releases after the next one.
    pub(crate) fn nth(&self, after: Timestamp, later: usize) -> Option<Timestamp> {
        self.instants.get(self.past(after).saturating_add(later)).copied()
    }

    /// How many releases there were between two instants, the later one included.
    pub(crate) fn between(&self, from: Timestamp, to: Timestamp) -> usize {
        self.past(to).saturating_sub(self.past(from))
    }

    fn past(&self, at: Timestamp) -> usize {
        self.instants.partition_point(|instant| *instant <= at)
    }
}
