//! One line of words for a tool call: what it is about, and what came of it. Pure.

use serde_json::Value;

use crate::components::Icon;
use crate::{format, text};

/// Arguments that say best what a call is about, in this order.
const TELLING: [&str; 12] = [
    "path",
    "file",
    "output",
    "url",
    "expression",
    "query",
    "pattern",
    "template",
    "folder",
    "name",
    "text",
    "command",
];

/// The icon of a tool.
pub(crate) fn icon(tool: &str) -> Icon {
    match tool {
        "list_files" => Icon::Folder,
        "read_file" | "write_file" | "render_template" => Icon::File,
        "edit_file" => Icon::Pen,
        "read_table" | "save_table" => Icon::Table,
        "search_files" => Icon::Search,
        "calculator" => Icon::Calculator,
        "clock" => Icon::Clock,
        "http_request" => Icon::Globe,
        _ => Icon::Tool,
    }
}

/// What a call is about: its most telling argument, on one line.
pub(super) fn about(arguments: &Value) -> String {
    let Value::Object(fields) = arguments else {
        return String::new();
    };
    let named = |name: &str| fields.get(name).and_then(Value::as_str);
    let sources = fields.get("sources").and_then(Value::as_array);
    let query = || {
        sources
            .map(|all| paths(all))
            .filter(|paths| !paths.is_empty())
    };
    let telling = || {
        let best = TELLING.iter().find_map(|name| named(name));
        best.or_else(|| fields.values().find_map(Value::as_str))
    };
    match named("to") {
        Some(written) => one_line(written),
        None => query()
            .or_else(|| telling().map(one_line))
            .unwrap_or_default(),
    }
}

/// The files of a query, each by its path or by an object that has one.
fn paths(sources: &[Value]) -> String {
    let path = |source: &Value| {
        source
            .as_str()
            .or_else(|| source.get("path")?.as_str())
            .map(one_line)
    };
    sources
        .iter()
        .filter_map(path)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What came of it: how many, or how much.
pub(super) fn outcome(result: &Value) -> String {
    match result {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(words) if words.len() <= 24 && !words.contains('\n') => words.clone(),
        Value::String(words) => format::bytes(words.len()),
        Value::Array(items) => text::items(items.len()),
        Value::Object(fields) => of_object(fields),
    }
}

/// A kind of thing that is counted: the field that holds it, and its words.
type Counted = (&'static str, fn(u64) -> String);

const COUNTED: [Counted; 4] = [
    ("rows", text::rows),
    ("matches", text::matches),
    ("files", text::files),
    ("lines", text::lines),
];

fn of_object(fields: &serde_json::Map<String, Value>) -> String {
    // What was written to a file is told by its size.
    if let Some(bytes) = fields
        .get("bytes")
        .and_then(Value::as_u64)
        .and_then(|bytes| usize::try_from(bytes).ok())
    {
        return format::bytes(bytes);
    }
    let total = fields.get("total").and_then(Value::as_u64);
    for (name, words) in COUNTED {
        let counted = match fields.get(name) {
            // What was found may be more than what was returned.
            Some(Value::Array(items)) => total.or(Some(items.len() as u64)),
            Some(Value::Object(range)) => range.get("total").and_then(Value::as_u64),
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        if let Some(counted) = counted {
            return words(counted);
        }
    }
    match fields
        .get("result")
        .or_else(|| fields.get("status"))
        .or_else(|| fields.get("local"))
    {
        Some(Value::String(words)) => one_line(words),
        Some(Value::Number(number)) => number.to_string(),
        _ => text::fields(fields.len()),
    }
}

/// The words of a failed call, on one line.
pub(super) fn failure(result: &Value) -> String {
    match result {
        Value::String(words) => one_line(words),
        Value::Object(fields) => match fields.get("error").or_else(|| fields.get("message")) {
            Some(Value::String(words)) => one_line(words),
            _ => text::FAILED.to_owned(),
        },
        _ => text::FAILED.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_about_its_most_telling_argument() {
        assert_eq!(
            about(&json!({ "delimiter": ";", "path": "receipts/october.csv" })),
            "receipts/october.csv"
        );
        assert_eq!(
            about(&json!({ "limit": 3, "zone": "Europe/Paris" })),
            "Europe/Paris"
        );
        assert_eq!(about(&json!({ "limit": 3 })), "");
        assert_eq!(about(&json!("not an object")), "");
        assert_eq!(about(&json!({ "text": "first\nsecond" })), "first");
        let query = json!({ "sources": [{ "path": "receipts/*" }, "rates.csv"], "limit": 3 });
        assert_eq!(about(&query), "receipts/*, rates.csv");
        let saved = json!({ "sources": [{ "path": "receipts/*" }], "to": "out/converted.csv" });
        assert_eq!(about(&saved), "out/converted.csv");
    }

    #[test]
    fn an_outcome_is_counted_where_it_can_be() {
        assert_eq!(
            outcome(&json!({ "rows": [1, 2], "columns": ["a"] })),
            "2 rows"
        );
        assert_eq!(outcome(&json!({ "rows": 1 })), "1 row");
        assert_eq!(
            outcome(&json!({ "matches": [1, 2], "total": 40 })),
            "40 matches"
        );
        assert_eq!(
            outcome(&json!({ "text": "a", "lines": { "first": 1, "last": 1, "total": 16 } })),
            "16 lines"
        );
        assert_eq!(outcome(&json!({ "status": 201, "headers": {} })), "201");
        assert_eq!(outcome(&json!([1, 2, 3])), "3 items");
        assert_eq!(outcome(&json!("4218.60 EUR")), "4218.60 EUR");
        assert_eq!(outcome(&json!("x".repeat(1_900))), "1.9 KB");
        assert_eq!(
            outcome(&json!({ "bytes": 1_900, "files": [1, 2] })),
            "1.9 KB"
        );
        assert_eq!(outcome(&json!({ "a": 1 })), "1 field");
        assert_eq!(outcome(&Value::Null), "");
    }

    #[test]
    fn a_failure_says_why() {
        assert_eq!(
            failure(&json!("not granted: ../private\nAsk for it.")),
            "not granted: ../private"
        );
        assert_eq!(failure(&json!({ "error": "no such file" })), "no such file");
        assert_eq!(failure(&json!(3)), "Failed");
    }
}
