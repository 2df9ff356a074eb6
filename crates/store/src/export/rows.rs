//! A row as JSON: each column by its name, bytes as hex digits.

use std::fmt::Write as _;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};
use serde_json::{Map, Value as Json};

use super::ExportError;
use super::tables::{Column, Kind, Table, quoted};

/// A row as it is written in an export.
pub(super) type JsonRow = Map<String, Json>;

/// Every row of a table for which this holds, in the table's order.
pub(super) fn read(
    connection: &Connection,
    table: &Table,
    condition: &str,
    values: &[&dyn ToSql],
    mut each: impl FnMut(JsonRow) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(&column.name))
        .collect();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {}",
        names.join(", "),
        quoted(&table.name),
        table.order()
    ))?;
    let mut rows = statement.query(params_from_iter(values.iter()))?;
    while let Some(row) = rows.next()? {
        each(to_json(row, &table.columns)?)?;
    }
    Ok(())
}

/// All of these rows.
pub(super) fn all(
    connection: &Connection,
    table: &Table,
    condition: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<JsonRow>, ExportError> {
    let mut found = Vec::new();
    read(connection, table, condition, values, |row| {
        found.push(row);
        Ok(())
    })?;
    Ok(found)
}

fn to_json(row: &Row<'_>, columns: &[Column]) -> Result<JsonRow, rusqlite::Error> {
    let mut json = JsonRow::new();
    for (index, column) in columns.iter().enumerate() {
        let value = match row.get_ref(index)? {
            ValueRef::Null => Json::Null,
            ValueRef::Integer(number) => Json::from(number),
            ValueRef::Real(number) => Json::from(number),
            ValueRef::Text(text) => Json::from(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Json::from(hex(bytes)),
        };
        json.insert(column.name.clone(), value);
    }
    Ok(json)
}

/// Adds a row. Columns that it does not name have what the table gives them.
pub(super) fn insert(
    connection: &Connection,
    table: &Table,
    file: &str,
    row: &JsonRow,
) -> Result<(), ExportError> {
    let mut names = Vec::with_capacity(row.len());
    let mut values = Vec::with_capacity(row.len());
    for (name, value) in row {
        names.push(quoted(name));
        values.push(from_json(table, file, name, value)?);
    }
    let marks: Vec<String> = (1..=values.len())
        .map(|number| format!("?{number}"))
        .collect();
    connection
        .prepare_cached(&format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(&table.name),
            names.join(", "),
            marks.join(", ")
        ))?
        .execute(params_from_iter(values))
        .map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => {
                ExportError::refused(file, format!("a row of {} cannot be: {error}", table.name))
            }
            _ => error.into(),
        })?;
    Ok(())
}

/// Whether a row is one that the table can have, as far as its columns say.
pub(super) fn check(table: &Table, file: &str, row: &JsonRow) -> Result<(), ExportError> {
    row.iter()
        .try_for_each(|(name, value)| from_json(table, file, name, value).map(drop))
}

fn from_json(table: &Table, file: &str, name: &str, value: &Json) -> Result<Value, ExportError> {
    let column = table.columns.iter().find(|column| column.name == name);
    let column = column.ok_or_else(|| {
        let name = super::error::shown(name);
        ExportError::refused(file, format!("{} has no column {name}", table.name))
    })?;
    let found = match (column.kind, value) {
        (_, Json::Null) => Some(Value::Null),
        (Kind::Integer, Json::Number(number)) => number.as_i64().map(Value::Integer),
        (Kind::Real, Json::Number(number)) => number.as_f64().map(Value::Real),
        (Kind::Text, Json::String(text)) => Some(Value::Text(text.clone())),
        (Kind::Blob, Json::String(digits)) => bytes(digits).map(Value::Blob),
        _ => None,
    };
    found.ok_or_else(|| {
        let wrong = format!(
            "the column {name} of {} cannot hold what is there",
            table.name
        );
        ExportError::refused(file, wrong)
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2)
        || !digits
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}
