//! Runs that are driven over the real store, whose writes fail: what was set aside for calls that
//! never began comes free.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use slipway_agent::driver::{self, Control, DriveError, Outcome, Ports};
use slipway_agent::event::Event;
use slipway_agent::memory::approvals::NoApprovals;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::contract::sample;
use slipway_agent::memory::model::{Reply, ScriptedModel};
use slipway_agent::memory::prices::{FixedPrices, SimpleTokenCounter};
use slipway_agent::memory::random::SeededRandom;
use slipway_agent::memory::tool::{ScriptedTool, definition};
use slipway_agent::ports::journal::{Journal, JournalError};
use slipway_agent::ports::lease::LEASE;
use slipway_agent::ports::ledger::{Attempt, BudgetLedger, Draw, WorstCase};
use slipway_agent::ports::tool::Tool;
use slipway_agent::spec::{RunSpec, ToolSpec};
use slipway_contract::budget::{BudgetKey, Period};
use slipway_contract::model::Price;
use slipway_contract::run::{RunStatus, Tokens};
use slipway_contract::tool::Effect;
use slipway_contract::{RunId, StepId, Usd};
use slipway_store::{Options, Store, Synchronous};

use crate::place::Place;

const RUN: RunId = RunId::from_random([7; 10]);

const TOTAL: BudgetKey = BudgetKey {
    agent: None,
    period: Period::Total,
};

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

/// A store with a budget of a dollar, and a model that asks for a tool and then answers.
struct Desk {
    place: Place,
    store: Store,
    ports: Ports,
    model: Arc<ScriptedModel>,
}

impl Desk {
    async fn new() -> Self {
        let place = Place::new();
        // Time passes only where the rest waits.
        let clock = Arc::new(ManualClock::automatic());
        let options = Options {
            synchronous: Synchronous::Normal,
            ..Options::new(clock.clone())
        };
        let store = Store::open(&place.path(), options).await.unwrap();
        store.set_budget(&TOTAL, usd("1")).await.unwrap();
        let tokens = Some(Tokens {
            input_tokens: 20,
            output_tokens: 5,
            ..Tokens::default()
        });
        let script = [
            Reply::calls([("a", "read", json!({}))]).using(tokens),
            Reply::text("Done.").using(tokens),
            Reply::text("Done again.").using(tokens),
        ];
        let model = Arc::new(ScriptedModel::new(script).on(clock.clone()));
        let read: Arc<dyn Tool> = Arc::new(ScriptedTool::echo("read", Effect::Read));
        let ports = Ports {
            model: model.clone(),
            tools: Arc::new([read]),
            approvals: Arc::new(NoApprovals),
            journal: Arc::new(store.clone()),
            leases: Arc::new(store.clone()),
            ledger: Arc::new(store.clone()),
            prices: Arc::new(FixedPrices::all(Price {
                input: usd("1"),
                cached_input: usd("0.1"),
                dearer: None,
                output: usd("10"),
                ..Price::FREE
            })),
            tokens: Arc::new(SimpleTokenCounter),
            clock,
            random: Arc::new(SeededRandom::new(1)),
            observer: Arc::new(()),
            wire: Arc::new(()),
        };
        Self {
            place,
            store,
            ports,
            model,
        }
    }

    fn spec() -> RunSpec {
        let mut spec = sample::spec();
        spec.missing.clear();
        spec.limits.budget_usd = None;
        spec.tools = vec![ToolSpec {
            definition: definition("read", Effect::Read),
            approval: None,
            reconciles: false,
        }];
        spec
    }

    async fn start(&self) -> Result<Outcome, DriveError> {
        driver::start(&self.ports, RUN, Self::spec(), &Control::default()).await
    }

