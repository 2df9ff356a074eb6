//! What a budget ledger promises, together with the journal whose appends settle.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use futures::future::join_all;
use jiff::tz::TimeZone;
use slipway_contract::budget::{BudgetKey, Period};
use slipway_contract::{AgentName, RunId, StepId, Timestamp, Usd};
use tokio::sync::Mutex;

use super::sample::{new_run, returned, run_id, running, started, succeeded};
use crate::ports::journal::{Append, Journal, JournalError, NewRun};
use crate::ports::lease::Lease;
use crate::ports::ledger::{
    Attempt, Budget, BudgetLedger, Cost, Draw, LedgerError, Reserved, Scope, Settlement, Shortfall,
    WorstCase,
};

/// The time zone of the person whose ledger is tested, which has summer time.
#[must_use]
pub fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

/// A ledger with the runs that draw from it.
pub struct Bench<L, J> {
    ledger: L,
    journal: J,
    runs: Mutex<HashMap<RunId, (Lease, u64)>>,
}

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn agent(name: &str) -> AgentName {
    name.parse().unwrap()
}

fn attempt(run: RunId, step: u32) -> Attempt {
    Attempt {
        run,
        step: StepId(step),
        attempt: 1,
    }
}

fn draw(attempt: Attempt, limit: Option<&str>) -> Draw {
    Draw {
        attempt,
        root: attempt.run,
        agent: agent("expense-report"),
        at: at("2026-11-22T12:00:00Z"),
        limit: limit.map(usd),
        own: None,
    }
}

fn key(name: Option<&str>, period: Period) -> BudgetKey {
    BudgetKey {
        agent: name.map(agent),
        period,
    }
}

fn known(agreed: &str, beyond: &str) -> Cost {
    Cost::Known {
        agreed: usd(agreed),
        beyond: usd(beyond),
    }
}

fn over(scope: Scope, limit: &str, [amount, spent, reserved, outstanding]: [&str; 4]) -> Tried {
    Err(LedgerError::OverBudget(Box::new(Shortfall {
        budget: Budget {
            scope,
            limit: usd(limit),
        },
        amount: usd(amount),
        spent: usd(spent),
        reserved: usd(reserved),
        outstanding: usd(outstanding),
    })))
}

type Tried = Result<Reserved, LedgerError>;

impl<L: BudgetLedger, J: Journal> Bench<L, J> {
    /// A bench over a ledger, and the journal of the same store.
    pub fn new((ledger, journal): (L, J)) -> Self {
        Self {
            ledger,
            journal,
            runs: Mutex::default(),
        }
    }

    /// Reserves for a run of this limit that is there and driven.
    async fn reserve(&self, draw: &Draw, amount: &str) -> Tried {
        self.begin(draw.attempt.run).await;
        self.ledger.reserve(draw, just(amount)).await
    }

    async fn begin(&self, run: RunId) {
        let mut runs = self.runs.lock().await;
        if let Entry::Vacant(place) = runs.entry(run) {
            let new = new_run(run, None, vec![started(1)]);
            place.insert((self.journal.create(new).await.unwrap(), 1));
        }
    }

    async fn settle(&self, attempt: Attempt, cost: Cost) {
        self.begin(attempt.run).await;
        let mut runs = self.runs.lock().await;
        let (lease, last) = runs.get_mut(&attempt.run).unwrap();
        *last += 1;
        let append = Append {
            run: attempt.run,
            token: lease.token,
            events: vec![returned(*last, "x".into())],
            head: running(),
            settled: vec![Settlement { attempt, cost }],
            announced: None,
            release: false,
        };
        self.journal.append(append).await.unwrap();
    }
}

fn just(amount: &str) -> WorstCase {
    WorstCase {
        within: usd(amount),
        freely: usd(amount),
    }
}

