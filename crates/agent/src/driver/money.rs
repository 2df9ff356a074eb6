//! Money before and after a model call: the worst case is reserved before, and what it came to
//! is settled with the journal of its outcome.

use std::time::Duration;

use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::model::{ModelRef, Price, Rates};
use slipway_contract::run::{EndReason, Tokens};
use slipway_contract::{RunId, StepId, Usd};

use super::prepare::{self, failed};
use super::{DriveError, Ports, Resolution, expiry};
use crate::event::Event;
use crate::machine::{ModelStatus, State};
use crate::policy::binding;
use crate::ports::ledger::{
    Attempt, Cost, Draw, LedgerError, Reserved, Seen, Settlement, Shortfall, WorstCase,
};
use crate::ports::model::Billing;

/// Tokens set aside for the answer where a budget applies and the package says nothing.
pub(super) const ANSWER_TOKENS: u32 = 8_192;

/// Below this an answer is not worth asking for: a call whose budget leaves less is not made.
const SHORTEST_ANSWER: u32 = 256;

/// The longest answer of a model of which nobody says how much it can answer.
const LONGEST_ANSWER: u32 = 128_000;

/// How long to wait before asking again whether another process has freed something.
const POLL: Duration = Duration::from_millis(250);

/// What a model call may have, or why it is not made now.
pub(super) enum Allowed {
    /// It may be made.
    Call {
        max_output_tokens: Option<u32>,
        reserved_usd: Option<Usd>,
        budgeted: bool,
        /// Nobody knows what it can cost.
        unpriced: bool,
    },
    /// Calls under way hold the money that it needs.
    Wait(Seen),
    /// It is not made; this happens instead.
    Instead(Box<Event>),
}

/// Sets aside what the attempt may cost at most, with an answer as long as every budget allows.
pub(super) async fn allow(
    ports: &Ports,
    run: RunId,
    state: &State,
    (step, attempt): (StepId, u32),
    asked: Option<u32>,
    input_tokens: impl FnOnce() -> u64,
) -> Result<Allowed, DriveError> {
    let freely = |unpriced| Allowed::Call {
        max_output_tokens: asked,
        reserved_usd: None,
        budgeted: false,
        unpriced,
    };
    let (Some(spec), Some(model)) = (state.spec(), state.model_in_force()) else {
        return Ok(freely(true));
    };
    let price = price_of(ports, state);
    // Nobody is asked what it costs to be told that it cannot be had.
    if price == Some(Price::FREE) || ports.model.is_out_of_reach(model) {
        return Ok(freely(false));
    }
    if state.is_unlimited() {
        return Ok(freely(true));
    }
    let limits = &spec.limits;
    let shared = limits.draws_from.and(limits.shared_budget_usd);
    let draw = Draw {
        attempt: Attempt { run, step, attempt },
        root: limits.draws_from.unwrap_or(run),
        agent: spec.agent.clone(),
        at: ports.clock.now(),
        limit: shared.or(limits.budget_usd),
        own: shared.and(limits.budget_usd),
    };
    let input_tokens = price.map_or(0, |_| input_tokens());
    match price.and_then(|price| price.up_to(input_tokens)) {
        None => Ok(match unpriced(ports, model, &draw).await? {
            Some(question) => {
                let asked = expiry::stamped(question, state, draw.at);
                let instead = stand_in_without_price(state, step, &asked);
                Allowed::Instead(Box::new(instead.unwrap_or(Event::ApprovalRequested(asked))))
            }
            None => freely(true),
        }),
        Some(rates) => {
            let call = Call {
                longest: ports.prices.longest_answer(model).unwrap_or(LONGEST_ANSWER),
                asked,
                input_tokens,
                rates,
            };
            reserve(ports, &draw, &call).await
        }
    }
}

/// The price by which this run reckons.
pub(super) fn price_of(ports: &Ports, state: &State) -> Option<Price> {
    state
        .price_given()
        .or_else(|| ports.prices.price(state.model_in_force()?))
}

