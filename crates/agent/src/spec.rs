//! What a run is made of: everything the machine needs to know, fixed when the run begins.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::message::Attachment;
use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};
use slipway_contract::permission::Permission;
use slipway_contract::tool::{ApprovalPolicy, ToolDefinition};
use slipway_contract::{AgentName, ContentHash, RunId, Usd};

/// A run's fixed facts, journalled with its first event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSpec {
    /// The agent.
    pub agent: AgentName,
    /// The agent's title.
    pub title: String,
    /// Hash of all the package's files.
    pub version: ContentHash,
    /// Hash of the files that decide how it behaves; grants are bound to it.
    pub behaviour: ContentHash,
    /// The model.
    pub model: ModelRef,
    /// The models that are asked in its place, each when the one before it fails for good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallback: Vec<Route>,
    /// The sampling temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// How much the model shall reason; none leaves it to the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<ReasoningEffort>,
    /// Whether the first call may, must or must not call tools; later ones may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Tokens that fit the model's context window; none when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
    /// The most tokens one answer may have; none leaves it to the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// The instructions, Markdown.
    pub instructions: String,
    /// The tools that the model is told of.
    pub tools: Vec<ToolSpec>,
    /// The limits.
    pub limits: Limits,
    /// JSON Schema of the final answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    /// What the person granted.
    pub granted: Vec<Permission>,
    /// What the package asks for and nobody granted yet; the run asks before its first step.
    pub missing: Vec<Permission>,
    /// The folder that its package was run from, by its absolute path; none when the package was
    /// imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The absolute folder of the package's own `files/`, when the run works elsewhere than where
    /// the package put them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package_files: Option<String>,
    /// Whether it may use the network at all.
    #[serde(default = "yes")]
    pub network: bool,
    /// The absolute folder from which the run's paths start.
    pub workdir: String,
    /// What the person says.
    pub input: String,
    /// What goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

const fn yes() -> bool {
    true
}

/// A model that stands in for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The model.
    pub model: ModelRef,
    /// Tokens that fit its context window; none when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
}

/// A tool with the policy that holds in this run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// The tool as the model is told of it.
    pub definition: ToolDefinition,
    /// What the package asks for; none means the default of the call's effect. `Allow` for a
    /// call that changes something holds only when [`Permission::Unasked`] is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalPolicy>,
    /// Whether the tool can find out what became of a call of unknown outcome.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reconciles: bool,
}

/// A run's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most steps (model calls and tool calls) before the run is ended.
    pub max_steps: u32,
    /// The most that it may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<Usd>,
    /// The run whose budget it draws from, with all others that do; none for its own alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws_from: Option<RunId>,
    /// The most that all that draw from that run's budget may cost together. Where an earlier
    /// version left it out, `budget_usd` is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_budget_usd: Option<Usd>,
    /// The most milliseconds of work; time parked does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// How many milliseconds a question waits for an answer before the run ends; none means
    /// [`APPROVAL_TIMEOUT_MS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_timeout_ms: Option<u64>,
}

impl Limits {
    /// The most that a run can cost by its limits: its own, or what it shares with others.
    #[must_use]
    pub fn most(&self) -> Option<Usd> {
        let mut limits = self.budget_usd.into_iter().chain(self.shared_budget_usd);
        let first = limits.next()?;
        Some(limits.fold(first, Usd::min))
    }
}

/// How many milliseconds a question waits where the package says nothing: seven days.
pub const APPROVAL_TIMEOUT_MS: u64 = 7 * 24 * 60 * 60 * 1000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_steps: 50,
            budget_usd: None,
            draws_from: None,
            shared_budget_usd: None,
            timeout_ms: None,
            approval_timeout_ms: None,
        }
    }
}
