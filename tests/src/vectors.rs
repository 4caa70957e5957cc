//! The vectors: scenarios that every language runs, and the manifest that pins what each comes to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kentongan_lab::{Run, Scenario};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A scenario of the folder.
#[derive(Debug)]
pub struct Vector {
    /// The name of its file, without the ending.
    pub stem: String,
    /// Its text.
    pub text: String,
    /// The scenario.
    pub scenario: Scenario,
}

/// What every language must come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How many vectors there are.
    pub count: usize,
    /// Each by the stem of its file.
    pub vectors: BTreeMap<String, Pin>,
}

/// What one vector comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// How many effects there are.
    pub effects: usize,
    /// The SHA-256 of the effects as canonical JSON, one a line, in hexadecimal digits.
    pub sha256: String,
}

/// Where the vectors are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The file that pins them.
#[must_use]
pub fn manifest_file() -> PathBuf {
    folder().join("manifest.json")
}

/// Reads a scenario as it would stand in the folder.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn load(stem: &str, text: &str) -> Result<Scenario, String> {
    let folder = folder();
    let read = |name: &str| fs::read(folder.join(name)).map_err(|error| error.to_string().to_lowercase());
    Scenario::load(&format!("{stem}.yaml"), text, None, read).map_err(|problems| problems.to_string())
}

/// Every vector, by its stem.
///
/// # Errors
///
/// Everything that is wrong with those that cannot be read.
pub fn all() -> Result<Vec<Vector>, String> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder()).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
            stems.push((stem.ok_or_else(|| format!("{} is not UTF-8", path.display()))?, path));
        }
    }
    stems.sort();
    let (mut vectors, mut problems) = (Vec::new(), String::new());
    for (stem, path) in stems {
        let text = fs::read_to_string(&path).map_err(|error| format!("{stem}: {error}"))?;
        match load(&stem, &text) {
            Ok(scenario) => vectors.push(Vector { stem, text, scenario }),
            Err(problem) => {
                let _ = writeln!(problems, "{problem}");
            }
        }
    }
    if problems.is_empty() { Ok(vectors) } else { Err(problems) }
}

/// What a run pins.
#[must_use]
pub fn pin(run: &Run) -> Pin {
    let digest = Sha256::digest(run.effects_jsonl());
    let mut sha256 = String::with_capacity(64);
    for byte in digest {
        let _ = write!(sha256, "{byte:02x}");
    }
    Pin { effects: run.effects().count(), sha256 }
}

/// The manifest of the vectors as they are, as `tests/vectors/manifest.json` has to hold it.
///
/// # Errors
///
/// When a vector cannot be read or run.
pub fn manifest() -> Result<String, String> {
    let mut pins = BTreeMap::new();
    for vector in all()? {
        let run = vector.scenario.run().map_err(|error| format!("{}: {error}", vector.stem))?;
        pins.insert(vector.stem, pin(&run));
    }
    Ok(text(&Manifest { count: pins.len(), vectors: pins }))
}

/// A manifest as its file holds it.
#[must_use]
pub fn text(manifest: &Manifest) -> String {
    // Text keys and whole numbers only: there is nothing in it that JSON cannot hold.
    let mut text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    text.push('\n');
    text
}
