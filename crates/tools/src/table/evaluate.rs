//! Answering a query.

use std::collections::HashMap;

use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::filter::Filter;
use super::formula::{Formula, Missing};
use super::query::{Compute, Condition, Query, Sort};
use super::read::{self, Budget};
use super::rows::{DUPLICATE_OF, FILE, Problem, ROW, Row, Table, position};
use super::{group, join};
use crate::arguments::{cut, told};
use crate::blocking::Stop;

/// A query's answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) table: Table,
    pub(crate) counts: Counts,
}

/// How many rows there were at each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// In the sources.
    pub(crate) read: usize,
    /// After the filter.
    pub(crate) matched: usize,
    /// Groups, where there are some; else as matched.
    pub(crate) total: usize,
    pub(crate) returned: usize,
    pub(crate) grouped: bool,
}

/// Reads the sources and makes of them what is asked, with at most this many rows.
pub(crate) fn evaluate(
    grants: &Grants,
    query: &Query,
    most: usize,
    stop: &Stop,
) -> Result<Answer, ToolError> {
    if query.sources.is_empty() {
        return Err(told("`sources` is empty; name at least one file to read."));
    }
    let mut budget = Budget::default();
    let mut table = read::sources(grants, &query.sources, &mut budget, stop)?;
    let read = table.rows.len();
    add_places(&mut table);
    for join in &query.join {
        join::apply(grants, &mut table, join, &mut budget, stop)?;
    }
    for one in &query.compute {
        compute(&mut table, one, stop)?;
    }
    if !query.find_duplicates.is_empty() {
        find_duplicates(&mut table, &query.find_duplicates)?;
    }
    stop.check()?;
    filter(&mut table, &query.filter)?;
    let matched = table.rows.len();
    let grouped = !query.group_by.is_empty() || !query.aggregate.is_empty();
    if grouped {
        group::apply(&mut table, query)?;
    }
    stop.check()?;
    sort(&mut table, &query.sort)?;
    let total = table.rows.len();
    let limit = query.limit.unwrap_or(most).min(most);
    table.rows.drain(..query.offset.min(total));
    table.rows.truncate(limit);
    select(&mut table, &query.select)?;
    let counts = Counts {
        read,
        matched,
        total,
        returned: table.rows.len(),
        grouped,
    };
    Ok(Answer { table, counts })
}

/// The source row, and with several files the file, as columns like any other.
fn add_places(table: &mut Table) {
    let several = table.files.len() > 1;
    let mut names = vec![ROW.to_owned()];
    if several {
        names.insert(0, FILE.to_owned());
    }
    for row in &mut table.rows {
        let mut cells = Vec::with_capacity(row.cells.len() + names.len());
        if several {
            cells.push(Cell::Text(
                table.files[row.file as usize].path.as_str().into(),
            ));
        }
        cells.push(Cell::Number(row.number.into()));
        cells.append(&mut row.cells);
        row.cells = cells;
    }
    names.append(&mut table.columns);
    table.columns = names;
}

fn new_column(table: &Table, name: &str) -> Result<(), ToolError> {
    if name.trim().is_empty() || name.starts_with('_') {
        return Err(told(format!(
            "A computed column cannot be named `{}`.",
            cut(name, 60)
        )));
    }
    if table.columns.iter().any(|column| column == name) {
        return Err(told(format!(
            "There is already a column `{}`; give the computed one another name.",
            cut(name, 60)
        )));
    }
    Ok(())
}

fn compute(table: &mut Table, one: &Compute, stop: &Stop) -> Result<(), ToolError> {
    new_column(table, &one.column)?;
    let formula = Formula::new(&one.formula, &table.columns)?;
    let mut empty = 0_usize;
    for row in &mut table.rows {
        stop.check()?;
        let cell = match formula.value(&row.cells) {
            Ok(cell) => cell,
            Err(Missing::Empty) => {
                empty += 1;
                Cell::Empty
            }
            Err(Missing::Unfit(what)) => {
                table.findings.problem(Problem {
                    file: table.files[row.file as usize].path.clone(),
                    row: row.number,
                    column: Some(one.column.clone()),
                    value: None,
                    what: format!("it has no value, since {what}"),
                });
                Cell::Empty
            }
        };
        row.cells.push(cell);
    }
    if empty > 0 {
        let name = &one.column;
        table.findings.note(format!(
            "`{name}` is empty in {empty} rows where a cell that its formula needs is empty."
        ));
    }
    table.columns.push(one.column.clone());
    Ok(())
}

fn find_duplicates(table: &mut Table, by: &[String]) -> Result<(), ToolError> {
    let columns: Vec<usize> = by
        .iter()
        .map(|name| table.column(name))
        .collect::<Result<_, _>>()?;
    let mut firsts: HashMap<Vec<Option<String>>, String> = HashMap::new();
    let mut found = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let key: Vec<Option<String>> = columns
            .iter()
            .map(|column| row.cells[*column].key())
            .collect();
        // Rows of which nothing is known are not alike.
        let cell = if key.iter().all(Option::is_none) {
            Cell::Empty
        } else if let Some(first) = firsts.get(&key) {
            Cell::Text(first.as_str().into())
        } else {
            firsts.insert(key, table.place(row));
            Cell::Empty
        };
        found.push(cell);
    }
    for (row, cell) in table.rows.iter_mut().zip(found) {
        row.cells.push(cell);
    }
    table.columns.push(DUPLICATE_OF.to_owned());
    Ok(())
}

fn filter(table: &mut Table, conditions: &[Condition]) -> Result<(), ToolError> {
    for condition in conditions {
        let filter = Filter::new(condition, &table.columns)?;
        let mut filled = table
            .rows
            .iter()
            .filter(|row| filter.is_filled(&row.cells))
            .peekable();
        if filled.peek().is_some() && !filled.any(|row| filter.can_compare(&row.cells)) {
            return Err(told(format!(
                "The condition on `{}` compares its cells with a value of another kind; numbers are compared with numbers, dates with dates as yyyy-mm-dd.",
                cut(&condition.column, 60)
            )));
        }
        table.rows.retain(|row| filter.passes(&row.cells));
    }
    Ok(())
}

fn sort(table: &mut Table, by: &[Sort]) -> Result<(), ToolError> {
    let keys: Vec<(usize, bool)> = by
        .iter()
        .map(|sort| Ok((table.column(&sort.column)?, sort.descending)))
        .collect::<Result<_, ToolError>>()?;
    table.rows.sort_by(|a, b| {
        keys.iter()
            .map(|(column, descending)| order(&a.cells[*column], &b.cells[*column], *descending))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    Ok(())
}

/// Empty cells come last in both directions.
fn order(a: &Cell, b: &Cell, descending: bool) -> std::cmp::Ordering {
    let order = a.cmp(b);
    if descending && !a.is_empty() && !b.is_empty() {
        order.reverse()
    } else {
        order
    }
}

fn select(table: &mut Table, names: &[String]) -> Result<(), ToolError> {
    if names.is_empty() {
        return Ok(());
    }
    let places: Vec<usize> = names
        .iter()
        .map(|name| position(&table.columns, name))
        .collect::<Result<_, _>>()?;
    for (index, place) in places.iter().enumerate() {
        if places[..index].contains(place) {
            return Err(told(format!(
                "`select` names `{}` twice.",
                cut(&names[index], 60)
            )));
        }
    }
    for Row { cells, .. } in &mut table.rows {
        *cells = places
            .iter()
            .map(|place| std::mem::replace(&mut cells[*place], Cell::Empty))
            .collect();
    }
    table.columns = names.to_vec();
    Ok(())
}