/// `make` gives an empty ledger of a person in [`zone`] with these budgets each time, and the
/// journal that settles in it.
pub async fn ledger_contract<L: BudgetLedger, J: Journal>(
    make: impl AsyncFn(Vec<(BudgetKey, Usd)>) -> (L, J),
) {
    let bench = async || Bench::new(make(Vec::new()).await);
    sums_are_exact(&bench().await).await;
    an_attempt_counts_once(&bench().await).await;
    a_settled_call_counts_what_it_cost(&bench().await).await;
    what_was_billed_beyond_counts_beside(&bench().await).await;
    an_unknown_outcome_keeps_its_reservation(&bench().await).await;
    runs_are_apart_and_sub_runs_are_not(&bench().await).await;
    a_run_that_draws_from_another_keeps_its_own_limit_too(&bench().await).await;
    without_a_budget_everything_fits_and_counts(&bench().await).await;
    nothing_is_overspent_at_once(&bench().await).await;
    a_settlement_is_heard_of(&bench().await).await;
    a_refused_append_settles_nothing(&bench().await).await;
    an_end_lets_go_of_what_was_never_announced(&bench().await).await;
    a_run_that_was_not_made_holds_nothing(&bench().await).await;
    a_run_is_made_with_its_reservation_or_not_at_all(&bench().await).await;

    let person = vec![
        (key(None, Period::Day), usd("1")),
        (key(None, Period::Month), usd("2")),
        (key(Some("expense-report"), Period::Day), usd("0.8")),
        (key(Some("other"), Period::Day), usd("0.1")),
    ];
    let bench = async || Bench::new(make(person.clone()).await);
    all_or_nothing(&bench().await).await;
    periods_begin_anew(&bench().await).await;
    the_instant_of_the_reservation_decides(&bench().await).await;
}

async fn sums_are_exact<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(1);
    let call = |step| draw(attempt(run, step), Some("0.3"));
    assert_eq!(bench.reserve(&call(1), "0.1").await, Ok(Reserved::Within));
    assert_eq!(bench.reserve(&call(2), "0.2").await, Ok(Reserved::Within));
    assert_eq!(
        bench.reserve(&call(3), "0.0000001").await,
        over(Scope::Run(run), "0.3", ["0.0000001", "0", "0.3", "0"]),
        "0.1 and 0.2 are exactly 0.3"
    );
    assert_eq!(bench.reserve(&call(4), "0").await, Ok(Reserved::Within));
}

async fn an_attempt_counts_once<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(2);
    let first = draw(attempt(run, 1), Some("1"));
    for _ in 0..3 {
        bench.reserve(&first, "0.6").await.unwrap();
    }
    let again = Attempt {
        attempt: 2,
        ..attempt(run, 1)
    };
    let again = draw(again, Some("1"));
    let scope = || Scope::Run(run);
    assert_eq!(
        bench.reserve(&again, "0.6").await,
        over(scope(), "1", ["0.6", "0", "0.6", "0"]),
        "a second attempt is another call, and the run's own is not waited for"
    );
    bench.reserve(&first, "0.9").await.unwrap();
    bench.reserve(&first, "0.3").await.unwrap();
    assert_eq!(
        bench.reserve(&again, "0.2").await,
        over(scope(), "1", ["0.2", "0", "0.9", "0"]),
        "the larger amount counts"
    );
    assert_eq!(
        bench.reserve(&first, "1.1").await,
        over(scope(), "1", ["1.1", "0", "0", "0"]),
        "a larger amount must fit too"
    );
}

async fn a_settled_call_counts_what_it_cost<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(3);
    let call = |step| draw(attempt(run, step), Some("1"));
    bench.reserve(&call(1), "0.9").await.unwrap();
    bench
        .settle(attempt(run, 1), known("0.123456789", "0"))
        .await;
    assert_eq!(
        bench.reserve(&call(2), "0.9").await,
        over(Scope::Run(run), "1", ["0.9", "0.123456789", "0", "0"])
    );
    bench.reserve(&call(2), "0.876543211").await.unwrap();
    assert_eq!(
        bench.reserve(&call(1), "0.9").await,
        Ok(Reserved::Within),
        "a settled attempt is not reserved again"
    );
    bench.settle(attempt(run, 2), Cost::NOTHING).await;
    bench.reserve(&call(3), "0.876543211").await.unwrap();
}

async fn what_was_billed_beyond_counts_beside<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(4);
    let call = |step| draw(attempt(run, step), Some("1"));
    bench.reserve(&call(1), "0.5").await.unwrap();
    bench.settle(attempt(run, 1), known("0.5", "2")).await;
    assert_eq!(
        bench.reserve(&call(2), "0.01").await,
        over(Scope::Run(run), "1", ["0.01", "2.5", "0", "0"]),
        "what was billed beyond leaves nothing"
    );
}

