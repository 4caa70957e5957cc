//! What monitoring systems send, as alerts for the [`kentongan`] engine.
//!
//! [`alerts_from`] turns the bytes of a webhook body or of a file into [`kentongan::Alert`]s. It is pure: no network,
//! no files, no clock. The same bytes give the same alerts, and no bytes at all make it panic.
//!
//! | source | what is read | by name |
//! |---|---|---|
//! | [`Source::Alertmanager`] | the webhook of Prometheus Alertmanager, version 4 | `alertmanager` |
//! | [`Source::Native`] | the engine's own alert as JSON: one object, an array, or one a line | `alert` |
//!
//! # From Alertmanager
//!
//! | of the alert | from |
//! |---|---|
//! | `key` | `fingerprint`; where a relay lost it, computed from the labels as Prometheus does, with a warning |
//! | `status` | the alert's own `status`; the group's stays `firing` until the last one is resolved |
//! | `service`, `name` | the labels `service` and `alertname` |
//! | `summary`, `description` | the annotations of these names |
//! | `values` | every label and annotation that is a finite decimal number, `0.14` but not `14 %` or `240ms`; of two numbers with one name the annotation's counts |
//! | `links` | `generatorURL` as `graph`; each annotation that ends in `_url` under the name before it |
//! | `starts_at`, `ends_at` | `startsAt`, `endsAt`; the year 1 means none; one that cannot be read is dropped with a warning |
//!
//! Texts stay in `labels` and `annotations` as they were sent, numbers and control characters included. Fields that
//! newer versions add are passed over.
//!
//! ```
//! use kentongan::AlertStatus;
//! use kentongan_ingest::alerts_from;
//!
//! let body = br#"{
//!   "version": "4", "groupKey": "{}:{}", "receiver": "kentongan", "status": "firing", "truncatedAlerts": 7,
//!   "alerts": [{
//!     "status": "resolved",
//!     "labels": { "alertname": "ErrorRate", "service": "emergency-api" },
//!     "annotations": { "error_rate": "0.14", "runbook_url": "https://wiki.example.org/errors" },
//!     "startsAt": "2026-11-23T07:40:30.768349822Z",
//!     "endsAt": "0001-01-01T00:00:00Z",
//!     "fingerprint": "995f9e7d06cdb73e"
//!   }]
//! }"#;
//! let intake = alerts_from(body, None)?;
//! let alert = &intake.alerts[0];
//! assert_eq!(alert.key, "995f9e7d06cdb73e");
//! assert_eq!(alert.status, AlertStatus::Resolved);
//! assert_eq!(alert.values["error_rate"], 0.14);
//! assert_eq!(alert.links["runbook"], "https://wiki.example.org/errors");
//! assert_eq!(alert.ends_at, None);
//! assert_eq!(intake.warnings[0].code(), "truncated_group");
//! # Ok::<(), kentongan_ingest::IntakeError>(())
//! ```
//!
//! # In a table
//!
//! [`Columns`] says which column of a table holds what of an alert, for whoever decides alerts a table at a time.
//!
//! # The host's part
//!
//! 1. Hand over the body as received; answer the sender with success only once the alerts are in the journal.
//! 2. Apply each alert in order. A repeat or a retry is an identical body: the engine tells it by the key.
//! 3. Log the warnings. `truncated_group` means that alerts exist which nobody has seen.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod alertmanager;
mod columns;
mod decode;
mod error;
pub mod ics;
mod intake;
mod json;
pub mod limits;
mod native;
mod number;
mod policy;
mod source;

pub use columns::Columns;
pub use error::{IntakeError, Place};
pub use intake::{Intake, IntakeWarning};
pub use policy::{load_policy, policy_from_value};
pub use source::Source;

/// Reads the alerts of a payload: a webhook body, or a file of alerts.
///
/// `payload` is UTF-8 JSON of at most [`limits::PAYLOAD_BYTES_MAX`] bytes; a byte order mark is passed over. `source`
/// says who sent it; without it the payload's own marks tell: a list `alerts` beside `groupKey` or `receiver` is
/// Alertmanager's, an object with a field of [`kentongan::Alert`] is an alert. Of an array or of JSON lines, the first
/// element tells.
///
/// # Errors
///
/// All of the payload is read or none of it. The error's code says what stood in the way:
///
/// | code | when |
/// |---|---|
/// | `payload_too_large` | more bytes or values than [`limits`] allows |
/// | `not_utf8`, `not_json` | it is not text, or not JSON; a lone surrogate (`\ud800`) and an empty payload are not JSON |
/// | `too_deep` | it nests deeper than [`limits::PAYLOAD_DEPTH_MAX`] |
/// | `duplicate_key` | an object gives a key twice, and nothing says which counts |
/// | `unknown_source` | no source was named and none recognised |
/// | `unsupported_version` | the source is known and its version is not |
/// | `missing_field`, `unknown_field` | a field is required or, in the engine's own alerts, not one of theirs |
/// | `wrong_type`, `unknown_value`, `invalid_value` | a field holds what it cannot |
///
/// # Examples
///
/// Alerts of one's own, one a line:
///
/// ```
/// use kentongan_ingest::{Source, alerts_from};
///
/// let lines = b"{\"key\": \"phone-1\", \"service\": \"hotline\"}\n{\"key\": \"phone-2\", \"service\": \"hotline\"}\n";
/// let intake = alerts_from(lines, Some(Source::Native))?;
/// assert_eq!(intake.alerts.len(), 2);
/// # Ok::<(), kentongan_ingest::IntakeError>(())
/// ```
///
/// A field that does not exist is refused, with its place:
///
/// ```
/// let error = kentongan_ingest::alerts_from(br#"[{"key": "a"}, {"key": "b", "sevice": "x"}]"#, None).unwrap_err();
/// assert_eq!(error.code(), "unknown_field");
/// assert_eq!(error.to_string(), "`[1].sevice`: unknown field `sevice`");
/// ```
pub fn alerts_from(payload: &[u8], source: Option<Source>) -> Result<Intake, IntakeError> {
    let payload = json::read(payload)?;
    let source = match source {
        Some(source) => source,
        None => source::recognise(&payload)?,
    };
    match source {
        Source::Alertmanager => alertmanager::alerts(&payload),
        Source::Native => native::alerts(&payload),
    }
}
