//! Policies that cannot be used: each is refused with every problem at its place, and none brings the process down.
//!
//! `policies/bad/` holds what people write; what is too large to keep is made here. The snapshots under
//! `snapshots/` are the whole answer to each, so a change of wording or place is seen.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;

use kentongan::source::{Diagnostic, Level};
use kentongan::{Policy, PolicyError};

/// How many files the corpus has. A loop over files that found none would otherwise pass.
const FILES: usize = 136;
/// A quarter of what a thread has by default: depth must not cost stack.
const SMALL_STACK_BYTES: usize = 512 * 1024;

/// The engine's bound on a message, and the mark that it was cut.
const MESSAGE_CHARACTERS_MAX: usize = kentongan::limits::DIAGNOSTIC_CHARACTERS_MAX + 1;
/// How many lines of an answer a snapshot keeps.
const LINES_KEPT: usize = 12;

struct Bad {
    /// The file's name, without its extension.
    name: String,
    file: String,
    text: String,
}

/// The corpus on disk, in order. A host reads bytes that are no UTF-8 as replacement characters.
fn files() -> Vec<Bad> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/bad");
    let mut files: Vec<Bad> = fs::read_dir(&folder)
        .expect("the corpus is there")
        .map(|entry| {
            let path = entry.expect("the corpus can be listed").path();
            let part = |part: Option<&std::ffi::OsStr>| part.expect("a file has a name").to_string_lossy().into_owned();
            Bad {
                name: part(path.file_stem()),
                file: part(path.file_name()),
                text: String::from_utf8_lossy(&fs::read(&path).expect("a file can be read")).into_owned(),
            }
        })
        .collect();
    files.sort_by(|a, b| a.file.cmp(&b.file));
    files
}

/// What is wrong only by its size.
fn large() -> Vec<Bad> {
    let whole = |service: &str, condition: &str| {
        format!(
            "policy: shop\nservices: {service}\nseverities:\n  high: {{ definition: all, notify: [ {{ email: a@b.org }} ] }}\n\
             classify:\n  - {{ when: '{condition}', severity: high }}\n  - default: high\nlast_resort: [ {{ email: a@b.org }} ]\n"
        )
    };
    let mut keys = String::from("policy: shop\n");
    for number in 0..100_000 {
        let _ = writeln!(keys, "key-{number}: 1");
    }
    let mut aliases = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for number in 1..10 {
        let before = format!("*a{}, ", number - 1).repeat(10);
        let _ = writeln!(aliases, "a{number}: &a{number} [{before}]");
    }
    // Each line nests within the limit, the document does not: its last line is 12,000 lists deep.
    let mut tower = String::from("a0: &a0 []\n");
    for number in 1..=200 {
        let (open, close) = ("[".repeat(60), "]".repeat(60));
        let _ = writeln!(tower, "a{number}: &a{number} {open}*a{}{close}", number - 1);
    }
    // Sixty anchors around one long list: each would keep a copy of it.
    let anchors: String = (0..60).fold(String::new(), |mut text, number| {
        let _ = write!(text, "&a{number} [");
        text
    });
    let copies = format!("{anchors}{}{}", "1,".repeat(200_000), "]".repeat(60));
    [
        ("large-depth-of-lists", format!("policy: {}", "[".repeat(100_000))),
        ("large-depth-of-mappings", format!("policy: {}", "{a: ".repeat(100_000))),
        (
            "large-depth-of-blocks",
            (0..2_000).fold(String::new(), |mut text, depth| {
                let _ = writeln!(text, "{}a:", " ".repeat(depth));
                text
            }),
        ),
        ("large-number-of-keys", keys),
        ("large-aliases", aliases),
        ("large-tower-of-aliases", tower),
        ("large-copies-of-anchors", copies),
        ("large-document", format!("policy: shop\n# {}\n", "x".repeat(33 * 1024 * 1024))),
        ("large-condition", whole("{}", &format!("alert.name == \"{}\"", "x".repeat(20_000)))),
        ("large-key", whole(&format!("{{ {}: {{ ownr: a }} }}", "k".repeat(900)), "true")),
        ("large-unknown-name", whole(&format!("{{ web: {{ owner: {} }} }}", "o".repeat(5_000)), "true")),
    ]
    .into_iter()
    .map(|(name, text)| Bad { name: name.to_owned(), file: format!("{name}.yaml"), text })
    .collect()
}

/// A file that a policy of the corpus names beside itself.
fn beside(file: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/bad").join(file)).ok()
}

