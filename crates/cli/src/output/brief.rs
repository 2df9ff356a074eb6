//! Tool arguments and results in one line.

use serde_json::Value;

use super::{amount, sanitize};

/// More than a line ever shows; keeps a result of megabytes from being copied.
const MOST: usize = 400;

/// Names of arguments that say which file or address a call is about.
const PLACES: [&str; 2] = ["path", "url"];

/// A call's arguments: `path=receipts/july.csv limit=20`.
pub(crate) fn arguments(arguments: &Value) -> String {
    let Value::Object(fields) = arguments else {
        return json(arguments);
    };
    // What the call is about comes first: the line may end before the rest.
    let (first, rest): (Vec<_>, Vec<_>) = fields
        .iter()
        .take(20)
        .partition(|(name, _)| PLACES.contains(&name.as_str()));
    let parts: Vec<String> = first
        .iter()
        .chain(&rest)
        .map(|(name, value)| format!("{}={}", sanitize::line(name), argument(value)))
        .collect();
    parts.join(" ")
}

/// A call: `read_file path=receipts/july.csv`.
pub(crate) fn call(tool: &str, arguments: &Value) -> String {
    format!("{} {}", sanitize::line(tool), self::arguments(arguments))
}

/// The whole of what a failed call returned, in as many lines as it has.
pub(crate) fn error(result: &Value) -> String {
    match result {
        Value::String(text) => sanitize::text(text.trim()).into_owned(),
        other => sanitize::line(&other.to_string()).into_owned(),
    }
}

fn argument(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Array(items)
            if !items.is_empty() && items.iter().all(|item| place(item).is_some()) =>
        {
            let places: Vec<&str> = items.iter().filter_map(place).collect();
            places.join(",")
        }
        other => json(other),
    }
}

/// The file or address that a part of the arguments is about.
fn place(item: &Value) -> Option<&str> {
    let named = PLACES.iter().find_map(|name| item.get(name));
    named.and_then(Value::as_str).filter(|text| is_plain(text))
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MOST
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./:*@%+,".contains(c))
}

/// What a tool returned: `lines 1 to 20 of 42`, `3 files`, or its first words.
/// What the arguments say already is left out.
pub(crate) fn result(result: &Value, arguments: Option<&Value>) -> String {
    match result {
        Value::String(text) => first_line(text),
        Value::Array(items) => amount::of(items.len() as u64, "item"),
        Value::Object(fields) => {
            let said = |value: &Value| {
                arguments.and_then(Value::as_object).is_some_and(|said| {
                    value.is_string() && said.values().any(|other| other == value)
                })
            };
            let parts: Vec<String> = fields
                .iter()
                .filter(|(_, value)| !said(value))
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
        Value::Array(items) => Some(counted(items.len() as u64, &name)),
        Value::String(text) if text.contains('\n') => Some(format!(
            "{name} of {}",
            amount::of(text.lines().count() as u64, "line")
        )),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(format!("{name} {}", sanitize::line(&cut(text)))),
        Value::Number(number) => match number.as_u64() {
            Some(count) if is_plural(&name) => Some(counted(count, &name)),
            _ => Some(format!("{name} {number}")),
        },
        Value::Bool(yes) => Some(format!("{name} {yes}")),
        Value::Null | Value::Object(_) => None,
    }
}

/// `1 file`, `3 files`.
fn counted(count: u64, things: &str) -> String {
    if count == 1 && is_plural(things) {
        return format!("1 {}", singular(things));
    }
    format!("{} {things}", amount::count(count))
}

/// Of `files`, `entries`, `matches`.
fn singular(things: &str) -> String {
    const HISSING: [&str; 4] = ["ches", "shes", "xes", "sses"];
    if let Some(stem) = things.strip_suffix("ies") {
        format!("{stem}y")
    } else if HISSING.iter().any(|end| things.ends_with(end)) {
        things.trim_end_matches("es").to_owned()
    } else {
        things.trim_end_matches('s').to_owned()
    }
}

/// As names of counts end; `status` and `address` do not count.
fn is_plural(name: &str) -> bool {
    name.ends_with('s') && !name.ends_with("ss") && !name.ends_with("us")
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
        assert_eq!(
            arguments(
                &json!({"limit": 1, "path": "a", "sources": [{"path": "b*"}, {"path": "c"}]})
            ),
            "path=a limit=1 sources=b*,c"
        );
        assert_eq!(arguments(&json!({"x": "\u{9b}31m"})), "x=\"\\u{9b}31m\"");
        assert_eq!(arguments(&json!("not an object")), "\"not an object\"");
    }

    #[test]
    fn results_are_summed_up() {
        let result = |value: &Value| result(value, Some(&json!({"path": "b", "limit": 200})));
        assert_eq!(
            result(&json!({"path": "b", "rows": 1_200, "files": [1], "status": 200})),
            "1,200 rows, 1 file, status 200"
        );
        assert_eq!(
            result(&json!({"files": [1, 2, 3], "total": 3})),
            "3 files, total 3"
        );
        assert_eq!(
            result(&json!({"matches": [1], "entries": 1})),
            "1 match, 1 entry"
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
        assert!(result(&json!("é".repeat(100_000)), None).chars().count() < 500);
        assert!(
            arguments(&json!({"content": "é".repeat(100_000)}))
                .chars()
                .count()
                < 500
        );
    }
}
