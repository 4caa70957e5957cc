//! Parts that several rules have and that no column looks up: patterns, networks, texts in one case, hours. Each is evaluated
//! once an alert, when the first rule comes to it.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::rules::expression::Expression;
use crate::rules::row::Row;

/// The parts, each once.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<Expression>);

/// What they came to for one alert, a bit each: whether that is known, and whether the part holds.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<Cell<(u64, u64)>>);

impl Parts {
    /// The parts that more than one rule has, with the place of each by its [name].
    pub(super) fn of(rules: &[Option<&Expression>]) -> (Self, BTreeMap<String, u32>) {
        let mut counts: BTreeMap<String, (usize, &Expression)> = BTreeMap::new();
        for rule in rules.iter().flatten() {
            let parts = match rule {
                Expression::All(parts) => parts,
                other => std::slice::from_ref(*other),
            };
            for part in parts.iter().filter(|part| is_slow(part)) {
                counts.entry(name(part)).or_insert((0, part)).0 += 1;
            }
        }
        counts.retain(|_, (count, _)| *count > 1);
        let places = counts.keys().cloned().zip(0..).collect();
        (Self(counts.into_values().map(|(_, part)| part.clone()).collect()), places)
    }

    /// Whether a part holds. What raises an error does not.
    #[inline]
    pub(super) fn holds(&self, part: u32, row: &Row<'_>, known: &Known) -> bool {
        let (place, bit) = (part as usize / 64, 1_u64 << (part % 64));
        let Some(word) = known.0.get(place) else {
            return false;
        };
        let (asked, holds) = word.get();
        if asked & bit != 0 {
            return holds & bit != 0;
        }
        let answer = self.0.get(part as usize).is_some_and(|part| part.holds(row) == Ok(true));
        word.set((asked | bit, if answer { holds | bit } else { holds }));
        answer
    }

    /// Begins anew, for another alert.
    #[inline]
    pub(super) fn forget(&self, known: &mut Known) {
        known.0.clear();
        known.0.resize(self.0.len().div_ceil(64), Cell::default());
    }
}

/// What tells a part from others: everything in it.
pub(super) fn name(part: &Expression) -> String {
    format!("{part:?}")
}

/// Whether a part takes longer than a look at what was found out of it before.
pub(super) fn is_slow(part: &Expression) -> bool {
    match part {
        Expression::Call(..) => true,
        other => other.inner().iter().any(is_slow),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::alert::Alert;
    use crate::calendar::Zone;
    use crate::policy::Service;
    use crate::rules::facts::{Sight, View};
    use crate::rules::index::{Index, Scratch};
    use crate::rules::row::Surroundings;
    use crate::rules::sandbox::Sandbox;

    /// How many patterns, and how many rules ask for each.
    const PATTERNS: usize = 70;
    const RULES: usize = 5;

    #[test]
    fn a_part_that_several_rules_have_is_evaluated_once_an_alert() {
        let services: BTreeMap<String, Service> = BTreeMap::new();
        let mut sandbox = Sandbox::new(Zone::default(), &indexmap::IndexMap::new(), &indexmap::IndexMap::new());
        let sources: Vec<String> = (0..PATTERNS * RULES)
            .map(|rule| {
                let pattern = rule % PATTERNS;
                format!("matches(alert.name, \"^a{{{pattern}}}$\") && alert.values.count == {}", rule / PATTERNS)
            })
            .collect();
        let conditions: Vec<_> =
            sources.iter().map(|source| sandbox.compile(source, Sight::Alert).expect("it is a condition")).collect();
        let rules: Vec<_> = conditions.iter().map(|condition| condition.native()).collect();
        let index = Index::over(&rules);
        assert_eq!(index.parts.0.len(), PATTERNS);
        let surroundings = Surroundings::of(sandbox.catalogue_mut(Sight::Alert), &services);
        let mut scratch = Scratch::default();
        for (length, count) in [(3, 4), (69, 0), (0, 1), (3, 9), (80, 2)] {
            let mut alert = Alert::firing("a", "s");
            alert.name = "a".repeat(length);
            #[expect(clippy::cast_precision_loss, reason = "few")]
            alert.values.insert("count".to_owned(), count as f64);
            let mut row = Vec::new();
            surroundings.read(&View::of_alert(&alert, None), &mut row);
            let row = surroundings.row(&row);
            index.look_up(&row, &mut scratch);
            let found = index.first(&row, &scratch, 0, |rule| rules[rule]);
            let expected = (length < PATTERNS && count < RULES).then_some(count * PATTERNS + length);
            assert_eq!(found, expected, "{length} {count}");
            // Asked again, all is known.
            let known: Vec<_> = scratch.parts.0.iter().map(Cell::get).collect();
            assert_eq!(index.first(&row, &scratch, 0, |rule| rules[rule]), expected);
            assert_eq!(known, scratch.parts.0.iter().map(Cell::get).collect::<Vec<_>>());
            // A number that no rule asks for is looked at first, and then no pattern is.
            assert_eq!(known.iter().any(|(asked, _)| *asked != 0), count < RULES, "{known:?}");
        }
    }

    #[test]
    fn parts_are_told_apart_by_all_that_is_in_them() {
        let mut sandbox = Sandbox::new(Zone::default(), &indexmap::IndexMap::new(), &indexmap::IndexMap::new());
        let mut part = |source: &str| {
            let condition = sandbox.compile(source, Sight::Alert).expect("it is a condition");
            condition.native().expect("it is native").clone()
        };
        let different = [
            "matches(alert.name, \"^a\")",
            "matches(alert.name, \"^b\")",
            "matches(alert.summary, \"^a\")",
            "cidr(alert.labels.a, \"10.0.0.0/8\")",
            "cidr(alert.labels.a, \"10.0.0.0/9\")",
            "alert.name.to_lower() == \"a\"",
            "alert.name.to_lower() != \"a\"",
            "alert.name.to_upper() == \"a\"",
            "alert.name.to_lower().contains(\"a\")",
            "alert.name.to_lower().starts_with(\"a\")",
            "hour_of_day(alert.starts_at) < 6",
            "weekday(alert.starts_at) == \"sunday\"",
        ];
        let names: std::collections::BTreeSet<String> = different.iter().map(|source| name(&part(source))).collect();
        assert_eq!(names.len(), different.len());
        assert_eq!(name(&part(different[0])), name(&part(different[0])));
        assert!(different.iter().all(|source| is_slow(&part(source))));
        assert!(!is_slow(&part("alert.name == \"a\"")) && !is_slow(&part("alert.values.count > 3")));
    }
}