/// Everything wrong with it.
fn refuse(bad: &Bad) -> PolicyError {
    match Policy::load("policy.yaml", &bad.text, beside) {
        Ok(policy) => panic!("{} was accepted, as `{}`", bad.file, policy.name()),
        Err(error) => error,
    }
}

/// Everything wrong with it, one problem a line, checked for what holds of every answer.
fn answer(bad: &Bad) -> String {
    let error = refuse(bad);
    let diagnostics = error.diagnostics();
    assert!(diagnostics.has_errors(), "{}: refused without an error", bad.file);
    assert!(
        diagnostics.iter().any(|d| d.level() == Level::Error && d.place().line > 0 && d.place().column > 0),
        "{}: no error has a place:\n{diagnostics}",
        bad.file
    );
    for diagnostic in diagnostics.iter() {
        let message = diagnostic.message();
        let style = message.starts_with(|first: char| !first.is_uppercase())
            && !message.ends_with('.')
            && !message.contains('\n')
            && message.chars().count() <= MESSAGE_CHARACTERS_MAX;
        assert!(style, "{}: {message}", bad.file);
    }
    // What a terminal shows is made from the same spans; it must not fail where they are odd.
    assert!(!diagnostics.render(false).is_empty());
    let mut answer = diagnostics.to_string().replace("policy.yaml:", "");
    // A document that is wrong throughout: the first lines say how.
    if let Some((end, _)) = answer.match_indices('\n').nth(LINES_KEPT) {
        let more = answer.split_off(end).matches('\n').count();
        let _ = write!(answer, "\n({more} more lines)");
    }
    answer
}

#[test]
fn the_corpus_is_whole() {
    assert_eq!(files().len(), FILES);
}

#[test]
fn each_is_refused_with_every_problem_at_its_place() {
    for bad in files().iter().chain(&large()) {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "snapshots/bad" }, {
            insta::assert_snapshot!(bad.name.as_str(), answer(bad));
        });
    }
}

#[test]
fn none_needs_more_than_a_small_stack() {
    let all = files().into_iter().chain(large());
    let thread = thread::Builder::new().stack_size(SMALL_STACK_BYTES).spawn(move || {
        for bad in all {
            drop(refuse(&bad));
        }
    });
    thread.expect("a thread can be started").join().expect("none panics");
}

#[test]
fn ten_mistakes_are_reported_at_once() {
    let bad = files().into_iter().find(|bad| bad.name.ends_with("ten-mistakes")).expect("the corpus has it");
    let error = refuse(&bad);
    let codes: Vec<&str> = error.diagnostics().iter().map(Diagnostic::code).collect();
    assert_eq!(
        codes,
        [
            "unknown_timezone",
            "unknown_channel",
            "unknown_person",
            "wrong_type",
            "unknown_escalation",
            "silent_severity",
            "unknown_field",
            "missing_default",
            "unknown_fact",
            "unknown_severity",
            "unused_escalation",
            "unknown_on_call",
            "too_often",
            "empty_last_resort",
        ]
    );
}

/// A host that builds a policy as data has no lines; the path leads to the problem, past items that cannot be read.
#[test]
fn a_policy_that_was_never_text_is_answered_by_path() {
    let value = serde_json::json!({
        "policy": "shop",
        "severities": { "high": {
            "definition": "all",
            "notify": [7, { "email": "shop@example.org" }, { "email": "nobody" }],
        } },
        "classify": [{ "when": "alrt.name == \"x\"", "severity": "high" }, { "default": "high" }],
        "last_resort": [{ "email": "shop@example.org" }],
    });
    let Err(error) = Policy::from_value(&value) else {
        panic!("it was accepted");
    };
    let answer: Vec<(&str, &str)> =
        error.diagnostics().iter().map(|problem| (problem.place().path.as_str(), problem.code())).collect();
    assert_eq!(
        answer,
        [
            ("severities.high.notify[0]", "wrong_type"),
            ("severities.high.notify[2].email", "unknown_recipient"),
            ("classify[0].when", "unknown_fact"),
        ]
    );
}

