//! From the tree to types, through serde. Serde stops at the first error; here the part at fault is taken out and
//! the rest decoded again, until all errors are known. The cost falls on broken documents only.

use super::deserializer::Error;

use serde::de::DeserializeOwned;

use super::diagnostic::{Diagnostics, Level};
use super::tree::{Content, Key, Node, Path, Segment, Span, Tree};

impl Tree {
    /// Decodes the document and reports everything that stands in the way. What comes back lacks the parts at
    /// fault, so that what is left can still be checked; it is whole only where `diagnostics` gained nothing.
    ///
    /// The second tree is what was decoded in the end. Its list positions are those of the document that comes back.
    pub(crate) fn decode<T: DeserializeOwned>(&self, diagnostics: &mut Diagnostics) -> Option<(T, Self)> {
        let mut tree = self.clone();
        loop {
            match T::deserialize(&tree.root) {
                Ok(document) => return Some((document, tree)),
                Err(error) => {
                    let path = error.path();
                    let whole = tree.written(&path, self);
                    // What was there but could not be read is reported already; it is not missing.
                    let reported = error.missing.is_some_and(|field| self.node(&whole.key(field)).is_some());
                    if !reported {
                        self.report(&error, &whole, diagnostics);
                    }
                    let can_go_on = match error.missing {
                        Some(field) if path.0.is_empty() => tree.stand_in::<T>(field),
                        _ => !path.0.is_empty() && tree.root.remove(&path.0),
                    };
                    if diagnostics.is_full() || !can_go_on {
                        return None;
                    }
                }
            }
        }
    }

    /// Puts something empty where a section of the document is missing, so that the others are checked too.
    fn stand_in<T: DeserializeOwned>(&mut self, field: &str) -> bool {
        let empty = [Content::Text(String::new()), Content::Sequence(Vec::new()), Content::Mapping(Vec::new())];
        for content in empty {
            let mut tree = self.clone();
            let Content::Mapping(entries) = &mut tree.root.content else {
                return false;
            };
            let key = Key { name: field.to_owned(), span: Span::default() };
            let node = Node { span: Span::default(), content };
            entries.push((key, node));
            let fits = match T::deserialize(&tree.root) {
                Ok(_) => true,
                Err(error) => error.path().0.first() != Some(&Segment::Key(field.to_owned())),
            };
            if fits {
                *self = tree;
                return true;
            }
        }
        false
    }

    fn report(&self, error: &Error, path: &Path, diagnostics: &mut Diagnostics) {
        let mut span = self.span(path);
        if error.on_key
            && let Some((last, parents)) = path.0.split_last()
            && let Some(node) = self.node(&Path(parents.to_vec()))
            && let Some((Some(key), _)) = node.child(last)
        {
            // The key is at fault, not what stands behind it.
            span = key.span.clone();
        }
        diagnostics.push(self.diagnostic(
            Level::Error,
            error.code,
            error.message.clone(),
            error.help.clone(),
            path,
            &span,
        ));
    }

    /// The path in the document as written, from a path in this tree, from which parts at fault were taken out.
    pub(crate) fn written(&self, path: &Path, original: &Self) -> Path {
        let mut whole = self.root.restore(path, original);
        // The rest leads to what neither tree has, such as a field that was left out.
        whole.0.extend(path.0.iter().skip(whole.0.len()).cloned());
        whole
    }
}

impl Node {
    /// The path in the document as written, from a path in the tree from which earlier errors were taken out.
    ///
    /// Only list positions shift; each item is found again by its span.
    fn restore(&self, path: &Path, original: &Tree) -> Path {
        let mut whole = Path::default();
        let (mut pruned, mut written) = (self, &original.root);
        for segment in &path.0 {
            let Some((_, child)) = pruned.child(segment) else {
                break;
            };
            let segment = match (segment, &written.content) {
                (Segment::Index(index), Content::Sequence(items)) if child.span.range.is_some() => {
                    let found = place_before_removals(items, *index, |item| item.span == child.span);
                    found.map_or_else(|| segment.clone(), Segment::Index)
                }
                _ => segment.clone(),
            };
            let Some((_, next)) = written.child(&segment) else {
                break;
            };
            whole.0.push(segment);
            (pruned, written) = (child, next);
        }
        whole
    }
}

/// Where an item of a list stood before others were taken out: at its place or after it, as far as were taken out. So
/// the looks that it takes are bounded by the errors reported, not by the length of the list.
fn place_before_removals(items: &[Node], index: usize, mut is_it: impl FnMut(&Node) -> bool) -> Option<usize> {
    items.iter().skip(index).position(&mut is_it).map(|further| index + further)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_found_again_in_as_many_looks_as_items_were_taken_out() {
        let values: Vec<serde_json::Value> = (0..10_000).map(serde_json::Value::from).collect();
        let Content::Sequence(items) = Node::from_value(&serde_json::Value::Array(values), &mut 0).content else {
            panic!("a list is a sequence");
        };
        for removed in [0, 3] {
            let mut looks = 0;
            for index in removed..items.len() {
                let wanted = &items[index].span;
                let found = place_before_removals(&items, index - removed, |item| {
                    looks += 1;
                    item.span == *wanted
                });
                assert_eq!(found, Some(index));
            }
            assert!(looks <= (removed + 1) * items.len(), "{looks} looks with {removed} items taken out");
        }
    }
}
