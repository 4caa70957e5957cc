//! W1 without the peers, whose build takes a quarter of an hour: to see what a change of the rules does to their speed.
//!
//! What is promised is measured by `cargo xtask bench`, where kentongan and the peers take turns.

use std::env;
use std::error::Error;

use kentongan_benches::{Plan, contestants};

fn main() -> Result<(), Box<dyn Error>> {
    // As a test it would measure an unoptimised build.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let plan = Plan::new(vec![10, 1_000, 10_000], true);
    contestants::race_all(
        &plan,
        |_| Ok(Vec::new()),
        |figure| {
            println!("{figure}");
            Ok(())
        },
    )
}
