//! An incident as a picture and on a terminal: a night that is answered, a long one that opens again, a hostile one, a
//! huge one.

use std::collections::BTreeMap;
use std::sync::Arc;

use kentongan::report::{Account, MarkKind, RunEnd};
use kentongan::{Alert, AlertStatus, Engine, IncidentId, Input, Policy, PublicStatus, Timestamp};
use kentongan_lab::history::History;

/// A life of the first incident that opens, with a host that wakes when it should.
struct Life {
    policy: Arc<Policy>,
    engine: Engine,
    start: Timestamp,
    account: Option<Account>,
    id: IncidentId,
    wakeup: Option<Timestamp>,
}

impl Life {
    fn new(policy: Policy, start: &str) -> Self {
        let policy = Arc::new(policy);
        let engine = Engine::new(Arc::clone(&policy));
        let start = start.parse().expect("an instant");
        Self { policy, engine, start, account: None, id: IncidentId::from(""), wakeup: None }
    }

    fn kreki(start: &str) -> Self {
        Self::new(kentongan_lab::shipped("kreki").expect("it is shipped").load().expect("it loads"), start)
    }

    fn apply(&mut self, at: Timestamp, input: &Input) {
        let step = self.engine.apply(at, input.clone()).unwrap_or_else(|refused| panic!("{at} {input:?}: {refused}"));
        if self.account.is_none() {
            self.id = self.engine.incidents().next().expect("the first input opens it").id().clone();
            self.account = Some(Account::new(self.id.clone()));
        }
        self.account.as_mut().expect("it was begun").take(at, input, &step, &self.engine);
        self.wakeup = step.wakeup;
    }

    fn until(&mut self, minutes: i64) -> Timestamp {
        let at = self.start + chrono::TimeDelta::minutes(minutes);
        while let Some(wakeup) = self.wakeup.filter(|wakeup| *wakeup < at) {
            self.apply(wakeup, &Input::Tick);
        }
        at
    }

    fn alert(&mut self, minutes: i64, alert: &Alert) {
        let at = self.until(minutes);
        self.apply(at, &Input::Alert(alert.clone()));
    }

    fn does(&mut self, minutes: i64, input: impl FnOnce(IncidentId) -> Input) {
        let at = self.until(minutes);
        self.apply(at, &input(self.id.clone()));
    }

    fn account(&self) -> &Account {
        self.account.as_ref().expect("something happened")
    }

    fn history(&self) -> History<'_> {
        History::new(self.account(), &self.policy, self.engine.now().expect("something happened")).expect("it is told")
    }

    /// The picture, which any reader of XML must be able to read.
    fn svg(&self) -> String {
        let svg = self.history().svg();
        let mut reader = quick_xml::Reader::from_str(&svg);
        reader.config_mut().check_end_names = true;
        let mut depth = 0_i32;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{error} in\n{svg}")) {
                quick_xml::events::Event::Start(element) => {
                    assert!(element.attributes().all(|attribute| attribute.is_ok()), "{element:?}");
                    depth += 1;
                }
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::GeneralRef(name) => {
                    assert!(["amp", "lt", "gt", "quot"].contains(&name.decode().expect("text").as_ref()), "{name:?}");
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{svg}");
        if let Ok(folder) = std::env::var("PICTURES") {
            let name = svg.len();
            std::fs::write(format!("{folder}/{name}.svg"), &svg).expect("it is written");
        }
        svg
    }

    fn terminal(&self) -> String {
        self.history().lines(100).iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
    }
}

fn panic_button() -> Alert {
    let mut alert = Alert::firing("panic", "panic-button");
    "PanicButtonDown".clone_into(&mut alert.name);
    alert.labels.insert("impact".to_owned(), "outage".to_owned());
    "The panic button reaches nobody".clone_into(&mut alert.summary);
    alert
}

/// A status update with the parts that KREKI asks for.
fn update(incident: IncidentId, by: String, status: &str) -> Input {
    let parts = [("status", status), ("impact", "Alarms arrive late"), ("next-steps", "We go on")];
    let parts = parts.into_iter().map(|(part, text)| (part.to_owned(), text.to_owned())).collect();
    Input::Update { incident, by, text: String::new(), parts }
}

fn resolve(incident: IncidentId, by: String, note: &str) -> Input {
    let override_reason = Some("The checklist is gone through in the morning".to_owned());
    Input::Resolve { incident, by, note: note.to_owned(), override_reason }
}

fn night() -> Life {
    let mut life = Life::kreki("2026-11-23T19:00:00Z");
    life.alert(0, &panic_button());
    let who = life.account().calls().first().expect("somebody is called").who.clone();
    let by = || who.clone();
    life.does(4, |incident| Input::Acknowledge { incident, by: by(), note: String::new() });
    life.does(9, |incident| Input::Respond { incident, by: by(), note: String::new() });
    let text = "Investigating the gateway; next update in 30 minutes".to_owned();
    life.does(12, |incident| update(incident, by(), &text));
    let text = "Some alarms may not arrive. We are working on it.".to_owned();
    life.does(20, |incident| Input::PublicUpdate {
        incident,
        by: by(),
        status: PublicStatus::Investigating,
        text,
        issue: None,
        impact: None,
        reason: None,
        override_reason: None,
    });
    life.does(38, |incident| update(incident, by(), "The gateway is restarted"));
    life.does(55, |incident| resolve(incident, by(), "The certificate had expired"));
    life.until(60);
    life
}

