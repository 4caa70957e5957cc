//! Every vector holds, comes to the same bytes each time, and would be noticed if it did not.

use std::fmt::Write as _;
use std::sync::Arc;
use std::{env, fs};

use kentongan::{Engine, Entry, Snapshot};
use kentongan_lab::Run;
use kentongan_tests::vectors::{self, Manifest, Vector};

const REFRESH: &str = "if this change is meant, run `UPDATE_VECTORS=1 cargo test -p kentongan-tests --test vectors` \
                       and commit tests/vectors/manifest.json with it";

fn all() -> Vec<Vector> {
    vectors::all().unwrap_or_else(|problems| panic!("{problems}"))
}

fn run(vector: &Vector) -> Run {
    vector.scenario.run().unwrap_or_else(|error| panic!("{}: {error}", vector.stem))
}

fn pinned() -> Manifest {
    let text = fs::read_to_string(vectors::manifest_file()).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("manifest.json: {error}; {REFRESH}"))
}

#[test]
fn every_vector_holds() {
    let mut failed = String::new();
    for vector in all() {
        let stem = &vector.stem;
        if vector.scenario.name() != stem {
            let _ = writeln!(failed, "{stem}: `scenario: {}` is not the name of its file", vector.scenario.name());
        }
        if vector.scenario.why().is_none_or(|why| why.trim().is_empty()) {
            let _ = writeln!(failed, "{stem}: it does not say why it exists; add a line `why:`");
        }
        if vector.scenario.expectations() == 0 {
            let _ = writeln!(failed, "{stem}: it expects nothing");
        }
        let first = run(&vector);
        for failure in &first.failures {
            let _ = writeln!(failed, "{stem}: {failure}");
        }
        if first.effects_jsonl() != run(&vector).effects_jsonl() {
            let _ = writeln!(failed, "{stem}: a second run gives other effects");
        }
    }
    assert!(failed.is_empty(), "\n{failed}");
}

#[test]
fn the_manifest_pins_every_vector_to_the_byte() {
    let now = vectors::manifest().unwrap_or_else(|problems| panic!("{problems}"));
    if env::var_os("UPDATE_VECTORS").is_some() {
        fs::write(vectors::manifest_file(), &now).expect("the manifest can be written");
    }
    let now: Manifest = serde_json::from_str(&now).expect("the manifest is JSON");
    let pinned = pinned();
    let mut failed = String::new();
    if pinned.count != pinned.vectors.len() {
        let _ = writeln!(failed, "`count` is {}, and {} vectors are listed", pinned.count, pinned.vectors.len());
    }
    for stem in now.vectors.keys().filter(|stem| !pinned.vectors.contains_key(*stem)) {
        let _ = writeln!(failed, "{stem}.yaml is not in the manifest");
    }
    for (stem, pin) in &pinned.vectors {
        match now.vectors.get(stem) {
            None => drop(writeln!(failed, "the manifest lists {stem}, and there is no {stem}.yaml")),
            Some(found) if found != pin => {
                let _ = writeln!(failed, "{stem}: pinned {pin:?}, came to {found:?}");
            }
            Some(_) => {}
        }
    }
    assert!(failed.is_empty(), "\n{failed}{REFRESH}");
    let file = fs::read_to_string(vectors::manifest_file()).expect("the manifest is there");
    assert_eq!(file, vectors::text(&pinned), "the manifest is written as it would be written anew; {REFRESH}");
}

#[test]
fn there_are_vectors() {
    assert!(all().len() >= 66, "a loop over no vectors would pass");
}

#[test]
fn a_replay_of_the_journal_comes_to_the_same_bytes() {
    for vector in all() {
        let run = run(&vector);
        let policy = Arc::clone(vector.scenario.policy());
        let mut effects = String::new();
        Engine::replay(policy, run.inputs(), |_, step| append(&mut effects, step));
        assert_eq!(effects, run.effects_jsonl(), "{}: a replay gives other effects", vector.stem);
    }
}

#[test]
fn a_snapshot_in_the_middle_is_not_noticed() {
    for vector in all() {
        let run = run(&vector);
        let entries: Vec<Entry> = run.inputs().collect();
        let policy = vector.scenario.policy();
        for cut in [1, entries.len() / 3, entries.len() / 2, entries.len().saturating_sub(1)] {
            let mut effects = String::new();
            let (before, after) = entries.split_at(cut.min(entries.len()));
            let engine =
                Engine::replay(Arc::clone(policy), before.iter().cloned(), |_, step| append(&mut effects, step));
            let text = engine.snapshot().to_json();
            let snapshot = Snapshot::from_json(&text).expect("the snapshot is readable");
            let mut engine = Engine::restore(Arc::clone(policy), snapshot).expect("the snapshot is restored");
            assert_eq!(engine.snapshot().to_json(), text, "{}: cut at {cut}: the snapshot changes", vector.stem);
            for entry in after {
                append(&mut effects, engine.apply(entry.at, entry.input.clone()));
            }
            assert_eq!(effects, run.effects_jsonl(), "{}: cut at {cut}: other effects", vector.stem);
            assert_eq!(engine.audit(), Vec::<String>::new(), "{}", vector.stem);
        }
    }
}

fn append(lines: &mut String, step: Result<kentongan::Step, kentongan::Rejected>) {
    for effect in step.map(|step| step.effects).unwrap_or_default() {
        lines.push_str(&serde_json::to_string(&effect).expect("an effect is JSON"));
        lines.push('\n');
    }
}
