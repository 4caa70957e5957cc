//! Alerts as JSON in one pass over their bytes, as nearly all programs write them: what no rule asks for is stepped over, and
//! nothing is copied. Whatever is written in another way, or wrong, is left to [`lines`](crate::lines), which says how.

use kentongan::{FactValue, Timestamp};
use rustc_hash::FxHashMap;

use crate::layout::{Kind, Layout, Slot};

/// How deep values may nest that no rule asks for.
const DEPTH_MAX: usize = 32;
/// So many digits are a whole number that a float holds, and so many powers of ten are, too: their quotient is the nearest
/// float, which is what a number in JSON stands for.
const DIGITS_MAX: usize = 15;
const TENS: [f64; DIGITS_MAX + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Reads one alert into a row. `None` where it takes another look; the row then holds no more than a part of it.
pub(crate) fn read<'a>(layout: &Layout, line: &'a [u8], row: &mut Vec<FactValue<'a>>) -> Option<()> {
    let text = std::str::from_utf8(line).ok()?;
    row.clear();
    row.extend(layout.kinds.iter().map(|kind| kind.unsaid()));
    let mut scan = Scan { text, at: 0 };
    scan.space();
    scan.each(|scan, key| {
        let slots = match key {
            "labels" => &layout.labels,
            "annotations" => &layout.annotations,
            "values" => &layout.values,
            _ => {
                return match layout.fields.get(key) {
                    Some(slot) => scan.fact(*slot, row),
                    None => scan.skip(0),
                };
            }
        };
        if slots.is_empty() { scan.skip(0) } else { scan.entries(slots, row) }
    })?;
    scan.space();
    (scan.at == text.len()).then_some(())
}

/// A place in a line.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// An object: shows each key, behind which its value is to be read.
    #[inline]
    fn each(&mut self, mut read: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        self.space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            let key = self.string()?;
            self.space();
            self.take(b':')?;
            self.space();
            read(self, key)?;
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
            self.space();
        }
    }

    /// A map whose names are the user's.
    fn entries(&mut self, slots: &FxHashMap<String, Slot>, row: &mut [FactValue<'a>]) -> Option<()> {
        self.each(|scan, key| match slots.get(key) {
            Some(slot) => scan.fact(*slot, row),
            None => scan.skip(0),
        })
    }

    /// The value of a fact.
    fn fact(&mut self, slot: Slot, row: &mut [FactValue<'a>]) -> Option<()> {
        let fact = match (self.peek()?, slot.kind) {
            (b'"', Kind::Text | Kind::MaybeText) => FactValue::Text(self.string()?),
            (b'"', Kind::Status) => match self.string()? {
                status @ ("firing" | "resolved") => FactValue::Text(status),
                _ => return None,
            },
            (b'"', Kind::Instant) => FactValue::Integer(self.string()?.parse::<Timestamp>().ok()?.timestamp_millis()),
            (b'-' | b'0'..=b'9', Kind::Number) => FactValue::Float(self.number()?),
            // As good as not said.
            (b'n', Kind::MaybeText | Kind::Instant) => return self.word("null"),
            _ => return None,
        };
        *row.get_mut(slot.place)? = fact;
        Some(())
    }

    /// A text without anything in it that has to be read otherwise than it is written.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let end = special(self.text.as_bytes(), self.at)?;
        let text = self.text.get(self.at..end)?;
        self.at = end;
        self.take(b'"')?;
        Some(text)
    }

    /// A value that nobody asks for.
    fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match self.peek()? {
            b'"' => self.skip_string(),
            b'{' => self.each(|scan, _| scan.skip(depth + 1)),
            b'[' => {
                self.at += 1;
                self.space();
                if self.peek()? == b']' {
                    self.at += 1;
                    return Some(());
                }
                loop {
                    self.skip(depth + 1)?;
                    self.space();
                    let next = self.peek()?;
                    self.at += 1;
                    match next {
                        b']' => return Some(()),
                        b',' => self.space(),
                        _ => return None,
                    }
                }
            }
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.digits().map(drop),
        }
    }

    fn skip_string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            self.at = special(self.text.as_bytes(), self.at)?;
            let special = self.peek()?;
            self.at += 1;
            match special {
                b'"' => return Some(()),
                b'\\' => match self.peek()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                    b'u' => {
                        let code = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                        if !code.iter().all(u8::is_ascii_hexdigit) {
                            return None;
                        }
                        self.at += 5;
                    }
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    #[expect(clippy::cast_precision_loss, reason = "a float holds so many digits")]
    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        let Digits { whole, behind, count, has_exponent } = self.digits()?;
        if has_exponent || count > DIGITS_MAX {
            let number: f64 = self.text.get(start..self.at)?.parse().ok()?;
            return number.is_finite().then_some(number);
        }
        let number = whole as f64 / TENS.get(behind)?;
        Some(if self.text.as_bytes().get(start) == Some(&b'-') { -number } else { number })
    }

    /// A number, by its digits.
    fn digits(&mut self) -> Option<Digits> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        let mut digits = Digits::default();
        let leads_with_zero = self.peek()? == b'0';
        self.row_of_digits(&mut digits)?;
        if leads_with_zero && digits.count > 1 {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            let before = digits.count;
            self.row_of_digits(&mut digits)?;
            digits.behind = digits.count - before;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            digits.has_exponent = true;
            self.row_of_digits(&mut Digits::default())?;
        }
        Some(digits)
    }

    fn row_of_digits(&mut self, digits: &mut Digits) -> Option<()> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            // Of more digits than a float holds, it is not asked for.
            digits.whole = digits.whole.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            digits.count += 1;
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}

/// The digits of a number in a row, and how many of them are behind its point.
#[derive(Debug, Default)]
struct Digits {
    whole: u64,
    behind: usize,
    count: usize,
    has_exponent: bool,
}

/// Where the first byte from one on stands that ends a text, or may not stand in one as it is.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // The high bit of each byte that is zero, and maybe of some above one that is.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*eight);
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let escape = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = quote | escape | control;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).map(|place| at + place)
}
