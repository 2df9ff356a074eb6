//! Tables as JSON lines: an object for each row.

use serde_json::{Map, Value};

use super::Table;

pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "it is not UTF-8 text: save it as UTF-8".to_owned())?;
    let mut table = Table::default();
    let mut first: Option<Vec<String>> = None;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = index + 1;
        let row: Map<String, Value> = serde_json::from_str(line)
            .map_err(|error| format!("line {number} is no JSON object: {error}"))?;
        let mut names: Vec<String> = row.keys().cloned().collect();
        names.sort_unstable();
        // A variable must have a value in each row.
        match &first {
            Some(first) if *first != names => {
                return Err(format!("line {number} has other keys than the first row"));
            }
            Some(_) => {}
            None => first = Some(names),
        }
        let cells = row.iter().map(|(name, value)| (name.clone(), told(value)));
        table
            .push(cells.collect())
            .map_err(|why| format!("line {number}: {why}"))?;
    }
    Ok(table)
}

/// A value as it stands in a text: a string as it is, nothing for null, else JSON.
pub(super) fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
