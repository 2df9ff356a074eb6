//! How each event changes what the page shows.

use std::rc::Rc;

use slipway_contract::event::{EventKind, KeptResult, RunEvent};
use slipway_contract::message::{AttachmentSummary, Content, StopReason};
use slipway_contract::run::{End, RunStatus, Tokens, Usage};
use slipway_contract::{StepId, Timestamp, Usd};

use super::entry::{
    Again, Break, Compaction, Entry, Failure, ModelPhase, ModelStep, ToolPhase, ToolStep,
};
use super::{Clock, Origin, RunState, Utterance, talk};

impl RunState {
    /// Takes one event in. One that was taken in before changes nothing.
    pub(crate) fn apply(&mut self, event: &RunEvent) {
        if let Some(seq) = event.seq {
            if seq <= self.last_seq {
                return;
            }
            self.last_seq = seq;
        }
        self.advance(event);
        self.show(event);
        if event.seq.is_some() {
            self.clock.last_at = event.at;
        }
    }

    fn advance(&mut self, event: &RunEvent) {
        let at = event.at;
        match &event.kind {
            EventKind::RunStarted { .. } => {
                self.clock.start(at);
                self.goes_on();
            }
            EventKind::RunContinued { parent, .. } => {
                talk::begun_in(&mut self.talk, self.run, *parent);
                self.trace.push(Entry::Message);
                self.begin_again(at);
            }
            EventKind::RunForked {
                parent,
                from,
                edited,
                ..
            } => {
                talk::begun_in(&mut self.talk, self.run, *parent);
                self.begin_again(at);
                self.trace.push(Entry::Again(Again {
                    from: *from,
                    edited: *edited,
                }));
            }
            EventKind::RunResumed {} => self.resume(at),
            EventKind::ModelRequested {
                step, reserved_usd, ..
            } => {
                self.reserved = reserved_usd.map(|reserved| (*step, reserved));
                self.usage.model_calls += 1;
                self.clock.work(at);
                self.goes_on();
            }
            EventKind::ModelResponded {
                usage, cost_usd, ..
            } => {
                self.reserved = None;
                self.account(*usage, *cost_usd);
            }
            EventKind::ModelFailed { .. } => self.reserved = None,
            EventKind::ToolRequested { .. } => {
                self.usage.tool_calls += 1;
                self.clock.work(at);
                self.goes_on();
            }
            EventKind::RunParked { reason } => {
                talk::cut_off_all(&mut self.talk);
                self.status = RunStatus::Parked;
                self.parked = Some(*reason);
                self.driven = false;
                self.clock.park(at);
            }
            EventKind::RunFinished {
                status,
                reason,
                message,
                output,
                usage,
            } => {
                let (message, output) = (message.clone(), output.clone());
                self.status = *status;
                self.parked = None;
                self.driven = false;
                self.usage = usage.clone();
                self.end = Some(End {
                    status: *status,
                    reason: *reason,
                    message,
                    output,
                });
                self.reserved = None;
                self.clock.finish(at);
                self.trace.cut_off(at);
                talk::cut_off_all(&mut self.talk);
                self.trace.lapse_questions();
            }
            _ => {}
        }
    }

    /// What came before is the parent's: it stays in view, but figures, times and end are this run's own.
    fn begin_again(&mut self, at: Timestamp) {
        self.trace.cut_off(self.clock.last_at);
        self.trace.lapse_questions();
        self.reserved = None;
        self.usage = Usage::default();
        self.end = None;
        self.clock = Clock::new(at);
        self.clock.start(at);
        self.goes_on();
    }

    fn goes_on(&mut self) {
        self.status = RunStatus::Running;
        self.driven = true;
        self.parked = None;
    }

    fn resume(&mut self, at: Timestamp) {
        if self.status == RunStatus::Running {
            self.trace.cut_off(self.clock.last_at);
            talk::cut_off_all(&mut self.talk);
            self.lose_call_under_way();
            let kept = self.trace.completed();
            let last_word = self.clock.last_at;
            self.trace.push(Entry::Break(Break {
                last_word,
                resumed_at: at,
                kept,
                made_again: 0,
            }));
            self.clock.resume(at);
        } else {
            self.clock.work(at);
        }
        self.goes_on();
    }

    fn account(&mut self, tokens: Tokens, cost: Option<Usd>) {
        self.usage.input_tokens += tokens.input_tokens;
        self.usage.output_tokens += tokens.output_tokens;
        // One call of unknown price makes the sum unknown, and its bound.
        let sum = |known: Option<Usd>| known.zip(cost).map(|(sum, cost)| sum.plus(cost));
        self.usage.cost_usd = sum(self.usage.cost_usd);
        self.usage.cost_at_most_usd = sum(self.usage.cost_at_most_usd);
    }

