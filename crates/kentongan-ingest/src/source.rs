//! Who can have sent a payload, and how to tell from the payload alone.

use std::fmt;
use std::str::FromStr;

use kentongan::Alert;
use serde::Serialize;

use crate::decode::decode;
use crate::error::{IntakeError, excerpt};
use crate::json::{Json, Payload};

/// The senders whose payloads are read. More come with later versions.
///
/// ```
/// use kentongan_ingest::Source;
///
/// assert_eq!("alertmanager".parse(), Ok(Source::Alertmanager));
/// assert_eq!(Source::Native.to_string(), "alert");
/// assert_eq!("smoke".parse::<Source>().unwrap_err().code(), "unknown_source");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub enum Source {
    /// `alertmanager`: the webhook of Prometheus Alertmanager, version 4.
    #[serde(rename = "alertmanager")]
    Alertmanager,
    /// `alert`: the engine's own [`Alert`] as JSON: one object, an array of them, or JSON lines.
    #[serde(rename = "alert")]
    Native,
}

impl Source {
    /// Every source, in the order in which help texts list them.
    pub const ALL: &'static [Self] = &[Self::Alertmanager, Self::Native];

    const fn name(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Native => "alert",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Source {
    type Err = IntakeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|source| source.name() == text);
        known.copied().ok_or_else(|| {
            let message = format!("`{}` is not a source", excerpt(text));
            IntakeError::new("unknown_source", message).with_help(known_sources())
        })
    }
}

fn known_sources() -> String {
    let names: Vec<&str> = Source::ALL.iter().map(|source| source.name()).collect();
    format!("known are `{}`", names.join("`, `"))
}

/// Fields by which other senders' payloads are known, for the sake of a better refusal.
const VENDOR_MARKS: &[(&str, &str)] = &[
    ("routing_key", "PagerDuty"),
    ("event_action", "PagerDuty"),
    ("alias", "Opsgenie"),
    ("responders", "Opsgenie"),
    ("attachments", "Slack"),
    ("specversion", "CloudEvents"),
    ("TopicArn", "Amazon SNS"),
    ("AlarmName", "CloudWatch"),
    ("culprit", "Sentry"),
];

/// Tells who sent a payload: by its own marks, never by a guess. Of a list or of lines, the first counts.
pub(crate) fn recognise(payload: &Payload<'_>) -> Result<Source, IntakeError> {
    let first = match payload {
        Payload::One(Json::List(items)) => items.first(),
        Payload::One(value) => Some(value),
        Payload::Lines(lines) => lines.first().map(|(_, value)| value),
    };
    let Some(object @ Json::Object(members)) = first else {
        return Err(unrecognised("the payload holds no object to recognise"));
    };
    let has = |key: &str| object.member(key).is_some();
    if matches!(object.member("alerts"), Some(Json::List(_))) && (has("groupKey") || has("receiver")) {
        return Ok(Source::Alertmanager);
    }
    if let Some((_, vendor)) = VENDOR_MARKS.iter().find(|(mark, _)| has(mark)) {
        let message = format!("the payload looks like one of {vendor}, which is not read yet");
        return Err(IntakeError::new("unknown_source", message).with_help(known_sources()));
    }
    if members.iter().any(|(key, _)| is_alert_field(key)) {
        return Ok(Source::Native);
    }
    Err(unrecognised("the payload is of no known source"))
}

/// Asked of the type itself, so that no second list of its fields is kept.
fn is_alert_field(key: &str) -> bool {
    let probe = Json::Object(vec![(key.into(), Json::Null)]);
    match decode::<Alert>(&probe) {
        Ok(_) => true,
        Err(error) => error.code() != "unknown_field",
    }
}

fn unrecognised(message: &str) -> IntakeError {
    IntakeError::new("unknown_source", message.to_owned()).with_help(format!("name the source; {}", known_sources()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_reads_as_it_prints_and_serialises() {
        for source in Source::ALL {
            assert_eq!(source.to_string().parse(), Ok(*source));
            assert_eq!(serde_json::to_value(source).unwrap(), serde_json::json!(source.to_string()));
        }
        assert_eq!(format!("{:>6}", Source::Native), " alert");
    }

    #[test]
    fn a_payload_is_told_by_its_own_marks() {
        for (text, told) in [
            (r#"{"alerts":[],"groupKey":"{}:{}"}"#, Ok("alertmanager")),
            (r#"{"alerts":[],"receiver":"kentongan"}"#, Ok("alertmanager")),
            (r#"{"alerts":[]}"#, Err("the payload is of no known source")),
            (r#"{"alerts":{},"receiver":"x"}"#, Err("the payload is of no known source")),
            (r#"{"key":"a"}"#, Ok("alert")),
            (r#"{"values":{},"more":1}"#, Ok("alert")),
            (r#"[{"key":"a"},5]"#, Ok("alert")),
            ("{\"key\":\"a\"}\n{}", Ok("alert")),
            ("[]", Err("the payload holds no object to recognise")),
            ("{}", Err("the payload is of no known source")),
            ("5", Err("the payload holds no object to recognise")),
            (
                r#"{"summary":"x","routing_key":"r"}"#,
                Err("the payload looks like one of PagerDuty, which is not read yet"),
            ),
        ] {
            let payload = crate::json::read(text.as_bytes()).unwrap();
            let source = recognise(&payload);
            let source = source.map(|source| source.to_string());
            let source = source.as_deref().map_err(IntakeError::message);
            assert_eq!(source, told, "{text}");
        }
    }
}
