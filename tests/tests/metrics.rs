//! The metrics: every figure against one that is counted by hand from what the engine decided, and what must not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::{FixedOffset, Timelike};
use kentongan::policy::document::{MetricName, Statistic};
use kentongan::report::metrics::{LateBy, Measure, Metrics, Month, MonthlyReport, Quarter, QuarterlyReview, Times};
use kentongan::report::{Chronicle, DocumentError};
use kentongan::{
    Action, Alert, ClockKind, Duration, Engine, Entry, Event, IncidentId, Input, Policy, Purpose, State, Timestamp,
    Verdict,
};
use kentongan_tests::quarter::{self, Lived, chronicle, kreki};
use proptest::prelude::*;

static LIVED: LazyLock<Lived> = LazyLock::new(|| quarter::live(42, 30));

fn month(text: &str) -> Month {
    text.parse().expect(text)
}

fn review(chronicle: &Chronicle) -> QuarterlyReview {
    let quarter: Quarter = "2026-Q4".parse().expect("a quarter");
    QuarterlyReview::of(&kreki(), chronicle, quarter).expect("there is one")
}

/// What became of one incident, as the engine decided it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is counted by itself")]
struct Life {
    opened: Timestamp,
    service: Option<String>,
    severities: BTreeSet<String>,
    answered: Option<i64>,
    /// The milliseconds that it was open and is no longer.
    was_open: i64,
    /// Since when it is open.
    open_since: Option<Timestamp>,
    reopened: bool,
    /// When it was over, before that.
    ended: Option<Timestamp>,
    drill: bool,
    false_alarm: bool,
    merged: bool,
    /// The clocks that were missed, and how often.
    missed: BTreeMap<ClockKind, usize>,
    postmortem: Option<(bool, bool)>,
}

impl Life {
    /// Whether it is an incident of its own, in earnest.
    fn counts(&self) -> bool {
        !(self.drill || self.false_alarm || self.merged)
    }
}

/// Everything that is counted, by hand.
#[derive(Default)]
struct Counted {
    lives: BTreeMap<IncidentId, Life>,
    /// Who was paged, when, and for which incident.
    pages: Vec<(String, Timestamp, IncidentId)>,
}

fn count(entries: &[Entry]) -> Counted {
    let mut engine = Engine::new(kreki());
    let mut counted = Counted::default();
    for entry in entries {
        let step = engine.apply(entry.at, entry.input.clone()).expect("what was taken is taken again");
        for decision in &step.decisions {
            let Some(id) = decision.incident.as_ref() else { continue };
            let life = counted.lives.entry(id.clone()).or_default();
            let since = |from: Timestamp| (decision.at - from).num_milliseconds();
            match &decision.verdict {
                Verdict::Opened { severity, .. } => {
                    (life.opened, life.open_since) = (decision.at, Some(decision.at));
                    life.severities.insert(severity.clone());
                }
                Verdict::SeverityChanged { to, .. } => drop(life.severities.insert(to.clone())),
                Verdict::Transition { to: State::Resolved, .. } => {
                    life.was_open += life.open_since.take().map_or(0, since);
                    life.ended = Some(decision.at);
                }
                Verdict::Transition { event: Event::Fire, to: State::Open, .. } => {
                    (life.open_since, life.reopened) = (Some(decision.at), true);
                }
                // What went on as this one began earlier, perhaps; what was over in between stays so.
                Verdict::TookIn { since, .. } => {
                    let began = life.ended.map_or(*since, |ended| ended.max(*since));
                    life.open_since = life.open_since.map(|from| from.min(began));
                }
                Verdict::Drill { .. } => life.drill = true,
                Verdict::FalseAlarm { .. } => life.false_alarm = true,
                Verdict::Merged { .. } => life.merged = true,
                Verdict::Transition { event: Event::Acknowledge | Event::Respond, .. } => {
                    life.answered = life.answered.or_else(|| Some(since(life.opened)));
                }
                _ => {}
            }
        }
        for effect in &step.effects {
            match (&effect.action, &effect.incident) {
                (Action::Breach { clock, .. }, Some(id)) => {
                    *counted.lives.entry(id.clone()).or_default().missed.entry(*clock).or_default() += 1;
                }
                (Action::Notify(message), Some(id)) if message.purpose == Purpose::Page => {
                    counted.pages.push((message.to.clone(), effect.at, id.clone()));
                }
                _ => {}
            }
        }
        let decided = step.decisions.iter().filter_map(|decision| decision.incident.as_ref());
        for incident in decided.chain(entry.input.incident()).filter_map(|id| engine.incident(id)) {
            let life = counted.lives.get_mut(incident.id()).expect("it opened");
            life.service = incident.service().map(str::to_owned);
            let of = |it: &kentongan::postmortem::Postmortem| (it.waived.is_none(), it.published.is_some());
            life.postmortem = incident.postmortem().map(of);
        }
    }
    counted
}

