//! A run becomes a test: its recording, the files that it read, and what it showed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use slipway_agent::event::Recorded;
use slipway_agent::package::{Files, Package, PackagePath};
use slipway_agent::ports::journal::Journal as _;
use slipway_agent::projection::project_all;
use slipway_agent::spec::RunSpec;
use slipway_contract::test::{Outcome, SavedTest};
use slipway_contract::{ErrorCode, Problem, RunId};
use slipway_evals::evidence::Evidence;
use slipway_evals::execute::{Selection, plan};
use slipway_evals::generate::{PastRun, Proposal, append, from_runs};
use slipway_evals::report::Mode;
use slipway_evals::suite::{Suite, Tested};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::read_files::{self, ReadFile};
use super::suites_of;
use crate::problem::from_package;
use crate::runs::from_journal;
use crate::target::Found;
use crate::{App, Target};

/// What a recording of a run says of itself.
const NOTE: &str = "Recorded from a run, and saved as a test.";
/// The suite of an agent that has none.
const FIRST: &str = "tests/runs.toml";

/// A test as it is being made of a run.
struct Made {
    suite: PackagePath,
    proposal: Proposal,
    recording: String,
    /// What the package gets, by path.
    added: BTreeMap<String, Vec<u8>>,
    files: Vec<ReadFile>,
    attachments: Vec<String>,
}

impl App {
    /// Makes a case of a run, with a recording of it, in this suite of its agent or in its first.
    /// Files that the run read are copied into the package; where playing the case over them does
    /// not do what the run did, the recording answers for the tools.
    ///
    /// # Errors
    /// There is no such run, no model answered in it, or the package cannot be written.
    pub async fn save_as_test(
        &self,
        run: RunId,
        suite: Option<&str>,
        name: Option<&str>,
    ) -> Result<SavedTest, Problem> {
        let journal = self.store().read(run).await;
        let journal = journal.map_err(|error| from_journal(&error))?;
        let (state, events) = project_all(run, &journal).map_err(|error| {
            Problem::new(
                ErrorCode::Storage,
                format!("the run's journal cannot be read: {error}"),
            )
        })?;
        let spec = state.spec().cloned();
        let spec =
            spec.ok_or_else(|| Problem::new(ErrorCode::NotFound, "the run has no beginning"))?;
        if !state.status().is_end() {
            let message = format!(
                "the run {} has not ended: a test is made of a whole run",
                run.short()
            );
            return Err(Problem::new(ErrorCode::WrongState, message));
        }
        let found = self.find(&target_of(&spec), None).await?;
        let evidence = Evidence::from_events(&events);
        let mut made = made(&found.package, &spec, &evidence, (suite, name))?;
        self.record_into(&mut made, &found, &spec, &journal)?;
        let mut notes = Vec::new();
        if !spec.attachments.is_empty() && made.attachments.is_empty() {
            notes.push("The files that went with the run are not in the test.".to_owned());
        }
        made.files = read_files::of(&events, Path::new(&spec.workdir));
        let mut tools_run = true;
        let mut package = assembled(self, &found, &mut made, tools_run)?;
        let mut outcome = self.tried(&found, &package, &made).await?;
        if outcome.0 != Outcome::Passed {
            tools_run = false;
            package = assembled(self, &found, &mut made, tools_run)?;
            let recorded = self.tried(&found, &package, &made).await?;
            notes.push(match recorded.0 {
                Outcome::Passed => "The recording answers for the tools: what they would give now is not what they gave then.".to_owned(),
                _ => format!("The case does not pass yet: {}", recorded.1),
            });
            outcome = recorded;
        }
        let mut entries: Vec<_> = made.added.iter().collect();
        // A case is there when all that it needs is.
        entries.sort_by_key(|(path, _)| **path == made.suite.as_str());
        for (path, bytes) in entries {
            self.put_file(&found, path, bytes.clone()).await?;
        }
        Ok(SavedTest {
            agent: package.manifest().agent.name.clone(),
            suite: made.suite.to_string(),
            name: made.proposal.name.clone(),
            case: outcome.2,
            recording: made.recording,
            files: made
                .files
                .iter()
                .map(|file| file.path.clone())
                .filter(|_| tools_run)
                .collect(),
            tools_run,
            notes,
        })
    }

