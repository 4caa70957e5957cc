//! Any sequence of inputs: a store is an engine that remembers, wherever it is closed and opened again.

mod support;

use kentongan::{Engine, Input, Outcome};
use kentongan_journal::{StoreOptions, read};
use proptest::prelude::*;
use support::{alert, policy, scratch, second, state};

/// What a host may do. Which incident or effect is meant is a number among those there are.
#[derive(Debug, Clone)]
enum Act {
    Alert(u8, f64),
    Clear(u8),
    Acknowledge(usize),
    Resolve(usize),
    Report(usize, bool),
    Advance,
    Reopen,
    Snapshot,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..4_u8, any::<f64>()).prop_map(|(key, rate)| Act::Alert(key, rate)),
        2 => (0..4_u8, 0.0..1.0).prop_map(|(key, rate)| Act::Alert(key, rate)),
        1 => (0..4_u8).prop_map(Act::Clear),
        1 => any::<usize>().prop_map(Act::Acknowledge),
        1 => any::<usize>().prop_map(Act::Resolve),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(which, good)| Act::Report(which, good)),
        3 => Just(Act::Advance),
        2 => Just(Act::Reopen),
        1 => Just(Act::Snapshot),
    ]
}

/// The input an act stands for, in the engine's present state.
fn input(act: &Act, engine: &Engine) -> Option<Input> {
    let incident = |which: usize| {
        let incidents: Vec<_> = engine.incidents().collect();
        (!incidents.is_empty()).then(|| incidents[which % incidents.len()].id().clone())
    };
    let by = "ana".to_owned();
    Some(match act {
        Act::Alert(key, rate) => alert(&format!("key-{key}"), *rate),
        Act::Clear(key) => match alert(&format!("key-{key}"), 0.0) {
            Input::Alert(alert) => Input::Alert(alert.resolved()),
            other => other,
        },
        Act::Acknowledge(which) => Input::Acknowledge { incident: incident(*which)?, by, note: String::new() },
        Act::Resolve(which) => {
            Input::Resolve { incident: incident(*which)?, by, note: String::new(), override_reason: None }
        }
        Act::Report(which, good) => {
            let pending: Vec<_> = engine.pending().collect();
            if pending.is_empty() {
                return None;
            }
            Input::Report {
                effect: pending[which % pending.len()].id.clone(),
                outcome: if *good { Outcome::Delivered } else { Outcome::Failed },
                detail: String::new(),
                opened_as: None,
            }
        }
        Act::Advance | Act::Reopen | Act::Snapshot => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_the_engine_and_survives_being_closed_anywhere(
        acts in prop::collection::vec((act(), 0..900_i64), 1..40),
        every in prop::option::of(1..6_u64),
    ) {
        let directory = scratch();
        let path = directory.path().join("shop.journal");
        let options = StoreOptions::new().snapshot_every(every);
        let (mut store, _) = options.open(&path, policy()).unwrap();
        let mut engine = Engine::new(policy());
        let mut steps = Vec::new();
        let mut at = second(0);
        for (act, seconds) in acts {
            at += chrono::TimeDelta::seconds(seconds);
            match &act {
                Act::Reopen => {
                    drop(store);
                    let recovery;
                    (store, recovery) = options.open(&path, policy()).unwrap();
                    prop_assert_eq!(recovery.refused, 0);
                    let pending = engine.pending().count();
                    prop_assert!(recovery.effects.len() >= pending);
                }
                Act::Snapshot => store.snapshot().unwrap(),
                Act::Advance => {
                    let step = store.advance(at).unwrap();
                    if engine.wakeup().is_some_and(|wakeup| wakeup <= at) {
                        let plain = engine.advance(at).unwrap();
                        prop_assert_eq!(&step, &plain);
                        steps.push(plain);
                    } else {
                        prop_assert!(step.effects.is_empty());
                    }
                }
                other => {
                    let Some(input) = input(other, &engine) else { continue };
                    let plain = engine.apply(at, input.clone());
                    match (store.apply(at, input), plain) {
                        (Ok(step), Ok(plain)) => {
                            prop_assert_eq!(&step, &plain);
                            steps.push(plain);
                        }
                        (Err(error), Err(plain)) => prop_assert_eq!(error.code(), plain.code()),
                        (store, plain) => prop_assert!(false, "{store:?} and {plain:?}"),
                    }
                }
            }
            prop_assert_eq!(state(store.engine()), state(&engine));
            prop_assert_eq!(store.wakeup(), engine.wakeup());
        }
        // The journal alone gives every step again.
        let mut again = Engine::new(policy());
        let mut replayed = Vec::new();
        for record in read(&path).unwrap() {
            let entry = record.unwrap().entry().expect("nothing was reloaded");
            replayed.push(again.apply(entry.at, entry.input).unwrap());
        }
        prop_assert_eq!(replayed, steps);
        prop_assert_eq!(state(&again), state(&engine));
    }

    #[test]
    fn no_bytes_bring_the_reader_down(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        headed in any::<bool>(),
    ) {
        let header: &[u8] = if headed { b"{\"format\":\"kentongan-journal\",\"version\":1}\n" } else { b"" };
        let bytes = [header, &bytes].concat();
        if let Ok(records) = kentongan_journal::Records::from_reader("bytes", bytes.as_slice()) {
            for record in records {
                prop_assert!(record.is_err(), "nobody guesses a checksum");
            }
        }
    }
}
