//! Steps as JSON, in pages: parsing a hundred thousand effects at one go would keep the event loop from all else.

use kentongan::{Decision, Effect, Engine, Step, Timestamp};
use serde::Serialize;

/// How many effects or decisions stand on one page; a page takes less than a millisecond to parse.
const PAGE_ITEMS: usize = 100;

#[derive(Serialize)]
struct Page<'a> {
    effects: &'a [Effect],
    decisions: &'a [Decision],
    wakeup: Option<Timestamp>,
}

/// The pages of a step. There is at least one.
pub(crate) fn pages(step: &Step) -> Vec<Vec<u8>> {
    let mut effects = step.effects.chunks(PAGE_ITEMS);
    let mut decisions = step.decisions.chunks(PAGE_ITEMS);
    let mut pages = Vec::new();
    loop {
        let (effects, decisions) = (effects.next(), decisions.next());
        if effects.is_none() && decisions.is_none() && !pages.is_empty() {
            return pages;
        }
        let page = Page {
            effects: effects.unwrap_or_default(),
            decisions: decisions.unwrap_or_default(),
            wakeup: step.wakeup,
        };
        pages.push(serde_json::to_vec(&page).unwrap_or_default());
    }
}

/// Effects alone, as pages of the same shape.
pub(crate) fn effects(effects: Vec<Effect>, wakeup: Option<Timestamp>) -> Vec<Vec<u8>> {
    pages(&Step { effects, wakeup, decisions: Vec::new() })
}

/// The effects of an engine whose outcome has not been reported, in the order in which they were due.
pub(crate) fn pending(engine: &Engine) -> Vec<Vec<u8>> {
    let mut pending: Vec<Effect> = engine.pending().cloned().collect();
    pending.sort_by_key(|effect| effect.at);
    effects(pending, engine.wakeup())
}
