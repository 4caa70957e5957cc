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
    /// What the policy says that the calendar calls somebody, which is beyond doubt.
    aliases: BTreeSet<String>,
    /// The words of the name of a person, and their addresses: by them it is seen that somebody else is meant.
    names: BTreeMap<String, Vec<String>>,
    addresses: BTreeMap<String, Vec<String>>,
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
        let addresses: Vec<&str> = addresses.into_iter().filter(|address| address.contains('@')).collect();
        self.names.insert(id.to_owned(), name.map(|name| words(name).collect()).unwrap_or_default());
        self.addresses.insert(id.to_owned(), addresses.iter().map(|address| address.to_lowercase()).collect());
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
        self.aliases.insert(key.clone());
        self.called.insert(key, id.map(str::to_owned));
    }

    fn named(&self, key: &str) -> Option<&Option<String>> {
        if self.shared.contains(key) { None } else { self.called.get(key) }
    }

    /// The words of a person's name where it has several: one alone does not tell two of that name apart.
    fn full_name(&self, id: &str) -> Option<&[String]> {
        self.names.get(id).map(Vec::as_slice).filter(|name| name.len() > 1)
    }

    /// Whether what somebody is called is beyond doubt: an alias, an address, or the whole of a name of several words.
    fn is_certain(&self, key: &str, id: &str) -> bool {
        let whole = |name: &[String]| name.join(" ") == key;
        self.aliases.contains(key) || key.contains('@') || self.full_name(id).is_some_and(whole)
    }

    /// Who takes part, by an address or name of theirs that nothing contradicts.
    fn attendee(&self, attendee: &Attendee) -> Option<&Option<String>> {
        let keys = [attendee.email.as_deref(), attendee.name.as_deref()].into_iter().flatten();
        keys.map(folded).find_map(|key| {
            let found = self.named(&key)?;
            let other = |id: &String| !self.is_certain(&key, id) && self.contradicts(id, attendee);
            (!found.as_ref().is_some_and(other)).then_some(found)
        })
    }

    /// Whether the address of somebody who takes part, or their name, is that of another than the person: another address
    /// where the person has one, or another family name.
    fn contradicts(&self, id: &str, attendee: &Attendee) -> bool {
        if attendee.name.as_deref().is_some_and(|name| Naming::read(self, name).stranger.is_some()) {
            return true;
        }
        let Some((mailbox, domain)) = attendee.email.as_deref().and_then(|email| email.split_once('@')) else {
            return false;
        };
        let mailbox = apart(mailbox);
        let mailbox: Vec<String> = words(&mailbox).collect();
        let name = self.full_name(id);
        let is_name = name.is_some_and(|name| name.iter().all(|word| mailbox.contains(word)));
        let here = format!("@{}", domain.to_lowercase());
        if !is_name && self.addresses.get(id).is_some_and(|own| own.iter().any(|own| own.ends_with(&here))) {
            return true;
        }
        let Some(name) = name else { return false };
        let is_own = |word: &String| word == id || name.contains(word);
        let fits = |word: &String| is_own(word) || fits(name, word) || !word.chars().all(char::is_alphabetic);
        mailbox.iter().any(is_own) && !mailbox.iter().all(|word| fits(word) || PLAIN.contains(&word.as_str()))
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
            match self.people.attendee(attendee) {
                Some(id) => add(id),
                None => match agreed(self.people, attendee, &event.summary) {
                    Some(id) => add(&Some(id)),
                    None => unknown.extend(attendee.name.as_deref().or(attendee.email.as_deref())),
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
            let read = Self::read(self.people, &event.summary);
            if let Some((called, id)) = read.stranger {
                return self.stranger(event, &called, &id, report);
            }
            if let Some(word) = stands_in(&event.summary).filter(|_| read.people.len() > 1) {
                return self.instead(event, &word, report);
            }
            if let Some(id) = read.doubtful
                && self.told.insert(folded(&event.summary))
            {
                let called = excerpt(&event.summary);
                let message = format!("`{called}` is read as `{id}`, who is only a word of it");
                let help =
                    format!("say so under `people`, `\"{called}\": {id}`; what is nobody is `\"{called}\": null`");
                report.warn(event.line, "guessed_person", message, help);
            }
            found = read.people;
        }
        if !found.is_empty() {
            return Some(found);
        }
        self.unknown(event, None, report)
    }

    fn stranger(&mut self, event: &Event, called: &str, id: &str, report: &mut Report) -> Option<Vec<String>> {
        if self.told.insert(folded(called)) {
            let message =
                format!("`{}` is not what the policy calls `{id}`, so it may be somebody else", excerpt(called));
            return report.refuse(event.line, "unknown_person", message, HELP);
        }
        None
    }

    fn instead(&mut self, event: &Event, word: &str, report: &mut Report) -> Option<Vec<String>> {
        let called = &event.summary;
        if self.told.insert(folded(called)) {
            let message = format!("`{}` does not say who is on call: it has the word `{word}`", excerpt(called));
            return report.refuse(event.line, "unknown_person", message, HELP);
        }
        None
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

/// The words by which a text says that one of those whom it names stands in for the other.
const INSTEAD: [&str; 5] = ["cover", "covering", "covers", "for", "instead"];

fn stands_in(text: &str) -> Option<String> {
    words(text).find(|word| INSTEAD.contains(&word.as_str()))
}

/// The words around a name that are no part of it.
const PLAIN: [&str; 16] = [
    "backup",
    "call",
    "duty",
    "is",
    "l1",
    "l2",
    "l3",
    "on",
    "on-call",
    "oncall",
    "override",
    "primary",
    "rota",
    "rotation",
    "secondary",
    "shift",
];

/// Whether a word is one of a name, or begins one: `R.` of `Ana Rossi`.
fn fits(name: &[String], word: &str) -> bool {
    name.iter().any(|whole| whole.starts_with(word))
}

/// The words of a mailbox: `ana.rossi` has two.
fn apart(mailbox: &str) -> String {
    mailbox.replace(['.', '_', '-', '+'], " ")
}

/// Whom both the name of somebody who takes part and the summary name: `ben@example.org` and `On Call - Ben` mean Ben
/// together, though the policy knows no such address.
fn agreed(people: &People, attendee: &Attendee, summary: &str) -> Option<String> {
    if says_who_is_missing(summary).is_some() {
        return None;
    }
    let mailbox = attendee.email.as_deref().and_then(|email| email.split('@').next());
    let own: Vec<&str> = [attendee.name.as_deref(), mailbox].into_iter().flatten().collect();
    let named = Naming::read(people, summary);
    if named.stranger.is_some() {
        return None;
    }
    let own = Naming::read(people, &apart(&own.join(" "))).people;
    own.into_iter().find(|id| named.people.contains(id) && !people.contradicts(id, attendee))
}

/// Whom a text names among its words.
#[derive(Debug, Default)]
struct Named {
    people: Vec<String>,
    /// What is likely the name of somebody else, and who it would have been.
    stranger: Option<(String, String)>,
    /// Who is only a word of a longer part of the text, which may be about something else.
    doubtful: Option<String>,
}

/// A word of a text, and the part it stands in: `On Call - Ana Rossi - Platform` has three.
struct Word {
    small: String,
    written: String,
    part: usize,
}

impl Naming<'_> {
    /// The people whom a text names among its words, the longest name first where two begin at a word.
    fn read(people: &People, text: &str) -> Named {
        let parts = parts(text);
        let mut read = Named::default();
        let mut names: Vec<(usize, usize, String)> = Vec::new();
        // What is part of a name, or says nothing about one.
        let mut known: BTreeSet<usize> = BTreeSet::new();
        known.extend((0..parts.len()).filter(|at| parts.get(*at).is_some_and(|word| PLAIN.contains(&&*word.small))));
        let mut at = 0;
        while at < parts.len() {
            let lengths = (1..=NAME_WORDS_MAX.min(parts.len() - at)).rev();
            let name = lengths.into_iter().find_map(|length| {
                let key =
                    parts.get(at..at + length)?.iter().map(|word| word.small.as_str()).collect::<Vec<_>>().join(" ");
                people.named(&key).map(|id| (length, key, id))
            });
            let Some((length, key, id)) = name else {
                at += 1;
                continue;
            };
            known.extend(at..at + length);
            if let Some(id) = id {
                if !people.aliases.contains(&key) && !key.contains('@') {
                    names.push((at, length, id.clone()));
                }
                if !read.people.contains(id) {
                    read.people.push(id.clone());
                }
            }
            at += length;
        }
        for (at, length, id) in names {
            let Some(first) = parts.get(at) else { continue };
            let name = people.full_name(&id).unwrap_or_default();
            let beside = |(index, word): &(usize, &Word)| word.part == first.part && !known.contains(index);
            let beside: Vec<(usize, &Word)> = parts.iter().enumerate().filter(beside).collect();
            let others = || beside.iter().filter(|(_, word)| !fits(name, &word.small));
            let is_whole = length >= name.len() || beside.iter().any(|(_, word)| name.contains(&word.small));
            let next = others().find(|(index, _)| *index == at + length);
            // A name is written with capitals; small letters say what the person does.
            let surname = next.filter(|(_, word)| word.written.chars().next().is_some_and(char::is_uppercase));
            if let Some((last, _)) = surname.filter(|_| !is_whole) {
                let called = parts.get(at..=*last).unwrap_or_default().iter().map(|word| word.written.as_str());
                read.stranger.get_or_insert_with(|| (called.collect::<Vec<_>>().join(" "), id.clone()));
            } else if others().next().is_some() {
                read.doubtful.get_or_insert(id);
            }
        }
        read
    }
}

/// The words of a text with the part they stand in. What stands between brackets, commas, dashes and colons is a part.
fn parts(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut part = 0;
    for chunk in text.split_inclusive(splits) {
        let raw = chunk.trim_end_matches(splits);
        let written = raw.trim_matches(|c: char| !c.is_alphanumeric());
        // `Ana and Ben` are two, and `Ben on Sundays` says when.
        let joins = ["and", "on"].iter().any(|word| written.eq_ignore_ascii_case(word));
        if joins || written.is_empty() && !raw.is_empty() {
            part += 1;
        }
        if !written.is_empty() && found.len() < SUMMARY_WORDS_MAX {
            found.push(Word { small: written.to_lowercase(), written: written.to_owned(), part });
        }
        let ends = chunk.ends_with(|c: char| splits(c) && !c.is_whitespace());
        if joins || ends || raw.ends_with(':') {
            part += 1;
        }
    }
    found
}

/// What stands between two words.
fn splits(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '(' | ')' | '[' | ']' | '<' | '>')
}

