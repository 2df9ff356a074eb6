//! Several files as one table.

use std::collections::BTreeMap;

use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use crate::arguments::{cut, told};
use crate::table::rows::{Row, Table};

/// Puts a further table's rows below, by the names of the columns.
pub(super) fn append(whole: &mut Table, part: Table) -> Result<(), ToolError> {
    if whole.files.is_empty() {
        *whole = part;
        return Ok(());
    }
    let paths = |table: &Table| -> String {
        let paths: Vec<&str> = table.files.iter().map(|file| file.path.as_str()).collect();
        cut(&paths.join(", "), 120)
    };
    let lacking = |of: &[String], among: &[String]| -> Vec<String> {
        of.iter()
            .filter(|name| !among.contains(name))
            .map(|name| format!("`{name}`"))
            .collect()
    };
    if !part.columns.iter().any(|name| whole.columns.contains(name)) {
        return Err(told(format!(
            "{} and {} have no column in common ({} and {}); read them apart, or rename their columns.",
            paths(whole),
            paths(&part),
            cut(&whole.columns.join(", "), 200),
            cut(&part.columns.join(", "), 200)
        )));
    }
    let missing = lacking(&whole.columns, &part.columns);
    if !missing.is_empty() {
        whole.findings.note(format!(
            "{} has no column {}; it is empty in its rows.",
            paths(&part),
            missing.join(", ")
        ));
    }
    let new = lacking(&part.columns, &whole.columns);
    if !new.is_empty() {
        whole.findings.note(format!(
            "Only {} has the column {}; it is empty in the other rows.",
            paths(&part),
            new.join(", ")
        ));
    }
    for name in &part.columns {
        if !whole.columns.contains(name) {
            whole.columns.push(name.clone());
            whole
                .rows
                .iter_mut()
                .for_each(|row| row.cells.push(Cell::Empty));
        }
    }
    let places: Vec<Option<usize>> = whole
        .columns
        .iter()
        .map(|name| part.columns.iter().position(|other| other == name))
        .collect();
    let first = u32::try_from(whole.files.len()).unwrap_or(u32::MAX);
    whole.files.extend(part.files);
    whole.rows.extend(part.rows.into_iter().map(|mut row| {
        let mut take = |place: &Option<usize>| {
            place.map_or(Cell::Empty, |place| {
                std::mem::replace(&mut row.cells[place], Cell::Empty)
            })
        };
        let cells = places.iter().map(&mut take).collect();
        Row {
            file: first + row.file,
            number: row.number,
            cells,
        }
    }));
    whole.findings.take(part.findings);
    Ok(())
}

/// Gives columns other names, in all parts of the query that follow.
pub(super) fn rename(table: &mut Table, names: &BTreeMap<String, String>) -> Result<(), ToolError> {
    let places: Vec<(usize, &String)> = names
        .iter()
        .map(|(old, new)| Ok((table.column(old)?, new)))
        .collect::<Result<_, ToolError>>()?;
    for (index, new) in places {
        table.columns[index] = new.trim().to_owned();
    }
    for (index, name) in table.columns.iter().enumerate() {
        if name.is_empty() || name.starts_with('_') {
            return Err(told(format!(
                "A column cannot be renamed to `{}`: names that begin with _ are kept for this tool.",
                cut(name, 60)
            )));
        }
        if table.columns[..index].contains(name) {
            return Err(told(format!(
                "`rename` makes two columns named `{}`.",
                cut(name, 60)
            )));
        }
    }
    Ok(())
}
