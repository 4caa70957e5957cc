//! Whether somebody who works on incidents is named: by the whole name, in whatever order and with whatever between, or
//! by a part of it.

use std::collections::BTreeSet;

use super::words::{has_case, has_words, plain, words};
use crate::limits;
use crate::policy::document::Document;
use crate::text::{folded, narrow};

/// Whether a text has a whole name in it. In its order it counts in any case; in another one, or with a comma between,
/// with its capitals, since most parts of names are words, too.
pub(super) fn has_whole_name(text: &str, name: &str) -> bool {
    if name_parts(name).nth(1).is_none() {
        return false;
    }
    let (text, name) = (folded(text), folded(name));
    if has_words(&text.to_lowercase(), &name.to_lowercase()) {
        return true;
    }
    let said = said(&text);
    let whole: Vec<String> = words(&name).map(str::to_lowercase).collect();
    let parts: Vec<String> =
        name_parts(&name).flat_map(|part| words(&part).map(str::to_lowercase).collect::<Vec<_>>()).collect();
    [whole, parts].iter().any(|name| stands_in(&said, name))
}

/// A word of a text.
struct Said {
    small: String,
    /// Whether it begins as names do.
    capital: bool,
    /// Whether no more than room, a hyphen, a dot or the like is between it and the word before.
    close: bool,
}

fn said(text: &str) -> Vec<Said> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (between, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len()));
        let joint = |c: char| matches!(c, ' ' | '-' | '_' | '.' | '\'' | '’' | '‐'..='―' | '/' | '+');
        all.push(Said {
            small: word.to_lowercase(),
            capital: word.starts_with(|c: char| !c.is_lowercase()),
            close: between.chars().count() == 1 && between.chars().all(joint),
        });
        rest = after;
    }
    all
}

fn stands_in(text: &[Said], name: &[String]) -> bool {
    if name.len() < 2 {
        return false;
    }
    let (joined, turned) = (name.concat(), name.iter().rev().map(String::as_str).collect::<String>());
    if text.iter().any(|word| word.small == joined || word.small == turned) {
        return true;
    }
    let sorted: BTreeSet<&str> = name.iter().map(String::as_str).collect();
    text.windows(name.len()).any(|window| {
        let close = window.iter().skip(1).all(|word| word.close);
        let in_order = close && window.iter().zip(name).all(|(word, part)| word.small == *part);
        // A word such as `van` is small in the name, too.
        let capital = window.iter().filter(|word| word.capital).count() >= 2;
        let same: BTreeSet<&str> = window.iter().map(|word| word.small.as_str()).collect();
        in_order || (capital && same == sorted)
    })
}

/// The words in a text by which somebody may be called. Who has no name is called by what the policy has.
pub(super) fn called(id: &str, name: Option<&str>, text: &str) -> Vec<String> {
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
    let parts: Vec<String> = narrow(name)
        .split_whitespace()
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|part| part.chars().nth(1).is_some() && !part.chars().next().is_some_and(char::is_lowercase))
        .collect();
    parts.into_iter()
}

/// Whether a text has a part of a name as a word of its own. What is short is more often a word like any other, so it
/// counts as it is written only.
fn has_name_part(text: &str, part: &str) -> bool {
    let (text, part) = (folded(text), folded(part));
    if part.chars().nth(limits::NAME_PART_CHARACTERS_MIN - 1).is_none() && has_case(&part) {
        return has_words(&text, &part);
    }
    has_words(&text.to_lowercase(), &part.to_lowercase())
}

/// Whether the policy itself has the word in what services are called in public.
pub(super) fn is_public(document: &Document, part: &str) -> bool {
    let part = plain(part);
    let names = document.services.values().filter_map(|service| service.public_name.as_deref());
    names.into_iter().any(|name| has_words(&plain(name), &part))
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
        assert!(has_name_part("Ask Jose", "José") && has_name_part("ask JOSÉ", "Jose"));
        assert_eq!(called("jose", Some("José Peña"), "Pena has it"), ["Peña"]);
    }

    #[test]
    fn a_whole_name_is_known_in_any_order_and_with_anything_between() {
        for text in [
            "sari wulandari has it",
            "Wulandari, Sari",
            "WULANDARI SARI",
            "sari-wulandari@",
            "sari.wulandari",
            "Sari_Wulandari",
            "ask SariWulandari",
            "wulandarisari",
            "Sárí Wulandarì",
            "Sari/Wulandari",
            "𝐒𝐚𝐫𝐢 𝐖𝐮𝐥𝐚𝐧𝐝𝐚𝐫𝐢",
        ] {
            assert!(has_whole_name(text, "Sari Wulandari"), "{text}");
        }
        for text in ["Sari and Wulandari", "Sari", "wulandari, sari", "Sarita Wulandari", "sari. wulandari"] {
            assert!(!has_whole_name(text, "Sari Wulandari"), "{text}");
        }
        assert!(has_whole_name("van Dijk, Anna", "Anna van Dijk") && has_whole_name("Dijk, Anna", "Anna van Dijk"));
        assert!(has_whole_name("Jose Pena", "José Peña") && has_whole_name("Grosse Muller", "Große Müller"));
        // Words that are names by chance stay words.
        assert!(
            !has_whole_name("The young will wait", "Will Young")
                && !has_whole_name("If you will, young people", "Will Young")
        );
        assert!(!has_whole_name("Sari", "Sari"));
    }
}
