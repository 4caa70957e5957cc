//! What the template of a document can name, by the schema of its facts: so that a slip is found when a policy is
//! loaded, and not on the day on which the document is needed.

use minijinja::Template;
use schemars::schema_for;
use serde_json::{Map, Value, json};

use crate::policy::document::DocumentKind;
use crate::routing::{PublicFacts, TemplateError};
use crate::source::did_you_mean;

/// How deep samples go. No facts are as deep.
const DEPTH_MAX: usize = 16;

/// The fields of one kind of document.
pub(super) struct Fields {
    schema: Value,
}

/// What stands at a path.
enum Found<'s> {
    /// A field.
    Field(&'s Value),
    /// Nothing, beside these.
    Nothing(Vec<&'s str>),
    /// It cannot be told before there are facts.
    Unsaid,
}

impl Fields {
    pub(super) fn of(kind: DocumentKind) -> Self {
        let schema = match kind {
            DocumentKind::Topic | DocumentKind::StatusUpdate => schema_for!(super::incident::IncidentFacts),
            DocumentKind::PublicUpdate => schema_for!(PublicFacts<'static>),
            DocumentKind::Handoff => schema_for!(super::handoff::HandoffFacts),
            DocumentKind::Postmortem => schema_for!(super::postmortem::Facts),
            DocumentKind::Monthly => schema_for!(super::periodic::MonthlyFacts<'static>),
            DocumentKind::Quarterly => schema_for!(super::periodic::QuarterlyFacts<'static>),
        };
        Self { schema: schema.to_value() }
    }

    /// Facts of which all are there, and facts of which as few are as can be.
    pub(super) fn samples(&self) -> [Value; 2] {
        [true, false].map(|full| self.sample(&self.schema, full, 0))
    }

    /// Refuses a template that names what there is not, also where it would name it only now and then.
    pub(super) fn knows_all(
        &self,
        template: &Template<'_, '_>,
        globals: &[&str],
        source: &str,
    ) -> Result<(), TemplateError> {
        let mut asked: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        asked.sort_unstable();
        for path in asked {
            if path.split('.').next().is_some_and(|first| globals.contains(&first)) {
                continue;
            }
            let mut at = &self.schema;
            for name in path.split('.') {
                match self.field(at, name) {
                    Found::Field(found) => at = found,
                    Found::Unsaid => break,
                    Found::Nothing(known) => {
                        let (line, column) = place(source, name);
                        let message = format!("there is no field `{path}` here");
                        let help = did_you_mean(name, known);
                        return Err(TemplateError { message, help, line, column: Some(column) });
                    }
                }
            }
        }
        Ok(())
    }

    /// Says of an error what was meant, where the name that is undefined is close to one that there is.
    pub(super) fn explained(&self, mut error: TemplateError) -> TemplateError {
        let undefined = error.message.split('`').nth(1).and_then(|path| path.rsplit('.').next());
        if error.message.contains("is undefined")
            && let Some(name) = undefined
        {
            let mut names = Vec::new();
            collect(&self.schema, &mut names);
            if let Some(near) = crate::source::nearest(name, names) {
                error.help = format!("did you mean `{near}`?");
            }
        }
        error
    }

    fn resolved<'s>(&'s self, mut schema: &'s Value) -> &'s Value {
        for _ in 0..DEPTH_MAX {
            let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) else {
                break;
            };
            match self.schema.get("$defs").and_then(|definitions| definitions.get(name)) {
                Some(definition) => schema = definition,
                None => break,
            }
        }
        schema
    }

    /// What it may be besides null.
    fn choices<'s>(&'s self, schema: &'s Value) -> Vec<&'s Value> {
        let schema = self.resolved(schema);
        let choices = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array());
        let Some(choices) = choices else {
            return vec![schema];
        };
        let is_null = |choice: &&Value| choice.get("type").and_then(Value::as_str) == Some("null");
        choices.iter().filter(|choice| !is_null(choice)).map(|choice| self.resolved(choice)).collect()
    }

    fn field<'s>(&'s self, schema: &'s Value, name: &str) -> Found<'s> {
        let [schema] = self.choices(schema)[..] else {
            return Found::Unsaid;
        };
        let Some(fields) = schema.get("properties").and_then(Value::as_object) else {
            return Found::Unsaid;
        };
        match fields.get(name) {
            Some(field) => Found::Field(field),
            None => Found::Nothing(fields.keys().map(String::as_str).collect()),
        }
    }

    fn sample(&self, schema: &Value, full: bool, depth: usize) -> Value {
        let nullable = |schema: &Value| {
            let types = schema.get("type").and_then(Value::as_array);
            let choices = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array());
            types.is_some_and(|types| types.contains(&json!("null")))
                || choices.is_some_and(|choices| choices.iter().any(|it| it.get("type") == Some(&json!("null"))))
        };
        if depth > DEPTH_MAX || (!full && nullable(self.resolved(schema))) {
            return Value::Null;
        }
        let Some(schema) = self.choices(schema).first().copied() else {
            return Value::Null;
        };
        if let Some(one) = schema.get("const") {
            return one.clone();
        }
        if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
            return first.clone();
        }
        let kind = schema.get("type");
        let kind = kind
            .and_then(Value::as_str)
            .or_else(|| kind.and_then(Value::as_array)?.iter().filter_map(Value::as_str).find(|kind| *kind != "null"));
        let below = |schema: &Value| self.sample(schema, full, depth + 1);
        match kind {
            Some("object") => {
                let fields = schema.get("properties").and_then(Value::as_object);
                let mut object: Map<String, Value> =
                    fields.into_iter().flatten().map(|(name, field)| (name.clone(), below(field))).collect();
                if let Some(any) = schema.get("additionalProperties").filter(|any| full && any.is_object()) {
                    object.insert("x".to_owned(), below(any));
                }
                Value::Object(object)
            }
            Some("array") => schema.get("items").filter(|_| full).map_or(json!([]), |items| json!([below(items)])),
            Some("string") if full && schema.get("format") == Some(&json!("date-time")) => {
                json!("2026-11-24T03:00:00Z")
            }
            Some("string") => json!(if full { "x" } else { "" }),
            Some("integer") => json!(i64::from(full)),
            Some("number") => json!(if full { 1.5 } else { 0.0 }),
            Some("boolean") => json!(full),
            _ => Value::Null,
        }
    }

    /// The names of the fields at the top.
    #[cfg(test)]
    fn names(&self) -> Vec<&str> {
        self.schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// Every name of a field that a schema has anywhere.
fn collect<'s>(schema: &'s Value, names: &mut Vec<&'s str>) {
    match schema {
        Value::Object(parts) => {
            let fields = parts.get("properties").and_then(Value::as_object);
            names.extend(fields.into_iter().flatten().map(|(name, _)| name.as_str()));
            parts.values().for_each(|part| collect(part, names));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, names)),
        _ => {}
    }
}

