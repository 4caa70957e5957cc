//! Letters and digits that read like others: wide and styled forms, accents, and the digits of other scripts.

use super::visible;

/// A text as it reads, with letters without their accents and each digit as the one of ASCII that it is. Its case stays.
pub(crate) fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in visible(text).chars() {
        fold(c, &mut plain);
    }
    plain
}

/// A text as it reads, with the wide forms of letters, digits and signs like the others.
pub(crate) fn narrow(text: &str) -> String {
    visible(text).chars().map(narrowed).collect()
}

fn fold(c: char, plain: &mut String) {
    let c = narrowed(c);
    if c.is_ascii() {
        plain.push(c);
    } else if let Some(digit) = digit(c) {
        plain.push(digit);
    } else if let Some(letter) = styled(c) {
        plain.push(letter);
    } else if !is_mark(c) {
        let lower = c.to_lowercase().next().unwrap_or(c);
        if lower.is_ascii() {
            plain.push(lower.to_ascii_uppercase());
            return;
        }
        match LATIN.iter().find(|(_, like)| like.contains(lower)) {
            Some((letters, _)) if lower == c => plain.push_str(letters),
            Some((letters, _)) => plain.extend(letters.chars().map(|letter| letter.to_ascii_uppercase())),
            None => plain.push(c),
        }
    }
}

const fn narrowed(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(narrow) => narrow,
            None => c,
        },
        _ => c,
    }
}

/// An accent that stands by itself behind its letter.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The ASCII digit that a digit of another script or style is.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let value = match c {
        '²' | '³' => code - 0xb0,
        '¹' => 1,
        '\u{2070}' | '\u{2074}'..='\u{2079}' => code - 0x2070,
        '\u{2080}'..='\u{2089}' => code - 0x2080,
        '\u{2460}'..='\u{2468}' => code - 0x245f,
        '\u{1d7ce}'..='\u{1d7ff}' => (code - 0x1d7ce) % 10,
        _ => {
            let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
            code - u32::from(*zero)
        }
    };
    char::from_digit(value, 10)
}

/// The zero of each script that has digits of its own, in order; the other nine follow it.
const ZEROS: [char; 43] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{104a0}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{1e950}',
];

/// The plain letter that one of a mathematical alphabet or in a circle is.
fn styled(c: char) -> Option<char> {
    let code = u32::from(c);
    let place = match c {
        '\u{1d400}'..='\u{1d6a3}' => (code - 0x1d400) % 52,
        '\u{24b6}'..='\u{24e9}' => code - 0x24b6,
        _ => return None,
    };
    let first = if place < 26 { 'A' } else { 'a' };
    char::from_u32(u32::from(first) + place % 26)
}

/// Latin letters with an accent or a stroke, and the letters that people write in their place.
const LATIN: [(&str, &str); 32] = [
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁẚạảấầẩẫậắằẳẵặⱥ"),
    ("ae", "æǣǽ"),
    ("b", "ƀḃḅḇɓ"),
    ("c", "çćĉċčḉȼƈ"),
    ("d", "ďđðḋḍḏḑḓɗ"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệɇ"),
    ("f", "ḟƒ"),
    ("g", "ĝğġģǥǧǵḡɠ"),
    ("h", "ĥħȟḣḥḧḩḫẖ"),
    ("i", "ìíîïĩīĭįıǐȉȋḭḯỉịɨ"),
    ("ij", "ĳ"),
    ("j", "ĵǰɉ"),
    ("k", "ķǩḱḳḵƙĸ"),
    ("l", "ĺļľŀłḷḹḻḽƚ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňŉŋǹṅṇṉṋɲ"),
    ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợɵ"),
    ("oe", "œ"),
    ("p", "ṕṗƥ"),
    ("q", "ɋ"),
    ("r", "ŕŗřȑȓṙṛṝṟɍ"),
    ("s", "śŝşšșſṡṣṥṧṩ"),
    ("ss", "ßẞ"),
    ("t", "ţťŧțṫṭṯṱẗƭ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựʉ"),
    ("v", "ṽṿʋ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹɏƴ"),
    ("z", "źżžẑẓẕƶȥ"),
    ("fi", "ﬁ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_what_stands_above_below_and_through_them() {
        assert_eq!(
            folded("JOSÉ Müller, Łukasz Ørsted; Đặng Thị Nguyễn"),
            "JOSE Muller, Lukasz Orsted; Dang Thi Nguyen"
        );
        assert_eq!(folded("Jose\u{301} Straße Æsir İlkay"), "Jose Strasse AEsir Ilkay");
        assert_eq!(folded("ＳＡＲＩ－１ 𝐒𝐚𝐫𝐢 Ⓢⓐⓡⓘ"), "SARI-1 Sari Sari");
        // What is a letter of its own, or a sign that changes its syllable, stays.
        for text in ["Сари", "田中", "सारी", "가각", "がか", "μ", "naïve".to_lowercase().replace('ï', "i").as_str()]
        {
            assert_eq!(folded(text), text);
        }
    }

    #[test]
    fn a_digit_of_any_script_is_the_digit_that_it_is() {
        for text in
            ["٠٨١٢٣٤٥٦٧٨٩", "०८१२३४५६७८९", "０８１２３４５６７８９", "𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰⁸¹²³⁴⁵⁶⁷⁸⁹", "꧐꧘꧑꧒꧓꧔꧕꧖꧗꧘꧙"]
        {
            assert_eq!(folded(text), "08123456789", "{text}");
        }
        assert_eq!(folded("①②⑨"), "129");
        assert!(ZEROS.is_sorted());
        assert!(LATIN.iter().all(|(_, like)| like.chars().all(|c| c.is_lowercase() || c == 'ẞ')));
    }
}