    /// Puts the run's recording, or that which it played, into what is made.
    fn record_into(
        &self,
        made: &mut Made,
        found: &Found,
        spec: &RunSpec,
        journal: &[Recorded],
    ) -> Result<(), Problem> {
        if spec.model.provider == "recording" {
            let name = spec.model.model.clone();
            let path = format!("recordings/{name}.jsonl");
            if found.package.files().get(&path).is_none() {
                let message = format!(
                    "the run played {}, which the package does not have any more",
                    spec.model
                );
                return Err(Problem::new(ErrorCode::NotFound, message));
            }
            made.recording = name;
            return Ok(());
        }
        let bytes = slipway_runner::recording_of(journal, NOTE).map_err(|error| {
            Problem::new(
                ErrorCode::WrongState,
                format!("the run gives no test: {error}"),
            )
        })?;
        let name = free_name(&found.package, &slug(&made.proposal.name));
        made.added.insert(format!("recordings/{name}.jsonl"), bytes);
        made.recording = name;
        Ok(())
    }

    /// What comes of playing the case, why it is so, and the case's id.
    async fn tried(
        &self,
        found: &Found,
        package: &Package,
        made: &Made,
    ) -> Result<(Outcome, String, String), Problem> {
        let suite = Suite::parse(&made.suite, &Tested::of(package)).map_err(|findings| {
            let mut problem = Problem::new(
                ErrorCode::InvalidPackage,
                "the suite would not be valid with the case",
            );
            problem.findings = findings;
            problem
        })?;
        let (work, _) = plan(&suite, package, Mode::Replay, &Selection::default());
        let mut work = work.into_iter();
        let work = work.find(|work| work.case.case().name.as_str() == made.proposal.name);
        let work =
            work.ok_or_else(|| Problem::new(ErrorCode::Internal, "the case is not in its suite"))?;
        let trial = Found {
            package: package.clone(),
            ..found.clone()
        };
        let case = work.id.case.to_string();
        let concrete = slipway_evals::suite::ConcreteCase::clone(&work.case);
        let done = self.play_once(&trial, concrete, work.answers).await?;
        let why = done.attempt.error.clone().unwrap_or_else(|| {
            let mut wrong = done
                .attempt
                .checks
                .iter()
                .filter(|check| !check.judgement.verdict.is_passed());
            wrong
                .next()
                .map_or_else(String::new, |check| check.what.clone())
        });
        Ok((done.attempt.outcome, why, case))
    }
}

fn target_of(spec: &RunSpec) -> Target {
    match &spec.folder {
        Some(folder) => Target::Folder(PathBuf::from(folder)),
        None => Target::Agent(spec.agent.clone()),
    }
}

/// The case that a run makes, without files and recording.
fn made(
    package: &Package,
    spec: &RunSpec,
    evidence: &Evidence,
    (suite, name): (Option<&str>, Option<&str>),
) -> Result<Made, Problem> {
    let tested = Tested::of(package);
    let run = PastRun {
        evidence,
        attachments: &[],
    };
    let proposed = from_runs(&[run], &tested);
    let proposal = proposed.proposals.into_iter().next().ok_or_else(|| {
        let why = proposed
            .dropped
            .first()
            .map_or("it was given nothing", |dropped| dropped.why.as_str());
        Problem::new(
            ErrorCode::WrongState,
            format!("the run gives no case: {why}"),
        )
    })?;
    let wrong = |error: String| Problem::new(ErrorCode::InvalidInput, error);
    let suites = suites_of(package);
    let first = suites
        .iter()
        .find(|(_, suite)| suite.is_ok())
        .map(|(file, _)| file.to_string());
    let suite = suite
        .map(str::to_owned)
        .or(first)
        .unwrap_or_else(|| FIRST.to_owned());
    if !suite.starts_with("tests/") || !suite.ends_with(".toml") {
        return Err(wrong(format!(
            "{suite:?} is no suite: suites are files tests/NAME.toml"
        )));
    }
    let suite: PackagePath = suite
        .parse()
        .map_err(|fault| wrong(format!("{fault}: {suite:?}")))?;
    let name = name.unwrap_or(&proposal.name).trim().to_owned();
    name.parse::<slipway_evals::suite::CaseName>()
        .map_err(wrong)?;
    let name = unique(package, &suite, &name);
    let folder = slug(&name);
    let mut added = BTreeMap::new();
    let mut attachments = Vec::new();
    for file in &spec.attachments {
        let path = format!("tests/files/{folder}/{}", file.name);
        if let (Ok(path), Ok(bytes)) = (
            path.parse::<PackagePath>(),
            BASE64_STANDARD.decode(&*file.data),
        ) {
            added.insert(path.to_string(), bytes);
            attachments.push(path.to_string());
        }
    }
    Ok(Made {
        suite,
        proposal: Proposal { name, ..proposal },
        recording: String::new(),
        added,
        files: Vec::new(),
        attachments,
    })
}

