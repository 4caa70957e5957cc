//! Whatever a condition does, the process lives, no answer is below the default, and everybody whom the policy pages
//! without it is paged; on a quarter of the stack that a thread has by default, as in a host that runs many of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::thread;

use kentongan::Policy;
use kentongan_tests::grammar;
use kentongan_tests::hostile::{End, Hostile, Place, alert, corpus, run};

const SMALL_STACK_BYTES: usize = 512 * 1024;
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

#[test]
fn no_script_of_the_corpus_does_harm() {
    let ends = on_a_small_stack(|| {
        let corpus = corpus();
        assert_eq!(corpus.len(), SCRIPTS, "the corpus has grown or shrunk");
        let mut ends: BTreeMap<(Place, End), usize> = BTreeMap::new();
        for hostile in &corpus {
            for place in Place::ALL {
                match run(hostile, place) {
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
        let mut ends: BTreeMap<(Place, End), usize> = BTreeMap::new();
        for seed in (0..GENERATED).step_by(usize::try_from(SAMPLED).expect("few")) {
            let hostile = Hostile { name: format!("seed {seed}"), when: grammar::condition(seed), script: None };
            for place in Place::ALL {
                match run(&hostile, place) {
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
