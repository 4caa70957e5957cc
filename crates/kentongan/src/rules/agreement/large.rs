//! Rule sets so large that the index goes ways that it goes for no small one: a fact compared with hundreds of texts,
//! thousands of ranges of a number, beginnings of many lengths.

use std::collections::BTreeMap;

use super::{Dice, roles, rules_in_turn, service};
use crate::alert::Alert;
use crate::calendar::Zone;
use crate::policy::document::WhenUnsure;
use crate::policy::{Service, SeverityIndex};
use crate::rules::classify::{Rule, Rules};
use crate::rules::facts::{Sight, View};
use crate::rules::index::{Index, Scratch};
use crate::rules::sandbox::Sandbox;
use crate::rules::walk::Asked;

const RULES: usize = 5_000;
const ALERTS: usize = 300;
/// How many texts a fact is compared with, and how many a list has.
const TEXTS: usize = 400;
const LISTED: usize = 12;
/// How long the beginnings are that are asked for, and the texts that have them.
const BEGINNINGS: [usize; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const LETTERS: usize = 10;

/// A word of two letters, so that many share their beginnings.
fn word(dice: &mut Dice, letters: usize) -> String {
    (0..letters).map(|_| dice.pick(&['a', 'b'])).collect()
}

fn text(dice: &mut Dice) -> String {
    format!("team-{}", dice.below(TEXTS))
}

/// A number in thousandths below `most`, with a place behind them that few others have.
fn number(dice: &mut Dice, most: usize) -> String {
    format!("{}.{:03}", dice.below(most), dice.below(1_000))
}

fn conjunct(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 | 1 => format!("alert.labels.team == \"{}\"", text(dice)),
        2 | 3 => {
            let texts: Vec<String> = (0..LISTED).map(|_| format!("\"{}\"", text(dice))).collect();
            format!("alert.labels.team in [{}]", texts.join(", "))
        }
        4 => {
            let letters = dice.pick(&BEGINNINGS);
            format!("alert.name.starts_with(\"{}\")", word(dice, letters))
        }
        5 => format!("alert.values.ratio {} {}", dice.pick(&["<", ">="]), number(dice, 100)),
        6 => format!("alert.labels.zone != \"{}\"", text(dice)),
        // Fails where there is no host.
        _ => format!("alert.labels.host.{}(\"{}\")", dice.pick(&["starts_with", "contains"]), word(dice, 6)),
    }
}

/// Rules that compare texts, look for beginnings, and bound numbers.
fn of_texts(dice: &mut Dice) -> String {
    let count = 2 + dice.below(2);
    (0..count).map(|_| conjunct(dice)).collect::<Vec<_>>().join(" && ")
}

/// Rules that each have a small range of a number to themselves, and a few others.
fn of_ranges(dice: &mut Dice) -> String {
    if dice.one_in(20) {
        return of_texts(dice);
    }
    let (whole, from) = (dice.below(1_000), dice.below(900));
    format!("alert.values.ratio >= {whole}.{from:03} && alert.values.ratio < {whole}.{:03}", from + 1 + dice.below(99))
}

fn alerts(dice: &mut Dice, most: usize) -> Vec<Alert> {
    let alert = |dice: &mut Dice| {
        let mut alert = Alert::firing("a1", dice.pick(&["core", "elsewhere"]));
        alert.name = word(dice, LETTERS);
        for label in ["team", "zone"] {
            if !dice.one_in(8) {
                // Some that no rule asks for.
                alert.labels.insert(label.to_owned(), format!("team-{}", dice.below(TEXTS + 20)));
            }
        }
        if !dice.one_in(8) {
            alert.labels.insert("host".to_owned(), word(dice, LETTERS));
        }
        if !dice.one_in(8) {
            let ratio = number(dice, most).parse().expect("it is a number");
            alert.values.insert("ratio".to_owned(), dice.pick(&[ratio, ratio, ratio, ratio, -1.0, f64::NAN]));
        }
        alert
    };
    (0..ALERTS).map(|_| alert(dice)).collect()
}

