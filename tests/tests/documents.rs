//! The documents that are written from a journal, whole: what is rich, what is bare, and what is hostile.

use std::sync::Arc;

use kentongan::postmortem::{Lessons, PostmortemImpact, Why};
use kentongan::report::metrics::MonthlyReport;
use kentongan::report::{Account, Chronicle, postmortem};
use kentongan::{Alert, Engine, Entry, IncidentId, Input, Policy, Timestamp};
use kentongan_lab::Call;
use kentongan_tests::vectors;

/// The post-mortem of the first incident of a journal.
fn document(policy: &Arc<Policy>, entries: impl IntoIterator<Item = Entry>) -> String {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut account: Option<Account> = None;
    let mut id = IncidentId::from("");
    for entry in entries {
        let Ok(step) = engine.apply(entry.at, entry.input.clone()) else { continue };
        if account.is_none() {
            let first = engine.incidents().next().expect("the first input opens it");
            id = first.id().clone();
            account = Some(Account::new(id.clone()));
        }
        account.as_mut().expect("it was begun").take(entry.at, &entry.input, &step, &engine);
    }
    let now = engine.now().expect("something happened");
    postmortem(policy, &account.expect("there is an incident"), id.as_str(), now).expect("it can be written").text
}

/// What was none, or practised, has no downtime; what was real before it opened again has.
#[test]
fn a_post_mortem_of_what_was_none_has_no_downtime() {
    let downtime = |stem: &str| {
        let document = of(stem);
        document.lines().find_map(|line| line.strip_prefix("**Downtime:** ")).expect("it has a line").to_owned()
    };
    let drill = downtime("drill-runs-the-whole-procedure");
    assert_eq!(drill, "none: a drill, which took 30m");
    let none = downtime("false-alarm-ends-at-once");
    assert!(none.starts_with("none: a false alarm, which was open for "), "{none}");
    let real = downtime("false-alarm-undoes-nothing-real");
    assert!(!real.contains("none"), "{real}");
}

/// That of a vector.
fn of(stem: &str) -> String {
    let text = std::fs::read_to_string(vectors::folder().join(format!("{stem}.yaml"))).expect("there is such a vector");
    let scenario = vectors::load(stem, &text).unwrap_or_else(|problems| panic!("{problems}"));
    let run = scenario.run().expect("it runs");
    let entries = run.calls().filter_map(|call| match call {
        Call::Apply(entry) => Some(entry),
        Call::Reload { .. } => None,
    });
    document(scenario.policy(), entries)
}

#[test]
fn a_post_mortem_that_is_whole() {
    insta::assert_snapshot!(of("postmortem-kreki-from-meeting-to-github"));
}

#[test]
fn a_post_mortem_that_nobody_has_written() {
    insta::assert_snapshot!(of("sev1-answered-and-resolved"));
}

#[test]
fn a_post_mortem_of_an_incident_that_opened_again_and_became_worse() {
    insta::assert_snapshot!(of("postmortem-of-what-is-raised-later"));
}

#[test]
fn a_post_mortem_tells_what_was_found_before_what_came_of_it() {
    insta::assert_snapshot!(of("triage-told-with-its-reason"));
}

#[test]
fn a_post_mortem_tells_each_call_by_itself() {
    // Nobody answers for an hour; the one who does is not the only one who was called.
    insta::assert_snapshot!(of("sev2-the-devops-lead-comes-after-an-hour-though-acknowledged"));
}

