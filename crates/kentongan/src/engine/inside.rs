//! What of a text is not for the public: who works on it and where they are reached, what those inside wrote, and what
//! looks like the name of a machine. Texts are compared as they read, without what nobody sees in them.

use std::collections::BTreeSet;

use crate::incident::Incident;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::Document;
use crate::text::{says_nothing, visible};

/// What a text has in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// What can be nothing else.
    Surely(&'static str),
    /// Parts of somebody's name, which may be words like any other.
    Names(Vec<String>),
}

/// What of a text is not for the public, the surest first.
pub(super) fn inside(policy: &Policy, incident: &Incident, text: &str) -> Option<Inside> {
    let shown = visible(text);
    sure(policy, incident, &shown.to_lowercase()).map(Inside::Surely).or_else(|| {
        let document = policy.document();
        let parts = document.people.values().filter_map(|person| person.name.as_deref()).flat_map(name_parts);
        let found: BTreeSet<String> =
            parts.filter(|part| has_name_part(&shown, part) && !is_public(document, part)).collect();
        (!found.is_empty()).then(|| Inside::Names(found.into_iter().collect()))
    })
}

fn sure(policy: &Policy, incident: &Incident, text: &str) -> Option<&'static str> {
    let has = |part: &str| {
        let part = visible(part).to_lowercase();
        !says_nothing(&part) && text.contains(&part)
    };
    let document = policy.document();
    let of_people = document.people.values().flat_map(|person| person.contacts.values());
    let mut addresses = of_people.chain(document.teams.values().flat_map(|team| team.contacts.values()));
    let runs = digit_runs(text);
    if addresses.any(|address| has(address) || has_number(&runs, address)) {
        return Some("an address of somebody who works on incidents");
    }
    let whole = |name: &str| name_parts(name).nth(1).is_some() && has_words(text, &visible(name).to_lowercase());
    if document.people.values().filter_map(|person| person.name.as_deref()).any(whole) {
        return Some("the name of somebody who works on incidents");
    }
    if has(incident.id.as_str()) || incident.channel().is_some_and(has) {
        return Some("the incident's own name");
    }
    let alert = &incident.alert;
    let update = incident.status_update.iter();
    let written = update.flat_map(|update| update.parts.values().chain([&update.text]));
    let described = alert.annotations.values().chain([&alert.summary, &alert.description]);
    let long = |words: &String| visible(words).len() >= limits::INTERNAL_TEXT_BYTES_MIN;
    if written.chain(described).filter(|words| long(words)).any(|words| has(words)) {
        return Some("words that were written for those inside");
    }
    let technical = |value: &&String| {
        value.trim().len() >= limits::INTERNAL_WORD_BYTES_MIN
            && value.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | ':' | '@' | '_'))
    };
    let values = alert.labels.values().chain(alert.links.values());
    values.filter(technical).any(|value| has(value)).then_some("a detail of the alert")
}

/// The words of a name by which somebody may be called: not initials, nor words such as `van` or `bin`, which are
/// written small.
fn name_parts(name: &str) -> impl Iterator<Item = String> {
    let parts: Vec<String> = visible(name)
        .split_whitespace()
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|part| part.chars().nth(1).is_some() && !part.chars().next().is_some_and(char::is_lowercase))
        .collect();
    parts.into_iter()
}

/// Whether a text has a part of a name as a word of its own. What is short is more often a word like any other, so it
/// counts as it is written only.
fn has_name_part(text: &str, part: &str) -> bool {
    if part.chars().nth(limits::NAME_PART_CHARACTERS_MIN - 1).is_none() && has_case(part) {
        return has_words(text, part);
    }
    has_words(&text.to_lowercase(), &part.to_lowercase())
}

/// Whether the policy itself has the word in what services are called in public.
fn is_public(document: &Document, part: &str) -> bool {
    let part = part.to_lowercase();
    let names = document.services.values().filter_map(|service| service.public_name.as_deref());
    names.into_iter().any(|name| has_words(&visible(name).to_lowercase(), &part))
}

/// Whether words stand in a text, and are no part of longer ones. Scripts without capitals are written without room
/// between words, or join them, so there they count wherever they stand.
fn has_words(text: &str, words: &str) -> bool {
    if !has_case(words) {
        return text.contains(words);
    }
    text.match_indices(words).any(|(start, found)| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// The digits of each number in a text, whatever people write between them.
fn digit_runs(text: &str) -> Vec<String> {
    let between = |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '.' | '(' | ')' | '/' | '‐'..='―');
    let runs = text.split(|c: char| !c.is_ascii_digit() && !between(c));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| digits.len() >= limits::PHONE_DIGITS_MIN).collect()
}

/// Whether one of the numbers is a phone number of the policy, with or without its country.
fn has_number(runs: &[String], address: &str) -> bool {
    if address.contains(|c: char| c.is_alphabetic() || c == '@') {
        return false;
    }
    let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < limits::PHONE_DIGITS_MIN {
        return false;
    }
    let last: String = digits.iter().skip(digits.len().saturating_sub(limits::PHONE_DIGITS_COMPARED)).collect();
    runs.iter().any(|run| run.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> Vec<String> {
        name_parts(name).collect()
    }

    #[test]
    fn a_name_is_known_by_its_parts() {
        assert_eq!(parts("Dr. J. van Dijk-Smit"), ["Dr", "Dijk-Smit"]);
        assert_eq!(parts("Sari\u{200b} Wulandari"), ["Sari", "Wulandari"]);
        assert!(has_name_part("Ask SARI.", "Sari") && has_name_part("sari's shift", "Sari"));
        assert!(!has_name_part("a necessary safari", "Sari"));
        // What is short is often a word like any other.
        assert!(has_name_part("Ask Ian", "Ian") && !has_name_part("in an ian way", "Ian"));
        assert!(has_name_part("担当は田中です", "田中"));
    }

    #[test]
    fn a_number_is_known_by_its_digits() {
        let has = |text: &str, number: &str| has_number(&digit_runs(text), number);
        for text in
            ["call 62 812-3456-7890", "0812 3456 7890", "(0812) 3456.7890", "+62 812 3456 7890", "call 081234567890!"]
        {
            assert!(has(text, "+62 812 3456 7890"), "{text}");
        }
        for text in ["at 02:00 on 24 November", "12 of 3456 calls", "2026-11-24 02:00", "0812 3456 7891"] {
            assert!(!has(text, "+62 812 3456 7890"), "{text}");
        }
        assert!(!has("110", "110") && !has("555 0001", "pager-5550001"));
    }
}
