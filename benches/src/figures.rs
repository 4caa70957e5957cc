//! What was measured, one line of JSON a figure.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::plan::Set;
use crate::race::Rounds;

/// What kind of thing is measured, which says what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// kentongan.
    Ours,
    /// An engine that users would pick instead.
    Engine,
    /// What one would write without an engine.
    ByHand,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Engine {
    /// `rust`, `python` or `node`.
    pub language: String,
    /// Ours, an engine, or by hand.
    pub kind: Kind,
    /// Its package's name.
    pub name: String,
    /// The way it is used.
    pub how: String,
    /// Its package's version; empty where it has none.
    pub version: String,
    /// Whether it is given all alerts in one call.
    #[serde(default)]
    pub batch: bool,
}

/// How long one engine took in one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The engine.
    #[serde(flatten)]
    pub engine: Engine,
    /// The kind of rules.
    pub set: Set,
    /// How many of them.
    pub rules: usize,
    /// Over how many alerts it was checked and timed.
    pub alerts: usize,
    /// CPU time for an alert in each round, in microseconds.
    pub micros: Vec<f64>,
}

impl Figure {
    /// What an engine took in a case.
    #[must_use]
    pub fn new(engine: Engine, set: Set, rules: usize, rounds: Rounds) -> Self {
        let Rounds { alerts, micros } = rounds;
        Self { engine, set, rules, alerts, micros }
    }

    /// The figures of the run in a folder.
    #[must_use]
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("figures.jsonl")
    }

    /// The middle one of the rounds.
    #[must_use]
    pub fn median(&self) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Adds the figure to those of the run, and tells whoever waits.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn record(&self, folder: &Path) -> io::Result<()> {
        println!("  {self}");
        let mut file = OpenOptions::new().append(true).create(true).open(Self::file(folder))?;
        writeln!(file, "{}", serde_json::to_string(self)?)
    }

    /// Reads all figures of the run.
    ///
    /// # Errors
    /// When there are none, or a line is no figure.
    pub fn read_all(folder: &Path) -> io::Result<Vec<Self>> {
        fs::read_to_string(Self::file(folder))?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Engine { name, how, .. } = &self.engine;
        write!(f, "{name} ({how}), {} rules, {}: {:.2} µs an alert", self.rules, self.set, self.median())
    }
}

/// The version of a package in a lock file of cargo, so that none is written down a second time.
#[must_use]
pub fn locked_version(lock: &str, package: &str) -> String {
    let entry = format!("name = \"{package}\"\nversion = \"");
    lock.split_once(&entry).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}
