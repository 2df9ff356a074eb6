//! What follows from a state.

use slipway_contract::StepId;
use slipway_contract::approval::{Approval, Question};
use slipway_contract::run::{End, EndReason};

use super::answer::failed;
use super::calls::CallStatus;
use super::state::{Grant, ModelStatus, State};
use crate::policy::binding;

/// Something that shall happen next. The driver journals the intent before it begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Call the model.
    CallModel {
        /// The step.
        step: StepId,
        /// The attempt, from 1.
        attempt: u32,
    },
    /// Call a tool.
    CallTool {
        /// The step.
        step: StepId,
    },
    /// Ask the tool whether a call of unknown outcome happened.
    Reconcile {
        /// The step.
        step: StepId,
    },
    /// Tell the model that a call is not made.
    RejectTool {
        /// The step.
        step: StepId,
        /// Why.
        message: String,
    },
    /// Ask a person.
    Ask(Approval),
    /// End the run.
    Finish(End),
}

/// What follows from a state; nothing when the run has ended or waits for what is under way.
#[must_use]
pub fn decide(state: &State) -> Vec<Effect> {
    let Some(spec) = state.spec() else {
        return Vec::new();
    };
    if state.end.is_some() {
        return Vec::new();
    }
    if let Some(end) = &state.ending {
        return vec![Effect::Finish(end.clone())];
    }
    match &state.grant {
        Grant::Settled => {}
        Grant::Asked(_) => return Vec::new(),
        Grant::Wanted => {
            return vec![Effect::Ask(Approval {
                step: StepId(state.last_step + 1),
                binding: binding::of_grant(&spec.missing, spec.behaviour),
                expires_at: None,
                question: Question::Grant {
                    permissions: spec.missing.clone(),
                    behaviour: spec.behaviour,
                },
            })];
        }
    }
    if state.price_question().is_some() {
        return Vec::new();
    }
    if let Some(call) = state.model {
        return match call.status {
            ModelStatus::Wanted => vec![Effect::CallModel {
                step: call.step,
                attempt: call.attempt,
            }],
            ModelStatus::InFlight | ModelStatus::Backoff { .. } => Vec::new(),
        };
    }
    let rejections: Vec<Effect> = state
        .calls
        .iter()
        .filter_map(|call| match &call.status {
            CallStatus::Refused(message) => Some(Effect::RejectTool {
                step: call.step,
                message: message.clone(),
            }),
            _ => None,
        })
        .collect();
    if !rejections.is_empty() {
        // A refusal may end the run, and then nothing else may begin.
        return rejections;
    }
    let effects: Vec<Effect> = state
        .calls
        .iter()
        .filter_map(|call| match &call.status {
            CallStatus::Wanted => Some(Effect::CallTool { step: call.step }),
            CallStatus::NeedsApproval(approval) => Some(Effect::Ask(approval.clone())),
            CallStatus::Unknown if call.reconcilable => Some(Effect::Reconcile { step: call.step }),
            CallStatus::Unknown => Some(Effect::Ask(call.outcome_question())),
            CallStatus::Refused(_)
            | CallStatus::Asked(_)
            | CallStatus::AskedOutcome(_)
            | CallStatus::InFlight
            | CallStatus::Reconciling
            | CallStatus::Failed
            | CallStatus::Settled { .. } => None,
        })
        .collect();
    if !effects.is_empty() || !state.calls.iter().all(super::Call::is_settled) {
        return effects;
    }
    if let Some(end) = state.overbilled_end() {
        return vec![Effect::Finish(end)];
    }
    if state.steps >= spec.limits.max_steps {
        let message = format!(
            "The run reached its limit of {} steps (limits.max_steps) before the model had a final answer.",
            spec.limits.max_steps
        );
        return vec![Effect::Finish(failed(EndReason::MaxSteps, message))];
    }
    vec![Effect::CallModel {
        step: StepId(state.last_step + 1),
        attempt: 1,
    }]
}
