//! The laws of rules: a native condition and the interpreter agree on every alert, errors included, and rules that are
//! indexed give the answers of rules that are tried in turn.
//!
//! Conditions are grown at random from the grammar that lowers, with facts that are absent and operands of the wrong
//! kind among them, and asked of alerts that have every awkward value.

mod grower;
mod large;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

pub(super) use grower::Dice;
use grower::{Grower, NUMBERS, TEXTS};

use super::classify::{Rule, Rules};
use super::condition::{Condition, Form};
use super::facts::{Elapsed, Facts, IncidentFacts, Lookup, Sight, View};
use super::index::{Index, Scratch};
use super::row::Surroundings;
use super::sandbox::Sandbox;
use super::walk::Asked;
use crate::alert::Alert;
use crate::calendar::Zone;
use crate::incident::{Impact, Scope};
use crate::policy::document::{OnCallDocument, WhenUnsure};
use crate::policy::{Service, SeverityIndex};
use crate::time::Duration;

/// How many conditions are grown, and of how many alerts each is asked: a million pairs.
const CONDITIONS: usize = 25_000;
const ALERTS: usize = 40;

const SCRIPT: &str = r#"
fn busy(alert, limit) { alert.values.ratio > limit }
fn grade(x) { if x > 2 { return "high"; } let y = x * 2; if y > 1 { "mid" } else { "low" } }
fn both(a, b) { a && b }
fn named(labels, name) { let env = labels.env; env == name || labels["n"] == name }
fn outer(x) { grade(x) + "!" }
fn nothing() { }
"#;

fn alerts(dice: &mut Dice) -> Vec<Alert> {
    let numbers = [
        0.0,
        -0.0,
        0.1,
        0.3,
        1.0,
        2.5,
        7.0,
        40.0,
        1e300,
        -1e300,
        1e-300,
        1e-17,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        9_223_372_036_854_775_807.0,
        1.000_000_000_000_000_2,
    ];
    let alert = |dice: &mut Dice| {
        let mut alert = Alert::firing("a1", "core");
        alert.service = match dice.below(4) {
            0 => None,
            1 => Some("elsewhere".to_owned()),
            _ => Some("core".to_owned()),
        };
        dice.pick(&TEXTS).clone_into(&mut alert.name);
        for name in ["env", "n"] {
            if !dice.one_in(3) {
                alert.labels.insert(name.to_owned(), dice.pick(&TEXTS).to_owned());
            }
        }
        if dice.one_in(2) {
            alert.annotations.insert("note".to_owned(), dice.pick(&TEXTS).to_owned());
        }
        for name in ["ratio", "count"] {
            if !dice.one_in(3) {
                alert.values.insert(name.to_owned(), dice.pick(&numbers));
            }
        }
        if dice.one_in(2) {
            alert.starts_at = chrono::DateTime::from_timestamp_millis(
                1_700_000_000_000 + 3_600_000 * i64::try_from(dice.below(200)).expect("few"),
            );
        }
        if dice.one_in(8) {
            // Near the length of text that scripts may have, and past it.
            alert.summary = dice.pick(&["x", "é", "İ"]).repeat(dice.pick(&[1_000, 2_048, 4_095, 4_096, 5_000]));
        }
        alert
    };
    (0..ALERTS).map(|_| alert(dice)).collect()
}

/// One role that somebody is on call in, and one that is vacant.
fn roles() -> IndexMap<String, OnCallDocument> {
    ["primary", "vacant"].map(|role| (role.to_owned(), OnCallDocument::default())).into()
}

fn service() -> Service {
    let document = serde_json::from_value(serde_json::json!({
        "tier": "prod", "facts": { "seats": 40, "many": 9_007_199_254_740_993_i64, "paid": true, "ratio": 0.5, "note": "ab" }
    }));
    Service { document: document.expect("the service is one") }
}

