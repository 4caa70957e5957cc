//! The tree of a document, each node with its span. YAML 1.2 with the core schema; JSON is part of it.

use super::reader::Reader;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Diagnostics, Level, Place};
use crate::limits;

/// Where a node stands in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) range: Option<Range<usize>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Sequence(Vec<Node>),
    Mapping(Vec<(Key, Node)>),
}

#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Span,
}

/// One step of the way through a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Key(String),
    Index(usize),
}

/// The way from the root to a node, written `severities.SEV-1.notify[0]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub(crate) Vec<Segment>);

impl Path {
    /// The keys on the way, from the root on; numbers of entries are left out.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Key(name) => Some(name.as_str()),
            Segment::Index(_) => None,
        })
    }

    pub(crate) fn key(&self, name: impl Into<String>) -> Self {
        self.with(Segment::Key(name.into()))
    }

    pub(crate) fn index(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(name) if position == 0 => f.write_str(name)?,
                Segment::Key(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A document as a tree that knows where each of its nodes stands.
#[derive(Debug, Clone)]
pub struct Tree {
    name: Arc<str>,
    text: Option<Arc<str>>,
    pub(crate) root: Node,
}

impl Tree {
    /// Reads YAML or JSON. `None` where the syntax is broken, with the problems in `diagnostics`.
    #[must_use]
    pub fn parse(name: &str, text: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let name: Arc<str> = name.into();
        let whole: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        if whole.len() > limits::DOCUMENT_BYTES_MAX {
            let message = format!("the document has {} bytes; {} are allowed", whole.len(), limits::DOCUMENT_BYTES_MAX);
            let place = Place { file: name.to_string(), line: 1, column: 1, path: String::new() };
            diagnostics.push(Diagnostic::new(Level::Error, "document_too_large", message, None, place));
            return None;
        }
        let root = Reader::new(&name, &whole, diagnostics).document()?;
        Some(Self { name, text: Some(whole), root })
    }

    /// A document that was never text: what a host built as JSON data.
    #[must_use]
    pub fn from_value(name: &str, value: &serde_json::Value) -> Self {
        Self { name: name.into(), text: None, root: Node::from_value(value, &mut 0) }
    }

    /// What diagnostics call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The text it was read from.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    pub(crate) fn node(&self, path: &Path) -> Option<&Node> {
        path.0.iter().try_fold(&self.root, |node, segment| node.child(segment).map(|(_, child)| child))
    }

    /// The span of the deepest part of the path that the document has. A key stands for its entry.
    pub(crate) fn span(&self, path: &Path) -> Span {
        let (mut node, mut span) = (&self.root, &self.root.span);
        for (position, segment) in path.0.iter().enumerate() {
            let Some((key, child)) = node.child(segment) else {
                break;
            };
            let last = position + 1 == path.0.len();
            let collection = matches!(child.content, Content::Mapping(_) | Content::Sequence(_));
            span = match key {
                Some(key) if !last || collection => &key.span,
                _ => &child.span,
            };
            node = child;
        }
        span.clone()
    }

    /// The same, of the key of an entry and not of what it is given.
    pub(crate) fn key_span(&self, path: &Path) -> Span {
        let key = path.0.split_last().and_then(|(last, above)| {
            let above = above.iter().try_fold(&self.root, |node, segment| node.child(segment).map(|(_, child)| child));
            above?.child(last)?.0
        });
        key.map_or_else(|| self.span(path), |key| key.span.clone())
    }

    pub(crate) fn diagnostic(
        &self,
        level: Level,
        code: &'static str,
        message: String,
        help: Option<String>,
        path: &Path,
        span: &Span,
    ) -> Diagnostic {
        let place = Place { file: self.name.to_string(), line: span.line, column: span.column, path: path.to_string() };
        let diagnostic = Diagnostic::new(level, code, message, help, place);
        match (&self.text, &span.range) {
            (Some(text), Some(range)) => diagnostic.spanning(text, range.clone()),
            _ => diagnostic,
        }
    }

    /// The document as JSON data, which is what its digest is taken over.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        self.root.to_value()
    }
}

impl Node {
    pub(crate) fn child(&self, segment: &Segment) -> Option<(Option<&Key>, &Self)> {
        match (&self.content, segment) {
            (Content::Mapping(entries), Segment::Key(name)) => {
                entries.iter().find(|(key, _)| key.name == *name).map(|(key, node)| (Some(key), node))
            }
            (Content::Sequence(items), Segment::Index(index)) => items.get(*index).map(|node| (None, node)),
            _ => None,
        }
    }

