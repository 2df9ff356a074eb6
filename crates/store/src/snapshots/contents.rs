//! The contents beside a database that it names: which, and whether they are there.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use rusqlite::Connection;
use slipway_contract::ContentHash;

use crate::blobs::{Blobs, create_private, sync_file, sync_folder};
use crate::columns;
use crate::error::StoreError;

/// Every hash in a column that is called `blob` or ends in `_blob`: so a migration that adds one
/// needs no word here.
pub(crate) fn named(connection: &Connection) -> Result<BTreeSet<ContentHash>, StoreError> {
    let columns: Vec<(String, String)> = connection
        .prepare(
            "SELECT tables.name, columns.name \
             FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns \
             WHERE tables.type = 'table' \
             AND (columns.name = 'blob' OR columns.name LIKE '%\\_blob' ESCAPE '\\')",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut hashes = BTreeSet::new();
    for (table, column) in columns {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let (table, column) = (quoted(&table), quoted(&column));
        let select = format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL");
        let mut statement = connection.prepare(&select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            let hash = columns::hash("blob", &bytes);
            hashes.insert(hash.map_err(|error| error.of(format!("table {table}")))?);
        }
    }
    Ok(hashes)
}

/// Gives `to` these contents of `from`: as another name of the same file, which costs no space
/// and outlives the first name, or as a copy where the file system has no such names. Returns
/// those that are missing or changed there.
pub(super) fn take(
    hashes: &BTreeSet<ContentHash>,
    from: &Blobs,
    to: &Blobs,
) -> Result<Vec<ContentHash>, StoreError> {
    let (mut lost, mut folders) = (Vec::new(), BTreeSet::new());
    for &hash in hashes {
        let (source, target) = (from.path(hash), to.path(hash));
        if to.get(hash).is_ok() {
            continue;
        }
        if from.get(hash).is_err() {
            lost.push(hash);
            continue;
        }
        if let Some(folder) = target.parent() {
            create_private(folder).map_err(StoreError::io("created", folder))?;
            folders.insert(folder.to_owned());
        }
        put(&source, &target).map_err(StoreError::io("written", &target))?;
    }
    for folder in folders
        .iter()
        .map(std::path::PathBuf::as_path)
        .chain([to.root()])
    {
        if folder.exists() {
            sync_folder(folder).map_err(StoreError::io("written", folder))?;
        }
    }
    Ok(lost)
}

fn put(source: &Path, target: &Path) -> io::Result<()> {
    // What is there under this name is not the content.
    match fs::remove_file(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if fs::hard_link(source, target).is_ok() {
        return Ok(());
    }
    fs::copy(source, target)?;
    sync_file(target)
}