/// A script beside the policy is a file of its own: that is the place, and the remedy is one for scripts.
#[test]
fn what_is_wrong_in_a_script_is_placed_inside_it() {
    let policy = "policy: shop\nscript: own.rhai\nseverities: { high: { definition: all, notify: [ { email: a@b.org } ] } }\n\
                  classify: [ { when: late(1), severity: high }, { default: high } ]\nlast_resort: [ { email: a@b.org } ]\n";
    for (script, expected) in [
        ("fn f() { true", "own.rhai:1:14: error[invalid_script]: the script is not complete; close what is open"),
        (
            "fn f() { true }\nlet x = 1;",
            "own.rhai:2:1: error[invalid_script]: a script defines functions and does nothing else; move",
        ),
        ("fn f() { eval(\"1\") }", "own.rhai:1:10: error[invalid_script]: "),
        ("// é\nfn é() { 1 }", "own.rhai:2:4: error[invalid_script]: "),
        ("fn f(x) {\n  x == 1 and x == 2\n}", "own.rhai:2:10: error[invalid_script]: `and` is no operator; write `&&`"),
        (
            "fn f(x) {\n  alert.name == x\n}",
            "own.rhai:2:3: error[invalid_script]: `alert` is no argument of the function; give it to the function",
        ),
        ("fn f(x) { matches(x, \"(\") }", "own.rhai:1:11: error[invalid_script]: `(` is not a pattern"),
        ("fn f(x) { g(x) }", "own.rhai:1:11: error[invalid_script]: there is no function `g`"),
        ("fn f(x, y) { f(x) }", "own.rhai:1:14: error[invalid_script]: `f` takes 2 arguments, and is given 1"),
        ("\n\nfn  hours(x) { x }", "own.rhai:3:5: error[invalid_script]: `hours` is a function that conditions have"),
    ] {
        let Err(error) = Policy::load("policy.yaml", policy, |_| Some(script.to_owned())) else {
            panic!("`{script}` was accepted");
        };
        let answer = error.diagnostics().to_string();
        assert!(answer.starts_with(expected), "{answer}");
        // What it would have defined is not reported as well.
        assert_eq!(error.diagnostics().iter().count(), 1, "{answer}");
    }
}

/// Calls nest eight deep, so what calls itself fails when it has more to do. It can be used for all that.
#[test]
fn a_function_that_calls_itself_is_warned_of_in_its_file() {
    let policy = "policy: shop\nscript: own.rhai\nseverities: { high: { definition: all, notify: [ { email: a@b.org } ] } }\n\
                  classify: [ { default: high } ]\nlast_resort: [ { email: a@b.org } ]\n";
    let script = "fn plain(n) { twice(n) + twice(n) }\nfn twice(n) { 2 * n }\nfn count(n) { if n > 0 { count(n - 1) } else { 0 } }\n\
                  fn a(n) { b(n) }\nfn b(n) { plain(n) + c(n) }\nfn c(n) { a(n) }\nfn over(n) { over(n, 1) }\nfn over(n, m) { n + m }\n";
    let policy = Policy::load("policy.yaml", policy, |_| Some(script.to_owned())).expect("it can be used");
    let warnings: Vec<String> = policy.warnings().iter().map(ToString::to_string).collect();
    let expected = |place: &str, name: &str, through: &str| {
        format!(
            "own.rhai:{place}: warning[recursive_function]: `{name}` calls itself{through}: calls go 8 deep, and what goes deeper \
             fails; write out what it repeats"
        )
    };
    assert_eq!(
        warnings,
        [
            expected("3:26", "count", ""),
            expected("4:11", "a", ", through `b` and `c`"),
            expected("5:22", "b", ", through `c` and `a`"),
            expected("6:11", "c", ", through `a` and `b`"),
        ]
    );
}

/// A program writes out every field of a rule, and nothing stands where it has none.
#[test]
fn a_field_that_is_written_as_nothing_is_as_good_as_not_written() {
    let policy = |last: serde_json::Value| {
        Policy::from_value(&serde_json::json!({
            "policy": "shop",
            "severities": {
                "high": { "definition": "down", "notify": [{ "email": "shop@example.org" }] },
                "low": { "definition": "the rest", "notify": [{ "email": "shop@example.org" }] },
            },
            "classify": [
                { "id": "pay", "when": "alert.service == \"checkout\"", "severity": "high", "table": null, "default": null },
                last,
            ],
            "last_resort": [{ "email": "shop@example.org" }],
        }))
    };

    let good =
        policy(serde_json::json!({ "id": null, "when": null, "severity": null, "table": null, "default": "low" }));
    assert_eq!(good.expect("it is whole").rules().collect::<Vec<_>>(), ["pay"]);

    let error = policy(serde_json::json!({ "default": null })).expect_err("it has no default");
    let answer: Vec<(&str, &str)> =
        error.diagnostics().iter().map(|problem| (problem.place().path.as_str(), problem.code())).collect();
    assert_eq!(
        answer,
        [("classify[1]", "missing_field"), ("classify[1]", "missing_field"), ("classify", "missing_default")]
    );
}
