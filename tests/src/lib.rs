//! What the tests share: a policy that uses every kind of entry, a driver that turns abstract operations into inputs
//! an engine can meet, the vectors that every language runs, and how the world's
//! clocks have been moved.

pub mod driver;
pub mod histories;
pub mod vectors;
