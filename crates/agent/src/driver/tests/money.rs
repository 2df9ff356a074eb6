//! Money: what is reserved, what is waited for, what stays when nobody knows, and what is said.

use jiff::tz::TimeZone;
use slipway_contract::Usd;
use slipway_contract::approval::{AnsweredBy, Question};
use slipway_contract::budget::{BudgetKey, Period};
use slipway_contract::run::{Tokens, Usage};
use tokio::sync::Semaphore;

use super::*;
use crate::memory::model::CollectedDeltas;
use crate::ports::ledger::{self, Attempt, Budget, Draw, Reserved, WorstCase};
use crate::ports::model::ModelErrorKind;
use crate::ports::model::{Billing, Model};

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

/// A dollar for a million tokens in, ten for a million out.
fn price() -> Price {
    Price {
        input: usd("1"),
        cached_input: usd("0.1"),
        output: usd("10"),
        cache_write: None,
        dearer: None,
    }
}

fn priced(script: impl IntoIterator<Item = Reply>) -> World {
    let mut world = world(script, vec![]);
    world.ports.prices = Arc::new(FixedPrices::all(price()));
    world
}

/// The world of a person with one budget for everything.
fn budgeted(script: impl IntoIterator<Item = Reply>, limit: &str) -> World {
    let key = BudgetKey {
        agent: None,
        period: Period::Total,
    };
    let mut world = priced(script);
    world.ledger = Arc::new(MemoryLedger::new(vec![(key, usd(limit))], TimeZone::UTC));
    let leases = MemoryLeases::new(Arc::clone(&world.ports.clock));
    let journal = MemoryJournal::new(leases.clone()).settling((*world.ledger).clone());
    world.journal = Arc::new(journal);
    world.ports.leases = Arc::new(leases);
    world.ports.journal = world.journal.clone();
    world.ports.ledger = world.ledger.clone();
    world
}

fn limited(limit: &str) -> RunSpec {
    let mut spec = spec(&[]);
    spec.limits.budget_usd = Some(usd(limit));
    spec
}

fn tokens(input_tokens: u64, output_tokens: u64) -> Option<Tokens> {
    Some(Tokens {
        input_tokens,
        output_tokens,
        cached_tokens: 0,
        cache_write_tokens: None,
        reasoning_tokens: None,
    })
}

fn usage(world: &World, run: RunId) -> Usage {
    world.journal.head(run).unwrap().usage
}

fn message(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Ended(end) => &end.message,
        other => panic!("the run must end: {other:?}"),
    }
}

fn overbilled(world: &World) -> Vec<EventKind> {
    let seen = world.seen.0.lock().unwrap();
    let kinds = seen.iter().map(|event| event.kind.clone());
    kinds
        .filter(|kind| matches!(kind, EventKind::ModelOverbilled { .. }))
        .collect()
}

#[tokio::test]
async fn an_answer_is_as_long_as_the_budget_allows_and_settled_for_what_it_cost() {
    let world = priced([Reply::text("Short.").using(tokens(20, 5))]);
    let outcome = run(&world, limited("0.05")).await;
    assert_eq!(ended(&outcome), (RunStatus::Succeeded, EndReason::Answered));
    let allowed = world.model.requests()[0].max_output_tokens.unwrap();
    assert!(
        (4_900..5_000).contains(&allowed),
        "5 cents are at most 5,000 tokens out, a few of them for the request: {allowed}"
    );
    let cost = usd("0.00007");
    assert_eq!(world.ledger.committed(RUN), cost);
    assert_eq!(usage(&world, RUN).cost_usd, Some(cost));
}

#[tokio::test]
async fn without_a_budget_the_answer_is_not_limited_and_yet_counted() {
    let world = priced([Reply::text("Free.").using(tokens(20, 5))]);
    run(&world, spec(&[])).await;
    assert_eq!(world.model.requests()[0].max_output_tokens, None);
    assert_eq!(world.ledger.committed(RUN), usd("0.00007"));
}

#[tokio::test]
async fn a_call_for_which_not_even_a_short_answer_fits_is_not_made_and_the_budget_is_named() {
    // 256 tokens of answer and the request's own.
    let world = priced([Reply::text("Never.")]);
    let outcome = run(&world, limited("0.00259")).await;
    assert_eq!(
        ended(&outcome),
        (RunStatus::Succeeded, EndReason::Answered),
        "the floor fits"
    );
    assert_eq!(world.model.requests()[0].max_output_tokens, Some(256));

    let world = priced([Reply::text("Never.")]);
    let outcome = run(&world, limited("0.0025")).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::OverBudget));
    let said = message(&outcome);
    for part in [
        "this run's budget of $0.0025",
        "256 tokens",
        "$0.00 is spent",
        "$0.00 is reserved",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(world.model.requests().is_empty());
    assert_eq!(world.ledger.committed(RUN), Usd::ZERO);
}