/// The words of a text in small letters, without what stands around them.
fn words(text: &str) -> impl Iterator<Item = String> {
    let outside = |c: char| !c.is_alphanumeric();
    text.split(splits).map(move |word| word.trim_matches(outside).to_lowercase()).filter(|word| !word.is_empty())
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
            assert_eq!(Naming::read(&people(), text).people, expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_two_share_names_neither() {
        let mut people = people();
        people.add("ben2", Some("Ben O'Neill"), []);
        assert_eq!(Naming::read(&people, "On call: Ben O'Neill").people, ["ben"], "`ben` alone is still his own");
        people.add("ben3", Some("ben"), []);
        assert!(Naming::read(&people, "On call: Ben O'Neill").people.is_empty());
        people.alias("Ben O'Neill", Some("ben2"));
        assert_eq!(Naming::read(&people, "Ben O'Neill").people, ["ben2"]);
    }

    #[test]
    fn a_word_is_doubtful_and_another_name_is_somebody_else() {
        for (text, stranger, doubtful) in [
            ("ana", None, None),
            ("ana, ben", None, None),
            ("ana ben", None, None),
            ("ana and ben", None, None),
            ("Ben on Sundays", None, None),
            ("On Call - Ana Rossi - Platform", None, None),
            ("On call: Ana", None, None),
            ("[L1] Ana R. (Platform)", None, None),
            ("Ana Lucia Rossi", None, Some("ana")),
            ("Birthday of ben", None, Some("ben")),
            ("Ana swaps a day", None, Some("ana")),
            ("Ana Smith", Some("Ana Smith"), None),
            ("ana smith", None, Some("ana")),
            ("carla override", None, None),
            ("On Call - Ana Smith - Platform Primary", Some("Ana Smith"), None),
        ] {
            let read = Naming::read(&people(), text);
            assert_eq!(read.stranger.as_ref().map(|(called, _)| called.as_str()), stranger, "{text}");
            assert_eq!(read.doubtful.as_deref(), doubtful, "{text}");
        }
    }
}
