//! Answers in pages that JavaScript takes one at a time: a report on a hundred thousand incidents, read at one go, would keep
//! the event loop from all else.

use std::collections::VecDeque;

use kentongan::report::Document;
use napi_derive::napi;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How many items of a list stand on one page; a longer list is given on pages of its own.
const PAGE_ITEMS: usize = 100;
/// How much of a text stands on one page, in bytes.
const PAGE_BYTES: usize = 1 << 16;

/// The pages of one answer.
#[napi]
pub struct NativePages {
    pages: VecDeque<String>,
}

#[napi]
impl NativePages {
    /// The next page, as JSON; null behind the last one. There is at least one.
    #[napi]
    pub fn next(&mut self) -> Option<String> {
        self.pages.pop_front()
    }
}

/// A report as data and as a document. First comes `{"data", "fault"}`, in which long lists are empty, then `{"to", "items"}`
/// of each of them, with the way to it, or `{"to", "fields"}` of each long map, and `{"text"}`, the document part by part.
pub(crate) fn report(data: &impl Serialize, document: Document) -> NativePages {
    let mut pages = in_pages(json!({ "data": value(data), "fault": document.fault }));
    let mut rest = document.text.as_str();
    while !rest.is_empty() {
        let end = (0..=PAGE_BYTES.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or_default();
        let (part, others) = rest.split_at(end);
        pages.push_back(json!({ "text": part }).to_string());
        rest = others;
    }
    NativePages { pages }
}

/// An answer as data, as `report` has it.
pub(crate) fn of(data: &impl Serialize) -> NativePages {
    NativePages { pages: in_pages(json!({ "data": value(data) })) }
}

fn value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

fn in_pages(mut whole: Value) -> VecDeque<String> {
    let mut pages = VecDeque::new();
    take_lists(&mut whole, &mut Vec::new(), &mut pages);
    pages.push_front(whole.to_string());
    pages
}

/// Takes long lists out, each page of one before the long lists within its items.
fn take_lists(value: &mut Value, way: &mut Vec<Value>, pages: &mut VecDeque<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(entries) if entries.len() > PAGE_ITEMS => take_map(name, entries, way, pages),
                    _ => take_within(name.as_str().into(), value, way, pages),
                }
            }
        }
        Value::Array(items) if items.len() <= PAGE_ITEMS => {
            for (index, item) in items.iter_mut().enumerate() {
                take_within(index.into(), item, way, pages);
            }
        }
        Value::Array(items) => {
            let mut items = std::mem::take(items);
            let mut index = 0_usize;
            for page in items.chunks_mut(PAGE_ITEMS) {
                let mut inner = VecDeque::new();
                for item in page.iter_mut() {
                    take_within(index.into(), item, way, &mut inner);
                    index += 1;
                }
                pages.push_back(json!({ "to": way, "items": page }).to_string());
                pages.append(&mut inner);
            }
        }
        _ => {}
    }
}

/// Takes the entries of a long map out. Its keys are ids, and what belongs to one of them is short.
fn take_map(name: &str, entries: &mut Map<String, Value>, way: &[Value], pages: &mut VecDeque<String>) {
    let mut entries = std::mem::take(entries).into_iter();
    loop {
        let page: Map<_, _> = entries.by_ref().take(PAGE_ITEMS).collect();
        if page.is_empty() {
            return;
        }
        pages.push_back(json!({ "to": way, "fields": { name: page } }).to_string());
    }
}

fn take_within(key: Value, value: &mut Value, way: &mut Vec<Value>, pages: &mut VecDeque<String>) {
    way.push(key);
    take_lists(value, way, pages);
    way.pop();
}
