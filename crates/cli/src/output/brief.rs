//! Tool arguments and results in one line.

use serde_json::Value;

use super::{amount, sanitize};

/// More than a line ever shows; keeps a result of megabytes from being copied.
const MOST: usize = 400;

/// A call's arguments: `path=receipts/july.csv limit=20`.
pub(crate) fn arguments(arguments: &Value) -> String {
    let Value::Object(fields) = arguments else {
        return json(arguments);
    };
    let parts: Vec<String> = fields
        .iter()
        .take(20)
        .map(|(name, value)| format!("{}={}", sanitize::line(name), argument(value)))
        .collect();
    parts.join(" ")
}

fn argument(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => json(other),
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MOST
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./:*@%+,".contains(c))
}

/// What a tool returned: `lines 1 to 20 of 42`, `3 files`, or its first words.
pub(crate) fn result(result: &Value) -> String {
    match result {
        Value::String(text) => first_line(text),
        Value::Array(items) => amount::of(items.len() as u64, "item"),
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .filter_map(|(name, value)| field(name, value))
                .take(6)
                .collect();
            if parts.is_empty() {
                json(result)
            } else {
                parts.join(", ")
            }
        }
        other => json(other),
    }
}

fn field(name: &str, value: &Value) -> Option<String> {
    let name = sanitize::line(name);
    match value {
        Value::Array(items) => Some(format!("{} {name}", amount::count(items.len() as u64))),
        Value::String(text) if text.contains('\n') => Some(format!(
            "{name} of {}",
            amount::of(text.lines().count() as u64, "line")
        )),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(format!("{name} {}", sanitize::line(&cut(text)))),
        Value::Number(number) => Some(format!("{name} {number}")),
        Value::Bool(yes) => Some(format!("{name} {yes}")),
        Value::Null | Value::Object(_) => None,
    }
}

/// The first line, and how many follow.
pub(crate) fn first_line(text: &str) -> String {
    let text = text.trim();
    let first = text.lines().next().unwrap_or_default();
    let more = text.lines().count().saturating_sub(1);
    let first = sanitize::line(&cut(first)).into_owned();
    if more == 0 {
        first
    } else {
        format!("{first} … and {}", amount::of(more as u64, "more line"))
    }
}

fn json(value: &Value) -> String {
    sanitize::line(&cut(&value.to_string())).into_owned()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_read_like_a_command() {
        let value = json!({"path": "receipts/july.csv", "where": "amount > 3", "limit": 20, "columns": ["a", "b"]});
        assert_eq!(
            arguments(&value),
            r#"path=receipts/july.csv where="amount > 3" limit=20 columns=["a","b"]"#
        );
        assert_eq!(arguments(&json!({"x": "\u{9b}31m"})), "x=\"\\u{9b}31m\"");
        assert_eq!(arguments(&json!("not an object")), "\"not an object\"");
    }

    #[test]
    fn results_are_summed_up() {
        assert_eq!(
            result(&json!({"files": [1, 2, 3], "total": 3})),
            "3 files, total 3"
        );
        assert_eq!(result(&json!("one\ntwo\nthree")), "one … and 2 more lines");
        assert_eq!(
            result(&json!({"path": "a", "text": "x\ny"})),
            "path a, text of 2 lines"
        );
        assert_eq!(result(&json!({})), "{}");
        assert_eq!(result(&json!("\u{1b}[2J")), "\\u{1b}[2J");
    }

    #[test]
    fn long_values_are_cut() {
        assert!(result(&json!("é".repeat(100_000))).chars().count() < 500);
        assert!(
            arguments(&json!({"content": "é".repeat(100_000)}))
                .chars()
                .count()
                < 500
        );
    }
}