#[tokio::test]
async fn a_call_waits_for_money_that_another_run_holds() {
    let gate = Arc::new(Semaphore::new(0));
    let script = [
        Reply::text("First.").using(tokens(20, 5)).gated(&gate),
        Reply::text("Second.").using(tokens(20, 5)),
    ];
    // 8,192 tokens of answer are 8.2 cents: two of them do not fit.
    let world = budgeted(script, "0.1");
    let other = RunId::from_random([8; 10]);
    let (first, second) = (Control::default(), Control::default());
    let open = async {
        while world.model.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        let second = start(&world.ports, other, spec(&[]), &second);
        let mut second = std::pin::pin!(second);
        for _ in 0..100 {
            assert!(futures::poll!(second.as_mut()).is_pending());
            tokio::task::yield_now().await;
        }
        assert_eq!(world.model.requests().len(), 1, "it waits");
        assert_eq!(
            world.journal.read(other).await.unwrap().len(),
            1,
            "and what happened before is journalled"
        );
        gate.add_permits(1);
        second.await.unwrap()
    };
    let (one, two) = tokio::join!(start(&world.ports, RUN, spec(&[]), &first), open);
    assert_eq!(ended(&one.unwrap()).0, RunStatus::Succeeded);
    assert_eq!(ended(&two).0, RunStatus::Succeeded);
    let limits: Vec<_> = world
        .model
        .requests()
        .iter()
        .map(|request| request.max_output_tokens)
        .collect();
    assert_eq!(limits, [Some(8_192), Some(8_192)], "neither was shortened");
}

#[tokio::test]
async fn who_waits_for_money_can_be_cancelled_and_runs_out_of_time() {
    let world = budgeted([], "0.1");
    // Another run, which never says what it cost.
    let draw = Draw {
        attempt: Attempt {
            run: RunId::from_random([9; 10]),
            step: StepId(1),
            attempt: 1,
        },
        root: RunId::from_random([9; 10]),
        agent: "tester".parse().unwrap(),
        at: world.ports.clock.now(),
        limit: None,
        own: None,
    };
    let all = WorstCase {
        within: usd("0.1"),
        freely: usd("0.1"),
    };
    world.ports.ledger.reserve(&draw, all).await.unwrap();
    let mut spec = spec(&[]);
    spec.limits.timeout_ms = Some(60_000);
    let outcome = run(&world, spec.clone()).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Timeout));

    let control = Control::default();
    let another = RunId::from_random([8; 10]);
    spec.limits.timeout_ms = None;
    let waiting = start(&world.ports, another, spec, &control);
    let cancel = async {
        tokio::task::yield_now().await;
        control.cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(waiting, cancel);
    assert_eq!(ended(&outcome.unwrap()).0, RunStatus::Cancelled);
    assert!(world.model.requests().is_empty());
}

