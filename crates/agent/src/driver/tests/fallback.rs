//! Models that stand in for one that fails: who is asked, what it may cost, and what is said.

use std::collections::BTreeMap;

use slipway_contract::Usd;
use slipway_contract::model::ModelRef;
use slipway_contract::run::Tokens;

use super::*;
use crate::ports::model::{Billing, Deltas, Model, ModelErrorKind, ModelRequest, ModelResponse};
use crate::ports::prices::Prices;
use crate::spec::Route;

const FIRST: &str = "test/model";
const SECOND: &str = "test/second";
const THIRD: &str = "test/third";

fn name(text: &str) -> ModelRef {
    text.parse().unwrap()
}

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

/// A model of its own for each name.
#[derive(Default)]
struct ByName(BTreeMap<ModelRef, Arc<ScriptedModel>>);

#[async_trait]
impl Model for ByName {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        self.0[&request.model].call(request, deltas).await
    }
}

struct Chain {
    world: World,
    models: Arc<ByName>,
}

/// A world with these models, and the facts of a run that asks them in this order.
fn chain(scripts: Vec<(&str, Vec<Reply>)>, tools: Vec<Arc<ScriptedTool>>) -> (Chain, RunSpec) {
    let definitions: Vec<ToolDefinition> =
        tools.iter().map(|tool| tool.definition().clone()).collect();
    let mut spec = spec(&definitions);
    spec.fallback = scripts[1..]
        .iter()
        .map(|(model, _)| Route {
            model: name(model),
            context_tokens: None,
        })
        .collect();
    let mut world = world([], tools);
    let models = scripts.into_iter().map(|(model, script)| {
        let clock = Arc::clone(&world.ports.clock);
        (name(model), Arc::new(ScriptedModel::new(script).on(clock)))
    });
    let models = Arc::new(ByName(models.collect()));
    world.ports.model = models.clone();
    (Chain { world, models }, spec)
}

impl Chain {
    /// How often each was asked, in the order of their names.
    fn asked(&self) -> Vec<usize> {
        let models = self.models.0.values();
        models.map(|model| model.requests().len()).collect()
    }

    /// Who was asked at which step, for which attempt.
    fn requested(&self) -> Vec<(u32, u32, String)> {
        let seen = self.world.seen.0.lock().unwrap();
        let kinds = seen.iter().map(|event| event.kind.clone());
        kinds
            .filter_map(|kind| match kind {
                EventKind::ModelRequested {
                    step,
                    attempt,
                    provider,
                    model,
                    ..
                } => Some((step.0, attempt, format!("{provider}/{model}"))),
                _ => None,
            })
            .collect()
    }

    /// The models that were fallen back to, each with why.
    fn told(&self) -> Vec<(String, String)> {
        let seen = self.world.seen.0.lock().unwrap();
        let kinds = seen.iter().map(|event| event.kind.clone());
        kinds
            .filter_map(|kind| match kind {
                EventKind::ModelFailed {
                    message,
                    next_model: Some(next),
                    ..
                }
                | EventKind::ModelSkipped {
                    message,
                    next_model: next,
                    ..
                } => Some((next, message)),
                _ => None,
            })
            .collect()
    }
}

fn fail(kind: ModelErrorKind) -> Reply {
    Reply::fail(kind, &format!("it failed: {kind:?}"))
}

fn tokens(input_tokens: u64, output_tokens: u64) -> Option<Tokens> {
    Some(Tokens {
        input_tokens,
        output_tokens,
        ..Tokens::default()
    })
}

fn price(input: &str, output: &str) -> Price {
    Price {
        input: usd(input),
        cached_input: usd(input),
        cache_write: None,
        dearer: None,
        output: usd(output),
    }
}

#[tokio::test]
async fn the_next_model_takes_the_step_and_stays() {
    let read = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let (chain, spec) = chain(
        vec![
            (
                FIRST,
                (0..9).map(|_| fail(ModelErrorKind::Overloaded)).collect(),
            ),
            (
                SECOND,
                vec![
                    Reply::calls([("a", "read", json!({}))]),
                    Reply::text("Done."),
                ],
            ),
        ],
        vec![read],
    );
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome), (RunStatus::Succeeded, EndReason::Answered));
    assert_eq!(
        chain.asked(),
        [4, 2],
        "retries come first, and nobody goes back"
    );
    let first = (1..=4).map(|attempt| (1, attempt, FIRST.to_owned()));
    let second = [(1, 5, SECOND.to_owned()), (3, 1, SECOND.to_owned())];
    assert_eq!(
        chain.requested(),
        first.chain(second).collect::<Vec<_>>(),
        "the same step, its attempts counted on"
    );
    let why = "it failed: Overloaded".to_owned();
    assert_eq!(chain.told(), [(SECOND.to_owned(), why)]);
    assert_eq!(chain.world.journal.head(RUN).unwrap().usage.model_calls, 6);
}

