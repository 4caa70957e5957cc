//! Text inside a message of Slack.

use super::{UNMENTIONED, mentions, readable};

/// The words that call everybody in a channel when they stand behind an at sign.
const CALLS: [&str; 4] = ["here", "channel", "everyone", "group"];

/// For a text in Slack's own markup: links, mentions of people, channels and groups, and calls to everybody become
/// plain text. Line breaks stay. What only styles, such as `*` and `_`, has no escape there and stays.
#[must_use]
pub fn slack(text: &str) -> String {
    let clean = readable(text);
    let mut escaped = String::with_capacity(clean.len());
    for (at, character) in clean.char_indices() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => {
                let ahead = clean.get(..at).unwrap_or_default();
                let behind = clean.get(at + 1..).unwrap_or_default();
                let calls = |word: &&str| behind.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
                // Also where a host lets Slack look for names.
                let reaches = CALLS.iter().any(calls) || mentions(ahead, behind);
                escaped.push_str(if reaches { UNMENTIONED } else { "@" });
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_by_a_text() {
        assert_eq!(slack("<!channel> <@U1> <https://x|y>"), "&lt;!channel&gt; &lt;@U1&gt; &lt;https://x|y&gt;");
        assert_eq!(slack("@HERE, @everyone"), "@\u{200b}HERE, @\u{200b}everyone");
        assert_eq!(slack("ana@example.org"), "ana@example.org");
        assert_eq!(slack("ask @ana or (@ops)"), "ask @\u{200b}ana or (@\u{200b}ops)");
        assert_eq!(slack("@\u{202e}here"), "@\u{200b}here");
        assert_eq!(slack("a\nb"), "a\nb");
    }
}
