//! Budgets in the database: sums that stay true, whoever crashes and wherever the person is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use slipway_agent::memory::contract::{ledger, sample};
use slipway_agent::memory::journal::MemoryJournal;
use slipway_agent::memory::lease::MemoryLeases;
use slipway_agent::memory::ledger::MemoryLedger;
use slipway_agent::ports::journal::{Append, Journal};
use slipway_agent::ports::lease::{LEASE, Lease, Leases};
use slipway_agent::ports::ledger::{
    Attempt, BudgetLedger, Cost, Draw, LedgerError, Reserved, Settlement, WorstCase,
};
use slipway_contract::budget::{BudgetKey, BudgetSummary, Period};
use slipway_contract::{AgentName, StepId, Timestamp, Usd};
use slipway_store::Store;

use crate::place::{self, Place};

const AGENTS: [&str; 2] = ["one", "two"];
const INSTANTS: [&str; 4] = [
    "2026-11-22T22:59:59.999Z",
    "2026-11-22T23:00:00Z",
    "2026-11-30T22:00:00Z",
    "2026-12-01T00:00:00Z",
];

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

fn cents(cents: u64) -> Usd {
    Usd(rust_decimal::Decimal::new(i64::try_from(cents).unwrap(), 2))
}

fn agent(name: &str) -> AgentName {
    name.parse().unwrap()
}

fn key(name: Option<&str>, period: Period) -> BudgetKey {
    BudgetKey {
        agent: name.map(agent),
        period,
    }
}

fn person() -> Vec<(BudgetKey, Usd)> {
    vec![
        (key(None, Period::Day), usd("1")),
        (key(None, Period::Month), usd("1.5")),
        (key(Some("one"), Period::Total), usd("1.2")),
        (key(Some("two"), Period::Day), usd("0.6")),
    ]
}

fn just(amount: Usd) -> WorstCase {
    WorstCase {
        within: amount,
        freely: amount,
    }
}

fn draw(run: u64, step: u32, at: &str) -> Draw {
    let run = sample::run_id(run);
    Draw {
        attempt: Attempt {
            run,
            step: StepId(step),
            attempt: 1,
        },
        root: run,
        agent: agent("one"),
        at: at.parse().unwrap(),
        limit: None,
        own: None,
    }
}

async fn settle(journal: &impl Journal, lease: Lease, seq: u64, attempt: Attempt, cost: Cost) {
    let append = Append {
        settled: vec![Settlement { attempt, cost }],
        ..place::append(lease, seq, 1)
    };
    journal.append(append).await.unwrap();
}

#[derive(Debug, Clone)]
enum Step {
    Reserve {
        run: u64,
        step: u32,
        cents: u64,
        agent: usize,
        at: usize,
        limit: Option<u64>,
    },
    Settle {
        run: u64,
        step: u32,
        cost: Outcome,
    },
    /// The process dies, and another opens the database.
    Crash,
}

#[derive(Debug, Clone, Copy)]
enum Outcome {
    Percent(u64),
    Unknown,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let reserve = (
        0..4_u64,
        0..5_u32,
        0..60_u64,
        0..2_usize,
        0..4_usize,
        proptest::option::of(40..160_u64),
    )
        .prop_map(|(run, step, cents, agent, at, limit)| Step::Reserve {
            run,
            step,
            cents,
            agent,
            at,
            limit,
        });
    let outcome = prop_oneof![
        4 => (0..=100_u64).prop_map(Outcome::Percent),
        1 => (101..300_u64).prop_map(Outcome::Percent),
        1 => Just(Outcome::Unknown),
    ];
    let settle = (0..4_u64, 0..5_u32, outcome).prop_map(|(run, step, cost)| Step::Settle {
        run,
        step,
        cost,
    });
    proptest::collection::vec(
        prop_oneof![6 => reserve, 4 => settle, 1 => Just(Step::Crash)],
        1..40,
    )
}

/// An amount of a reservation that is open, or what is left of it.
struct Held {
    amount: Usd,
    settled: bool,
}