/// Compares the answers of rules by their index with those that they give in turn, and says how many alerts matched, how
/// many met a rule that fails, and what the index is built of.
fn compared(seed: u64, most: usize, condition: impl Fn(&mut Dice) -> String) -> (usize, usize, String, Index) {
    let services: BTreeMap<String, Service> = [("core".to_owned(), service())].into();
    let documents = services.iter().map(|(name, service)| (name.clone(), service.document.clone())).collect();
    let mut sandbox = Sandbox::new(Zone::default(), &documents, &roles());
    let mut dice = Dice(seed);
    let rule = |place: usize| Rule {
        id: format!("rule-{place}"),
        entry: format!("classify[{place}]"),
        position: place,
        file: None,
        line: None,
        condition: sandbox.compile(&condition(&mut dice), Sight::Alert).expect("it is a condition"),
        severity: SeverityIndex(dice.below(4)),
        because: None,
        goes_on: !dice.one_in(3),
    };
    let list = (0..RULES).map(rule).collect();
    let indexed = Rules::new(list, SeverityIndex(2), WhenUnsure::First, &mut sandbox, &services);
    let mut in_turn = rules_in_turn(&indexed, &mut sandbox, &services);
    in_turn.index = Index::in_turn(RULES);
    let (mut scratch, mut scratch_in_turn) = (Scratch::default(), Scratch::default());
    let (mut matched, mut failed, mut passed_over) = (0, 0, 0);
    for (place, alert) in alerts(&mut dice, most).iter().enumerate() {
        let service = alert.service.as_deref().and_then(|name| services.get(name));
        let view = View::of_alert(alert, service);
        let mut row = Vec::new();
        indexed.surroundings.read(&view, &mut row);
        let mut asked = Asked::alert(indexed.surroundings.row(&row), view);
        let ruling = indexed.decide(&sandbox, &mut asked, &mut scratch);
        assert_eq!(ruling, in_turn.decide(&sandbox, &mut asked, &mut scratch_in_turn), "{alert:?}");
        matched += usize::from(ruling.rule.is_some());
        failed += usize::from(ruling.fault);
        // Behind the rule that decided, too.
        let tried = indexed.index.tried(&asked.row, &scratch);
        for rule in (0..RULES).filter(|rule| !tried.contains(rule)) {
            let answer = indexed.native(rule).map(|condition| condition.holds(&asked.row));
            assert_eq!(answer, Some(Ok(false)), "what is passed over says no: {rule} of {alert:?}");
            passed_over += 1;
        }
        if place < 10 {
            let name = |severity: SeverityIndex| ["one", "two", "three", "four"][severity.0];
            let ours = indexed.classify(&sandbox, alert, service, name);
            assert_eq!(ours, in_turn.classify(&sandbox, alert, service, name), "{alert:?}");
        }
    }
    assert!(passed_over > RULES * ALERTS / 2, "{passed_over} of {}", RULES * ALERTS);
    (matched, failed, format!("{:?}", indexed.index.variants()), indexed.index)
}

#[test]
fn hundreds_of_texts_and_beginnings_of_many_lengths_are_found_as_in_turn() {
    let (matched, failed, built, index) = compared(11, 100, of_texts);

    let variants = index.variants();
    assert!(variants.texts >= TEXTS && variants.walks && variants.sifted > 0 && variants.raising > 0, "{built}");
    assert!(matched > 30 && failed > 30, "{matched} alerts matched, {failed} met a rule that fails");
}

#[test]
fn thousands_of_ranges_are_found_as_in_turn() {
    let (matched, _, built, index) = compared(12, 1_000, of_ranges);

    // So many lie in fewer cells.
    let (rules, cells) = index.variants().ranges;
    assert!(rules > 4_096 && cells <= 17, "{built}");
    assert!(matched > 100, "{matched} alerts matched");
}
