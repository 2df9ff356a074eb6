//! Model calls.

use slipway_contract::message::{Content, StopReason};
use slipway_contract::model::ModelRef;
use slipway_contract::run::{End, EndReason, Tokens};
use slipway_contract::{StepId, Usd};

use super::Step;
use crate::machine::answer::{Structure, Verdict, failed, judge};
use crate::machine::calls::{Call, admit, distinct_ids};
use crate::machine::route::SHRINKS;
use crate::machine::state::{ModelCall, ModelStatus, State};
use crate::machine::verdicts::Verdicts;
use crate::ports::model::ModelErrorKind;

/// What is known of an answer's cost.
#[derive(Clone, Copy)]
pub(super) enum Billed {
    /// This; none when the price is unknown.
    Exactly(Option<Usd>),
    /// The provider did not say what it used.
    AtMostReserved,
}

impl State {
    pub(super) fn model_requested(&mut self, step: StepId, attempt: u32, model: &ModelRef) -> Step {
        if self.model_in_force() != Some(model) {
            return Err("another model is asked");
        }
        let is_due = self.model_call_is_due(step);
        match &mut self.model {
            Some(call)
                if call.step == step
                    && call.attempt == attempt
                    && call.status == ModelStatus::Wanted =>
            {
                call.status = ModelStatus::InFlight;
            }
            Some(_) => return Err("another model call is under way"),
            None => {
                if !is_due || attempt != 1 {
                    return Err("no model call is due");
                }
                self.last_step = step.0;
                self.steps += 1;
                self.model = Some(ModelCall {
                    step,
                    attempt,
                    since: attempt,
                    status: ModelStatus::InFlight,
                });
            }
        }
        self.usage.model_calls += 1;
        Ok(())
    }

    pub(super) fn model_in_flight(
        &self,
        step: StepId,
        attempt: u32,
    ) -> Result<ModelCall, &'static str> {
        let expected = (step, attempt, ModelStatus::InFlight);
        self.model
            .filter(|call| (call.step, call.attempt, call.status) == expected)
            .ok_or("this model call is not under way")
    }

    #[expect(clippy::too_many_arguments, reason = "they are the event's fields")]
    pub(super) fn model_responded(
        &mut self,
        step: StepId,
        attempt: u32,
        content: &[Content],
        stop: &StopReason,
        tokens: Tokens,
        cost: Billed,
        verdicts: Option<&Verdicts>,
    ) -> Step {
        self.model_in_flight(step, attempt)?;
        let Some(spec) = self.spec.as_deref() else {
            return Err("the run has not started");
        };
        let judged_now;
        let verdicts = match verdicts {
            Some(verdicts) => verdicts,
            None => {
                judged_now = Verdicts::of(spec, content);
                &judged_now
            }
        };
        let mut content = content.to_vec();
        let repeated = distinct_ids(&mut content);
        let mut last_step = self.last_step;
        let calls: Vec<Call> = content
            .iter()
            .filter_map(|part| match part {
                Content::ToolCall(call) => Some(call),
                _ => None,
            })
            .enumerate()
            .map(|(place, call)| {
                last_step += 1;
                let unfit = verdicts.arguments.get(&place).map(String::as_str);
                admit(spec, StepId(last_step), call, &repeated, unfit)
            })
            .collect();
        let count = u32::try_from(calls.len()).unwrap_or(u32::MAX);
        let max_steps = spec.limits.max_steps;
        let structure = spec.output_schema.as_ref().map(|_| Structure {
            problem: verdicts.output.as_deref(),
        });
        let verdict = calls
            .is_empty()
            .then(|| judge(&content, stop, structure, self.repaired));

        self.model = None;
        self.shrinks = 0;
        self.usage.input_tokens = self.usage.input_tokens.saturating_add(tokens.input_tokens);
        self.usage.output_tokens = self
            .usage
            .output_tokens
            .saturating_add(tokens.output_tokens);
        match cost {
            Billed::Exactly(cost) => self.cost_is(cost),
            Billed::AtMostReserved => self.cost_is_unknown(),
        }
        self.conversation.answer(step, content);
        match verdict {
            Some(Verdict::End(end)) => self.ending = Some(end),
            Some(Verdict::Repair(text)) => {
                self.repaired = true;
                self.conversation.say(text);
            }
            None if self.steps.saturating_add(count) > max_steps => {
                let message = format!(
                    "The model asked for {count} more tool calls, and the run's limit of {max_steps} steps (limits.max_steps) leaves {}.",
                    max_steps - self.steps.min(max_steps)
                );
                self.ending = Some(failed(EndReason::MaxSteps, message));
                self.set_calls(calls, last_step, 0);
            }
            None => {
                if let Some(end) = strange_stop(stop) {
                    self.ending = Some(end);
                }
                self.set_calls(calls, last_step, count);
            }
        }
        Ok(())
    }

    pub(super) fn set_calls(&mut self, calls: Vec<Call>, last_step: u32, count: u32) {
        self.calls = calls;
        self.last_step = last_step;
        self.steps += count;
    }

    pub(super) fn model_failed(
        &mut self,
        step: StepId,
        attempt: u32,
        kind: ModelErrorKind,
        message: &str,
        retry_in_ms: Option<u64>,
        falls_back: bool,
    ) -> Step {
        let call = self.model_in_flight(step, attempt)?;
        if falls_back {
            self.model = Some(ModelCall {
                attempt: attempt + 1,
                since: attempt + 1,
                status: ModelStatus::Wanted,
                ..call
            });
            return Ok(());
        }
        if kind == ModelErrorKind::ContextTooLong && self.shrinks < SHRINKS {
            self.shrinks += 1;
            self.shrink_wanted = true;
            self.model = Some(ModelCall {
                attempt: attempt + 1,
                status: ModelStatus::Wanted,
                ..call
            });
            return Ok(());
        }
        if let Some(retry_in_ms) = retry_in_ms {
            self.model = Some(ModelCall {
                status: ModelStatus::Backoff { retry_in_ms },
                ..call
            });
            return Ok(());
        }
        let reason = match kind {
            ModelErrorKind::RecordingMismatch => EndReason::RecordingMismatch,
            ModelErrorKind::ContextTooLong => EndReason::ContextTooLong,
            ModelErrorKind::Refused => EndReason::Refused,
            _ => EndReason::Model,
        };
        self.model = None;
        self.ending = Some(failed(reason, message));
        Ok(())
    }

    pub(super) fn wait_ended(&mut self, step: StepId) -> Step {
        match &mut self.model {
            Some(call)
                if call.step == step && matches!(call.status, ModelStatus::Backoff { .. }) =>
            {
                *call = ModelCall {
                    attempt: call.attempt + 1,
                    status: ModelStatus::Wanted,
                    ..*call
                };
                Ok(())
            }
            _ => Err("nothing waits for another attempt"),
        }
    }
}

fn strange_stop(stop: &StopReason) -> Option<End> {
    match stop {
        StopReason::End | StopReason::ToolCalls | StopReason::Length => None,
        other => match judge(&[], other, None, true) {
            Verdict::End(end) => Some(end),
            Verdict::Repair(_) => None,
        },
    }
}
