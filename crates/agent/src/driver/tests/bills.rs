//! What a call costs: prices of long requests, answers without usage, and what the provider says.

use slipway_contract::model::{Dearer, ModelRef, Rates};
use slipway_contract::run::{CostFrom, ParkReason, Tokens};
use slipway_contract::{StepId, Usd};

use super::*;
use crate::event::Event;
use crate::machine::fold;
use crate::ports::prices::Prices;

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

/// A dollar for a million tokens in and ten out; with more than so many, what these say.
fn price(above: u64, rates: Option<Rates>) -> Price {
    Price {
        input: usd("1"),
        cached_input: usd("0.1"),
        output: usd("10"),
        cache_write: None,
        dearer: Some(Dearer { above, rates }),
    }
}

const fn tokens(input_tokens: u64, output_tokens: u64) -> Option<Tokens> {
    Some(Tokens {
        input_tokens,
        output_tokens,
        cached_tokens: 0,
        cache_write_tokens: None,
        reasoning_tokens: None,
    })
}

fn twice() -> Rates {
    Rates {
        input: usd("2"),
        cached_input: usd("0.2"),
        cache_write: None,
        output: usd("20"),
    }
}

fn priced(price: Price, reply: Reply) -> World {
    let mut world = world([reply], vec![]);
    world.ports.prices = Arc::new(FixedPrices::all(price));
    world
}

fn limited() -> RunSpec {
    let mut spec = spec(&[]);
    spec.limits.budget_usd = Some(usd("0.5"));
    spec
}

async fn journalled(world: &World) -> Vec<Event> {
    let recorded = world.journal.read(RUN).await.unwrap();
    recorded.into_iter().map(|one| one.event).collect()
}

#[tokio::test]
async fn a_long_request_is_reserved_and_paid_at_its_own_price() {
    for (above, paid) in [(20, "0.00007"), (19, "0.00014")] {
        let reply = Reply::text("Done.").using(tokens(20, 5));
        let world = priced(price(above, Some(twice())), reply);
        run(&world, limited()).await;
        assert_eq!(world.ledger.committed(RUN), usd(paid), "above {above}");
        let reserved = journalled(&world)
            .await
            .into_iter()
            .find_map(|event| match event {
                Event::ModelRequested { reserved_usd, .. } => reserved_usd,
                _ => None,
            });
        assert!(
            reserved > Some(usd("0.16")),
            "the request counts more than {above} tokens, so that 8,192 tokens may cost 20 dollars a million: {reserved:?}"
        );
    }
}

#[tokio::test]
async fn where_nobody_knows_what_a_long_request_costs_the_cost_is_unknown() {
    for (above, known) in [(20, Some(usd("0.00007"))), (19, None)] {
        let reply = Reply::text("Done.").using(tokens(20, 5));
        let world = priced(price(above, None), reply);
        run(&world, spec(&[])).await;
        let usage = world.journal.head(RUN).unwrap().usage;
        assert_eq!(usage.cost_usd, known, "above {above}");
    }
}

