//! Evidence built from a run's events.

use std::collections::BTreeSet;

use slipway_contract::approval::{Answer, Question};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::run::{ParkReason, RunStatus, Usage};
use slipway_contract::{RunId, StepId, Usd};

use super::{AskedCall, Call, Evidence, Figures, State, WrittenFiles};

/// Builds [`Evidence`], event by event.
#[derive(Debug, Default)]
pub struct EvidenceBuilder {
    run: Option<RunId>,
    input: Vec<String>,
    state: Option<State>,
    answer: Option<serde_json::Value>,
    calls: Vec<(StepId, Call)>,
    questions: Vec<(StepId, AskedCall)>,
    steps: BTreeSet<StepId>,
    /// Of each turn: each is accounted for alone.
    usage: Vec<Usage>,
    budget_usd: Option<Usd>,
    latency_ms: i64,
    /// When the run last began or went on with its work.
    since: Option<i64>,
    /// When something last happened.
    last: Option<i64>,
}

impl Evidence {
    /// What these events say of a run, or of the runs of several turns in their order. Nobody
    /// looked at the files yet.
    #[must_use]
    pub fn from_events<'e>(events: impl IntoIterator<Item = &'e RunEvent>) -> Self {
        let mut builder = EvidenceBuilder::default();
        for event in events {
            builder.add(event);
        }
        builder.finish()
    }
}

impl EvidenceBuilder {
    /// Takes in the next event.
    pub fn add(&mut self, event: &RunEvent) {
        let at = event.at.as_millisecond();
        match &event.kind {
            EventKind::RunStarted {
                input, budget_usd, ..
            } => {
                self.begin(event.run_id, at);
                self.input.push(input.clone());
                self.budget_usd = *budget_usd;
            }
            EventKind::RunContinued { input, .. } => {
                self.begin(event.run_id, at);
                self.input.push(input.clone());
            }
            EventKind::RunForked { input, from, .. } => {
                self.begin(event.run_id, at);
                self.forget_from(*from);
                if self.input.last() != Some(input) {
                    self.input.push(input.clone());
                }
            }
            EventKind::RunResumed {} => self.begin(event.run_id, at),
            EventKind::ModelRequested { step, .. } => {
                self.steps.insert(*step);
            }
            EventKind::ToolRequested {
                step,
                tool,
                arguments,
                ..
            } => {
                self.steps.insert(*step);
                // A call that is made again after a stop is one call.
                if !self.calls.iter().any(|(known, _)| known == step) {
                    let call = Call {
                        tool: tool.clone(),
                        arguments: arguments.clone(),
                        result: None,
                        is_error: false,
                    };
                    self.calls.push((*step, call));
                }
            }
            EventKind::ToolReturned {
                step,
                result,
                is_error,
                ..
            } => {
                let call = self.calls.iter_mut().find(|(known, _)| known == step);
                if let Some((_, call)) = call {
                    call.result = Some(result.clone());
                    call.is_error = *is_error;
                }
            }
            EventKind::ApprovalRequested(approval) => {
                if let Question::Call {
                    tool, arguments, ..
                } = &approval.question
                {
                    let asked = AskedCall {
                        tool: tool.clone(),
                        arguments: arguments.clone(),
                        allowed: None,
                    };
                    self.questions.push((approval.step, asked));
                }
            }
            EventKind::ApprovalResolved { step, answer, .. } => {
                let mut questions = self.questions.iter_mut().rev();
                if let Some((_, asked)) = questions.find(|(known, _)| known == step) {
                    asked.allowed = Some(matches!(answer, Answer::Approve));
                }
            }
            EventKind::RunParked { reason } => {
                self.pause(at);
                self.state = Some(parked(*reason));
            }
            EventKind::RunFinished {
                status,
                reason,
                message,
                output,
                usage,
            } => {
                self.pause(at);
                self.state = Some(State::Ended {
                    status: *status,
                    reason: *reason,
                    message: message.clone(),
                });
                self.answer.clone_from(output);
                self.usage.push(usage.clone());
            }
            EventKind::ModelDelta { .. }
            | EventKind::ModelReasoning { .. }
            | EventKind::ModelResponded { .. }
            | EventKind::ModelOverbilled { .. }
            | EventKind::ModelFailed { .. }
            | EventKind::ModelSkipped { .. }
            | EventKind::ContextCompacted { .. } => {}
        }
        self.last = Some(at);
    }

    /// What was left behind.
    #[must_use]
    pub fn finish(mut self) -> Evidence {
        if let Some(last) = self.last {
            self.pause(last);
        }
        let figures = self.figures();
        let succeeded = matches!(
            &self.state,
            Some(State::Ended {
                status: RunStatus::Succeeded,
                ..
            })
        );
        Evidence {
            run: self.run,
            input: self.input,
            state: self.state.unwrap_or(State::CutOff),
            // What a run said before it failed is no answer.
            answer: self.answer.filter(|_| succeeded),
            calls: self.calls.into_iter().map(|(_, call)| call).collect(),
            questions: self.questions.into_iter().map(|(_, asked)| asked).collect(),
            files: WrittenFiles::Unknown,
            figures,
        }
    }

    fn begin(&mut self, run: RunId, at: i64) {
        self.run = Some(run);
        self.since.get_or_insert(at);
        self.state = None;
    }

    fn pause(&mut self, at: i64) {
        if let Some(since) = self.since.take() {
            self.latency_ms = self
                .latency_ms
                .saturating_add(at.saturating_sub(since).max(0));
        }
    }

    /// A step was made again: what followed from it is of another run.
    fn forget_from(&mut self, from: StepId) {
        self.calls.retain(|(step, _)| *step < from);
        self.questions.retain(|(step, _)| *step < from);
        self.steps.retain(|step| *step < from);
    }

    fn figures(&self) -> Figures {
        let mut figures = Figures {
            cost_usd: Some(Usd::ZERO),
            budget_usd: self.budget_usd,
            latency_ms: u64::try_from(self.latency_ms).unwrap_or_default(),
            steps: u32::try_from(self.steps.len()).unwrap_or(u32::MAX),
            ..Figures::default()
        };
        let mut at_most = Some(Usd::ZERO);
        for usage in &self.usage {
            figures.cost_usd = figures.cost_usd.zip(usage.cost_usd).map(|(a, b)| a.plus(b));
            let bound = usage.cost_usd.or(usage.cost_at_most_usd);
            at_most = at_most.zip(bound).map(|(a, b)| a.plus(b));
            let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
            figures.tokens = figures.tokens.saturating_add(tokens);
        }
        if self.usage.is_empty() {
            figures.cost_usd = None;
            at_most = None;
        }
        figures.cost_at_most_usd = at_most.filter(|_| figures.cost_usd.is_none());
        figures
    }
}

fn parked(reason: ParkReason) -> State {
    let why = match reason {
        ParkReason::Grant => "what the package asks for is not granted",
        ParkReason::Approval => "a tool's call waits for approval",
        ParkReason::OutcomeUnknown => "nobody knows what became of a call that was cut off",
        ParkReason::Price => "a budget applies, and the model's price is unknown",
    };
    State::Parked {
        why,
        for_approval: reason == ParkReason::Approval,
    }
}
