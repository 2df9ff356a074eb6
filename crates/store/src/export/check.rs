//! Checking all of an export before anything of it is written here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use slipway_agent::event::Recorded;
use slipway_agent::machine::fold;
use slipway_agent::package::{Files, PackagePath, hash};
use slipway_agent::ports::journal::Head;
use slipway_contract::run::RunStatus;
use slipway_contract::{AgentName, ContentHash, RunId};

use super::layout::Part;
use super::rows::{self, JsonRow};
use super::source::Source;
use super::tables::{Place, Table, named};
use super::write::{AgentFile, word};
use super::{ExportCounts, ExportError};
use crate::blobs::hash_of;
use crate::columns;
use crate::events::event;

/// A line of `events.jsonl`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'l> {
    pub(super) seq: u64,
    pub(super) at: i64,
    pub(super) format: u32,
    /// The event as it was journalled, byte for byte.
    #[serde(borrow, default)]
    pub(super) event: Option<&'l RawValue>,
    /// Where a long event lies.
    #[serde(default)]
    pub(super) payload: Option<ContentHash>,
}

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

struct Check<'c> {
    source: &'c Source,
    tables: &'c [Table],
    counts: ExportCounts,
    versions: BTreeMap<ContentHash, Vec<PackagePath>>,
    drafts: BTreeMap<AgentName, Vec<PackagePath>>,
    runs: HashMap<RunId, Run>,
}

/// A run's row, and its own events.
struct Run {
    row: JsonRow,
    parent: Option<(RunId, u64)>,
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

    /// Every journal must fold, and give the row that stands beside it.
    fn runs(&mut self) -> Result<(), ExportError> {
        let runs: Vec<RunId> = self.runs.keys().copied().collect();
        for part in self.source.parts() {
            if let Part::Journal(run) = part
                && !self.runs.contains_key(run)
            {
                return Err(self.wrong(part, "there is no such run"));
            }
        }
        for run in runs {
            let part = Part::Journal(run);
            let events = self.journal(run)?;
            let state = fold(&events).map_err(|error| self.wrong(&part, error.to_string()))?;
            let spec = state.spec();
            let row = &self.runs[&run].row;
            let of_row = |column| row.get(column).and_then(Json::as_str).unwrap_or_default();
            let is_its = spec.is_some_and(|spec| {
                spec.agent.as_str() == of_row("agent")
                    && spec.version.to_string() == of_row("version")
            });
            let last = events.last().map(|event| event.seq);
            let is_whole = row.get("last_seq").and_then(Json::as_u64) == last;
            if !is_its || !is_whole || !self.agrees(row, &state.head())? {
                let part = Part::Run(run);
                return Err(self.wrong(&part, "its row is not what its journal says"));
            }
            self.counts.runs += 1;
        }
        Ok(())
    }

    /// A run's events, its parents' prefix first.
    fn journal(&mut self, run: RunId) -> Result<Vec<Recorded>, ExportError> {
        let mut chain = vec![(run, u64::MAX)];
        let mut next = run;
        while let Some((parent, fork)) = self.runs.get(&next).and_then(|run| run.parent) {
            if chain.iter().any(|(seen, _)| *seen == parent) || !self.runs.contains_key(&parent) {
                let part = Part::Run(next);
                return Err(self.wrong(&part, "the run that it continues is missing"));
            }
            chain.push((parent, fork));
            next = parent;
        }
        let mut events: Vec<Recorded> = Vec::new();
        for (index, (segment, upto)) in chain.iter().enumerate().rev() {
            // A later fork may be earlier than the one before it.
            let upto = chain[..=index]
                .iter()
                .map(|(_, fork)| *fork)
                .min()
                .unwrap_or(*upto);
            let first = events.len() as u64 + 1;
            let own = self.own_events(*segment, first)?;
            if index == 0 {
                self.counts.events += own.len() as u64;
            }
            events.extend(own.into_iter().filter(|event| event.seq <= upto));
            if index > 0 && events.last().map_or(0, |event| event.seq) < upto.min(chain[index].1) {
                let part = Part::Journal(*segment);
                return Err(self.wrong(&part, "it is shorter than the run that continues it says"));
            }
        }
        Ok(events)
    }

    fn own_events(&self, run: RunId, first: u64) -> Result<Vec<Recorded>, ExportError> {
        let part = Part::Journal(run);
        let text = self.source.text(&part)?;
        let mut events = Vec::new();
        for (number, (seq, line)) in (first..).zip(text.lines()).enumerate() {
            let wrong =
                |message: String| self.wrong(&part, format!("line {}: {message}", number + 1));
            let line: Line<'_> =
                serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
            if line.seq != seq {
                return Err(wrong(format!("event {seq} is missing")));
            }
            let long;
            let json = match (line.event, line.payload) {
                (Some(event), None) if event.get().len() <= crate::events::INLINE_BYTES => {
                    event.get()
                }
                (None, Some(payload)) => {
                    long = self.source.text(&Part::Payload(payload))?;
                    long.as_str()
                }
                _ => {
                    return Err(wrong(
                        "it holds no event, or one in a wrong place".to_owned(),
                    ));
                }
            };
            events.push(Recorded {
                seq,
                at: columns::time("at", line.at).map_err(|error| wrong(error.to_string()))?,
                event: event(line.format, json).map_err(wrong)?,
            });
        }
        Ok(events)
    }

    fn agrees(&self, row: &JsonRow, head: &Head) -> Result<bool, ExportError> {
        let text = |column: &str| row.get(column).and_then(Json::as_str);
        let count = |column: &str| row.get(column).and_then(Json::as_u64);
        let output = match (text("end_output"), text("end_blob")) {
            (Some(json), _) => Some(json.to_owned()),
            (None, Some(payload)) => {
                let payload = columns::word("end_blob", payload)
                    .map_err(|error| ExportError::refused("runs", error.to_string()))?;
                Some(self.source.text(&Part::Payload(payload))?)
            }
            _ => None,
        };
        let output: Option<Json> = output
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|error| ExportError::refused("runs", error.to_string()))?;
        let end = head.end.as_ref();
        let usage = &head.usage;
        let cost = |text: Option<&str>| text.and_then(|text| columns::usd("cost_usd", text).ok());
        Ok(text("status") == Some(head.status.as_str())
            && text("parked").map(str::to_owned) == head.parked.as_ref().map(columns::of_word)
            && (head.status == RunStatus::Parked) == head.parked.is_some()
            && text("end_reason") == end.map(|end| end.reason.as_str())
            && text("end_message") == end.map(|end| end.message.as_str())
            && output == end.and_then(|end| end.output.clone())
            && count("input_tokens") == Some(usage.input_tokens)
            && count("output_tokens") == Some(usage.output_tokens)
            && count("model_calls") == Some(u64::from(usage.model_calls))
            && count("tool_calls") == Some(u64::from(usage.tool_calls))
            && cost(text("cost_usd")) == usage.cost_usd)
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

    fn wrong(&self, part: &Part, message: impl Into<String>) -> ExportError {
        ExportError::refused(&part.path(), message)
    }
}
