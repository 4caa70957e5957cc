//! Words in a text, and whether some of them stand in another.

use crate::text::folded;

/// A text in the letters in which it is compared: as it reads, small, without accents.
pub(super) fn plain(text: &str) -> String {
    folded(text).to_lowercase()
}

/// Whether words stand in a text, and are no part of longer ones. Scripts without capitals are written without room
/// between words, or join them, so there they count wherever they stand.
pub(super) fn has_words(text: &str, words: &str) -> bool {
    if words.is_empty() {
        return false;
    }
    if !has_case(words) && words.contains(char::is_alphabetic) {
        return text.contains(words);
    }
    text.match_indices(words).any(|(start, found)| {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + found.len()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Whether a text is of a script that has capitals.
pub(super) fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// The words of a text, without what stands between them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
