//! Rows with named columns, as a table.

use std::borrow::Cow;

use serde_json::{Map, Value};
use yew::prelude::*;

use crate::components::exact::{exact, scalar};
use crate::components::{Button, Kind};
use crate::text;

/// Rows that are shown at first, and how many more each time.
const FIRST: usize = 20;
const MORE: usize = 200;

/// More columns are no table that anybody could read.
const MOST_COLUMNS: usize = 40;

/// A table.
#[derive(Debug, PartialEq)]
pub(super) struct Table<'a> {
    columns: Vec<Column<'a>>,
    rows: Vec<Vec<Cow<'a, Value>>>,
}

#[derive(Debug, PartialEq)]
struct Column<'a> {
    name: &'a str,
    is_number: bool,
}

impl<'a> Table<'a> {
    /// The table that these fields hold, if every row has a cell for every column.
    pub(super) fn of(fields: &'a Map<String, Value>) -> Option<Self> {
        let names = fields.get("columns")?.as_array()?;
        let names = names
            .iter()
            .map(|column| column.as_str().or_else(|| column.get("name")?.as_str()));
        let names: Vec<&str> = names.collect::<Option<_>>()?;
        let rows = fields.get("rows")?.as_array()?.iter();
        let rows = rows.map(|row| {
            row.as_array()
                .map(Vec::as_slice)
                .filter(|row| row.len() == names.len())
        });
        let rows: Vec<&[Value]> = rows.collect::<Option<_>>()?;
        let rows = rows
            .into_iter()
            .map(|row| row.iter().map(Cow::Borrowed).collect());
        Self::with(&names, rows.collect())
    }

    /// Things of one kind, each a row: objects with the same few simple fields.
    pub(super) fn of_things(items: &'a [Value]) -> Option<Self> {
        let things: Vec<&Map<String, Value>> =
            items.iter().map(Value::as_object).collect::<Option<_>>()?;
        if things.len() < 2 {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        for name in things.iter().flat_map(|thing| thing.keys()) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
            if names.len() > MOST_COLUMNS {
                return None;
            }
        }
        let simple = |value: &Value| !value.is_object() && !value.is_array();
        let filled: usize = things.iter().map(|thing| thing.len()).sum();
        // Where most cells would be empty, or hold data of their own, it is a list of different things.
        if filled * 2 < things.len() * names.len()
            || !things.iter().flat_map(|thing| thing.values()).all(simple)
        {
            return None;
        }
        let row = |thing: &&'a Map<String, Value>| {
            let cells = names.iter().map(|name| thing.get(*name));
            cells
                .map(|cell| cell.map_or(Cow::Owned(Value::Null), Cow::Borrowed))
                .collect()
        };
        let rows = things.iter().map(row).collect();
        Self::with(&names, rows)
    }

    fn with(names: &[&'a str], rows: Vec<Vec<Cow<'a, Value>>>) -> Option<Self> {
        let columns = names.iter().enumerate().map(|(column, name)| Column {
            name,
            is_number: all_numbers(&rows, column),
        });
        Some(Self {
            columns: columns.collect(),
            rows,
        })
        .filter(|table| (1..=MOST_COLUMNS).contains(&table.columns.len()))
    }
}

fn all_numbers(rows: &[Vec<Cow<'_, Value>>], column: usize) -> bool {
    let mut filled = rows
        .iter()
        .filter_map(|row| row.get(column))
        .filter(|cell| !cell.is_null())
        .peekable();
    filled.peek().is_some() && filled.all(|cell| is_number(cell))
}

fn is_number(cell: &Value) -> bool {
    match cell {
        Value::Number(_) => true,
        // Exact decimals cross as text.
        Value::String(text) => {
            text.bytes().any(|byte| byte.is_ascii_digit())
                && text
                    .strip_prefix('-')
                    .unwrap_or(text)
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.')
        }
        _ => false,
    }
}

impl Table<'_> {
    /// The table with its first rows, and a way to more.
    pub(super) fn view(&self, shown: usize, on_more: &Callback<usize>) -> Html {
        let side = |column: &Column<'_>| column.is_number.then_some("r");
        let shown = shown.max(FIRST);
        let left = self.rows.len().saturating_sub(shown);
        let more = on_more.reform(move |()| shown + MORE);
        html! {
            <div class="well more__table scroll" tabindex="0">
                <table class="table table--plain table--tight">
                    <thead><tr>{ for self.columns.iter().map(|column| html! { <th class={classes!(side(column))}>{ exact(column.name) }</th> }) }</tr></thead>
                    <tbody>
                        { for self.rows.iter().take(shown).map(|row| html! {
                            <tr>{ for row.iter().zip(&self.columns).map(|(cell, column)| cell_view(cell, side(column))) }</tr>
                        }) }
                    </tbody>
                </table>
                if left > 0 {
                    <div class="more__rows"><Button label={text::show_more_rows(left.min(MORE), left)} small=true kind={Kind::Quiet} onclick={more} /></div>
                }
            </div>
        }
    }
}

fn cell_view(cell: &Value, side: Option<&'static str>) -> Html {
    let words = match cell {
        Value::Null => String::new(),
        other => scalar(other),
    };
    let title = (words.len() > 32).then(|| words.chars().take(600).collect::<String>());
    let words: String = words.chars().take(600).collect();
    html! { <td class={classes!(side)} {title}>{ exact(&words) }</td> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: &Value) -> &Map<String, Value> {
        value.as_object().unwrap()
    }

    #[test]
    fn rows_with_named_columns_are_a_table() {
        let value = json!({
            "columns": [{ "name": "category", "type": "text" }, { "name": "eur", "type": "decimal" }],
            "rows": [["Travel", "1864.20"], ["Meals", null]],
        });
        let table = Table::of(fields(&value)).unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(
            table.columns,
            [
                Column {
                    name: "category",
                    is_number: false
                },
                Column {
                    name: "eur",
                    is_number: true
                }
            ]
        );
    }

    #[test]
    fn what_only_looks_like_a_table_stays_data() {
        for value in [
            json!({ "columns": ["a", "b"], "rows": [[1]] }),
            json!({ "columns": ["a"], "rows": "many" }),
            json!({ "columns": [1], "rows": [[1]] }),
            json!({ "columns": [], "rows": [] }),
            json!({ "rows": 3 }),
        ] {
            assert_eq!(Table::of(fields(&value)), None, "{value}");
        }
    }

    #[test]
    fn things_of_one_kind_are_rows() {
        let files = json!([{ "path": "a.csv", "bytes": 3 }, { "path": "b/", "kind": "folder" }]);
        let table = Table::of_things(files.as_array().unwrap()).unwrap();
        let numbers = table.columns.iter().filter(|column| column.is_number);
        let numbers: Vec<_> = numbers.map(|column| column.name).collect();
        assert_eq!((table.rows.len(), table.columns.len()), (2, 3));
        assert_eq!(numbers, ["bytes"]);
        for other in [
            json!([{ "only": 1 }]),
            json!([{ "a": 1 }, 2]),
            json!([{ "a": { "deep": 1 } }, { "a": 2 }]),
            json!([{ "a": 1 }, { "b": 1 }, { "c": 1 }]),
        ] {
            assert_eq!(Table::of_things(other.as_array().unwrap()), None, "{other}");
        }
    }

    #[test]
    fn a_column_of_codes_is_not_of_numbers() {
        for (cell, expected) in [
            ("35.50", true),
            ("-4", true),
            ("2026-07-01", false),
            ("", false),
            ("7c", false),
        ] {
            assert_eq!(is_number(&json!(cell)), expected, "{cell:?}");
        }
    }
}
