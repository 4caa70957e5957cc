//! What of a text is not for the public: who works on it and where they are reached, what those inside wrote, and what
//! looks like the name of a machine. Texts are compared as they read, without what nobody sees in them.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::BTreeSet;

use crate::error::InternalWords;
use crate::incident::Incident;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::Document;
use crate::text::{says_nothing, visible};

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
    let shown = plain(text);
    let lower = shown.to_lowercase();
    let document = policy.document();
    let names = document.people.iter().flat_map(|(id, person)| called(id, person.name.as_deref(), &shown));
    Inside {
        surely: surely(document, incident, &lower),
        details: details(incident, &lower),
        names: names.filter(|part| !is_public(document, part)).collect(),
        mixed: mixed(&shown),
    }
}

fn surely(document: &Document, incident: &Incident, text: &str) -> Option<InternalWords> {
    let has = |part: &str| has_text(text, part);
    let found = |words: &str, place: &str| Some(InternalWords { words: words.to_owned(), place: place.to_owned() });
    let of_people = document.people.values().flat_map(|person| person.contacts.values());
    let mut addresses = of_people.chain(document.teams.values().flat_map(|team| team.contacts.values()));
    let runs = digit_runs(text);
    if let Some(address) = addresses.find(|address| has(address) || has_number(&runs, address)) {
        return found(address, "an address of somebody who works on incidents");
    }
    let whole = |name: &&str| name_parts(name).nth(1).is_some() && has_words(text, &plain(name).to_lowercase());
    if let Some(name) = document.people.values().filter_map(|person| person.name.as_deref()).find(whole) {
        return found(name, "the name of somebody who works on incidents");
    }
    let mut own = [incident.id.as_str()].into_iter().chain(incident.channel());
    if let Some(name) = own.find(|name| has(name)) {
        return found(name, "the incident's own name");
    }
    private_address(text).and_then(|address| found(&address, "an address in a private network"))
}

/// What a text has of the alert, and of what those inside wrote.
fn details(incident: &Incident, text: &str) -> Vec<InternalWords> {
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
    let long = |words: &str| visible(words).len() >= limits::INTERNAL_TEXT_BYTES_MIN && !is_number(words);
    let texts = texts.into_iter().filter(|(words, _)| long(words) && has_text(text, words));
    let mut found: Vec<InternalWords> =
        texts.map(|(words, place)| InternalWords { words: visible(words), place }).collect();
    let labels = alert.labels.iter().map(|(key, value)| (value, format!("the alert's label `{key}`")));
    let links = alert.links.iter().map(|(key, value)| (value, format!("the alert's link `{key}`")));
    for (value, place) in labels.chain(links) {
        if let Some(words) = technical_words(value).into_iter().find(|words| has_words(text, words)) {
            found.push(InternalWords { words, place });
        }
    }
    found
}

/// The words of a label's value that are about machines: the whole, and its host without a port, a scheme and a path.
/// Numbers, dates and versions are everybody's.
fn technical_words(value: &str) -> Vec<String> {
    let whole = plain(value).to_lowercase();
    let technical = |word: &str| {
        word.parse::<IpAddr>().is_ok()
            || (!is_number(word) && word.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | ':' | '@' | '_')))
    };
    let has_port = whole.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = |part: &str| technical(part) || (has_port && part.contains(['.', '-']) && !is_number(part));
    let mut words: Vec<String> = Some(whole.clone()).into_iter().filter(|whole| technical(whole)).collect();
    words.extend(whole.split([':', '/']).filter(|part| *part != whole && host(part)).map(str::to_owned));
    // An address of the sixth version has colons of its own.
    let bracketed = whole.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    words.extend(bracketed.map(|(address, _)| address.to_owned()));
    words.retain(|word| word.len() >= limits::INTERNAL_WORD_BYTES_MIN);
    words
}

/// Whether a value is a number, a version, a date or a time, as anybody writes them.
fn is_number(value: &str) -> bool {
    let value = plain(value).to_lowercase();
    let value = value.strip_prefix('v').unwrap_or(&value);
    let value = value.strip_suffix(['z', '%']).unwrap_or(value);
    let (day, time) = value.split_once('t').unwrap_or((value, "0"));
    [day, time].iter().all(|part| {
        part.contains(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ':' | '/' | ' '))
    })
}

