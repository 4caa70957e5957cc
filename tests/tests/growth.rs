//! What a history takes grows with its incidents, and not with their square, also where one call speaks of all of them. It is
//! counted in what is asked of the allocator, which is the same in every run. What asks for nothing, as a search that keeps
//! nothing, is not seen.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::policy::document::DocumentKind;
use kentongan::{Alert, Input, Policy, Reload, Timestamp};
use kentongan_journal::{Content, History, Policies};
use kentongan_tests::memory::{Counting, measured};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const FEW: usize = 50;
const TIMES: usize = 4;
/// By how much what is taken may grow; the square would be sixteen times as much.
const GROWTH_MAX: usize = 6;

const POLICY: &str = r"
policy: shop
people: { ana: { contacts: { pager: ana-1 } }, budi: { contacts: { pager: budi-1 } } }
on_call: { primary: [ana], secondary: [budi] }
severities:
  high: { definition: Customers cannot pay, targets: { acknowledge: 5m, resolve: 4h }, escalation: standard }
classify: [ { default: high } ]
escalation: { standard: [ { notify: on-call.primary }, { notify: on-call.secondary, after: 10m } ] }
last_resort: [ { pager: ana } ]
";

fn policy(text: &str) -> Arc<Policy> {
    Arc::new(Policy::from_yaml(text).expect("the policy is one"))
}

/// How often memory is asked for by what is done with all incidents at once, in a history of so many.
fn taken(incidents: usize) -> [(&'static str, usize); 4] {
    let (before, after) = (policy(POLICY), policy(&POLICY.replace("resolve: 4h", "resolve: 5h")));
    let policies: Policies = [Arc::clone(&before), Arc::clone(&after)].into_iter().collect();
    let start: Timestamp = "2026-11-24T02:00:00Z".parse().expect("an instant");
    let mut history = History::new(Arc::clone(&before));
    for number in 0..incidents {
        let alert = Alert::firing(format!("a{number}"), format!("service-{number}"));
        history.take(start, Content::Input(Input::Alert(alert)), &policies).expect("the policy is at hand");
    }
    let counted = |work: &mut dyn FnMut()| measured(work).1.expect("what is allocated is counted").allocations;
    let advance = counted(&mut || history.advance(start + TimeDelta::hours(1)));
    let (from, to) = (before.digest().to_owned(), after.digest().to_owned());
    let reload = Content::Reload(Reload { from, to, severities: BTreeMap::new() });
    let reload = counted(&mut || {
        history.take(start + TimeDelta::minutes(61), reload.clone(), &policies).expect("the policy is at hand");
    });
    let document = |kind, span| {
        counted(&mut || assert_eq!(history.document(kind, span).expect("there is one").fault, None, "{span}"))
    };
    let documents = [document(DocumentKind::Monthly, "2026-11"), document(DocumentKind::Quarterly, "2026-Q4")];
    assert_eq!(history.chronicle().accounts().count(), incidents);
    let [month, quarter] = documents;
    [("time that passes", advance), ("a reload", reload), ("a month", month), ("a quarter", quarter)]
}

#[test]
fn a_history_of_many_incidents_in_one_call_grows_with_them_and_not_with_their_square() {
    for ((work, few), (_, many)) in taken(FEW).into_iter().zip(taken(FEW * TIMES)) {
        assert!(few >= FEW, "{work} asks for memory {few} times: it speaks of no incident");
        assert!(
            many < few * GROWTH_MAX,
            "{work} asks for memory {many} times for {TIMES} times the incidents, {few} times before"
        );
    }
}
