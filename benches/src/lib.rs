//! Benchmarks stand beside this crate: `cargo bench -p kentongan-benches`.
