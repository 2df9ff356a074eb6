//! Checking all of an export before anything of it is written here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;
use slipway_agent::package::{Files, PackagePath, hash};
use slipway_contract::{AgentName, ContentHash, RunId};

use super::layout::Part;
use super::rows::{self, JsonRow};
use super::source::Source;
use super::tables::{Place, Table, named};
use super::write::{AgentFile, word};
use super::{ExportCounts, ExportError};
use crate::blobs::hash_of;

/// `newest` is the newest migration of the database that it is to be brought into.
pub(super) fn check(source: &Source, tables: &[Table], newest: i64) -> Result<(), ExportError> {
    if source.migration() > newest {
        return Err(ExportError::Newer {
            needs: format!("with migration {}", source.migration()),
        });
    }
    let mut check = Check {
        source,
        tables,
        counts: ExportCounts::default(),
        versions: BTreeMap::new(),
        drafts: BTreeMap::new(),
        runs: HashMap::new(),
    };
    check.gather()?;
    check.versions()?;
    check.agents()?;
    check.runs()?;
    check.lines()?;
    if check.counts != source.counts() {
        return Err(ExportError::refused(
            "manifest.json",
            "its counts are not those of what is there",
        ));
    }
    Ok(())
}

pub(super) struct Check<'c> {
    pub(super) source: &'c Source,
    tables: &'c [Table],
    pub(super) counts: ExportCounts,
    versions: BTreeMap<ContentHash, Vec<PackagePath>>,
    drafts: BTreeMap<AgentName, Vec<PackagePath>>,
    pub(super) runs: HashMap<RunId, Run>,
}

/// A run's row, and its own events.
pub(super) struct Run {
    pub(super) row: JsonRow,
    pub(super) parent: Option<(RunId, u64)>,
}

