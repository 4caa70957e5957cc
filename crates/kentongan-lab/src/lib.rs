//! What people do with a [`kentongan`] policy: check it, test it with scenarios, see what it would do.
//!
//! Pure, as the engine is: whoever calls gives the texts of files and performs nothing. A scenario runs in virtual
//! time, wake-up by wake-up, so that each effect is seen at the very instant at which it is due.
//!
//! | | |
//! |---|---|
//! | [`Scenario`] | a policy, timed inputs and what must come of them, from YAML or JSON |
//! | [`Run`] | all that happened in one, with the expectations that failed and why |
//! | [`timeline`] | a run as lines that a person reads |
//! | [`chart`] | who is on call, as a table, bars or a picture |
//! | [`history`] | one incident of a journal, as a picture or on a terminal |
//! | [`AccountView`] | the same as data |
//! | [`Summary`] | what a policy holds |
//! | [`over()`] | what of it is over at an instant |
//! | [`shipped`] | the policies that come with the library |
//!
//! ```
//! use kentongan_lab::Scenario;
//!
//! let text = r#"
//! scenario: an alert pages who is on call
//! policy:
//!   policy: shop
//!   people: { ana: { contacts: { pager: ana-1 } } }
//!   on_call: { primary: [ana] }
//!   severities: { high: { definition: down, targets: { acknowledge: 5m }, escalation: standard } }
//!   classify: [ { default: high } ]
//!   escalation: { standard: [ { notify: on-call.primary } ] }
//!   last_resort: [ { pager: ana } ]
//! start: 2026-11-24T02:00:00+07:00
//! inputs:
//!   - { at: +0s, alert: { key: a1, service: checkout } }
//!   - { at: +4m59s999ms, acknowledge: { by: ana } }
//! until: +1h
//! expect:
//!   - effect: { at: +0s, kind: notify, channel: pager, to: ana }
//!   - none: { kind: breach }
//!   - state: { at: +5m, state: acknowledged, acknowledged_by: ana }
//! "#;
//! let run = Scenario::load("pages.yaml", text, None, |_| Err("there is no such file".to_owned()))?.run()?;
//! assert!(run.passed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod account;
pub mod chart;
mod handoff;
pub mod history;
pub mod limits;
mod moment;
mod over;
mod rota;
mod run;
pub mod scenario;
mod schema;
mod shipped;
mod summary;
mod svg;
pub mod text;
pub mod timeline;

pub use account::{AccountView, TimelineEvent};
pub use handoff::HandoffView;
pub use moment::{InvalidMoment, Moment};
pub use over::over;
pub use run::{Call, ClockView, Failure, IncidentView, PolicyIdentity, Run, RunEntry, RunError};
pub use scenario::Scenario;
pub use schema::{SchemaOf, json_schema};
pub use shipped::{SHIPPED, Shipped, shipped};
pub use summary::Summary;
