//! What those inside wrote, and whether a text for the public has it, or a part of it, word for word.

use std::collections::BTreeSet;

use super::machines::is_number;
use super::words::{has_case, plain, words};
use crate::limits;
use crate::text::{says_nothing, visible};

/// A text for the public, made ready to be compared with many from inside.
pub(super) struct Compared {
    /// As it reads, small and without accents.
    text: String,
    /// Its words with one space around each.
    words: String,
    /// Its words that have letters, as many at a time as count as copied.
    runs: BTreeSet<String>,
    /// What services are called in public, in several words. Each counts as one: it is everybody's.
    names: Vec<(String, String)>,
}

impl Compared {
    pub(super) fn of<'a>(public_names: impl Iterator<Item = &'a str>, text: &str) -> Self {
        let names = public_names.map(plain).filter(|name| words(name).nth(1).is_some());
        let names: Vec<(String, String)> = names.map(|name| (name.clone(), words(&name).collect())).collect();
        let text = plain(text);
        let one = together(&names, &text);
        let lettered = lettered(&one);
        let runs = lettered.windows(limits::INTERNAL_RUN_WORDS_MIN).map(|run| run.join(" ")).collect();
        Self { words: spaced(&one), runs, names, text }
    }

    /// What of a text from inside stands in it: the whole, a sentence, or some words that follow each other.
    pub(super) fn copied(&self, inside: &str) -> Option<String> {
        if says_nothing(inside) || is_number(inside) {
            return None;
        }
        let whole = plain(inside);
        if visible(inside).len() >= limits::INTERNAL_TEXT_BYTES_MIN && self.text.contains(&whole) {
            return Some(visible(inside));
        }
        let one = together(&self.names, &whole);
        if lettered(&one).len() >= limits::INTERNAL_TEXT_WORDS_MIN && self.words.contains(&spaced(&one)) {
            return Some(visible(inside));
        }
        self.sentence(inside).or_else(|| self.run(&one))
    }

    fn sentence(&self, inside: &str) -> Option<String> {
        let lines = inside.split(['\n', '\r', '!', '?', ';', '。', '！', '？', '؟', '।']);
        lines.flat_map(|line| line.split(". ")).find_map(|sentence| {
            let small = plain(sentence);
            let one = together(&self.names, &small);
            let has = if has_case(&small) {
                lettered(&one).len() >= limits::INTERNAL_SENTENCE_WORDS_MIN && self.words.contains(&spaced(&one))
            } else {
                // Without room between words they cannot be counted.
                small.len() >= limits::INTERNAL_TEXT_BYTES_MIN && !is_number(&small) && self.text.contains(&small)
            };
            has.then(|| visible(sentence))
        })
    }

    /// The first words that follow each other in both, as far as they go.
    fn run(&self, inside: &str) -> Option<String> {
        let words = lettered(inside);
        let mut runs = words.windows(limits::INTERNAL_RUN_WORDS_MIN).map(|run| run.join(" "));
        let mut found = runs.by_ref().find(|run| self.runs.contains(run))?;
        for run in runs.take_while(|run| self.runs.contains(run)) {
            if let Some((_, last)) = run.rsplit_once(' ') {
                found = format!("{found} {last}");
            }
        }
        Some(found)
    }
}

/// A text in which each of the names is one word.
fn together(names: &[(String, String)], text: &str) -> String {
    names.iter().fold(text.to_owned(), |text, (name, one)| text.replace(name, one))
}

/// The words of a text that have letters: a date or an amount is everybody's.
fn lettered(text: &str) -> Vec<&str> {
    words(text).filter(|word| word.contains(char::is_alphabetic)).collect()
}

fn spaced(text: &str) -> String {
    let mut all = String::from(" ");
    for word in words(text) {
        all.push_str(word);
        all.push(' ');
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(public: &str, inside: &str) -> Option<String> {
        Compared::of(["Panic Button of the Old Town"].into_iter(), public).copied(inside)
    }

    #[test]
    fn a_part_of_a_text_from_inside_is_known() {
        for (public, inside, found) in [
            (
                "Note: disk of the primary database is full, sorry.",
                "The disk of the primary database is full since noon",
                "disk of the primary database is full",
            ),
            (
                "We know: the disk, is FULL now!",
                "Primary fails. The disk is full now. Ask the vendor",
                "The disk is full now",
            ),
            ("As I said, db is dead.", "DB is dead", "DB is dead"),
            (
                "主データベースの空き容量がありません、申し訳ありません",
                "至急。主データベースの空き容量がありません。再起動する",
                "主データベースの空き容量がありません",
            ),
            ("Restart-Tomcat now", "restart tomcat now!", "restart tomcat now!"),
        ] {
            assert_eq!(copied(public, inside).as_deref(), Some(found), "{public}");
        }
    }

    #[test]
    fn words_that_are_everybodys_pass() {
        for (public, inside) in [
            ("The database is full of news", "The database is full since noon"),
            ("The service is down.", "Payments fail. The service is slow."),
            ("Since 2026-11-28 20:15 to 2026-11-28 21:30", "Between 2026-11-28 20:15 and 21:30"),
            ("outage", "outage"),
            ("The panic button of the old town does not work", "Panic Button of the Old Town fails"),
            ("It is down", "is down"),
            ("in 2 hours", "in 2 hours"),
            ("12345678901234567", "12345678901234567"),
        ] {
            assert_eq!(copied(public, inside), None, "{public}");
        }
    }
}