/// The figures of some lengths, looked for without sorting.
fn naive_times(lengths: &[i64]) -> Times {
    let length = |millis: Option<i64>| millis.map(Duration::from_millis);
    let mean = lengths.iter().sum::<i64>().checked_div(i64::try_from(lengths.len()).expect("few"));
    let [median, p90, p95] = [50, 90, 95].map(|percent| length(naive(lengths, percent)));
    Times { count: lengths.len(), mean: length(mean), median, p90, p95 }
}

fn times<'a>(lives: impl Iterator<Item = &'a Life> + Clone) -> (Times, Times) {
    let answered: Vec<i64> = lives.clone().filter_map(|life| life.answered).collect();
    let resolved: Vec<i64> = lives.filter(|life| life.open_since.is_none()).map(|life| life.was_open).collect();
    (naive_times(&answered), naive_times(&resolved))
}

/// Compares the metrics of a time with what was counted by hand.
fn agree(metrics: &Metrics, counted: &Counted) {
    let within = |at: Timestamp| metrics.from <= at && at < metrics.to;
    let opened = || counted.lives.values().filter(|life| within(life.opened));
    let left_out = |is: &dyn Fn(&Life) -> bool| opened().filter(|life| is(life)).count();
    assert_eq!(metrics.left_out.drills, left_out(&|life| life.drill));
    assert_eq!(metrics.left_out.false_alarms, left_out(&|life| life.false_alarm && !life.drill));
    assert_eq!(metrics.left_out.merged, left_out(&|life| life.merged && !life.drill));
    let lives: Vec<&Life> = opened().filter(|life| life.counts()).collect();
    let all = || lives.iter().copied();
    assert_eq!(metrics.all.total, lives.len());
    assert_eq!(metrics.all.open.len(), all().filter(|life| life.open_since.is_some()).count());
    let waits = |life: &&Life| life.open_since.is_some() && life.answered.is_none();
    assert_eq!(metrics.all.waiting.len(), all().filter(waits).count());
    let unanswered = |life: &&Life| life.open_since.is_none() && life.answered.is_none();
    assert_eq!(metrics.all.unanswered, all().filter(unanswered).count());
    assert_eq!(metrics.all.reopened, all().filter(|life| life.reopened).count());
    assert_eq!((metrics.all.acknowledge.clone(), metrics.all.resolve.clone()), times(all()));
    // The worst comes first by its name, too, in this policy.
    let worst = |life: &Life| life.severities.first().cloned().expect("it had one");
    for severity in &metrics.severities {
        let of = all().filter(|life| worst(life) == severity.severity);
        assert_eq!(severity.figures.total, of.clone().count(), "{}", severity.severity);
        assert_eq!((severity.figures.acknowledge.clone(), severity.figures.resolve.clone()), times(of));
    }
    for service in &metrics.services {
        let of = all().filter(|life| life.service == service.service);
        assert_eq!(service.total, of.clone().count());
        assert_eq!((service.acknowledge.clone(), service.resolve.clone()), times(of));
    }
    assert_eq!(metrics.services.iter().map(|it| it.total).sum::<usize>(), lives.len());
    assert_eq!(metrics.severities.iter().map(|it| it.figures.total).sum::<usize>(), lives.len());
    let required = all().filter(|life| matches!(life.postmortem, Some((true, _))));
    assert_eq!(metrics.all.postmortems.required, required.clone().count());
    let waived = all().filter(|life| matches!(life.postmortem, Some((false, _))));
    assert_eq!(metrics.all.postmortems.waived.len(), waived.count());
    let published = required.filter(|life| matches!(life.postmortem, Some((_, true))));
    assert_eq!(metrics.all.postmortems.completed, published.count());
    for (clock, kept) in &metrics.all.clocks {
        let missed = |life: &Life| life.missed.get(clock).copied().unwrap_or_default();
        // What is raised after it was missed may be missed a second time: that is one promise all the same.
        let (most, least) = (all().map(missed).sum(), all().filter(|life| missed(life) > 0).count());
        assert!((least..=most).contains(&kept.missed), "{clock}: {} of {least} to {most}", kept.missed);
        assert_eq!(kept.promised, kept.kept + kept.missed + kept.given_up + kept.running, "{clock}");
        let over = all().all(|life| life.open_since.is_none());
        let of_postmortem = matches!(clock, ClockKind::Postmortem | ClockKind::Review | ClockKind::Meeting);
        assert!(kept.running == 0 || !over || of_postmortem, "{clock}: what is over promises nothing any more");
    }
    let (mut pages, mut asleep) = (BTreeMap::new(), BTreeMap::new());
    let in_earnest = |id: &IncidentId| !counted.lives.get(id).is_some_and(|life| life.drill);
    for (who, at, _) in counted.pages.iter().filter(|(_, at, id)| within(*at) && in_earnest(id)) {
        let hour = at.with_timezone(&FixedOffset::east_opt(7 * 3_600).expect("seven hours")).hour();
        *pages.entry(who.clone()).or_default() += 1;
        *asleep.entry(who.clone()).or_default() += usize::from(!(7..22).contains(&hour));
    }
    let told = |of: &dyn Fn(&kentongan::report::metrics::PersonLoad) -> usize| -> BTreeMap<String, usize> {
        metrics.people.iter().filter(|it| it.pages > 0).map(|it| (it.person.clone(), of(it))).collect()
    };
    assert_eq!(told(&|it| it.pages), pages);
    assert_eq!(told(&|it| it.in_sleep_hours), asleep);
    for load in &metrics.people {
        assert_eq!(load.channels.values().map(|channel| channel.pages).sum::<usize>(), load.pages);
        assert_eq!(load.weeks.values().sum::<usize>(), load.pages);
        assert!(load.nights <= load.in_sleep_hours && load.answered <= load.calls, "{load:?}");
    }
}