#[tokio::test]
async fn an_attempt_that_was_cut_off_keeps_its_reservation_and_the_cost_is_bounded() {
    let script = [
        Reply::fail(ModelErrorKind::Network, "the line broke"),
        Reply::text("Done.").using(tokens(20, 5)),
    ];
    let world = priced(script);
    let mut spec = limited("1");
    spec.max_output_tokens = Some(1_000);
    let outcome = run(&world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let usage = usage(&world, RUN);
    let most = usage.cost_at_most_usd.unwrap();
    assert_eq!(usage.cost_usd, None, "nobody knows what the first cost");
    assert!(usd("0.01007") < most && most < usd("0.0102"), "{most}");
    assert_eq!(world.ledger.committed(RUN), most);
}

#[tokio::test]
async fn what_was_cut_off_and_has_no_price_is_of_unknown_cost() {
    let mut world = world(
        [
            Reply::fail(ModelErrorKind::Network, "the line broke"),
            Reply::text("Done.").using(tokens(20, 5)),
        ],
        vec![],
    );
    world.ports.prices = Arc::new(FixedPrices::unknown());
    let outcome = run(&world, spec(&[])).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let used = usage(&world, RUN);
    assert_eq!((used.cost_usd, used.cost_at_most_usd), (None, None));
    let mut hangs = super::world([Reply::hang()], vec![]);
    hangs.ports.prices = Arc::new(FixedPrices::unknown());
    let mut spec = spec(&[]);
    spec.limits.timeout_ms = Some(60_000);
    run(&hangs, spec).await;
    assert_eq!(
        usage(&hangs, RUN).cost_usd,
        None,
        "it may have cost anything"
    );
}

#[tokio::test]
async fn what_a_provider_turned_away_costs_nothing() {
    let refused = Reply::fail(ModelErrorKind::RateLimit, "slow down");
    let world = priced([
        refused.clone(),
        refused,
        Reply::text("Done.").using(tokens(20, 5)),
    ]);
    run(&world, limited("1")).await;
    assert_eq!(usage(&world, RUN).cost_usd, Some(usd("0.00007")));
    assert_eq!(world.ledger.committed(RUN), usd("0.00007"));
}

#[tokio::test]
async fn what_runs_out_of_time_in_a_call_is_of_unknown_cost() {
    let world = priced([Reply::hang()]);
    let mut spec = limited("1");
    spec.limits.timeout_ms = Some(60_000);
    spec.max_output_tokens = Some(1_000);
    run(&world, spec).await;
    let usage = usage(&world, RUN);
    assert_eq!(usage.cost_usd, None);
    assert_eq!(usage.cost_at_most_usd, Some(world.ledger.committed(RUN)));
    assert!(usage.cost_at_most_usd > Some(usd("0.01")));
}

#[tokio::test]
async fn a_bill_beyond_what_was_agreed_is_told_and_ends_the_run_before_its_next_call() {
    let script = [
        Reply::calls([("a", "note", json!({}))]).using(tokens(20, 3_000)),
        Reply::text("Never asked."),
    ];
    let mut world = priced(script);
    let note = Arc::new(ScriptedTool::echo("note", Effect::Read));
    world.ports.tools = Arc::new([note.clone() as Arc<dyn Tool>]);
    let mut spec = limited("1");
    spec.tools = super::spec(&[definition("note", Effect::Read)]).tools;
    spec.max_output_tokens = Some(1_000);
    let outcome = run(&world, spec).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::OverBudget));
    for part in ["test billed 3000 tokens", "allowed 1000", "no further call"] {
        assert!(message(&outcome).contains(part), "{}", message(&outcome));
    }
    assert_eq!(world.model.requests().len(), 1);
    assert_eq!(note.calls().len(), 1, "what it had asked for is done");
    let [
        EventKind::ModelOverbilled {
            provider,
            announced_output_tokens: 1_000,
            billed_output_tokens: 3_000,
            reserved_usd,
            beyond_usd,
            ..
        },
    ] = &overbilled(&world)[..]
    else {
        panic!("it is reported once: {:?}", overbilled(&world))
    };
    assert_eq!(provider, "test");
    assert_eq!(
        world.ledger.committed(RUN),
        *reserved_usd,
        "the budget is charged what was agreed"
    );
    assert_eq!(
        usage(&world, RUN).cost_usd,
        Some(reserved_usd.plus(*beyond_usd)),
        "the run's own figures are the real ones"
    );
}