#[test]
fn native_and_interpreted_agree_on_a_million_pairs() {
    let agreed = agree(Sight::Incident, CONDITIONS, Dice(20_261_124));

    assert!(agreed.pairs >= 1_000_000, "{agreed:?}");
    // Of a row, as classification reads its facts, whatever asks for no more than there is to see of an alert.
    assert!(agreed.rows > agreed.pairs / 4, "{agreed:?}");
}

#[test]
fn native_and_interpreted_agree_on_what_is_over() {
    let agreed = agree(Sight::Resolved, CONDITIONS / 10, Dice(20_261_125));

    assert!(agreed.pairs >= 100_000, "{agreed:?}");
}

/// On how much the two agreed.
#[derive(Debug, Default)]
struct Agreed {
    pairs: usize,
    /// How many of the pairs were asked of a row, too.
    rows: usize,
    raised: usize,
    held: usize,
}

/// Grows so many conditions, each another, and asks them of all alerts: natively by lookup and by row, and interpreted.
fn agree(sight: Sight, conditions: usize, mut dice: Dice) -> Agreed {
    let services: BTreeMap<String, Service> = [("core".to_owned(), service())].into();
    let documents = services.iter().map(|(name, service)| (name.clone(), service.document.clone())).collect();
    let zone = Zone::named("Asia/Jakarta").expect("the zone is known");
    let mut sandbox = Sandbox::new(zone, &documents, &roles());
    sandbox.define(SCRIPT).expect("the script is one");
    let alerts = alerts(&mut dice);
    let on_call = [("primary".to_owned(), "prod".to_owned())].into();
    let assessed = Impact {
        users_affected: Some(40),
        scope: Some(Scope::Few),
        functionality: Some("prod".to_owned()),
        significant: Some(true),
        ..Impact::default()
    };
    let of_incidents = [Impact::default(), assessed];
    let of_incidents = of_incidents.each_ref().map(|impact| IncidentFacts {
        id: "i1",
        title: "slow",
        state: "open",
        acknowledged: true,
        responded: false,
        declared: false,
        verified: true,
        drill: false,
        firing: 2,
        severity: "prod",
        worst: "prod",
        impact,
        duration: Duration::from_minutes(90),
        on_call: &on_call,
    });
    let elapsed = || Elapsed::of(Duration::from_minutes(90));
    let shared: Vec<(Elapsed, &Alert)> = alerts.iter().map(|alert| (elapsed(), alert)).collect();
    let service = |alert: &Alert| alert.service.as_deref().and_then(|name| services.get(name));
    let views = shared.iter().zip(of_incidents.iter().cycle());
    let views = views.map(|((elapsed, alert), incident)| View::of_incident(alert, service(alert), incident, elapsed));
    let mut facts: Vec<Facts<'_>> = views.map(Facts::of).collect();
    let (mut agreed, mut disagreements, mut seen) = (Agreed::default(), Vec::new(), BTreeSet::new());
    while seen.len() < conditions {
        let mut source = Grower { dice: &mut dice }.condition();
        if sight == Sight::Resolved {
            source = source.replace("elapsed", "duration");
        }
        // What the parser or the check refuses is tried elsewhere.
        let Ok(condition) = sandbox.compile(&source, sight) else {
            continue;
        };
        let Form::Native(expression) = &condition.form else {
            continue;
        };
        if !seen.insert(source.clone()) {
            continue;
        }
        assert!(disagreements.len() < 20, "{}", disagreements.join("\n"));
        let ast = sandbox.reparsed(&condition).expect("it was parsed before");
        let of_alert = sandbox.compile(&source, Sight::Alert).ok();
        let surroundings = Surroundings::of(sandbox.catalogue_mut(Sight::Alert), &services);
        let mut row = Vec::new();
        for ((alert, facts), incident) in alerts.iter().zip(&mut facts).zip(of_incidents.iter().cycle()) {
            let theirs = sandbox.interpret(&ast, sight, facts);
            let mut compare = |ours: Result<bool, _>, how| {
                if ours.ok() != theirs.clone().ok() {
                    disagreements.push(format!("`{source}` of {alert:?}, by {how}: {ours:?}, not {theirs:?}"));
                }
            };
            let elapsed = elapsed();
            let view = View::of_incident(alert, service(alert), incident, &elapsed);
            compare(expression.holds(&Lookup { catalogue: sandbox.catalogue(sight), view }), "lookup");
            if let Some(expression) = of_alert.as_ref().and_then(Condition::native) {
                surroundings.read(&View::of_alert(alert, service(alert)), &mut row);
                compare(expression.holds(&surroundings.row(&row)), "row");
                agreed.rows += 1;
            }
            agreed.pairs += 1;
            agreed.raised += usize::from(theirs.is_err());
            agreed.held += usize::from(theirs == Ok(true));
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    // Were they all errors, or all false, there would be nothing to agree on.
    let Agreed { pairs, raised, held, .. } = agreed;
    for (what, count) in [("raised", raised), ("held", held), ("did not hold", pairs - raised - held)] {
        assert!(count > pairs / 10, "only {count} of {pairs} {what}");
    }
    agreed
}

/// One conjunct of the kind that the index is made for.
fn conjunct(dice: &mut Dice) -> String {
    let label = dice.pick(&["alert.labels.env", "alert.labels.n", "alert.service", "service.tier", "alert.name"]);
    let value = dice.pick(&["alert.values.ratio", "alert.values.count", "service.facts.seats"]);
    let text = |dice: &mut Dice| dice.pick(&TEXTS);
    match dice.below(15) {
        // Parts that no column looks up, of which many rules have the same.
        12 => {
            let pattern = dice.pick(&["^p", "[0-9]+$", "(?i)PROD", "^$", "é"]);
            format!("{}matches({label}, \"{pattern}\")", dice.pick(&["", "!"]))
        }
        13 => {
            let case = dice.pick(&["to_lower", "to_upper"]);
            let asked = dice.pick(&[" == \"prod\"", " != \"PROD\"", ".contains(\"o\")", ".starts_with(\"p\")"]);
            format!("{label}.{case}(){asked}")
        }
        14 => dice
            .pick(&[
                "cidr(alert.name, \"10.0.0.0/8\")",
                "cidr(alert.labels.env, \"10.1.0.0/16\")",
                "hour_of_day(alert.starts_at) < 6",
                "weekday(alert.starts_at) == \"sunday\"",
                "matches(alert.values.count, \"x\")",
            ])
            .to_owned(),
        0..=2 => format!("{label} == \"{}\"", text(dice)),
        3 => format!("{label} in [\"{}\", \"{}\", \"{}\"]", text(dice), text(dice), text(dice)),
        4 => format!("{label} != \"{}\"", text(dice)),
        5 | 6 => {
            let method = dice.pick(&["starts_with", "ends_with", "contains"]);
            format!("{label}.{method}(\"{}\")", dice.pick(&["p", "a", "no", "7", "rod", "", "é"]))
        }
        7 | 8 => format!("{value} {} {}", dice.pick(&["<", "<=", ">", ">=", "=="]), dice.pick(&NUMBERS)),
        9 => {
            let (from, to) = (dice.pick(&["0.0", "0.1", "1", "2.5"]), dice.pick(&["0.3", "7", "40", "1e300"]));
            format!("{value} >= {from} && {value} < {to}")
        }
        10 => format!("({} || {})", conjunct(dice), conjunct(dice)),
        _ => dice.pick(&["service.known", "!service.known", "service.facts.paid", "alert.labels.n > 5"]).to_owned(),
    }
}

fn rule_set(dice: &mut Dice, sandbox: &mut Sandbox, services: &BTreeMap<String, Service>) -> Rules {
    // Some have more rules than the index tries at once.
    let count = if dice.one_in(10) { 600 + dice.below(600) } else { 25 + dice.below(120) };
    let mut list = Vec::new();
    while list.len() < count {
        let source = if dice.one_in(10) {
            Grower { dice }.condition()
        } else {
            let count = 1 + dice.below(4);
            (0..count).map(|_| conjunct(dice)).collect::<Vec<_>>().join(dice.pick(&[" && ", " && ", " && ", " || "]))
        };
        if let Ok(condition) = sandbox.compile(&source, Sight::Alert) {
            list.push(Rule {
                id: format!("rule-{}", list.len()),
                entry: format!("classify[{}]", list.len()),
                position: 0,
                file: None,
                line: None,
                condition,
                severity: SeverityIndex(dice.below(4)),
                because: None,
                goes_on: dice.one_in(10),
            });
        }
    }
    let when_unsure = dice.pick(&[WhenUnsure::Higher, WhenUnsure::First]);
    Rules::new(list, SeverityIndex(2), when_unsure, sandbox, services)
}

#[test]
fn indexed_and_in_turn_give_the_same_answers() {
    let services: BTreeMap<String, Service> = [("core".to_owned(), service())].into();
    let documents = services.iter().map(|(name, service)| (name.clone(), service.document.clone())).collect();
    let names = ["one", "two", "three", "four"];
    let mut dice = Dice(7);
    let alerts = alerts(&mut dice);
    let (mut matched, mut failed, mut indexed_away, mut passed_over) = (0, 0, 0, 0);
    for _ in 0..60 {
        let mut sandbox = Sandbox::new(Zone::default(), &documents, &roles());
        sandbox.define(SCRIPT).expect("the script is one");
        let indexed = rule_set(&mut dice, &mut sandbox, &services);
        let mut in_turn = rules_in_turn(&indexed, &mut sandbox, &services);
        in_turn.index = Index::in_turn(in_turn.list.len());
        let mut scratch = Scratch::default();
        for alert in &alerts {
            let service = alert.service.as_deref().and_then(|name| services.get(name));
            let name = |severity: SeverityIndex| names[severity.0];
            let ours = indexed.classify(&sandbox, alert, service, name);
            let theirs = in_turn.classify(&sandbox, alert, service, name);
            assert_eq!(ours, theirs, "{alert:?}");
            let view = View::of_alert(alert, service);
            let mut row = Vec::new();
            indexed.surroundings.read(&view, &mut row);
            let facts = &sandbox.catalogue(Sight::Alert).alert;
            let read_each: Vec<_> = facts.iter().map(|fact| fact.read(&view)).collect();
            // As text, since a number that is none differs from itself.
            assert_eq!(format!("{row:?}"), format!("{read_each:?}"));
            let mut asked = Asked::alert(indexed.surroundings.row(&row), view);
            let ruling = indexed.decide(&sandbox, &mut asked, &mut scratch);
            let rule = ruling.rule.map(|rule| format!("rule-{rule}"));
            assert_eq!((names[ruling.severity], rule), (ours.severity.as_str(), ours.rule.clone()));
            assert_eq!(ruling.fault, !ours.faults.is_empty());
            matched += usize::from(ours.rule.is_some());
            failed += usize::from(ruling.fault);
            let tried = indexed.index.tried(&asked.row, &scratch);
            for rule in (0..indexed.list.len()).filter(|rule| !tried.contains(rule)) {
                let answer = indexed.native(rule).map(|condition| condition.holds(&asked.row));
                assert_eq!(answer, Some(Ok(false)), "what is passed over says no: {rule} of {alert:?}");
                passed_over += 1;
            }
            indexed_away += indexed.list.len() - indexed.index.turns(0).len();
        }
    }
    assert!(matched > 400 && failed > 400 && indexed_away > 40_000, "{matched}, {failed}, {indexed_away}");
    assert!(passed_over * 2 > indexed_away, "{passed_over} of {indexed_away}");
}

/// The same rules once more. Nothing but their order tells what they answer.
fn rules_in_turn(rules: &Rules, sandbox: &mut Sandbox, services: &BTreeMap<String, Service>) -> Rules {
    let list = rules.list.iter().map(|rule| Rule {
        id: rule.id.clone(),
        entry: rule.entry.clone(),
        position: 0,
        file: None,
        line: None,
        condition: rule.condition.clone(),
        severity: rule.severity,
        because: rule.because.clone(),
        goes_on: rule.goes_on,
    });
    Rules::new(list.collect(), rules.default, rules.when_unsure, sandbox, services)
}