fn months_sum_to_the_quarter(review: &QuarterlyReview) {
    let of_months =
        |count: &dyn Fn(&Metrics) -> usize| -> usize { review.months.iter().map(|month| count(&month.metrics)).sum() };
    let counts: [&dyn Fn(&Metrics) -> usize; 15] = [
        &|it| it.all.total,
        &|it| it.all.open.len(),
        &|it| it.all.unanswered,
        &|it| it.all.reopened,
        &|it| it.all.acknowledge.count,
        &|it| it.all.resolve.count,
        &|it| it.all.promises().missed,
        &|it| it.all.postmortems.required,
        &|it| it.all.postmortems.missing.len(),
        &|it| it.people.iter().map(|load| load.pages).sum(),
        &|it| it.people.iter().map(|load| load.calls).sum(),
        &|it| it.handoffs.total,
        &|it| it.handoffs.confirmed,
        &|it| it.all.waiting.len(),
        &|it| it.all.postmortems.waived.len(),
    ];
    for count in counts {
        assert_eq!(of_months(count), count(&review.metrics));
    }
    // Each answer that came late is in one group of each kind, whoever gave it.
    let late: usize = review.areas.answers.iter().map(|it| it.incidents.len()).sum();
    for by in [LateBy::Hours, LateBy::Channel, LateBy::Load] {
        let groups = || review.areas.late.iter().filter(move |group| group.by == by);
        assert_eq!(groups().map(|group| group.incidents.len()).sum::<usize>(), late, "{by:?}");
        assert!(groups().all(|group| group.incidents.len() <= group.answered), "{by:?}");
    }
    assert_eq!(review.areas.waived.len(), review.metrics.all.postmortems.waived.len());
    assert!(review.areas.waived.iter().all(|it| !it.reason.is_empty()));
    for issue in &review.recurring {
        assert_eq!(issue.months.iter().sum::<usize>(), issue.incidents.len(), "{}", issue.title);
    }
}