/// A model that only stands in is passed over where a person would have to be asked about its
/// price and another is left: whoever names several wants the run to go on.
fn stand_in_without_price(state: &State, step: StepId, asked: &Approval) -> Option<Event> {
    let Question::Price { model, budgets } = &asked.question else {
        return None;
    };
    let why = format!(
        "Nobody knows the price of {model}, and {} cannot be kept without it. Write it into prices.toml, and it can be asked.",
        budgets.join(" and ")
    );
    state
        .has_fallen_back()
        .then(|| prepare::passed_over(state, step, &why))?
}

/// The question for the price, where a budget applies that cannot be kept without it.
async fn unpriced(
    ports: &Ports,
    model: &ModelRef,
    draw: &Draw,
) -> Result<Option<Approval>, DriveError> {
    let budgets = ports.ledger.budgets(draw).await?;
    if budgets.is_empty() {
        return Ok(None);
    }
    let budgets: Vec<String> = budgets.iter().map(|budget| budget.name()).collect();
    Ok(Some(Approval {
        step: draw.attempt.step,
        binding: binding::of_price(model, &budgets),
        expires_at: None,
        question: Question::Price {
            model: model.clone(),
            budgets,
        },
    }))
}

/// The answer of the person's own table to a question for a price that it has by now.
pub(super) fn priced_by_now(ports: &Ports, state: &State) -> Option<Resolution> {
    let asked = state.price_question()?;
    let price = ports.prices.price(state.model_in_force()?)?;
    if !price.is_whole() {
        return None;
    }
    Some(Resolution {
        step: asked.step,
        binding: asked.binding,
        answer: Answer::Price { price },
        by: AnsweredBy::PriceTable,
    })
}

/// What decides the worst case of a call.
struct Call {
    rates: Rates,
    input_tokens: u64,
    /// The limit that the package sets to an answer, as far as the model can serve it.
    asked: Option<u32>,
    /// The longest that the model can answer.
    longest: u32,
}

impl Call {
    fn worst_case(&self, answer: u32) -> Usd {
        // Nothing counts as cached beforehand.
        let Rates {
            input,
            cached_input,
            ..
        } = self.rates;
        let rates = Rates {
            input: input.max(cached_input),
            ..self.rates
        };
        let tokens = Tokens {
            input_tokens: self.input_tokens,
            output_tokens: answer.into(),
            ..Tokens::default()
        };
        rates.cost(tokens)
    }

    /// The longest answer that this amount pays for.
    fn answer_for(&self, amount: Usd) -> u32 {
        let left = amount.minus(self.worst_case(0)).0;
        let tokens = left
            .saturating_mul(rust_decimal::Decimal::from(1_000_000))
            .checked_div(self.rates.output.0);
        tokens
            .and_then(|tokens| u32::try_from(tokens.floor()).ok())
            .unwrap_or(0)
    }
}

async fn reserve(ports: &Ports, draw: &Draw, call: &Call) -> Result<Allowed, DriveError> {
    let mut answer = call.asked.unwrap_or(ANSWER_TOKENS).min(call.longest);
    let shortest = SHORTEST_ANSWER.min(answer);
    let freely = call.worst_case(call.asked.unwrap_or(call.longest).min(call.longest));
    let seen = ports.ledger.seen();
    loop {
        let worst = WorstCase {
            within: call.worst_case(answer),
            freely,
        };
        let shortfall = match ports.ledger.reserve(draw, worst).await {
            Ok(Reserved::Within) => {
                return Ok(Allowed::Call {
                    max_output_tokens: Some(answer),
                    reserved_usd: Some(worst.within),
                    budgeted: true,
                    unpriced: false,
                });
            }
            Ok(Reserved::Freely) => {
                return Ok(Allowed::Call {
                    max_output_tokens: call.asked,
                    reserved_usd: Some(worst.freely),
                    budgeted: false,
                    unpriced: false,
                });
            }
            Err(LedgerError::OverBudget(shortfall)) => shortfall,
            Err(error) => return Err(error.into()),
        };
        if shortfall.left_at_best() < call.worst_case(shortest) || answer <= shortest {
            if shortfall.outstanding > Usd::ZERO
                && shortfall.left_at_best() >= call.worst_case(shortest)
            {
                return Ok(Allowed::Wait(seen));
            }
            let message = over_budget(&shortfall, call.worst_case(shortest), shortest);
            let end = failed(EndReason::OverBudget, message);
            return Ok(Allowed::Instead(Box::new(Event::Finished(end))));
        }
        if shortfall.outstanding > Usd::ZERO {
            return Ok(Allowed::Wait(seen));
        }
        // Strictly less than what did not fit, so that this ends.
        answer = call
            .answer_for(shortfall.left())
            .min(answer - 1)
            .max(shortest);
    }
}

