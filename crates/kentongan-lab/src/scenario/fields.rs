//! The fields that patterns may name, taken from the JSON Schema of what they compare, so that a slip in a name or a
//! value is refused instead of making "there is no such effect" true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kentongan::{Decision, Effect};
use serde_json::{Map, Value, json};

use crate::run::IncidentView;

/// What a field can hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    /// The values, where the field holds one of a few words.
    words: BTreeSet<String>,
    /// Whether it can hold something else too.
    open: bool,
    /// Whether it is an instant, which a pattern may write as an offset.
    pub(crate) instant: bool,
    /// Whether it is a mapping with keys of its own.
    free: bool,
    description: Option<String>,
}

impl Field {
    /// The words it can hold, where it holds nothing else.
    pub(crate) fn words(&self) -> Option<&BTreeSet<String>> {
        (!self.open && !self.words.is_empty()).then_some(&self.words)
    }
}

/// The fields of one kind of thing, by their path: `cause.trigger`.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    fields: BTreeMap<String, Field>,
}

/// What the frame of an expectation says instead of a field.
const FRAMED: [&str; 2] = ["at", "incident"];

impl Catalogue {
    /// The fields of an effect.
    pub(crate) fn effects() -> &'static Self {
        static FIELDS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(&schemars::schema_for!(Effect).to_value()));
        &FIELDS
    }

    /// The fields of a decision.
    pub(crate) fn decisions() -> &'static Self {
        static FIELDS: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::of(&schemars::schema_for!(Decision).to_value()));
        &FIELDS
    }

    /// The fields of an incident.
    pub(crate) fn states() -> &'static Self {
        static FIELDS: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::of(&schemars::schema_for!(IncidentView).to_value()));
        &FIELDS
    }

    fn of(schema: &Value) -> Self {
        let mut catalogue = Self::default();
        catalogue.gather(schema, schema, "", 0);
        for framed in FRAMED {
            catalogue.fields.remove(framed);
        }
        catalogue
    }

    /// The field of that name. A field below a mapping with keys of its own is one of its kind.
    pub(crate) fn field(&self, path: &str) -> Option<&Field> {
        self.fields.get(path).or_else(|| {
            let mut fields = self.fields.iter();
            fields
                .find(|(name, field)| {
                    field.free && path.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
                })
                .map(|(_, field)| field)
        })
    }

    /// Every name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// The fields as properties of a JSON Schema. A path can be written as one key, or as mappings in each other.
    pub(crate) fn schema(&self) -> Map<String, Value> {
        let mut properties = Map::new();
        for (name, field) in &self.fields {
            let mut property = Map::new();
            if let Some(description) = &field.description {
                property.insert("description".to_owned(), json!(description));
            }
            if let Some(words) = field.words() {
                property.insert("enum".to_owned(), json!(words));
            }
            properties.insert(name.clone(), Value::Object(property));
            if let Some((outer, _)) = name.split_once('.') {
                properties.insert(outer.to_owned(), json!({ "type": "object" }));
            }
        }
        properties
    }

    /// The fields whose names are not known in advance: `subject.contains`, and what stands below a free mapping.
    pub(crate) fn schema_of_families(&self) -> Map<String, Value> {
        let text = json!({ "type": "string", "description": "The field has this in it." });
        let mut families = Map::from_iter([("\\.contains$".to_owned(), text)]);
        for (name, _) in self.fields.iter().filter(|(_, field)| field.free) {
            families.insert(format!("^{}\\.", name.replace('.', "\\.")), json!({}));
        }
        families
    }

    fn gather(&mut self, root: &Value, schema: &Value, prefix: &str, depth: usize) {
        // The types at hand nest three levels deep; a type that held itself would end here.
        if depth > 12 {
            return;
        }
        if let Some(target) = reference(root, schema) {
            self.gather(root, target, prefix, depth + 1);
        }
        for branch in branches(schema) {
            self.gather(root, branch, prefix, depth + 1);
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            let before = self.fields.len();
            self.gather(root, property, &path, depth + 1);
            if self.fields.len() == before || self.fields.contains_key(&path) {
                let field = self.fields.entry(path).or_default();
                field.description = property
                    .get("description")
                    .and_then(Value::as_str)
                    .map(str::to_owned)
                    .or_else(|| field.description.take());
                describe(root, property, field, 0);
            }
        }
    }
}

/// Adds what a schema allows to a field.
fn describe(root: &Value, schema: &Value, field: &mut Field, depth: usize) {
    if depth > 12 {
        return;
    }
    let mut narrowed = false;
    if let Some(target) = reference(root, schema) {
        describe(root, target, field, depth + 1);
        narrowed = true;
    }
    for branch in branches(schema) {
        describe(root, branch, field, depth + 1);
        narrowed = true;
    }
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    for word in listed.chain(schema.get("const")) {
        narrowed = true;
        match word.as_str() {
            Some(word) => drop(field.words.insert(word.to_owned())),
            None => field.open |= !word.is_null(),
        }
    }
    field.instant |= schema.get("format").and_then(Value::as_str) == Some("date-time");
    field.free |= schema.get("additionalProperties").is_some_and(|value| value != &json!(false));
    let nothing = schema.get("type").and_then(Value::as_str) == Some("null");
    field.open |= !narrowed && !nothing;
}

fn reference<'a>(root: &'a Value, schema: &Value) -> Option<&'a Value> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)
}

fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|key| schema.get(key).and_then(Value::as_array)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_effects_are_known_with_their_words() {
        let effects = Catalogue::effects();
        let words = |name: &str| effects.field(name).expect(name).words().cloned();
        assert!(words("kind").is_some_and(|words| words.contains("no_responder")));
        assert!(words("cause.trigger").is_some_and(|words| words.contains("page_ceiling")));
        assert!(words("clock").is_some_and(|words| words.contains("acknowledge")));
        assert_eq!(words("channel"), None);
        assert!(effects.field("deadline").is_some_and(|field| field.instant));
        assert!(effects.field("chanel").is_none());
    }

    #[test]
    fn the_facts_of_a_classification_have_names_of_their_own() {
        let decisions = Catalogue::decisions();
        assert!(decisions.field("facts.alert.labels.impact").is_some());
        assert!(decisions.field("runner_up.rule").is_some());
        assert!(decisions.field("verdict").and_then(Field::words).is_some());
    }
}
