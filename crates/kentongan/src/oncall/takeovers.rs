//! Who takes over when, however many do at a time: what a later one takes over whole leaves nothing of the earlier.

use std::collections::BTreeMap;

use super::overrides::TakesOver;

/// Stretches of time by their beginnings, each up to the next, with those who take over in it, in the order in which they
/// are applied. Neighbours differ, and no stretch keeps anybody who comes before one that takes over in everybody's place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Takeovers(BTreeMap<i64, Vec<TakesOver>>);

impl FromIterator<(i64, i64, TakesOver)> for Takeovers {
    fn from_iter<I: IntoIterator<Item = (i64, i64, TakesOver)>>(items: I) -> Self {
        let mut items: Vec<_> = items.into_iter().collect();
        items.sort_by_key(|(.., over)| over.order);
        let mut takeovers = Self::default();
        for (from, to, over) in items {
            takeovers.insert(from, to, over);
        }
        takeovers
    }
}

impl Takeovers {
    /// Enters somebody who takes over `[from, to)` and is applied after all who are there.
    pub(crate) fn insert(&mut self, from: i64, to: i64, over: TakesOver) {
        if to <= from {
            return;
        }
        self.split(from);
        self.split(to);
        if over.replaces.is_some() {
            for (_, there) in self.0.range_mut(from..to) {
                there.push(over.clone());
            }
            return;
        }
        let inside: Vec<i64> = self.0.range(from..to).map(|(begin, _)| *begin).collect();
        for begin in inside {
            self.0.remove(&begin);
        }
        self.0.insert(from, vec![over]);
    }

    /// Everybody who takes over at any time, some more than once.
    pub(crate) fn people(&self) -> impl Iterator<Item = &str> {
        self.0.values().flatten().map(|over| over.person.as_str())
    }

    /// Those who take over at an instant, in the order in which they are applied, and the next instant at which that changes.
    pub(crate) fn at<'a>(&'a self, at: i64, found: &mut Vec<&'a TakesOver>) -> i64 {
        found.extend(self.0.range(..=at).next_back().into_iter().flat_map(|(_, there)| there));
        let after = at.checked_add(1).and_then(|after| self.0.range(after..).next());
        after.map_or(i64::MAX, |(begin, _)| *begin)
    }

    /// Lets a stretch begin at an instant.
    fn split(&mut self, at: i64) {
        let before = self.0.range(..=at).next_back();
        if before.is_none_or(|(begin, _)| *begin != at) {
            let there = before.map(|(_, there)| there.clone()).unwrap_or_default();
            self.0.insert(at, there);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(order: u64, replaces: Option<&str>) -> TakesOver {
        TakesOver { order, person: format!("p{order}"), replaces: replaces.map(str::to_owned) }
    }

    #[test]
    fn what_is_found_is_what_a_look_at_each_finds() {
        let mut seed = 7_u64;
        let mut random = move |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((seed >> 33) % most).expect("it is small")
        };
        for size in [0, 1, 2, 5, 17, 60] {
            let all: Vec<(i64, i64, TakesOver)> = (0..size)
                .map(|order| {
                    let from = random(200);
                    let replaces = (random(3) > 0).then_some("ana");
                    (from, from + 1 + random(90), over(order, replaces))
                })
                .collect();
            // The order in which they are handed in is theirs, not that of their beginnings.
            let takeovers: Takeovers = all.iter().rev().cloned().collect();
            let holds = |at: i64| {
                let there: Vec<&TakesOver> =
                    all.iter().filter(|(from, to, _)| *from <= at && at < *to).map(|(.., over)| over).collect();
                let whole = there.iter().rposition(|over| over.replaces.is_none()).unwrap_or(0);
                there.into_iter().skip(whole).collect::<Vec<_>>()
            };
            for at in -1..300 {
                let mut found = Vec::new();
                let next = takeovers.at(at, &mut found);
                assert_eq!(found, holds(at), "at {at} of {size}");
                let expected = (at + 1..400).find(|later| holds(*later) != holds(at));
                assert_eq!(Some(next).filter(|next| *next < i64::MAX), expected, "after {at} of {size}");
            }
        }
    }

    #[test]
    fn ten_thousand_that_overlap_leave_one_at_an_instant() {
        let many = 10_000_u64;
        let begin = |order: u64| i64::try_from(order).expect("it is small");
        let takeovers: Takeovers = (0..many).map(|order| (begin(order), 1_000_000, over(order, None))).collect();
        assert_eq!(takeovers.0.len(), usize::try_from(many).expect("it is small") + 1);
        assert!(takeovers.0.values().all(|there| there.len() <= 1), "a look costs what one costs, not ten thousand");
    }
}
