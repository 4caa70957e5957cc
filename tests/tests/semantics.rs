//! Every rule of the semantics is shown by a vector or a test that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use kentongan::source::read_checked;
use kentongan_tests::vectors;
use serde::Deserialize;

/// One rule, and what shows it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    rule: String,
    #[serde(default)]
    vectors: Vec<String>,
    #[serde(default)]
    tests: Vec<String>,
}

/// The rules by section.
fn rules() -> BTreeMap<String, Vec<Shown>> {
    let text = include_str!("../semantics.yaml");
    let read = read_checked("semantics.yaml", text, |rules, _| Some(rules));
    read.unwrap_or_else(|problems| panic!("{problems}"))
}

/// The names of the test functions in the files of a folder, read line by line: `#[test]`, then `fn name`.
fn tests_of(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a test is text");
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            match line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
                Some(name) if is_test => drop(names.insert(name.to_owned())),
                _ => {}
            }
            is_test = line == "#[test]" || (is_test && line.starts_with('#'));
        }
    }
    names
}

#[test]
fn every_rule_is_shown_by_a_vector_or_a_test_that_exists() {
    let tests = tests_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let mut problems = String::new();
    for (section, rules) in &rules() {
        for Shown { rule, vectors, tests: shown_by } in rules {
            if vectors.is_empty() && shown_by.is_empty() {
                let _ = writeln!(problems, "{section}: nothing shows `{rule}`");
            }
            for stem in vectors.iter().filter(|stem| !vectors::folder().join(format!("{stem}.yaml")).is_file()) {
                let _ = writeln!(problems, "{section}: `{rule}`: there is no vector `{stem}`");
            }
            for name in shown_by.iter().filter(|name| !tests.contains(*name)) {
                let _ = writeln!(problems, "{section}: `{rule}`: there is no test `{name}`");
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn no_section_of_the_semantics_is_left_out() {
    let rules = rules();
    let sections: Vec<&str> = rules.keys().map(String::as_str).collect();
    assert_eq!(
        sections,
        [
            "classification",
            "dedup",
            "escalation",
            "golden",
            "keeping_quiet",
            "life",
            "on_call",
            "postmortem",
            "targets",
            "time"
        ]
    );
    assert!(rules.values().map(Vec::len).sum::<usize>() >= 65, "a loop over few rules would pass");
}
