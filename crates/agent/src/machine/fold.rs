//! Folding events into a state. An event that breaks a rule is refused and changes nothing.

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_contract::approval::{Answer, Approval, Question};
use slipway_contract::message::{Content, StopReason};
use slipway_contract::run::{End, EndReason, RunStatus, Tokens};
use slipway_contract::{ContentHash, StepId, Usd};

use super::answer::{Verdict, failed, judge};
use super::calls::{Call, CallStatus, admit, distinct_ids};
use super::state::{Grant, ModelCall, ModelStatus, State};
use crate::canonical;
use crate::event::{Event, Recorded};
use crate::ports::model::ModelErrorKind;
use crate::spec::RunSpec;

/// How often the same failing call may be made before the run is ended.
const SAME_FAILURES: u32 = 3;

/// How often a call that is safe to repeat is made before a person is asked whether it happened.
const SAFE_ATTEMPTS: u32 = 2;

/// How often a conversation that the provider finds too long is shortened before the run is ended.
const SHRINKS: u32 = 2;

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
            _ if self.spec.is_none() => Err("the run has not started"),
            _ if self.end.is_some() => Err("the run has ended"),
            Event::Resumed => {
                self.resumed();
                Ok(())
            }
            Event::ModelRequested {
                step,
                attempt,
                max_output_tokens,
                ..
            } => {
                self.model_requested(*step, *attempt)?;
                self.answer_limit = *max_output_tokens;
                Ok(())
            }
            Event::ModelResponded {
                step,
                attempt,
                content,
                stop,
                usage,
                cost_usd,
                ..
            } => self.model_responded(*step, *attempt, content, stop, *usage, *cost_usd),
            Event::ModelFailed {
                step,
                attempt,
                kind,
                message,
                retry_in_ms,
            } => self.model_failed(*step, *attempt, *kind, message, *retry_in_ms),
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
                Ok(())
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

    fn started(&mut self, spec: &RunSpec) -> Step {
        if self.spec.is_some() {
            return Err("the run has started already");
        }
        self.begin(spec);
        Ok(())
    }

    fn continued(&mut self, spec: &RunSpec) -> Step {
        if self.end.take().is_none() {
            return Err("only an ended run can be continued");
        }
        self.settle_what_was_cut_off();
        self.begin(spec);
        Ok(())
    }

    /// The parent may have ended in the middle of a turn: each of its calls gets a result, so
    /// that the conversation is one that a model accepts.
    fn settle_what_was_cut_off(&mut self) {
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

    fn begin(&mut self, spec: &RunSpec) {
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

    fn resumed(&mut self) {
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
            if call.status == CallStatus::InFlight {
                call.status = if call.effect.repeatable() {
                    CallStatus::Wanted
                } else {
                    CallStatus::Unknown
                };
            }
        }
    }

    fn model_requested(&mut self, step: StepId, attempt: u32) -> Step {
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
                let ready = matches!(self.grant, Grant::Settled)
                    && self.ending.is_none()
                    && self.calls.iter().all(Call::is_settled);
                if !ready || step.0 != self.last_step + 1 || attempt != 1 {
                    return Err("no model call is due");
                }
                self.last_step = step.0;
                self.steps += 1;
                self.model = Some(ModelCall {
                    step,
                    attempt,
                    status: ModelStatus::InFlight,
                });
            }
        }
        self.usage.model_calls += 1;
        Ok(())
    }

    fn model_in_flight(&self, step: StepId, attempt: u32) -> Result<ModelCall, &'static str> {
        let expected = ModelCall {
            step,
            attempt,
            status: ModelStatus::InFlight,
        };
        self.model
            .filter(|call| *call == expected)
            .ok_or("this model call is not under way")
    }

    fn model_responded(
        &mut self,
        step: StepId,
        attempt: u32,
        content: &[Content],
        stop: &StopReason,
        tokens: Tokens,
        cost: Option<Usd>,
    ) -> Step {
        self.model_in_flight(step, attempt)?;
        let Some(spec) = self.spec.as_deref() else {
            return Err("the run has not started");
        };
        let mut content = content.to_vec();
        let repeated = distinct_ids(&mut content);
        let mut last_step = self.last_step;
        let calls: Vec<Call> = content
            .iter()
            .filter_map(|part| match part {
                Content::ToolCall(call) => {
                    last_step += 1;
                    Some(admit(spec, StepId(last_step), call, &repeated))
                }
                _ => None,
            })
            .collect();
        let count = u32::try_from(calls.len()).unwrap_or(u32::MAX);
        let max_steps = spec.limits.max_steps;
        let verdict = calls
            .is_empty()
            .then(|| judge(&content, stop, spec.output_schema.as_ref(), self.repaired));

        self.model = None;
        self.shrinks = 0;
        self.usage.input_tokens = self.usage.input_tokens.saturating_add(tokens.input_tokens);
        self.usage.output_tokens = self
            .usage
            .output_tokens
            .saturating_add(tokens.output_tokens);
        self.usage.cost_usd = self
            .usage
            .cost_usd
            .zip(cost)
            .map(|(sum, cost)| sum.plus(cost));
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

    fn set_calls(&mut self, calls: Vec<Call>, last_step: u32, count: u32) {
        self.calls = calls;
        self.last_step = last_step;
        self.steps += count;
    }

    fn model_failed(
        &mut self,
        step: StepId,
        attempt: u32,
        kind: ModelErrorKind,
        message: &str,
        retry_in_ms: Option<u64>,
    ) -> Step {
        let call = self.model_in_flight(step, attempt)?;
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

    fn wait_ended(&mut self, step: StepId) -> Step {
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

    fn asked(&mut self, approval: &Approval) -> Step {
        if self.ending.is_some() {
            return Err("the run is ending");
        }
        if let Question::Grant { .. } = approval.question {
            let asks_for_what_is_missing = self.spec().is_some_and(|spec| {
                matches!(&approval.question, Question::Grant { permissions, .. } if *permissions == spec.missing)
            });
            if self.grant != Grant::Wanted
                || approval.step.0 != self.last_step + 1
                || !asks_for_what_is_missing
            {
                return Err("nothing of this is to be granted");
            }
            self.last_step = approval.step.0;
            self.grant = Grant::Asked(approval.clone());
            return Ok(());
        }
        let call = self.call_mut(approval.step)?;
        call.status = match &call.status {
            // The binding was made with the definition as it was then, and is not made again.
            CallStatus::NeedsApproval(wanted) if wanted.question == approval.question => {
                CallStatus::Asked(approval.clone())
            }
            CallStatus::Unknown if call.outcome_question().question == approval.question => {
                CallStatus::AskedOutcome(approval.clone())
            }
            _ => return Err("the tool call needs no answer of a person"),
        };
        Ok(())
    }

    fn answered(&mut self, step: StepId, binding: ContentHash, answer: &Answer) -> Step {
        let stop = |message: &str| End {
            status: RunStatus::Cancelled,
            reason: EndReason::Stopped,
            message: message.to_owned(),
            output: None,
        };
        if let Grant::Asked(approval) = &self.grant
            && approval.step == step
        {
            if approval.binding != binding {
                return Err("the answer is to another question");
            }
            match answer {
                Answer::Approve => {
                    if let Some(spec) = &mut self.spec {
                        let missing = std::mem::take(&mut spec.missing);
                        spec.granted.extend(missing);
                    }
                }
                Answer::Deny { .. } => {
                    let message = "What the agent asks for was refused, so it did nothing.";
                    self.ending = Some(failed(EndReason::NotGranted, message));
                }
                Answer::Stop => self.ending = Some(stop("Stopped before it began.")),
                Answer::Happened { .. } | Answer::NotHappened => {
                    return Err("a grant is approved or denied");
                }
            }
            self.grant = Grant::Settled;
            return Ok(());
        }
        let call = self.call_mut(step)?;
        let Some(approval) = call.asked() else {
            return Err("nothing was asked");
        };
        if approval.binding != binding {
            return Err("the answer is to another question");
        }
        match (&call.status, answer) {
            (_, Answer::Stop) => self.ending = Some(stop("Stopped when asked about a tool call.")),
            (CallStatus::Asked(_), Answer::Approve) => call.status = CallStatus::Wanted,
            (CallStatus::Asked(_), Answer::Deny { reason }) => {
                let told = match reason.trim() {
                    "" => "The person refused this call.".to_owned(),
                    reason => format!("The person refused this call: {reason}"),
                };
                call.status = CallStatus::Refused(told);
            }
            (CallStatus::AskedOutcome(_), Answer::Happened { result }) => {
                return self.settle(step, Value::String(result.clone()), false);
            }
            (CallStatus::AskedOutcome(_), Answer::NotHappened) => call.status = CallStatus::Wanted,
            _ => return Err("the answer does not fit the question"),
        }
        Ok(())
    }

    fn finished(&mut self, end: &End) -> Step {
        if !end.status.is_end() {
            return Err("this is no end");
        }
        if end.status == RunStatus::Succeeded && self.ending.as_ref() != Some(end) {
            return Err("only a final answer can succeed, with every tool call resolved");
        }
        self.end = Some(end.clone());
        Ok(())
    }

    fn call_mut(&mut self, step: StepId) -> Result<&mut Call, &'static str> {
        self.calls
            .iter_mut()
            .find(|call| call.step == step)
            .ok_or("there is no such tool call")
    }

    fn in_flight(&self, step: StepId) -> Step {
        match self.call(step) {
            Some(call) if call.status == CallStatus::InFlight => Ok(()),
            _ => Err("this tool call is not under way"),
        }
    }

    fn settle(&mut self, step: StepId, result: Value, is_error: bool) -> Step {
        self.call_mut(step)?.status = CallStatus::Settled { result, is_error };
        if self.calls.iter().all(Call::is_settled) {
            self.flush_results();
        }
        Ok(())
    }

    /// A call counts once for each answer that asks for it: within one, the model has not yet
    /// seen that it fails.
    fn count_failures(&mut self) {
        let mut failed_now = BTreeMap::new();
        for call in &self.calls {
            let signature = canonical::hash(&serde_json::json!([call.tool, call.arguments]));
            match call.status {
                CallStatus::Settled { is_error: true, .. } => {
                    failed_now.insert(signature, call.tool.clone());
                }
                _ => {
                    self.failing.remove(&signature);
                }
            }
        }
        for (signature, tool) in failed_now {
            let count = self.failing.entry(signature).or_default();
            *count += 1;
            if *count >= SAME_FAILURES {
                let message = format!(
                    "The model made the same call of {tool:?} {SAME_FAILURES} times, and it failed each time."
                );
                self.ending = Some(failed(EndReason::RepeatedFailure, message));
            }
        }
    }

    /// Results go to the model in the order in which it asked.
    fn flush_results(&mut self) {
        let Some(turn) = self.conversation.newest_turn() else {
            return;
        };
        self.count_failures();
        for call in std::mem::take(&mut self.calls) {
            if let CallStatus::Settled { result, is_error } = call.status {
                self.conversation.result(
                    turn,
                    call.step,
                    call.call_id,
                    call.tool,
                    &result,
                    is_error,
                );
            }
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
