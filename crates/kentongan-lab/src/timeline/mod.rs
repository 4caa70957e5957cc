//! A run as a person reads it: when, which incident, what, to whom, and why.

mod fold;
mod layout;
mod rows;
mod words;

use kentongan::Policy;

use crate::run::Run;
use crate::text::Line;

/// No line is wider, whatever is asked for: beyond it a number is no width of anything that people read.
const WIDTH_MAX: usize = 1_000;

/// How much of a run is shown, and how wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Everything: confirmed deliveries, each decision, each repeat on its own.
    pub all: bool,
    /// The width in characters that lines keep to, where words allow it: at most 1,000.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { all: false, width: 100 }
    }
}

/// The run as lines. Local times are those of the policy's zone.
///
/// What repeats unchanged while nothing else happens to its incident is folded into one line that says how often and
/// until when, unless `all` is asked for.
#[must_use]
pub fn lines(run: &Run, policy: &Policy, options: Options) -> Vec<Line> {
    let mut rows = rows::of(run, policy, options.all);
    if !options.all {
        rows = fold::repeats(rows, policy.zone());
    }
    let width = options.width.min(WIDTH_MAX);
    let mut lines = layout::head(run, policy);
    lines.extend(layout::body(run, policy.zone(), &rows, width));
    lines.extend(layout::foot(run, width));
    lines
}
