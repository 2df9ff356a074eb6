//! Agents as lists and pages show them.

use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::permission::Permission;
use crate::run::RunSummary;
use crate::tool::ApprovalPolicy;
use crate::{AgentName, ContentHash, Timestamp, Usd};

/// An agent as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentSummary {
    /// The name.
    pub name: AgentName,
    /// The title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// The current version.
    pub version: ContentHash,
    /// The model that it asks for.
    pub model: String,
    /// The folder it is run from, for one that was opened as a folder.
    pub folder: Option<String>,
    /// When it was imported or last changed.
    pub updated_at: Timestamp,
    /// Its newest run.
    pub last_run: Option<RunSummary>,
    /// Why it cannot be run now, and what to do; none when it can be. What else is said of it is
    /// then of its newest version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
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