#[tokio::test]
async fn which_failures_another_model_is_asked_for() {
    use ModelErrorKind as Kind;
    for (kind, goes_on) in [
        (Kind::Authentication, true),
        (Kind::Quota, true),
        (Kind::RateLimit, true),
        (Kind::NotFound, true),
        (Kind::Network, true),
        (Kind::Timeout, true),
        (Kind::Malformed, true),
        (Kind::Unsupported, true),
        (Kind::ContextTooLong, true),
        (Kind::Refused, false),
        (Kind::AnswerTooLong, false),
        (Kind::RecordingMismatch, false),
    ] {
        let (chain, spec) = chain(
            vec![
                (FIRST, (0..9).map(|_| fail(kind)).collect()),
                (SECOND, vec![Reply::text("Done.")]),
            ],
            vec![],
        );
        let outcome = run(&chain.world, spec).await;
        let expected = if goes_on {
            RunStatus::Succeeded
        } else {
            RunStatus::Failed
        };
        assert_eq!(ended(&outcome).0, expected, "{kind:?}");
        assert_eq!(chain.asked()[1], usize::from(goes_on), "{kind:?}");
    }
}

#[tokio::test]
async fn each_model_has_its_own_retries_and_the_last_one_says_how_it_ended() {
    let busy = || (0..9).map(|_| fail(ModelErrorKind::RateLimit)).collect();
    let (chain, spec) = chain(
        vec![
            (FIRST, busy()),
            (SECOND, vec![fail(ModelErrorKind::Quota)]),
            (THIRD, busy()),
        ],
        vec![],
    );
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Model));
    assert_eq!(chain.asked(), [4, 1, 4]);
    assert_eq!(chain.requested().last().unwrap().1, 9);
    let told: Vec<String> = chain.told().into_iter().map(|(next, _)| next).collect();
    assert_eq!(told, [SECOND, THIRD]);
}

#[tokio::test]
async fn every_attempt_is_reserved_and_settled_at_its_own_models_price() {
    let unsure = ModelError::new(ModelErrorKind::Quota, "no credit").billed(Billing::Unknown);
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![Reply::error(unsure)]),
            (SECOND, vec![Reply::text("Done.").using(tokens(1_000, 100))]),
        ],
        vec![],
    );
    let (dear, cheap) = (price("10", "100"), price("1", "2"));
    let prices = FixedPrices::unknown().with(name(FIRST), dear);
    chain.world.ports.prices = Arc::new(prices.with(name(SECOND), cheap));
    spec.limits.budget_usd = Some(usd("5"));
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let events = chain.world.journal.read(RUN).await.unwrap();
    let reserved: Vec<Usd> = events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::ModelRequested { reserved_usd, .. } => *reserved_usd,
            _ => None,
        })
        .collect();
    let answer = |price: &str| Usd(usd(price).0 * rust_decimal::Decimal::new(8_192, 6));
    assert!(
        reserved[0] > answer("100") && reserved[0] < answer("101"),
        "{reserved:?}"
    );
    assert!(
        reserved[1] > answer("2") && reserved[1] < answer("2.1"),
        "{reserved:?}"
    );
    let cost = usd("0.0012");
    assert_eq!(
        chain.world.ledger.committed(RUN),
        reserved[0].plus(cost),
        "nobody knows what the first attempt cost"
    );
    let usage = chain.world.journal.head(RUN).unwrap().usage;
    assert_eq!(usage.cost_at_most_usd, Some(reserved[0].plus(cost)));
}

/// Prices that also know how long answers can be.
struct Lengths(FixedPrices);

impl Prices for Lengths {
    fn price(&self, model: &ModelRef) -> Option<Price> {
        self.0.price(model)
    }

    fn longest_answer(&self, model: &ModelRef) -> Option<u32> {
        (*model == name(SECOND)).then_some(1_000)
    }
}

