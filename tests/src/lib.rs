//! What the tests share: a policy that uses every kind of entry, a driver that turns abstract operations into inputs
//! an engine can meet, hostile conditions and a generator of them, the vectors that every language runs, and how the
//! world's clocks have been moved.

pub mod driver;
pub mod grammar;
pub mod histories;
pub mod hostile;
mod learning;
pub mod memory;
pub mod quarter;
pub mod vectors;