#[test]
fn targets_are_those_of_the_procedure() {
    let report = MonthlyReport::of(&kreki(), &LIVED.chronicle, month("2026-11")).expect("there is one");
    let targets: Vec<(MetricName, Option<&str>, Option<&str>)> =
        report.targets.iter().map(|it| (it.metric, it.severity.as_deref(), it.target.as_deref())).collect();
    assert_eq!(
        targets,
        [
            (MetricName::Total, None, Some("< 10")),
            (MetricName::Total, Some("SEV-1"), Some("0")),
            (MetricName::Mtta, Some("SEV-1"), Some("< 5m")),
            (MetricName::Mttr, Some("SEV-1"), Some("< 1h")),
            (MetricName::PostmortemsCompleted, None, Some("100%")),
        ]
    );
    assert_eq!(report.targets[0].current, Some(Measure::Count(report.metrics.all.total)));
    assert_eq!(report.targets[0].met, Some(false));
}

#[test]
fn what_the_journal_does_not_tell_of_has_no_report() {
    let policy = kreki();
    let none = MonthlyReport::of(&policy, &Chronicle::new(), month("2026-11")).expect_err("it is empty");
    assert_eq!(none, DocumentError::EmptyJournal);
    let other = MonthlyReport::of(&policy, &LIVED.chronicle, month("2026-05")).expect_err("it is another time");
    assert_eq!(other.to_string(), "the journal tells nothing of 2026-05: it goes from 2026-10-01 to 2027-01-08");
}

/// No incident is the best that can be said of a month, and is said.
#[test]
fn a_month_without_incidents_meets_its_targets() {
    let policy = kreki();
    let ticks = ["2026-10-20T00:00:00Z", "2026-12-02T00:00:00Z"]
        .map(|at| Entry { at: at.parse().expect(at), input: Input::Tick });
    let report = MonthlyReport::of(&policy, &chronicle(&policy, &ticks), month("2026-11")).expect("there is one");
    assert_eq!(report.targets.iter().map(|it| it.met).collect::<Vec<_>>(), [Some(true), Some(true), None, None, None]);
    let written = report.markdown(&policy).expect("it renders").text;
    assert!(written.contains("No incident opened in this month."), "{written}");
}

/// A month that the journal tells nothing of is none in which nothing happened.
#[test]
fn a_month_without_a_record_has_no_figures() {
    let policy = kreki();
    let ticks = |ticks: [&str; 2]| {
        let entries = ticks.map(|at| Entry { at: at.parse().expect(at), input: Input::Tick });
        let review = review(&chronicle(&policy, &entries));
        let written = review.markdown(&policy).expect("it renders").text;
        (review.months.iter().map(|month| month.told).collect::<Vec<_>>(), written)
    };
    let (told, written) = ticks(["2026-11-20T00:00:00Z", "2026-11-30T16:59:59Z"]);
    assert_eq!(told, [false, true, false]);
    assert!(written.contains("| Total Incidents | < 10 | no record | 0 | no record |"), "{written}");
    assert!(written.contains("Of 2026-10 and 2026-12 it holds nothing."), "{written}");
    // Each end of the journal is in the month that it is in.
    let (told, written) = ticks(["2026-10-31T16:59:59Z", "2026-11-30T17:00:00Z"]);
    assert_eq!(told, [true, true, true]);
    assert!(!written.contains("no record"), "{written}");
}

