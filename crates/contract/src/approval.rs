//! Questions to a person, and their answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::permission::Permission;
use crate::tool::Effect;
use crate::{CallId, ContentHash, StepId};

/// What a run asks a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// May this version do what its package asks for?
    Grant {
        /// What is asked for and not yet granted.
        permissions: Vec<Permission>,
        /// The behaviour hash that the grant is bound to.
        behaviour: ContentHash,
    },
    /// May this call be made, with exactly these arguments?
    Call {
        /// The call.
        call_id: CallId,
        /// The tool's name.
        tool: String,
        /// Who serves the tool.
        server: String,
        /// The arguments as they will be sent.
        arguments: Value,
        /// What the call does to the world.
        effect: Effect,
    },
    /// A call that changes something was cut off: did it happen?
    Outcome {
        /// The call.
        call_id: CallId,
        /// The tool's name.
        tool: String,
        /// The arguments that were sent.
        arguments: Value,
    },
}

/// A question with what the answer will be bound to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// The step that asks.
    pub step: StepId,
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// SHA-256 of exactly what is asked: the tool's definition and the arguments, or the
    /// permissions and the behaviour hash. One byte changed, and the answer is void.
    pub binding: ContentHash,
}

/// A person's (or a rule's) answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Do it, this once.
    Approve,
    /// Do not; the model is told so.
    Deny {
        /// Why, for the model; may be empty.
        reason: String,
    },
    /// The call whose outcome was unknown happened, with this result.
    Happened {
        /// The result, as the model will read it.
        result: String,
    },
    /// The call whose outcome was unknown did not happen: do it now.
    NotHappened,
    /// End the run.
    Stop,
}

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person, at a terminal or in the window.
    Person,
    /// The person's order for this run, such as `--approve allow`.
    RunOption,
}
