//! What of a text is not for the public: who works on it and where they are reached, what those inside wrote, and what
//! looks like the name of a machine. Texts are compared as they read, without what nobody sees in them.

mod machines;
mod names;
mod numbers;
mod texts;
mod words;

use std::collections::BTreeSet;

use self::machines::{private_address, technical_words};
use self::names::{called, has_whole_name, is_public};
use self::numbers::{digit_runs, has_number, reachable};
use self::texts::Compared;
use self::words::{has_words, plain};
use crate::error::InternalWords;
use crate::incident::Incident;
use crate::policy::Policy;
use crate::policy::document::Document;
use crate::text::{folded, narrow, says_nothing};

/// What a text has in it that is not for the public.
#[derive(Debug, Default)]
pub(super) struct Inside {
    /// What can be nothing else.
    pub(super) surely: Option<InternalWords>,
    /// What is known of the alert and what those inside wrote, which may be for everybody all the same.
    pub(super) details: Vec<InternalWords>,
    /// Parts of somebody's name, which may be words like any other.
    pub(super) names: BTreeSet<String>,
    /// Words with letters of more than one alphabet, which may be a name that is to look like another word.
    pub(super) mixed: BTreeSet<String>,
}

/// What of a text is not for the public.
pub(super) fn inside(policy: &Policy, incident: &Incident, text: &str) -> Inside {
    let document = policy.document();
    let names = document.people.iter().flat_map(|(id, person)| called(id, person.name.as_deref(), text));
    Inside {
        surely: surely(document, incident, text),
        details: details(document, incident, text),
        names: names.filter(|part| !is_public(document, part)).collect(),
        mixed: mixed(&narrow(text)),
    }
}

fn surely(document: &Document, incident: &Incident, text: &str) -> Option<InternalWords> {
    let small = plain(text);
    let has = |part: &str| has_text(&small, part);
    let found = |words: &str, place: &str| Some(InternalWords { words: words.to_owned(), place: place.to_owned() });
    let of_people = document.people.values().flat_map(|person| person.contacts.values());
    let mut addresses = of_people.chain(document.teams.values().flat_map(|team| team.contacts.values()));
    let runs = digit_runs(&small);
    if let Some(address) = addresses.find(|address| has(address) || has_number(&runs, address)) {
        return found(address, "an address of somebody who works on incidents");
    }
    let mut names = document.people.values().filter_map(|person| person.name.as_deref());
    if let Some(name) = names.find(|name| has_whole_name(text, name)) {
        return found(name, "the name of somebody who works on incidents");
    }
    let mut own = [incident.id.as_str()].into_iter().chain(incident.channel());
    if let Some(name) = own.find(|name| has(name)) {
        return found(name, "the incident's own name");
    }
    private_address(&small).and_then(|address| found(&address, "an address in a private network"))
}

/// What a text has of the alert, of what those inside wrote, and of numbers by which somebody may be reached.
fn details(document: &Document, incident: &Incident, text: &str) -> Vec<InternalWords> {
    let alert = &incident.alert;
    let mut texts = vec![
        (alert.summary.as_str(), "the alert's summary".to_owned()),
        (alert.description.as_str(), "the alert's description".to_owned()),
    ];
    texts.extend(alert.annotations.iter().map(|(key, of)| (of.as_str(), format!("the alert's annotation `{key}`"))));
    if let Some(update) = &incident.status_update {
        let parts = update.parts.iter().map(|(part, of)| (of.as_str(), format!("`{part}` of the last status update")));
        texts.extend(parts.chain([(update.text.as_str(), "the last status update".to_owned())]));
    }
    texts.extend(incident.said_inside.texts().map(|said| (said.text.as_str(), said.place.to_string())));
    let public_names = document.services.values().filter_map(|service| service.public_name.as_deref());
    let compared = Compared::of(public_names, text);
    let copied = texts.into_iter().filter_map(|(inside, place)| Some((compared.copied(inside)?, place)));
    let mut found: Vec<InternalWords> = copied.map(|(words, place)| InternalWords { words, place }).collect();
    let small = plain(text);
    let labels = alert.labels.iter().map(|(key, value)| (value, format!("the alert's label `{key}`")));
    let links = alert.links.iter().map(|(key, value)| (value, format!("the alert's link `{key}`")));
    for (value, place) in labels.chain(links) {
        let has = |words: &String| has_words(&small, words) && !is_service(document, words);
        if let Some(words) = technical_words(value).into_iter().find(has) {
            found.push(InternalWords { words, place });
        }
    }
    let place = "a number by which somebody may be reached";
    found.extend(reachable(&folded(text)).into_iter().map(|words| InternalWords { words, place: place.to_owned() }));
    found
}

/// Whether a word is what a service is called, written together: a host may be called like it.
fn is_service(document: &Document, word: &str) -> bool {
    let mut names =
        document.services.iter().flat_map(|(id, service)| [Some(id.as_str()), service.public_name.as_deref()]);
    !word.contains(|c: char| c.is_ascii_digit())
        && names.any(|name| name.is_some_and(|name| plain(name).replace(' ', "-") == word))
}

/// The words of a text that have Latin letters and those of an alphabet that has some that look the same.
fn mixed(text: &str) -> BTreeSet<String> {
    let latin = |c: char| c.is_alphabetic() && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}');
    let alike = |c: char| {
        // The signs of units stand with Latin letters, and look like none.
        !matches!(c, 'μ' | 'Ω')
            && matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' | '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}')
    };
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.contains(latin) && word.contains(alike)).map(str::to_owned).collect()
}

/// Whether a text has another in it, in any case.
fn has_text(text: &str, part: &str) -> bool {
    let part = plain(part);
    !says_nothing(&part) && text.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_like_others_are_known_beside_them() {
        assert_eq!(mixed("S\u{430}ri is on it"), BTreeSet::from(["S\u{430}ri".to_owned()]));
        assert_eq!(mixed("\u{391}na").len(), 1);
        for text in ["Сари", "SMS-сообщения", "10 μs, 5 kΩ", "Jürgen", "担当はSari", "Η Ana"] {
            assert!(mixed(text).is_empty(), "{text}");
        }
    }
}