async fn interleave(steps: Vec<Step>) {
    let place = Place::new();
    let mut store = place.open_in(ledger::zone()).await;
    for (key, limit) in person() {
        store.set_budget(&key, limit).await.unwrap();
    }
    let model = MemoryLedger::new(person(), ledger::zone());
    let leases = MemoryLeases::new(Arc::new(place.clock.clone()));
    let journal = MemoryJournal::new(leases).settling(model.clone());
    let mut runs: BTreeMap<u64, (Lease, Lease, u64)> = BTreeMap::new();
    for run in 0..4 {
        let new = || sample::new_run(sample::run_id(run), None, sample::events(1, 1));
        let (real, other) = (
            store.create(new()).await.unwrap(),
            journal.create(new()).await.unwrap(),
        );
        runs.insert(run, (real, other, 2));
    }
    let mut held: BTreeMap<Attempt, Held> = BTreeMap::new();
    for step in steps {
        match step {
            Step::Reserve {
                run,
                step,
                cents: amount,
                agent: name,
                at,
                limit,
            } => {
                let draw = Draw {
                    agent: agent(AGENTS[name]),
                    limit: limit.map(cents),
                    ..draw(run, step, INSTANTS[at])
                };
                let amount = cents(amount);
                let real = store.reserve(&draw, just(amount)).await;
                let expected = model.reserve(&draw, just(amount)).await;
                assert_eq!(real, expected, "{draw:?}");
                if real.is_ok() {
                    let held = held.entry(draw.attempt).or_insert(Held {
                        amount,
                        settled: false,
                    });
                    // What the last reservation said is what its call was allowed.
                    held.amount = amount;
                }
            }
            Step::Settle { run, step, cost } => {
                let attempt = draw(run, step, INSTANTS[0]).attempt;
                let Some(held) = held.get_mut(&attempt).filter(|held| !held.settled) else {
                    continue;
                };
                let cost = match cost {
                    Outcome::Unknown => Cost::Unknown,
                    Outcome::Percent(percent) => {
                        let bill = Usd(held.amount.0
                            * rust_decimal::Decimal::new(i64::try_from(percent).unwrap(), 2));
                        let agreed = bill.min(held.amount);
                        Cost::Known {
                            agreed,
                            beyond: bill.minus(agreed),
                        }
                    }
                };
                held.settled = true;
                let (real, other, seq) = runs.get_mut(&run).unwrap();
                settle(&store, *real, *seq, attempt, cost).await;
                settle(&journal, *other, *seq, attempt, cost).await;
                *seq += 1;
            }
            Step::Crash => {
                drop(store);
                store = place.open_in(ledger::zone()).await;
            }
        }
        assert_kept(&place, &store).await;
    }
    place.assert_intact();
}

