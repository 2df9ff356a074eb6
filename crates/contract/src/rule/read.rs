//! Reading a pattern as a person writes it: exactly what is shown of one.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Value;

use super::pattern::{ArgumentPattern, ValuePattern, is_plain_name};

/// The longest pattern, in bytes: more than a person reads before they agree.
const LONGEST: usize = 4_000;

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}, at {at:?}; write it like: path = \"out/*.md\", content = anything")]
pub struct InvalidPattern {
    why: &'static str,
    at: String,
}

impl FromStr for ArgumentPattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        if text.len() > LONGEST {
            return Err(invalid("the pattern is longer than anybody reads", text));
        }
        let mut rest = text.trim();
        let mut fields = BTreeMap::new();
        if rest == "no arguments" {
            return Ok(Self(fields));
        }
        loop {
            let (name, after) = name(rest)?;
            let Some(after) = after.trim_start().strip_prefix('=') else {
                return Err(invalid("a field's name is followed by =", after));
            };
            let (value, after) = value(after.trim_start())?;
            if fields.insert(name, value).is_some() {
                return Err(invalid("each field stands there once", rest));
            }
            rest = after.trim_start();
            if rest.is_empty() {
                return Ok(Self(fields));
            }
            rest = match rest.strip_prefix(',') {
                Some(next) => next.trim_start(),
                None => return Err(invalid("fields are separated by commas", rest)),
            };
        }
    }
}

fn invalid(why: &'static str, at: &str) -> InvalidPattern {
    InvalidPattern {
        why,
        at: at.chars().take(40).collect(),
    }
}

fn name(text: &str) -> Result<(String, &str), InvalidPattern> {
    if text.starts_with('"') {
        let (value, rest) = json(text)?;
        return match value {
            Value::String(name) => Ok((name, rest)),
            _ => Err(invalid("a field has a name", text)),
        };
    }
    let end = text
        .find(|c: char| c == '=' || c.is_whitespace())
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if is_plain_name(name) {
        Ok((name.to_owned(), rest))
    } else {
        Err(invalid("a field has a name", text))
    }
}

fn value(text: &str) -> Result<(ValuePattern, &str), InvalidPattern> {
    if let Some(rest) = text.strip_prefix("anything") {
        return Ok((ValuePattern::Anything, rest));
    }
    if text.starts_with('"') {
        return string(text);
    }
    let (value, rest) = json(text)?;
    Ok((ValuePattern::Is(value), rest))
}

fn json(text: &str) -> Result<(Value, &str), InvalidPattern> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => Ok((value, text.get(values.byte_offset()..).unwrap_or_default())),
        _ => Err(invalid("a value is JSON or the word anything", text)),
    }
}

/// A text in quotes, in which a bare star stands for a part of a name.
fn string(text: &str) -> Result<(ValuePattern, &str), InvalidPattern> {
    let unended = || invalid("a text ends with a quote", text);
    let mut parts = vec![String::new()];
    let mut characters = text.char_indices().skip(1);
    loop {
        let (at, character) = characters.next().ok_or_else(unended)?;
        let part = parts.last_mut().ok_or_else(unended)?;
        match character {
            '"' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                return Ok((of_parts(&parts, text)?, rest));
            }
            '*' => parts.push(String::new()),
            '\\' => match characters.next().ok_or_else(unended)?.1 {
                '*' => part.push('*'),
                escaped => part.extend(['\\', escaped]),
            },
            other => part.push(other),
        }
    }
}

fn of_parts(parts: &[String], text: &str) -> Result<ValuePattern, InvalidPattern> {
    let parts = parts
        .iter()
        .map(|part| serde_json::from_str::<String>(&format!("\"{part}\"")))
        .collect::<Result<Vec<String>, _>>()
        .map_err(|_| invalid("a text is written as in JSON", text))?;
    if let [_, inner @ .., _] = parts.as_slice()
        && inner.iter().any(String::is_empty)
    {
        return Err(invalid("two stars have something between them", text));
    }
    match <[String; 1]>::try_from(parts) {
        Ok([only]) => Ok(ValuePattern::Is(Value::String(only))),
        Err(parts) => Ok(ValuePattern::Like(parts)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pattern(fields: impl IntoIterator<Item = (&'static str, ValuePattern)>) -> ArgumentPattern {
        let fields = fields.into_iter();
        ArgumentPattern(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        let like = |parts: &[&str]| {
            ValuePattern::Like(parts.iter().map(|part| (*part).to_owned()).collect())
        };
        for (text, value) in [
            ("anything", ValuePattern::Anything),
            (r#""out/*.md""#, like(&["out/", ".md"])),
            (r#""a\*b*""#, like(&["a*b", ""])),
            (r#""a\*b""#, ValuePattern::Is(json!("a*b"))),
            (r#""\u202e\"\\""#, ValuePattern::Is(json!("\u{202e}\"\\"))),
            ("1", ValuePattern::Is(json!(1))),
            ("1.0", ValuePattern::Is(json!(1.0))),
            ("null", ValuePattern::Is(json!(null))),
            (
                r#"["a*",{"b":true}]"#,
                ValuePattern::Is(json!(["a*", {"b": true}])),
            ),
            (r#""anything""#, ValuePattern::Is(json!("anything"))),
        ] {
            assert_eq!(value.to_string(), text);
            let read: ArgumentPattern = format!("x = {text}").parse().unwrap();
            assert_eq!(read, pattern([("x", value)]), "{text}");
        }
    }

    #[test]
    fn fields_are_separated_and_named_once() {
        let both = pattern([
            ("content", ValuePattern::Anything),
            ("path", ValuePattern::Is(json!("a, b = c"))),
        ]);
        let shown = r#"content = anything, path = "a, b = c""#;
        assert_eq!(both.to_string(), shown);
        assert_eq!(shown.parse(), Ok(both.clone()));
        assert_eq!(r#" path="a, b = c" ,content=anything "#.parse(), Ok(both));
        assert_eq!("no arguments".parse(), Ok(ArgumentPattern::default()));
        assert_eq!(ArgumentPattern::default().to_string(), "no arguments");
        let odd = pattern([("a b\u{200b}", ValuePattern::Anything)]);
        assert_eq!(odd.to_string(), r#""a b\u200b" = anything"#);
        assert_eq!(odd.to_string().parse(), Ok(odd));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "",
            "x",
            "x =",
            "x = y",
            "x = anything y = 1",
            "x = 1, x = 2",
            "x = \"a",
            "x = \"\\",
            "x = \"**\"",
            "x = \"a**b\"",
            "x = anythingelse",
            "= 1",
            "x = \"\\q\"",
            "x = 1,",
            "x = {",
            "a b = 1",
        ] {
            assert!(text.parse::<ArgumentPattern>().is_err(), "{text:?}");
        }
        let long = format!("x = {:?}", "a".repeat(LONGEST));
        assert!(long.parse::<ArgumentPattern>().is_err());
    }
}
