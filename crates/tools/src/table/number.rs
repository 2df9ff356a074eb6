//! Numbers as people write them.

use rust_decimal::Decimal;
use serde::Deserialize;

/// The decimal separator of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(crate) enum Separator {
    #[default]
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

/// A number that can be written in one way only: `-1234.50`. Nothing else is taken for one
/// without being declared: `1,234` is a thousand here and a bit more than one there.
pub(crate) fn plain(text: &str) -> Option<Decimal> {
    // More digits than any amount has: an account or a card, which nobody adds up.
    const MOST_DIGITS: usize = 18;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(fraction) {
        return None;
    }
    // 007 is a name, and so is a number written as -0.
    if (whole.len() > 1 && whole.starts_with('0')) || whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    let number = Decimal::from_str_exact(text).ok()?;
    (!(number.is_zero() && text.starts_with('-'))).then_some(number)
}

/// A number of a column that is declared as one: with this separator, thousands grouped by the
/// other one, by a space or an apostrophe, a currency's sign before or after it, `+` or `-` (also
/// after it), or parentheses for a negative amount.
pub(crate) fn declared(text: &str, separator: Separator) -> Option<Decimal> {
    const SIGNS: [char; 5] = ['€', '$', '£', '¥', '₹'];
    let mut text = text.trim();
    let mut negative = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        negative = true;
        text = inner.trim();
    }
    let mut signed = negative;
    let mut currency = false;
    loop {
        let before = text;
        for sign in ['-', '−', '+'] {
            let rest = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign));
            if let Some(rest) = rest {
                if signed {
                    return None;
                }
                signed = true;
                negative = sign != '+';
                text = rest.trim();
            }
        }
        let rest = text
            .strip_prefix(SIGNS)
            .or_else(|| text.strip_suffix(SIGNS));
        if let Some(rest) = rest {
            if currency {
                return None;
            }
            currency = true;
            text = rest.trim();
        }
        if text == before {
            break;
        }
    }
    let (mark, group) = match separator {
        Separator::Point => ('.', ','),
        Separator::Comma => (',', '.'),
    };
    let (whole, fraction) = match text.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut written = ungrouped(whole, group)?;
    if let Some(fraction) = fraction {
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        written.push('.');
        written.push_str(fraction);
    }
    let mut number = Decimal::from_str_exact(&written).ok()?;
    if negative && !number.is_zero() {
        number.set_sign_negative(true);
    }
    Some(number)
}

/// The digits of the whole part. Where they are grouped, all groups but the first have three
/// digits: `1.5` is no number whose groups are parted by points.
fn ungrouped(whole: &str, group: char) -> Option<String> {
    let part = whole
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| *c == group || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’'));
    let Some(part) = part else {
        let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        return digits.then(|| whole.to_owned());
    };
    let mut groups = whole.split(part);
    let first = groups.next()?;
    let fits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if first.is_empty() || first.len() > 3 || !fits(first) {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !fits(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_are_numbers_undeclared() {
        for text in [
            "0",
            "7",
            "-7",
            "12.50",
            "0.00",
            "-0.5",
            "123456789012345678",
        ] {
            assert_eq!(
                plain(text).map(|n| n.to_string()).as_deref(),
                Some(text),
                "{text}"
            );
        }
        for text in [
            "",
            "-",
            ".",
            ".5",
            "5.",
            "1,5",
            "1,234",
            "1e5",
            "+5",
            "007",
            "-0",
            "0x10",
            "1 000",
            "٣",
            "½",
            "NaN",
            "inf",
            "--5",
            "5-",
            "1234567890123456789",
            "DE123",
            "12.5.2026",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn declared_numbers_are_read_in_their_notation() {
        use Separator::{Comma, Point};
        for (text, separator, expected) in [
            ("1.234,50", Comma, "1234.50"),
            ("1.234.567,89", Comma, "1234567.89"),
            ("12,5", Comma, "12.5"),
            ("1234,5", Comma, "1234.5"),
            ("1.234", Comma, "1234"),
            ("1 234,50", Comma, "1234.50"),
            ("1\u{202f}234,50 €", Comma, "1234.50"),
            ("1'234.50", Point, "1234.50"),
            ("1,234.50", Point, "1234.50"),
            ("€ -12.50", Point, "-12.50"),
            ("-$12.50", Point, "-12.50"),
            ("12.50-", Point, "-12.50"),
            ("(12.50)", Point, "-12.50"),
            ("+3", Point, "3"),
            ("007", Point, "7"),
            ("-0,00", Comma, "0.00"),
        ] {
            let number = declared(text, separator);
            assert_eq!(
                number.map(|n| n.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for (text, separator) in [
            ("1.5", Comma),
            ("1.23,5", Comma),
            ("1,2345.6", Point),
            (",5", Comma),
            ("1,", Comma),
            ("1.234,50.00", Comma),
            ("1,2,3", Point),
            ("12.50 EUR", Point),
            ("€$5", Point),
            ("--5", Point),
            ("-5-", Point),
            ("(-5)", Point),
            ("n/a", Point),
            ("", Point),
            ("12345678901234567890123456789012", Point),
        ] {
            assert_eq!(declared(text, separator), None, "{text}");
        }
    }

    proptest::proptest! {
        /// Taking a text for a number must lose nothing of it.
        #[test]
        fn a_plain_number_is_shown_as_it_was_written(text in "-?[0-9]{0,20}(\\.[0-9]{0,20})?|[ -~]{0,12}") {
            if let Some(number) = plain(&text) {
                proptest::prop_assert_eq!(number.to_string(), text);
            }
        }

        #[test]
        fn a_declared_number_is_the_same_in_both_notations(cents in -99_999_999_999_i64..99_999_999_999) {
            let number = Decimal::new(cents, 2);
            let point = number.to_string();
            let comma = point.replace('.', ",");
            proptest::prop_assert_eq!(declared(&point, Separator::Point), Some(number));
            proptest::prop_assert_eq!(declared(&comma, Separator::Comma), Some(number));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
            declared(&text, Separator::Point);
            declared(&text, Separator::Comma);
            plain(&text);
        }
    }
}
