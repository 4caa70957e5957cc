//! The incident's state machine: one table, every pair of state and event written, no default arm.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an incident is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it.
    Open,
    /// Somebody has taken it.
    Acknowledged,
    /// Somebody works on it.
    Responding,
    /// It is over.
    Resolved,
}

/// What can happen to an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An alert fires.
    Fire,
    /// None of its alerts fires any more.
    Clear,
    /// Somebody takes it.
    Acknowledge,
    /// Nothing came of the acknowledgement.
    AcknowledgementExpire,
    /// Somebody begins to work on it.
    Respond,
    /// Somebody has found out more of its impact.
    Assess,
    /// A status update.
    Update,
    /// A public update.
    PublicUpdate,
    /// It is declared.
    Declare,
    /// Somebody escalates by hand.
    Escalate,
    /// Somebody sets its severity.
    SetSeverity,
    /// Somebody lets its clocks stand still.
    Pause,
    /// Somebody lets them go on.
    Resume,
    /// Somebody puts it off.
    Snooze,
    /// The time that it was put off for is up.
    SnoozeEnd,
    /// Somebody has seen that it is so.
    Verify,
    /// Somebody checks a point of the closing checklist.
    CheckItem,
    /// Somebody opens one again.
    UncheckItem,
    /// Somebody takes a role.
    AssignRole,
    /// Somebody gives one up.
    VacateRole,
    /// Somebody, or the policy, says it is over.
    Resolve,
    /// Somebody says it was none.
    FalseAlarm,
    /// Somebody says that it is the same as another, which goes on.
    Merge,
    /// It goes on as another, too.
    TakeIn,
    /// Some of its alerts become an incident of their own.
    Split,
    /// It becomes a part of another.
    Link,
    /// It is that no more.
    Unlink,
}

/// What an event does in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It moves the incident on.
    To(State),
    /// It counts, and the state stays.
    Stay,
    /// It is harmless and does nothing.
    Ignore(&'static str),
    /// It cannot be: the command is refused.
    Refuse,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 4] = [Self::Open, Self::Acknowledged, Self::Responding, Self::Resolved];

    /// Whether somebody has taken it.
    #[must_use]
    pub const fn is_acknowledged(self) -> bool {
        match self {
            Self::Acknowledged | Self::Responding | Self::Resolved => true,
            Self::Open => false,
        }
    }

    /// Whether it is over.
    #[must_use]
    pub const fn is_resolved(self) -> bool {
        match self {
            Self::Resolved => true,
            Self::Open | Self::Acknowledged | Self::Responding => false,
        }
    }

    /// The state as policies and journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Responding => "responding",
            Self::Resolved => "resolved",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 27] = [
        Self::Fire,
        Self::Clear,
        Self::Acknowledge,
        Self::AcknowledgementExpire,
        Self::Respond,
        Self::Assess,
        Self::Update,
        Self::PublicUpdate,
        Self::Declare,
        Self::Escalate,
        Self::SetSeverity,
        Self::Pause,
        Self::Resume,
        Self::Snooze,
        Self::SnoozeEnd,
        Self::Verify,
        Self::CheckItem,
        Self::UncheckItem,
        Self::AssignRole,
        Self::VacateRole,
        Self::Resolve,
        Self::FalseAlarm,
        Self::Merge,
        Self::TakeIn,
        Self::Split,
        Self::Link,
        Self::Unlink,
    ];

    /// The event as journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fire => "fire",
            Self::Clear => "clear",
            Self::Acknowledge => "acknowledge",
            Self::AcknowledgementExpire => "acknowledgement_expire",
            Self::Respond => "respond",
            Self::Assess => "assess",
            Self::Update => "update",
            Self::PublicUpdate => "public_update",
            Self::Declare => "declare",
            Self::Escalate => "escalate",
            Self::SetSeverity => "set_severity",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Snooze => "snooze",
            Self::SnoozeEnd => "snooze_end",
            Self::Verify => "verify",
            Self::CheckItem => "check_item",
            Self::UncheckItem => "uncheck_item",
            Self::AssignRole => "assign_role",
            Self::VacateRole => "vacate_role",
            Self::Resolve => "resolve",
            Self::FalseAlarm => "false_alarm",
            Self::Merge => "merge",
            Self::TakeIn => "take_in",
            Self::Split => "split",
            Self::Link => "link",
            Self::Unlink => "unlink",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an event does in a state. The whole life of an incident is this table.
