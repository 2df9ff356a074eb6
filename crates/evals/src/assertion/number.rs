//! Numbers that are near enough.

use std::fmt;

use serde_json::Value;
use slipway_agent::package::document::{Reader, Section};

use super::subject::Content;
use super::verdict::{Explanation, Verdict};
use crate::suite::Texts;

/// It is a number near this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The number, or a text with variables that will be one.
    pub expected: Expected,
    /// How far off it may be.
    pub tolerance: Tolerance,
}

/// A number that is expected.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// This one.
    Number(f64),
    /// The one in a variable, as `"{{total}}"`.
    Filled(String),
}

/// How far off a number may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tolerance {
    /// By so much.
    Absolute(f64),
    /// By so many percent of what is expected.
    Percent(f64),
}

impl Near {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let found = section.get("number")?;
        let expected = match found.value.as_str() {
            Some(text) if text.contains("{{") => Some(Expected::Filled(text.to_owned())),
            _ => reader
                .number(section, "number", &(-1e300..=1e300))
                .map(Expected::Number),
        };
        let absolute = reader.number(section, "tolerance", &(0.0..=1e300));
        let percent = reader.number(section, "tolerance_percent", &(0.0..=1000.0));
        let tolerance = match (absolute, percent) {
            (Some(_), Some(_)) => {
                let message = "has `tolerance` and `tolerance_percent`: leave one out";
                reader.report(&section.span, &section.key, message);
                return None;
            }
            (_, Some(percent)) => Tolerance::Percent(percent),
            (absolute, None) => Tolerance::Absolute(absolute.unwrap_or(0.0)),
        };
        Some(Self {
            expected: expected?,
            tolerance,
        })
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let expected = match &self.expected {
            Expected::Number(number) => *number,
            Expected::Filled(text) => match only_number(text) {
                Ok(number) => number,
                Err(why) => return Verdict::unjudged(format!("what is expected {why}")),
            },
        };
        let got = match content.value() {
            Value::Number(number) => number.as_f64().ok_or("is no number".to_owned()),
            Value::String(text) => only_number(text),
            _ => Err("is no number".to_owned()),
        };
        let got = match got {
            Ok(got) => got,
            Err(why) => {
                let why = Explanation::with_got(format!("it {why}"), &content.text());
                return Verdict::Failed { why };
            }
        };
        let most = match self.tolerance {
            Tolerance::Absolute(most) => most,
            Tolerance::Percent(percent) => expected.abs() * percent / 100.0,
        };
        // 0.1 + 0.2 is 0.3 to a person: what floats cannot hold is no difference.
        let noise = expected.abs().max(got.abs()) * 4.0 * f64::EPSILON;
        let off = (got - expected).abs();
        Verdict::of(off <= most + noise, || Explanation {
            summary: format!("expected {expected}{}, got {got}", self.tolerance),
            expected: Some(expected.to_string()),
            got: Some(got.to_string()),
            ..Explanation::default()
        })
    }
}

/// The one number in a text. Commas may part groups of three digits.
fn only_number(text: &str) -> Result<f64, String> {
    let mut found = None;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..].find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
        let end = end.map_or(rest.len(), |end| start + end);
        let digits = rest[start..end].trim_end_matches(['.', ',']);
        let minus = rest[..start].ends_with(['-', '\u{2212}']);
        let number =
            plain(digits).ok_or_else(|| format!("has {digits:?}, which is no plain number"))?;
        if found.is_some() {
            return Err(
                "holds several numbers: point at one with `path`, or use `matches`".to_owned(),
            );
        }
        found = Some(if minus { -number } else { number });
        rest = &rest[end..];
    }
    found.ok_or_else(|| "holds no number".to_owned())
}

fn plain(digits: &str) -> Option<f64> {
    let (whole, _) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let grouped = rest.peek().is_some();
    if grouped && (first.len() > 3 || !rest.all(|group| group.len() == 3)) {
        return None;
    }
    digits.replace(',', "").parse().ok()
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absolute(0.0) => Ok(()),
            Self::Absolute(most) => write!(f, " ± {most}"),
            Self::Percent(percent) => write!(f, " ± {percent}%"),
        }
    }
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.expected {
            Expected::Number(number) => write!(f, "is {number}{}", self.tolerance),
            Expected::Filled(text) => write!(f, "is {text}{}", self.tolerance),
        }
    }
}

impl Texts for Near {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        if let Expected::Filled(text) = &mut self.expected {
            see(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn near(expected: f64, tolerance: Tolerance, got: Value) -> Verdict {
        let expected = Expected::Number(expected);
        Near {
            expected,
            tolerance,
        }
        .judge(&Content::of(got))
    }

    #[test]
    fn numbers_may_be_off_by_the_tolerance_and_no_more() {
        let exact = Tolerance::Absolute(0.0);
        assert!(near(0.3, exact, json!(0.1 + 0.2)).is_passed());
        assert!(!near(0.3, exact, json!(0.300_001)).is_passed());
        assert!(near(100.0, Tolerance::Absolute(0.5), json!(100.5)).is_passed());
        assert!(!near(100.0, Tolerance::Absolute(0.5), json!(100.51)).is_passed());
        assert!(near(-200.0, Tolerance::Percent(1.0), json!(-198)).is_passed());
        assert!(!near(-200.0, Tolerance::Percent(1.0), json!(198)).is_passed());
    }

    #[test]
    fn a_text_may_hold_one_number() {
        let exact = Tolerance::Absolute(0.0);
        for good in ["4,218.60 EUR", "Total: 4218.6.", "4218.60"] {
            assert!(near(4218.6, exact, json!(good)).is_passed(), "{good}");
        }
        assert!(near(-5.0, exact, json!("it is -5")).is_passed());
        for bad in ["4218.60 of 5000", "none", "4.218,60", "42,18.6", "1.2.3"] {
            assert!(
                matches!(near(4218.6, exact, json!(bad)), Verdict::Failed { .. }),
                "{bad}"
            );
        }
    }
}
