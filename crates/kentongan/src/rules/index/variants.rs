//! Which of its ways an index takes, for tests that are to go all of them.

use super::Index;

/// What an index was built of.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::rules) struct Variants {
    /// The most texts that a fact is compared with.
    pub(in crate::rules) texts: usize,
    /// The most rules that lie in a column of numbers, and how many cells it has.
    pub(in crate::rules) ranges: (usize, usize),
    /// Whether beginnings are walked, not looked up by their lengths.
    pub(in crate::rules) walks: bool,
    /// How many rules are tried all at once.
    pub(in crate::rules) sifted: usize,
    /// Which facts' absence makes rules fail.
    pub(in crate::rules) raising: usize,
}

impl Index {
    pub(in crate::rules) fn variants(&self) -> Variants {
        Variants {
            texts: self.texts.iter().map(super::Texts::len).max().unwrap_or(0),
            ranges: self.numbers.iter().map(super::Numbers::size).max().unwrap_or((0, 0)),
            walks: self.needles.iter().any(super::Needles::walks),
            sifted: self.sieve.len(),
            raising: self.raising.len(),
        }
    }
}
