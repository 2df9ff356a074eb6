//! Folding events into a state. An event that breaks a rule is refused and changes nothing.

mod begin;
mod model;
mod person;
mod tools;

use serde_json::Value;
use slipway_contract::run::{End, EndReason, RunStatus};

use self::model::Billed;
use super::answer::failed;
use super::calls::CallStatus;
use super::money::Overbilled;
use super::state::State;
use crate::event::{Event, Recorded};
use crate::ports::model::Billing;

/// How often a call that is safe to repeat is made before a person is asked whether it happened.
const SAFE_ATTEMPTS: u32 = 2;

/// An event that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {seq} does not fit the run's state: {why}")]
pub struct Illegal {
    /// The event's number.
    pub seq: u64,
    /// The rule that it breaks.
    pub why: &'static str,
}

/// The state that these events give.
///
/// # Errors
/// [`Illegal`] names the first event that breaks a rule.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Result<State, Illegal> {
    let mut state = State::default();
    for event in events {
        state.apply(event)?;
    }
    Ok(state)
}

type Step = Result<(), &'static str>;

impl State {
    /// Folds one event in.
    ///
    /// # Errors
    /// [`Illegal`] when the event breaks a rule; the state is as before then.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), Illegal> {
        let refuse = |why| Illegal {
            seq: recorded.seq,
            why,
        };
        if recorded.seq != self.last_seq + 1 {
            return Err(refuse("its number does not follow the last one"));
        }
        let waited = self.parked().is_some()
            || self.end.is_some()
            || matches!(recorded.event, Event::Resumed);
        self.is_in_time(recorded).map_err(refuse)?;
        self.apply_event(&recorded.event).map_err(refuse)?;
        if let (Some(last), false) = (self.last_at, waited) {
            let passed = recorded
                .at
                .as_millisecond()
                .saturating_sub(last.as_millisecond());
            self.worked_ms += u64::try_from(passed).unwrap_or(0);
        }
        self.last_seq = recorded.seq;
        self.last_at = Some(recorded.at);
        Ok(())
    }

    fn apply_event(&mut self, event: &Event) -> Step {
        match event {
            Event::Started { spec } => self.started(spec),
            Event::Continued { spec, .. } => self.continued(spec),
            Event::Forked {
                spec,
                from,
                settled,
                unknown,
                answer,
                verdicts,
                ..
            } => {
                let (answer, verdicts) = (answer.as_deref(), verdicts.as_ref());
                self.forked(spec, *from, settled, unknown, answer, verdicts)
            }
            _ if self.spec.is_none() => Err("the run has not started"),
            _ if self.end.is_some() => Err("the run has ended"),
            Event::Resumed => {
                self.resumed();
                Ok(())
            }
            Event::ModelRequested {
                step,
                attempt,
                model,
                max_output_tokens,
                reserved_usd,
                budgeted,
                unpriced,
                ..
            } => {
                self.model_requested(*step, *attempt, model)?;
                self.answer_limit = *max_output_tokens;
                self.reserve((*step, *attempt), *reserved_usd, *budgeted);
                self.without_price(*unpriced);
                Ok(())
            }
            Event::ModelOverbilled {
                model,
                announced_output_tokens,
                billed_output_tokens,
                beyond_usd,
                ..
            } => {
                self.overbilled(Overbilled {
                    model,
                    announced: *announced_output_tokens,
                    billed: *billed_output_tokens,
                    beyond: *beyond_usd,
                });
                Ok(())
            }
            Event::ModelResponded {
                step,
                attempt,
                content,
                stop,
                usage,
                usage_estimated,
                cost_usd,
                verdicts,
                ..
            } => {
                let verdicts = verdicts.as_ref();
                let cost = if *usage_estimated && cost_usd.is_none() {
                    Billed::AtMostReserved
                } else {
                    Billed::Exactly(*cost_usd)
                };
                self.model_responded(*step, *attempt, content, stop, *usage, cost, verdicts)
            }
            Event::ModelFailed {
                step,
                attempt,
                kind,
                message,
                retry_in_ms,
                next,
                billing,
                ..
            } => {
                self.model_in_flight(*step, *attempt)?;
                if let Some(next) = next {
                    let given_up = retry_in_ms.is_none() && kind.another_model_may_do();
                    let fits = given_up.then_some(()).ok_or(
                        "the model is tried again, or no other one is asked after such a failure",
                    );
                    fits.and_then(|()| self.fall_back(next))?;
                }
                if *billing == Billing::Unknown {
                    self.cost_is_unknown();
                }
                let next = next.is_some();
                self.model_failed(*step, *attempt, *kind, message, *retry_in_ms, next)
            }
            Event::ModelSkipped {
                step, model, next, ..
            } => self.model_skipped(*step, model, next),
            Event::WaitEnded { step } => self.wait_ended(*step),
            Event::Compacted { compaction } => {
                if self
                    .conversation
                    .newest_turn()
                    .is_some_and(|turn| compaction.dropped.contains(&turn))
                {
                    return Err("the newest turn is not left out");
                }
                self.conversation.compact(compaction);
                self.shrink_wanted = false;
                Ok(())
            }
            Event::ToolRequested { step, attempt, .. } => {
                let call = self.call_mut(*step)?;
                if call.status != CallStatus::Wanted || *attempt != call.attempts + 1 {
                    return Err("the tool call may not begin");
                }
                call.attempts = *attempt;
                call.status = CallStatus::InFlight;
                self.usage.tool_calls += 1;
                self.reconcilable_again(*step)
            }
            Event::ToolRejected { step, message, .. } => {
                let call = self.call_mut(*step)?;
                if !matches!(call.status, CallStatus::Refused(_)) {
                    return Err("the tool call was not refused");
                }
                self.settle(*step, Value::String(message.clone()), true)
            }
            Event::ToolReturned {
                step,
                result,
                is_error,
                ..
            } => {
                self.in_flight(*step)?;
                self.settle(*step, result.clone(), *is_error)
            }
            Event::ToolFailed { step, message, .. } => {
                self.in_flight(*step)?;
                self.call_mut(*step)?.status = CallStatus::Failed;
                self.ending = Some(failed(EndReason::Tool, message.clone()));
                Ok(())
            }
            Event::ToolOutcomeUnknown { step, .. } => {
                self.in_flight(*step)?;
                let call = self.call_mut(*step)?;
                let again = call.effect.repeatable() && call.attempts < SAFE_ATTEMPTS;
                call.status = if again {
                    CallStatus::Wanted
                } else {
                    CallStatus::Unknown
                };
                Ok(())
            }
            Event::ReconcileRequested { step, .. } => self.reconcile_requested(*step),
            Event::Reconciled { step, found, .. } => self.reconciled(*step, found),
            Event::ApprovalRequested(approval) => self.asked(approval),
            Event::ApprovalResolved {
                step,
                binding,
                answer,
                ..
            } => self.answered(*step, *binding, answer),
            Event::Parked { .. } => match self.parked() {
                Some(_) => Ok(()),
                None => Err("the run does not wait for a person"),
            },
            Event::Finished(end) => self.finished(end),
        }
    }

    fn finished(&mut self, end: &End) -> Step {
        if !end.status.is_end() {
            return Err("this is no end");
        }
        if end.status == RunStatus::Succeeded && self.ending.as_ref() != Some(end) {
            return Err("only a final answer can succeed, with every tool call resolved");
        }
        self.model_call_was_cut_off();
        self.end = Some(end.clone());
        Ok(())
    }
}
