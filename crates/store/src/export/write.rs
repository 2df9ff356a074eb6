//! Writing everything, in one read transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};
use serde::Serialize;
use serde_json::Value as Json;
use slipway_agent::package::PackagePath;
use slipway_contract::{AgentName, ContentHash, RunId};

use super::layout::Part;
use super::rows::{self, JsonRow};
use super::sink::Sink;
use super::tables::{self, Place, Table, named};
use super::{ExportCounts, ExportError, FolderDraft, SettingsFile};
use crate::blobs::Blobs;
use crate::columns;
use crate::error::StoreError;
use crate::progress::Progress;

/// `agent.json`.
#[derive(Debug, Default, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentFile {
    /// The row of `agents`; none for an agent that was removed and whose versions stayed.
    pub(super) agent: Option<JsonRow>,
    /// The rows of `agent_versions`, the oldest first.
    pub(super) versions: Vec<JsonRow>,
    /// The row of `drafts`.
    pub(super) draft: Option<JsonRow>,
}

pub(super) fn export(
    connection: &Connection,
    blobs: &Blobs,
    folders: Vec<FolderDraft>,
    settings: Vec<SettingsFile>,
    to: &Path,
    progress: Progress,
) -> Result<ExportCounts, ExportError> {
    let mut sink = Sink::create(to, progress)?;
    let transaction =
        rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
    let migration = super::migration(&transaction)?;
    let tables = tables::kept(&transaction)?;
    let mut writer = Export {
        connection: &transaction,
        blobs,
        tables: &tables,
        sink: &mut sink,
        counts: ExportCounts::default(),
        payloads: BTreeSet::new(),
    };
    writer.versions()?;
    writer.agents(folders)?;
    writer.runs()?;
    writer.payloads()?;
    writer.lines()?;
    let counts = writer.counts;
    for setting in settings {
        sink.put(Part::Setting(setting.name).path(), &setting.content)?;
    }
    sink.finish(migration, counts)?;
    Ok(counts)
}

struct Export<'e> {
    connection: &'e Connection,
    blobs: &'e Blobs,
    tables: &'e [Table],
    sink: &'e mut Sink,
    counts: ExportCounts,
    payloads: BTreeSet<ContentHash>,
}

