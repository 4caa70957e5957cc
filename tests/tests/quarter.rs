//! The documents of a realistic quarter, whole.

use std::sync::{Arc, LazyLock};

use kentongan::report::metrics::{Month, MonthlyReport, Quarter, QuarterlyReview};
use kentongan::report::{Account, postmortem};
use kentongan::{Duration, Policy};
use kentongan_tests::quarter::{self, Lived};

static LIVED: LazyLock<Lived> = LazyLock::new(|| quarter::live(20_261_001, 330));
static KREKI: LazyLock<Arc<Policy>> = LazyLock::new(quarter::kreki);

fn review() -> QuarterlyReview {
    let quarter: Quarter = "2026-Q4".parse().expect("a quarter");
    QuarterlyReview::of(&KREKI, &LIVED.chronicle, quarter).expect("there is one")
}

fn month(text: &str) -> String {
    let month: Month = text.parse().expect(text);
    let report = MonthlyReport::of(&KREKI, &LIVED.chronicle, month).expect("there is one");
    assert!(report.complete);
    report.markdown(&KREKI).expect("it renders")
}

/// The post-mortem of the first incident that is meant and whose post-mortem is published.
fn postmortem_of(meant: impl Fn(&Account) -> bool) -> String {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let published = |account: &Account| {
        let postmortem = account.incident.as_ref().and_then(kentongan::Incident::postmortem);
        postmortem.is_some_and(|it| it.published.is_some())
    };
    let mut accounts: Vec<_> = LIVED.chronicle.accounts().collect();
    accounts.sort_by_key(|(_, account)| account.stretches.first().map(|stretch| stretch.from));
    let found = accounts.into_iter().find(|(_, account)| published(account) && meant(account));
    let (id, account) = found.expect("there is such an incident");
    postmortem(&KREKI, account, id.as_str(), now).expect("it renders")
}

fn had(account: &Account, severity: &str) -> bool {
    account.stretches.iter().any(|stretch| stretch.severity == severity)
}

#[test]
fn the_quarter_is_realistic() {
    let review = review();
    let metrics = &review.metrics.all;
    assert!(metrics.total >= 200, "{}", metrics.total);
    assert!(metrics.reopened >= 3, "{}", metrics.reopened);
    assert!(metrics.promises().missed > 20, "{:?}", metrics.promises());
    let postmortems = &metrics.postmortems;
    assert!(postmortems.completed > 10 && postmortems.late > 0 && !postmortems.overdue.is_empty(), "{postmortems:?}");
    assert!(!review.areas.actions.is_empty() && !review.recurring.is_empty() && review.causes.len() > 3);
}

#[test]
fn the_same_seed_gives_the_same_journal() {
    let (one, other, different) = (quarter::live(7, 12), quarter::live(7, 12), quarter::live(8, 12));
    assert!(one.entries == other.entries && one.entries != different.entries);
}

#[test]
fn october() {
    insta::assert_snapshot!(month("2026-10"));
}

#[test]
fn november() {
    insta::assert_snapshot!(month("2026-11"));
}

#[test]
fn december() {
    insta::assert_snapshot!(month("2026-12"));
}

#[test]
fn the_quarterly_review() {
    let review = review();
    assert!(review.complete);
    insta::assert_snapshot!(review.markdown(&KREKI).expect("it renders"));
}

#[test]
fn the_post_mortem_of_the_worst_severity() {
    insta::assert_snapshot!(postmortem_of(|account| had(account, "SEV-1")));
}

#[test]
fn the_post_mortem_of_more_than_four_hours() {
    let now = LIVED.chronicle.ended().expect("it tells something");
    let long = |account: &Account| account.open_for(now) > Duration::from_minutes(240) && !had(account, "SEV-1");
    insta::assert_snapshot!(postmortem_of(long));
}