impl Check<'_> {
    /// What belongs together.
    fn gather(&mut self) -> Result<(), ExportError> {
        for part in self.source.parts() {
            match part {
                Part::VersionFile(version, path) => {
                    self.versions
                        .entry(*version)
                        .or_default()
                        .push(path.clone());
                }
                Part::Version(version) => {
                    self.versions.entry(*version).or_default();
                }
                Part::DraftFile(agent, path) => {
                    self.drafts
                        .entry(agent.clone())
                        .or_default()
                        .push(path.clone());
                }
                Part::Run(run) => {
                    let row = self.source.row(part)?;
                    rows::check(named(self.tables, "runs")?, &part.path(), &row)?;
                    let id: RunId = self.word(part, &row, "id")?;
                    if id != *run {
                        return Err(self.wrong(part, "it is the row of another run"));
                    }
                    let parent = match (row.get("parent"), row.get("fork_seq")) {
                        (Some(Json::String(_)), Some(Json::Number(seq))) => Some((
                            self.word(part, &row, "parent")?,
                            seq.as_u64().unwrap_or_default(),
                        )),
                        _ => None,
                    };
                    self.runs.insert(*run, Run { row, parent });
                }
                Part::Payload(payload) => {
                    if hash_of(&self.source.read(part)?) != *payload {
                        return Err(self.wrong(part, "its content is not what its name says"));
                    }
                }
                Part::Setting(_) => drop(self.source.text(part)?),
                Part::Agent(_) | Part::Journal(_) | Part::Lines(_) => {}
            }
        }
        Ok(())
    }

    fn versions(&mut self) -> Result<(), ExportError> {
        for (version, paths) in &self.versions {
            let part = Part::Version(*version);
            let row = self.source.row(&part)?;
            rows::check(named(self.tables, "versions")?, &part.path(), &row)?;
            let files = self.files(paths, |path| Part::VersionFile(*version, path), &part)?;
            let behaviour: ContentHash = self.word(&part, &row, "behaviour")?;
            let named: ContentHash = self.word(&part, &row, "hash")?;
            if named != *version || hash::content(&files) != *version {
                return Err(self.wrong(&part, "its files are not those of this version"));
            }
            if hash::behaviour(&files) != behaviour {
                return Err(self.wrong(&part, "its behaviour hash is not that of its files"));
            }
            self.counts.versions += 1;
        }
        Ok(())
    }

    fn files(
        &self,
        paths: &[PackagePath],
        part: impl Fn(PackagePath) -> Part,
        owner: &Part,
    ) -> Result<Files, ExportError> {
        let entries = paths
            .iter()
            .map(|path| Ok((path.clone(), self.source.read(&part(path.clone()))?)))
            .collect::<Result<Vec<_>, ExportError>>()?;
        Files::from_entries(entries).map_err(|error| self.wrong(owner, error.to_string()))
    }

    fn agents(&mut self) -> Result<(), ExportError> {
        let mut with_draft = BTreeSet::new();
        for part in self.source.parts() {
            let Part::Agent(agent) = part else { continue };
            let file: AgentFile = self.source.json(part)?;
            let path = part.path();
            if let Some(row) = &file.agent {
                rows::check(named(self.tables, "agents")?, &path, row)?;
                let name: AgentName = self.word(part, row, "name")?;
                if name != *agent {
                    return Err(self.wrong(part, "it is the row of another agent"));
                }
                self.has_version(part, row, "version")?;
                self.counts.agents += 1;
            }
            for row in &file.versions {
                rows::check(named(self.tables, "agent_versions")?, &path, row)?;
                let name: AgentName = self.word(part, row, "agent")?;
                if name != *agent {
                    return Err(self.wrong(part, "it holds versions of another agent"));
                }
                self.has_version(part, row, "version")?;
            }
            if let Some(row) = &file.draft {
                rows::check(named(self.tables, "drafts")?, &path, row)?;
                let name: AgentName = self.word(part, row, "agent")?;
                if name != *agent || file.agent.is_none() {
                    return Err(self.wrong(part, "it holds a draft of another agent"));
                }
                self.has_version(part, row, "base")?;
                let paths = self
                    .drafts
                    .get(agent)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let files = self.files(paths, |path| Part::DraftFile(agent.clone(), path), part)?;
                let named: ContentHash = self.word(part, row, "hash")?;
                if hash::content(&files) != named {
                    return Err(self.wrong(part, "its draft's files are not those of its hash"));
                }
                self.counts.drafts += 1;
                with_draft.insert(agent.clone());
            }
        }
        if let Some(agent) = self
            .drafts
            .keys()
            .find(|agent| !with_draft.contains(*agent))
        {
            let part = Part::Agent(agent.clone());
            return Err(self.wrong(&part, "there are files of a draft, and no draft"));
        }
        Ok(())
    }

    fn has_version(
        &self,
        part: &Part,
        row: &JsonRow,
        column: &'static str,
    ) -> Result<(), ExportError> {
        let version: ContentHash = self.word(part, row, column)?;
        if self.versions.contains_key(&version) {
            Ok(())
        } else {
            let message = format!("the version {} is missing", version.short());
            Err(self.wrong(part, message))
        }
    }

    fn lines(&mut self) -> Result<(), ExportError> {
        for part in self.source.parts() {
            let Part::Lines(name) = part else { continue };
            let table = self.tables.iter().find(|table| table.name == *name);
            let table = table.filter(|table| table.place == Place::Lines);
            let table = table.ok_or_else(|| self.wrong(part, "there is no such table here"))?;
            let text = self.source.text(part)?;
            for (number, line) in text.lines().enumerate() {
                let row: JsonRow = serde_json::from_str(line)
                    .map_err(|error| self.wrong(part, format!("line {}: {error}", number + 1)))?;
                rows::check(table, &part.path(), &row)?;
            }
            if matches!(name.as_str(), "grants" | "rules") {
                self.counts.permissions += text.lines().count() as u64;
            }
        }
        Ok(())
    }

    fn word<T: serde::de::DeserializeOwned>(
        &self,
        part: &Part,
        row: &JsonRow,
        column: &'static str,
    ) -> Result<T, ExportError> {
        word(row, column, "export").map_err(|error| self.wrong(part, error.to_string()))
    }

    pub(super) fn wrong(&self, part: &Part, message: impl Into<String>) -> ExportError {
        ExportError::refused(&part.path(), message)
    }
}