fn over_budget(shortfall: &Shortfall, needed: Usd, shortest: u32) -> String {
    format!(
        "The next call needs up to {}, even for an answer of {shortest} tokens, and {} leaves {}: {} is spent and {} is reserved. Raise the budget to go on.",
        needed.display_exact(),
        shortfall.budget.name(),
        shortfall.left().display_exact(),
        shortfall.spent.display_exact(),
        shortfall.reserved.display_exact(),
    )
}

/// Returns when it is worth trying to reserve again.
pub(super) async fn freed(ports: &Ports, seen: Option<Seen>) {
    match seen {
        None => std::future::pending().await,
        Some(seen) => tokio::select! {
            () = ports.ledger.freed(seen) => {}
            () = ports.clock.sleep(POLL) => {}
        },
    }
}

/// Every attempt of the run that its journal announces with a reservation.
pub(super) fn announced(run: RunId, state: &State) -> Vec<Attempt> {
    let attempts = state.announced().iter();
    attempts
        .map(|&(step, attempt)| Attempt { run, step, attempt })
        .collect()
}

/// What the event settles, seen from the state before it.
pub(super) fn settlement(run: RunId, state: &State, event: &Event) -> Option<Settlement> {
    let reserved = state.reserved()?;
    let (step, attempt, cost) = match event {
        Event::ModelResponded {
            step,
            attempt,
            cost_usd,
            ..
        } => {
            let cost = cost_usd.map_or(Cost::Unknown, |cost| agreed(state, reserved, cost));
            (*step, *attempt, cost)
        }
        Event::ModelFailed {
            step,
            attempt,
            billing,
            ..
        } => {
            let cost = match billing {
                Billing::Nothing => Cost::NOTHING,
                Billing::Unknown => Cost::Unknown,
            };
            (*step, *attempt, cost)
        }
        // The run stops, or goes on, without having heard of the call under way.
        Event::Resumed | Event::Finished(_) => {
            let call = state.model_call()?;
            if call.status != ModelStatus::InFlight {
                return None;
            }
            (call.step, call.attempt, Cost::Unknown)
        }
        _ => return None,
    };
    let attempt = Attempt { run, step, attempt };
    Some(Settlement { attempt, cost })
}

/// What of a bill was agreed: where a budget bounded the call, no more than was reserved.
fn agreed(state: &State, reserved: Usd, cost: Usd) -> Cost {
    let agreed = if state.is_budgeted() {
        cost.min(reserved)
    } else {
        cost
    };
    Cost::Known {
        agreed,
        beyond: cost.minus(agreed),
    }
}

/// The report of a bill that was higher than what was agreed, seen from the state before it.
pub(super) fn overbilled(state: &State, event: &Event) -> Option<Event> {
    let Event::ModelResponded {
        step,
        attempt,
        usage,
        cost_usd: Some(cost),
        ..
    } = event
    else {
        return None;
    };
    let (reserved_usd, announced) = (state.reserved()?, state.answer_limit()?);
    let dearer = state.is_budgeted() && *cost > reserved_usd;
    if usage.output_tokens <= u64::from(announced) && !dearer {
        return None;
    }
    Some(Event::ModelOverbilled {
        step: *step,
        attempt: *attempt,
        model: state.model_in_force()?.clone(),
        announced_output_tokens: announced,
        billed_output_tokens: usage.output_tokens,
        reserved_usd,
        beyond_usd: cost.minus(reserved_usd).max(Usd::ZERO),
    })
}
