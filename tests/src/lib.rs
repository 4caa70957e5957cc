//! What the tests share: a policy that uses every kind of entry, and a driver that turns abstract operations into
//! inputs an engine can meet.

pub mod driver;
