//! What one run measures, and with how much effort: written once, read by the program of every language.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::figures::Figure;

/// Which fields rules ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// Labels and numbers.
    Mixed,
    /// Labels only, as in a tree of routes.
    Labels,
    /// Labels and numbers, of alerts that have no instance: rules that ask how it begins fail where they come to that.
    Gaps,
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mixed => "mixed",
            Self::Labels => "labels",
            Self::Gaps => "gaps",
        })
    }
}

/// The plan of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The commit that is measured; empty where nobody asked.
    pub commit: String,
    /// Whether the run is too short for its figures to be kept.
    pub quick: bool,
    /// How many rules there are, one case after another.
    pub rules: Vec<usize>,
    /// The most rules that are put before engines in other languages than Rust: the slowest there take a tenth of a
    /// second an alert at 10,000, and each decides [`Self::decisions_min`] times a case.
    pub rules_elsewhere_max: usize,
    /// How often each engine is timed; the median counts.
    pub rounds: usize,
    /// The CPU time after which the check of an engine's answers ends, though alerts are left.
    pub check_seconds: f64,
    /// The CPU time one round of an engine aims at.
    pub round_seconds: f64,
    /// The fewest alerts an engine is checked on and timed over, however slow it is.
    pub alerts_min: usize,
}

impl Plan {
    /// Where a language's program finds everything.
    const FILE: &str = "plan.json";
    /// What the numbers of rules are unless some are asked for.
    pub const RULES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

    /// A run whose figures are kept, or a quick one.
    #[must_use]
    pub fn new(rules: Vec<usize>, quick: bool) -> Self {
        let rules_elsewhere_max = 10_000;
        if quick {
            Self {
                commit: String::new(),
                quick,
                rules,
                rules_elsewhere_max,
                rounds: 3,
                check_seconds: 0.5,
                round_seconds: 0.05,
                alerts_min: 10,
            }
        } else {
            Self {
                commit: String::new(),
                quick,
                rules,
                rules_elsewhere_max,
                rounds: 7,
                check_seconds: 2.0,
                round_seconds: 0.1,
                alerts_min: 50,
            }
        }
    }

    /// The cases of every engine: two sets, each with each number of rules. Gaps are ours alone, since engines differ in
    /// what comes of them.
    pub fn cases(&self) -> impl Iterator<Item = (Set, usize)> {
        self.rules.iter().flat_map(|rules| [Set::Mixed, Set::Labels].map(|set| (set, *rules)))
    }

    /// How often the slowest engine decides in a case: for the check of its answers, and in each round.
    #[must_use]
    pub fn decisions_min(&self) -> usize {
        self.alerts_min * (self.rounds + 1)
    }

    /// How many alerts a workload holds. The obvious answers to them take a millisecond an alert at 100,000 rules.
    #[must_use]
    pub fn alerts(rules: usize) -> usize {
        if rules > 10_000 { 1_000 } else { 10_000 }
    }

    /// Reads the plan of the run in a folder.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(folder: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(folder.join(Self::FILE))?)?)
    }

    /// Begins a run: the folder holds the plan and no figures.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn begin(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(Self::FILE), serde_json::to_string_pretty(self)?)?;
        fs::write(Figure::file(folder), "")
    }
}

/// Where a case's part is: `alerts.json`, and rules, answers and policy by set and number of rules.
#[must_use]
pub fn file(folder: &Path, what: &str, set: Set, rules: usize) -> PathBuf {
    folder.join(format!("{what}-{set}-{rules}.json"))
}
