//! Tables and values as a template sees them.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, Serde};
use rust_decimal::Decimal;
use slipway_agent::ports::tool::ToolError;

use crate::arguments::{cut, told};
use crate::table::{Answer, Cell, problem};

/// How much text the tables of one template hold at most.
const MOST_TEXT: usize = 20_000_000;
const MOST_ROWS: usize = 200_000;

/// A row: its cells by the names of their columns.
#[derive(Debug)]
struct RowView {
    columns: Arc<[String]>,
    cells: Vec<Value>,
}

impl Object for RowView {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let index = self.columns.iter().position(|column| column == key)?;
        self.cells.get(index).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.columns
                .iter()
                .map(|name| Value::from(name.as_str()))
                .collect(),
        )
    }
}

/// Counts what goes into a template, so that it fits into memory however it is printed.
#[derive(Debug, Default)]
pub(crate) struct Size {
    rows: usize,
    text: usize,
}

/// A table: `rows`, `first` (the first row), `columns`, `counts`, `problems`, `notes`.
pub(crate) fn of_table(name: &str, answer: &Answer, size: &mut Size) -> Result<Value, ToolError> {
    let Answer { table, counts } = answer;
    size.rows += table.rows.len();
    if size.rows > MOST_ROWS {
        return Err(told(format!(
            "The tables of the template have more than {MOST_ROWS} rows (with `{name}`); filter, group or limit them."
        )));
    }
    let columns: Arc<[String]> = table.columns.clone().into();
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cells = row
            .cells
            .iter()
            .map(|cell| of_cell(cell, name, size))
            .collect::<Result<_, _>>()?;
        rows.push(Value::from_object(RowView {
            columns: Arc::clone(&columns),
            cells,
        }));
    }
    let number = |count: usize| Value::from(u64::try_from(count).unwrap_or(u64::MAX));
    let findings = &table.findings;
    let problems: Vec<Value> = findings
        .problems
        .iter()
        .map(|found| Value::from(Serde(problem(found))))
        .collect();
    Ok(Value::from(BTreeMap::from([
        ("first", rows.first().cloned().unwrap_or(Value::from(()))),
        ("rows", Value::from(rows)),
        ("columns", Value::from(table.columns.clone())),
        (
            "counts",
            Value::from(BTreeMap::from([
                ("read", number(counts.read)),
                ("matched", number(counts.matched)),
                ("returned", number(counts.returned)),
            ])),
        ),
        ("problems", Value::from(problems)),
        ("problems_total", number(findings.total)),
        ("notes", Value::from(findings.notes.clone())),
    ])))
}

fn of_cell(cell: &Cell, table: &str, size: &mut Size) -> Result<Value, ToolError> {
    match cell {
        Cell::Empty => Ok(Value::from(())),
        Cell::Flag(flag) => Ok(Value::from(*flag)),
        Cell::Number(number) => of_number(*number).ok_or_else(|| {
            told(format!(
                "The number {number} in the table `{table}` has more digits than a template can compare exactly; round it in the query: round(x, 2)."
            ))
        }),
        other => {
            let text = other.to_string();
            size.text += text.len();
            if size.text > MOST_TEXT {
                return Err(told(format!(
                    "The tables of the template hold more than 20 MB of text (with `{table}`); select fewer columns or rows."
                )));
            }
            Ok(Value::from(text))
        }
    }
}

/// A number as a template's own, where it is the same there: templates compare them with others.
pub(crate) fn of_number(number: Decimal) -> Option<Value> {
    let number = number.normalize();
    if let Ok(whole) = i64::try_from(number)
        && number.scale() == 0
    {
        return Some(Value::from(whole));
    }
    let float: f64 = number.to_string().parse().ok()?;
    (as_decimal(float)? == number).then(|| Value::from(float))
}

/// The decimal that a float is shown as.
pub(crate) fn as_decimal(float: f64) -> Option<Decimal> {
    if !float.is_finite() {
        return None;
    }
    Decimal::from_scientific(&format!("{float:e}")).ok()
}

/// What a name in a template may be: a word that is none of the template's own.
pub(crate) fn check_name(name: &str) -> Result<(), ToolError> {
    const OWN: [&str; 12] = [
        "loop", "not", "and", "or", "in", "is", "if", "else", "true", "false", "none", "self",
    ];
    let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if word && name.len() <= 64 && !OWN.contains(&name) {
        return Ok(());
    }
    Err(told(format!(
        "`{}` cannot be a name in a template; take letters, digits and _, beginning with a letter.",
        cut(name, 60)
    )))
}
