//! Texts that are, or hold, other texts.

use std::fmt;

use serde_json::Value;
use slipway_agent::package::document::{Reader, Section, Text, json};

use super::subject::Content;
use super::subset::equal;
use super::verdict::{Explanation, Verdict, quoted};
use crate::suite::Texts;

/// The most characters of an expected text.
pub(super) const MAX_TEXT: usize = 200_000;

/// It is exactly this.
#[derive(Debug, Clone, PartialEq)]
pub struct Equals {
    /// A text, or JSON.
    pub expected: Value,
    /// Whether case does not count.
    pub ignore_case: bool,
}

/// It holds these texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contains {
    /// The texts; at least one.
    pub texts: Vec<String>,
    /// How many of them it must hold.
    pub how_many: HowMany,
    /// Whether case does not count.
    pub ignore_case: bool,
}

/// How many of several must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// Each of them.
    All,
    /// At least one.
    Any,
}

impl Equals {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let found = section.get("equals")?;
        let expected = json(reader, &found)?;
        Some(Self {
            expected,
            ignore_case: ignores_case(reader, section),
        })
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let (expected, is_equal) = match &self.expected {
            // Who wrote a text meant the text, whatever it is.
            Value::String(expected) => {
                let got = content.text();
                let (one, other) = (expected.trim_end(), got.trim_end());
                let is_equal = one == other || self.ignore_case && folded(one) == folded(other);
                (expected.clone(), is_equal)
            }
            expected => {
                let is_equal = content.json().is_ok_and(|got| equal(expected, &got));
                (shown(expected), is_equal)
            }
        };
        let got = match content.value() {
            Value::String(text) => text.clone(),
            other => shown(other),
        };
        Verdict::of(is_equal, || {
            let summary = if is_short(&expected) && is_short(&got) {
                format!("expected {expected}, got {got}")
            } else {
                "it is another text than expected".to_owned()
            };
            Explanation::between(summary, &expected, &got)
        })
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= 100 && !text.contains('\n')
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => format!("{value:#}"),
        other => other.to_string(),
    }
}

fn folded(text: &str) -> String {
    text.to_lowercase()
}

fn ignores_case(reader: &mut Reader<'_>, section: &Section<'_>) -> bool {
    super::read::flag(reader, section, "ignore_case").unwrap_or(false)
}

impl Contains {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        section: &Section<'_>,
        key: &str,
        how_many: HowMany,
    ) -> Option<Self> {
        let found = section.get(key)?;
        let texts: Vec<String> = if found.value.is_str() {
            let text = reader.text(section, key, Text::Lines(MAX_TEXT))?;
            vec![text.value.to_owned()]
        } else {
            let texts = reader.texts(section, key, Text::Lines(MAX_TEXT));
            texts
                .into_iter()
                .map(|text| text.value.to_owned())
                .collect()
        };
        if texts.is_empty() || texts.iter().any(String::is_empty) {
            // Every text contains the empty one: the check could not fail.
            reader.report(
                &found.span,
                &found.key,
                "is empty: write what must be there",
            );
            return None;
        }
        Some(Self {
            texts,
            how_many,
            ignore_case: ignores_case(reader, section),
        })
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let got = content.text();
        let text = if self.ignore_case {
            folded(&got)
        } else {
            got.to_string()
        };
        let holds = |wanted: &&String| {
            if self.ignore_case {
                text.contains(&folded(wanted))
            } else {
                text.contains(wanted.as_str())
            }
        };
        let there = self.texts.iter().filter(holds).count();
        let missing = || self.texts.iter().filter(|wanted| !holds(wanted));
        let passed = match self.how_many {
            HowMany::All => there == self.texts.len(),
            HowMany::Any => there > 0,
        };
        Verdict::of(passed, || {
            let missing: Vec<String> = missing().map(|text| quoted(text)).collect();
            let summary = match self.how_many {
                HowMany::All => format!("it does not hold {}", missing.join(" nor ")),
                HowMany::Any => format!("it holds none of {}", missing.join(", ")),
            };
            Explanation::with_got(summary, &got)
        })
    }
}

impl fmt::Display for Equals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.expected {
            Value::String(text) => write!(f, "is {}", quoted(text)),
            other => write!(f, "is {}", super::verdict::cut(&other.to_string(), 200)),
        }
    }
}

impl fmt::Display for Contains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.texts.iter().map(|text| quoted(text)).collect();
        match (self.how_many, texts.as_slice()) {
            (_, [one]) => write!(f, "contains {one}"),
            (HowMany::All, all) => write!(f, "contains all of {}", all.join(", ")),
            (HowMany::Any, all) => write!(f, "contains any of {}", all.join(", ")),
        }
    }
}

impl Texts for Equals {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.expected.each_text(see);
    }
}

impl Texts for Contains {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.texts.each_text(see);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn equals(expected: Value, ignore_case: bool) -> Equals {
        Equals {
            expected,
            ignore_case,
        }
    }

    #[test]
    fn texts_are_compared_as_written_and_json_by_what_it_says() {
        for (expected, got, passes) in [
            (json!("42"), json!("42\n"), true),
            (json!("42"), json!(42), true),
            (json!(42), json!("42"), true),
            (json!(42), json!(42.0), true),
            (
                json!({"a": 1, "b": 2}),
                json!("{\"b\": 2, \"a\": 1.0}"),
                true,
            ),
            (json!("42"), json!("42.0"), false),
            (json!(42), json!("forty-two"), false),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), false),
        ] {
            let verdict = equals(expected.clone(), false).judge(&Content::of(got.clone()));
            assert_eq!(verdict.is_passed(), passes, "{expected} against {got}");
        }
        assert!(
            equals(json!("ÄB"), true)
                .judge(&Content::of(json!("äb")))
                .is_passed()
        );
    }

    #[test]
    fn lines_that_differ_are_shown() {
        let verdict = equals(json!("a\nb\nc"), false).judge(&Content::of(json!("a\nx\nc")));
        let Verdict::Failed { why } = verdict else {
            panic!("it differs")
        };
        let lines: Vec<_> = why.diff[0]
            .lines
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        assert_eq!(lines, ["a", "b", "x", "c"]);
        let verdict = equals(json!(4218.6), false).judge(&Content::of(json!(4254.1)));
        let Verdict::Failed { why } = verdict else {
            panic!("it differs")
        };
        assert_eq!(why.summary, "expected 4218.6, got 4254.1");
    }

    #[test]
    fn all_or_any_must_be_there() {
        let contains = |texts: &[&str], how_many, ignore_case| Contains {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            how_many,
            ignore_case,
        };
        let content = Content::of(json!("Total: 42 EUR"));
        assert!(
            contains(&["Total", "42"], HowMany::All, false)
                .judge(&content)
                .is_passed()
        );
        assert!(
            contains(&["x", "42"], HowMany::Any, false)
                .judge(&content)
                .is_passed()
        );
        assert!(
            contains(&["total"], HowMany::All, true)
                .judge(&content)
                .is_passed()
        );
        let verdict = contains(&["Total", "total", "x"], HowMany::All, false).judge(&content);
        let Verdict::Failed { why } = verdict else {
            panic!("two are missing")
        };
        assert_eq!(why.summary, "it does not hold \"total\" nor \"x\"");
        assert!(
            !contains(&["x", "y"], HowMany::Any, false)
                .judge(&content)
                .is_passed()
        );
    }
}
