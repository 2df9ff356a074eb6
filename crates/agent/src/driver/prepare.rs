//! From a decided effect to its intent: what needs the world's help (token counts, prices,
//! reservations) is found out here, and journalled with the intent, never computed again.

use std::sync::Arc;

use slipway_contract::message::Message;
use slipway_contract::model::ModelRef;
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::tool::ToolDefinition;
use slipway_contract::{RunId, StepId};

use super::money::{self, Allowed};
use super::{DriveError, Ports};
use crate::event::Event;
use crate::machine::{Effect, State, compaction};
use crate::ports::ledger::Seen;
use crate::ports::model::ModelRequest;

/// What follows from an effect.
pub(super) enum Next {
    /// These intents.
    Intents(Vec<Event>),
    /// Nothing yet: calls under way hold the money that it needs.
    Wait(Seen),
}

/// The intents of an effect.
pub(super) async fn intents(
    ports: &Ports,
    run: RunId,
    state: &State,
    effect: Effect,
) -> Result<Next, DriveError> {
    let events = match effect {
        Effect::CallModel { step, attempt } => {
            return model_call(ports, run, state, step, attempt).await;
        }
        Effect::CallTool { step } => state
            .call(step)
            .map(|call| Event::ToolRequested {
                step,
                attempt: call.attempts + 1,
                call_id: call.call_id.clone(),
                tool: call.tool.clone(),
                arguments: call.arguments.clone(),
                effect: call.effect,
            })
            .into_iter()
            .collect(),
        Effect::Reconcile { step } => state
            .call(step)
            .map(|call| Event::ReconcileRequested {
                step,
                call_id: call.call_id.clone(),
            })
            .into_iter()
            .collect(),
        Effect::RejectTool { step, message } => state
            .call(step)
            .map(|call| Event::ToolRejected {
                step,
                call_id: call.call_id.clone(),
                tool: call.tool.clone(),
                message,
            })
            .into_iter()
            .collect(),
        Effect::Ask(approval) => {
            let asked = super::expiry::stamped(approval, state, ports.clock.now());
            vec![Event::ApprovalRequested(asked)]
        }
        Effect::Finish(end) => vec![Event::Finished(end)],
    };
    Ok(Next::Intents(events))
}

/// The request that a model call in this state makes.
pub(super) fn request(state: &State, max_output_tokens: Option<u32>) -> Option<ModelRequest> {
    let spec = state.spec()?;
    let tools: Arc<[ToolDefinition]> = spec
        .tools
        .iter()
        .map(|tool| tool.definition.clone())
        .collect();
    Some(ModelRequest {
        model: state.model_in_force()?.clone(),
        instructions: spec.instructions.as_str().into(),
        messages: state.messages(),
        tools,
        output_schema: spec.output_schema.clone(),
        temperature: spec.temperature,
        max_output_tokens: max_output_tokens.or(spec.max_output_tokens),
        reasoning: spec.reasoning,
        tool_choice: state.tool_choice(),
    })
}

async fn model_call(
    ports: &Ports,
    run: RunId,
    state: &State,
    step: StepId,
    attempt: u32,
) -> Result<Next, DriveError> {
    let Some(model) = state.model_in_force() else {
        return Ok(Next::Intents(Vec::new()));
    };
    let has_tools = state.spec().is_some_and(|spec| !spec.tools.is_empty());
    let count = || request(state, None).map_or(0, |asked| ports.tokens.count(&asked));
    let mut events = Vec::new();
    let mut counted = None;
    if state.window().is_some() || state.shrink_wanted() {
        let mut tokens = count();
        match shorten(ports, state, tokens) {
            Ok(None) => {}
            Ok(Some(compaction)) => {
                tokens = compaction.tokens_after;
                events.push(Event::Compacted { compaction });
            }
            Err(end) => {
                let instead = passed_over(state, step, &end.message);
                return Ok(Next::Intents(vec![instead.unwrap_or(Event::Finished(end))]));
            }
        }
        counted = Some(tokens);
    }
    let asked = answer_limit(ports, state, model, counted);
    let at_most = || ports.tokens.at_most(model, counted.unwrap_or_else(count));
    events.push(
        match money::allow(ports, run, state, (step, attempt), asked, at_most).await? {
            Allowed::Wait(seen) => return Ok(Next::Wait(seen)),
            Allowed::Instead(event) => *event,
            Allowed::Call {
                max_output_tokens,
                reserved_usd,
                budgeted,
                unpriced,
            } => Event::ModelRequested {
                step,
                attempt,
                prompted: has_tools && ports.model.is_prompted(model),
                unpriced,
                model: model.clone(),
                max_output_tokens,
                reserved_usd,
                budgeted,
            },
        },
    );
    Ok(Next::Intents(events))
}