#[tokio::test]
async fn the_longest_answer_is_the_asked_models() {
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::text("Done.")]),
        ],
        vec![],
    );
    chain.world.ports.prices = Arc::new(Lengths(FixedPrices::all(price("1", "1"))));
    spec.limits.budget_usd = Some(usd("5"));
    run(&chain.world, spec).await;
    let of = |model| chain.models.0[&name(model)].requests()[0].max_output_tokens;
    assert_eq!((of(FIRST), of(SECOND)), (Some(8_192), Some(1_000)));
}

#[tokio::test]
async fn a_stand_in_that_does_not_fit_the_budget_ends_the_run_over_budget() {
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::text("Too dear.")]),
            (THIRD, vec![Reply::text("Never asked.")]),
        ],
        vec![],
    );
    let prices = FixedPrices::all(Price::FREE).with(name(SECOND), price("1000", "1000"));
    chain.world.ports.prices = Arc::new(prices);
    spec.limits.budget_usd = Some(usd("0.01"));
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::OverBudget));
    assert_eq!(chain.asked(), [1, 0, 0]);
}

#[tokio::test]
async fn a_stand_in_without_a_price_is_passed_over_where_another_is_left() {
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::text("Of unknown price.")]),
            (THIRD, vec![Reply::text("Done.")]),
        ],
        vec![],
    );
    let prices = FixedPrices::unknown().with(name(FIRST), Price::FREE);
    chain.world.ports.prices = Arc::new(prices.with(name(THIRD), price("1", "1")));
    spec.limits.budget_usd = Some(usd("1"));
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(chain.asked(), [1, 0, 1]);
    let told = chain.told();
    assert_eq!(told[1].0, THIRD);
    assert!(
        told[1].1.contains(SECOND) && told[1].1.contains("price"),
        "{told:?}"
    );
    assert_eq!(chain.requested()[1], (1, 2, THIRD.to_owned()));
}

#[tokio::test]
async fn the_first_model_and_the_last_one_left_ask_for_their_price() {
    for known in [FIRST, SECOND] {
        let (mut chain, mut spec) = chain(
            vec![
                (FIRST, vec![fail(ModelErrorKind::Authentication)]),
                (SECOND, vec![Reply::text("Done.")]),
            ],
            vec![],
        );
        let prices = FixedPrices::unknown().with(name(known), Price::FREE);
        chain.world.ports.prices = Arc::new(prices);
        spec.limits.budget_usd = Some(usd("1"));
        let outcome = run(&chain.world, spec).await;
        assert_eq!(outcome, Outcome::Parked(ParkReason::Price), "{known}");
    }
}

#[tokio::test]
async fn a_price_that_a_person_gave_is_that_models_alone() {
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::text("Done.").using(tokens(1_000, 0))]),
        ],
        vec![],
    );
    let prices = FixedPrices::unknown().with(name(SECOND), price("1", "1"));
    chain.world.ports.prices = Arc::new(prices);
    spec.limits.budget_usd = Some(usd("5"));
    let outcome = run(&chain.world, spec).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Price));
    let events = chain.world.journal.read(RUN).await.unwrap();
    let state = fold(&events).unwrap();
    let asked = state.price_question().unwrap();
    let given = Resolution {
        step: asked.step,
        binding: asked.binding,
        answer: Answer::Price {
            price: price("100", "100"),
        },
        by: AnsweredBy::Person,
    };
    let control = Control::default();
    let outcome = resume(&chain.world.ports, RUN, Some(given), &control).await;
    assert_eq!(ended(&outcome.unwrap()).0, RunStatus::Succeeded);
    assert_eq!(
        chain.world.journal.head(RUN).unwrap().usage.cost_usd,
        Some(usd("0.001"))
    );
}

#[tokio::test]
async fn what_is_too_long_for_one_window_goes_to_a_larger_one() {
    let (chain, mut spec) = chain(
        vec![
            (FIRST, vec![Reply::text("Never asked.")]),
            (SECOND, vec![Reply::text("Done.")]),
        ],
        vec![],
    );
    spec.input = "word ".repeat(2_000);
    spec.context_tokens = Some(1_000);
    spec.fallback[0].context_tokens = Some(100_000);
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(chain.asked(), [0, 1]);
    assert_eq!(chain.requested(), [(1, 1, SECOND.to_owned())]);
    let told = chain.told();
    assert!(told[0].1.contains(FIRST), "{told:?}");
}