    pub(super) fn child_mut(&mut self, segment: &Segment) -> Option<&mut Self> {
        match (&mut self.content, segment) {
            (Content::Mapping(entries), Segment::Key(name)) => {
                entries.iter_mut().find(|(key, _)| key.name == *name).map(|(_, node)| node)
            }
            (Content::Sequence(items), Segment::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }

    /// Takes a place for itself and all that is in it.
    pub(super) fn stand_at(&mut self, span: &Span) {
        self.span = span.clone();
        match &mut self.content {
            Content::Sequence(items) => items.iter_mut().for_each(|item| item.stand_at(span)),
            Content::Mapping(entries) => entries.iter_mut().for_each(|(key, node)| {
                key.span = span.clone();
                node.stand_at(span);
            }),
            _ => {}
        }
    }

    /// Whether it is a mapping, and an empty one.
    pub(crate) fn is_empty_mapping(&self) -> bool {
        matches!(&self.content, Content::Mapping(entries) if entries.is_empty())
    }

    /// Whether it is a list in which no entry has such a key.
    pub(crate) fn no_entry_has(&self, key: &str) -> bool {
        let Content::Sequence(items) = &self.content else {
            return false;
        };
        let key = Segment::Key(key.to_owned());
        items.iter().all(|item| item.child(&key).is_none_or(|(_, found)| found.is_nothing()))
    }

    /// Whether it is written as nothing, `null` or an empty value.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// Takes the node at the end of a path out of the tree.
    pub(crate) fn remove(&mut self, path: &[Segment]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        match (&mut self.content, first) {
            (Content::Mapping(entries), Segment::Key(name)) => {
                let Some(position) = entries.iter().position(|(key, _)| key.name == *name) else {
                    return false;
                };
                if rest.is_empty() {
                    entries.remove(position);
                    return true;
                }
                entries.get_mut(position).is_some_and(|(_, node)| node.remove(rest))
            }
            (Content::Sequence(items), Segment::Index(index)) => {
                if rest.is_empty() && *index < items.len() {
                    items.remove(*index);
                    return true;
                }
                items.get_mut(*index).is_some_and(|node| node.remove(rest))
            }
            _ => false,
        }
    }

    pub(crate) fn describe(&self) -> String {
        match &self.content {
            Content::Null => "nothing".to_owned(),
            Content::Bool(value) => format!("the boolean `{value}`"),
            Content::Integer(value) => format!("the number `{value}`"),
            Content::Float(value) => format!("the number `{value}`"),
            Content::Text(text) => {
                format!("the text `{}`", text.chars().take(40).collect::<String>())
            }
            Content::Sequence(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
        }
    }

    /// Data has no place in a text; a number of its own still tells each node from the others.
    pub(super) fn from_value(value: &serde_json::Value, number: &mut usize) -> Self {
        use serde_json::Value;
        *number += 1;
        let span = Span { range: Some(*number..*number), ..Span::default() };
        let content = match value {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Content::Integer(integer),
                None => Content::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Content::Text(text.clone()),
            Value::Array(items) => Content::Sequence(items.iter().map(|item| Self::from_value(item, number)).collect()),
            Value::Object(entries) => Content::Mapping(
                entries
                    .iter()
                    .map(|(name, value)| {
                        (Key { name: name.clone(), span: Span::default() }, Self::from_value(value, number))
                    })
                    .collect(),
            ),
        };
        Self { span, content }
    }

    pub(super) fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Integer(value) => Value::from(*value),
            Content::Float(value) => Value::from(*value),
            Content::Text(text) => Value::String(text.clone()),
            Content::Sequence(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Content::Mapping(entries) => {
                Value::Object(entries.iter().map(|(key, node)| (key.name.clone(), node.to_value())).collect())
            }
        }
    }

    /// How many levels there are from here down, itself included.
    pub(super) fn height(&self) -> usize {
        1 + match &self.content {
            Content::Sequence(items) => items.iter().map(Self::height).max().unwrap_or(0),
            Content::Mapping(entries) => entries.iter().map(|(_, node)| node.height()).max().unwrap_or(0),
            _ => 0,
        }
    }

    pub(super) fn count(&self) -> usize {
        1 + match &self.content {
            Content::Sequence(items) => items.iter().map(Self::count).sum(),
            Content::Mapping(entries) => entries.iter().map(|(_, node)| node.count()).sum(),
            _ => 0,
        }
    }
}
