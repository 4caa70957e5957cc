//! The tree of a document, each node with its span. YAML 1.2 with the core schema; JSON is part of it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

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
pub(crate) struct Path(pub(crate) Vec<Segment>);

impl Path {
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
            let message = format!(
                "the document has {} bytes; {} are allowed",
                whole.len(),
                limits::DOCUMENT_BYTES_MAX
            );
            let place = Place {
                file: name.to_string(),
                line: 1,
                column: 1,
                path: String::new(),
            };
            diagnostics.push(Diagnostic::new(
                Level::Error,
                "document_too_large",
                message,
                None,
                place,
            ));
            return None;
        }
        let mut reader = Reader {
            name: &name,
            text: &whole,
            diagnostics,
            anchors: BTreeMap::new(),
            nodes: 0,
        };
        let root = reader.document()?;
        Some(Self {
            name,
            text: Some(whole),
            root,
        })
    }

    /// A document that was never text: what a host built as JSON data.
    #[must_use]
    pub fn from_value(name: &str, value: &serde_json::Value) -> Self {
        Self {
            name: name.into(),
            text: None,
            root: Node::from_value(value, &mut 0),
        }
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
        path.0.iter().try_fold(&self.root, |node, segment| {
            node.child(segment).map(|(_, child)| child)
        })
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

    pub(crate) fn diagnostic(
        &self,
        level: Level,
        code: &'static str,
        message: String,
        help: Option<String>,
        path: &Path,
        span: &Span,
    ) -> Diagnostic {
        let place = Place {
            file: self.name.to_string(),
            line: span.line,
            column: span.column,
            path: path.to_string(),
        };
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
            (Content::Mapping(entries), Segment::Key(name)) => entries
                .iter()
                .find(|(key, _)| key.name == *name)
                .map(|(key, node)| (Some(key), node)),
            (Content::Sequence(items), Segment::Index(index)) => {
                items.get(*index).map(|node| (None, node))
            }
            _ => None,
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
        items.iter().all(|item| item.child(&key).is_none())
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
                entries
                    .get_mut(position)
                    .is_some_and(|(_, node)| node.remove(rest))
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
    fn from_value(value: &serde_json::Value, number: &mut usize) -> Self {
        use serde_json::Value;
        *number += 1;
        let span = Span {
            range: Some(*number..*number),
            ..Span::default()
        };
        let content = match value {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(*value),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Content::Integer(integer),
                None => Content::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Content::Text(text.clone()),
            Value::Array(items) => Content::Sequence(
                items
                    .iter()
                    .map(|item| Self::from_value(item, number))
                    .collect(),
            ),
            Value::Object(entries) => Content::Mapping(
                entries
                    .iter()
                    .map(|(name, value)| {
                        (
                            Key {
                                name: name.clone(),
                                span: Span::default(),
                            },
                            Self::from_value(value, number),
                        )
                    })
                    .collect(),
            ),
        };
        Self { span, content }
    }

    fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Integer(value) => Value::from(*value),
            Content::Float(value) => Value::from(*value),
            Content::Text(text) => Value::String(text.clone()),
            Content::Sequence(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Content::Mapping(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, node)| (key.name.clone(), node.to_value()))
                    .collect(),
            ),
        }
    }

    /// How many levels there are from here down, itself included.
    fn height(&self) -> usize {
        1 + match &self.content {
            Content::Sequence(items) => items.iter().map(Self::height).max().unwrap_or(0),
            Content::Mapping(entries) => entries
                .iter()
                .map(|(_, node)| node.height())
                .max()
                .unwrap_or(0),
            _ => 0,
        }
    }

    fn count(&self) -> usize {
        1 + match &self.content {
            Content::Sequence(items) => items.iter().map(Self::count).sum(),
            Content::Mapping(entries) => entries.iter().map(|(_, node)| node.count()).sum(),
            _ => 0,
        }
    }
}

/// An open collection while its children are read.
enum Open {
    Sequence(Span, usize, Vec<Node>),
    Mapping(Span, usize, Entries),
}

/// The entries of an open mapping.
#[derive(Default)]
struct Entries {
    list: Vec<(Key, Node)>,
    /// The key whose value comes next.
    pending: Option<Pending>,
    /// Each name with the line on which it first stands.
    lines: BTreeMap<String, usize>,
}

enum Pending {
    Value(Key),
    /// The value of a key that was refused, such as one defined twice: the first one stands, and is checked once.
    Dropped,
}

/// A node that aliases can repeat, and what each repetition costs.
struct Anchored {
    node: Node,
    count: usize,
    height: usize,
}

