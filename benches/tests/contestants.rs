//! What races in Rust answers as the obvious loop does, and peers race with it in the same rounds.

use std::error::Error;

use kentongan_benches::workload::answers;
use kentongan_benches::{Contestant, Engine, Figure, Kind, Plan, Set, Workload, contestants};

fn peer(name: &str) -> Engine {
    let [language, name, how] = ["rust", name, "somehow"].map(str::to_owned);
    Engine { language, kind: Kind::Engine, name, how, version: String::new(), batch: false }
}

#[expect(clippy::unnecessary_wraps, reason = "as peers are made")]
fn right(workload: &Workload) -> Result<Vec<Contestant<'_>>, Box<dyn Error>> {
    let answers = answers(workload);
    let decide = move |range: std::ops::Range<usize>, given: &mut Vec<_>| given.extend_from_slice(&answers[range]);
    Ok(vec![Contestant { engine: peer("right"), decide: Box::new(decide) }])
}

#[expect(clippy::unnecessary_wraps, reason = "as peers are made")]
fn wrong(_: &Workload) -> Result<Vec<Contestant<'_>>, Box<dyn Error>> {
    let decide = |range: std::ops::Range<usize>, given: &mut Vec<_>| given.extend(range.map(|_| Some(usize::MAX)));
    Ok(vec![Contestant { engine: peer("wrong"), decide: Box::new(decide) }])
}

/// So short that the test ends, and so long that the answers differ.
fn plan() -> Plan {
    Plan { rounds: 2, check_seconds: 0.05, round_seconds: 0.001, ..Plan::new(vec![100], true) }
}

#[test]
fn every_contestant_races_with_the_peers_and_answers_rightly() {
    let mut figures: Vec<Figure> = Vec::new();
    contestants::race_all(&plan(), right, |figure| {
        figures.push(figure.clone());
        Ok(())
    })
    .unwrap_or_else(|error| panic!("{error}"));

    let of = |set| -> Vec<&str> {
        figures.iter().filter(|figure| figure.set == set).map(|figure| figure.engine.name.as_str()).collect()
    };
    let ours = ["kentongan", "kentongan", "loop", "loop over alerts", "bitset"];
    assert_eq!(of(Set::Mixed), [&["kentongan"], &ours[..], &["rhai", "right"]].concat());
    assert_eq!(of(Set::Labels), of(Set::Mixed));
    assert_eq!(of(Set::Gaps), ours);
    assert!(figures.iter().all(|figure| figure.micros.len() == 2 && figure.alerts >= 10), "{figures:?}");
    let rhai = figures.iter().find(|figure| figure.engine.name == "rhai").map(|figure| figure.engine.version.as_str());
    assert!(rhai.is_some_and(|version| version.starts_with("1.")), "{rhai:?}");
}

#[test]
fn a_peer_that_answers_wrongly_ends_the_race() {
    let error = contestants::race_all(&plan(), wrong, |_| Ok(())).expect_err("a peer answers wrongly").to_string();

    assert!(error.starts_with("wrong (somehow) answers alert 0 with Some("), "{error}");
}
