//! Rules: answers that a person gave for good.

mod pattern;
mod read;

use serde::{Deserialize, Serialize};

pub use pattern::{ArgumentPattern, ValuePattern};
pub use read::InvalidPattern;

use crate::{AgentName, ContentHash, RuleId, Timestamp};

/// What a rule decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ruling", rename_all = "snake_case")]
pub enum Ruling {
    /// Calls with such arguments are made without asking, as long as the tool is what it was.
    Allow {
        /// Which arguments.
        arguments: ArgumentPattern,
        /// The hash of the tool's definition as the person knew it.
        definition: ContentHash,
    },
    /// The tool asks each time, whatever its package wants; a rule that allows a call still does.
    Ask {},
    /// Calls with such arguments, or all calls, are never made.
    Deny {
        /// Which arguments; none means any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arguments: Option<ArgumentPattern>,
    },
}

/// A rule that a person made, for one agent in one working folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The rule.
    pub id: RuleId,
    /// The agent.
    pub agent: AgentName,
    /// The folder that the agent's package is run from; none when it was imported.
    pub folder: Option<String>,
    /// The absolute folder from which the agent's paths start.
    pub workdir: String,
    /// The tool's name.
    pub tool: String,
    /// What it decides.
    #[serde(flatten)]
    pub ruling: Ruling,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was taken back, which is for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Ruling {
    /// Which arguments it is about; none means any.
    #[must_use]
    pub const fn arguments(&self) -> Option<&ArgumentPattern> {
        match self {
            Self::Allow { arguments, .. } => Some(arguments),
            Self::Deny { arguments } => arguments.as_ref(),
            Self::Ask {} => None,
        }
    }
}
