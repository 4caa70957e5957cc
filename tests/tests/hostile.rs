//! Whatever a condition does, the process lives, no answer is below the default, and everybody whom the policy pages
//! without it is paged; on a quarter of the stack that a thread has by default, as in a host that runs many of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use kentongan::Policy;
use kentongan_tests::grammar;
use kentongan_tests::hostile::{End, Hostile, Place, Trial, alert, corpus, run};
use kentongan_tests::memory::{Counting, measured};
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SMALL_STACK_BYTES: usize = 512 * 1024;
/// The most memory that a trial may take beside what one with a harmless condition takes, in bytes, and the most time of
/// the processor, of which a hundredth is usual.
const PEAK_BYTES_MAX: usize = 512 * 1024;
/// Beside that, what a policy takes while it is read, for each byte that is written in it.
const PEAK_BYTES_A_BYTE: usize = 96;
const CPU_SECONDS_MAX: f64 = 2.0;
/// How many scripts the corpus has. A loop over files that found none would otherwise pass.
const SCRIPTS: usize = 418;
/// How many conditions are generated, how many of them share a policy, and every which is run in an engine.
const GENERATED: u64 = 100_000;
const TOGETHER: u64 = 150;
const SAMPLED: u64 = 200;

fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(SMALL_STACK_BYTES).spawn(work).expect("a thread can be started");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs a trial within its ceilings.
///
/// # Errors
///
/// The harm it did, or the ceiling that it broke through.
fn within_limits(hostile: &Hostile, place: Place, harmless: usize) -> Result<End, String> {
    let start = cpu_seconds();
    let (trial, taken) = measured(|| run(hostile, place));
    let seconds = cpu_seconds() - start;
    let peak = taken.expect("this program counts").peak;
    let written = hostile.when.len() + hostile.script.as_ref().map_or(0, String::len);
    if peak > harmless + PEAK_BYTES_MAX + PEAK_BYTES_A_BYTE * written {
        return Err(format!("it took {peak} bytes at once, where a harmless one takes {harmless}"));
    }
    if seconds > CPU_SECONDS_MAX {
        return Err(format!("it took {seconds:.1} s"));
    }
    trial.map(|trial| trial.end)
}

fn hostile(name: &str, when: &str) -> Hostile {
    Hostile { name: name.to_owned(), when: when.to_owned(), script: None, errors: Vec::new() }
}

/// The memory that the trial of a condition takes which does nothing.
fn harmless(place: Place) -> usize {
    let (trial, taken) = measured(|| run(&hostile("harmless", "alert.name == \"\""), place));
    assert_eq!(trial, Ok(Trial { end: End::No, errors: Vec::new() }), "as a {place:?}");
    taken.expect("this program counts").peak
}

#[expect(clippy::cast_precision_loss, reason = "a test runs for less than 2^52 nanoseconds")]
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

#[test]
fn no_script_of_the_corpus_does_harm() {
    let ends = on_a_small_stack(|| {
        let corpus = corpus();
        assert_eq!(corpus.len(), SCRIPTS, "the corpus has grown or shrunk");
        let harmless = Place::ALL.map(|place| (place, harmless(place)));
        let mut ends: BTreeMap<(Place, End), usize> = BTreeMap::new();
        for hostile in &corpus {
            for (place, harmless) in harmless {
                match within_limits(hostile, place, harmless) {
                    Ok(End::Yes) => panic!("{}, as a {place:?}: it holds", hostile.name),
                    Ok(end) => *ends.entry((place, end)).or_default() += 1,
                    Err(harm) => panic!("{}, as a {place:?}: {harm}", hostile.name),
                }
            }
        }
        ends
    });
    // Were they all refused when the policy is read, the limits would not have been tried.
    for place in Place::ALL {
        assert!(ends[&(place, End::Failed)] >= 100, "{ends:?}");
        assert!(ends[&(place, End::Refused)] >= 100, "{ends:?}");
    }
}

/// Each is read, and those that can be are asked, in policies of many rules. A rule that holds makes the answer worse.
#[test]
fn no_generated_condition_does_harm() {
    let (read, failed, held) = on_a_small_stack(|| {
        let (mut read, mut failed, mut held) = (0, 0, 0);
        for first in (0..GENERATED).step_by(usize::try_from(TOGETHER).expect("few")) {
            let seeds: Vec<u64> = (first..GENERATED.min(first + TOGETHER)).collect();
            let seeds = readable(seeds);
            read += seeds.len();
            let policy = policy(&seeds).unwrap_or_else(|error| panic!("what was read is refused: {error}"));
            let answer = policy.classify(&alert());
            assert_eq!(answer, policy.classify(&alert()), "two answers to {seeds:?}");
            let worse = answer.rule.is_some();
            assert_eq!(answer.severity, if worse { "worst" } else { "high" }, "{seeds:?}");
            failed += answer.faults.len();
            held += usize::from(worse);
        }
        (read, failed, held)
    });
    println!("{read} of {GENERATED} were read, {failed} failed, {held} answers were worse");
    assert!(read > 30_000 && failed > 10_000, "{read} were read, {failed} failed");
}

