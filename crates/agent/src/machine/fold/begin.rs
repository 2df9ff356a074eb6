//! How a run begins, goes on from another, and is taken up again.

use serde_json::Value;

use super::Step;
use crate::machine::calls::CallStatus;
use crate::machine::state::{Grant, ModelCall, ModelStatus, State};
use crate::spec::RunSpec;

impl State {
    pub(super) fn started(&mut self, spec: &RunSpec) -> Step {
        if self.spec.is_some() {
            return Err("the run has started already");
        }
        self.begin(spec);
        Ok(())
    }

    pub(super) fn continued(&mut self, spec: &RunSpec) -> Step {
        if self.end.take().is_none() {
            return Err("only an ended run can be continued");
        }
        self.settle_what_was_cut_off();
        self.begin(spec);
        Ok(())
    }

    /// The parent may have ended in the middle of a turn: each of its calls gets a result, so
    /// that the conversation is one that a model accepts.
    pub(super) fn settle_what_was_cut_off(&mut self) {
        self.model = None;
        self.ending = None;
        for call in &mut self.calls {
            if !call.is_settled() {
                let told = if call.may_have_happened() {
                    "The run ended while this call was under way. It may have happened or not: find out before you repeat it."
                } else if call.status == CallStatus::InFlight {
                    "The run ended before this call had a result."
                } else {
                    "The run ended before this call was made."
                };
                let result = Value::String(told.to_owned());
                call.status = CallStatus::Settled {
                    result,
                    is_error: true,
                };
            }
        }
        self.flush_results();
    }

    pub(super) fn begin(&mut self, spec: &RunSpec) {
        self.conversation.say(spec.input.clone());
        self.grant = if spec.missing.is_empty() {
            Grant::Settled
        } else {
            Grant::Wanted
        };
        self.spec = Some(Box::new(spec.clone()));
        self.steps = 0;
        self.worked_ms = 0;
        self.repaired = false;
        self.shrinks = 0;
        self.shrink_wanted = false;
        self.answer_limit = None;
        self.failing.clear();
        self.usage = slipway_contract::run::Usage::default();
    }

    pub(super) fn resumed(&mut self) {
        if let Some(call) = &mut self.model
            && call.status == ModelStatus::InFlight
        {
            *call = ModelCall {
                attempt: call.attempt + 1,
                status: ModelStatus::Wanted,
                ..*call
            };
        }
        for call in &mut self.calls {
            if call.status == CallStatus::Reconciling {
                // To look once more changes nothing.
                call.status = CallStatus::Unknown;
                call.reconcilable = true;
            }
            if call.status == CallStatus::InFlight {
                call.status = if call.effect.repeatable() {
                    CallStatus::Wanted
                } else {
                    CallStatus::Unknown
                };
            }
        }
    }
}
