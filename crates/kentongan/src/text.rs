//! What people write, as it reads: whether it says anything, and its words without what nobody sees.

mod address;
mod folding;

pub(crate) use address::is_web_address;
pub(crate) use folding::{folded, narrow};

/// Whether a text says nothing: it has no letter, digit or symbol, but spaces, marks of punctuation and what nobody
/// sees. Every text that others rely on is asked this, so that a hyphen or a character without width is no answer.
pub(crate) fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c) || is_punctuation(c))
}

/// A text as it reads: without what nobody sees, and with one space where there is any room.
pub(crate) fn visible(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c) && (c.is_whitespace() || !c.is_control())).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks of punctuation. A symbol, such as a tick or a thumb, does say something.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(
            c,
            // Of Latin, the combining marks alone, and of other scripts what stands for a comma, a stop or a question.
            '\u{A1}' | '\u{A7}' | '\u{A8}' | '\u{AB}' | '\u{AF}' | '\u{B4}' | '\u{B6}'..='\u{B8}' | '\u{BB}' | '\u{BF}'
                | '\u{300}'..='\u{36F}' | '\u{589}' | '\u{5BE}' | '\u{5C0}' | '\u{5C3}' | '\u{60C}' | '\u{61B}'
                | '\u{61F}' | '\u{6D4}' | '\u{964}' | '\u{965}'
                // General punctuation, the blank of Braille, and that of China, Japan and Korea in all its widths.
                | '\u{2010}'..='\u{205E}' | '\u{2212}' | '\u{2500}'..='\u{2503}' | '\u{2800}' | '\u{2E00}'..='\u{2E7F}'
                | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '\u{30FB}'
                | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FF0F}'
                | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        )
}

/// What nobody sees: the characters that Unicode calls default-ignorable, and those that only order or shape others.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_or_a_character_without_width_says_nothing() {
        for text in [
            "",
            " \t\n",
            "-",
            "—",
            "...",
            "…",
            "?",
            "* * *",
            "\u{200b}",
            "\u{feff}\u{2060}",
            "\u{2800}",
            "\u{3164}",
            "。",
            "、？",
            "«»",
            "\u{301}",
            "`|`",
            "\0",
            "\u{e0041}",
            "\u{ad}",
            "-\u{200d}-",
            "\u{2028}",
        ] {
            assert!(says_nothing(text), "{text:?}");
        }
        for text in ["a", "0", "n/a", "-1", "✅", "👍", "え", "ا", "…?x", "→", "½", "日本", "क"] {
            assert!(!says_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_seen_is_left() {
        assert_eq!(visible("Sa\u{200b}ri\u{a0}\n Wu\u{ad}lan\u{2060}dari\0"), "Sari Wulandari");
        assert_eq!(visible("\u{202e}x\u{202c}"), "x");
    }
}
