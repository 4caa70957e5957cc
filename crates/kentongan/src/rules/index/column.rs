//! The columns of the index: each finds, for the value of one fact, the rules that may match.

use std::collections::BTreeSet;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use super::entry::Entry;
use super::symbols::{Symbols, UNNAMED};
use crate::rules::facts::{FactValue, Slot};
use crate::rules::row::{FastMap, Row};
use crate::rules::test::Affix;

/// The most cells that a column of numbers has, and how many where very many rules lie in it.
const CELLS_MAX: usize = 64;
const CELLS_OF_MANY: usize = 16;
const MANY: usize = 4_096;

/// The texts that rules compare one fact with.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) slot: Slot,
    symbols: Symbols,
    /// The rules to try for each symbol, in their order.
    lists: Vec<Vec<Entry>>,
}

impl Texts {
    pub(super) fn of(slot: Slot) -> Self {
        Self { slot, symbols: Symbols::default(), lists: Vec::new() }
    }

    pub(super) fn name(&mut self, text: &str) -> u32 {
        let symbol = self.symbols.name(text);
        self.lists.resize_with(self.symbols.len(), Vec::new);
        symbol
    }

    pub(super) fn add(&mut self, symbol: u32, entry: Entry) {
        if let Some(list) = self.lists.get_mut(symbol as usize) {
            list.push(entry);
        }
    }

    pub(super) fn finish(&mut self) {
        self.symbols.finish();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.symbols.len()
    }

    #[inline]
    pub(super) fn symbol(&self, row: &Row<'_>) -> u32 {
        row.text_at(self.slot).map_or(UNNAMED, |text| self.symbols.find(text))
    }

    #[inline]
    pub(super) fn list(&self, symbol: u32) -> &[Entry] {
        self.lists.get(symbol as usize).map_or(&[], Vec::as_slice)
    }
}

/// The ranges of one number, as cells between bounds. A rule lies in every cell that its range touches.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) slot: Slot,
    bounds: Vec<f64>,
    cells: Vec<Vec<Entry>>,
    /// All of them, for what is no finite number.
    every: Vec<Entry>,
}

impl Numbers {
    /// A column for these ranges.
    pub(super) fn of(slot: Slot, ranges: &[(f64, f64)]) -> Self {
        let mut ends: Vec<f64> = ranges.iter().flat_map(|(from, to)| [*from, *to]).filter(|e| e.is_finite()).collect();
        ends.sort_unstable_by(f64::total_cmp);
        ends.dedup();
        let most = if ranges.len() > MANY { CELLS_OF_MANY } else { CELLS_MAX };
        let step = ends.len().div_ceil(most).max(1);
        let bounds: Vec<f64> = ends.into_iter().step_by(step).collect();
        let cells = vec![Vec::new(); bounds.len() + 1];
        Self { slot, bounds, cells, every: Vec::new() }
    }

    /// How many rules lie in how many cells.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        (self.every.len(), self.cells.len())
    }

    fn cell(&self, number: f64) -> usize {
        self.bounds.partition_point(|bound| *bound <= number)
    }

    pub(super) fn add(&mut self, from: f64, to: f64, entry: Entry) {
        let (first, last) = (self.cell(from), self.cell(to));
        if let Some(cells) = self.cells.get_mut(first..=last) {
            for cell in cells {
                cell.push(entry);
            }
        }
        self.every.push(entry);
    }

    pub(super) fn list(&self, row: &Row<'_>) -> &[Entry] {
        let number = match row.get(self.slot) {
            FactValue::Float(number) => number,
            FactValue::Integer(number) => crate::rules::value::float(number),
            _ => return &[],
        };
        if !number.is_finite() {
            return &self.every;
        }
        self.cells.get(self.cell(number)).map_or(&[], Vec::as_slice)
    }
}

/// The beginnings that are looked for.
#[derive(Debug)]
enum Starts {
    /// They are of few lengths: as many beginnings of a text are looked up.
    OfLengths(Box<[usize]>, Symbols),
    /// Of many: a pass that ends where none can go on.
    Walked(AhoCorasick),
}

/// The most lengths of beginnings that are looked up one by one.
const LENGTHS_MAX: usize = 4;

/// The texts that rules look for inside one fact: one pass over it finds all of them.
#[derive(Debug)]
pub(super) struct Needles {
    pub(super) slot: Slot,
    texts: FastMap<(Affix, Box<str>), ()>,
    lists: Vec<Vec<Entry>>,
    /// Those that a text begins with.
    starts: Starts,
    /// Those anywhere in it, or at its end.
    insides: Option<AhoCorasick>,
    /// The needle of each pattern of the two.
    of_starts: Vec<u32>,
    of_insides: Vec<u32>,
}