async fn an_unknown_outcome_keeps_its_reservation<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
) {
    let (run, other) = (run_id(5), run_id(6));
    let child = |step| Draw {
        root: run,
        ..draw(attempt(other, step), Some("1"))
    };
    bench
        .reserve(&draw(attempt(run, 1), Some("1")), "0.4")
        .await
        .unwrap();
    bench.reserve(&child(1), "0.5").await.unwrap();
    let scope = || Scope::Run(run);
    assert_eq!(
        bench
            .reserve(&draw(attempt(run, 2), Some("1")), "0.2")
            .await,
        over(scope(), "1", ["0.2", "0", "0.9", "0.5"]),
        "what another run has under way may come free"
    );
    bench.settle(attempt(other, 1), Cost::Unknown).await;
    assert_eq!(
        bench
            .reserve(&draw(attempt(run, 2), Some("1")), "0.2")
            .await,
        over(scope(), "1", ["0.2", "0", "0.9", "0"]),
        "what nobody knows the outcome of does not"
    );
}

async fn runs_are_apart_and_sub_runs_are_not<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let (one, other, child) = (run_id(7), run_id(8), run_id(9));
    bench
        .reserve(&draw(attempt(one, 1), Some("1")), "1")
        .await
        .unwrap();
    bench
        .reserve(&draw(attempt(other, 1), Some("1")), "0.7")
        .await
        .expect("another run has its own budget");
    let of_other = Draw {
        root: other,
        ..draw(attempt(child, 1), Some("1"))
    };
    assert_eq!(
        bench.reserve(&of_other, "0.4").await,
        over(Scope::Shared(other), "1", ["0.4", "0", "0.7", "0.7"]),
        "what a run starts draws from its budget"
    );
    bench.reserve(&of_other, "0.3").await.unwrap();
    bench.settle(attempt(child, 1), known("0.25", "0")).await;
    assert_eq!(
        bench
            .reserve(&draw(attempt(other, 2), Some("1")), "0.06")
            .await,
        over(Scope::Run(other), "1", ["0.06", "0.25", "0.7", "0"])
    );
}

async fn a_run_that_draws_from_another_keeps_its_own_limit_too<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
) {
    let (together, one, other) = (run_id(30), run_id(31), run_id(32));
    let of = |run, step| Draw {
        root: together,
        own: Some(usd("0.5")),
        ..draw(attempt(run, step), Some("0.8"))
    };
    bench.reserve(&of(one, 1), "0.4").await.unwrap();
    bench.settle(attempt(one, 1), known("0.3", "0")).await;
    assert_eq!(
        bench.reserve(&of(one, 2), "0.25").await,
        over(Scope::Run(one), "0.5", ["0.25", "0.3", "0", "0"]),
        "the shared budget would have room for it"
    );
    bench.reserve(&of(one, 2), "0.2").await.unwrap();
    assert_eq!(
        bench.reserve(&of(other, 1), "0.4").await,
        over(Scope::Shared(together), "0.8", ["0.4", "0.3", "0.2", "0.2"]),
        "its own would have"
    );
    bench.reserve(&of(other, 1), "0.3").await.unwrap();
}

async fn without_a_budget_everything_fits_and_counts<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
) {
    let run = run_id(10);
    bench.begin(run).await;
    let worst = WorstCase {
        within: usd("1"),
        freely: usd("70"),
    };
    let free = draw(attempt(run, 1), None);
    assert_eq!(bench.ledger.budgets(&free).await, Ok(Vec::new()));
    assert_eq!(
        bench.ledger.reserve(&free, worst).await,
        Ok(Reserved::Freely)
    );
    let bounded = draw(attempt(run, 2), Some("71"));
    assert_eq!(
        bench.ledger.budgets(&bounded).await,
        Ok(vec![Budget {
            scope: Scope::Run(run),
            limit: usd("71")
        }])
    );
    bench.ledger.reserve(&bounded, worst).await.unwrap();
    let third = draw(attempt(run, 3), Some("71"));
    assert_eq!(
        bench.ledger.reserve(&third, worst).await,
        over(Scope::Run(run), "71", ["1", "0", "71", "0"]),
        "what was reserved freely counts too"
    );
}

async fn nothing_is_overspent_at_once<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(11);
    bench.begin(run).await;
    let draws: Vec<Draw> = (0..32)
        .map(|step| draw(attempt(run, step), Some("1")))
        .collect();
    let calls = draws
        .iter()
        .map(|draw| bench.ledger.reserve(draw, just("0.1")));
    let granted = join_all(calls).await.into_iter().filter(Result::is_ok);
    assert_eq!(granted.count(), 10, "ten calls of 0.1 fit a budget of 1");
}