/// The package's limit to an answer, as far as the model can answer so much and its window has
/// room for it beside so many tokens.
fn answer_limit(
    ports: &Ports,
    state: &State,
    model: &ModelRef,
    counted: Option<u64>,
) -> Option<u32> {
    let asked = state.spec()?.max_output_tokens?;
    let longest = ports.prices.longest_answer(model).unwrap_or(u32::MAX);
    let window = ports.prices.window(model).max(state.window());
    let room = window.zip(counted).map_or(u64::MAX, |(window, tokens)| {
        // What does not fit is the provider's to say: counts are estimates.
        window.saturating_sub(tokens).max(window / 4)
    });
    Some(
        asked
            .min(longest)
            .min(u32::try_from(room).unwrap_or(u32::MAX)),
    )
}

/// The model in force cannot serve, and there is another.
pub(super) fn passed_over(state: &State, step: StepId, why: &str) -> Option<Event> {
    let next = state.routes_left().first()?;
    Some(Event::ModelSkipped {
        step,
        model: state.model_in_force()?.clone(),
        message: why.to_owned(),
        next: next.model.clone(),
    })
}

fn shorten(
    ports: &Ports,
    state: &State,
    tokens: u64,
) -> Result<Option<compaction::Compaction>, End> {
    let (Some(spec), Some(model)) = (state.spec(), state.model_in_force()) else {
        return Ok(None);
    };
    let answer = u64::from(spec.max_output_tokens.unwrap_or(money::ANSWER_TOKENS));
    let window = state
        .window()
        .map(|window| window.saturating_sub(answer.min(window / 4)));
    let limit = match (window, state.shrink_wanted()) {
        (window, true) => window.unwrap_or(u64::MAX).min(tokens / 10 * 7),
        (Some(window), false) => window,
        (None, false) => return Ok(None),
    };
    if tokens <= limit {
        return Ok(None);
    }
    let measure =
        |trial: &State| request(trial, None).map_or(0, |request| ports.tokens.count(&request));
    let count = |text: &str| ports.tokens.count_text(model, text);
    let plan = compaction::plan(state, tokens, limit, &count, &measure);
    // What a file comes to is the provider's to say: an estimate alone turns none away.
    if plan.is_none() && !state.shrink_wanted() && without_files(ports, state) <= limit {
        return Ok(None);
    }
    plan.map(Some).ok_or_else(|| {
        // How far it was tried to shorten what its provider refused is no figure of the model's.
        let more_than = match (state.window(), state.shrink_wanted()) {
            (Some(_), false) => format!("{model} can take {limit} beside its answer"),
            _ => format!("its provider says that {model} cannot take them"),
        };
        failed(
            EndReason::ContextTooLong,
            format!(
                "The instructions, the task and the newest results take about {tokens} tokens, and {more_than}. Choose a model with a larger context window, or give it less at once."
            ),
        )
    })
}

/// What the request would take without its images and documents.
fn without_files(ports: &Ports, state: &State) -> u64 {
    let Some(mut request) = request(state, None) else {
        return 0;
    };
    for message in &mut request.messages {
        if let Message::User { attachments, .. } = message {
            attachments.clear();
        }
    }
    ports.tokens.count(&request)
}

pub(super) fn failed(reason: EndReason, message: String) -> End {
    End {
        status: RunStatus::Failed,
        reason,
        message,
        output: None,
    }
}
