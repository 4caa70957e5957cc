//! Documents that people write, YAML or JSON: read once into a tree that remembers where everything stands, then
//! decoded through serde. Every problem is found in one pass over the document and reported with its place.

mod decode;
mod deserializer;
mod diagnostic;
mod findings;
mod lines;
mod reader;
mod rewrite;
mod tree;

pub use diagnostic::{Diagnostic, Diagnostics, Level, Place, did_you_mean, nearest};
pub use findings::Findings;
pub use lines::Lines;
pub(crate) use reader::in_backticks;
pub use rewrite::Replacement;
pub(crate) use tree::Node;
pub use tree::{Path, Tree};

use serde::de::DeserializeOwned;

/// Reads a document of type `T` from YAML or JSON text.
///
/// `name` is what diagnostics call the file.
///
/// # Errors
///
/// Everything wrong with it at once: syntax, unknown and missing fields, wrong types.
pub fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let decoded = Tree::parse(name, text, &mut diagnostics).and_then(|tree| tree.decode(&mut diagnostics));
    match decoded {
        Some((document, _)) if !diagnostics.has_errors() => Ok(document),
        _ => Err(diagnostics),
    }
}

/// Reads a document of type `T` from YAML or JSON text and checks what it means.
///
/// `check` makes of the document what it stands for, and reports what is wrong with it to its [`Findings`]. It sees a
/// document without the parts whose shape is wrong, so that everything is found at once.
///
/// # Errors
///
/// Everything wrong with the shape, and everything that the check has found.
pub fn read_checked<T: DeserializeOwned, R>(
    name: &str,
    text: &str,
    check: impl FnOnce(T, &mut Findings<'_>) -> Option<R>,
) -> Result<R, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(tree) = Tree::parse(name, text, &mut diagnostics) else {
        return Err(diagnostics);
    };
    let Some((document, decoded)) = tree.decode(&mut diagnostics) else {
        return Err(diagnostics);
    };
    let mut findings = Findings { written: &tree, decoded: &decoded, diagnostics: &mut diagnostics };
    let checked = check(document, &mut findings);
    diagnostics.sort();
    match checked {
        Some(result) if !diagnostics.has_errors() => Ok(result),
        _ => Err(diagnostics),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_told_where_it_stands() {
        for (text, place) in [
            ("policy: shop\n\ttimezone: Asia/Jakarta\n", "2:1"),
            ("policy: shop\npeople:\n  ana:\n  \tname: Ana\n", "4:3"),
        ] {
            let problems = read::<serde_json::Value>("policy.yaml", text).expect_err("tabs do not indent");
            assert!(problems.to_string().starts_with(&format!("policy.yaml:{place}: ")), "{problems}");
        }
    }

    #[test]
    fn a_check_reports_where_the_part_at_fault_stands() {
        let text = "list:
  - { a: 1 }
  - { a: 2, b.c: 3 }
";
        let outcome = read_checked("own.yaml", text, |value: serde_json::Value, findings| {
            findings.error("list[1].a", "odd", "it is even".to_owned(), None);
            findings.error("list[1].missing", "odd", "it is not there".to_owned(), None);
            assert_eq!(findings.place("list[0].a").to_string(), "own.yaml:2:10");
            Some(value)
        });
        let problems = outcome.expect_err("two errors were reported");
        let places: Vec<String> = problems.iter().map(|d| d.place().to_string()).collect();
        assert_eq!(places, ["own.yaml:3:5", "own.yaml:3:10"], "in the order of the document");
    }
}