/// A policy that says other targets, and nothing else, changes what was to be, and nothing that was.
#[test]
fn a_month_is_held_to_the_targets_that_were_in_force_when_it_ended() {
    let before = kreki();
    let text = kentongan_lab::shipped("kreki").expect("it is shipped").text;
    let after = text.replace("{ metric: total, below: 10,", "{ metric: total, below: 1000,");
    let after = Arc::new(Policy::from_yaml(&after).expect("it loads"));
    assert_ne!(before.digest(), after.digest());
    let reload_at: Timestamp = "2026-11-20T03:00:00Z".parse().expect("an instant");
    let mut engine = Engine::new(Arc::clone(&before));
    let mut reloaded = Chronicle::new();
    for entry in &LIVED.entries {
        if entry.at >= reload_at && engine.policy().digest() == before.digest() {
            let none = BTreeMap::new();
            let step = engine.reload(reload_at, Arc::clone(&after), &none).expect("it is taken");
            reloaded.take_reload(&step, &engine, &none);
        }
        let step = engine.apply(entry.at, entry.input.clone()).expect("what was taken is taken again");
        reloaded.take(entry.at, &entry.input, &step, &engine);
    }
    let quarter: Quarter = "2026-Q4".parse().expect("a quarter");
    let (plain, changed) = (review(&LIVED.chronicle), QuarterlyReview::of(&after, &reloaded, quarter));
    let changed = changed.expect("there is one");
    assert_eq!((&plain.metrics, &plain.recurring), (&changed.metrics, &changed.recurring));
    let totals = changed.months.iter().map(|month| (month.targets[0].target.as_deref(), month.targets[0].met));
    let met = plain.months[0].metrics.all.total < 10;
    assert_eq!(
        totals.collect::<Vec<_>>(),
        [(Some("< 10"), Some(met)), (Some("< 1000"), Some(true)), (Some("< 1000"), Some(true))]
    );
    let written = changed.markdown(&after).expect("it renders").text;
    let count = |month: usize| changed.months[month].metrics.all.total;
    let row = format!("| Total Incidents | changed | **{}**, to be < 10 | {}, to be < 1000 |", count(0), count(1));
    assert!(written.contains(&row.replace("**", if met { "" } else { "**" })), "{row}: {written}");
    assert!(written.contains("| SEV-1 Incidents | 0 |"), "what has not changed stands once: {written}");
}

/// What people and monitoring write is shown, and never read as markup.
#[test]
fn hostile_text_stays_text() {
    let text = include_str!("../policies/learning.yaml");
    let policy = Arc::new(Policy::from_yaml(text).expect("it loads"));
    let evil = "a | b <script>x</script> [c](javascript:d)";
    let at = |minute: i64| -> Timestamp {
        "2026-11-24T03:00:00Z".parse::<Timestamp>().expect("an instant") + chrono::TimeDelta::minutes(minute)
    };
    let mut entries = Vec::new();
    for number in 0..3 {
        let mut alert = Alert::firing(format!("{evil}{number}"), evil);
        evil.clone_into(&mut alert.summary);
        entries.push(Entry { at: at(number), input: Input::Alert(alert) });
    }
    let known: Vec<_> = {
        let mut engine = Engine::new(Arc::clone(&policy));
        for entry in &entries {
            let _ = engine.apply(entry.at, entry.input.clone()).expect("it is taken");
        }
        engine.incidents().map(|it| it.id().clone()).collect()
    };
    for incident in known {
        entries.push(Entry {
            at: at(40),
            input: Input::Acknowledge { incident, by: evil.to_owned(), note: String::new() },
        });
    }
    let chronicle = chronicle(&policy, &entries);
    let monthly = MonthlyReport::of(&policy, &chronicle, month("2026-11")).expect("there is one");
    let quarterly =
        QuarterlyReview::of(&policy, &chronicle, "2026-Q4".parse().expect("a quarter")).expect("there is one");
    for written in [monthly.markdown(&policy), quarterly.markdown(&policy)].map(|it| it.expect("it renders").text) {
        assert!(written.contains("a \\| b &lt;script&gt;"), "{written}");
        assert!(!written.contains("<script") && !written.contains("[c]("), "{written}");
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut expected = None;
        for line in written.lines() {
            if line.starts_with('|') {
                assert_eq!(cells(line), *expected.get_or_insert(cells(line)), "{line}");
            } else {
                expected = None;
            }
        }
    }
}