#[tokio::test]
async fn a_smaller_window_is_compacted_for() {
    let long = Arc::new(ScriptedTool::with(
        definition("read", Effect::Read),
        |_| async { Ok(json!("word ".repeat(2_000))) },
    ));
    let (chain, mut spec) = chain(
        vec![
            (
                FIRST,
                vec![
                    Reply::calls([("a", "read", json!({"n": 1}))]),
                    Reply::calls([("b", "read", json!({"n": 2}))]),
                    fail(ModelErrorKind::Quota),
                ],
            ),
            (SECOND, vec![Reply::text("Done.")]),
        ],
        vec![long],
    );
    spec.context_tokens = Some(100_000);
    spec.fallback[0].context_tokens = Some(6_000);
    let outcome = run(&chain.world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let lengths = |model: &str| -> Vec<usize> {
        let requests = chain.models.0[&name(model)].requests();
        let messages = requests.last().unwrap().messages.clone().into_iter();
        messages
            .filter_map(|message| match message {
                Message::Tool { text, .. } => Some(text.len()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(lengths(FIRST), [10_000, 10_000]);
    let shortened = lengths(SECOND);
    assert!(
        shortened[0] < 100 && shortened[1] == 10_000,
        "{shortened:?}"
    );
}

#[tokio::test]
async fn cut_off_anywhere_it_goes_on_with_the_model_that_answered() {
    let scripts = || {
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication); 9]),
            (
                SECOND,
                vec![
                    Reply::calls([("a", "read", json!({}))]),
                    Reply::text("Done."),
                    Reply::text("Done."),
                ],
            ),
        ]
    };
    let read = || vec![Arc::new(ScriptedTool::echo("read", Effect::Read))];
    let (whole, spec) = chain(scripts(), read());
    run(&whole.world, spec).await;
    let events = whole.world.journal.read(RUN).await.unwrap();
    let fell_back = events.iter().position(
        |recorded| matches!(&recorded.event, Event::ModelFailed { next: Some(next), .. } if *next == name(SECOND)),
    );
    let fell_back = fell_back.expect("the journal names the next model");
    for cut in 1..events.len() {
        let mut state = fold(&events[..cut]).unwrap();
        let resumed = Recorded {
            seq: state.last_seq() + 1,
            at: events[cut - 1].at,
            event: Event::Resumed,
        };
        state.apply(&resumed).unwrap();
        let expected = if cut > fell_back { SECOND } else { FIRST };
        assert_eq!(
            state.model_in_force(),
            Some(&name(expected)),
            "cut after {cut}"
        );
        assert_eq!(state.has_fallen_back(), cut > fell_back);
    }
}

#[tokio::test]
async fn stopped_while_a_stand_in_answers_the_run_asks_it_again_and_nobody_else() {
    let (chain, spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::hang(), Reply::text("Done.")]),
        ],
        vec![],
    );
    let control = Control::default();
    let detach = control.detach.clone();
    let second = chain.models.0[&name(SECOND)].clone();
    let (outcome, ()) = tokio::join!(start(&chain.world.ports, RUN, spec, &control), async {
        while second.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        detach.cancel();
    });
    assert_eq!(outcome.unwrap(), Outcome::Detached);
    let outcome = resume(&chain.world.ports, RUN, None, &Control::default()).await;
    assert_eq!(ended(&outcome.unwrap()).0, RunStatus::Succeeded);
    assert_eq!(chain.asked(), [1, 2]);
    assert_eq!(
        chain.requested().last().unwrap(),
        &(1, 3, SECOND.to_owned())
    );
}

#[tokio::test]
async fn a_bill_beyond_what_was_agreed_names_who_sent_it() {
    let (mut chain, mut spec) = chain(
        vec![
            (FIRST, vec![fail(ModelErrorKind::Authentication)]),
            (SECOND, vec![Reply::text("Done.").using(tokens(10, 50_000))]),
        ],
        vec![],
    );
    chain.world.ports.prices = Arc::new(FixedPrices::all(price("1", "1")));
    spec.limits.budget_usd = Some(usd("1"));
    run(&chain.world, spec).await;
    let seen = chain.world.seen.0.lock().unwrap();
    let named = seen.iter().any(|event| {
        matches!(&event.kind, EventKind::ModelOverbilled { model, .. } if model == "second")
    });
    assert!(named);
}
