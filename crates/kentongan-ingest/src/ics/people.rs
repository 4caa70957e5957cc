//! Whom an event is about: a person of the policy, found by id, name, address, or what the policy says they are called.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use kentongan::policy::document::PersonDocument;
use kentongan::source::did_you_mean;

use super::event::{Attendee, Event};
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
        let mut unknown: Vec<&str> = Vec::new();
        for attendee in &event.attendees {
            let mut keys = [attendee.email.as_deref(), attendee.name.as_deref()].into_iter().flatten();
            match keys.clone().find_map(|called| self.people.named(&folded(called))) {
                Some(id) => add(id),
                None => match agreed(self.people, attendee, &event.summary) {
                    Some(id) => add(&Some(id)),
                    None => unknown.extend(keys.next_back()),
                },
            }
        }
        // Whoever takes part is meant. A word of the summary may be the name of a team or of a schedule.
        if found.is_empty() && !unknown.is_empty() {
            return self.unknown(event, unknown.into_iter().next(), report);
        }
        for called in unknown {
            if self.told.insert(folded(called)) {
                let message = format!("`{}` takes part, is nobody of the policy, and is not on call", excerpt(called));
                report.warn(event.line, "unknown_attendee", message, HELP);
            }
        }
        if found.is_empty() && says_who_is_missing(&event.summary).is_none() {
            found = in_words(self.people, &event.summary);
        }
        if !found.is_empty() {
            return Some(found);
        }
        self.unknown(event, None, report)
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

    fn unknown(&mut self, event: &Event, attendee: Option<&str>, report: &mut Report) -> Option<Vec<String>> {
        let called = attendee.unwrap_or(&event.summary);
        if self.told.insert(folded(called)) {
            let message = match (called, says_who_is_missing(called)) {
                ("", _) => "the event does not say who is on call".to_owned(),
                (called, Some(word)) => {
                    format!("`{}` does not say who is on call: it has the word `{word}`", excerpt(called))
                }
                (called, None) => format!("the policy has nobody who is called `{}`", excerpt(called)),
            };
            return report.refuse(event.line, "unknown_person", message, HELP);
        }
        None
    }
}

/// How the policy says whom a calendar means.
const HELP: &str = "say who it is under `people`, `\"Ana Rossi\": ana`; what is nobody is `\"Team lunch\": null`";

/// The words by which a summary says that somebody is not there, so that whom it names may not be on call.
const MISSING: [&str; 22] = [
    "absent",
    "away",
    "cuti",
    "ferie",
    "holiday",
    "holidays",
    "leave",
    "libur",
    "no",
    "nobody",
    "not",
    "off",
    "ooo",
    "out",
    "pto",
    "sick",
    "unavailable",
    "urlaub",
    "vacances",
    "vacation",
    "vacations",
    "without",
];

/// The first word by which a text says that somebody is not there.
fn says_who_is_missing(text: &str) -> Option<String> {
    words(text).find(|word| MISSING.contains(&word.as_str()))
}

/// Whom both the name of somebody who takes part and the summary name: `ben@example.org` and `On Call - Ben` mean Ben
/// together, though the policy knows no such address.
fn agreed(people: &People, attendee: &Attendee, summary: &str) -> Option<String> {
    if says_who_is_missing(summary).is_some() {
        return None;
    }
    let mailbox = attendee.email.as_deref().and_then(|email| email.split('@').next());
    let own: Vec<&str> = [attendee.name.as_deref(), mailbox].into_iter().flatten().collect();
    let named = in_words(people, summary);
    in_words(people, &own.join(" ").replace(['.', '_', '-', '+'], " ")).into_iter().find(|id| named.contains(id))
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
