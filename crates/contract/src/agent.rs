//! Agents as lists and pages show them.

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::permission::Permission;
use crate::run::{EndReason, ParkReason, RunState, RunSummary};
use crate::tool::ApprovalPolicy;
use crate::{AgentName, ContentHash, RunId, Timestamp, Usd};

mod changes;
mod find;
mod made;

pub use changes::AgentChanges;
pub use find::{AgentFinder, AgentSearch, AgentSort};
pub use made::{AgentExample, AgentTemplate, PackageName, PackagePreview, RemovedAgent};

/// An agent as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentSummary {
    /// The name.
    pub name: AgentName,
    /// The title.
    pub title: String,
    /// What it does; in lists no more than its beginning.
    pub description: String,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The current version.
    pub version: ContentHash,
    /// The model that it asks for.
    pub model: String,
    /// The folder it is run from, for one that was opened as a folder.
    pub folder: Option<String>,
    /// When it was imported or last changed.
    pub updated_at: Timestamp,
    /// When it was archived; none while it is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// Its newest run.
    pub last_run: Option<LastRun>,
    /// What its runs of this month cost so far; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_this_month: Option<RunningCost>,
    /// Why it cannot be run now, and what to do; none when it can be. What else is said of it is
    /// then of its newest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// An agent's newest run, as lists of agents show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastRun {
    /// Its id.
    pub id: RunId,
    /// What it is.
    pub state: RunState,
    /// Why it waits, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<ParkReason>,
    /// Why it ended, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<EndReason>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// What it cost so far; none when that is unknown.
    pub cost_usd: Option<Usd>,
}

/// What several runs cost together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningCost {
    /// The sum of what is known.
    pub usd: Usd,
    /// Some of them cost more than that, and nobody knows how much.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_least: bool,
}

/// A tool that an agent names, and what was asked about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentTool {
    /// The tool.
    pub name: String,
    /// The approval that the package asks for.
    pub approval: Option<ApprovalPolicy>,
}

/// An agent with everything its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentDetail {
    /// The summary.
    pub summary: AgentSummary,
    /// The instructions, Markdown.
    pub instructions: String,
    /// The package's README, Markdown.
    pub readme: Option<String>,
    /// Its tools.
    pub tools: Vec<AgentTool>,
    /// What it asks for.
    pub permissions: Vec<Permission>,
    /// Its money limit.
    pub budget_usd: Option<Usd>,
    /// Its newest runs, newest first.
    pub runs: Vec<RunSummary>,
}