async fn a_settlement_is_heard_of<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(12);
    bench
        .reserve(&draw(attempt(run, 1), Some("1")), "1")
        .await
        .unwrap();
    let before = bench.ledger.seen();
    bench.settle(attempt(run, 1), Cost::NOTHING).await;
    assert!(before < bench.ledger.seen(), "there is something new");
    bench.ledger.freed(before).await;
}

async fn a_refused_append_settles_nothing<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let run = run_id(13);
    bench
        .reserve(&draw(attempt(run, 1), Some("1")), "1")
        .await
        .unwrap();
    let runs = bench.runs.lock().await;
    let (lease, last) = runs[&run];
    let append = Append {
        run,
        token: lease.token,
        events: vec![returned(last + 2, "a gap".into())],
        head: running(),
        settled: vec![Settlement {
            attempt: attempt(run, 1),
            cost: Cost::NOTHING,
        }],
        announced: None,
        release: false,
    };
    bench.journal.append(append).await.unwrap_err();
    let second = draw(attempt(run, 2), Some("1"));
    assert_eq!(
        bench.ledger.reserve(&second, just("0.1")).await,
        over(Scope::Run(run), "1", ["0.1", "0", "1", "0"]),
        "money and outcome are one"
    );
}

/// Ends the run, which announced these attempts.
async fn end<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
    run: RunId,
    announced: Vec<Attempt>,
) -> Result<(), JournalError> {
    let (lease, last) = bench.runs.lock().await[&run];
    let append = Append {
        run,
        token: lease.token,
        events: vec![returned(last + 1, "the last".into())],
        head: succeeded("x".into()),
        settled: vec![],
        announced: Some(announced),
        release: true,
    };
    bench.journal.append(append).await
}

async fn an_end_lets_go_of_what_was_never_announced<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
) {
    let (run, other) = (run_id(14), run_id(15));
    let call = |step| draw(attempt(run, step), Some("1"));
    let of_run = |step| Draw {
        root: run,
        ..draw(attempt(other, step), Some("1"))
    };
    bench.reserve(&call(1), "0.1").await.unwrap();
    bench.settle(attempt(run, 1), known("0.1", "0")).await;
    bench.reserve(&call(2), "0.2").await.unwrap();
    bench.settle(attempt(run, 2), Cost::Unknown).await;
    bench.reserve(&call(3), "0.3").await.unwrap();
    bench.reserve(&call(4), "0.05").await.unwrap();
    bench.reserve(&of_run(1), "0.25").await.unwrap();
    let before = bench.ledger.seen();
    let announced = [1, 2, 4].map(|step| attempt(run, step));
    end(bench, run, announced.to_vec()).await.unwrap();
    bench.ledger.freed(before).await;
    assert_eq!(
        bench.reserve(&of_run(2), "0.41").await,
        over(Scope::Shared(run), "1", ["0.41", "0.1", "0.5", "0.05"]),
        "0.3 are free: what was announced stays, and so does what another run reserved"
    );
    bench.reserve(&of_run(2), "0.4").await.unwrap();
}

async fn a_run_that_was_not_made_holds_nothing<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let (run, child) = (run_id(16), run_id(17));
    bench.begin(run).await;
    let of_child = |step| Draw {
        root: run,
        ..draw(attempt(child, step), Some("1"))
    };
    bench
        .ledger
        .reserve(&of_child(1), just("0.9"))
        .await
        .unwrap();
    let before = bench.ledger.seen();
    bench.ledger.forget(child).await.unwrap();
    bench.ledger.freed(before).await;
    bench.reserve(&of_child(1), "1").await.unwrap();
    bench.ledger.forget(child).await.unwrap();
    assert_eq!(
        bench.ledger.reserve(&of_child(2), just("0.1")).await,
        over(Scope::Shared(run), "1", ["0.1", "0", "1", "0"]),
        "nothing of a run that is there is forgotten"
    );
}

