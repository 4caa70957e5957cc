//! The incident engine: how bad an alert is, which clocks start, who is told, who is told next, and why.
//!
//! It is a pure state machine. It reads no clock and no file, opens no connection, starts no thread and throws no
//! dice: time and events are handed in, effects come out as data, and the same journal gives the same effects, byte
//! for byte. So a host owns six duties, and nothing else:
//!
//! 1. **Load** a [`Policy`] and make an [`Engine`], or restore one from its journal.
//! 2. **Write down** what happens, `(at, input)`, in the journal; `kentongan-journal` is a ready one.
//! 3. **Apply** it: [`Engine::apply`] gives a [`Step`].
//! 4. **Perform** the step's effects, in order. An [`EffectId`] seen before is done already.
//! 5. **Report** each outcome as an [`Input::Report`]: a failure goes on to the next way or person in the same step.
//! 6. **Sleep** until [`Step::wakeup`] at the latest, then hand in [`Input::Tick`]. Calls before it do no harm.
//!
//! ```
//! use std::sync::Arc;
//! use kentongan::{Action, Alert, Engine, Input, Outcome, Policy, Timestamp};
//!
//! let policy = Policy::from_yaml(r#"
//! policy: shop
//! people: { ana: { contacts: { pager: ana-1, sms: "+62811" } } }
//! on_call: { primary: [ana] }
//! severities:
//!   high: { definition: Customers cannot pay, targets: { acknowledge: 5m }, escalation: standard }
//! classify: [ { default: high } ]
//! escalation: { standard: [ { notify: on-call.primary } ] }
//! last_resort: [ { sms: ana } ]
//! "#)?;
//! let mut engine = Engine::new(Arc::new(policy));
//! let at: Timestamp = "2026-11-23T19:00:00Z".parse()?;
//!
//! let step = engine.apply(at, Input::Alert(Alert::firing("a1", "checkout")))?;
//! let page = step.effects.first().ok_or("somebody is paged")?;
//! assert!(matches!(&page.action, Action::Notify(page) if page.channel == "pager" && page.to == "ana"));
//!
//! // The pager's service is down: the same step tries the next way.
//! let failed = Input::Report { effect: page.id.clone(), outcome: Outcome::Failed, detail: "503".into(), opened_as: None };
//! let step = engine.apply(at, failed)?;
//! assert!(matches!(&step.effects[..], [effect] if matches!(&effect.action, Action::Notify(page) if page.channel == "sms")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What people write is the [`Policy`]; [`policy::document`] is its reference. What the engine decides it says, in
//! [`Step::decisions`]. What it promises is listed in `ARCHITECTURE.md`, and checked by [`Engine::audit`].

#![forbid(unsafe_code)]
// The same inputs give the same decisions on every machine: `clippy.toml` names what would break that.
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::iter_over_hash_type)]
// No input may take the host down; tests say what they expect by panicking.
#![cfg_attr(
    not(test),
    deny(
        clippy::exit,
        clippy::expect_used,
        clippy::get_unwrap,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::panic_in_result_fn,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod alert;
pub mod calendar;
mod clock;
mod decision;
mod digest;
mod effect;
mod engine;
mod error;
mod escalation;
pub mod escape;
pub mod incident;
mod inhibition;
mod input;
mod journal;
pub mod limits;
pub mod oncall;
mod outbox;
pub mod policy;
pub mod postmortem;
pub mod report;
mod routing;
mod rules;
mod silence;
mod snapshot;
pub mod source;
mod text;
mod time;

pub use alert::{Alert, AlertStatus};
pub use clock::{Clock, ClockKind, Stopped};
pub use decision::{Decision, Verdict};
pub use effect::{Action, Cause, Effect, EffectId, Notification, OngoingIncident, PublicStatus, Purpose, Trigger};
pub use engine::{Engine, Step};
pub use error::{Refusal, Rejected, RestoreError};
pub use incident::{
    Deed, Event, Impact, Incident, IncidentId, PublicPage, PublicPost, RoleHolder, RoleState, Scope, Snoozed, State,
    StatusUpdate, Urgency,
};
pub use input::{Input, Outcome};
pub use journal::{Entry, Reload};
pub use policy::{Policy, PolicyError};
pub use rules::{
    Classification, Classifier, ConditionForm, Explanation, FactValue, Fault, RuleAccount, Ruling, RunnerUp, Says,
};
pub use silence::Matchers;
pub use snapshot::{SNAPSHOT_FORMAT, Snapshot};
pub use time::{Duration, InvalidDuration, Timestamp};
