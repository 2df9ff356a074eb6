//! Where a run is forked: the prefix that the new run shares, and what it takes over beside it.

use serde_json::Value;
use slipway_contract::StepId;
use slipway_contract::approval::Answer;
use slipway_contract::event::KeptResult;
use slipway_contract::message::Content;

use super::calls::Call;
use super::fold::Illegal;
use super::state::State;
use crate::event::{Event, Recorded};
use crate::ports::tool::Found;

/// What a person changes of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// The model's answer, whole.
    Answer(Vec<Content>),
    /// A tool call's result.
    Result(Value),
}

/// What a forked run begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct ForkPoint {
    /// The state of the shared prefix.
    pub state: State,
    /// The results that it takes over.
    pub settled: Vec<KeptResult>,
    /// The calls that may have happened.
    pub unknown: Vec<StepId>,
    /// The edited answer.
    pub answer: Option<Vec<Content>>,
}

/// Why a run cannot be forked there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFork {
    /// The journal has no model call and no tool call of this number.
    #[error("step {0} is no model call and no tool call of this run")]
    NoSuchStep(StepId),
    /// A model's answer was to be edited, and the step is a tool call.
    #[error("step {0} is a tool call: its result can be edited, and it has no answer")]
    IsToolCall(StepId),
    /// A tool's result was to be edited, and the step is a model call.
    #[error("step {0} is a model call: its answer can be edited, and it has no result")]
    IsModelCall(StepId),
    /// The journal breaks a rule.
    #[error(transparent)]
    Illegal(#[from] Illegal),
}

/// Finds where to fork these events so that `step` is made again, or counts as edited.
///
/// # Errors
/// [`NoFork`] says why there is no such place.
pub fn fork_point(
    events: &[Recorded],
    step: StepId,
    edit: Option<Edit>,
) -> Result<ForkPoint, NoFork> {
    let mut state = State::default();
    for (at, recorded) in events.iter().enumerate() {
        let is_step = match &recorded.event {
            Event::ModelRequested { step: asked, .. } => *asked == step,
            // An answer of the person stands where a model's would.
            Event::Forked {
                from,
                answer: Some(_),
                ..
            } => *from == step,
            _ => false,
        };
        if is_step {
            return at_answer(state, step, edit);
        }
        state.apply(recorded)?;
        let answered = matches!(
            recorded.event,
            Event::ModelResponded { .. }
                | Event::Forked {
                    answer: Some(_),
                    ..
                }
        );
        if answered && state.call(step).is_some() {
            return at_call(state, &events[at + 1..], step, edit);
        }
    }
    Err(NoFork::NoSuchStep(step))
}

fn at_answer(state: State, step: StepId, edit: Option<Edit>) -> Result<ForkPoint, NoFork> {
    let answer = match edit {
        None => None,
        Some(Edit::Answer(content)) => Some(content),
        Some(Edit::Result(_)) => return Err(NoFork::IsModelCall(step)),
    };
    Ok(ForkPoint {
        state,
        settled: Vec::new(),
        unknown: Vec::new(),
        answer,
    })
}

fn at_call(
    state: State,
    after: &[Recorded],
    step: StepId,
    edit: Option<Edit>,
) -> Result<ForkPoint, NoFork> {
    let mut settled: Vec<KeptResult> = state
        .calls()
        .iter()
        .filter(|call| call.step != step)
        .filter_map(|call| result_of(call, after))
        .collect();
    match edit {
        None => {}
        Some(Edit::Result(result)) => {
            settled.extend(state.call(step).map(|call| kept(call, result, false)));
        }
        Some(Edit::Answer(_)) => return Err(NoFork::IsToolCall(step)),
    }
    let known = |step| settled.iter().any(|call| call.step == step);
    let unknown = state
        .calls()
        .iter()
        .filter(|call| call.step != step && !call.effect.reads_only() && !known(call.step))
        .map(|call| call.step)
        .filter(|step| began(*step, after))
        .collect();
    Ok(ForkPoint {
        state,
        settled,
        unknown,
        answer: None,
    })
}

/// The newest result: a forked run takes over what its parent's calls had, and may then make one
/// of them again.
fn result_of(call: &Call, events: &[Recorded]) -> Option<KeptResult> {
    events.iter().rev().find_map(|recorded| {
        let (of, result, is_error) = match &recorded.event {
            Event::ToolReturned {
                step,
                result,
                is_error,
                ..
            } => (step, result.clone(), *is_error),
            Event::ToolRejected { step, message, .. } => {
                (step, Value::String(message.clone()), true)
            }
            Event::Reconciled {
                step,
                found: Found::Happened { result },
                ..
            } => (step, result.clone(), false),
            Event::ApprovalResolved {
                step,
                answer: Answer::Happened { result },
                ..
            } => (step, Value::String(result.clone()), false),
            Event::Forked { settled, .. } => {
                return settled.iter().find(|kept| kept.step == call.step).cloned();
            }
            _ => return None,
        };
        (*of == call.step).then(|| kept(call, result, is_error))
    })
}

fn kept(call: &Call, result: Value, is_error: bool) -> KeptResult {
    KeptResult {
        step: call.step,
        call_id: call.call_id.clone(),
        tool: call.tool.clone(),
        result,
        is_error,
    }
}

fn began(step: StepId, events: &[Recorded]) -> bool {
    events.iter().any(|recorded| match &recorded.event {
        Event::ToolRequested { step: of, .. } => *of == step,
        Event::Forked { unknown, .. } => unknown.contains(&step),
        _ => false,
    })
}
