//! How a run begins, goes on from another, and is taken up again.

use serde_json::Value;
use slipway_contract::event::KeptResult;
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::Tokens;
use slipway_contract::{StepId, Usd};

use super::Step;
use crate::machine::calls::{Call, CallStatus, admit};
use crate::machine::money::Money;
use crate::machine::state::{Grant, ModelCall, ModelStatus, State};
use crate::machine::verdicts::Verdicts;
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
                } else if matches!(call.status, CallStatus::InFlight | CallStatus::Failed) {
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

    pub(super) fn forked(
        &mut self,
        spec: &RunSpec,
        from: StepId,
        settled: &[KeptResult],
        unknown: &[StepId],
        answer: Option<&[Content]>,
        verdicts: Option<&Verdicts>,
    ) -> Step {
        if self.spec.is_none() || self.end.is_some() || self.model.is_some() {
            return Err(
                "a run is forked before a model call, or at the answer that asks for a tool call",
            );
        }
        let fits = if self.calls.is_empty() {
            from.0 == self.last_step + 1 && settled.is_empty() && unknown.is_empty()
        } else {
            let known = |step: &StepId| self.call(*step).is_some();
            let all_known = settled
                .iter()
                .map(|call| &call.step)
                .chain(unknown)
                .all(known);
            known(&from) && all_known && answer.is_none()
        };
        if !fits {
            return Err("the step to go on from is not the next one");
        }
        self.reset(spec);
        self.ending = None;
        if let Some(content) = answer {
            return self.answered_by_the_person(from, content, verdicts);
        }
        let judged_now;
        let verdicts = match verdicts {
            Some(verdicts) => verdicts,
            None => {
                judged_now = self.verdicts_of_calls(spec);
                &judged_now
            }
        };
        // What may be done unasked may be done once: to do it again is asked.
        let mut asking = spec.clone();
        asking
            .granted
            .retain(|permission| !matches!(permission, Permission::Unasked { .. }));
        for (place, call) in self.calls.iter_mut().enumerate() {
            if let Some(known) = settled.iter().find(|known| known.step == call.step) {
                call.status = CallStatus::Settled {
                    result: known.result.clone(),
                    is_error: known.is_error,
                };
            } else if unknown.contains(&call.step) {
                // The tool knows the call by the run that made it, which is another.
                call.reconcilable = false;
                call.status = CallStatus::Unknown;
            } else if !matches!(call.status, CallStatus::Refused(_)) {
                // What was approved in the parent was approved once.
                let asked = ToolCall {
                    call_id: call.call_id.clone(),
                    tool: call.tool.clone(),
                    arguments: call.arguments.clone(),
                    malformed: None,
                };
                let unfit = verdicts.arguments.get(&place).map(String::as_str);
                let again = call.step == from && !call.effect.reads_only();
                let spec = if again { &asking } else { spec };
                *call = admit(spec, call.step, &asked, &[], unfit);
            }
        }
        if !self.calls.is_empty() && self.calls.iter().all(Call::is_settled) {
            self.flush_results();
        }
        Ok(())
    }

    /// What today's checker says of the calls of the newest answer.
    pub(crate) fn verdicts_of_calls(&self, spec: &RunSpec) -> Verdicts {
        let calls = self.calls.iter();
        Verdicts::of_calls(spec, calls.map(|call| (&*call.tool, &call.arguments)))
    }

    fn answered_by_the_person(
        &mut self,
        step: StepId,
        content: &[Content],
        verdicts: Option<&Verdicts>,
    ) -> Step {
        let calls = content
            .iter()
            .any(|part| matches!(part, Content::ToolCall(_)));
        let stop = if calls {
            StopReason::ToolCalls
        } else {
            StopReason::End
        };
        self.last_step = step.0;
        self.steps = 1;
        self.model = Some(ModelCall {
            step,
            attempt: 1,
            since: 1,
            status: ModelStatus::InFlight,
        });
        self.model_responded(
            step,
            1,
            content,
            &stop,
            Tokens::default(),
            super::model::Billed::Exactly(Some(Usd::ZERO)),
            verdicts,
        )
    }

    pub(super) fn begin(&mut self, spec: &RunSpec) {
        self.conversation
            .begin(spec.input.clone(), spec.attachments.clone());
        self.reset(spec);
    }

    fn reset(&mut self, spec: &RunSpec) {
        self.grant = if spec.missing.is_empty() {
            Grant::Settled
        } else {
            Grant::Wanted
        };
        self.spec = Some(Box::new(spec.clone()));
        self.route = 0;
        self.steps = 0;
        self.worked_ms = 0;
        self.repaired = false;
        self.shrinks = 0;
        self.shrink_wanted = false;
        self.answer_limit = None;
        self.failing.clear();
        self.usage = slipway_contract::run::Usage::default();
        self.money = Money::default();
    }

    pub(super) fn resumed(&mut self) {
        self.model_call_was_cut_off();
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
