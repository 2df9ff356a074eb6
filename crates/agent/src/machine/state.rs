//! A run's state: what folding its events gives, and nothing else.

use std::collections::BTreeMap;

use slipway_contract::approval::Approval;
use slipway_contract::message::Message;
use slipway_contract::model::ToolChoice;
use slipway_contract::run::{End, ParkReason, RunStatus, Usage};
use slipway_contract::{ContentHash, StepId, Timestamp};

use super::calls::{Call, CallStatus};
use super::conversation::Conversation;
use super::money::Money;
use crate::ports::journal::Head;
use crate::spec::RunSpec;

/// The state of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    pub(super) spec: Option<Box<RunSpec>>,
    pub(super) last_seq: u64,
    pub(super) last_at: Option<Timestamp>,
    pub(super) worked_ms: u64,
    pub(super) last_step: u32,
    pub(super) steps: u32,
    pub(super) conversation: Conversation,
    pub(super) grant: Grant,
    pub(super) model: Option<ModelCall>,
    /// How many of the spec's models have failed for good.
    pub(super) route: usize,
    pub(super) answer_limit: Option<u32>,
    pub(super) calls: Vec<Call>,
    pub(super) failing: BTreeMap<ContentHash, u32>,
    pub(super) repaired: bool,
    pub(super) shrinks: u32,
    pub(super) shrink_wanted: bool,
    pub(super) usage: Usage,
    pub(super) money: Money,
    pub(super) ending: Option<End>,
    pub(super) end: Option<End>,
}

/// Where the question for what the package asks stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Grant {
    #[default]
    Settled,
    Wanted,
    Asked(Box<Approval>),
}

/// The model call that is wanted or under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelCall {
    /// Its step.
    pub step: StepId,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The first attempt of the model that is asked now.
    pub since: u32,
    /// Where it stands.
    pub status: ModelStatus,
}

/// Where a model call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelStatus {
    /// To be made.
    Wanted,
    /// Begun.
    InFlight,
    /// Failed; to be made again after this many milliseconds.
    Backoff {
        /// Milliseconds.
        retry_in_ms: u64,
    },
}

/// What is under way, as the journal says; a driver that finds it not running starts it.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// A model call.
    Model {
        /// The step.
        step: StepId,
        /// The attempt.
        attempt: u32,
    },
    /// The wait before another attempt.
    Wait {
        /// The step.
        step: StepId,
        /// Milliseconds.
        ms: u64,
    },
    /// A tool call.
    Tool {
        /// The step.
        step: StepId,
        /// The attempt.
        attempt: u32,
    },
    /// A tool finds out what became of a call.
    Reconcile {
        /// The step.
        step: StepId,
        /// The attempt that it looks for.
        attempt: u32,
    },
    /// A question to a person.
    Ask(Box<Approval>),
}

impl State {
    /// The run's fixed facts; none before its first event.
    #[must_use]
    pub fn spec(&self) -> Option<&RunSpec> {
        self.spec.as_deref()
    }

    /// The number of the last event.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Milliseconds of work so far; time parked or stopped does not count.
    #[must_use]
    pub const fn worked_ms(&self) -> u64 {
        self.worked_ms
    }

    /// The conversation as the model is given it.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.conversation.messages()
    }

    /// Whether the next model call may, must or must not call tools.
    #[must_use]
    pub fn tool_choice(&self) -> ToolChoice {
        let asked = self.spec.as_ref().and_then(|spec| spec.tool_choice.clone());
        asked
            .filter(|_| self.conversation.is_at_its_beginning())
            .unwrap_or_default()
    }

    /// The tool calls of the newest answer.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The tool call of this step, if it is one of the newest answer.
    #[must_use]
    pub fn call(&self, step: StepId) -> Option<&Call> {
        self.calls.iter().find(|call| call.step == step)
    }

    /// The run's end.
    #[must_use]
    pub const fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// The model call that is wanted or under way.
    #[must_use]
    pub const fn model_call(&self) -> Option<ModelCall> {
        self.model
    }

    /// The run's figures.
    #[must_use]
    pub const fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Whether the provider said that the conversation is too long, so that it must shrink.
    #[must_use]
    pub const fn shrink_wanted(&self) -> bool {
        self.shrink_wanted
    }

    /// The most tokens that the answer under way may have, as its intent says.
    #[must_use]
    pub const fn answer_limit(&self) -> Option<u32> {
        self.answer_limit
    }

    /// The questions that wait for a person.
    #[must_use]
    pub fn questions(&self) -> Vec<&Approval> {
        let grant = match &self.grant {
            Grant::Asked(approval) => Some(&**approval),
            _ => None,
        };
        grant
            .into_iter()
            .chain(self.price_question())
            .chain(self.calls.iter().filter_map(Call::asked))
            .collect()
    }

    /// Why the run waits for a person: somebody was asked, and nothing else can go on.
    #[must_use]
    pub fn parked(&self) -> Option<ParkReason> {
        if self.end.is_some() || self.ending.is_some() {
            return None;
        }
        if self.price_question().is_some() {
            return Some(ParkReason::Price);
        }
        if self.model.is_some() {
            return None;
        }
        if matches!(self.grant, Grant::Asked(_)) {
            return Some(ParkReason::Grant);
        }
        let mut reason = None;
        for call in &self.calls {
            match call.status {
                CallStatus::Settled { .. } => {}
                CallStatus::Asked(_) => reason = reason.or(Some(ParkReason::Approval)),
                CallStatus::AskedOutcome(_) => reason = Some(ParkReason::OutcomeUnknown),
                _ => return None,
            }
        }
        reason
    }

    /// What the run is.
    #[must_use]
    pub fn status(&self) -> RunStatus {
        match (&self.end, self.parked()) {
            (Some(end), _) => end.status,
            (None, Some(_)) => RunStatus::Parked,
            (None, None) if self.spec.is_none() => RunStatus::Queued,
            (None, None) => RunStatus::Running,
        }
    }

    /// What the run's row says.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            status: self.status(),
            parked: self.parked(),
            end: self.end.clone(),
            usage: self.usage.clone(),
            expires_at: self
                .questions()
                .iter()
                .filter_map(|question| question.expires_at)
                .min(),
        }
    }

    /// All that is under way.
    #[must_use]
    pub fn under_way(&self) -> Vec<Work> {
        if self.end.is_some() {
            return Vec::new();
        }
        let model = self.model.and_then(|call| match call.status {
            ModelStatus::Wanted => None,
            ModelStatus::InFlight => Some(Work::Model {
                step: call.step,
                attempt: call.attempt,
            }),
            ModelStatus::Backoff { retry_in_ms } => Some(Work::Wait {
                step: call.step,
                ms: retry_in_ms,
            }),
        });
        let tools = self.calls.iter().filter_map(|call| {
            let (step, attempt) = (call.step, call.attempts);
            match call.status {
                CallStatus::InFlight => Some(Work::Tool { step, attempt }),
                CallStatus::Reconciling => Some(Work::Reconcile { step, attempt }),
                _ => None,
            }
        });
        let questions = self.questions().into_iter().cloned();
        let questions = questions.map(|asked| Work::Ask(Box::new(asked)));
        model.into_iter().chain(tools).chain(questions).collect()
    }
}
