//! The journal of a kentongan host: the one crate that touches a file.
//!
//! [`kentongan::Engine`] is pure; what it was handed is all there is to keep. A [`Store`] holds an engine together with
//! a file of everything handed to it, and writes each input down before the engine acts on it. When the host is stopped
//! at any point, opening the journal again brings the engine to the same state, and gives the host the same effects
//! under the same ids.
//!
//! # The host's part
//!
//! ```
//! use std::collections::BTreeSet;
//! use std::sync::Arc;
//! use kentongan::{Alert, Effect, EffectId, Input, Outcome, Policy};
//! use kentongan_journal::Store;
//! # let yaml = r#"
//! # policy: shop
//! # people: { ana: { contacts: { pager: ana-1 } } }
//! # on_call: { primary: [ana] }
//! # severities: { high: { definition: down, targets: { acknowledge: 5m }, escalation: standard } }
//! # classify: [ { default: high } ]
//! # escalation: { standard: [ { notify: on-call.primary } ] }
//! # last_resort: [ { pager: ana } ]
//! # "#;
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("shop.journal");
//! # let clock = || "2026-11-23T19:00:00Z".parse().unwrap();
//! # fn send(_: &Effect) -> Outcome { Outcome::Delivered }
//! # let mut performed: BTreeSet<EffectId> = BTreeSet::new();
//!
//! // 1  Open the journal. What was under way when the host stopped is to be done first.
//! let (mut store, recovery) = Store::open(&path, Arc::new(Policy::from_yaml(yaml)?))?;
//! let mut effects = recovery.effects;
//!
//! // 2  Hand in what happens. It is in the journal, on disk, before the engine acts on it.
//! let step = store.apply(clock(), Input::Alert(Alert::firing("a1", "checkout")))?;
//! effects.extend(step.effects);
//!
//! for effect in effects {
//!     // 3  Perform each effect once: its id is the same after every restart.
//!     if !performed.insert(effect.id.clone()) {
//!         continue;
//!     }
//!     let outcome = send(&effect);
//!     // 4  Report how it went. That is an input like any other; a failure comes to the next way to reach somebody.
//!     if effect.wants_report() {
//!         let report = Input::Report { effect: effect.id, outcome, detail: String::new(), opened_as: None };
//!         let step = store.apply(clock(), report)?;
//! #       assert!(step.effects.is_empty());
//!     }
//! }
//!
//! // 5  Sleep until the wake-up, or until something happens.
//! assert_eq!(store.wakeup(), Some("2026-11-23T19:02:30Z".parse()?));
//!
//! // 6  Let time pass, and go on with 3. A call too early is harmless, and leaves no record.
//! let step = store.advance(clock())?;
//! assert!(step.effects.is_empty());
//! assert_eq!(store.records(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The file
//!
//! Text, one JSON object a line, to be read with `grep` and `jq` by people as well:
//!
//! ```text
//! {"format":"kentongan-journal","version":1}
//! {"seq":1,"at":"2026-11-23T19:00:00Z","input":{"kind":"alert",…},"policy":"sha256:…","engine":"0.1.0","time_zone_data":"2026f","chain":"…"}
//! ```
//!
//! A reload of the policy stands in place of an input: `"reload":{"from":"sha256:…","to":"sha256:…"}`, with the renamed
//! `severities` if there are any. The policies themselves are the host's, who hands those before a reload to
//! [`StoreOptions::policies`]. A store takes a snapshot right after a reload, and needs them no more from there on.
//!
//! `chain` is the SHA-256, in hexadecimal, over the 32 bytes of the chain before it and the bytes of the line before
//! `,"chain":`; the first one follows the SHA-256 of the header without its line end. A byte that is changed, a line
//! that is lost, doubled or moved, and a file that is cut anywhere but between two records is noticed. A file cut
//! between two records is a shorter journal like any other; it is noticed where a snapshot is newer.
//!
//! | what is found | what is done |
//! |---|---|
//! | the last record is incomplete or damaged | it is cut off, kept in `….torn`, and told of in [`Recovery::torn`] |
//! | a record before the last one is damaged | the journal is not opened, code `corrupt`; [`Store::recover`] cuts there on demand |
//! | a record is whole but not understood | the journal is not opened, code `unreadable_record`: a newer release wrote it |
//! | the snapshot in `….snapshot` is damaged, of another journal or newer than this one | it is passed over, and told of in [`Recovery::snapshot`] |
//! | another writer has the journal | it is not opened, code `locked` |
//! | the last record was written under another policy | the journal is not opened, code `other_policy`, unless [`StoreOptions::adopt_policy`] |
//! | a reload has to be lived through again, and one of its policies is not at hand | the journal is not opened, code `missing_policy`, which names it |
//! | the disk is full | [`Store::apply`] gives an error, the engine and the journal are as before, and later calls may succeed |
//! | the disk does not confirm a write | [`Store::apply`] gives an error, and every later call says `poisoned` until the journal is opened again |
//!
//! The whole journal is checked at every opening, at about the speed of SHA-256. A snapshot saves the engine's work, not
//! the check.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod chain;
mod content;
mod error;
mod files;
mod history;
pub mod limits;
mod lines;
mod log;
mod options;
mod reading;
mod record;
mod recovery;
mod snapshot;
mod store;
mod walk;

pub use content::{Content, Course, Line, MissingPolicy, Policies};
pub use error::{Damage, JournalError, Poison, StoreError};
pub use history::History;
pub use limits::SNAPSHOT_EVERY_DEFAULT;
pub use options::StoreOptions;
pub use reading::{Records, read};
pub use record::Record;
pub use recovery::{Cut, Origin, Recovery, SnapshotUse};
pub use snapshot::SnapshotProblem;
pub use store::Store;
pub use walk::Tail;