/// Nobody answers for long, somebody else takes it, it waits for a vendor, it is over and comes back.
fn long() -> Life {
    let mut life = Life::kreki("2026-11-23T19:00:00Z");
    life.alert(0, &panic_button());
    let by = || "budi".to_owned();
    life.does(50, |incident| Input::Acknowledge { incident, by: by(), note: String::new() });
    life.does(70, |incident| Input::Respond { incident, by: by(), note: String::new() });
    life.does(100, |incident| update(incident, by(), "It is the vendor"));
    life.does(240, |incident| resolve(incident, by(), "Restarted"));
    life.alert(290, &panic_button());
    life.does(310, |incident| Input::Respond { incident, by: by(), note: String::new() });
    life.does(330, |incident| update(incident, by(), "It came back"));
    life.does(700, |incident| resolve(incident, by(), "The vendor has mended it"));
    life
}

#[test]
fn a_night_that_is_answered() {
    let life = night();
    let met = life.account().course.runs.iter().filter(|run| run.end == RunEnd::Met).count();
    assert!(met >= 3, "{:#?}", life.account().course);
    insta::assert_snapshot!("night_picture", life.svg());
    insta::assert_snapshot!("night_terminal", life.terminal());
}

#[test]
fn a_long_one_that_opens_again() {
    let life = long();
    let course = &life.account().course;
    assert_eq!(course.marks.iter().filter(|mark| mark.kind == MarkKind::Reopened).count(), 1, "{course:#?}");
    // Every breach belongs to the run that was missed, also where the clock starts again at once.
    let breaches = course.marks.iter().filter(|mark| mark.kind == MarkKind::Breach).count();
    let missed = course.runs.iter().filter(|run| run.end == RunEnd::Missed).count();
    assert_eq!(breaches, missed, "{course:#?}");
    assert!(breaches > 2, "{course:#?}");
    insta::assert_snapshot!("long_picture", life.svg());
    insta::assert_snapshot!("long_terminal", life.terminal());
}

#[test]
fn hostile_text_stays_text() {
    let policy = Policy::from_yaml(include_str!("../policies/learning.yaml")).expect("it loads");
    let mut life = Life::new(policy, "2026-11-24T03:00:00Z");
    let evil = "</text></svg><script>alert('x')</script> \"&amp; ]]> \u{202e}\u{1b}[2J\u{0}\r\nx";
    let mut alert = Alert::firing("a1", "shop");
    evil.clone_into(&mut alert.summary);
    life.alert(0, &alert);
    life.does(1, |incident| Input::Respond { incident, by: evil.to_owned(), note: evil.to_owned() });
    life.does(2, |incident| Input::Update {
        incident,
        by: evil.to_owned(),
        text: evil.to_owned(),
        parts: BTreeMap::new(),
    });
    life.does(3, |incident| Input::Escalate { incident, by: evil.to_owned(), level: None, reason: evil.to_owned() });
    life.does(30, |incident| resolve(incident, evil.to_owned(), evil));
    let (svg, terminal) = (life.svg(), life.terminal());
    assert!(!svg.contains("<script") && svg.matches("</svg>").count() == 1, "{svg}");
    assert!(!terminal.contains(['\u{1b}', '\u{202e}', '\u{0}', '\r']), "{terminal}");
    insta::assert_snapshot!("hostile_picture", svg);
}

#[test]
fn a_huge_one_has_a_picture_of_bounded_size() {
    let mut life = Life::kreki("2026-11-23T19:00:00Z");
    life.alert(0, &panic_button());
    for minute in 1..1_500 {
        let by = format!("person-{}", minute % 100);
        match minute % 3 {
            0 => life.does(minute, |incident| update(incident, by, &"x".repeat(1_000))),
            1 => life.does(minute, |incident| Input::Respond { incident, by, note: String::new() }),
            _ => life.does(minute, |incident| Input::Escalate { incident, by, level: None, reason: String::new() }),
        }
    }
    let (svg, terminal) = (life.svg(), life.terminal());
    assert!(svg.len() < 1_500_000, "{} bytes", svg.len());
    assert!(svg.matches("<text").count() < 400, "{}", svg.matches("<text").count());
    assert!(svg.contains(" others</text>"), "those who come late share a lane");
    assert!(terminal.lines().count() < 9_000 && terminal.contains(" more)"), "{}", terminal.lines().count());
}

#[test]
fn an_incident_without_an_end_is_drawn_as_far_as_it_is_known() {
    let mut life = Life::kreki("2026-11-23T19:00:00Z");
    life.alert(0, &panic_button());
    assert!(life.terminal().contains("and it goes on"), "{}", life.terminal());
    life.svg();
    life.until(12);
    let mut over = panic_button();
    over.status = AlertStatus::Resolved;
    life.alert(12, &over);
    life.svg();
}
