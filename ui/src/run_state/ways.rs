//! What a person can do about a run that did not succeed.

use slipway_contract::run::EndReason;
use slipway_contract::{RunId, StepId};

use super::entry::{Entry, ModelPhase};
use super::{Origin, Phase, RunState, Utterance};

/// A way on from a run that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WayOut {
    /// This model call is made again, in a new run that shares what was before.
    Again(StepId),
    /// The same is asked once more.
    Anew {
        /// Of this run.
        run: RunId,
        /// In these words.
        input: String,
    },
    /// The model, its provider and its key are looked at.
    Models,
    /// Limits on the person's money are looked at.
    Budgets,
    /// What the agent's package allows a run is looked at.
    Limits,
}

impl RunState {
    /// What helps, the most fitting first.
    pub(crate) fn ways_out(&self) -> Vec<WayOut> {
        let anew = || self.anew().into_iter();
        let again = || self.again().or_else(|| self.anew()).into_iter();
        match self.phase() {
            Phase::Cancelled if self.is_broken_off() => again().collect(),
            Phase::Failed(Some(reason)) => match reason {
                EndReason::Model => again().chain([WayOut::Models]).collect(),
                EndReason::EmptyAnswer
                | EndReason::Refused
                | EndReason::UnknownStop
                | EndReason::InvalidOutput
                | EndReason::RepeatedFailure => again().collect(),
                EndReason::ContextTooLong | EndReason::AnswerTooLong => {
                    again().chain([WayOut::Limits]).collect()
                }
                EndReason::OverBudget if self.budget_usd.is_some() => {
                    vec![WayOut::Limits, WayOut::Budgets]
                }
                EndReason::OverBudget => vec![WayOut::Budgets],
                EndReason::PriceUnknown => vec![WayOut::Models, WayOut::Budgets],
                EndReason::MaxSteps | EndReason::Timeout => vec![WayOut::Limits],
                EndReason::NotGranted
                | EndReason::ApprovalExpired
                | EndReason::Stopped
                | EndReason::Tool
                | EndReason::RecordingMismatch => anew().collect(),
                EndReason::Answered | EndReason::CancelledByPerson => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn again(&self) -> Option<WayOut> {
        let last = self.trace.entries().iter().rev();
        let mut models = last.filter_map(|entry| match entry.as_ref() {
            Entry::Model(model) => Some(WayOut::Again(model.step)),
            _ => None,
        });
        models.next()
    }

    /// Files do not go with it, so that it is not the same where there were some.
    fn anew(&self) -> Option<WayOut> {
        match self.talk.first()?.as_ref() {
            Utterance::Person {
                text,
                attachments,
                origin: Origin::Start { run },
                ..
            } if attachments.is_empty() => Some(WayOut::Anew {
                run: *run,
                input: text.clone(),
            }),
            _ => None,
        }
    }

    /// Whether it stopped in the middle of a model's answer.
    fn is_broken_off(&self) -> bool {
        let last = self.trace.entries().iter().rev();
        let mut steps = last.filter(|entry| entry.step().is_some());
        steps.next().is_some_and(|entry| {
            matches!(entry.as_ref(), Entry::Model(model) if model.phase == ModelPhase::CutOff)
        })
    }
}
