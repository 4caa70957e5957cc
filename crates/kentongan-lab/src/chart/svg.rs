//! The little of SVG that a chart needs, written so that no text can break out of its place.

use std::fmt::Write as _;

/// A picture while it is drawn.
#[derive(Debug, Default)]
pub(super) struct Svg {
    text: String,
}

impl Svg {
    /// Begins a picture of a size; `title` is what it is called where it cannot be seen.
    pub(super) fn begin(width: f64, height: f64, title: &str, style: &str) -> Self {
        let mut svg = Self::default();
        let size = format!("viewBox=\"0 0 {} {}\" width=\"{0}\" height=\"{1}\"", number(width), number(height));
        svg.raw(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\">\n"));
        svg.raw(&format!("<title>{}</title>\n<style>{style}</style>\n", escaped(title)));
        svg
    }

    /// Ends it.
    pub(super) fn end(mut self) -> String {
        self.raw("</svg>\n");
        self.text
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A rectangle; `hint` shows while a pointer rests on it.
    pub(super) fn rectangle(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64), hint: &str) {
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

    pub(super) fn line(&mut self, class: &str, (x, y): (f64, f64), (to_x, to_y): (f64, f64)) {
        let (x, y, to_x, to_y) = (number(x), number(y), number(to_x), number(to_y));
        self.raw(&format!("<line class=\"{class}\" x1=\"{x}\" y1=\"{y}\" x2=\"{to_x}\" y2=\"{to_y}\"/>\n"));
    }

    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let (x, y) = (number(x), number(y));
        self.raw(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>\n", escaped(text)));
    }
}

/// A length with at most one digit behind the point, so that the same chart is the same bytes everywhere.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text that markup cannot break: escaped, and without the characters that XML does not have.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
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
        svg.text("t", (1.25, 2.0), "</text><script>\u{0}\"x\"</script>");
        let drawn = svg.end();
        assert!(drawn.contains("<title>a &amp; b</title>"), "{drawn}");
        assert!(drawn.contains("x=\"1.2\" y=\"2\">&lt;/text&gt;&lt;script&gt; &quot;x&quot;"), "{drawn}");
    }
}
