//! The codes of refusals that a scenario can expect, taken from the schema of what the engine refuses, so that a slip in one
//! is told where it stands.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kentongan::Refusal;
use kentongan::source::did_you_mean;
use serde_json::Value;

use super::pattern::Reader;

/// A report on an effect that is not there is refused before the engine hears of it.
pub(crate) const NO_SUCH_EFFECT: &str = "no_such_effect";

fn codes() -> &'static BTreeSet<String> {
    static CODES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let schema = schemars::schema_for!(Refusal).to_value();
        let variants = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let code = |variant: &Value| variant.pointer("/properties/code/const")?.as_str().map(str::to_owned);
        variants.filter_map(code).chain([NO_SUCH_EFFECT.to_owned()]).collect()
    });
    &CODES
}

/// Refuses a code that no refusal has.
pub(super) fn check(path: &str, code: &str, reader: &mut Reader<'_, '_>) {
    if !codes().contains(code) {
        let help = did_you_mean(code, codes().iter().map(String::as_str));
        let message = format!("nothing is refused as `{code}`");
        reader.findings.error(&format!("{path}.rejected"), "unknown_refusal", message, Some(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_engine() {
        for code in ["missing_actor", "unknown_incident", "internal_in_public", "unknown_id", "no_such_effect"] {
            assert!(codes().contains(code), "{code}");
        }
        assert!(codes().len() > 60, "{}", codes().len());
    }
}