struct Reader<'a> {
    name: &'a str,
    text: &'a Arc<str>,
    diagnostics: &'a mut Diagnostics,
    anchors: BTreeMap<usize, Anchored>,
    nodes: usize,
}

impl Reader<'_> {
    fn report(&mut self, code: &'static str, message: String, help: Option<&str>, span: &Span) {
        let place = Place {
            file: self.name.to_owned(),
            line: span.line,
            column: span.column,
            path: String::new(),
        };
        let range = span.range.clone().unwrap_or_default();
        let diagnostic =
            Diagnostic::new(Level::Error, code, message, help.map(str::to_owned), place);
        self.diagnostics.push(diagnostic.spanning(self.text, range));
    }

    /// Reads the one document there is. An explicit stack, so that depth costs no call stack.
    fn document(&mut self) -> Option<Node> {
        let text = Arc::clone(self.text);
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        for step in Parser::new_from_str(&text) {
            let (event, place) = match step {
                Ok(step) => step,
                Err(error) => {
                    let marker = error.marker();
                    let at = marker.byte_offset().unwrap_or(0).min(text.len());
                    let span = Span {
                        line: marker.line(),
                        column: marker.col() + 1,
                        range: Some(at..at),
                    };
                    // The parser keeps a bound of its own on what nests in brackets.
                    if error.info().starts_with("recursion limit") {
                        self.too_deep(&span);
                    } else {
                        let help = Some("the document must be YAML 1.2 or JSON");
                        self.report("syntax", in_backticks(&error.info()), help, &span);
                    }
                    return None;
                }
            };
            let span = Span {
                line: place.start.line(),
                column: place.start.col() + 1,
                range: place.byte_range(),
            };
            let tag = event.tag().is_some_and(|tag| !tag.is_yaml_core_schema());
            if tag {
                self.report(
                    "unsupported_tag",
                    "a tag has no meaning here".to_owned(),
                    Some("remove the `!…`"),
                    &self.tag_before(&span),
                );
            }
            let finished = match event {
                Event::Scalar(text, style, anchor, _) => {
                    let content = if style == ScalarStyle::Plain {
                        plain(&text)
                    } else {
                        Content::Text(text.into_owned())
                    };
                    Some((Node { span, content }, anchor))
                }
                Event::SequenceStart(_, anchor, _) => {
                    open.push(Open::Sequence(span, anchor, Vec::new()));
                    None
                }
                Event::MappingStart(_, anchor, _) => {
                    open.push(Open::Mapping(span, anchor, Entries::default()));
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    open.pop().map(|collection| match collection {
                        Open::Sequence(span, anchor, items) => (
                            Node {
                                span,
                                content: Content::Sequence(items),
                            },
                            anchor,
                        ),
                        Open::Mapping(span, anchor, entries) => (
                            Node {
                                span,
                                content: Content::Mapping(entries.list),
                            },
                            anchor,
                        ),
                    })
                }
                Event::Alias(anchor) => {
                    let Some(anchored) = self.anchors.get(&anchor) else {
                        self.report(
                            "syntax",
                            "an alias refers to itself".to_owned(),
                            Some("write out what it stands for"),
                            &span,
                        );
                        return None;
                    };
                    // What an alias brings in counts as if it were written out, before it is copied.
                    self.nodes += anchored.count;
                    let content = (self.nodes <= limits::DOCUMENT_NODES_MAX
                        && open.len() + anchored.height <= limits::DOCUMENT_DEPTH_MAX)
                        .then(|| anchored.node.content.clone());
                    let Some(content) = content else {
                        if self.nodes > limits::DOCUMENT_NODES_MAX {
                            self.too_large(&span);
                        } else {
                            self.too_deep(&span);
                        }
                        return None;
                    };
                    Some((Node { span, content }, 0))
                }
                Event::DocumentStart(..) if root.is_some() => {
                    self.report(
                        "syntax",
                        "there is more than one document".to_owned(),
                        Some("keep one per file"),
                        &span,
                    );
                    return None;
                }
                _ => None,
            };
            if open.len() > limits::DOCUMENT_DEPTH_MAX {
                self.too_deep(&Span {
                    line: place.start.line(),
                    column: place.start.col() + 1,
                    range: place.byte_range(),
                });
                return None;
            }
            let Some((node, anchor)) = finished else {
                continue;
            };
            self.nodes += 1;
            let anchored = (anchor != 0).then(|| (node.count(), node.height()));
            // An anchor keeps a copy, and the copy counts too.
            self.nodes += anchored.map_or(0, |(count, _)| count);
            if self.nodes > limits::DOCUMENT_NODES_MAX {
                self.too_large(&node.span);
                return None;
            }
            if let Some((count, height)) = anchored {
                let node = node.clone();
                self.anchors.insert(
                    anchor,
                    Anchored {
                        node,
                        count,
                        height,
                    },
                );
            }
            match open.last_mut() {
                None => root = Some(node),
                Some(Open::Sequence(_, _, items)) => items.push(node),
                Some(Open::Mapping(_, _, entries)) => match entries.pending.take() {
                    None => entries.pending = Some(self.key(&mut entries.lines, node)),
                    Some(Pending::Value(key)) => entries.list.push((key, node)),
                    Some(Pending::Dropped) => {}
                },
            }
        }
        if root.is_none() {
            self.report(
                "syntax",
                "the document is empty".to_owned(),
                None,
                &Span {
                    line: 1,
                    column: 1,
                    range: Some(0..0),
                },
            );
        }
        root
    }

    /// Where the tag of a node stands, if that is on the node's own line.
    fn tag_before(&self, node: &Span) -> Span {
        let found = node.range.as_ref().and_then(|range| {
            let before = self.text.get(..range.start)?;
            let line = before.get(before.rfind('\n').map_or(0, |end| end + 1)..)?;
            let tag = line.match_indices('!').map(|(at, _)| at).rfind(|at| {
                line.get(..*at)
                    .is_none_or(|left| !left.ends_with(|c: char| !c.is_whitespace() && c != ','))
            })?;
            let start = range.start - line.len() + tag;
            let column = line.get(..tag)?.chars().count() + 1;
            Some(Span {
                line: node.line,
                column,
                range: Some(start..range.start),
            })
        });
        found.unwrap_or_else(|| node.clone())
    }

    fn too_deep(&mut self, span: &Span) {
        let message = format!(
            "the document nests deeper than {} levels",
            limits::DOCUMENT_DEPTH_MAX
        );
        let help = "flatten it; a policy needs less than ten";
        self.report("document_too_deep", message, Some(help), span);
    }

    fn too_large(&mut self, span: &Span) {
        let message = format!(
            "the document has more than {} parts",
            limits::DOCUMENT_NODES_MAX
        );
        let help = "make it smaller; anchors and aliases count each time they are used";
        self.report("document_too_large", message, Some(help), span);
    }

    fn key(&mut self, lines: &mut BTreeMap<String, usize>, node: Node) -> Pending {
        let range = node.span.range.clone().unwrap_or_default();
        // A key is what was written: `0x10` and `1.50` stay as they are.
        let written = self.text.get(range).unwrap_or_default().to_owned();
        let name = match node.content {
            Content::Text(text) => text,
            Content::Null | Content::Bool(_) | Content::Integer(_) | Content::Float(_) => written,
            Content::Sequence(_) | Content::Mapping(_) => {
                let help = Some("write an entry for each name");
                self.report(
                    "wrong_type",
                    "a key must be text".to_owned(),
                    help,
                    &node.span,
                );
                return Pending::Dropped;
            }
        };
        if let Some(first) = lines.get(&name) {
            let message = format!("`{name}` is defined twice, first on line {first}");
            let help = Some("keep one of them");
            self.report("duplicate_key", message, help, &node.span);
            return Pending::Dropped;
        }
        lines.insert(name.clone(), node.span.line);
        Pending::Value(Key {
            name,
            span: node.span,
        })
    }
}

/// Marks what a library quotes the way our own messages do: `'x'` and `` `x' `` become `` `x` ``.
pub(crate) fn in_backticks(message: &str) -> String {
    let quotes = message.chars().filter(|c| matches!(c, '\'' | '`')).count();
    // An odd one is an apostrophe, and nobody knows which.
    if quotes % 2 == 1 {
        return message.to_owned();
    }
    message.replace('\'', "`")
}

/// What a plain scalar means under the core schema of YAML 1.2.
fn plain(text: &str) -> Content {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Content::Null,
        "true" | "True" | "TRUE" => return Content::Bool(true),
        "false" | "False" | "FALSE" => return Content::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Content::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Content::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Content::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let based = text
        .strip_prefix("0x")
        .map(|digits| i64::from_str_radix(digits, 16))
        .or_else(|| {
            text.strip_prefix("0o")
                .map(|digits| i64::from_str_radix(digits, 8))
        });
    if let Some(Ok(integer)) = based {
        return Content::Integer(integer);
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Content::Integer(integer);
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'))
        && text.contains(|c: char| c.is_ascii_digit());
    match text.parse::<f64>() {
        Ok(float) if numeric => Content::Float(float),
        _ => Content::Text(text.to_owned()),
    }
}