/// No budget is overspent, and the sums that are kept are those of the attempts.
async fn assert_kept(place: &Place, store: &Store) {
    for budget in store.budget_summaries().await.unwrap() {
        let committed = budget.spent_usd.plus(budget.reserved_usd);
        assert!(committed <= budget.limit_usd, "{budget:?}");
    }
    let connection = place.sql();
    let mut kept = connection
        .prepare("SELECT agent, since, until, spent_usd, reserved_usd, beyond_usd FROM spend")
        .unwrap();
    let kept = kept
        .query_map([], |row| {
            let text = |column: usize| row.get::<_, String>(column);
            let time = |column: usize| row.get::<_, i64>(column);
            Ok((text(0)?, time(1)?, time(2)?, [text(3)?, text(4)?, text(5)?]))
        })
        .unwrap();
    for (agent, since, until, sums) in kept.map(Result::unwrap) {
        let mut spent = Usd::ZERO;
        let mut reserved = Usd::ZERO;
        let mut beyond = Usd::ZERO;
        let mut attempts = connection
            .prepare(
                "SELECT agent, amount_usd, settled_usd, beyond_usd FROM reservations \
                 WHERE at >= ?1 AND at < ?2",
            )
            .unwrap();
        let attempts = attempts
            .query_map([since, until], |row| {
                let agent: String = row.get(0)?;
                let amount: String = row.get(1)?;
                Ok((
                    agent,
                    amount,
                    row.get::<_, Option<String>>(2)?,
                    row.get::<_, Option<String>>(3)?,
                ))
            })
            .unwrap();
        for (name, amount, settled, more) in attempts.map(Result::unwrap) {
            if !agent.is_empty() && name != agent {
                continue;
            }
            match settled {
                Some(settled) => spent = spent.plus(usd(&settled)),
                None => reserved = reserved.plus(usd(&amount)),
            }
            beyond = beyond.plus(more.map_or(Usd::ZERO, |more| usd(&more)));
        }
        assert_eq!(
            sums.map(|sum| usd(&sum)),
            [spent, reserved, beyond],
            "{agent:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_interleaving_overspends_and_the_sums_stay_true(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(interleave(steps));
    }
}

fn summary(summaries: &[BudgetSummary], key: &BudgetKey) -> (Usd, Usd, Usd, Usd) {
    let found = summaries.iter().find(|summary| summary.key == *key);
    let BudgetSummary {
        spent_usd,
        reserved_usd,
        beyond_usd,
        left_usd,
        ..
    } = found.unwrap();
    (*spent_usd, *reserved_usd, *beyond_usd, *left_usd)
}

#[tokio::test]
async fn a_budget_that_is_set_later_knows_what_was_spent_before() {
    let place = Place::new();
    let store = place.open().await;
    let now = place.now();
    let lease = place::run_with(&store, 1, 1).await;
    let first = Draw {
        at: now,
        ..draw(1, 1, INSTANTS[0])
    };
    assert_eq!(
        store.reserve(&first, just(usd("0.4"))).await,
        Ok(Reserved::Freely)
    );
    let cost = Cost::Known {
        agreed: usd("0.3"),
        beyond: usd("0.1"),
    };
    settle(&store, lease, 2, first.attempt, cost).await;
    let second = Draw {
        at: now,
        ..draw(1, 2, INSTANTS[0])
    };
    store.reserve(&second, just(usd("0.2"))).await.unwrap();

    let of_one = key(Some("one"), Period::Month);
    store.set_budget(&of_one, usd("1")).await.unwrap();
    let other = key(Some("two"), Period::Total);
    store.set_budget(&other, usd("7")).await.unwrap();
    let summaries = store.budget_summaries().await.unwrap();
    assert_eq!(
        summary(&summaries, &of_one),
        (usd("0.3"), usd("0.2"), usd("0.1"), usd("0.4"))
    );
    assert_eq!(
        summary(&summaries, &other),
        (Usd::ZERO, Usd::ZERO, Usd::ZERO, usd("7"))
    );
    let third = Draw {
        at: now,
        ..draw(1, 3, INSTANTS[0])
    };
    assert!(store.reserve(&third, just(usd("0.41"))).await.is_err());
    assert!(store.remove_budget(&of_one).await.unwrap());
    assert!(!store.remove_budget(&of_one).await.unwrap(), "it is gone");
    assert_eq!(
        store.reserve(&third, just(usd("9"))).await,
        Ok(Reserved::Freely)
    );
}

#[tokio::test]
async fn a_person_who_travels_has_the_days_of_where_they_are() {
    let place = Place::new();
    let utc = place.open_in(TimeZone::UTC).await;
    let day = key(None, Period::Day);
    utc.set_budget(&day, usd("1")).await.unwrap();
    let evening = draw(1, 1, "2026-11-22T23:30:00Z");
    utc.reserve(&evening, just(usd("0.9"))).await.unwrap();
    let early = draw(2, 1, "2026-11-23T00:30:00Z");
    utc.reserve(&early, just(usd("0.9"))).await.unwrap();
    utc.close().await;

    // Further east both are of one day.
    let berlin = place.open_in(ledger::zone()).await;
    let third = draw(3, 1, "2026-11-23T01:00:00Z");
    let refused = berlin.reserve(&third, just(usd("0.05"))).await;
    let Err(LedgerError::OverBudget(shortfall)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(shortfall.reserved, usd("1.8"));
}

async fn outstanding(store: &Store, at: Timestamp) -> Usd {
    let tried = Draw {
        at,
        ..draw(9, 1, INSTANTS[0])
    };
    match store.reserve(&tried, just(usd("1"))).await {
        Err(LedgerError::OverBudget(shortfall)) => shortfall.outstanding,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_what_a_living_run_holds_is_waited_for() {
    let place = Place::new();
    let store = place.open().await;
    let total = key(None, Period::Total);
    store.set_budget(&total, usd("1")).await.unwrap();
    let now = place.now();
    let held = Draw {
        at: now,
        ..draw(1, 1, INSTANTS[0])
    };
    store.reserve(&held, just(usd("0.6"))).await.unwrap();
    assert_eq!(
        outstanding(&store, now).await,
        usd("0.6"),
        "a run that is being made has no lease yet"
    );
    let lease = place::run_with(&store, 1, 1).await;
    assert_eq!(outstanding(&store, now).await, usd("0.6"), "it is driven");
    place.clock.advance(LEASE + Duration::from_secs(1));
    assert_eq!(
        outstanding(&store, now).await,
        Usd::ZERO,
        "its process is gone, and nobody will settle"
    );
    store.renew(&lease).await.unwrap();
    assert_eq!(outstanding(&store, now).await, usd("0.6"));
    settle(&store, lease, 2, held.attempt, Cost::Unknown).await;
    assert_eq!(outstanding(&store, now).await, Usd::ZERO, "nobody knows");
}

#[tokio::test]
async fn what_was_billed_counts_also_where_nothing_was_reserved() {
    let place = Place::new();
    let store = place.open().await;
    let lease = place::run_with(&store, 1, 1).await;
    let attempt = draw(1, 1, INSTANTS[0]).attempt;
    let cost = Cost::Known {
        agreed: usd("0.3"),
        beyond: Usd::ZERO,
    };
    settle(&store, lease, 2, attempt, cost).await;
    let agent = sample::spec().agent;
    let total = BudgetKey {
        agent: Some(agent),
        period: Period::Total,
    };
    store.set_budget(&total, usd("1")).await.unwrap();
    let summaries = store.budget_summaries().await.unwrap();
    assert_eq!(
        summary(&summaries, &total),
        (usd("0.3"), Usd::ZERO, Usd::ZERO, usd("0.7"))
    );
}
