//! Chance, from a seed.

use chrono::TimeDelta;

/// A small generator of its own, so that the same seed gives the same quarter with every version of every library.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Self(seed ^ 0x9e37_79b9_7f4a_7c15);
        // The first rolls of neighbouring seeds are neighbours.
        for _ in 0..4 {
            let _ = dice.roll();
        }
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A number from 0 up to one before `most`.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.roll() % most.max(1)
    }

    /// A number from the first up to the last.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last + 1 - first)
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// So many minutes, to the second.
    pub(super) fn minutes(&mut self, first: u64, last: u64) -> TimeDelta {
        seconds(self.between(first * 60, last * 60))
    }

    /// A length around so many minutes: half of it to one and a half times as long, and rarely up to four times.
    pub(super) fn around(&mut self, minutes: u64) -> TimeDelta {
        let around = minutes.max(1) * 60;
        let tail = if self.chance(10) { self.below(5 * around / 2) } else { 0 };
        seconds(around / 2 + self.below(around) + tail)
    }
}

pub(super) fn seconds(count: u64) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(count).unwrap_or(i64::MAX / 1_000))
}