    /// Nobody heard what became of the call: it cost what was set aside for it at most.
    fn lose_call_under_way(&mut self) {
        if let Some((_, reserved)) = self.reserved.take() {
            let known = self.usage.cost_usd.take().or(self.usage.cost_at_most_usd);
            self.usage.cost_at_most_usd = known.map(|known| known.plus(reserved));
        }
    }

    fn show(&mut self, event: &RunEvent) {
        let at = event.at;
        match &event.kind {
            EventKind::RunStarted {
                input, attachments, ..
            } => {
                let origin = Origin::Start { run: self.run };
                self.hear(at, input, attachments, origin);
            }
            EventKind::RunContinued {
                input,
                attachments,
                parent,
            } => self.hear(at, input, attachments, Origin::After { run: *parent }),
            EventKind::ModelRequested {
                step,
                provider,
                model,
                prompted,
                ..
            } => {
                self.request_model(*step, format!("{provider}/{model}"), at);
                if let Some(known) = self.trace.model_mut(*step) {
                    known.prompted = *prompted;
                }
            }
            EventKind::ModelDelta { step, index, text } => {
                self.stream(*step, |talk| talk::append_piece(talk, *step, *index, text));
            }
            EventKind::ModelReasoning { step, index, text } => {
                self.stream(*step, |talk| {
                    talk::append_thought(talk, *step, *index, text);
                });
            }
            EventKind::ModelResponded {
                step,
                content,
                stop,
                usage,
                cost_usd,
                first_token_ms,
                took_ms,
                ..
            } => {
                self.trace.end(*step, at);
                self.trace.want(content);
                if let Some(model) = self.trace.model_mut(*step) {
                    model.phase = ModelPhase::Answered {
                        content: content.clone(),
                        stop: stop.clone(),
                        usage: *usage,
                        cost_usd: *cost_usd,
                        first_token_ms: *first_token_ms,
                        took_ms: *took_ms,
                    };
                }
                talk::answer(&mut self.talk, *step, content);
            }
            EventKind::ModelFailed {
                step,
                attempt,
                message,
                retry_in_ms,
                next_model,
                ..
            } => {
                self.fail_model(
                    *step,
                    Failure {
                        attempt: Some(*attempt),
                        message: message.clone(),
                        retry_in_ms: *retry_in_ms,
                        next_model: next_model.clone(),
                    },
                    at,
                );
            }
            EventKind::ModelSkipped {
                step,
                provider,
                model,
                message,
                next_model,
            } => {
                if self.trace.model_mut(*step).is_none() {
                    self.request_model(*step, format!("{provider}/{model}"), at);
                }
                self.fail_model(
                    *step,
                    Failure {
                        attempt: None,
                        message: message.clone(),
                        retry_in_ms: None,
                        next_model: Some(next_model.clone()),
                    },
                    at,
                );
            }
            // The figures of the run's end say what it cost.
            EventKind::ModelOverbilled { .. } => {}
            EventKind::ContextCompacted {
                tokens_before,
                tokens_after,
                results_elided,
                turns_dropped,
            } => {
                self.trace.push(Entry::Compaction(Compaction {
                    tokens_before: *tokens_before,
                    tokens_after: *tokens_after,
                    results_elided: *results_elided,
                    turns_dropped: *turns_dropped,
                }));
            }
            EventKind::ToolRequested {
                step,
                call_id,
                tool,
                arguments,
                effect,
            } => {
                self.trace.note_repetition(*step);
                let with = self.trace.tools_under_way();
                for other in with.iter().filter(|other| *other != step) {
                    if let Some(other) = self.trace.tool_mut(*other) {
                        other.with.push(*step);
                    }
                }
                self.trace.begin(*step, at);
                let phase = ToolPhase::Running { since: at };
                match self.trace.tool_mut(*step) {
                    Some(known) => {
                        known.phase = phase;
                        known.effect = Some(*effect);
                        known.with = with;
                    }
                    None => self.trace.push(Entry::Tool(ToolStep {
                        step: *step,
                        call_id: call_id.clone(),
                        tool: tool.clone(),
                        arguments: arguments.clone(),
                        effect: Some(*effect),
                        phase,
                        asked: Vec::new(),
                        with,
                    })),
                }
            }
            EventKind::ApprovalRequested(approval) => self.trace.ask(approval, at),
            EventKind::ApprovalResolved {
                step,
                binding,
                answer,
                by,
            } => self.trace.resolve(*step, *binding, answer, *by),
            EventKind::ToolReturned {
                step,
                call_id,
                tool,
                result,
                is_error,
                took_ms,
                whole_bytes,
            } => {
                let kept = KeptResult {
                    step: *step,
                    call_id: call_id.clone(),
                    tool: tool.clone(),
                    result: result.clone(),
                    is_error: *is_error,
                };
                self.return_tool(kept, *took_ms, *whole_bytes, at);
            }
            EventKind::RunFinished {
                output: Some(output),
                ..
            } => talk::conclude(&mut self.talk, output),
            EventKind::RunForked {
                from,
                answer,
                results,
                ..
            } => self.take_over(*from, answer.as_deref(), results, at),
            EventKind::RunFinished { .. }
            | EventKind::RunResumed {}
            | EventKind::RunParked { .. } => {}
        }
    }

