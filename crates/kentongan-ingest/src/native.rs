//! The engine's own alerts as JSON: one object, an array of them, or one a line. Strict: an unknown field is an
//! error, because what a condition cannot see would be lost without a word.

use kentongan::Alert;

use crate::decode::decode;
use crate::error::{IntakeError, Path, Place};
use crate::intake::{Intake, IntakeWarning};
use crate::json::{Json, Payload};
use crate::source::Source;

/// Reads every alert, or none: the first error stops it and names the element's index or line.
pub(crate) fn alerts(payload: &Payload<'_>) -> Result<Intake, IntakeError> {
    let mut intake = Intake::new(Source::Native);
    match payload {
        Payload::One(Json::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                let alert = decode(item).map_err(|error| error.inside_index(index))?;
                let place = Place::at_path(&Path::default().inside_index(index));
                take(&mut intake, alert, place);
            }
        }
        Payload::One(value) => take(&mut intake, decode(value)?, Place::default()),
        Payload::Lines(lines) => {
            for (number, value) in lines {
                let alert = decode(value).map_err(|error| IntakeError::from(error).on_line(*number))?;
                take(&mut intake, alert, Place::default().on_line(*number));
            }
        }
    }
    Ok(intake)
}

fn take(intake: &mut Intake, alert: Alert, place: Place) {
    if alert.key.is_empty() {
        let message = "the alert has no key; one is made of its source, service, name, labels and summary".to_owned();
        let warning = IntakeWarning::new("missing_key", message, place);
        intake.warnings.push(warning);
    }
    intake.alerts.push(alert);
}
