//! Bodies in Alertmanager's shape, cut to what a test is about, and what is said of them.
#![allow(dead_code, reason = "each test file is a program of its own and uses a part")]

use kentongan_ingest::{Intake, Source, alerts_from};

/// The least that one alert holds.
pub(crate) const MINIMAL: &str = r#""status":"firing","labels":{"alertname":"A"},"fingerprint":"f""#;

/// A body of one alert with these fields.
pub(crate) fn body(fields: &str) -> String {
    format!(r#"{{"version":"4","groupKey":"{{}}:{{}}","alerts":[{{{fields}}}]}}"#)
}

/// What becomes of a body that is in order.
pub(crate) fn intake(text: &str) -> Intake {
    alerts_from(text.as_bytes(), Some(Source::Alertmanager)).unwrap()
}

/// Everything said about a payload: its warnings one a line, or its error, which says what to do.
pub(crate) fn said(payload: &[u8], source: Option<Source>) -> String {
    match alerts_from(payload, source) {
        Ok(intake) => {
            let warnings = intake.warnings.iter();
            let lines: Vec<String> = warnings.map(|warning| format!("{}: {warning}", warning.code())).collect();
            lines.join("\n")
        }
        Err(error) => {
            assert!(error.help().is_some_and(|help| !help.is_empty()), "no remedy: {error}");
            format!("{}: {error}", error.code())
        }
    }
}
