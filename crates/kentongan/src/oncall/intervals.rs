//! Things that hold for a while, found by an instant in logarithmic time however many and however long they are.

/// Intervals `[from, to)`, each with what it is about, in the order of their beginnings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Intervals<T> {
    entries: Vec<Interval<T>>,
    /// A tree over the entries: each node has the latest end below it.
    latest: Vec<i64>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Interval<T> {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) about: T,
}

impl<T> Default for Intervals<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), latest: Vec::new() }
    }
}

impl<T> FromIterator<(i64, i64, T)> for Intervals<T> {
    fn from_iter<I: IntoIterator<Item = (i64, i64, T)>>(items: I) -> Self {
        let mut entries: Vec<Interval<T>> =
            items.into_iter().map(|(from, to, about)| Interval { from, to, about }).collect();
        entries.sort_by_key(|entry| entry.from);
        let mut intervals = Self { entries, latest: Vec::new() };
        intervals.index();
        intervals
    }
}

impl<T> Intervals<T> {
    pub(crate) fn insert(&mut self, from: i64, to: i64, about: T) {
        let place = self.entries.partition_point(|entry| entry.from <= from);
        self.entries.insert(place, Interval { from, to, about });
        self.index();
    }

    /// What all of them are about.
    pub(crate) fn all(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|entry| &entry.about)
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Interval<T>) -> bool) {
        self.entries.retain(keep);
        self.index();
    }

    /// Those that hold at an instant, in the order of their beginnings, and the next instant at which that changes.
    pub(crate) fn at<'a>(&'a self, at: i64, found: &mut Vec<&'a Interval<T>>) -> i64 {
        let begun = self.entries.partition_point(|entry| entry.from <= at);
        let next = self.entries.get(begun).map_or(i64::MAX, |entry| entry.from);
        let before = found.len();
        if begun > 0 {
            self.descend(1, 0, self.leaves(), begun, at, found);
        }
        found.iter().skip(before).map(|entry| entry.to).fold(next, i64::min)
    }

    /// The number of leaves of the tree: a power of two.
    fn leaves(&self) -> usize {
        self.latest.len() / 2
    }

    fn index(&mut self) {
        let leaves = self.entries.len().next_power_of_two();
        self.latest.clear();
        self.latest.resize(leaves, i64::MIN);
        self.latest.extend(self.entries.iter().map(|entry| entry.to));
        self.latest.resize(leaves * 2, i64::MIN);
        for node in (1..leaves).rev() {
            let below = |child: usize| self.latest.get(child).copied().unwrap_or(i64::MIN);
            let latest = below(node * 2).max(below(node * 2 + 1));
            if let Some(slot) = self.latest.get_mut(node) {
                *slot = latest;
            }
        }
    }

    /// As deep as the logarithm of the number of entries.
    fn descend<'a>(
        &'a self,
        node: usize,
        from: usize,
        to: usize,
        begun: usize,
        at: i64,
        found: &mut Vec<&'a Interval<T>>,
    ) {
        if from >= begun || self.latest.get(node).is_none_or(|latest| *latest <= at) {
            return;
        }
        if to - from == 1 {
            found.extend(self.entries.get(from));
            return;
        }
        let middle = usize::midpoint(from, to);
        self.descend(node * 2, from, middle, begun, at, found);
        self.descend(node * 2 + 1, middle, to, begun, at, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_what_a_look_at_each_finds() {
        let mut seed = 7_u64;
        let mut random = move |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((seed >> 33) % most).expect("it is small")
        };
        for size in [0, 1, 2, 3, 17, 64, 100] {
            let mut interval = |number| {
                let from = random(1_000);
                (from, from + 1 + random(if number % 9 == 0 { 900 } else { 30 }), number)
            };
            let intervals: Intervals<i32> = (0..size).map(&mut interval).collect();
            for at in -1..2_000 {
                let mut found = Vec::new();
                let next = intervals.at(at, &mut found);
                let expected: Vec<_> =
                    intervals.entries.iter().filter(|entry| entry.from <= at && at < entry.to).collect();
                assert_eq!(found, expected, "at {at} of {size}");
                let edges = intervals.entries.iter().flat_map(|entry| [entry.from, entry.to]);
                let expected = edges.filter(|edge| *edge > at).min();
                // An end that has not begun yet lies behind its own beginning, so nothing is passed over.
                assert_eq!(Some(next).filter(|next| *next < i64::MAX), expected, "after {at} of {size}");
            }
        }
    }
}
