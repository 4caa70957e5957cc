//! Who was called, page by page, and who answered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::effect::EffectId;
use crate::time::Timestamp;

/// A time during which somebody was called: from the first page until anybody answered, or it was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Call {
    /// Who.
    pub who: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when; none while nobody answers.
    pub until: Option<Timestamp>,
    /// Who answered, they or another; none where nobody had until it was over.
    pub answered_by: Option<String>,
    /// The pages by which they were called, in order.
    pub pages: Vec<Page>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Page {
    /// On which channel.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// Whether it arrived; none while nobody has said so.
    pub arrived: Option<bool>,
}

impl Call {
    /// Whether it was they who answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answered_by.as_ref() == Some(&self.who)
    }
}

/// All calls of one incident.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// The call and the page that an effect belongs to, until its outcome is known.
    awaited: BTreeMap<EffectId, (usize, usize)>,
}

impl Calls {
    /// Each of them, in the order in which they began.
    pub(super) fn all(&self) -> &[Call] {
        &self.calls
    }

    /// Somebody is paged. Whether it repeats a page of the same call on the same channel.
    pub(super) fn page(&mut self, effect: &EffectId, to: &str, channel: &str, at: Timestamp) -> bool {
        let open = self.calls.iter().position(|call| call.who == to && call.until.is_none());
        let index = open.unwrap_or_else(|| {
            let (until, answered_by, pages) = (None, None, Vec::new());
            self.calls.push(Call { who: to.to_owned(), from: at, until, answered_by, pages });
            self.calls.len() - 1
        });
        let Some(call) = self.calls.get_mut(index) else { return false };
        let again = call.pages.iter().any(|page| page.channel == channel);
        self.awaited.insert(effect.clone(), (index, call.pages.len()));
        call.pages.push(Page { channel: channel.to_owned(), at, arrived: None });
        again
    }

    /// What became of a page, if the effect was one.
    pub(super) fn reported(&mut self, effect: &EffectId, arrived: bool) {
        let page = self.awaited.remove(effect);
        let page = page.and_then(|(call, page)| self.calls.get_mut(call)?.pages.get_mut(page));
        if let Some(page) = page {
            page.arrived = Some(arrived);
        }
    }

    /// Nobody is called any longer, since somebody answered, or it is over.
    pub(super) fn end(&mut self, at: Timestamp, answered_by: Option<&str>) {
        for call in self.calls.iter_mut().filter(|call| call.until.is_none()) {
            (call.until, call.answered_by) = (Some(at), answered_by.map(str::to_owned));
        }
    }
}
