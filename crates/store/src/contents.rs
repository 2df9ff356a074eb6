//! The contents beside the database, against what the database says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use slipway_contract::{ContentHash, RunId};

use crate::blobs::{Blobs, hash_of};
use crate::snapshots::{Snapshots, contents};
use crate::{Store, StoreError, columns, file};

/// What was found beside the database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// How many contents the database names.
    pub named: usize,
    /// Those of them that cannot be used.
    pub faults: Vec<ContentFault>,
    /// How many files nothing names, and their bytes: left by a write that was cut off, or by a
    /// restore. They do no harm.
    pub orphans: (usize, u64),
}

/// A content that the database names and that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFault {
    /// Its hash.
    pub hash: ContentHash,
    /// Where it should lie.
    pub path: PathBuf,
    /// What is wrong.
    pub damage: ContentDamage,
    /// The runs whose journal or answer it is part of, forks of them included.
    pub runs: Vec<RunId>,
    /// The versions of which it is a file.
    pub versions: Vec<ContentHash>,
    /// A copy that is whole, in the newest snapshot that has one.
    pub copy: Option<PathBuf>,
}

/// What is wrong with a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentDamage {
    /// There is no file.
    Missing,
    /// The file is not what its name says.
    Changed,
    /// The file cannot be read; what the system says.
    Unreadable(String),
}

impl Store {
    /// Reads every content that the database names, and looks for files that nothing names. Takes
    /// as long as reading them; changes nothing.
    ///
    /// # Errors
    /// The database or the folder of the contents cannot be read.
    pub async fn check_contents(&self) -> Result<Contents, StoreError> {
        let path = self.pool().connect_options().get_filename().to_owned();
        let blobs = self.blobs().clone();
        tokio::task::spawn_blocking(move || check(&path, &blobs))
            .await
            .map_err(|error| StoreError::Sql(error.to_string()))?
    }
}

fn check(path: &Path, blobs: &Blobs) -> Result<Contents, StoreError> {
    // Before the names are: what is written meanwhile is named by then.
    let there = lying(blobs.root())?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| file::damaged_or(path, error))?;
    let named = contents::named(&connection)?;
    let mut faults: BTreeMap<ContentHash, ContentFault> = named
        .iter()
        .filter_map(|hash| Some((*hash, fault(blobs, *hash)?)))
        .collect();
    if !faults.is_empty() {
        concern(&connection, &mut faults)?;
        let snapshots = Snapshots::of(path)?;
        for fault in faults.values_mut() {
            fault.copy = snapshots.copy_of(fault.hash);
        }
    }
    let wanted: BTreeSet<PathBuf> = named.iter().map(|hash| blobs.path(*hash)).collect();
    let orphans = there.iter().filter(|(path, _)| !wanted.contains(path));
    Ok(Contents {
        named: named.len(),
        faults: faults.into_values().collect(),
        orphans: orphans.fold((0, 0), |(files, sum), (_, bytes)| (files + 1, sum + bytes)),
    })
}

fn fault(blobs: &Blobs, hash: ContentHash) -> Option<ContentFault> {
    let path = blobs.path(hash);
    let damage = match fs::read(&path) {
        Ok(content) if hash_of(&content) == hash => return None,
        Ok(_) => ContentDamage::Changed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => ContentDamage::Missing,
        Err(error) => ContentDamage::Unreadable(error.to_string()),
    };
    Some(ContentFault {
        hash,
        path,
        damage,
        runs: Vec::new(),
        versions: Vec::new(),
        copy: None,
    })
}

/// The files of contents with their sizes; what is being written does not count.
fn lying(root: &Path) -> Result<Vec<(PathBuf, u64)>, StoreError> {
    let mut found = Vec::new();
    for folder in entries(root)? {
        if !folder.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        for entry in entries(&folder.path())? {
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            // What went away meanwhile was being written.
            if let (false, Ok(facts)) = (is_hidden, entry.metadata()) {
                found.push((entry.path(), facts.len()));
            }
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .collect::<Result<_, _>>()
            .map_err(StoreError::io("read", folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(StoreError::io("read", folder)(error)),
    }
}

/// Says of each fault whom it concerns. A run that shares a journal's beginning is concerned too.
fn concern(
    connection: &Connection,
    faults: &mut BTreeMap<ContentHash, ContentFault>,
) -> Result<(), StoreError> {
    let of_runs = "
        WITH RECURSIVE sharing (blob, run, seq) AS (
            SELECT events.blob, runs.id, events.seq
            FROM events JOIN runs ON runs.number = events.run WHERE events.blob IS NOT NULL
            UNION
            SELECT sharing.blob, runs.id, sharing.seq
            FROM sharing JOIN runs ON runs.parent = sharing.run AND runs.fork_seq >= sharing.seq
        )
        SELECT blob, run FROM sharing
        UNION SELECT end_blob, id FROM runs WHERE end_blob IS NOT NULL";
    let of_versions = "SELECT blob, version FROM version_files";
    for (blob, run) in pairs(connection, of_runs)? {
        if let Some(fault) = faults.get_mut(&blob) {
            let run = columns::run_id("id", &run).map_err(|error| error.of("table runs"))?;
            fault.runs.push(run);
        }
    }
    for (blob, version) in pairs(connection, of_versions)? {
        if let Some(fault) = faults.get_mut(&blob) {
            let version = columns::hash("version", &version);
            let version = version.map_err(|error| error.of("table version_files"))?;
            if !fault.versions.contains(&version) {
                fault.versions.push(version);
            }
        }
    }
    Ok(())
}

fn pairs(connection: &Connection, sql: &str) -> Result<Vec<(ContentHash, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut pairs = Vec::new();
    while let Some(row) = rows.next()? {
        let blob: Vec<u8> = row.get(0)?;
        let blob = columns::hash("blob", &blob).map_err(|error| error.of("a content's name"))?;
        pairs.push((blob, row.get(1)?));
    }
    Ok(pairs)
}