async fn a_run_is_made_with_its_reservation_or_not_at_all<L: BudgetLedger, J: Journal>(
    bench: &Bench<L, J>,
) {
    let run = run_id(18);
    let first = draw(attempt(run, 1), Some("1"));
    let new = || NewRun {
        reserved: vec![first.attempt],
        ..new_run(run, None, vec![started(1)])
    };
    let refused = bench.journal.create(new()).await;
    assert_eq!(refused, Err(JournalError::Unreserved(run)));
    let unknown = bench.journal.read(run).await;
    assert_eq!(unknown, Err(JournalError::Unknown(run)));
    bench.ledger.reserve(&first, just("1")).await.unwrap();
    bench.journal.create(new()).await.unwrap();
}

fn drawn(run: u64, name: &str, instant: &str, limit: Option<&str>) -> Draw {
    Draw {
        agent: agent(name),
        at: at(instant),
        ..draw(attempt(run_id(run), 1), limit)
    }
}

async fn all_or_nothing<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let noon = "2026-11-22T12:00:00Z";
    let call = |run, limit| drawn(run, "expense-report", noon, limit);
    bench.reserve(&call(20, Some("5")), "0.7").await.unwrap();
    let of_agent = || Scope::Person(key(Some("expense-report"), Period::Day));
    assert_eq!(
        bench.reserve(&call(21, Some("5")), "0.2").await,
        over(of_agent(), "0.8", ["0.2", "0", "0.7", "0.7"]),
        "the budget that leaves least is told"
    );
    let stranger = drawn(22, "third", noon, Some("5"));
    bench
        .reserve(&stranger, "0.3")
        .await
        .expect("what was refused left nothing behind in any budget");
    let own = bench.reserve(&call(23, Some("0.05")), "0.06").await;
    assert!(
        own.is_err(),
        "the run's own budget counts beside the others"
    );
    assert_eq!(
        bench.reserve(&drawn(24, "third", noon, None), "0.01").await,
        over(
            Scope::Person(key(None, Period::Day)),
            "1",
            ["0.01", "0", "1", "1"]
        ),
        "all agents together"
    );
}

async fn periods_begin_anew<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    // Summer time: the person's midnight is 22:00 in UTC.
    let last = "2026-06-30T21:59:59.999Z";
    let call = |run, instant| drawn(run, "third", instant, None);
    bench
        .reserve(&call(30, "2026-06-29T22:00:00Z"), "0.4")
        .await
        .unwrap();
    bench
        .settle(attempt(run_id(30), 1), known("0.4", "0"))
        .await;
    bench.reserve(&call(31, last), "0.6").await.unwrap();
    let day = || Scope::Person(key(None, Period::Day));
    assert_eq!(
        bench.reserve(&call(32, last), "0.1").await,
        over(day(), "1", ["0.1", "0.4", "0.6", "0.6"])
    );
    bench
        .reserve(&call(33, "2026-06-29T21:59:59.999Z"), "1")
        .await
        .expect("the day before, of the same month");
    let month = || Scope::Person(key(None, Period::Month));
    assert_eq!(
        bench
            .reserve(&call(34, "2026-06-28T12:00:00Z"), "0.1")
            .await,
        over(month(), "2", ["0.1", "0.4", "1.6", "1.6"]),
        "the month is spent"
    );
    bench
        .reserve(&call(35, "2026-06-30T22:00:00Z"), "1")
        .await
        .expect("a new day, of a new month");
}

async fn the_instant_of_the_reservation_decides<L: BudgetLedger, J: Journal>(bench: &Bench<L, J>) {
    let (evening, night) = ("2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z");
    let call = |run, instant| drawn(run, "third", instant, None);
    bench.reserve(&call(40, evening), "1").await.unwrap();
    let after = bench.reserve(&call(41, night), "0.5").await;
    after.expect("another day");
    bench
        .settle(attempt(run_id(40), 1), known("0.9", "0"))
        .await;
    bench
        .reserve(&call(42, night), "0.4")
        .await
        .expect("what is settled after midnight belongs to the day of its reservation");
    assert!(
        bench.reserve(&call(43, evening), "0.2").await.is_err(),
        "0.9 of 1 are spent there"
    );
    // Reserved, not journalled, and taken up the next day: the same attempt, and today's money.
    bench.reserve(&call(44, evening), "0.1").await.unwrap();
    bench
        .reserve(&call(44, "2026-11-24T12:00:00Z"), "0.1")
        .await
        .unwrap();
    bench
        .reserve(&call(45, evening), "0.1")
        .await
        .expect("its place is free again");
}