/// An address in a text that nobody outside can reach.
fn private_address(text: &str) -> Option<String> {
    let fourth = text.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
    let mut fourth = fourth.filter(|word| word.parse().is_ok_and(|address: Ipv4Addr| address.is_private()));
    let sixth = text.split(|c: char| !c.is_alphanumeric() && c != ':');
    // A colon after an address is none of its own.
    let sixth = sixth.flat_map(|word| [Some(word), word.strip_suffix(':')]).flatten();
    let mut sixth = sixth.filter(|word| {
        word.parse().is_ok_and(|address: Ipv6Addr| {
            let [first, ..] = address.octets();
            first & 0xfe == 0xfc
        })
    });
    fourth.next().or_else(|| sixth.next()).map(str::to_owned)
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

/// A text as it reads, with the wide forms of letters, digits and signs like the others.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    visible(text).chars().map(narrow).collect()
}

/// The words in a text by which somebody may be called. Who has no name is called by what the policy has.
fn called(id: &str, name: Option<&str>, text: &str) -> Vec<String> {
    let Some(name) = name else {
        let mut letters = id.chars();
        let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let has = [id, capital.as_str()].iter().any(|part| has_name_part(text, part));
        return Some(id.to_owned()).into_iter().filter(|_| has).collect();
    };
    name_parts(name).filter(|part| has_name_part(text, part)).collect()
}

/// The words of a name by which somebody may be called: not initials, nor words such as `van` or `bin`, which are
/// written small.
fn name_parts(name: &str) -> impl Iterator<Item = String> {
    let parts: Vec<String> = plain(name)
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
    names.into_iter().any(|name| has_words(&plain(name).to_lowercase(), &part))
}

/// Whether a text has another in it, in any case.
fn has_text(text: &str, part: &str) -> bool {
    let part = plain(part).to_lowercase();
    !says_nothing(&part) && text.contains(&part)
}

/// Whether words stand in a text, and are no part of longer ones. Scripts without capitals are written without room
/// between words, or join them, so there they count wherever they stand.
fn has_words(text: &str, words: &str) -> bool {
    if !has_case(words) && words.contains(char::is_alphabetic) {
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

    #[test]
    fn of_a_label_machines_count_and_numbers_do_not() {
        let passes = |value: &str| technical_words(value).is_empty();
        for value in ["2026", "2.14.3", "v2.14.3", "2026-11-24", "2026-11-24T02:00:00.5Z", "02:00", "12.5%", "outage"] {
            assert!(passes(value), "{value}");
        }
        let found = |value: &str, text: &str| technical_words(value).iter().any(|words| has_words(text, words));
        for (value, text) in [
            ("panic-gw-2:9090", "panic-gw-2 failed"),
            ("https://panic-gw-2/health", "on panic-gw-2."),
            ("gateway.internal:9090", "gateway.internal failed"),
            ("panic-gw:9090", "panic-gw failed"),
            ("203.0.113.7:9090", "203.0.113.7 failed"),
            ("[2001:db8::1]:9090", "on 2001:db8::1"),
            ("/login", "what /login says"),
        ] {
            assert!(found(value, text), "{value}");
        }
        for (value, text) in [
            ("panic-gw-2:9090", "panic-gw-21 or 9090 users"),
            ("203.0.113.7", "1203.0.113.71"),
            ("/login", "example.org/login, the login"),
            ("gateway:9090", "the gateway"),
        ] {
            assert!(!found(value, text), "{value}");
        }
    }

    #[test]
    fn an_address_that_nobody_outside_reaches_is_known() {
        for text in
            ["10.1.2.3", "at 10.1.2.3.", "172.16.0.1:80", "(192.168.0.1)", "fd00::1", "[fc00::1]:80", "fd12::a: up"]
        {
            assert!(private_address(text).is_some(), "{text}");
        }
        for text in ["11.1.2.3", "172.32.0.1", "v10.1.2.3", "10.1.2", "fe80::1", "2001:db8::1", "at 10:11:12", "fd::1"]
        {
            assert_eq!(private_address(text), None, "{text}");
        }
    }

    #[test]
    fn letters_that_look_like_others_are_known_beside_them() {
        assert_eq!(mixed("S\u{430}ri is on it"), BTreeSet::from(["S\u{430}ri".to_owned()]));
        assert_eq!(mixed("\u{391}na").len(), 1);
        for text in ["Сари", "SMS-сообщения", "10 μs, 5 kΩ", "Jürgen", "担当はSari", "Η Ana"] {
            assert!(mixed(text).is_empty(), "{text}");
        }
        assert_eq!(plain("ＳＡＲＩ－１"), "SARI-1");
    }
}