/// Those of the conditions that a policy can have.
fn readable(mut seeds: Vec<u64>) -> Vec<u64> {
    while let Err(refused) = policy(&seeds) {
        let at_fault: Vec<String> = refused.diagnostics().iter().map(|problem| problem.place().path.clone()).collect();
        let before = seeds.len();
        let mut position = 0;
        seeds.retain(|_| {
            let entry = format!("classify[{position}].");
            position += 1;
            !at_fault.iter().any(|path| path.starts_with(&entry))
        });
        assert!(seeds.len() < before, "a policy is refused for none of its conditions: {refused}");
    }
    seeds
}

fn policy(seeds: &[u64]) -> Result<Policy, kentongan::PolicyError> {
    let mut text = String::from(
        "policy: generated\nservices: { core: { tier: gold, facts: { seats: 40, paid: true } } }\n\
         severities: { worst: &all { definition: all, notify: [ { email: a@example.org } ] }, high: *all }\nclassify:\n",
    );
    for seed in seeds {
        let when = serde_json::to_string(&grammar::condition(*seed)).expect("text is JSON");
        let _ = writeln!(text, "  - {{ id: \"{seed}\", when: {when}, severity: worst, continue: true }}");
    }
    text.push_str("  - default: high\nlast_resort: [ { email: a@example.org } ]\n");
    Policy::load("policy.yaml", &text, |_| None)
}

#[test]
fn no_generated_condition_keeps_a_page_back() {
    let ends = on_a_small_stack(|| {
        let harmless = Place::ALL.map(|place| (place, harmless(place)));
        let mut ends: BTreeMap<(Place, End), usize> = BTreeMap::new();
        for seed in (0..GENERATED).step_by(usize::try_from(SAMPLED).expect("few")) {
            let hostile = hostile(&format!("seed {seed}"), &grammar::condition(seed));
            for (place, harmless) in harmless {
                match within_limits(&hostile, place, harmless) {
                    Ok(end) => *ends.entry((place, end)).or_default() += 1,
                    Err(harm) => panic!("seed {seed}, as a {place:?}: {harm}: {}", hostile.when),
                }
            }
        }
        ends
    });
    for place in Place::ALL {
        for end in [End::Refused, End::Failed, End::No, End::Yes] {
            assert!(ends.contains_key(&(place, end)), "no condition ended as {end:?} as a {place:?}: {ends:?}");
        }
    }
}

/// How a condition ends, as a rule, with functions of the policy's own.
fn ended(when: &str, script: Option<String>) -> Trial {
    let hostile = Hostile { script, ..hostile("limit", when) };
    run(&hostile, Place::Rule).unwrap_or_else(|harm| panic!("{when}: {harm}"))
}

/// A script within a limit gives its answer. One that is less than a few times past it ends there.
#[test]
fn the_limits_are_where_they_are_said_to_be() {
    let doubled = |times| format!("let s = \"x\"; for i in 0..{times} {{ s += s; }} s == \"\"");
    let list = |times| format!("let a = [1]; for i in 0..{times} {{ a += a; }} a == []");
    let map = |times| format!("let m = #{{}}; for i in 0..{times} {{ m = #{{ a: m }}; }} m.len() == 0");
    let loops = |times| format!("for i in 0..{times} {{ }} false");
    let lets = |times: usize| {
        let lets: Vec<String> = (0..times).map(|number| format!("let x{number} = 1; ")).collect();
        format!("{} for i in 0..1 {{ }} false", lets.concat())
    };
    on_a_small_stack(move || {
        for (within, beyond, error) in [
            (loops(300), loops(3_000), "too many operations"),
            // 4,096 bytes, and twice as many.
            (doubled(12), doubled(13), "a text grows too large"),
            // 256 entries. A list that has so many may be added to once more.
            (list(8), list(10), "a list grows too large"),
            (map(100), map(140), "a map grows too large"),
            (lets(20), lets(40), "too many variables"),
        ] {
            let (within_it, beyond_it) = (ended(&within, None), ended(&beyond, None));
            assert_eq!(within_it, Trial { end: End::No, errors: Vec::new() }, "{within}");
            assert_eq!(beyond_it.end, End::Failed, "{beyond}");
            assert!(beyond_it.errors.iter().all(|found| found.contains(error)), "{beyond}: {:?}", beyond_it.errors);
        }
        let calls =
            |times| ended(&format!("f({times})"), Some("fn f(n) { if n > 0 { f(n - 1) } else { false } }".to_owned()));
        assert_eq!(calls(5).end, End::No);
        let deep = calls(20);
        assert_eq!(deep.end, End::Failed);
        assert!(deep.errors.iter().all(|error| error.contains("calls nest too deep")), "{:?}", deep.errors);
        // What can be counted when it is read, is refused then.
        let nested = |times: usize| ended(&format!("{}false", "!!".repeat(times)), None).end;
        let functions = |count: usize| {
            let script: Vec<String> = (0..count).map(|number| format!("fn f{number}() {{ false }} ")).collect();
            ended("f0()", Some(script.concat())).end
        };
        let long = |bytes: usize| ended(&format!("false{}", " ".repeat(bytes)), None).end;
        assert_eq!([nested(8), functions(30), long(16_000)], [End::No; 3]);
        assert_eq!([nested(40), functions(40), long(20_000)], [End::Refused; 3]);
    });
}
