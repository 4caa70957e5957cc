//! Every bound the lab keeps, by name.

/// The most times one run asks the engine, however much happens in it: a run keeps all that came of each.
pub const STEPS_MAX: usize = 1_000_000;
/// The most times one run asks the engine for a single input. A policy that pages somebody every ten seconds for a day
/// stays below it.
pub const STEPS_OF_ONE_MAX: usize = 100_000;
/// How many times more for each further input.
pub const STEPS_OF_EACH: usize = 1_000;

/// The most times a run with so many inputs asks the engine.
#[must_use]
pub fn steps_max(inputs: usize) -> usize {
    let further = inputs.saturating_sub(1).saturating_mul(STEPS_OF_EACH);
    STEPS_OF_ONE_MAX.saturating_add(further).min(STEPS_MAX)
}

/// The longest a run may last: what lies further ahead tests the calendar, not the policy.
pub const RUN_DAYS_MAX: i64 = 3_660;
/// The most inputs or expectations of one scenario, each.
pub const ITEMS_MAX: usize = 10_000;
/// The most effects that the explanation of a failure lists.
pub const NEAREST_MAX: usize = 5;