/// The line and the column at which a name stands first, as a word of its own.
fn place(source: &str, name: &str) -> (usize, usize) {
    let of_word = |c: char| c.is_alphanumeric() || c == '_';
    for (line, text) in source.lines().enumerate() {
        for (at, _) in text.match_indices(name) {
            let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            let after = rest.strip_prefix(name).unwrap_or_default();
            if !before.ends_with(of_word) && !after.starts_with(of_word) {
                return (line + 1, before.chars().count() + 1);
            }
        }
    }
    (1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::documents::{Documents, built_in};

    #[test]
    fn what_comes_with_the_library_names_only_what_there_is() {
        for kind in DocumentKind::ALL {
            if let Err(error) = Documents::default().replace(kind, built_in(kind)) {
                panic!("{kind}: {error:?}");
            }
        }
    }

    #[test]
    fn the_documentation_lists_what_a_document_can_name() {
        let documentation = include_str!("../policy/document/mod.rs");
        for kind in DocumentKind::ALL {
            let row = documentation.lines().find(|line| line.starts_with(&format!("//! | `{kind}`")));
            let row = row.unwrap_or_else(|| panic!("`{kind}` has a row"));
            for name in Fields::of(kind).names() {
                assert!(row.contains(&format!("`{name}`")), "the row of `{kind}` lacks `{name}`");
            }
        }
    }

    #[test]
    fn a_slip_is_found_wherever_it_stands() {
        for (kind, template, message, help, line, column) in [
            (DocumentKind::Topic, "\n{% if by %}{% endif %}", "there is no field `by` here", "known are", 2, 7),
            (
                DocumentKind::Topic,
                "{% if channel %}{{ titel }}{% endif %}",
                "there is no field `titel` here",
                "did you mean `title`?",
                1,
                20,
            ),
            (
                DocumentKind::Monthly,
                "{{ metrics.totl }}",
                "there is no field `metrics.totl` here",
                "did you mean `total`?",
                1,
                12,
            ),
            (
                DocumentKind::Postmortem,
                "{% for it in actions %}\n{{ it.ownr }}{% endfor %}",
                "undefined value: `it.ownr` is undefined",
                "did you mean `owner`?",
                2,
                4,
            ),
        ] {
            let error = Documents::default().replace(kind, template).expect_err("it is refused");
            assert_eq!(error.message, message);
            assert!(error.help.starts_with(help), "{error:?}");
            assert_eq!((error.line, error.column), (line, Some(column)), "{error:?}");
        }
    }
}
