//! Texts of the pages about agents.

use slipway_contract::rule::Ruling;

use super::counted;

pub(crate) const AGENT: &str = "Agent";
pub(crate) const LAST_RUN: &str = "Last run";
pub(crate) const COST: &str = "Cost";
pub(crate) const NOT_RUN_YET: &str = "Not run yet";
pub(crate) const NO_AGENT_YET: &str = "No agent yet";
pub(crate) const NO_AGENT_YET_HOW: &str = "An agent is instructions, a model, tools and limits. The examples work without a key and without the network.";
pub(crate) const ADD_EXAMPLES: &str = "Add the examples";
pub(crate) const LOOK_AGAIN: &str = "Look again";
pub(crate) const VERSION_WORD: &str = "Version";
pub(crate) const WHAT_SHOULD_BE_DONE: &str =
    "What should be done? Left empty, it does what its instructions say.";
pub(crate) const RUN: &str = "Run";
pub(crate) const WOULD_PLAY_RECORDING: &str = "This model is a recording.";
pub(crate) const WOULD_PLAY_RECORDING_HOW: &str = "Model answers are recorded, tools run for real. Choose a live or local model to have your own words answered.";
pub(crate) const RECENT_RUNS: &str = "Recent runs";
pub(crate) const INSTRUCTIONS: &str = "Instructions";
pub(crate) const CONFIGURATION: &str = "Configuration";
pub(crate) const TOOLS: &str = "Tools";
pub(crate) const NO_TOOLS: &str = "None: it can only answer.";
pub(crate) const LIMITS: &str = "Limits";
pub(crate) const BUDGET_A_RUN: &str = "Budget a run";
pub(crate) const NONE: &str = "None";
pub(crate) const RULES: &str = "Your rules";
pub(crate) const NO_RULES: &str = "None. “Always” beside a question makes one.";
pub(crate) const REMOVE: &str = "Remove";

pub(crate) fn agents(agents: usize) -> String {
    counted(agents as u64, "agent", "agents")
}

pub(crate) const fn ruling(ruling: &Ruling) -> &'static str {
    match ruling {
        Ruling::Allow { .. } => "Allow",
        Ruling::Ask {} => "Ask before each",
        Ruling::Deny { .. } => "Never",
    }
}

pub(crate) fn rule_in(rule: &str) -> String {
    format!("{rule}, working in ")
}

pub(crate) fn at_most(budget: &str) -> String {
    format!("at most {budget}")
}
