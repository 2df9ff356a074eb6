//! The cases that a difference touches, and those that did not pass.

use std::collections::{BTreeMap, BTreeSet};

use slipway_agent::package::{Files, Package};
use slipway_contract::test::Outcome;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::execute::recording_name;
use slipway_evals::suite::{Case, CaseId, ConcreteCase, FileContent};

use super::plan::Since;
use super::suites_of;
use crate::App;
use crate::problem::from_store;
use crate::target::Found;

impl App {
    /// The cases that did not pass in the newest report in which they were run.
    pub(super) async fn failed_cases(
        &self,
        agent: &AgentName,
    ) -> Result<BTreeSet<CaseId>, Problem> {
        let newest = self.newest_report(agent).await?.ok_or_else(|| {
            let message = format!("the tests of {agent} were never run, so none is known to fail");
            Problem::new(ErrorCode::NotFound, message)
        })?;
        let rows = self.store().outcomes_of(newest).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        let failed = rows
            .into_iter()
            .filter(|(.., outcome)| *outcome != Outcome::Passed);
        let failed: BTreeSet<CaseId> = failed.filter_map(|(case, ..)| case.parse().ok()).collect();
        if failed.is_empty() {
            let message = format!("every case of {agent} passed when they were last run");
            return Err(Problem::new(ErrorCode::NotFound, message));
        }
        Ok(failed)
    }

    /// The cases that differ from this version: all of them where the agent itself does.
    pub(super) async fn changed_cases(
        &self,
        found: &Found,
        since: &Since,
    ) -> Result<BTreeSet<CaseId>, Problem> {
        let agent = &found.package.manifest().agent.name;
        let (version, words) = match since {
            Since::Newest => (None, "its newest version"),
            Since::Version(version) => (Some(version.as_str()), version.as_str()),
        };
        let files = self.files_to_compare(agent, version).await?;
        let now = cases(&found.package);
        let before = match self.package_of(files) {
            Ok(before) if before.behaviour_hash() == found.package.behaviour_hash() => before,
            // Nobody can say which case a change of the agent touches.
            _ => return Ok(now.into_keys().collect()),
        };
        let known = cases(&before);
        let changed = now.into_iter().filter(|(id, case)| {
            known
                .get(id)
                .is_none_or(|then| differs(then, case, before.files(), found.package.files()))
        });
        let changed: BTreeSet<CaseId> = changed.map(|(id, _)| id).collect();
        if changed.is_empty() {
            let message = format!("nothing that the tests of {agent} look at differs from {words}");
            return Err(Problem::new(ErrorCode::NotFound, message));
        }
        Ok(changed)
    }
}

fn cases(package: &Package) -> BTreeMap<CaseId, ConcreteCase> {
    let suites = suites_of(package)
        .into_iter()
        .filter_map(|(_, suite)| suite.ok());
    let cases = suites.flat_map(|suite| suite.expand());
    cases.map(|case| (case.id.clone(), case)).collect()
}

/// Whether a case says something else, or what it names does. Its place in the file is nothing.
fn differs(then: &ConcreteCase, now: &ConcreteCase, before: &Files, after: &Files) -> bool {
    let (mut old, new) = (then.filled(), now.filled());
    old.line = new.line;
    old != new
        || paths(now, &new)
            .iter()
            .any(|path| before.get(path) != after.get(path))
}

/// The package's files that a case needs.
fn paths(concrete: &ConcreteCase, case: &Case) -> Vec<String> {
    let copied = case.files.iter().filter_map(|file| match &file.content {
        FileContent::Copied(path) => Some(path.to_string()),
        FileContent::Text(_) => None,
    });
    let recordings = case
        .recording
        .iter()
        .cloned()
        .chain([recording_name(concrete)]);
    let recordings = recordings.map(|name| format!("recordings/{name}.jsonl"));
    let attached = case.attachments.iter().map(ToString::to_string);
    copied.chain(recordings).chain(attached).collect()
}
