//! Suites: the files `tests/*.toml` of a package.

mod case;
mod expand;
mod files;
mod fillable;
mod keys;
mod matrix;
mod mock;
mod name;
mod read;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod variables;

use std::sync::Arc;

use slipway_agent::package::{Files, Manifest, Package, PackagePath};
use slipway_contract::AgentName;
use slipway_contract::error::Finding;

pub use case::{ApprovalRule, Approvals, Case, Repeat, ToolSource, ToolSources};
pub use expand::{AttemptId, ConcreteCase};
pub(crate) use files::working_path;
pub use files::{CaseFile, FileContent};
pub use matrix::{Matrix, Parameters, Point};
pub use mock::{Mock, MockAnswer};
pub use name::{CaseId, CaseName};
pub use table::Row;
pub use variables::Variables;
pub(crate) use variables::{Texts, Written, names, written};

/// The most bytes of a suite's file: 1 MiB.
pub const MAX_SUITE_BYTES: usize = 1 << 20;
/// The most cases that a suite may write down.
pub const MAX_CASES: usize = 5_000;
/// The most attempts that a suite may come to: cases, times rows, times the matrix, times repeats.
pub const MAX_ATTEMPTS: usize = 100_000;

/// A suite: cases that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Suite {
    /// Its file, such as `tests/receipts.toml`.
    pub file: PackagePath,
    /// What people call it; the file's name where its author gave none.
    pub title: String,
    /// The models and parameters with which each case is run; one point where there is none.
    pub matrix: Matrix,
    /// The cases in the author's order, with the defaults in them.
    pub cases: Vec<Arc<Case>>,
}

/// The agent that a suite tests.
#[derive(Debug, Clone)]
pub struct Tested<'p> {
    /// Its name.
    pub agent: &'p AgentName,
    /// The names of its tools, as calls of them are named in a run.
    pub tools: Vec<String>,
    /// The package's files, among them tables and recordings.
    pub files: &'p Files,
}

impl<'p> Tested<'p> {
    /// The agent of a package.
    #[must_use]
    pub fn of(package: &'p Package) -> Self {
        Self::with(package.manifest(), package.files())
    }

    /// The agent that this manifest describes, with these files.
    #[must_use]
    pub fn with(manifest: &'p Manifest, files: &'p Files) -> Self {
        Self {
            agent: &manifest.agent.name,
            tools: manifest
                .tools
                .iter()
                .map(|entry| entry.tool.to_string())
                .collect(),
            files,
        }
    }
}

impl Suite {
    /// The suite in a file of the package.
    ///
    /// # Errors
    /// Everything that is wrong, each with its line, in the order of the file.
    pub fn parse(file: &PackagePath, tested: &Tested<'_>) -> Result<Self, Vec<Finding>> {
        read::suite(file, tested)
    }

    /// The suite that this text would be in that file, such as one that is being edited.
    ///
    /// # Errors
    /// As of [`Self::parse`].
    pub fn parse_text(
        file: &PackagePath,
        source: &str,
        tested: &Tested<'_>,
    ) -> Result<Self, Vec<Finding>> {
        read::text(file, source, tested)
    }

    /// All suites of the package, by file: `tests/NAME.toml`.
    pub fn all(tested: &Tested<'_>) -> Vec<(PackagePath, Result<Self, Vec<Finding>>)> {
        let is_suite = |path: &str| {
            let below = path.strip_prefix("tests/");
            below.is_some_and(|name| name.ends_with(".toml") && !name.contains('/'))
        };
        let files = tested
            .files
            .iter()
            .filter(|(path, _)| is_suite(path.as_str()));
        files
            .map(|(path, _)| (path.clone(), Self::parse(path, tested)))
            .collect()
    }
}