#[test]
fn a_post_mortem_of_hostile_text() {
    let text = include_str!("../policies/learning.yaml");
    let policy = Arc::new(Policy::from_yaml(text).expect("it loads"));
    let at = |minutes: i64| -> Timestamp {
        let start: Timestamp = "2026-11-24T03:00:00Z".parse().expect("an instant");
        start + chrono::TimeDelta::minutes(minutes)
    };
    let mut alert = Alert::firing("a1", "shop");
    "Down | <b>bold</b>\r\n# Not a heading \u{202e}".clone_into(&mut alert.summary);
    let evil =
        "| a | b |\n|---|---|\n- [x] done\n\n1. `code` <img src=x onerror=y> {{ 7 * 7 }} [a](javascript:b)\n# heading";
    let mut engine = Engine::new(Arc::clone(&policy));
    let _ = engine.apply(at(0), Input::Alert(alert.clone())).expect("it is taken");
    let incident = engine.incidents().next().expect("it opened").id().clone();
    let by = "ana | `x`".to_owned();
    let inputs = vec![
        (0, Input::Alert(alert)),
        (1, Input::Respond { incident: incident.clone(), by: by.clone(), note: evil.to_owned() }),
        (
            2,
            Input::Update {
                incident: incident.clone(),
                by: by.clone(),
                text: evil.to_owned(),
                parts: std::collections::BTreeMap::new(),
            },
        ),
        (
            30,
            Input::Resolve { incident: incident.clone(), by: by.clone(), note: evil.to_owned(), override_reason: None },
        ),
        (
            31,
            Input::WritePostmortem {
                incident: incident.clone(),
                by: by.clone(),
                title: Some(evil.to_owned()),
                summary: Some(evil.to_owned()),
                impact: Some(PostmortemImpact { users: evil.to_owned(), ..PostmortemImpact::default() }),
                whys: Some(vec![Why { question: evil.to_owned(), answer: evil.to_owned() }]),
                root_cause: Some(evil.to_owned()),
                cause: Some(evil.to_owned()),
                lessons: Some(Lessons { went_well: vec![evil.to_owned()], ..Lessons::default() }),
                follow_up: None,
                owner: None,
            },
        ),
        (
            32,
            Input::AddAction {
                incident: incident.clone(),
                action: "a|b".to_owned(),
                by: by.clone(),
                text: evil.to_owned(),
                owner: None,
                due: None,
            },
        ),
        (33, Input::DropAction { incident, action: "a|b".to_owned(), by, reason: evil.to_owned() }),
    ];
    let written = document(&policy, inputs.into_iter().map(|(minute, input)| Entry { at: at(minute), input }));
    // Every row of a table has as many cells as its heading.
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut expected = None;
    for line in written.lines() {
        if line.starts_with('|') {
            assert_eq!(cells(line), *expected.get_or_insert(cells(line)), "{line}");
        } else {
            expected = None;
        }
    }
    assert!(!written.contains('<') && !written.contains('\u{202e}') && !written.contains("\n# heading"));
    insta::assert_snapshot!(written);
}

#[test]
fn an_incident_that_the_journal_does_not_know() {
    let policy = Policy::from_yaml(include_str!("../policies/learning.yaml")).expect("it loads");
    let account = Account::new(IncidentId::from("nowhere"));
    let now = "2026-11-24T03:00:00Z".parse().expect("an instant");
    let refused = postmortem(&policy, &account, "nowhere", now).expect_err("there is none");
    assert_eq!(refused.to_string(), "the journal has no incident `nowhere`");
}

/// What a journal of KREKI tells of one month.
fn november(inputs: impl IntoIterator<Item = (i64, Box<dyn Fn(&Engine) -> Input>)>) -> (MonthlyReport, String) {
    let text = include_str!("../../examples/kreki/policy.yaml");
    let policy = Arc::new(Policy::from_yaml(text).expect("it loads"));
    let start: Timestamp = "2026-11-24T03:00:00Z".parse().expect("an instant");
    let mut engine = Engine::new(Arc::clone(&policy));
    let mut chronicle = Chronicle::new();
    for (minute, input) in inputs {
        let (at, input) = (start + chrono::TimeDelta::minutes(minute), input(&engine));
        let step = engine.apply(at, input.clone()).unwrap_or_else(|refused| panic!("{refused}; {}", refused.help()));
        chronicle.take(at, &input, &step, &engine);
    }
    let report = MonthlyReport::of(&policy, &chronicle, "2026-11".parse().expect("a month")).expect("it is told of");
    let written = report.markdown(&policy).expect("it is written").text;
    (report, written)
}

/// The alert of a panic button, or a drill of one.
fn button(id: &'static str, drill: bool) -> Box<dyn Fn(&Engine) -> Input> {
    Box::new(move |_| Input::Detect {
        id: Some(id.to_owned()),
        source: "monitoring".to_owned(),
        by: "probe".to_owned(),
        service: Some("panic-button".to_owned()),
        title: id.to_owned(),
        text: String::new(),
        labels: [("impact".to_owned(), "outage".to_owned())].into(),
        values: std::collections::BTreeMap::new(),
        drill,
    })
}