    /// From now on the database refuses events from this number on.
    fn refuse_from(&self, seq: u64) {
        let sql = format!(
            "CREATE TRIGGER refused BEFORE INSERT ON events WHEN NEW.seq >= {seq} \
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        );
        self.place.sql().execute_batch(&sql).unwrap();
    }

    fn accept(&self) {
        let sql = "DROP TRIGGER refused";
        self.place.sql().execute_batch(sql).unwrap();
    }

    /// What is spent and what is reserved, of all there is.
    async fn sums(&self) -> (Usd, Usd) {
        let summaries = self.store.budget_summaries().await.unwrap();
        let of_all = summaries.iter().find(|summary| summary.key == TOTAL);
        let of_all = of_all.unwrap();
        (of_all.spent_usd, of_all.reserved_usd)
    }
}

fn is_refused(outcome: Result<Outcome, DriveError>) {
    let Err(DriveError::Journal(JournalError::Storage(why))) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(why.contains("the disk is full"), "{why}");
}

fn status(outcome: Outcome) -> RunStatus {
    match outcome {
        Outcome::Ended(end) => end.status,
        other => panic!("{other:?}"),
    }
}

/// What the first answer costs.
const FIRST: &str = "0.00007";

#[tokio::test]
async fn what_was_set_aside_for_a_call_whose_append_failed_is_free_once_the_run_is_cancelled() {
    let desk = Desk::new().await;
    // 1 started, 2 asked, 3 answered, 4 the tool, 5 its result, 6 asked again.
    desk.refuse_from(5);
    is_refused(desk.start().await);
    let (spent, reserved) = desk.sums().await;
    assert_eq!(spent, usd(FIRST));
    assert!(
        reserved > usd("0.08"),
        "the second call's money: {reserved}"
    );
    desk.accept();
    let outcome = driver::cancel(&desk.ports, RUN).await.unwrap();
    assert_eq!(status(outcome), RunStatus::Cancelled);
    assert_eq!(desk.sums().await, (usd(FIRST), Usd::ZERO));
    assert_eq!(desk.model.requests().len(), 1);
    desk.place.assert_intact();
}

#[tokio::test]
async fn what_was_set_aside_for_a_step_that_became_another_is_free_once_the_run_has_ended() {
    let desk = Desk::new().await;
    // Step 2 is to be the second call: the process dies with its money set aside.
    desk.refuse_from(1);
    is_refused(desk.start().await);
    desk.accept();
    let orphan = Attempt {
        run: RUN,
        step: StepId(2),
        attempt: 1,
    };
    let draw = Draw {
        attempt: orphan,
        root: RUN,
        agent: sample::spec().agent,
        at: desk.ports.clock.now(),
        limit: None,
        own: None,
    };
    let most = WorstCase {
        within: usd("0.3"),
        freely: usd("0.3"),
    };
    desk.ports.ledger.reserve(&draw, most).await.unwrap();
    // Another answer makes step 2 a tool call, and the second call is step 3.
    assert_eq!(status(desk.start().await.unwrap()), RunStatus::Succeeded);
    let announced = desk.store.read(RUN).await.unwrap();
    let announced = announced
        .iter()
        .filter_map(|recorded| match recorded.event {
            Event::ModelRequested { step, .. } => Some(step),
            _ => None,
        });
    assert_eq!(announced.collect::<Vec<_>>(), [StepId(1), StepId(3)]);
    assert_eq!(desk.sums().await, (usd("0.00014"), Usd::ZERO));
}

#[tokio::test]
async fn a_call_whose_outcome_nobody_knows_keeps_its_money_when_the_run_ends() {
    let desk = Desk::new().await;
    // The first answer comes, and cannot be written down.
    desk.refuse_from(3);
    is_refused(desk.start().await);
    let (_, reserved) = desk.sums().await;
    assert!(reserved > usd("0.08"), "{reserved}");
    desk.accept();
    driver::cancel(&desk.ports, RUN).await.unwrap();
    assert_eq!(desk.sums().await, (Usd::ZERO, reserved));
}

#[tokio::test]
async fn a_run_that_could_not_be_made_holds_no_money() {
    let desk = Desk::new().await;
    desk.refuse_from(1);
    is_refused(desk.start().await);
    let unknown = desk.store.read(RUN).await;
    assert_eq!(unknown, Err(JournalError::Unknown(RUN)));
    assert_eq!(desk.sums().await, (Usd::ZERO, Usd::ZERO));
    desk.accept();
    assert_eq!(status(desk.start().await.unwrap()), RunStatus::Succeeded);
}

#[tokio::test]
async fn who_died_before_making_its_run_holds_no_money_for_long() {
    let desk = Desk::new().await;
    let draw = |run, at| Draw {
        attempt: Attempt {
            run,
            step: StepId(1),
            attempt: 1,
        },
        root: run,
        agent: sample::spec().agent,
        at,
        limit: None,
        own: None,
    };
    let all = WorstCase {
        within: usd("1"),
        freely: usd("1"),
    };
    let (dead, next) = (sample::run_id(1), sample::run_id(2));
    let at = || desk.ports.clock.now();
    desk.store.reserve(&draw(dead, at()), all).await.unwrap();
    desk.ports.clock.sleep(LEASE).await;
    assert_eq!(desk.sums().await, (Usd::ZERO, usd("1")), "it may be alive");
    desk.ports.clock.sleep(Duration::from_secs(1)).await;
    desk.store.reserve(&draw(next, at()), all).await.unwrap();
    // It only slept, and finds that others have the money.
    let late = slipway_agent::ports::journal::NewRun {
        reserved: vec![draw(dead, at()).attempt],
        ..sample::new_run(dead, None, sample::events(1, 1))
    };
    let refused = desk.store.create(late).await;
    assert_eq!(refused, Err(JournalError::Unreserved(dead)));

    desk.ports.clock.sleep(LEASE + Duration::from_secs(1)).await;
    assert_eq!(
        desk.sums().await,
        (Usd::ZERO, Usd::ZERO),
        "who looks at the budgets is not told of the dead"
    );
}
