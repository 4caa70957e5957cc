//! Every vector holds, comes to the same bytes each time, and would be noticed if it did not.

use std::fmt::Write as _;
use std::sync::Arc;
use std::{env, fs};

use chrono::TimeDelta;
use kentongan::{Engine, Entry, Input, Snapshot, Verdict};
use kentongan_lab::{Call, Run};
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
        let mut effects = String::new();
        relive(&vector, run.calls(), &mut effects);
        assert_eq!(effects, run.effects_jsonl(), "{}: a replay gives other effects", vector.stem);
    }
}

#[test]
fn a_snapshot_in_the_middle_is_not_noticed() {
    for vector in all() {
        let run = run(&vector);
        let entries: Vec<Call> = run.calls().collect();
        for cut in [1, entries.len() / 3, entries.len() / 2, entries.len().saturating_sub(1)] {
            let mut effects = String::new();
            let (before, after) = entries.split_at(cut.min(entries.len()));
            let engine = relive(&vector, before.iter().cloned(), &mut effects);
            let text = engine.snapshot().to_json();
            let snapshot = Snapshot::from_json(&text).expect("the snapshot is readable");
            let mut engine = Engine::restore(Arc::clone(engine.policy()), snapshot).expect("the snapshot is restored");
            assert_eq!(engine.snapshot().to_json(), text, "{}: cut at {cut}: the snapshot changes", vector.stem);
            for call in after {
                append(&mut effects, call.on(&mut engine));
            }
            assert_eq!(effects, run.effects_jsonl(), "{}: cut at {cut}: other effects", vector.stem);
            assert_eq!(engine.audit(), Vec::<String>::new(), "{}", vector.stem);
        }
    }
}

/// The journal of a vector in which the host reports nothing, so that no input stands between two wake-ups.
fn unreported(vector: &Vector) -> Option<Run> {
    let mut changed = vector.text.clone();
    if !changed.contains("\ndelivery: ") {
        changed = changed.replacen("\nuntil: ", "\ndelivery: unreported\nuntil: ", 1);
    }
    let scenario = vectors::load(&vector.stem, &changed).unwrap_or_else(|problems| panic!("{problems}"));
    let run = scenario.run().unwrap_or_else(|error| panic!("{}: {error}", vector.stem));
    let reports = run.inputs().any(|entry| matches!(entry.input, Input::Report { .. }));
    // A hand-off that no wake-up has begun has no name yet that could be ticked off.
    let named = vector.text.contains("_handoff:");
    // Beyond 500 timers at once a host that slept gets repeats counted instead of sent.
    (!reports && !named && run.effects().count() < 500).then_some(run)
}

#[test]
fn a_host_that_slept_through_every_wake_up_catches_up_to_the_same_bytes() {
    let mut tried = 0;
    for vector in all() {
        let Some(run) = unreported(&vector) else {
            continue;
        };
        tried += 1;
        // What begins its time is no wake-up: a host hands a new engine a tick, from which hand-offs are kept.
        let asleep = run.calls().enumerate().filter(|(position, call)| {
            *position == 0 || !matches!(call, Call::Apply(Entry { input: Input::Tick, .. }))
        });
        let asleep = asleep.map(|(_, call)| call);
        let awake_again = Call::Apply(Entry { at: run.until, input: Input::Tick });
        let mut effects = String::new();
        relive(&vector, asleep.chain([awake_again]), &mut effects);
        assert_eq!(effects, run.effects_jsonl(), "{}: it comes to other effects", vector.stem);
    }
    assert!(tried > 70, "only {tried} vectors were tried");
}

#[test]
fn an_instant_of_the_past_changes_nothing() {
    for vector in all() {
        let run = run(&vector);
        let calls: Vec<Call> = run.calls().collect();
        let middle = calls.len() / 2;
        let Some(last) = calls[..middle].iter().map(Call::at).max() else {
            continue;
        };
        let past = Call::Apply(Entry { at: last - TimeDelta::hours(1), input: Input::Tick });
        let journal = calls[..middle].iter().cloned().chain([past]).chain(calls[middle..].iter().cloned());
        let (mut effects, mut regressions) = (String::new(), 0);
        let mut engine = Engine::new(Arc::clone(vector.scenario.policy()));
        for call in journal {
            let step = call.on(&mut engine);
            let decisions = step.iter().flat_map(|step| &step.decisions);
            regressions += decisions.filter(|d| matches!(d.verdict, Verdict::ClockRegression { .. })).count();
            append(&mut effects, step);
        }
        assert_eq!(effects, run.effects_jsonl(), "{}: it comes to other effects", vector.stem);
        // Where all that came before was refused, the engine has no time yet that could go back.
        let mut engine = Engine::new(Arc::clone(vector.scenario.policy()));
        let begun = calls[..middle].iter().any(|call| call.on(&mut engine).is_ok());
        assert_eq!(regressions, usize::from(begun), "{}: the clock that went back leaves its trace", vector.stem);
    }
}

/// A vector in which one expectation is changed, and what is changed in it.
struct Flip {
    stem: &'static str,
    from: &'static str,
    to: &'static str,
}

