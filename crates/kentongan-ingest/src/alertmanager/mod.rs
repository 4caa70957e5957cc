//! The webhook of Prometheus Alertmanager, version 4.
//!
//! What its bodies hold that is easily read wrong:
//!
//! - The group's `status` stays `firing` while single alerts resolve. Each alert's own `status` counts.
//! - An alert without an end has `endsAt` in the year 1, Go's zero time. It means none.
//! - There is no delivery identifier: repeats and retries are identical bodies. `fingerprint` names the alert and
//!   becomes its key; `startsAt` names no episode, for a client may send an old one again after a resolve.
//! - `truncatedAlerts` above zero says that alerts are missing from the body.
//! - Labels and annotations are text, numbers included.

mod fingerprint;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Utc};
use kentongan::limits::YEARS;
use kentongan::{Alert, AlertStatus, Timestamp};
use serde::Deserialize;

use crate::decode::decode;
use crate::error::{IntakeError, Path, Place, excerpt};
use crate::intake::{Intake, IntakeWarning};
use crate::json::{Json, Payload};
use crate::number::decimal;
use crate::source::Source;
use fingerprint::fingerprint;

const VERSION: &str = "4";

/// Read before everything else: another version may have any other shape.
#[derive(Deserialize)]
struct Envelope {
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    alerts: Vec<Sent>,
    #[serde(default)]
    truncated_alerts: u64,
}

/// One alert as sent; its instants are read apart, since they are dropped where they cannot be read.
#[derive(Deserialize)]
struct Sent {
    status: AlertStatus,
    labels: BTreeMap<String, String>,
    annotations: Option<BTreeMap<String, String>>,
    #[serde(rename = "generatorURL")]
    generator_url: Option<String>,
    fingerprint: Option<String>,
}

/// Reads every alert of a group, or none.
pub(crate) fn alerts(payload: &Payload<'_>) -> Result<Intake, IntakeError> {
    let Payload::One(group) = payload else {
        let message = "expected one object, found JSON lines".to_owned();
        return Err(IntakeError::new("wrong_type", message).with_help("hand over one webhook body at a time"));
    };
    let Envelope { version } = decode(group)?;
    if version != VERSION {
        let place = Place::at_path(&Path::default().inside_key("version"));
        let message = format!("version `{}` is not supported", excerpt(&version));
        return Err(IntakeError::new("unsupported_version", message)
            .at(place)
            .with_help(format!("supported is version `{VERSION}`, the webhook of Alertmanager")));
    }
    let Group { alerts, truncated_alerts } = decode(group)?;

    let mut intake = Intake::new(Source::Alertmanager);
    if truncated_alerts > 0 {
        intake.warnings.push(truncated(truncated_alerts));
    }
    let written = match group.member("alerts") {
        Some(Json::List(items)) => items.as_slice(),
        _ => &[],
    };
    for (index, (sent, written)) in alerts.into_iter().zip(written).enumerate() {
        let mut alert = normalise(sent);
        let mut warn = |code, message, key| {
            let place = Place::at_path(&field(index, key));
            intake.warnings.push(IntakeWarning::new(code, message, place));
        };
        if alert.key.is_empty() {
            alert.key = fingerprint(&alert.labels);
            let message = format!("the alert has no fingerprint; its key `{}` is computed from its labels", alert.key);
            warn("missing_fingerprint", message, "fingerprint");
        }
        let mut read = |key| {
            instant(written.member(key)).unwrap_or_else(|message| {
                warn("invalid_instant", message, key);
                None
            })
        };
        alert.starts_at = read("startsAt");
        alert.ends_at = read("endsAt");
        intake.alerts.push(alert);
    }
    Ok(intake)
}

fn field(index: usize, key: &str) -> Path {
    Path::default().inside_key(key).inside_index(index).inside_key("alerts")
}

fn truncated(count: u64) -> IntakeWarning {
    let missing = match count {
        1 => "1 alert is".to_owned(),
        count => format!("{count} alerts are"),
    };
    IntakeWarning::new(
        "truncated_group",
        format!("{missing} missing from this group; raise `max_alerts` of the webhook receiver"),
        Place::at_path(&Path::default().inside_key("truncatedAlerts")),
    )
}

/// The alert in the engine's shape, without its instants. Texts stay as they were sent.
fn normalise(sent: Sent) -> Alert {
    let labels = sent.labels;
    let annotations = sent.annotations.unwrap_or_default();
    let label = |name: &str| labels.get(name).filter(|text| !text.is_empty()).cloned();
    let annotation = |name: &str| annotations.get(name).cloned().unwrap_or_default();
    Alert {
        key: sent.fingerprint.unwrap_or_default(),
        status: sent.status,
        source: Source::Alertmanager.to_string(),
        service: label("service"),
        name: label("alertname").unwrap_or_default(),
        summary: annotation("summary"),
        description: annotation("description"),
        values: values(&labels, &annotations),
        links: links(sent.generator_url, &annotations),
        starts_at: None,
        ends_at: None,
        labels,
        annotations,
    }
}

/// Every label and annotation that is a number; of two with one name, the annotation's counts, for it describes this
/// firing and the label the series.
fn values(labels: &BTreeMap<String, String>, annotations: &BTreeMap<String, String>) -> BTreeMap<String, f64> {
    labels
        .iter()
        .chain(annotations)
        .filter_map(|(name, text)| decimal(text).map(|number| (name.clone(), number)))
        .collect()
}

/// The expression's graph, and `runbook_url` as `runbook`, whatever the name before `_url`.
fn links(generator_url: Option<String>, annotations: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let graph = generator_url.map(|url| ("graph".to_owned(), url));
    let written = annotations.iter().filter_map(|(name, url)| {
        let name = name.strip_suffix("_url")?;
        Some((name.to_owned(), url.clone()))
    });
    graph.into_iter().chain(written).filter(|(name, url)| !name.is_empty() && !url.trim().is_empty()).collect()
}

/// The instant that stands in a field; none where it is absent or Go's zero time, a message where it cannot be used.
fn instant(written: Option<&Json<'_>>) -> Result<Option<Timestamp>, String> {
    let text = match written {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Text(text)) => text,
        Some(other) => {
            return Err(format!("expected an instant, found {}; it is dropped", other.describe()));
        }
    };
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|_| format!("`{}` is not an RFC 3339 instant; it is dropped", excerpt(text)))?
        .with_timezone(&Utc);
    match at.year() {
        ..=1 => Ok(None),
        year if YEARS.contains(&year) => Ok(Some(at)),
        _ => {
            Err(format!("`{}` is outside the years {} to {}; it is dropped", excerpt(text), YEARS.start(), YEARS.end()))
        }
    }
}
