//! Texts that are known beforehand, each with a number: its symbol. What is short is compared as two numbers, without a
//! look at the text that it may be.

use crate::rules::row::FastMap;

/// No symbol: a text that has none.
pub(super) const UNNAMED: u32 = u32::MAX;

/// Texts by their symbols, and symbols by their texts.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// In the order of their symbols.
    texts: FastMap<Box<str>, ()>,
    longest: usize,
    /// The short ones once more, in twice as many cells at least: each in the first that was free from its hash on.
    short: Box<[Cell]>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    text: Short,
    symbol: u32,
}

/// A text of up to sixteen bytes: its first ones and its last ones, which overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Short {
    first: u64,
    last: u64,
    length: u8,
}

impl Short {
    #[inline]
    fn of(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let length = u8::try_from(text.len()).ok().filter(|length| *length <= 16)?;
        let (first, last) = if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
        } else {
            (text.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)), 0)
        };
        Some(Self { first, last, length })
    }

    /// Its hash, in the upper bits.
    #[inline]
    fn hash(self) -> u64 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let half = self.first.wrapping_mul(ODD).rotate_left(32);
        (half ^ self.last ^ u64::from(self.length) << 56).wrapping_mul(ODD)
    }
}

impl Symbols {
    /// The symbol of a text, which has one from now on.
    pub(super) fn name(&mut self, text: &str) -> u32 {
        let place = match self.texts.get_index_of(text) {
            Some(place) => place,
            None => self.texts.insert_full(text.into(), ()).0,
        };
        self.longest = self.longest.max(text.len());
        u32::try_from(place).unwrap_or(UNNAMED)
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Makes short texts quick to find, once all are named.
    pub(super) fn finish(&mut self) {
        let short: Vec<Cell> = (0_u32..)
            .zip(self.texts.keys())
            .filter_map(|(symbol, text)| Some(Cell { text: Short::of(text)?, symbol }))
            .collect();
        if short.is_empty() {
            return;
        }
        let free = Cell { text: Short::default(), symbol: UNNAMED };
        self.short = vec![free; (short.len() * 2).next_power_of_two()].into();
        for cell in short {
            let mut place = self.place(cell.text);
            while let Some(there) = self.short.get_mut(place) {
                if there.symbol == UNNAMED {
                    *there = cell;
                    break;
                }
                place = self.after(place);
            }
        }
    }

    /// The symbol of a text, if it has one.
    #[inline]
    pub(super) fn find(&self, text: &str) -> u32 {
        let Some(short) = Short::of(text) else {
            return self.find_long(text);
        };
        let mut place = self.place(short);
        while let Some(there) = self.short.get(place) {
            // A text that is not there ends at a free cell, and half of them are.
            if there.text == short || there.symbol == UNNAMED {
                return there.symbol;
            }
            place = self.after(place);
        }
        UNNAMED
    }

    fn find_long(&self, text: &str) -> u32 {
        if text.len() > self.longest {
            return UNNAMED;
        }
        self.texts.get_index_of(text).and_then(|place| u32::try_from(place).ok()).unwrap_or(UNNAMED)
    }

    #[inline]
    fn place(&self, text: Short) -> usize {
        // So many are a power of two: of none, the first cell that is not there.
        (text.hash() >> 32) as usize & self.short.len().wrapping_sub(1)
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & self.short.len().wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_the_symbol_that_it_was_given_and_no_other_text_has_one() {
        let mut symbols = Symbols::default();
        let texts: Vec<String> = (0..40)
            .flat_map(|length| ["a", "b", "é"].map(|piece| piece.repeat(length)))
            .chain((0..2_000).map(|number| format!("team-{number}")))
            .chain((0..2_000).map(|number| format!("Alert{number}HighErrorBudgetBurn")))
            .collect();
        let named: Vec<u32> = texts.iter().map(|text| symbols.name(text)).collect();
        symbols.finish();

        for (text, symbol) in texts.iter().zip(named) {
            assert_eq!(symbols.find(text), symbol, "{text}");
            let other = format!("{text}.");
            assert_eq!(symbols.find(&other), UNNAMED, "{other}");
        }
        assert_eq!(symbols.find("team"), UNNAMED);
    }

    #[test]
    fn where_no_text_has_a_symbol_none_is_found() {
        let mut symbols = Symbols::default();
        symbols.finish();

        for text in ["", "a", "a text that is long"] {
            assert_eq!(symbols.find(text), UNNAMED, "{text}");
        }
    }

    #[test]
    fn texts_that_share_their_ends_stay_apart() {
        let mut symbols = Symbols::default();
        let texts =
            ["abcd", "abcdabcd", "abcdabcdabcd", "abcdabcdabcdabcd", "aaa", "aa", "a", "", "\0", "\0\0", "aaaa"];
        let named = texts.map(|text| symbols.name(text));
        symbols.finish();

        assert_eq!(texts.map(|text| symbols.find(text)), named);
        assert_eq!(symbols.find("abcdefghabcd"), UNNAMED);
    }
}
