//! From text to tree: YAML 1.2 under the core schema, of which JSON is a part. Depth and size are bounded as if
//! every alias were written out.

use super::tree::{Content, Key, Node, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

use super::diagnostic::{Diagnostic, Diagnostics, Level, Place};
use crate::limits;

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

pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a Arc<str>,
    diagnostics: &'a mut Diagnostics,
    anchors: BTreeMap<usize, Anchored>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(name: &'a str, text: &'a Arc<str>, diagnostics: &'a mut Diagnostics) -> Self {
        Self { name, text, diagnostics, anchors: BTreeMap::new(), nodes: 0 }
    }

    fn report(&mut self, code: &'static str, message: String, help: Option<&str>, span: &Span) {
        let place = Place { file: self.name.to_owned(), line: span.line, column: span.column, path: String::new() };
        let range = span.range.clone().unwrap_or_default();
        let diagnostic = Diagnostic::new(Level::Error, code, message, help.map(str::to_owned), place);
        self.diagnostics.push(diagnostic.spanning(self.text, range));
    }

    /// Reads the one document there is. An explicit stack, so that depth costs no call stack.
    #[expect(clippy::too_many_lines, reason = "one arm for each event, in one place")]
    pub(super) fn document(&mut self) -> Option<Node> {
        let text = Arc::clone(self.text);
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        for step in Parser::new_from_str(&text) {
            let (event, place) = match step {
                Ok(step) => step,
                Err(error) => {
                    let marker = error.marker();
                    let at = marker.byte_offset().unwrap_or(0).min(text.len());
                    let span = Span { line: marker.line(), column: marker.col() + 1, range: Some(at..at) };
                    let tab =
                        Some(&span).filter(|_| error.info().contains("tab")).and_then(|span| self.tab_behind(span));
                    let span = tab.unwrap_or(span);
                    // The parser keeps a bound of its own on what nests in brackets.
                    if error.info().starts_with("recursion limit") {
                        self.too_deep(&span);
                    } else {
                        let help = Some(
                            "indent with spaces, entries of one list or mapping alike, and quote text with `: ` or ` #` in it, or with one of `#!&*@[{` at its beginning",
                        );
                        self.report("syntax", in_backticks(&error.info()), help, &span);
                    }
                    return None;
                }
            };
            let span = Span { line: place.start.line(), column: place.start.col() + 1, range: place.byte_range() };
            let tag = event.tag().is_some_and(|tag| !tag.is_yaml_core_schema());
            if tag {
                self.report(
                    "unsupported_tag",
                    "a tag has no meaning here".to_owned(),
                    Some("put the text in quotes if the `!` belongs to it, as in a condition; remove a tag"),
                    &self.tag_before(&span),
                );
            }
            let finished = match event {
                Event::Scalar(text, style, anchor, _) => {
                    let content =
                        if style == ScalarStyle::Plain { plain(&text) } else { Content::Text(text.into_owned()) };
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
                Event::SequenceEnd | Event::MappingEnd => open.pop().map(|collection| match collection {
                    Open::Sequence(span, anchor, items) => (Node { span, content: Content::Sequence(items) }, anchor),
                    Open::Mapping(span, anchor, entries) => {
                        (Node { span, content: Content::Mapping(entries.list) }, anchor)
                    }
                }),
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
                self.anchors.insert(anchor, Anchored { node, count, height });
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
                &Span { line: 1, column: 1, range: Some(0..0) },
            );
        }
        root
    }

    /// Where the first tab stands that indents a line behind a place. The parser names where the text before it begins.
    fn tab_behind(&self, place: &Span) -> Option<Span> {
        let from = place.range.as_ref()?.start;
        let mut start = self.text.get(..from)?.rfind('\n').map_or(0, |end| end + 1);
        for (index, line) in self.text.get(start..)?.split_inclusive('\n').enumerate() {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line.get(..indent)?.find('\t') {
                let range = Some(start + tab..start + tab + 1);
                return Some(Span { line: place.line + index, column: tab + 1, range });
            }
            start += line.len();
        }
        None
    }

    /// Where the tag of a node stands, if that is on the node's own line.
    fn tag_before(&self, node: &Span) -> Span {
        let found = node.range.as_ref().and_then(|range| {
            let before = self.text.get(..range.start)?;
            let line = before.get(before.rfind('\n').map_or(0, |end| end + 1)..)?;
            let tag = line.match_indices('!').map(|(at, _)| at).rfind(|at| {
                line.get(..*at).is_none_or(|left| !left.ends_with(|c: char| !c.is_whitespace() && c != ','))
            })?;
            let start = range.start - line.len() + tag;
            let column = line.get(..tag)?.chars().count() + 1;
            Some(Span { line: node.line, column, range: Some(start..range.start) })
        });
        found.unwrap_or_else(|| node.clone())
    }

    fn too_deep(&mut self, span: &Span) {
        let message = format!("the document nests deeper than {} levels", limits::DOCUMENT_DEPTH_MAX);
        let help = "flatten it; a policy needs less than ten";
        self.report("document_too_deep", message, Some(help), span);
    }

    fn too_large(&mut self, span: &Span) {
        let message = format!("the document has more than {} parts", limits::DOCUMENT_NODES_MAX);
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
                self.report("wrong_type", "a key must be text".to_owned(), help, &node.span);
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
        Pending::Value(Key { name, span: node.span })
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
        .or_else(|| text.strip_prefix("0o").map(|digits| i64::from_str_radix(digits, 8)));
    if let Some(Ok(integer)) = based {
        return Content::Integer(integer);
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Content::Integer(integer);
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'))
        && text.contains(|c: char| c.is_ascii_digit());
    match text.parse::<f64>() {
        Ok(float) if numeric => Content::Float(float),
        _ => Content::Text(text.to_owned()),
    }
}
