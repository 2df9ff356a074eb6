//! What is true of a run in one phrase, for the bar above it.

use slipway_contract::approval::Question;
use slipway_contract::run::{EndReason, ParkReason, RunStatus};

use super::entry::{Entry, ModelPhase};
use super::{RunState, Timestamp};

/// What a run is to the person who looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Phase {
    /// Not begun.
    Queued,
    /// At work.
    Working(Doing),
    /// It says running, but nobody drives it.
    CutOff,
    /// It waits for a person.
    Waiting(ParkReason),
    /// Done.
    Succeeded,
    /// Ended with a reason.
    Failed(Option<EndReason>),
    /// Stopped by a person.
    Cancelled,
}

/// The live step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Doing {
    /// Between two steps.
    Thinking,
    /// A model was asked.
    Asking(String),
    /// The answer is coming.
    Reading(String),
    /// A failed model call will be made again.
    Retrying(Timestamp),
    /// These tools are under way.
    Calling(Vec<String>),
}

impl RunState {
    /// What the run is to the person who looks at it.
    pub(crate) fn phase(&self) -> Phase {
        match self.status {
            RunStatus::Queued => Phase::Queued,
            RunStatus::Running if !self.driven => Phase::CutOff,
            RunStatus::Running => self.working(),
            RunStatus::Parked => Phase::Waiting(
                self.parked
                    .or_else(|| self.question())
                    .unwrap_or(ParkReason::Approval),
            ),
            RunStatus::Succeeded => Phase::Succeeded,
            RunStatus::Failed => Phase::Failed(self.end.as_ref().map(|end| end.reason)),
            RunStatus::Cancelled => Phase::Cancelled,
        }
    }

    /// A run that asks while its driver is there is not parked yet; to the person it is the same.
    fn working(&self) -> Phase {
        let doing = self.doing();
        match self.question() {
            Some(question) if doing == Doing::Thinking => Phase::Waiting(question),
            _ => Phase::Working(doing),
        }
    }

    fn question(&self) -> Option<ParkReason> {
        self.open_questions()
            .next()
            .map(|approval| match approval.question {
                Question::Grant { .. } => ParkReason::Grant,
                Question::Call { .. } => ParkReason::Approval,
                Question::Outcome { .. } => ParkReason::OutcomeUnknown,
                Question::Price { .. } => ParkReason::Price,
            })
    }

    fn doing(&self) -> Doing {
        let mut tools = Vec::new();
        for entry in self.trace.under_way() {
            match entry {
                Entry::Model(model) => match model.phase {
                    ModelPhase::Retrying { at } => return Doing::Retrying(at),
                    ModelPhase::Streaming { .. } => return Doing::Reading(model.model.clone()),
                    _ => return Doing::Asking(model.model.clone()),
                },
                Entry::Tool(tool) if !tools.contains(&tool.tool) => tools.push(tool.tool.clone()),
                _ => {}
            }
        }
        if tools.is_empty() {
            Doing::Thinking
        } else {
            Doing::Calling(tools)
        }
    }
}