#[tokio::test]
async fn a_request_that_was_longer_than_counted_is_told_and_no_reason_to_stop() {
    let script = [Reply::text("Done.").using(tokens(90_000, 10))];
    let world = priced(script);
    let mut spec = limited("1");
    spec.max_output_tokens = Some(1_000);
    let outcome = run(&world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(overbilled(&world).len(), 1);
    let cost = usage(&world, RUN).cost_usd.unwrap();
    assert!(world.ledger.committed(RUN) < cost);
}

#[tokio::test]
async fn an_unknown_price_is_asked_for_where_a_budget_applies() {
    let mut world = world([Reply::text("Done.").using(tokens(20, 5))], vec![]);
    world.ports.prices = Arc::new(FixedPrices::unknown());
    assert_eq!(
        run(&world, limited("0.5")).await,
        Outcome::Parked(ParkReason::Price)
    );
    assert!(world.model.requests().is_empty());
    let journal = world.journal.read(RUN).await.unwrap();
    let state = fold(&journal).unwrap();
    let asked = state.price_question().unwrap();
    let Question::Price { budgets, .. } = &asked.question else {
        panic!("{asked:?}")
    };
    assert_eq!(budgets[..], ["this run's budget of $0.50"]);
    // The price is known by now: nobody has to answer.
    world.ports.prices = Arc::new(FixedPrices::all(price()));
    let outcome = resume(&world.ports, RUN, None, &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(world.ledger.committed(RUN), usd("0.00007"));
}

#[tokio::test]
async fn without_a_limit_of_money_an_unknown_price_is_no_obstacle() {
    let mut world = world([Reply::text("Done."), Reply::text("Done.")], vec![]);
    world.ports.prices = Arc::new(FixedPrices::unknown());
    let outcome = run(&world, spec(&[])).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(usage(&world, RUN).cost_usd, None);

    let other = RunId::from_random([8; 10]);
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    let outcome = start(&world.ports, other, limited("0.5"), &Control::default())
        .await
        .unwrap();
    assert_eq!(
        ended(&outcome).0,
        RunStatus::Succeeded,
        "waived by a person"
    );
    assert_eq!(usage(&world, other).cost_usd, None);
}

#[tokio::test]
async fn an_answer_about_a_price_is_bound_and_a_refusal_ends_the_run() {
    let mut world = world([Reply::text("Never.")], vec![]);
    world.ports.prices = Arc::new(FixedPrices::unknown());
    run(&world, limited("0.5")).await;
    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let asked = state.price_question().unwrap();
    let answer = |binding, answer| Resolution {
        step: asked.step,
        binding,
        answer,
        by: AnsweredBy::Person,
    };
    let wrong = answer(ContentHash::from_bytes([9; 32]), Answer::Approve);
    let refused = resume(&world.ports, RUN, Some(wrong), &Control::default()).await;
    assert!(
        matches!(refused, Err(DriveError::Illegal(_))),
        "{refused:?}"
    );
    let reason = String::new();
    let deny = answer(asked.binding, Answer::Deny { reason });
    let outcome = resume(&world.ports, RUN, Some(deny), &Control::default())
        .await
        .unwrap();
    assert_eq!(
        ended(&outcome),
        (RunStatus::Failed, EndReason::PriceUnknown)
    );
    assert!(world.model.requests().is_empty());
}

#[tokio::test]
async fn what_was_reserved_and_not_journalled_is_used_again() {
    let world = priced([Reply::text("Done.").using(tokens(20, 5))]);
    // A process that died between the reservation and the journal.
    let draw = Draw {
        attempt: Attempt {
            run: RUN,
            step: StepId(1),
            attempt: 1,
        },
        root: RUN,
        agent: "tester".parse().unwrap(),
        at: world.ports.clock.now(),
        limit: Some(usd("0.1")),
        own: None,
    };
    let most = WorstCase {
        within: usd("0.09"),
        freely: usd("0.09"),
    };
    world.ports.ledger.reserve(&draw, most).await.unwrap();
    let outcome = run(&world, limited("0.1")).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(world.ledger.committed(RUN), usd("0.00007"));
}

#[tokio::test]
async fn a_model_client_that_fails_by_itself_may_have_been_billed() {
    struct Faulty;
    #[async_trait]
    impl Model for Faulty {
        async fn call(
            &self,
            _: &crate::ports::model::ModelRequest,
            _: &dyn crate::ports::model::Deltas,
        ) -> Result<crate::ports::model::ModelResponse, ModelError> {
            panic!("a bug")
        }
    }
    let mut world = priced([]);
    world.ports.model = Arc::new(Faulty);
    run(&world, limited("1")).await;
    assert_eq!(usage(&world, RUN).cost_usd, None);
    assert!(world.ledger.committed(RUN) > Usd::ZERO);
    // A scripted model says the same of every kind.
    let model = ScriptedModel::new([Reply::fail(ModelErrorKind::Quota, "no credit")]);
    let request = world_request();
    let error = model.call(&request, &CollectedDeltas::default()).await;
    assert_eq!(error.unwrap_err().billing, Billing::Nothing);
}

#[tokio::test]
async fn what_costs_nothing_never_asks_the_ledger() {
    struct Closed;
    #[async_trait]
    impl BudgetLedger for Closed {
        async fn reserve(&self, _: &Draw, _: WorstCase) -> Result<Reserved, LedgerError> {
            panic!("nothing is to be reserved")
        }
        async fn forget(&self, _: RunId) -> Result<(), LedgerError> {
            panic!("nothing is to be let go of")
        }
        async fn budgets(&self, _: &Draw) -> Result<Vec<Budget>, LedgerError> {
            panic!("no budget can matter")
        }
        fn seen(&self) -> ledger::Seen {
            panic!("nobody waits")
        }
        async fn freed(&self, _: ledger::Seen) {
            panic!("nobody waits")
        }
    }
    let mut world = world([Reply::text("Free.")], vec![]);
    world.ports.ledger = Arc::new(Closed);
    let outcome = run(&world, limited("0.01")).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(usage(&world, RUN).cost_usd, Some(Usd::ZERO));
}

fn world_request() -> crate::ports::model::ModelRequest {
    crate::ports::model::ModelRequest {
        model: "test/model".parse().unwrap(),
        instructions: "Do it.".into(),
        messages: Vec::new(),
        tools: Arc::new([]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: slipway_contract::model::ToolChoice::Auto,
    }
}