#[tokio::test]
async fn a_budget_asks_for_the_price_of_long_requests_and_takes_no_half_of_one() {
    let reply = Reply::text("Done.").using(tokens(20, 5));
    let mut world = priced(price(5, None), reply);
    assert_eq!(
        run(&world, limited()).await,
        Outcome::Parked(ParkReason::Price)
    );
    let again = resume(&world.ports, RUN, None, &Control::default()).await;
    assert_eq!(
        again.unwrap(),
        Outcome::Parked(ParkReason::Price),
        "the same table says no more than before"
    );
    world.ports.prices = Arc::new(FixedPrices::all(price(5, Some(twice()))));
    let outcome = resume(&world.ports, RUN, None, &Control::default()).await;
    assert_eq!(ended(&outcome.unwrap()).0, RunStatus::Succeeded);
    assert_eq!(world.ledger.committed(RUN), usd("0.00014"));
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_what_it_used_may_have_cost_what_was_reserved() {
    let reply = Reply::text("Done.").using(None);
    let world = priced(price(1_000_000, None), reply);
    run(&world, limited()).await;
    let events = journalled(&world).await;
    let reserved = events.iter().find_map(|event| match event {
        Event::ModelRequested { reserved_usd, .. } => *reserved_usd,
        _ => None,
    });
    assert!(events.iter().any(|event| matches!(
        event,
        Event::ModelResponded {
            usage_estimated: true,
            cost_usd: None,
            ..
        }
    )));
    let usage = world.journal.head(RUN).unwrap().usage;
    assert_eq!((usage.cost_usd, usage.cost_at_most_usd), (None, reserved));
    assert_eq!(
        Some(world.ledger.committed(RUN)),
        reserved,
        "it stays taken from the budget, as that of a call that was cut off"
    );
    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    assert_eq!(state.usage(), &usage, "taken up again it says the same");
}

#[tokio::test]
async fn what_costs_nothing_costs_nothing_however_much_it_used() {
    let world = world([Reply::text("Done.").using(None)], vec![]);
    run(&world, limited()).await;
    let usage = world.journal.head(RUN).unwrap().usage;
    assert_eq!(usage.cost_usd, Some(Usd::ZERO));
}

#[tokio::test]
async fn what_the_provider_says_that_a_call_cost_is_its_cost() {
    let reply = Reply::text("Done.").using(tokens(20, 5));
    let world = priced(price(1_000_000, None), reply.costing(usd("0.0123")));
    run(&world, limited()).await;
    assert_eq!(world.ledger.committed(RUN), usd("0.0123"));
    assert!(journalled(&world).await.iter().any(|event| matches!(
        event,
        Event::ModelResponded {
            cost_from: CostFrom::Provider,
            ..
        }
    )));
}

struct Known(FixedPrices);

impl Prices for Known {
    fn price(&self, model: &ModelRef) -> Option<Price> {
        self.0.price(model)
    }

    fn longest_answer(&self, _: &ModelRef) -> Option<u32> {
        Some(4_000)
    }

    fn window(&self, _: &ModelRef) -> Option<u64> {
        Some(2_000)
    }
}

#[tokio::test]
async fn an_answer_is_asked_for_no_longer_than_the_model_can_answer_with_and_without_a_budget() {
    for (asked, context, allowed) in [
        (100, None, 100),
        (50_000, None, 4_000),
        (50_000, Some(2_000), 2_000),
    ] {
        for budget in [None, Some(usd("9"))] {
            let mut world = world([Reply::text("Done.")], vec![]);
            let prices = FixedPrices::all(price(1_000_000, None));
            world.ports.prices = Arc::new(Known(prices));
            let mut spec = spec(&[]);
            spec.max_output_tokens = Some(asked);
            spec.context_tokens = context;
            spec.limits.budget_usd = budget;
            run(&world, spec).await;
            let limit = world.model.requests()[0].max_output_tokens.unwrap();
            if context.is_some() {
                assert!(limit < allowed && limit > allowed - 200, "{limit}");
            } else {
                assert_eq!(limit, allowed, "of {asked}, within {budget:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_may_take_as_long_as_it_goes_on() {
    let pieces = Reply::text(&"word ".repeat(10)).paced(Duration::from_secs(20 * 60));
    let world = world([pieces], vec![]);
    assert_eq!(
        ended(&run(&world, spec(&[])).await).0,
        RunStatus::Succeeded,
        "more than three hours, and never silent for long"
    );
    assert_eq!(world.model.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_of_which_nothing_comes_is_given_up() {
    let world = world([Reply::hang(), Reply::text("Done.")], vec![]);
    assert_eq!(ended(&run(&world, spec(&[])).await).0, RunStatus::Succeeded);
    let events = journalled(&world).await;
    let failed = events.iter().find_map(|event| match event {
        Event::ModelFailed { step, message, .. } => Some((*step, message)),
        _ => None,
    });
    let (step, message) = failed.unwrap();
    assert_eq!(step, StepId(1));
    assert!(
        message.contains("test/model sent nothing of its answer for 30 minutes"),
        "{message}"
    );
}

#[tokio::test]
async fn thoughts_are_shown_as_they_come_and_count_as_the_first_piece() {
    let reply = Reply::text("The answer.").thinking(["Let me ", "see."]);
    let world = world([reply], vec![]);
    run(&world, spec(&[])).await;
    let seen = world.seen.0.lock().unwrap().clone();
    let streamed: Vec<(u64, &str, bool)> = seen
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ModelReasoning { index, text, .. } => Some((*index, &**text, true)),
            EventKind::ModelDelta { index, text, .. } => Some((*index, &**text, false)),
            _ => None,
        })
        .collect();
    assert_eq!(
        streamed,
        [
            (0, "Let me ", true),
            (1, "see.", true),
            (0, "The ", false),
            (1, "answer.", false)
        ]
    );
    let thoughts = seen
        .iter()
        .filter(|event| matches!(event.kind, EventKind::ModelReasoning { .. }));
    assert!(
        thoughts.into_iter().all(|event| event.seq.is_none()),
        "no piece is journalled"
    );
}
