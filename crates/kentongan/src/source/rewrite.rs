//! What a document names and somebody else reads, put in its place before the document is decoded.

use serde_json::Value;

use super::diagnostic::{Diagnostic, Level};
use super::tree::{Content, Node, Path, Segment, Tree};

/// What is put in place of a part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Replacement {
    /// One part.
    One(Value),
    /// Any number of entries, where the part is an entry of a list.
    Entries(Vec<Value>),
}

impl Tree {
    /// The ways to all mappings that have a key, the last of the document first, so that putting something in place of
    /// one does not move those that follow.
    ///
    /// ```
    /// use kentongan::source::{Diagnostics, Replacement, Tree};
    /// use serde_json::json;
    ///
    /// let text = "days: [ { file: a.ics }, 2026-12-25 ]";
    /// let mut tree = Tree::parse("own.yaml", text, &mut Diagnostics::default()).ok_or("it is YAML")?;
    /// for path in tree.mappings_with("file") {
    ///     assert_eq!(path.to_string(), "days[0]");
    ///     tree.replace(&path, Replacement::Entries(vec![json!("2026-01-01"), json!("2026-05-01")]));
    /// }
    /// assert_eq!(tree.to_value(), json!({ "days": ["2026-01-01", "2026-05-01", "2026-12-25"] }));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn mappings_with(&self, key: &str) -> Vec<Path> {
        let mut found = Vec::new();
        gather(&self.root, &Path::default(), key, &mut found);
        found.reverse();
        found
    }

    /// The part at the end of a way, as JSON data.
    #[must_use]
    pub fn value_at(&self, path: &Path) -> Option<Value> {
        self.node(path).map(Node::to_value)
    }

    /// Puts something in place of a part. For diagnostics it stands where that part stood. A way that leads nowhere
    /// changes nothing.
    pub fn replace(&mut self, path: &Path, replacement: Replacement) {
        let Some((last, parents)) = path.0.split_last() else {
            return;
        };
        let Some(parent) = parents.iter().try_fold(&mut self.root, |node, segment| node.child_mut(segment)) else {
            return;
        };
        let Some(span) = parent.child(last).map(|(_, node)| node.span.clone()) else {
            return;
        };
        let placed = |value: &Value| {
            let mut node = Node::from_value(value, &mut 0);
            node.stand_at(&span);
            node
        };
        match (replacement, &mut parent.content, last) {
            (Replacement::Entries(values), Content::Sequence(items), Segment::Index(index)) if *index < items.len() => {
                items.splice(*index..=*index, values.iter().map(placed));
            }
            (Replacement::Entries(values), _, _) => {
                if let Some(node) = parent.child_mut(last) {
                    *node = placed(&Value::Array(values));
                }
            }
            (Replacement::One(value), _, _) => {
                if let Some(node) = parent.child_mut(last) {
                    *node = placed(&value);
                }
            }
        }
    }

    /// An error about a part, where it stands. `code` is the stable name of this kind of problem; `message` says what is
    /// wrong, in lower case and without a full stop; `help` says what to do about it.
    #[must_use]
    pub fn error(&self, path: &Path, code: &'static str, message: String, help: Option<String>) -> Diagnostic {
        self.diagnostic(Level::Error, code, message, help, path, &self.span(path))
    }
}

fn gather(node: &Node, path: &Path, key: &str, found: &mut Vec<Path>) {
    match &node.content {
        Content::Mapping(entries) => {
            if entries.iter().any(|(name, _)| name.name == key) {
                found.push(path.clone());
            }
            for (name, child) in entries {
                gather(child, &path.key(&name.name), key, found);
            }
        }
        Content::Sequence(items) => {
            for (index, child) in items.iter().enumerate() {
                gather(child, &path.index(index), key, found);
            }
        }
        _ => {}
    }
}
