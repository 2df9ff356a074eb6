//! Patterns that a person may choose from when they want a call to be allowed for good.

use serde_json::{Map, Value};
use slipway_contract::rule::{ArgumentPattern, ValuePattern};

use super::covers;

/// The longest pattern that is offered, in characters as shown: a longer one is not read.
const READABLE: usize = 400;

/// A longer text is content, which differs each time.
const SHORT: usize = 60;

/// Names of fields that hold content.
const CONTENT: [&str; 8] = [
    "content", "text", "body", "message", "data", "new_text", "old_text", "template",
];

/// Patterns that cover these arguments, the narrowest first: exactly these; the same with any
/// content; and, where one is a file, any file of its kind in its folder. Those that nobody would
/// read to the end are left out.
#[must_use]
pub fn suggestions(arguments: &Value) -> Vec<ArgumentPattern> {
    let Value::Object(fields) = arguments else {
        return Vec::new();
    };
    let exact = pattern(fields, |_, value| ValuePattern::Is(value.clone()));
    let any_content = pattern(fields, |name, value| match is_content(name, value) {
        true => ValuePattern::Anything,
        false => ValuePattern::Is(value.clone()),
    });
    let any_file = pattern(fields, |name, value| {
        if is_content(name, value) {
            return ValuePattern::Anything;
        }
        let alike = value.as_str().filter(|_| name == "path").and_then(alike);
        alike.unwrap_or_else(|| ValuePattern::Is(value.clone()))
    });
    let mut offered: Vec<ArgumentPattern> = Vec::new();
    for pattern in [exact, any_content, any_file] {
        let readable = pattern.to_string().chars().count() <= READABLE;
        if readable && covers(&pattern, arguments) && !offered.contains(&pattern) {
            offered.push(pattern);
        }
    }
    offered
}

fn pattern(
    fields: &Map<String, Value>,
    of: impl Fn(&str, &Value) -> ValuePattern,
) -> ArgumentPattern {
    let fields = fields.iter();
    ArgumentPattern(
        fields
            .map(|(name, value)| (name.clone(), of(name, value)))
            .collect(),
    )
}

fn is_content(name: &str, value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        CONTENT.contains(&name) || text.contains('\n') || text.chars().count() > SHORT
    })
}

/// Any file of the same kind in the same folder.
fn alike(path: &str) -> Option<ValuePattern> {
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    let (folder, name) = path.split_at(name_at);
    let dot = name.rfind('.').filter(|at| *at > 0)?;
    let kind = name.get(dot..)?;
    (kind.len() > 1).then(|| ValuePattern::Like(vec![folder.to_owned(), kind.to_owned()]))
}
