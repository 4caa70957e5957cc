//! How fast kentongan is beside what users would pick instead, and on what it is measured.
//!
//! `cargo xtask bench` runs everything and writes `RESULTS.md`. Each program of the run, in whatever language, reads the
//! same [`Plan`], decides the same [`Workload`], is held to the answers of [`workload::answers`] before it is timed, and
//! appends [`Figure`]s to one file. `cargo bench -p kentongan-benches` runs the small benchmarks beside this crate.

pub mod chart;
pub mod contestants;
pub mod figures;
pub mod generator;
pub mod plan;
pub mod promises;
pub mod race;
pub mod results;
pub mod workload;

pub use figures::{Engine, Figure, Kind};
pub use plan::{Plan, Set};
pub use race::{Contestant, race};
pub use workload::{Answer, Workload};
