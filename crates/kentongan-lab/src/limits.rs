//! Every bound the lab keeps, by name.

/// The most times one run asks the engine. A policy that pages somebody every ten seconds for a day stays below it.
pub const STEPS_MAX: usize = 100_000;
/// The longest a run may last: what lies further ahead tests the calendar, not the policy.
pub const RUN_DAYS_MAX: i64 = 3_660;
/// The most inputs or expectations of one scenario, each.
pub const ITEMS_MAX: usize = 10_000;
/// The most effects that the explanation of a failure lists.
pub const NEAREST_MAX: usize = 5;
