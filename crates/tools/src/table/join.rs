//! Looking up rows of another table.

use std::collections::HashMap;

use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::formula::Formula;
use super::query::Join;
use super::read::{self, Budget};
use super::rows::{Problem, Table};
use crate::arguments::{cut, told};
use crate::blocking::Stop;

/// What a row looks up: the other table's columns and what they must equal.
type Key = Vec<String>;

/// Gives each row the cells of the one row of another table with the same key. A row without
/// one is kept, its new cells are empty, and it is reported.
pub(crate) fn apply(
    grants: &Grants,
    table: &mut Table,
    join: &Join,
    budget: &mut Budget,
    stop: &Stop,
) -> Result<(), ToolError> {
    let mut other = read::one(grants, &join.source, budget, stop)?;
    let mut left = Vec::new();
    let mut right = Vec::new();
    for (own, theirs) in &join.on {
        left.push(Formula::column_or_new(own, &table.columns)?);
        right.push(other.column(theirs)?);
    }
    if left.is_empty() {
        return Err(told(
            "`join` needs at least one pair of columns under `on`.",
        ));
    }
    let taken = taken_columns(table, &other, join, &right)?;
    let index = index(&other, &right, join)?;
    let on: Vec<&str> = join.on.values().map(String::as_str).collect();
    let path = other
        .files
        .first()
        .map_or("", |file| file.path.as_str())
        .to_owned();
    let mut problems = Vec::new();
    for row in &mut table.rows {
        stop.check()?;
        let cells: Vec<Cell> = left
            .iter()
            .map(|formula| formula.value(&row.cells).unwrap_or(Cell::Empty))
            .collect();
        let key: Option<Key> = cells.iter().map(Cell::key).collect();
        let found = key.and_then(|key| index.get(&key).copied());
        if found.is_none() {
            let wanted: Vec<String> = on
                .iter()
                .zip(&cells)
                .map(|(name, cell)| {
                    format!(
                        "{name} = {}",
                        if cell.is_empty() {
                            "(empty)".into()
                        } else {
                            cut(&cell.to_string(), 40)
                        }
                    )
                })
                .collect();
            problems.push((
                row.file,
                row.number,
                format!("{path} has no row with {}", wanted.join(" and ")),
            ));
        }
        row.cells.extend(taken.iter().map(|(column, _)| {
            found.map_or(Cell::Empty, |found| {
                other.rows[found].cells[*column].clone()
            })
        }));
    }
    for (file, number, what) in problems {
        table.findings.problem(Problem {
            file: table.files[file as usize].path.clone(),
            row: number,
            column: None,
            value: None,
            what,
        });
    }
    table
        .columns
        .extend(taken.into_iter().map(|(_, name)| name));
    table.findings.take(std::mem::take(&mut other.findings));
    Ok(())
}

fn taken_columns(
    table: &Table,
    other: &Table,
    join: &Join,
    keys: &[usize],
) -> Result<Vec<(usize, String)>, ToolError> {
    let taken: Vec<usize> = if join.columns.is_empty() {
        (0..other.columns.len())
            .filter(|index| !keys.contains(index))
            .collect()
    } else {
        join.columns
            .iter()
            .map(|name| other.column(name))
            .collect::<Result<_, _>>()?
    };
    let mut named = Vec::new();
    for index in taken {
        let name = other.columns[index].clone();
        if table.columns.contains(&name) {
            return Err(told(format!(
                "Both tables have a column `{}`; take only the columns that you need, or give it another name under `rename` of the join's source.",
                cut(&name, 60)
            )));
        }
        named.push((index, name));
    }
    Ok(named)
}

/// The rows by their key. Two rows with one key would leave open which is meant.
fn index(other: &Table, keys: &[usize], join: &Join) -> Result<HashMap<Key, usize>, ToolError> {
    let mut index = HashMap::with_capacity(other.rows.len());
    for (number, row) in other.rows.iter().enumerate() {
        let key: Option<Key> = keys.iter().map(|key| row.cells[*key].key()).collect();
        let Some(key) = key else { continue };
        if let Some(earlier) = index.insert(key, number) {
            let columns: Vec<&str> = join.on.values().map(String::as_str).collect();
            let values: Vec<String> = keys.iter().map(|key| row.cells[*key].to_string()).collect();
            return Err(told(format!(
                "{} and {} have the same {} ({}), so it is open which is meant; add a column to `on` that tells them apart.",
                other.place(&other.rows[earlier]),
                other.place(row),
                columns.join(" and "),
                cut(&values.join(", "), 100)
            )));
        }
    }
    Ok(index)
}
