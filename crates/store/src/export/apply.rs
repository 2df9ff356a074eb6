//! Writing what an export holds, in one transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::Value as Json;
use slipway_agent::package::PackagePath;
use slipway_contract::{AgentName, ContentHash, RunId};

use super::journals::Line;
use super::layout::Part;
use super::rows::{self, JsonRow};
use super::source::Source;
use super::tables::{self, Table, named, quoted};
use super::write::{AgentFile, word};
use super::{ExportCounts, ExportError};
use crate::blobs::Blobs;

pub(super) fn import(
    connection: &mut Connection,
    blobs: &Blobs,
    source: &Source,
) -> Result<ExportCounts, ExportError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Runs name their parents and agents their versions, in whichever order they come.
    transaction.pragma_update(None, "defer_foreign_keys", true)?;
    let tables = tables::kept(&transaction)?;
    // Whoever looked around before has said how it should look; what is brought in says more.
    transaction.execute("DELETE FROM preferences", [])?;
    for table in &tables {
        let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
        let rows: u64 = transaction.query_row(&sql, [], |row| row.get(0))?;
        if rows > 0 {
            return Err(ExportError::NotEmpty(format!(
                "{rows} rows of {}",
                table.name
            )));
        }
    }
    let import = Import {
        connection: &transaction,
        blobs,
        source,
        tables: &tables,
    };
    let mut versions: BTreeMap<ContentHash, BTreeMap<PackagePath, ContentHash>> = BTreeMap::new();
    for part in source.parts() {
        match part {
            Part::Version(_) => import.row("versions", part)?,
            Part::VersionFile(version, path) => {
                let content = import.version_file(*version, path, part)?;
                versions
                    .entry(*version)
                    .or_default()
                    .insert(path.clone(), content);
            }
            Part::Run(run) => import.run(*run, part)?,
            Part::Payload(_) => {
                blobs.put([source.read(part)?.as_slice()])?;
            }
            Part::Lines(table) => import.lines(named(&tables, table)?, part)?,
            // The home's own files are its keeper's to write.
            Part::Agent(_) | Part::DraftFile(..) | Part::Journal(_) | Part::Setting(_) => {}
        }
    }
    for part in source.parts() {
        match part {
            Part::Agent(agent) => import.agent(agent, part, &versions)?,
            Part::Journal(run) => import.journal(*run, part)?,
            _ => {}
        }
    }
    transaction
        .commit()
        .map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => {
                ExportError::refused("manifest.json", "what it lists does not fit together")
            }
            _ => error.into(),
        })?;
    Ok(source.counts())
}

struct Import<'i> {
    connection: &'i Connection,
    blobs: &'i Blobs,
    source: &'i Source,
    tables: &'i [Table],
}

impl Import<'_> {
    fn row(&self, table: &str, part: &Part) -> Result<(), ExportError> {
        self.insert(table, part, &self.source.row(part)?)
    }

    fn insert(&self, table: &str, part: &Part, row: &JsonRow) -> Result<(), ExportError> {
        let table = named(self.tables, table)?;
        rows::insert(self.connection, table, &part.path(), row)
    }

    fn version_file(
        &self,
        version: ContentHash,
        path: &PackagePath,
        part: &Part,
    ) -> Result<ContentHash, ExportError> {
        let content = self.source.read(part)?;
        let hash = self.blobs.put([content.as_slice()])?;
        let hash = hash.first().copied().unwrap_or(version);
        self.connection
            .prepare_cached(
                "INSERT INTO version_files (version, path, size, blob) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                version.as_bytes(),
                path.as_str(),
                content.len() as u64,
                hash.as_bytes()
            ])?;
        Ok(hash)
    }

    fn agent(
        &self,
        agent: &AgentName,
        part: &Part,
        versions: &BTreeMap<ContentHash, BTreeMap<PackagePath, ContentHash>>,
    ) -> Result<(), ExportError> {
        let file: AgentFile = self.source.json(part)?;
        for (table, row) in [("agents", &file.agent), ("drafts", &file.draft)] {
            if let Some(row) = row {
                self.insert(table, part, row)?;
            }
        }
        for row in &file.versions {
            self.insert("agent_versions", part, row)?;
        }
        let Some(draft) = &file.draft else {
            return Ok(());
        };
        let base: ContentHash = word(draft, "base", "export")?;
        let mut before = versions.get(&base).cloned().unwrap_or_default();
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO draft_changes (agent, path, content) VALUES (?1, ?2, ?3)",
        )?;
        for part in self.source.parts() {
            if let Part::DraftFile(of, path) = part
                && of == agent
            {
                let content = self.source.read(part)?;
                if before.remove(path) != Some(crate::blobs::hash_of(&content)) {
                    statement.execute(params![agent.as_str(), path.as_str(), content])?;
                }
            }
        }
        for path in before.keys() {
            statement.execute(params![agent.as_str(), path.as_str(), None::<Vec<u8>>])?;
        }
        Ok(())
    }

    /// A run's row; nobody drives it here.
    fn run(&self, run: RunId, part: &Part) -> Result<(), ExportError> {
        let row = self.source.row(part)?;
        self.insert("runs", part, &row)?;
        if row.get("finished_at").is_none_or(Json::is_null) {
            self.connection
                .prepare_cached(
                    "INSERT INTO leases (run, token, owner, expires_at) VALUES (?1, 1, NULL, 0)",
                )?
                .execute([run.as_bytes()])?;
        }
        Ok(())
    }

    fn journal(&self, run: RunId, part: &Part) -> Result<(), ExportError> {
        let number: i64 = self
            .connection
            .prepare_cached("SELECT number FROM runs WHERE id = ?1")?
            .query_row([run.as_bytes()], |row| row.get(0))?;
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO events (run, seq, at, format, body, blob) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for line in self.source.text(part)?.lines() {
            let line: Line<'_> = serde_json::from_str(line)
                .map_err(|error| ExportError::refused(&part.path(), error.to_string()))?;
            statement.execute(params![
                number,
                line.seq,
                line.at,
                line.format,
                line.event.map(|event| event.get()),
                line.payload.as_ref().map(|payload| &payload.as_bytes()[..]),
            ])?;
        }
        Ok(())
    }

    fn lines(&self, table: &Table, part: &Part) -> Result<(), ExportError> {
        for line in self.source.text(part)?.lines() {
            let row: JsonRow = serde_json::from_str(line)
                .map_err(|error| ExportError::refused(&part.path(), error.to_string()))?;
            rows::insert(self.connection, table, &part.path(), &row)?;
        }
        Ok(())
    }
}
