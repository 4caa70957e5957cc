//! Whom an event is about: a person of the policy, found by id, name, address, or what the policy says they are called.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use kentongan::policy::document::PersonDocument;
use kentongan::source::did_you_mean;

use super::event::Event;
use super::report::Report;
use crate::error::excerpt;

/// The most words of a summary that are read, and of a name.
const SUMMARY_WORDS_MAX: usize = 64;
const NAME_WORDS_MAX: usize = 6;

/// The people of a policy, by everything a calendar may call them.
///
/// ```
/// use kentongan_ingest::ics::People;
///
/// let mut people = People::default();
/// people.add("ana", Some("Ana Rossi"), ["ana@example.org"]);
/// people.alias("The boss", Some("ana"));
/// people.alias("Team lunch", None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct People {
    ids: BTreeSet<String>,
    /// The person for what they are called, in small letters; `None` is what is nobody and is passed over.
    called: BTreeMap<String, Option<String>>,
    /// What two people are called.
    shared: BTreeSet<String>,
}

impl People {
    /// The people of a policy, with their names and addresses.
    #[must_use]
    pub fn of(people: &IndexMap<String, PersonDocument>) -> Self {
        let mut all = Self::default();
        for (id, person) in people {
            all.add(id, person.name.as_deref(), person.contacts.values().map(String::as_str));
        }
        all
    }

    /// Adds a person, who is found by id, name and each address.
    pub fn add<'a>(&mut self, id: &'a str, name: Option<&'a str>, addresses: impl IntoIterator<Item = &'a str>) {
        self.ids.insert(id.to_owned());
        let addresses = addresses.into_iter().filter(|address| address.contains('@'));
        for called in [id].into_iter().chain(name).chain(addresses) {
            let key = folded(called);
            match self.called.get(&key) {
                Some(Some(other)) if other != id => {
                    self.shared.insert(key);
                }
                _ => {
                    self.called.insert(key, Some(id.to_owned()));
                }
            }
        }
    }

    /// Adds what the calendar calls a person, or what it calls nobody. It counts before names and addresses.
    pub fn alias(&mut self, called: &str, id: Option<&str>) {
        let key = folded(called);
        self.shared.remove(&key);
        self.called.insert(key, id.map(str::to_owned));
    }

    fn named(&self, key: &str) -> Option<&Option<String>> {
        if self.shared.contains(key) { None } else { self.called.get(key) }
    }
}

/// Who each event is about. What is unknown is told once for each name.
pub(super) struct Naming<'a> {
    people: &'a People,
    told: BTreeSet<String>,
}

impl<'a> Naming<'a> {
    pub(super) fn new(people: &'a People) -> Self {
        Self { people, told: BTreeSet::new() }
    }

    /// The people of an event, the first choice first; none where it is about nobody. `None` where somebody is unknown.
    pub(super) fn of(&mut self, event: &Event, report: &mut Report) -> Option<Vec<String>> {
        if !event.people.is_empty() {
            return self.by_id(event, report);
        }
        if let Some(whole) = self.people.named(&folded(&event.summary)) {
            return Some(whole.iter().cloned().collect());
        }
        let mut found: Vec<String> = Vec::new();
        let mut add = |id: &Option<String>| {
            if let Some(id) = id
                && !found.contains(id)
            {
                found.push(id.clone());
            }
        };
        for attendee in &event.attendees {
            let keys = [attendee.email.as_deref(), attendee.name.as_deref()];
            if let Some(id) = keys.into_iter().flatten().find_map(|called| self.people.named(&folded(called))) {
                add(id);
            }
        }
        if found.is_empty() {
            found = in_words(self.people, &event.summary);
        }
        if !found.is_empty() {
            return Some(found);
        }
        self.unknown(event, report)
    }

    fn by_id(&mut self, event: &Event, report: &mut Report) -> Option<Vec<String>> {
        let unknown = event.people.iter().find(|id| !self.people.ids.contains(*id));
        let Some(unknown) = unknown else {
            return Some(event.people.clone());
        };
        if self.told.insert(folded(unknown)) {
            let message = format!("`{}` is not a person of the policy", excerpt(unknown));
            let help = did_you_mean(unknown, self.people.ids.iter().map(String::as_str));
            return report.refuse(event.line, "unknown_person", message, help);
        }
        None
    }

    fn unknown(&mut self, event: &Event, report: &mut Report) -> Option<Vec<String>> {
        let attendee = event.attendees.first();
        let attendee = attendee.and_then(|attendee| attendee.name.as_deref().or(attendee.email.as_deref()));
        let called = if event.summary.is_empty() { attendee.unwrap_or_default() } else { event.summary.as_str() };
        if self.told.insert(folded(called)) {
            let message = match called {
                "" => "the event does not say who is on call".to_owned(),
                called => format!("the policy has nobody who is called `{}`", excerpt(called)),
            };
            let help = "say who it is under `people`, `\"Ana Rossi\": ana`; what is nobody is `\"Team lunch\": null`";
            return report.refuse(event.line, "unknown_person", message, help);
        }
        None
    }
}

/// The people whom a text names among its words, the longest name first where two begin at a word.
fn in_words(people: &People, text: &str) -> Vec<String> {
    let words: Vec<String> = words(text).take(SUMMARY_WORDS_MAX).collect();
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let lengths = (1..=NAME_WORDS_MAX.min(words.len() - at)).rev();
        let name = lengths.into_iter().find_map(|length| {
            let key = words.get(at..at + length)?.join(" ");
            people.named(&key).map(|id| (length, id))
        });
        match name {
            Some((length, id)) => {
                if let Some(id) = id
                    && !found.contains(id)
                {
                    found.push(id.clone());
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The words of a text in small letters, without what stands around them.
fn words(text: &str) -> impl Iterator<Item = String> {
    let outside = |c: char| !c.is_alphanumeric();
    let split = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '(' | ')' | '[' | ']' | '<' | '>');
    text.split(split).map(move |word| word.trim_matches(outside).to_lowercase()).filter(|word| !word.is_empty())
}

/// What somebody is called, as it is looked up.
fn folded(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        let mut people = People::default();
        people.add("ana", Some("Ana Rossi"), ["ana@example.org"]);
        people.add("ben", Some("Ben O'Neill"), ["ben@example.org"]);
        people.add("ana-maria", Some("Ana Maria"), []);
        people
    }

    #[test]
    fn names_are_found_among_words() {
        for (text, expected) in [
            ("On Call - Ana Rossi - Primary", vec!["ana"]),
            ("ben (swapped start)", vec!["ben"]),
            ("Ana Maria", vec!["ana-maria"]),
            ("ana@example.org, Ben O'Neill", vec!["ana", "ben"]),
            ("banana", vec![]),
        ] {
            assert_eq!(in_words(&people(), text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_two_share_names_neither() {
        let mut people = people();
        people.add("ben2", Some("Ben O'Neill"), []);
        assert_eq!(in_words(&people, "On call: Ben O'Neill"), ["ben"], "`ben` alone is still his own");
        people.add("ben3", Some("ben"), []);
        assert!(in_words(&people, "On call: Ben O'Neill").is_empty());
        people.alias("Ben O'Neill", Some("ben2"));
        assert_eq!(in_words(&people, "Ben O'Neill"), ["ben2"]);
    }
}
