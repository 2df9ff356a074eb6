//! Proposals that a model wrote as JSON. What it wrote is hostile: only keys that can do no harm
//! are taken, and each case goes through the suite's own reader.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use toml_edit::{ArrayOfTables, InlineTable, Item, Table, value};

use super::proposal::{Proposal, list};
use super::review::{Dropped, Proposed, plain, unique};
use crate::asking::json_of;
use crate::suite::Tested;

/// Proposals of one answer that are looked at.
pub(super) const MOST: usize = 50;
/// Characters of why a case is worth having.
const WHY: usize = 300;
/// The keys that a proposed case may have: none that allows, spends or reads a file.
const KEYS: [&str; 7] = [
    "name",
    "why",
    "input",
    "variables",
    "files",
    "mock",
    "expect",
];

/// The cases in a model's answer.
pub(super) fn read(answer: &str, tested: &Tested<'_>) -> Proposed {
    let mut proposed = Proposed::default();
    let cases = match serde_json::from_str::<Value>(json_of(answer)) {
        Ok(Value::Array(cases)) => cases,
        Ok(Value::Object(mut map)) => match map.remove("cases") {
            Some(Value::Array(cases)) => cases,
            _ => return nonsense(proposed, "it has no list `cases`"),
        },
        Ok(_) => return nonsense(proposed, "it is no list of cases"),
        Err(error) => return nonsense(proposed, &format!("it is no JSON: {error}")),
    };
    let mut names = BTreeSet::new();
    let more = cases.len().saturating_sub(MOST);
    for (index, case) in cases.into_iter().take(MOST).enumerate() {
        let called = case.get("name").and_then(Value::as_str);
        let called = called.map_or_else(|| format!("Case {}", index + 1), str::to_owned);
        match proposal(case, &called, &mut names) {
            Ok(proposal) => proposed.take(proposal, tested),
            Err(why) => proposed.dropped.push(Dropped::new(&called, why)),
        }
    }
    if more > 0 {
        let why = format!("{MOST} proposals are looked at, and {more} more were made");
        proposed
            .dropped
            .push(Dropped::new("Further proposals", why));
    }
    proposed
}

fn nonsense(mut proposed: Proposed, why: &str) -> Proposed {
    let why = format!("what the model answered is no proposal: {why}");
    proposed.dropped.push(Dropped::new("The answer", why));
    proposed
}

fn proposal(case: Value, called: &str, names: &mut BTreeSet<String>) -> Result<Proposal, String> {
    let Value::Object(mut case) = case else {
        return Err("it is no object".to_owned());
    };
    if let Some(key) = case.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!(
            "it has the key {:?}; a proposal has {} alone",
            plain(key, 60),
            KEYS.join(", ")
        ));
    }
    let why = match case.remove("why") {
        Some(Value::String(why)) => plain(&why, WHY),
        _ => String::new(),
    };
    case.remove("name");
    if let Some(Value::Array(files)) = case.get("files")
        && files.iter().any(|file| file.get("copy").is_some())
    {
        return Err("it copies a file of the package; a proposal brings its own text".to_owned());
    }
    let mut made = table_of(case)?;
    made.insert("tags", list(["generated", "by-model"]));
    Ok(Proposal::of(unique(called, names), why, made))
}

fn table_of(map: Map<String, Value>) -> Result<Table, String> {
    let mut table = Table::new();
    for (key, json) in map {
        let item = match json {
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
                let mut tables = ArrayOfTables::new();
                for item in items {
                    if let Value::Object(map) = item {
                        tables.push(table_of(map)?);
                    }
                }
                Item::ArrayOfTables(tables)
            }
            other => value(toml_of(other)?),
        };
        table.insert(&key, item);
    }
    Ok(table)
}

fn toml_of(json: Value) -> Result<toml_edit::Value, String> {
    Ok(match json {
        Value::Null => return Err("it holds null, which no suite can hold".to_owned()),
        Value::Bool(flag) => flag.into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(float)) => float.into(),
            (None, None) => return Err(format!("it holds the number {number}")),
        },
        Value::String(text) => text.into(),
        Value::Array(items) => {
            let items: Result<toml_edit::Array, String> = items.into_iter().map(toml_of).collect();
            items?.into()
        }
        Value::Object(map) => {
            let mut table = InlineTable::new();
            for (key, json) in map {
                table.insert(&key, toml_of(json)?);
            }
            table.into()
        }
    })
}
