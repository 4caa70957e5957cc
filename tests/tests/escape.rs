//! What people write is shown as it was written, wherever it stands: as those read it who will, and by no rule of ours.

use kentongan::escape;
use mail_parser::MessageParser;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pulldown_cmark::{Event, Options, Parser};

/// The same texts at every run; `PROPTEST_RNG_SEED` takes others.
fn texts(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_128),
        given @ RngSeed::Fixed(_) => given,
    };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..default }
}

/// Pieces that are markup somewhere, and anything else.
fn hostile() -> impl Strategy<Value = String> {
    const MARKUP: [&str; 66] = [
        "*",
        "**",
        "_",
        "__",
        "`",
        "```",
        "~~",
        "~~~",
        "#",
        "# ",
        "> ",
        ">",
        "<",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<!here>",
        "<@U1>",
        "<https://x|y>",
        "[",
        "]",
        "](",
        "[a](b)",
        "![a](b)",
        "[^1]",
        "[ ]",
        "- ",
        "-",
        "---",
        "+ ",
        "1. ",
        "1) ",
        "12.",
        "=",
        "===",
        ":-",
        ": ",
        "|",
        "| a | b |\n|---|---|\n",
        "\\",
        "\\\n",
        "  \n",
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        "    ",
        "&amp;",
        "&#35;",
        "&",
        "$",
        "$$",
        "@here",
        "@channel",
        "@ana",
        "@",
        "https://x.org/a",
        "ftp://x",
        "www.x.org",
        "ana@x.org",
        "=?UTF-8?Q?a?=",
        "?=",
        "\u{2028}",
        "\u{85}",
        "\u{202e}",
    ];
    let piece = prop_oneof![
        6 => prop::sample::select(&MARKUP[..]).prop_map(str::to_owned),
        2 => "[a-z ]{1,6}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// What a reader can see of it: without control characters and marks that turn text around.
fn readable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || turns(*c))).collect()
}

fn one_line(text: &str) -> String {
    readable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the blanks of no width, which part an at sign from the name behind it.
fn seen(text: &str) -> String {
    text.replace('\u{200b}', "")
}

/// Whom a forge tells that they are mentioned: it looks for names in what is shown, behind an at sign that no word
/// stands before.
fn mentions(shown: &str) -> bool {
    let of_word = |character: char| character.is_alphanumeric() || character == '_';
    shown.char_indices().any(|(at, character)| {
        let (ahead, behind) = (&shown[..at], &shown[at + character.len_utf8()..]);
        character == '@' && behind.starts_with(of_word) && !ahead.ends_with(of_word)
    })
}

/// What GitHub's Markdown makes a link of without any brackets: it looks for these in what is written.
fn links(written: &str) -> bool {
    let lower = written.to_lowercase();
    ["http://", "https://", "ftp://", "www."].iter().any(|begins| lower.contains(begins))
}

/// What a document is made of, and what stands in it, in order.
fn read(document: &str) -> (Vec<String>, Vec<String>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS;
    let (mut parts, mut texts, mut open) = (Vec::new(), Vec::new(), false);
    for event in Parser::new_ext(document, options) {
        match event {
            Event::Text(text) if open => {
                texts.last_mut().into_iter().for_each(|last: &mut String| last.push_str(&text));
            }
            Event::Text(text) => {
                texts.push(text.into_string());
                open = true;
            }
            other => {
                parts.push(format!("{other:?}"));
                open = false;
            }
        }
    }
    (parts, texts)
}

/// A text at every place at which templates print one.
fn placed(text: &str) -> String {
    format!(
        "# {text}\n\n{text}\n\n**Status:** {text}\n\n- {text}\n- [ ] {text}\n  - {text}\n\n1. {text}\n   - {text}\n\n\
         | Time | Event |\n|------|-------|\n| {text} | a {text} b |\n\nend\n{text}\n"
    )
}

proptest! {
    #![proptest_config(texts(3_000))]

    #[test]
    fn a_line_of_markdown_shows_the_text_and_changes_nothing_around_it(text in hostile()) {
        let line = seen(&one_line(&text));
        prop_assume!(!line.trim().is_empty());
        let escaped = escape::markdown(&text);
        prop_assert!(!links(&escaped), "{escaped}");
        let (parts, shown) = read(&placed(&escaped));
        prop_assert!(!shown.iter().any(|text| mentions(text)), "{shown:?}");
        let shown: Vec<String> = shown.iter().map(|text| seen(text)).collect();
        let (expected, around) = read(&placed("x"));
        prop_assert_eq!(parts, expected);
        let around: Vec<String> = around.iter().map(|part| match part.as_str() {
            "x" => line.clone(),
            "a x b" => format!("a {line} b"),
            " x" => format!(" {line}"),
            other => other.to_owned(),
        }).collect();
        prop_assert_eq!(shown, around);
    }

    #[test]
    fn paragraphs_show_the_lines_and_nothing_else(text in hostile()) {
        let lines: Vec<String> = readable(&text).lines().map(one_line).filter(|line| !line.is_empty()).collect();
        let escaped = escape::paragraphs(&text);
        prop_assert!(!links(&escaped), "{escaped}");
        let (parts, shown) = read(&escaped);
        prop_assert!(!shown.iter().any(|text| mentions(text)), "{shown:?}");
        let shown: Vec<String> = shown.iter().map(|text| seen(text)).collect();
        let lines: Vec<String> = lines.iter().map(|line| seen(line)).collect();
        let plain = |part: &String| ["Start(Paragraph)", "End(Paragraph)", "HardBreak"].contains(&part.as_str());
        prop_assert!(parts.iter().all(plain), "{parts:?}");
        prop_assert_eq!(shown, lines);
    }

    #[test]
    fn a_header_of_a_mail_is_the_text_and_one_header(text in hostile()) {
        let header = escape::mail_header(&text);
        prop_assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{header}");
        let mail = format!("Subject: {header}\r\nTo: ana@example.org\r\n\r\nbody\r\n");
        let mail = MessageParser::default().parse(mail.as_bytes()).expect("it is a mail");
        prop_assert_eq!(mail.headers().len(), 2);
        prop_assert_eq!(mail.subject().unwrap_or_default(), one_line(&text));
        let body = mail.body_text(0).unwrap_or_default();
        prop_assert_eq!(body.trim(), "body");
    }

    #[test]
    fn slack_shows_the_text_and_calls_nobody(text in hostile()) {
        let escaped = escape::slack(&text);
        prop_assert!(!escaped.contains(['<', '>']), "{escaped}");
        let lower = escaped.to_lowercase();
        prop_assert!(!mentions(&escaped), "{escaped}");
        prop_assert!(["@here", "@channel", "@everyone"].iter().all(|call| !lower.contains(call)), "{escaped}");
        // What is left of entities, once those of ours are read, stood in the text.
        let shown = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        prop_assert_eq!(shown.replace('\u{200b}', ""), readable(&text).replace('\u{200b}', ""));
        let bare = escaped.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "");
        prop_assert!(!bare.contains('&'), "{escaped}");
    }
}
