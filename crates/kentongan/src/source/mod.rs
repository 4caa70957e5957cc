//! Documents that people write, YAML or JSON: read once into a tree that remembers where everything stands, then
//! decoded through serde. Every problem is found in one pass over the document and reported with its place.

mod decode;
mod diagnostic;
mod tree;

pub use diagnostic::{Diagnostic, Diagnostics, Level, Place};
pub(crate) use diagnostic::{did_you_mean, nearest};
pub use tree::Tree;
pub(crate) use tree::{Node, Path, in_backticks};

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
    let decoded =
        Tree::parse(name, text, &mut diagnostics).and_then(|tree| tree.decode(&mut diagnostics));
    match decoded {
        Some((document, _)) if !diagnostics.has_errors() => Ok(document),
        _ => Err(diagnostics),
    }
}