#[must_use]
#[rustfmt::skip]
#[expect(clippy::match_same_arms, reason = "a table has a row for each event")]
pub const fn transition(state: State, event: Event) -> Transition {
    use State::{Acknowledged, Open, Resolved, Responding};
    use Transition::{Ignore, Refuse, Stay, To};

    const UNTAKEN: Transition = Ignore("nobody has taken it");
    const TAKEN: Transition = Ignore("somebody has taken it already");
    const WORKED_ON: Transition = Ignore("somebody works on it already");
    const OVER: Transition = Ignore("it is over already");

    let [open, acknowledged, responding, resolved] = match event {
        //                              in Open           in Acknowledged   in Responding     in Resolved
        Event::Fire                  => [Stay,             Stay,             Stay,             To(Open)],
        Event::Clear                 => [Stay,             Stay,             Stay,             OVER],
        Event::Acknowledge           => [To(Acknowledged), TAKEN,            WORKED_ON,        Refuse],
        Event::AcknowledgementExpire => [UNTAKEN,          To(Open),         WORKED_ON,        OVER],
        Event::Respond               => [To(Responding),   To(Responding),   WORKED_ON,        Refuse],
        Event::Assess                => [Stay,             Stay,             Stay,             Stay],
        Event::Update                => [Stay,             Stay,             Stay,             Stay],
        Event::PublicUpdate          => [Stay,             Stay,             Stay,             Stay],
        Event::Declare               => [Stay,             Stay,             Stay,             Refuse],
        Event::Escalate              => [Stay,             Stay,             Stay,             Refuse],
        Event::SetSeverity           => [Stay,             Stay,             Stay,             Refuse],
        Event::Pause                 => [Stay,             Stay,             Stay,             Refuse],
        Event::Resume                => [Stay,             Stay,             Stay,             Refuse],
        Event::Snooze                => [Stay,             Stay,             Stay,             Refuse],
        Event::SnoozeEnd             => [Stay,             To(Open),         To(Open),         OVER],
        Event::Verify                => [Stay,             Stay,             Stay,             Refuse],
        Event::CheckItem             => [Stay,             Stay,             Stay,             Refuse],
        Event::UncheckItem           => [Stay,             Stay,             Stay,             Refuse],
        Event::AssignRole            => [Stay,             Stay,             Stay,             Refuse],
        Event::VacateRole            => [Stay,             Stay,             Stay,             Refuse],
        Event::Resolve               => [To(Resolved),     To(Resolved),     To(Resolved),     OVER],
        Event::FalseAlarm            => [To(Resolved),     To(Resolved),     To(Resolved),     Refuse],
        Event::Merge                 => [To(Resolved),     To(Resolved),     To(Resolved),     Refuse],
        Event::TakeIn                => [Stay,             Stay,             Stay,             Refuse],
        Event::Split                 => [Stay,             Stay,             Stay,             Refuse],
        Event::Link                  => [Stay,             Stay,             Stay,             Stay],
        Event::Unlink                => [Stay,             Stay,             Stay,             Stay],
    };
    match state {
        State::Open => open,
        State::Acknowledged => acknowledged,
        State::Responding => responding,
        State::Resolved => resolved,
    }
}

/// The state machine as a Mermaid diagram, drawn from the table.
#[must_use]
pub fn diagram() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    [*] --> open: fire".to_owned()];
    for from in State::ALL {
        let mut stays = Vec::new();
        for event in Event::ALL {
            match transition(from, event) {
                Transition::To(to) => lines.push(format!("    {from} --> {to}: {event}")),
                Transition::Stay => stays.push(event.as_str()),
                Transition::Ignore(_) | Transition::Refuse => {}
            }
        }
        if !stays.is_empty() {
            lines.push(format!("    {from} --> {from}: {}", stays.join(", ")));
        }
    }
    lines.push("    resolved --> [*]: forgotten after the policy's retention".to_owned());
    lines.join("\n")
}
