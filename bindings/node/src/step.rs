//! Steps as JSON, in pages: parsing a hundred thousand effects at one go would keep the event loop from all else.

use std::collections::VecDeque;

use kentongan::{Decision, Effect, Engine, Step, Timestamp};
use napi::Either;
use napi_derive::napi;
use serde::Serialize;

use crate::problem::json;

/// How many effects or decisions stand on one page; a page takes less than a millisecond to parse.
const PAGE_ITEMS: usize = 100;

#[derive(Serialize)]
struct Page<'a> {
    effects: &'a [Effect],
    decisions: &'a [Decision],
    wakeup: Option<Timestamp>,
}

/// What one or many steps came to: its page where it is one alone, else its pages. An object of the native half for each of a
/// hundred thousand steps is one more for V8's collector to let go of by itself, all of them before the event loop goes on.
pub(crate) type Paged = Either<String, NativeSteps>;

/// What one or many steps came to, in pages that JavaScript takes one at a time. Were it handed the memory of thousands of
/// them at once, its collector would look at everything there is before the event loop goes on.
#[napi]
pub struct NativeSteps {
    pages: VecDeque<String>,
}

#[napi]
impl NativeSteps {
    /// The next page, as JSON; null behind the last one. There are at least two.
    #[napi]
    pub fn next(&mut self) -> Option<String> {
        self.pages.pop_front()
    }
}

/// What a journal came to that was lived through: the effects as canonical JSON, one a line, in pages of whole lines.
#[napi]
pub struct NativeReplay {
    pages: VecDeque<String>,
    refused: u32,
}

#[napi]
impl NativeReplay {
    /// The next page; null behind the last one.
    #[napi]
    pub fn next(&mut self) -> Option<String> {
        self.pages.pop_front()
    }

    /// How many entries were refused.
    #[napi(getter)]
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.refused
    }
}

/// The pages of a step.
pub(crate) fn pages(step: &Step) -> Paged {
    let mut effects = step.effects.chunks(PAGE_ITEMS);
    let mut decisions = step.decisions.chunks(PAGE_ITEMS);
    let mut pages = VecDeque::new();
    loop {
        let (effects, decisions) = (effects.next(), decisions.next());
        if effects.is_none() && decisions.is_none() && !pages.is_empty() {
            return match <[String; 1]>::try_from(Vec::from(pages)) {
                Ok([page]) => Either::A(page),
                Err(pages) => Either::B(NativeSteps { pages: pages.into() }),
            };
        }
        let page = Page {
            effects: effects.unwrap_or_default(),
            decisions: decisions.unwrap_or_default(),
            wakeup: step.wakeup,
        };
        pages.push_back(json(&page));
    }
}

/// Effects alone, as pages of the same shape.
pub(crate) fn effects(effects: Vec<Effect>, wakeup: Option<Timestamp>) -> Paged {
    pages(&Step { effects, wakeup, decisions: Vec::new() })
}

/// The effects of a journal that was lived through, of which some entries were refused.
pub(crate) fn replayed(effects: &[Effect], refused: u32) -> NativeReplay {
    let page = |effects: &[Effect]| effects.iter().map(|effect| json(effect) + "\n").collect();
    NativeReplay { pages: effects.chunks(PAGE_ITEMS).map(page).collect(), refused }
}

/// The effects of an engine whose outcome has not been reported, in the order in which they were due.
pub(crate) fn pending(engine: &Engine) -> Paged {
    let mut pending: Vec<Effect> = engine.pending().cloned().collect();
    pending.sort_by_key(|effect| effect.at);
    effects(pending, engine.wakeup())
}
