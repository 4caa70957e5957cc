//! Numbers that arrive as text: what of a sender's words is a measurement.

/// The number that a text is, where its whole trimmed text is one finite decimal number: `0.14`, `-3`, `+1.5e-3`.
///
/// Not numbers: `NaN`, `inf`, `1e400` (beyond what fits), `0x10`, `1_000`, `1,5`, `.5`, `5.`, `240ms`, `14 %`.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = without_sign(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let well_formed = is_digits(whole)
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|exponent| is_digits(without_sign(exponent)));
    if !well_formed {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn without_sign(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_texts_that_are_finite_decimals_are_numbers() {
        for (text, number) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("0.14", 0.14),
            ("2.6", 2.6),
            ("1240", 1240.0),
            ("-3", -3.0),
            ("+7", 7.0),
            ("007", 7.0),
            ("1.5e-3", 0.0015),
            ("1E6", 1e6),
            ("1e+06", 1e6),
            ("9.5367431640625e-07", 9.536_743_164_062_5e-7),
            (" 12\n", 12.0),
            ("1e-400", 0.0),
            ("1.7976931348623157e308", f64::MAX),
        ] {
            assert_eq!(decimal(text), Some(number), "{text}");
        }
    }

    #[test]
    fn everything_else_stays_text() {
        for text in [
            "",
            " ",
            "+",
            "-",
            ".",
            "e",
            "e5",
            "1e",
            "1e+",
            ".5",
            "5.",
            "--1",
            "+-1",
            "- 1",
            "NaN",
            "nan",
            "inf",
            "-Inf",
            "infinity",
            "1e400",
            "-1e400",
            "0x10",
            "1_000",
            "1,000",
            "1,5",
            "1.2.3",
            "1e5e5",
            "240ms",
            "14 %",
            "14%",
            "5m",
            "1/2",
            "١٢",
            "５",
            "1\u{0}",
            "10.0.0.1",
            "2026-11-23",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal(&"9".repeat(1 << 20)), None);
    }
}
