//! Filters for texts.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::refused;

/// The longest text that a filter makes.
const LONGEST: usize = 5_000_000;

/// A text in a cell of a Markdown table: one line, without a mark that ends the cell.
pub(super) fn cell(value: &Value) -> String {
    if value.is_none() {
        return String::new();
    }
    let text = value.to_string();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
}

/// Something else for what is missing: not defined, or an empty cell.
pub(super) fn default(value: &Value, other: Option<Value>) -> Value {
    let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
    if value.is_undefined() || value.is_none() || empty {
        other.unwrap_or_else(|| Value::from(""))
    } else {
        value.clone()
    }
}

/// The texts of a list, or of one attribute of its rows, with this between them.
pub(super) fn join(
    values: &Value,
    between: Option<&str>,
    attribute: Option<&str>,
) -> Result<String, Error> {
    let mut out = String::new();
    for (index, value) in values.try_iter()?.enumerate() {
        if index > 0 {
            out.push_str(between.unwrap_or_default());
        }
        let value = match attribute {
            Some(attribute) => value.get_attr(attribute)?,
            None => value,
        };
        match value.as_str() {
            Some(text) => out.push_str(text),
            None if value.is_none() => {}
            None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => {
                out.push_str(&value.to_string());
            }
            None => {
                return Err(refused(format!(
                    "a {} cannot be joined to a text",
                    value.kind()
                )));
            }
        }
        bounded(out.len())?;
    }
    Ok(out)
}

/// Each occurrence replaced.
pub(super) fn replace(text: &str, from: &str, to: &str) -> Result<String, Error> {
    let times = text.matches(from).count();
    bounded(times.saturating_mul(to.len()).saturating_add(text.len()))?;
    Ok(text.replace(from, to))
}

/// Cut after this many characters.
pub(super) fn truncate(text: &str, length: usize) -> String {
    crate::arguments::cut(text, length)
}

fn bounded(length: usize) -> Result<(), Error> {
    if length > LONGEST {
        return Err(refused("the text is longer than 5 MB"));
    }
    Ok(())
}