/// One of each kind: an instant, a channel, a count, an absence, a deadline, a refusal, a decision, a state, a text.
const FLIPS: [Flip; 9] = [
    flip("sev1-acknowledged-at-the-deadline", "{ at: +5m, kind: breach", "{ at: +4m59s999ms, kind: breach"),
    flip("delivery-pager-then-sms-then-email", "effect: { at: +0s, channel: sms", "effect: { at: +0s, channel: slack"),
    flip("repeat-every-five-minutes", "count: 13", "count: 12"),
    flip("sev4-nobody-answers", "none: { channel: pager }", "none: { channel: slack }"),
    flip("severity-raised-to-a-shorter-target", "deadline: 2026-11-24T12:00:00Z", "deadline: 2026-11-24T13:00:00Z"),
    flip("refused-in-order", "rejected: not_public", "rejected: no_status_page"),
    flip("alerts-fire-again-after-the-hour", "verdict: opened, count: 2", "verdict: opened, count: 1"),
    flip("sev1-acknowledged-late", "acknowledged_by: budi", "acknowledged_by: sari"),
    flip("public-words-hold-nothing-internal", "text.contains: panic-gw", "text.contains: Panic"),
];

const fn flip(stem: &'static str, from: &'static str, to: &'static str) -> Flip {
    Flip { stem, from, to }
}

/// Whether a changed text is noticed: it is refused, or an expectation of it fails.
fn notices(stem: &str, text: &str) -> bool {
    vectors::load(stem, text).map_or(true, |scenario| !scenario.run().is_ok_and(|run| run.passed()))
}

#[test]
fn a_wrong_expectation_of_any_kind_is_noticed() {
    for Flip { stem, from, to } in FLIPS {
        let text = fs::read_to_string(vectors::folder().join(format!("{stem}.yaml"))).expect(stem);
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{stem} has no `{from}`");
        let scenario = vectors::load(stem, &changed).unwrap_or_else(|problems| panic!("{problems}"));
        let run = scenario.run().unwrap_or_else(|error| panic!("{stem}: {error}"));
        assert!(!run.passed(), "{stem}: `{to}` instead of `{from}` is not noticed");
        let failure = run.failures.first().map(ToString::to_string).unwrap_or_default();
        assert!(failure.starts_with(&format!("{stem}.yaml:")), "the failure says where it stands: {failure}");
    }
}

/// Each count one higher, and each instant of an effect one millisecond later, must fail by itself.
#[test]
fn every_count_and_every_instant_is_compared() {
    let (mut tried, mut unnoticed) = (0, String::new());
    // Runs of days hold thousands of effects, and compare them as those of hours do.
    for Vector { stem, text, .. } in all().iter().filter(|vector| !lasts_days(&vector.text)) {
        let expected = text.find("\nexpect:").unwrap_or(text.len());
        let changes = counts(text, expected).into_iter().chain(instants(text, expected));
        for (at, length, change) in changes {
            let mut changed = text.clone();
            changed.replace_range(at..at + length, &change);
            tried += 1;
            if !notices(stem, &changed) {
                let line = text[..at].lines().count();
                let _ = writeln!(unnoticed, "{stem}.yaml:{line}: `{change}` passes too");
            }
        }
    }
    assert!(unnoticed.is_empty(), "\n{unnoticed}");
    assert!(tried > 500, "only {tried} expectations were changed");
}

fn lasts_days(text: &str) -> bool {
    text.lines().any(|line| line.strip_prefix("until: +").is_some_and(|until| until.contains('d')))
}

/// Where a count stands, how long it is, and what it is changed to.
fn counts(text: &str, from: usize) -> Vec<(usize, usize, String)> {
    let found = text[from..].match_indices("count: ");
    found
        .filter_map(|(at, key)| {
            let at = from + at + key.len();
            let digits = text[at..].chars().take_while(char::is_ascii_digit).count();
            let count: u64 = text[at..at + digits].parse().ok()?;
            Some((at, digits, (count + 1).to_string()))
        })
        .collect()
}

/// Where the instant of an effect stands, how long it is, and what it is changed to.
fn instants(text: &str, from: usize) -> Vec<(usize, usize, String)> {
    let found = text[from..].match_indices("- effect: { at: ");
    found
        .filter_map(|(at, key)| {
            let at = from + at + key.len();
            let moment = &text[at..at + text[at..].find([',', ' '])?];
            let whole = moment.starts_with('+') && !moment.contains("ms");
            whole.then(|| (at, moment.len(), format!("{moment}1ms")))
        })
        .collect()
}

/// An engine that has lived through calls from the beginning, and the effects they came to.
fn relive(vector: &Vector, calls: impl IntoIterator<Item = Call>, effects: &mut String) -> Engine {
    let mut engine = Engine::new(Arc::clone(vector.scenario.policy()));
    for call in calls {
        append(effects, call.on(&mut engine));
    }
    engine
}

fn append(lines: &mut String, step: Result<kentongan::Step, kentongan::Rejected>) {
    for effect in step.map(|step| step.effects).unwrap_or_default() {
        lines.push_str(&serde_json::to_string(&effect).expect("an effect is JSON"));
        lines.push('\n');
    }
}
