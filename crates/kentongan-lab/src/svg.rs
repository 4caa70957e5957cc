//! The little of SVG that charts and timelines need, written so that no text can break out of its place.

use std::fmt::Write as _;

use kentongan::escape::readable;

/// The width of a letter of a label, roughly; labels that do not fit are left to the pointer.
pub(crate) const LETTER: f64 = 7.2;

/// A picture while it is drawn.
#[derive(Debug, Default)]
pub(crate) struct Svg {
    text: String,
}

impl Svg {
    /// Begins a picture of a size; `title` is what it is called where it cannot be seen.
    pub(crate) fn begin(width: f64, height: f64, title: &str, style: &str) -> Self {
        let mut svg = Self::default();
        let size = format!("viewBox=\"0 0 {} {}\" width=\"{0}\" height=\"{1}\"", number(width), number(height));
        svg.raw(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\">\n"));
        svg.raw(&format!("<title>{}</title>\n<style>{style}</style>\n", escaped(title)));
        svg
    }

    /// Ends it.
    pub(crate) fn end(mut self) -> String {
        self.raw("</svg>\n");
        self.text
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A rectangle; `hint` shows while a pointer rests on it.
    pub(crate) fn rectangle(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64), hint: &str) {
        let place = format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            number(x),
            number(y),
            number(width),
            number(height)
        );
        if hint.is_empty() {
            self.raw(&format!("<rect class=\"{class}\" {place}/>\n"));
        } else {
            self.raw(&format!("<rect class=\"{class}\" {place}><title>{}</title></rect>\n", escaped(hint)));
        }
    }

    /// An outline that is filled; `hint` shows while a pointer rests on it.
    pub(crate) fn path(&mut self, class: &str, outline: &str, hint: &str) {
        if hint.is_empty() {
            self.raw(&format!("<path class=\"{class}\" d=\"{outline}\"/>\n"));
        } else {
            self.raw(&format!("<path class=\"{class}\" d=\"{outline}\"><title>{}</title></path>\n", escaped(hint)));
        }
    }

    pub(crate) fn line(&mut self, class: &str, (x, y): (f64, f64), (to_x, to_y): (f64, f64)) {
        let (x, y, to_x, to_y) = (number(x), number(y), number(to_x), number(to_y));
        self.raw(&format!("<line class=\"{class}\" x1=\"{x}\" y1=\"{y}\" x2=\"{to_x}\" y2=\"{to_y}\"/>\n"));
    }

    pub(crate) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let (x, y) = (number(x), number(y));
        self.raw(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>\n", escaped(text)));
    }
}

/// A label cut to the room there is; nothing where not even a letter has room.
pub(crate) fn fitting(text: &str, room: f64) -> String {
    let length = as_number(text.chars().count());
    if length * LETTER <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for character in text.chars() {
        if as_number(cut.chars().count() + 2) * LETTER > room {
            break;
        }
        cut.push(character);
    }
    if cut.is_empty() { cut } else { cut + "…" }
}

pub(crate) fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// A length with at most one digit behind the point, so that the same chart is the same bytes everywhere.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text that markup cannot break: escaped, and without the characters that XML does not have.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in readable(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            c => drop(write!(safe, "{c}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_out_of_its_place() {
        let mut svg = Svg::begin(10.0, 10.0, "a & b", "");
        svg.text("t", (1.25, 2.0), "</text><script>\t\u{0}\u{202e}\"x\"</script>");
        let drawn = svg.end();
        assert!(drawn.contains("<title>a &amp; b</title>"), "{drawn}");
        assert!(drawn.contains("x=\"1.2\" y=\"2\">&lt;/text&gt;&lt;script&gt; &quot;x&quot;"), "{drawn}");
    }
}