    fn return_tool(
        &mut self,
        returned: KeptResult,
        took_ms: Option<u64>,
        whole_bytes: Option<u64>,
        at: Timestamp,
    ) {
        let KeptResult {
            step,
            call_id,
            tool,
            result,
            is_error,
        } = returned;
        self.trace.end(step, at);
        let returned = |began| ToolPhase::Returned {
            result,
            whole_bytes,
            is_error,
            took_ms,
            began,
        };
        match self.trace.tool_mut(step) {
            Some(known) => known.phase = returned(known.phase != ToolPhase::Asked),
            // Refused before it began: the model's own words are all there is.
            None => {
                let arguments = self.trace.wanted_arguments(&call_id);
                self.trace.push(Entry::Tool(ToolStep {
                    step,
                    call_id,
                    tool,
                    arguments,
                    effect: None,
                    phase: returned(false),
                    asked: Vec::new(),
                    with: Vec::new(),
                }));
            }
        }
    }

    /// What a forked run has beside the shared events.
    fn take_over(
        &mut self,
        from: StepId,
        answer: Option<&[Content]>,
        results: &[KeptResult],
        at: Timestamp,
    ) {
        if let Some(content) = answer {
            self.request_model(from, String::new(), at);
            self.trace.end(from, at);
            self.trace.want(content);
            if let Some(model) = self.trace.model_mut(from) {
                model.phase = ModelPhase::Answered {
                    content: content.to_vec(),
                    stop: StopReason::End,
                    usage: Tokens::default(),
                    cost_usd: Some(Usd::ZERO),
                    first_token_ms: None,
                    took_ms: 0,
                };
            }
            talk::answer(&mut self.talk, from, content);
        }
        for kept in results {
            self.return_tool(kept.clone(), None, None, at);
        }
    }

    fn hear(
        &mut self,
        at: Timestamp,
        text: &str,
        attachments: &[AttachmentSummary],
        origin: Origin,
    ) {
        self.talk.push(
            Utterance::Person {
                at,
                text: text.to_owned(),
                attachments: attachments.to_vec(),
                origin,
            }
            .into(),
        );
    }

    fn request_model(&mut self, step: StepId, model: String, at: Timestamp) {
        self.trace.note_repetition(step);
        self.trace.begin(step, at);
        talk::cut_off(&mut self.talk, step);
        let phase = ModelPhase::Waiting { since: at };
        match self.trace.model_mut(step) {
            Some(known) => {
                known.model = model;
                known.phase = phase;
            }
            None => self.trace.push(Entry::Model(ModelStep {
                step,
                model,
                prompted: false,
                phase,
                failures: Vec::new(),
            })),
        }
    }

    fn stream(&mut self, step: StepId, append: impl FnOnce(&mut Vec<Rc<Utterance>>)) {
        let Some(model) = self.trace.model_mut(step) else {
            return;
        };
        match model.phase {
            ModelPhase::Waiting { since } => model.phase = ModelPhase::Streaming { since },
            ModelPhase::Streaming { .. } => {}
            // A piece that arrives after its answer, or of an attempt that failed, adds nothing.
            _ => return,
        }
        append(&mut self.talk);
    }

    fn fail_model(&mut self, step: StepId, failure: Failure, at: Timestamp) {
        talk::cut_off(&mut self.talk, step);
        self.trace.end(step, at);
        let Some(model) = self.trace.model_mut(step) else {
            return;
        };
        model.phase = match failure.retry_in_ms {
            Some(wait) => ModelPhase::Retrying {
                at: later(at, wait),
            },
            None => ModelPhase::Failed,
        };
        model.failures.push(failure);
        if matches!(
            self.trace.model_mut(step).map(|model| &model.phase),
            Some(ModelPhase::Retrying { .. })
        ) {
            self.trace.begin(step, at);
        }
    }
}

fn later(at: Timestamp, milliseconds: u64) -> Timestamp {
    let wait = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(at.as_millisecond().saturating_add(wait)).unwrap_or(at)
}