/// The shortest length that so many per cent of all do not exceed, looked for by hand.
fn naive(lengths: &[i64], percent: usize) -> Option<i64> {
    let enough = |most: &i64| lengths.iter().filter(|it| *it <= most).count() * 100 >= percent * lengths.len();
    lengths.iter().copied().filter(|most| enough(most)).min()
}

proptest! {
    #[test]
    fn percentiles_are_those_of_a_naive_search(mut lengths in prop::collection::vec(0..1_000_000_i64, 0..200)) {
        let times = Times::of(lengths.iter().copied().map(Duration::from_millis));
        for (statistic, percent) in [(Statistic::Median, 50), (Statistic::P90, 90), (Statistic::P95, 95)] {
            prop_assert_eq!(times.statistic(statistic).map(Duration::as_millis), naive(&lengths, percent));
        }
        lengths.reverse();
        prop_assert_eq!(times, Times::of(lengths.into_iter().map(Duration::from_millis)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The figures of any quarter are those that are counted by hand; its months sum to it; each month's own report says
    /// the same; and the same journal, written down and read again, gives the same bytes.
    #[test]
    fn every_figure_is_that_of_the_journal(seed: u64, failures in 4..28_u64) {
        let policy = kreki();
        let lived = quarter::live(seed, failures);
        let counted = count(&lived.entries);
        let review = review(&lived.chronicle);
        agree(&review.metrics, &counted);
        months_sum_to_the_quarter(&review);
        for figures in &review.months {
            agree(&figures.metrics, &counted);
            let report = MonthlyReport::of(&policy, &lived.chronicle, figures.month).expect("there is one");
            prop_assert_eq!(&report.metrics, &figures.metrics);
            prop_assert_eq!(&report.targets, &figures.targets);
        }
        let written = serde_json::to_string(&lived.entries).expect("it is data");
        let read: Vec<Entry> = serde_json::from_str(&written).expect("it is a journal");
        let again = QuarterlyReview::of(&policy, &chronicle(&policy, &read), "2026-Q4".parse().expect("a quarter"));
        let again = again.expect("there is one");
        prop_assert_eq!(serde_json::to_string(&again).expect("data"), serde_json::to_string(&review).expect("data"));
        prop_assert_eq!(again.markdown(&policy).expect("it renders"), review.markdown(&policy).expect("it renders"));
    }

    /// Alerts of unrelated incidents at one instant, handed in in any order, give the same report.
    #[test]
    fn the_order_of_unrelated_incidents_changes_nothing(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let policy = kreki();
        let report = |order: &[usize]| {
            let alert = |number: &usize| {
                let mut alert = Alert::firing(format!("a{number}"), ["website", "dispatch", "panic-button"][number % 3]);
                alert.name = format!("rule-{number}");
                alert.labels.insert("impact".to_owned(), ["outage", "degraded"][number % 2].to_owned());
                Entry { at: "2026-11-24T03:00:00Z".parse().expect("an instant"), input: Input::Alert(alert) }
            };
            let mut entries: Vec<Entry> = order.iter().map(alert).collect();
            entries.push(Entry { at: "2026-11-24T09:00:00Z".parse().expect("an instant"), input: Input::Tick });
            let chronicle = chronicle(&policy, &entries);
            let quarter = QuarterlyReview::of(&policy, &chronicle, "2026-Q4".parse().expect("a quarter")).expect("there is one");
            serde_json::to_value(quarter).expect("it is data")
        };
        prop_assert_eq!(report(&order), report(&[0, 1, 2, 3, 4, 5, 6, 7]));
    }
}
