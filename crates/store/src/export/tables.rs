//! Which table lies where in an export. A table that is not named here is written row by row, so
//! that none is forgotten; the test below asks for a decision about each.

use rusqlite::Connection;

use super::ExportError;

/// Where the rows of a table lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// With the agent, the version or the run that they are of.
    Own,
    /// In `tables/NAME.jsonl`, a row a line.
    Lines,
    /// Nowhere, for this reason.
    LeftOut(&'static str),
}

use Place::{LeftOut, Lines, Own};

const WORDS: &str = "the words of runs, made again from their journals when runs are searched";

const TABLES: &[(&str, Place)] = &[
    (
        "_sqlx_migrations",
        LeftOut("how this database came to its tables"),
    ),
    (
        "compatibility",
        LeftOut("which binary can open this database"),
    ),
    (
        "leases",
        LeftOut("which process of this machine drives a run now; an import makes free ones"),
    ),
    (
        "spend",
        LeftOut("sums over the reservations, made again when a budget asks for them"),
    ),
    (
        "agent_cards",
        LeftOut("what lists say of agents, made again from their packages"),
    ),
    (
        "removed_agents",
        LeftOut("removed by the person; what stays of them, their versions and runs, is exported"),
    ),
    (
        "removed_grants",
        LeftOut("what was granted to agents that the person removed"),
    ),
    ("run_texts", LeftOut(WORDS)),
    ("run_texts_known", LeftOut(WORDS)),
    ("run_texts_config", LeftOut(WORDS)),
    ("run_texts_data", LeftOut(WORDS)),
    ("run_texts_docsize", LeftOut(WORDS)),
    ("run_texts_idx", LeftOut(WORDS)),
    ("agents", Own),
    ("agent_versions", Own),
    ("drafts", Own),
    ("draft_changes", Own),
    ("versions", Own),
    ("version_files", Own),
    ("runs", Own),
    ("events", Own),
    ("attempt_runs", Lines),
    ("attempts", Lines),
    ("budgets", Lines),
    ("grants", Lines),
    ("preferences", Lines),
    ("regressions", Lines),
    ("reports", Lines),
    ("reservations", Lines),
    ("rules", Lines),
    ("verdict_labels", Lines),
];

/// A table of the database.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Its place in the primary key, from 1; 0 outside of it.
    key: u32,
}

/// What a column holds. The tables are strict, so that it holds nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Real,
    Text,
    Blob,
}

impl Table {
    /// The columns in the order that makes the same rows the same lines.
    pub(super) fn order(&self) -> String {
        let mut keys: Vec<&Column> = self
            .columns
            .iter()
            .filter(|column| column.key > 0)
            .collect();
        keys.sort_by_key(|column| column.key);
        if keys.is_empty() {
            keys = self.columns.iter().collect();
        }
        let names: Vec<String> = keys.iter().map(|column| quoted(&column.name)).collect();
        names.join(", ")
    }
}

/// The tables that are exported, by name.
pub(super) fn kept(connection: &Connection) -> Result<Vec<Table>, ExportError> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         ORDER BY name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    let names = names.collect::<Result<Vec<String>, _>>()?;
    let mut tables = Vec::new();
    for name in names {
        let known = TABLES.iter().find(|(table, _)| *table == name);
        let place = known.map_or(Lines, |(_, place)| *place);
        if matches!(place, LeftOut(_)) {
            continue;
        }
        tables.push(Table {
            columns: columns(connection, &name)?,
            place,
            name,
        });
    }
    Ok(tables)
}

/// A table of this name among these.
pub(super) fn named<'t>(tables: &'t [Table], name: &str) -> Result<&'t Table, ExportError> {
    tables
        .iter()
        .find(|table| table.name == name)
        .ok_or_else(|| {
            let missing = format!("the table {name} is missing");
            ExportError::Store(crate::StoreError::Sql(missing))
        })
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>, ExportError> {
    let mut statement = connection.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| {
        let kind: String = row.get(1)?;
        Ok(Column {
            name: row.get(0)?,
            kind: match kind.as_str() {
                "INTEGER" | "INT" => Kind::Integer,
                "REAL" => Kind::Real,
                "BLOB" => Kind::Blob,
                _ => Kind::Text,
            },
            key: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A name as SQL takes it, whatever is in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::{Options, Store};

    #[tokio::test]
    async fn every_table_is_exported_or_left_out_for_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slipway.db");
        let clock = Arc::new(slipway_agent::memory::clock::ManualClock::default());
        let store = Store::open(&path, Options::new(clock)).await.unwrap();
        let found: Vec<(String,)> = sqlx::query_as(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        )
        .fetch_all(store.pool())
        .await
        .unwrap();
        let found: BTreeSet<&str> = found.iter().map(|(name,)| name.as_str()).collect();
        let decided: BTreeSet<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            found, decided,
            "a new table needs a line in TABLES: where an export has it, or why it has not"
        );
        for (name, place) in TABLES {
            if let LeftOut(reason) = place {
                assert!(reason.len() > 10, "{name} is left out for a reason");
            }
        }
        store.close().await;
    }
}