/// The package with the case, whose tools run or are recorded.
fn assembled(
    app: &App,
    found: &Found,
    made: &mut Made,
    tools_run: bool,
) -> Result<Package, Problem> {
    let copies = format!("tests/files/{}/", slug(&made.proposal.name));
    made.added
        .retain(|path, _| !path.starts_with(&copies) || made.attachments.contains(path));
    let mut copied = Vec::new();
    if tools_run {
        for file in &made.files {
            let place = format!("{copies}{}", file.path);
            if place.parse::<PackagePath>().is_ok() {
                made.added.insert(place.clone(), file.bytes.clone());
                copied.push((file.path.clone(), place));
            }
        }
    }
    let toml = case_toml(made, &copied, tools_run)?;
    let before = found
        .package
        .files()
        .get(made.suite.as_str())
        .unwrap_or_default();
    let before = std::str::from_utf8(before).map_err(|_| {
        Problem::new(
            ErrorCode::InvalidPackage,
            format!("{} is not UTF-8 text", made.suite),
        )
    })?;
    let proposal = Proposal {
        toml,
        ..made.proposal.clone()
    };
    let text = append(before, &[proposal]).map_err(|error| {
        Problem::new(
            ErrorCode::InvalidPackage,
            format!("{}: {error}", made.suite),
        )
    })?;
    made.added.insert(made.suite.to_string(), text.into_bytes());
    let mut files: Files = found.package.files().clone();
    for (path, bytes) in &made.added {
        let path = path
            .parse::<PackagePath>()
            .map_err(|fault| Problem::new(ErrorCode::InvalidInput, format!("{fault}: {path:?}")))?;
        files = files
            .with(path, bytes.clone())
            .map_err(|error| from_package(&error))?;
    }
    app.package_of(files)
}

/// The case's TOML with its recording and its files.
fn case_toml(made: &Made, copied: &[(String, String)], tools_run: bool) -> Result<String, Problem> {
    let broken = || Problem::new(ErrorCode::Internal, "the proposed case is no TOML");
    let mut document: DocumentMut = made.proposal.toml.parse().map_err(|_| broken())?;
    let cases = document
        .get_mut("case")
        .and_then(Item::as_array_of_tables_mut);
    let case = cases
        .and_then(|cases| cases.get_mut(0))
        .ok_or_else(broken)?;
    case.insert("name", value(&made.proposal.name));
    case.insert("recording", value(&made.recording));
    if !tools_run {
        case.insert("tools", value("recorded"));
    }
    if !made.attachments.is_empty() {
        let list: Array = made.attachments.iter().map(String::as_str).collect();
        case.insert("attachments", value(list));
    }
    if !copied.is_empty() {
        let mut tables = ArrayOfTables::new();
        for (path, from) in copied {
            let mut table = Table::new();
            table.insert("path", value(path));
            table.insert("copy", value(from));
            tables.push(table);
        }
        case.insert("files", Item::ArrayOfTables(tables));
    }
    Ok(document.to_string())
}

/// A name that no case of the suite has.
fn unique(package: &Package, suite: &PackagePath, name: &str) -> String {
    let taken: BTreeSet<String> = match Suite::parse(suite, &Tested::of(package)) {
        Ok(suite) => suite
            .cases
            .iter()
            .map(|case| case.name.as_str().to_lowercase())
            .collect(),
        Err(_) => BTreeSet::new(),
    };
    let mut numbered = name.to_owned();
    let mut number = 1;
    while taken.contains(&numbered.to_lowercase()) {
        number += 1;
        numbered = format!("{name} {number}");
    }
    numbered
}

/// A name of lower-case letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == 40 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    match slug.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => slug.to_owned(),
        false => format!("run-{slug}").trim_end_matches('-').to_owned(),
    }
}

/// This name for a recording, or it with a number where that is taken.
fn free_name(package: &Package, name: &str) -> String {
    let is_taken = |name: &str| {
        package
            .files()
            .get(&format!("recordings/{name}.jsonl"))
            .is_some()
    };
    let mut numbered = name.to_owned();
    let mut number = 1;
    while is_taken(&numbered) {
        number += 1;
        numbered = format!("{name}-{number}");
    }
    numbered
}