impl Export<'_> {
    fn versions(&mut self) -> Result<(), ExportError> {
        for row in rows::all(
            self.connection,
            named(self.tables, "versions")?,
            "true",
            &[],
        )? {
            let version: ContentHash = word(&row, "hash", "table versions")?;
            self.sink
                .put(Part::Version(version).path(), json(&row)?.as_bytes())?;
            for (path, bytes) in self.files_of(version)? {
                self.sink
                    .put(Part::VersionFile(version, path).path(), &bytes)?;
            }
            self.counts.versions += 1;
        }
        Ok(())
    }

    fn files_of(
        &self,
        version: ContentHash,
    ) -> Result<BTreeMap<PackagePath, Vec<u8>>, ExportError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT path, blob FROM version_files WHERE version = ?1")?;
        let rows = statement.query_map([&version.as_bytes()[..]], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let mut files = BTreeMap::new();
        for row in rows {
            let (path, content) = row?;
            let content =
                columns::hash("blob", &content).map_err(|error| error.of("table version_files"))?;
            files.insert(package_path(&path)?, self.blobs.get(content)?);
        }
        Ok(files)
    }

    fn agents(&mut self, folders: Vec<FolderDraft>) -> Result<(), ExportError> {
        let mut folders: BTreeMap<AgentName, FolderDraft> = folders
            .into_iter()
            .map(|draft| (draft.agent.clone(), draft))
            .collect();
        let mut statement = self
            .connection
            .prepare("SELECT name FROM agents UNION SELECT agent FROM agent_versions ORDER BY 1")?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        for name in names {
            let name: AgentName =
                columns::word("name", &name?).map_err(|error| error.of("table agents"))?;
            let one = |table, condition| -> Result<Option<JsonRow>, ExportError> {
                let table = named(self.tables, table)?;
                let found = rows::all(self.connection, table, condition, &[&name.as_str()])?;
                Ok(found.into_iter().next())
            };
            let mut file = AgentFile {
                agent: one("agents", "name = ?1")?,
                versions: rows::all(
                    self.connection,
                    named(self.tables, "agent_versions")?,
                    "agent = ?1",
                    &[&name.as_str()],
                )?,
                draft: one("drafts", "agent = ?1")?,
            };
            let files = match (folders.remove(&name), &file.agent) {
                // What lies in a folder is newer than what was kept of it here.
                (Some(folder), Some(agent)) => {
                    file.draft = folder_draft(&folder, agent);
                    file.draft
                        .is_some()
                        .then(|| in_order(folder.files))
                        .transpose()?
                }
                _ => match &file.draft {
                    Some(draft) => Some(self.draft_files(&name, draft)?),
                    None => None,
                },
            };
            self.counts.agents += u64::from(file.agent.is_some());
            self.counts.drafts += u64::from(file.draft.is_some());
            self.sink
                .put(Part::Agent(name.clone()).path(), json(&file)?.as_bytes())?;
            for (path, bytes) in files.into_iter().flatten() {
                self.sink
                    .put(Part::DraftFile(name.clone(), path).path(), &bytes)?;
            }
        }
        Ok(())
    }

    fn draft_files(
        &self,
        agent: &AgentName,
        draft: &JsonRow,
    ) -> Result<BTreeMap<PackagePath, Vec<u8>>, ExportError> {
        let mut files = self.files_of(word(draft, "base", "table drafts")?)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT path, content FROM draft_changes WHERE agent = ?1")?;
        let rows = statement.query_map([agent.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
        })?;
        for row in rows {
            let (path, content) = row?;
            let path = package_path(&path)?;
            match content {
                Some(content) => files.insert(path, content),
                None => files.remove(&path),
            };
        }
        Ok(files)
    }

    fn runs(&mut self) -> Result<(), ExportError> {
        let table = named(self.tables, "runs")?;
        for row in rows::all(self.connection, table, "true", &[])? {
            let run: RunId = word(&row, "id", "table runs")?;
            if let Some(Json::String(_)) = row.get("end_blob") {
                self.payloads.insert(word(&row, "end_blob", "table runs")?);
            }
            let number = row.get("number").and_then(Json::as_i64).unwrap_or_default();
            let journal = self.journal(number)?;
            self.sink
                .put(Part::Run(run).path(), json(&row)?.as_bytes())?;
            self.sink
                .put(Part::Journal(run).path(), journal.as_bytes())?;
            self.counts.runs += 1;
        }
        Ok(())
    }

    /// A run's own events. What was journalled stands there byte for byte.
    fn journal(&mut self, run: i64) -> Result<String, ExportError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, at, format, body, blob FROM events WHERE run = ?1 ORDER BY seq",
        )?;
        let mut rows = statement.query(params![run])?;
        let mut lines = String::new();
        while let Some(row) = rows.next()? {
            let (seq, at, format): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            lines.push_str(&format!("{{\"seq\":{seq},\"at\":{at},\"format\":{format},"));
            match row.get::<_, Option<String>>(3)? {
                Some(body) => {
                    // No event is written with one; a line must stay a line.
                    if body.contains('\n') {
                        let message = format!("event {seq} holds a line feed");
                        return Err(unreadable("table events", message));
                    }
                    lines.push_str(&format!("\"event\":{body}}}\n"));
                }
                None => {
                    let blob: Vec<u8> = row.get(4)?;
                    let payload =
                        columns::hash("blob", &blob).map_err(|error| error.of("table events"))?;
                    lines.push_str(&format!("\"payload\":\"{payload}\"}}\n"));
                    self.payloads.insert(payload);
                }
            }
            self.counts.events += 1;
        }
        Ok(lines)
    }

    fn payloads(&mut self) -> Result<(), ExportError> {
        for payload in std::mem::take(&mut self.payloads) {
            let content = self.blobs.get(payload)?;
            self.sink.put(Part::Payload(payload).path(), &content)?;
        }
        Ok(())
    }

    fn lines(&mut self) -> Result<(), ExportError> {
        for table in self
            .tables
            .iter()
            .filter(|table| table.place == Place::Lines)
        {
            let mut lines = String::new();
            rows::read(self.connection, table, "true", &[], |row| {
                let row = serde_json::to_string(&row).map_err(unwritable)?;
                lines.push_str(&row);
                lines.push('\n');
                Ok(())
            })?;
            if matches!(table.name.as_str(), "grants" | "rules") {
                self.counts.permissions += lines.lines().count() as u64;
            }
            self.sink
                .put(Part::Lines(table.name.clone()).path(), lines.as_bytes())?;
        }
        Ok(())
    }
}

/// The row that the draft in a folder has, had it been kept here; none when it is the version.
fn folder_draft(folder: &FolderDraft, agent: &JsonRow) -> Option<JsonRow> {
    let base = agent.get("version")?;
    let hash = Json::from(folder.hash.to_string());
    if *base == hash {
        return None;
    }
    let mut row = JsonRow::new();
    row.insert("agent".to_owned(), Json::from(folder.agent.as_str()));
    row.insert("base".to_owned(), base.clone());
    row.insert("hash".to_owned(), hash);
    row.insert("updated_at".to_owned(), agent.get("updated_at")?.clone());
    Some(row)
}

fn in_order(files: Vec<(String, Vec<u8>)>) -> Result<BTreeMap<PackagePath, Vec<u8>>, ExportError> {
    let files = files.into_iter();
    files
        .map(|(path, bytes)| Ok((package_path(&path)?, bytes)))
        .collect()
}

fn package_path(path: &str) -> Result<PackagePath, ExportError> {
    path.parse()
        .map_err(|fault| unreadable("files", format!("{path:?}: {fault}")))
}

/// A column that holds an id or a hash.
pub(super) fn word<T: serde::de::DeserializeOwned>(
    row: &JsonRow,
    column: &'static str,
    what: &str,
) -> Result<T, ExportError> {
    let text = row.get(column).and_then(Json::as_str).unwrap_or_default();
    columns::word(column, text).map_err(|error| ExportError::Store(error.of(what)))
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, ExportError> {
    serde_json::to_string_pretty(value).map_err(unwritable)
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err gives")]
fn unwritable(error: serde_json::Error) -> ExportError {
    unreadable("export", error.to_string())
}

fn unreadable(what: &str, message: String) -> ExportError {
    ExportError::Store(StoreError::Unreadable {
        what: what.to_owned(),
        message,
    })
}
