//! What a tool returned: a table as a table, text as text, everything else as data.

use serde_json::{Map, Value};
use yew::prelude::*;

use super::exact::{data, exact, scalar};
use crate::text;

/// More rows are in the data below the table.
const MOST_ROWS: usize = 20;

/// What a tool returned.
pub(crate) fn result(value: &Value) -> Html {
    match value {
        Value::Object(fields) => match (Table::of(fields), words(fields)) {
            (Some(table), _) => html! { <>{ view(&table) }{ whole(value) }</> },
            (None, Some((name, words))) => html! { <>{ data(words) }{ rest(fields, name) }</> },
            (None, None) => data(value),
        },
        other => data(other),
    }
}

/// The text that a result is mainly about, and its field.
fn words(fields: &Map<String, Value>) -> Option<(&'static str, &Value)> {
    let told = |name: &'static str| {
        let value = fields.get(name).filter(|value| value.is_string())?;
        Some((name, value))
    };
    ["text", "preview"].into_iter().find_map(told)
}

/// Rows with named columns, as tools for tables return them.
#[derive(Debug, PartialEq)]
struct Table<'a> {
    columns: Vec<Column<'a>>,
    rows: Vec<&'a [Value]>,
}

#[derive(Debug, PartialEq)]
struct Column<'a> {
    name: &'a str,
    is_number: bool,
}

impl<'a> Table<'a> {
    /// The table that these fields hold, if every row has a cell for every column.
    fn of(fields: &'a Map<String, Value>) -> Option<Self> {
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
        let columns = names.iter().enumerate().map(|(column, name)| Column {
            name,
            is_number: all_numbers(&rows, column),
        });
        Some(Self {
            columns: columns.collect(),
            rows,
        })
        .filter(|table| !table.columns.is_empty())
    }
}

fn all_numbers(rows: &[&[Value]], column: usize) -> bool {
    let mut filled = rows
        .iter()
        .filter_map(|row| row.get(column))
        .filter(|cell| !cell.is_null())
        .peekable();
    filled.peek().is_some() && filled.all(is_number)
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

fn view(table: &Table<'_>) -> Html {
    let side = |column: &Column<'_>| column.is_number.then_some("r");
    html! {
        <div class="well more__table scroll" tabindex="0">
            <table class="table table--plain table--tight">
                <thead><tr>{ for table.columns.iter().map(|column| html! { <th class={classes!(side(column))}>{ exact(column.name) }</th> }) }</tr></thead>
                <tbody>
                    { for table.rows.iter().take(MOST_ROWS).map(|row| html! {
                        <tr>{ for row.iter().zip(&table.columns).map(|(cell, column)| html! { <td class={classes!(side(column))}>{ cell_view(cell) }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
            if table.rows.len() > MOST_ROWS { <p class="small t3 num">{ text::more_rows(table.rows.len() - MOST_ROWS) }</p> }
        </div>
    }
}

fn cell_view(cell: &Value) -> Html {
    match cell {
        Value::Null => Html::default(),
        other => exact(&scalar(other)),
    }
}

/// All that was returned, for whoever wants to see it.
fn whole(value: &Value) -> Html {
    html! { <details class="fold"><summary>{ text::ALL_OF_IT }</summary>{ data(value) }</details> }
}

/// What was returned beside the text.
fn rest(fields: &Map<String, Value>, shown: &str) -> Html {
    let others = fields.iter().filter(|(name, _)| *name != shown);
    html! {
        <dl class="facts num more__facts selectable">
            { for others.map(|(name, value)| html! { <><dt>{ exact(name) }</dt><dd>{ exact(&scalar(value)) }</dd></> }) }
        </dl>
    }
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
