//! What a home holds, row by row, so that another version can be asked for the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

/// A text of more characters is kept as its beginning and its length.
const SHOWN: usize = 300;

/// What a home holds.
pub(super) struct Manifest {
    pub(super) migration: i64,
    /// The runs, by what they are an example of.
    pub(super) runs: BTreeMap<String, String>,
    tables: Value,
}

impl Manifest {
    /// What is in this database.
    pub(super) fn of(database: &Path, runs: BTreeMap<String, String>) -> Self {
        let sql = open(database);
        let migration = "SELECT max(version) FROM _sqlx_migrations";
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                      AND name NOT IN ('_sqlx_migrations', 'compatibility')";
        let mut statement = sql.prepare(tables).unwrap();
        let names: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let tables = names.into_iter().map(|name| {
            let columns = sql.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
            let columns: Vec<String> = columns
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect();
            columns_and_rows(&sql, &name, &columns)
        });
        Self {
            migration: sql.query_row(migration, [], |row| row.get(0)).unwrap(),
            runs,
            tables: Value::Object(tables.collect()),
        }
    }

    pub(super) fn read(path: &Path) -> Self {
        let text =
            fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let value: Value = serde_json::from_str(&text).unwrap();
        Self {
            migration: value["migration"].as_i64().unwrap(),
            runs: serde_json::from_value(value["runs"].clone()).unwrap(),
            tables: value["tables"].clone(),
        }
    }

    pub(super) fn table(&self, name: &str) -> &Value {
        &self.tables[name]
    }

    pub(super) fn write(&self, path: &Path) {
        let value = json!({"migration": self.migration, "runs": self.runs, "tables": self.tables});
        fs::write(path, serde_json::to_string_pretty(&value).unwrap() + "\n").unwrap();
    }

    /// Every row that is said to be there is, with every column that it had.
    #[track_caller]
    pub(super) fn assert_held_by(&self, database: &Path) {
        let sql = open(database);
        for (name, table) in self.tables.as_object().unwrap() {
            let columns: Vec<String> = serde_json::from_value(table["columns"].clone()).unwrap();
            let (_, there) = columns_and_rows(&sql, name, &columns);
            assert_eq!(there["rows"], table["rows"], "the table {name}");
        }
    }
}

fn open(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn columns_and_rows(sql: &Connection, table: &str, columns: &[String]) -> (String, Value) {
    let list: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{column}\""))
        .collect();
    let order: Vec<String> = (1..=columns.len())
        .map(|number| number.to_string())
        .collect();
    let select = format!(
        "SELECT {} FROM \"{table}\" ORDER BY {}",
        list.join(", "),
        order.join(", ")
    );
    let mut statement = sql
        .prepare(&select)
        .unwrap_or_else(|error| panic!("{table}: {error}"));
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cells = (0..columns.len()).map(|column| cell(row.get_ref(column).unwrap()));
        found.push(Value::Array(cells.collect()));
    }
    (table.to_owned(), json!({"columns": columns, "rows": found}))
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => json!(number),
        ValueRef::Real(number) => json!(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).unwrap();
            if text.chars().count() <= SHOWN {
                return json!(text);
            }
            let begin: String = text.chars().take(SHOWN).collect();
            json!(format!("{begin}… {} bytes, sum {}", text.len(), sum(text)))
        }
        ValueRef::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!(format!("x'{digits}'"))
        }
    }
}

/// FNV-1a: the rest of a text, so that a changed one is seen.
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
