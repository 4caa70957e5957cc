//! What those inside said of an incident before their last word, so that no text for the public repeats it.

use std::collections::VecDeque;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Incident, StatusUpdate};
use crate::limits;
use crate::text::says_nothing;

/// What was said inside, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SaidInside(VecDeque<SaidText>);

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SaidText {
    pub(crate) place: SaidAs,
    pub(crate) text: String,
}

/// What it was said as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SaidAs {
    /// A status update that is not the last.
    Update,
    /// A part of one.
    UpdatePart(String),
    /// What somebody saw who verified it.
    Verification,
    /// What somebody found of its impact.
    Assessment,
    /// What somebody said who took it or began to work on it.
    Answer,
}

impl fmt::Display for SaidAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Update => f.write_str("an earlier status update"),
            Self::UpdatePart(part) => write!(f, "`{part}` of an earlier status update"),
            Self::Verification => f.write_str("what was seen when it was verified"),
            Self::Assessment => f.write_str("a description of its impact"),
            Self::Answer => f.write_str("a note of somebody who answered"),
        }
    }
}

impl SaidInside {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = &SaidText> {
        self.0.iter()
    }

    /// Remembers a text. The oldest go where there is too much.
    pub(crate) fn add(&mut self, place: SaidAs, text: &str) {
        if says_nothing(text) || self.0.iter().any(|said| said.text == text) {
            return;
        }
        self.0.push_back(SaidText { place, text: text.to_owned() });
        let mut bytes: usize = self.0.iter().map(|said| said.text.len()).sum();
        while bytes > limits::SAID_INSIDE_BYTES_MAX {
            let Some(oldest) = self.0.pop_front() else { break };
            bytes = bytes.saturating_sub(oldest.text.len());
        }
    }

    /// Remembers a status update that is no longer the last.
    pub(crate) fn add_update(&mut self, update: &StatusUpdate) {
        for (part, text) in &update.parts {
            self.add(SaidAs::UpdatePart(part.clone()), text);
        }
        self.add(SaidAs::Update, &update.text);
    }

    /// Remembers what was said of another incident.
    pub(crate) fn extend(&mut self, other: &Self) {
        for said in other.texts() {
            self.add(said.place.clone(), &said.text);
        }
    }
}

impl Incident {
    /// All that was said inside, the last status update with it.
    pub(crate) fn all_said_inside(&self) -> SaidInside {
        let mut said = self.said_inside.clone();
        if let Some(update) = &self.status_update {
            said.add_update(update);
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_where_there_is_too_much() {
        let mut said = SaidInside::default();
        for letter in ["a", "b", "c"] {
            said.add(SaidAs::Answer, &letter.repeat(limits::SAID_INSIDE_BYTES_MAX / 2));
            said.add(SaidAs::Answer, &letter.repeat(limits::SAID_INSIDE_BYTES_MAX / 2));
        }
        said.add(SaidAs::Answer, " - ");
        let kept: Vec<&str> = said.texts().map(|said| said.text.get(..1).unwrap_or_default()).collect();
        assert_eq!(kept, ["b", "c"]);
    }
}
