//! From the entries of a run to rows: one for each thing that a person wants to know.

use super::words;
use crate::run::{Run, RunEntry};
use crate::text::Style;
use kentongan::{Decision, IncidentId, Input, Policy, Timestamp, Verdict};

/// One row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) at: Timestamp,
    /// The number of the incident: `#1`.
    pub(super) incident: Option<String>,
    /// What happened, in a word.
    pub(super) what: String,
    pub(super) style: Style,
    /// The particulars.
    pub(super) detail: String,
    pub(super) why: String,
    /// The entries of the policy that ask for it.
    pub(super) entries: Vec<String>,
    /// To whom, by channel, where it is a message.
    pub(super) to: Vec<(String, Vec<String>)>,
    /// Whether repeats of it can be folded.
    pub(super) repeats: bool,
}

impl Row {
    pub(super) fn new(at: Timestamp, what: &str, style: Style, detail: impl Into<String>) -> Self {
        Self {
            at,
            incident: None,
            what: what.to_owned(),
            style,
            detail: detail.into(),
            why: String::new(),
            entries: Vec::new(),
            to: Vec::new(),
            repeats: false,
        }
    }

    pub(super) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    pub(super) fn asked_by(mut self, entry: &str) -> Self {
        self.entries.extend(Some(entry.to_owned()).filter(|entry| !entry.is_empty()));
        self
    }

    /// The particulars, with whom it reaches.
    pub(super) fn text(&self) -> String {
        let ways = self.to.iter();
        let ways: Vec<String> = ways.map(|(channel, names)| format!("{} by {channel}", names.join(", "))).collect();
        match (ways.is_empty(), self.detail.is_empty()) {
            (true, _) => self.detail.clone(),
            (false, true) => ways.join("; "),
            (false, false) => format!("{}; {}", ways.join("; "), self.detail),
        }
    }

    /// What set it off, and the entries of the policy: `opened: severities.SEV-1.notify[0, 2]`.
    pub(super) fn reason(&self) -> String {
        let mut entries: Vec<(String, Vec<&str>)> = Vec::new();
        for entry in &self.entries {
            // Only a place in a list, at the very end, can stand beside others of it: not `classify[0].when`.
            let indexed = entry.strip_suffix(']').and_then(|entry| entry.rsplit_once('['));
            let (list, index) = indexed.unwrap_or((entry.as_str(), ""));
            match entries.iter_mut().find(|(known, indices)| known == list && (indices == &[""]) == index.is_empty()) {
                Some((_, indices)) if indices.contains(&index) => {}
                Some((_, indices)) => indices.push(index),
                None => entries.push((list.to_owned(), vec![index])),
            }
        }
        let entries: Vec<String> = entries
            .into_iter()
            .map(|(list, indices)| match indices.as_slice() {
                [""] => list,
                indices => format!("{list}[{}]", indices.join(",")),
            })
            .collect();
        match (self.why.is_empty(), entries.is_empty()) {
            (_, true) => self.why.clone(),
            (true, false) => entries.join(", "),
            (false, false) => format!("{}: {}", self.why, entries.join(", ")),
        }
    }

    /// Whether another row says the same of other people.
    fn joins(&self, other: &Self) -> bool {
        self.at == other.at
            && self.incident == other.incident
            && self.what == other.what
            && self.why == other.why
            && self.detail == other.detail
            && !self.to.is_empty()
            && !other.to.is_empty()
    }

    /// Takes in the people of a row that joins it.
    fn join(&mut self, other: Self) {
        for (channel, names) in other.to {
            match self.to.iter_mut().find(|(known, _)| *known == channel) {
                Some((_, known)) => known.extend(names),
                None => self.to.push((channel, names)),
            }
        }
        for entry in other.entries {
            if !self.entries.contains(&entry) {
                self.entries.push(entry);
            }
        }
        // The policy's order reads better than that of the effects.
        self.entries.sort();
    }
}