/// The incident of that title.
fn titled(engine: &Engine, title: &str) -> IncidentId {
    engine.incidents().find(|incident| incident.title() == title).expect("it opened").id().clone()
}

#[test]
fn drills_and_false_alarms_count_apart() {
    let end = |title: &'static str| -> Box<dyn Fn(&Engine) -> Input> {
        Box::new(move |engine| Input::Resolve {
            incident: titled(engine, title),
            by: "sari".to_owned(),
            note: "Over".to_owned(),
            override_reason: Some("Over".to_owned()),
        })
    };
    let none: Box<dyn Fn(&Engine) -> Input> = Box::new(|engine| Input::FalseAlarm {
        incident: titled(engine, "b"),
        by: "sari".to_owned(),
        reason: "A cable".to_owned(),
    });
    let (report, written) = november([
        (0, button("a", true)),
        (1, end("a")),
        (120, button("b", false)),
        (121, none),
        (240, button("c", false)),
        (241, end("c")),
    ]);
    let metrics = &report.metrics;
    assert_eq!((metrics.left_out.drills, metrics.left_out.false_alarms), (1, 1));
    let worst: Vec<&str> = report.worst.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(worst, ["c"], "what is not counted is not listed among what is");
    assert_eq!((metrics.all.total, metrics.all.resolve.count, metrics.all.unanswered), (1, 1, 1));
    assert_eq!(metrics.all.postmortems.required, 1, "only the real one has something to be learnt from");
    assert_eq!(metrics.services.iter().map(|service| service.total).sum::<usize>(), 1);
    // Somebody was woken by the false alarm, too, and practised in the drill.
    let calls: usize = metrics.people.iter().filter(|person| person.person == "sari").map(|person| person.calls).sum();
    assert_eq!(calls, 2);
    assert!(written.contains("1 drill was held, of which nothing is counted here."), "{written}");
    assert!(written.contains("1 false alarm came besides, of which only the pages are counted."), "{written}");
}

#[test]
fn what_was_waived_or_waits_is_named() {
    let end = |title: &'static str| -> Box<dyn Fn(&Engine) -> Input> {
        Box::new(move |engine| Input::Resolve {
            incident: titled(engine, title),
            by: "sari".to_owned(),
            note: "Over".to_owned(),
            override_reason: Some("Over".to_owned()),
        })
    };
    let waive: Box<dyn Fn(&Engine) -> Input> = Box::new(|engine| Input::WaivePostmortem {
        incident: titled(engine, "a"),
        by: "agus".to_owned(),
        reason: "A cable was pulled".to_owned(),
    });
    let (report, written) = november([(0, button("a", false)), (1, end("a")), (2, waive), (120, button("b", false))]);
    let figures = &report.metrics.all;
    assert_eq!((figures.postmortems.required, figures.postmortems.waived.len()), (0, 1));
    assert_eq!((figures.unanswered, figures.open.len(), figures.waiting.len()), (1, 1, 1));
    let [waived, waiting] = [&figures.postmortems.waived, &figures.waiting].map(|ids| ids[0].to_string());
    assert!(written.contains(&format!("1 was waived: {waived}.")), "{written}");
    let line = format!("Nobody has taken {waiting} yet, which does not count in the time to acknowledge either.");
    assert!(written.contains(&line), "{written}");
}

#[test]
fn what_is_merged_counts_once() {
    let merge: Box<dyn Fn(&Engine) -> Input> = Box::new(|engine| Input::Merge {
        incident: titled(engine, "a"),
        into: titled(engine, "b"),
        by: "sari".to_owned(),
        reason: String::new(),
    });
    let end: Box<dyn Fn(&Engine) -> Input> = Box::new(|engine| Input::Resolve {
        incident: titled(engine, "b"),
        by: "sari".to_owned(),
        note: "Over".to_owned(),
        override_reason: Some("Over".to_owned()),
    });
    let (report, written) = november([(0, button("a", false)), (1, button("b", false)), (2, merge), (31, end)]);
    let metrics = &report.metrics;
    assert_eq!((metrics.all.total, metrics.left_out.merged), (1, 1));
    let open = metrics.all.resolve.mean.map(|mean| mean.to_string());
    assert_eq!(open.as_deref(), Some("31m"), "from the earlier start");
    assert!(written.contains("1 incident was merged into another and is counted with it."), "{written}");
}
