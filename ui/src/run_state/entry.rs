//! The kinds of lines of the trace, and where each stands.

use serde_json::Value;
use slipway_contract::approval::{Answer, AnsweredBy, Approval};
use slipway_contract::message::{Content, StopReason};
use slipway_contract::run::Tokens;
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, StepId, Timestamp, Usd};

/// One line of the trace.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A model call, with all its attempts.
    Model(ModelStep),
    /// A tool call, with what was asked about it.
    Tool(ToolStep),
    /// A question that belongs to no call: what the package asks for.
    Grant(Asked),
    /// Where the run was cut off and taken up again.
    Break(Break),
    /// Where the conversation was shortened.
    Compaction(Compaction),
    /// Where a further message made a new run.
    Message,
    /// Where a step was made again, or edited, in a new run.
    Again(Again),
}

/// A model call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelStep {
    /// The step.
    pub(crate) step: StepId,
    /// `provider/model`.
    pub(crate) model: String,
    /// It is told of tools in words.
    pub(crate) prompted: bool,
    /// Where it stands.
    pub(crate) phase: ModelPhase,
    /// The attempts that failed, oldest first.
    pub(crate) failures: Vec<Failure>,
}

/// Where a model call stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ModelPhase {
    /// Asked, nothing has come yet.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// The answer is coming.
    Streaming {
        /// When it was asked.
        since: Timestamp,
    },
    /// Failed; it will be tried again.
    Retrying {
        /// When.
        at: Timestamp,
    },
    /// Answered.
    Answered {
        /// The answer.
        content: Vec<Content>,
        /// Why it stopped.
        stop: StopReason,
        /// What it used.
        usage: Tokens,
        /// What it cost.
        cost_usd: Option<Usd>,
        /// Milliseconds to the first piece.
        first_token_ms: Option<u64>,
        /// Milliseconds in all.
        took_ms: u64,
    },
    /// Failed for good.
    Failed,
    /// The run stopped while it was under way.
    CutOff,
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    /// From 1; none when the model was passed over without being asked.
    pub(crate) attempt: Option<u32>,
    /// What happened and what can be done.
    pub(crate) message: String,
    /// Milliseconds until the next attempt.
    pub(crate) retry_in_ms: Option<u64>,
    /// The model that is asked from now on instead.
    pub(crate) next_model: Option<String>,
}

/// A tool call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolStep {
    /// The step.
    pub(crate) step: StepId,
    /// The model's id of the call.
    pub(crate) call_id: CallId,
    /// The tool.
    pub(crate) tool: String,
    /// The arguments.
    pub(crate) arguments: Value,
    /// What it does to the world; unknown for a call that was refused.
    pub(crate) effect: Option<Effect>,
    /// Where it stands.
    pub(crate) phase: ToolPhase,
    /// What was asked about it.
    pub(crate) asked: Vec<Asked>,
    /// The steps that were under way at the same time.
    pub(crate) with: Vec<StepId>,
}

/// Where a tool call stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToolPhase {
    /// Not begun: a person is asked, or was and it goes on at once.
    Asked,
    /// Under way.
    Running {
        /// Since when.
        since: Timestamp,
    },
    /// Ended, or refused before it began.
    Returned {
        /// The result as the model reads it.
        result: Value,
        /// Bytes of all of it, where only its beginning is here.
        whole_bytes: Option<u64>,
        /// Whether it failed in a way that the model can act on.
        is_error: bool,
        /// Milliseconds, where they were measured.
        took_ms: Option<u64>,
        /// Whether it began at all; one that was refused did not.
        began: bool,
    },
    /// The run stopped while it was under way.
    CutOff,
}

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// The question and what its answer is bound to.
    pub(crate) approval: Approval,
    /// When it was asked.
    pub(crate) at: Timestamp,
    /// The answer and who gave it.
    pub(crate) answer: Option<(Answer, AnsweredBy)>,
    /// Whether the run ended without an answer.
    pub(crate) lapsed: bool,
}

impl Asked {
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_none() && !self.lapsed
    }
}

/// Where a run was cut off and taken up again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Break {
    /// Its last word before.
    pub(crate) last_word: Timestamp,
    /// When it was taken up.
    pub(crate) resumed_at: Timestamp,
    /// Completed steps before it.
    pub(crate) kept: usize,
    /// Completed steps that were made again after it: none, if the journal's promise holds.
    pub(crate) made_again: usize,
}

/// Where a new run went on from a step of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Again {
    /// The step.
    pub(crate) from: StepId,
    /// The person edited what it gave; else it is made again.
    pub(crate) edited: bool,
}

/// Where the conversation was shortened to fit the model's window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compaction {
    /// Estimated tokens before.
    pub(crate) tokens_before: u64,
    /// Estimated tokens after.
    pub(crate) tokens_after: u64,
    /// Tool results whose text was left out.
    pub(crate) results_elided: u32,
    /// Older turns that were left out.
    pub(crate) turns_dropped: u32,
}

impl Entry {
    /// The step, for one that is a step.
    pub(crate) fn step(&self) -> Option<StepId> {
        match self {
            Self::Model(model) => Some(model.step),
            Self::Tool(tool) => Some(tool.step),
            _ => None,
        }
    }

    /// What was asked about it.
    pub(crate) fn questions(&self) -> &[Asked] {
        match self {
            Self::Grant(asked) => std::slice::from_ref(asked),
            Self::Tool(tool) => &tool.asked,
            _ => &[],
        }
    }

    pub(super) fn is_completed(&self) -> bool {
        match self {
            Self::Model(model) => matches!(model.phase, ModelPhase::Answered { .. }),
            Self::Tool(tool) => matches!(tool.phase, ToolPhase::Returned { .. }),
            _ => false,
        }
    }
}