/// The rows of a run, in order. What is said at one instant to several is one row, unless `all` is asked for.
pub(super) fn of<'a>(run: &'a Run, mut policy: &'a Policy, all: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut resolving = false;
    for (index, entry) in run.entries.iter().enumerate() {
        let rest = run.entries.get(index + 1..).unwrap_or_default();
        let before = index.checked_sub(1).and_then(|index| run.entries.get(index));
        let (row, incident) = match entry {
            RunEntry::Input { at, input } => {
                let row = words::input(run, policy, *at, input, all);
                // What was refused has not been done: the refusal says what it was.
                let row = row.filter(|_| !matches!(rest.first(), Some(RunEntry::Refusal { .. })));
                (row, input.incident().or_else(|| taken_by(rest)))
            }
            RunEntry::Reload { at, policy, .. } => (Some(Row::new(*at, "reload", Style::Name, policy.as_str())), None),
            RunEntry::Refusal { at, code, message, help } => {
                let asked = match before {
                    Some(RunEntry::Input { input, .. }) => {
                        let row = words::input(run, policy, *at, input, all);
                        row.map(|row| format!("\"{}\" of {}: ", row.what, row.detail))
                    }
                    _ => None,
                };
                let text = format!("{}{message}; {help}", asked.unwrap_or_default());
                let row = Row::new(*at, "refused", Style::Alarm, text).because(code.as_str());
                let meant = match before {
                    Some(RunEntry::Input { input, .. }) => input.incident(),
                    _ => None,
                };
                (Some(row), meant.filter(|id| run.incidents.iter().any(|view| view.id == id.as_str())))
            }
            RunEntry::Decision(decision) => (words::decision(policy, decision, rest, all), decision.incident.as_ref()),
            RunEntry::Effect(effect) => (Some(words::effect(policy, effect)), effect.incident.as_ref()),
        };
        if let RunEntry::Decision(Decision { verdict: Verdict::PolicyChanged { to, .. }, .. }) = entry {
            policy = run.policies.get(to).map_or(policy, |changed| changed);
        }
        if let RunEntry::Input { input, .. } = entry {
            resolving = matches!(input, Input::Resolve { .. } | Input::FalseAlarm { .. } | Input::Merge { .. });
        }
        // Who resolves it has just been said.
        let said = resolving && !all && is_resolution(entry);
        let Some(mut row) = row.filter(|_| !said) else {
            continue;
        };
        row.incident = incident.map(|incident| run.number(incident));
        let mut instant = rows.iter_mut().rev().take_while(|known| known.at == row.at);
        match instant.find(|known| known.joins(&row)) {
            Some(known) if !all => known.join(row),
            _ => rows.push(row),
        }
    }
    rows
}

/// Whether an entry says that the incident is over.
fn is_resolution(entry: &RunEntry) -> bool {
    match entry {
        RunEntry::Decision(decision) => {
            matches!(&decision.verdict, Verdict::Transition { to, .. } if to.is_resolved())
        }
        RunEntry::Input { .. } | RunEntry::Reload { .. } | RunEntry::Refusal { .. } | RunEntry::Effect(_) => false,
    }
}

/// The incident that took an alert: the one that the step decided on.
fn taken_by(rest: &[RunEntry]) -> Option<&IncidentId> {
    rest.iter()
        .map_while(|entry| match entry {
            RunEntry::Decision(decision) => Some(decision.incident.as_ref()),
            RunEntry::Effect(effect) => Some(effect.incident.as_ref()),
            RunEntry::Input { .. } | RunEntry::Reload { .. } | RunEntry::Refusal { .. } => None,
        })
        .find_map(|incident| incident)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_list_are_joined_and_others_stay_whole() {
        let at = Timestamp::UNIX_EPOCH;
        let reason = |entries: &[&str]| {
            let row = Row::new(at, "FAULT", Style::Alarm, "");
            entries.iter().fold(row, |row, entry| row.asked_by(entry)).reason()
        };
        assert_eq!(reason(&["classify[0].when"]), "classify[0].when");
        assert_eq!(reason(&["a.notify[0]", "a.notify[2]", "a.notify[0]"]), "a.notify[0,2]");
        assert_eq!(reason(&["a.levels[2]", "a.levels[2].repeat"]), "a.levels[2], a.levels[2].repeat");
    }
}