impl Needles {
    pub(super) fn of(slot: Slot) -> Self {
        let (starts, insides) = (Starts::OfLengths([].into(), Symbols::default()), None);
        let (of_starts, of_insides) = (Vec::new(), Vec::new());
        Self { slot, texts: FastMap::default(), lists: Vec::new(), starts, insides, of_starts, of_insides }
    }

    pub(super) fn name(&mut self, affix: Affix, text: &str) -> u32 {
        let key = (affix, Box::from(text));
        let place = match self.texts.get_index_of(&key) {
            Some(place) => place,
            None => self.texts.insert_full(key, ()).0,
        };
        self.lists.resize_with(self.texts.len(), Vec::new);
        u32::try_from(place).unwrap_or(UNNAMED)
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    #[cfg(test)]
    pub(super) fn walks(&self) -> bool {
        matches!(self.starts, Starts::Walked(_))
    }

    pub(super) fn add(&mut self, needle: u32, entry: Entry) {
        if let Some(list) = self.lists.get_mut(needle as usize) {
            list.push(entry);
        }
    }

    /// Builds the automata, once all needles are named. `false` where they would be too large.
    pub(super) fn finish(&mut self) -> bool {
        let (mut starts, mut insides) = (Vec::new(), Vec::new());
        for (number, (affix, text)) in (0_u32..).zip(self.texts.keys()) {
            let (texts, numbers) = match affix {
                Affix::Start => (&mut starts, &mut self.of_starts),
                Affix::End | Affix::Inside => (&mut insides, &mut self.of_insides),
            };
            texts.push(text.as_bytes());
            numbers.push(number);
        }
        let build = |texts: &[&[u8]], kind: StartKind| {
            let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).start_kind(kind).build(texts);
            (!texts.is_empty()).then_some(automaton).transpose()
        };
        let lengths: BTreeSet<usize> = starts.iter().map(|text| text.len()).collect();
        let walked = (lengths.len() > LENGTHS_MAX).then(|| build(&starts, StartKind::Anchored)).transpose();
        let (Ok(walked), Ok(insides)) = (walked, build(&insides, StartKind::Unanchored)) else {
            return false;
        };
        self.insides = insides;
        self.starts = walked.flatten().map_or_else(|| Starts::of(lengths, &self.texts), Starts::Walked);
        true
    }

    /// Calls `found` with each needle that the text has, some more than once.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(u32)) {
        self.starts.find(text, |start| {
            if let Some(needle) = self.of_starts.get(start) {
                found(*needle);
            }
        });
        if let Some(insides) = &self.insides
            && let Ok(matches) = insides.try_find_overlapping_iter(text)
        {
            for occurrence in matches {
                let Some(needle) = self.of_insides.get(occurrence.pattern().as_usize()) else {
                    continue;
                };
                let at_end = occurrence.end() == text.len();
                match self.texts.get_index(*needle as usize) {
                    Some(((Affix::End, _), ())) if !at_end => {}
                    _ => found(*needle),
                }
            }
        }
    }

    pub(super) fn list(&self, needle: u32) -> &[Entry] {
        self.lists.get(needle as usize).map_or(&[], Vec::as_slice)
    }
}

impl Starts {
    /// In the order of the needles.
    fn of(lengths: BTreeSet<usize>, needles: &FastMap<(Affix, Box<str>), ()>) -> Self {
        let mut symbols = Symbols::default();
        for (_, text) in needles.keys().filter(|(affix, _)| *affix == Affix::Start) {
            symbols.name(text);
        }
        symbols.finish();
        Self::OfLengths(lengths.into_iter().collect(), symbols)
    }

    /// Calls `found` with the place of each beginning that the text has.
    fn find(&self, text: &str, mut found: impl FnMut(usize)) {
        match self {
            Self::OfLengths(lengths, symbols) => {
                for start in lengths.iter().filter_map(|length| text.get(..*length)) {
                    let symbol = symbols.find(start);
                    if symbol != UNNAMED {
                        found(symbol as usize);
                    }
                }
            }
            Self::Walked(automaton) => {
                let input = Input::new(text).anchored(Anchored::Yes);
                let mut state = OverlappingState::start();
                while automaton.try_find_overlapping(input.clone(), &mut state).is_ok()
                    && let Some(occurrence) = state.get_match()
                {
                    if occurrence.start() == 0 {
                        found(occurrence.pattern().as_usize());
                    }
                }
            }
        }
    }
}
