//! From a decided effect to its intent: what needs the world's help (token counts, prices,
//! reservations) is found out here, and journalled with the intent, never computed again.

use std::sync::Arc;

use slipway_contract::StepId;
use slipway_contract::model::Price;
use slipway_contract::run::{End, EndReason, RunStatus, Tokens};
use slipway_contract::tool::ToolDefinition;
use slipway_contract::{RunId, Usd};

use super::{DriveError, Ports};
use crate::event::Event;
use crate::machine::{Effect, State, compaction};
use crate::ports::ledger::{Attempt, LedgerError};
use crate::ports::model::ModelRequest;

/// Tokens set aside for the answer where neither package nor budget limits it.
const ANSWER_TOKENS: u32 = 8_192;

/// Below this an answer is not worth asking for.
const SHORTEST_ANSWER: u32 = 256;

/// The intents of an effect.
pub(super) async fn intents(
    ports: &Ports,
    run: RunId,
    state: &State,
    effect: Effect,
) -> Result<Vec<Event>, DriveError> {
    Ok(match effect {
        Effect::CallModel { step, attempt } => model_call(ports, run, state, step, attempt).await?,
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
        Effect::Ask(approval) => vec![Event::ApprovalRequested(approval)],
        Effect::Finish(end) => vec![Event::Finished(end)],
    })
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
        model: spec.model.clone(),
        instructions: spec.instructions.as_str().into(),
        messages: state.messages(),
        tools,
        output_schema: spec.output_schema.clone(),
        temperature: spec.temperature,
        max_output_tokens: max_output_tokens.or(spec.max_output_tokens),
    })
}

async fn model_call(
    ports: &Ports,
    run: RunId,
    state: &State,
    step: StepId,
    attempt: u32,
) -> Result<Vec<Event>, DriveError> {
    let Some(spec) = state.spec() else {
        return Ok(Vec::new());
    };
    let compacts = spec.context_tokens.is_some() || state.shrink_wanted();
    if !compacts && spec.limits.budget_usd.is_none() {
        let (model, max_output_tokens) = (spec.model.clone(), spec.max_output_tokens);
        return Ok(vec![Event::ModelRequested {
            step,
            attempt,
            model,
            max_output_tokens,
            reserved_usd: None,
        }]);
    }
    let Some(asked) = request(state, None) else {
        return Ok(Vec::new());
    };
    let mut tokens = ports.tokens.count(&asked);
    let mut events = Vec::new();
    match shorten(ports, state, tokens) {
        Ok(None) => {}
        Ok(Some(compaction)) => {
            tokens = compaction.tokens_after;
            events.push(Event::Compacted { compaction });
        }
        Err(end) => return Ok(vec![Event::Finished(end)]),
    }
    let (max_output_tokens, reserved_usd) = match spec.limits.budget_usd {
        None => (spec.max_output_tokens, None),
        Some(limit) => {
            match reserve(ports, state, Attempt { run, step, attempt }, tokens, limit).await? {
                Ok(reserved) => reserved,
                Err(end) => {
                    events.push(Event::Finished(end));
                    return Ok(events);
                }
            }
        }
    };
    let model = spec.model.clone();
    events.push(Event::ModelRequested {
        step,
        attempt,
        model,
        max_output_tokens,
        reserved_usd,
    });
    Ok(events)
}

fn shorten(
    ports: &Ports,
    state: &State,
    tokens: u64,
) -> Result<Option<compaction::Compaction>, End> {
    let Some(spec) = state.spec() else {
        return Ok(None);
    };
    let answer = u64::from(spec.max_output_tokens.unwrap_or(ANSWER_TOKENS));
    let window = spec
        .context_tokens
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
    let count = |text: &str| ports.tokens.count_text(&spec.model, text);
    compaction::plan(state, tokens, limit, &count, &measure).map(Some).ok_or_else(|| {
        failed(
            EndReason::ContextTooLong,
            format!(
                "The instructions, the task and the newest results take about {tokens} tokens, and {} can take {limit}. Choose a model with a larger context window, or give it less at once.",
                spec.model
            ),
        )
    })
}

type Reserved = (Option<u32>, Option<Usd>);

async fn reserve(
    ports: &Ports,
    state: &State,
    attempt: Attempt,
    tokens: u64,
    limit: Usd,
) -> Result<Result<Reserved, End>, DriveError> {
    let Some(spec) = state.spec() else {
        return Ok(Ok((None, None)));
    };
    let Some(price) = ports.prices.price(&spec.model) else {
        let message = format!(
            "The price of {} is unknown, so the budget of ${limit} cannot be kept. Choose a model with a known price, or run without a budget.",
            spec.model
        );
        return Ok(Err(failed(EndReason::PriceUnknown, message)));
    };
    if price == Price::FREE {
        return Ok(Ok((spec.max_output_tokens, None)));
    }
    let wanted = spec.max_output_tokens.unwrap_or(ANSWER_TOKENS);
    let mut answer = wanted;
    loop {
        let worst = cost(
            &price,
            Tokens {
                input_tokens: tokens,
                output_tokens: u64::from(answer),
                cached_tokens: 0,
            },
        );
        match ports.ledger.reserve(attempt, worst, limit).await {
            Ok(()) => return Ok(Ok((Some(answer), Some(worst)))),
            Err(LedgerError::OverBudget { .. }) if answer / 2 >= SHORTEST_ANSWER => answer /= 2,
            Err(LedgerError::OverBudget {
                amount,
                left,
                limit,
            }) => {
                let message = format!(
                    "The next call may cost up to ${amount}, and ${left} is left of the budget of ${limit}. Raise the budget to go on."
                );
                return Ok(Err(failed(EndReason::OverBudget, message)));
            }
            Err(error @ LedgerError::Storage(_)) => return Err(error.into()),
        }
    }
}

/// What these tokens cost.
pub(super) fn cost(price: &Price, tokens: Tokens) -> Usd {
    let fresh = tokens.input_tokens.saturating_sub(tokens.cached_tokens);
    let part = |count: u64, price: Usd| {
        Usd(price.0.saturating_mul(count.into()) / rust_decimal::Decimal::from(1_000_000))
    };
    part(fresh, price.input)
        .plus(part(tokens.cached_tokens, price.cached_input))
        .plus(part(tokens.output_tokens, price.output))
}

fn failed(reason: EndReason, message: String) -> End {
    End {
        status: RunStatus::Failed,
        reason,
        message,
        output: None,
    }
}
