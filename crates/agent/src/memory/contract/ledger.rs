//! What a budget ledger promises.

use futures::future::join_all;
use slipway_contract::{RunId, StepId, Usd};

use super::sample::run_id;
use crate::ports::ledger::{Attempt, BudgetLedger, LedgerError};

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

fn attempt(run: RunId, step: u32) -> Attempt {
    Attempt {
        run,
        step: StepId(step),
        attempt: 1,
    }
}

fn over(amount: &str, left: &str, limit: &str) -> Result<(), LedgerError> {
    Err(LedgerError::OverBudget {
        amount: usd(amount),
        left: usd(left),
        limit: usd(limit),
    })
}

/// `make` gives an empty ledger each time.
pub async fn ledger_contract<B: BudgetLedger>(make: impl AsyncFn() -> B) {
    sums_are_exact(&make().await).await;
    an_attempt_counts_once(&make().await).await;
    a_settled_call_counts_what_it_cost(&make().await).await;
    runs_are_apart(&make().await).await;
    nothing_is_overspent_at_once(&make().await).await;
}

async fn sums_are_exact(ledger: &impl BudgetLedger) {
    let run = run_id(1);
    let limit = usd("0.3");
    ledger
        .reserve(attempt(run, 1), usd("0.1"), limit)
        .await
        .unwrap();
    ledger
        .reserve(attempt(run, 2), usd("0.2"), limit)
        .await
        .unwrap();
    assert_eq!(
        ledger
            .reserve(attempt(run, 3), usd("0.0000001"), limit)
            .await,
        over("0.0000001", "0", "0.3"),
        "0.1 and 0.2 are exactly 0.3"
    );
    ledger
        .reserve(attempt(run, 4), Usd::ZERO, limit)
        .await
        .unwrap();
}

async fn an_attempt_counts_once(ledger: &impl BudgetLedger) {
    let run = run_id(2);
    for _ in 0..3 {
        ledger
            .reserve(attempt(run, 1), usd("0.6"), usd("1"))
            .await
            .unwrap();
    }
    let again = Attempt {
        attempt: 2,
        ..attempt(run, 1)
    };
    assert_eq!(
        ledger.reserve(again, usd("0.6"), usd("1")).await,
        over("0.6", "0.4", "1"),
        "a second attempt is another call"
    );
    ledger
        .reserve(attempt(run, 1), usd("0.9"), usd("1"))
        .await
        .expect("what is reserved again for the same attempt replaces what was reserved");
    assert_eq!(
        ledger.reserve(again, usd("0.2"), usd("1")).await,
        over("0.2", "0.1", "1"),
        "the larger amount counts"
    );
    assert_eq!(
        ledger.reserve(attempt(run, 1), usd("1.1"), usd("1")).await,
        over("1.1", "1", "1"),
        "a larger amount must fit too"
    );
}

async fn a_settled_call_counts_what_it_cost(ledger: &impl BudgetLedger) {
    let run = run_id(3);
    let limit = usd("1");
    ledger
        .reserve(attempt(run, 1), usd("0.9"), limit)
        .await
        .unwrap();
    ledger
        .settle(attempt(run, 1), usd("0.123456789"))
        .await
        .unwrap();
    ledger
        .settle(attempt(run, 1), usd("0.123456789"))
        .await
        .unwrap();
    assert_eq!(
        ledger.reserve(attempt(run, 2), usd("0.9"), limit).await,
        over("0.9", "0.876543211", "1")
    );
    ledger
        .reserve(attempt(run, 2), usd("0.876543211"), limit)
        .await
        .unwrap();
    ledger
        .reserve(attempt(run, 1), usd("0.9"), limit)
        .await
        .expect("a settled attempt is not reserved again");
    ledger.settle(attempt(run, 2), usd("2")).await.unwrap();
    assert_eq!(
        ledger.reserve(attempt(run, 3), usd("0.01"), limit).await,
        over("0.01", "0", "1"),
        "a call that cost more than was reserved leaves nothing"
    );
    ledger
        .settle(attempt(run, 4), usd("0.5"))
        .await
        .expect("a cost is counted also where nothing was reserved");
    assert_eq!(
        ledger
            .reserve(attempt(run, 5), usd("0.01"), usd("2.63"))
            .await,
        over("0.01", "0.006543211", "2.63")
    );
}

async fn runs_are_apart(ledger: &impl BudgetLedger) {
    let limit = usd("1");
    ledger
        .reserve(attempt(run_id(4), 1), limit, limit)
        .await
        .unwrap();
    ledger
        .reserve(attempt(run_id(5), 1), limit, limit)
        .await
        .expect("another run has its own budget");
}

async fn nothing_is_overspent_at_once(ledger: &impl BudgetLedger) {
    let run = run_id(6);
    let calls = (0..32).map(|step| ledger.reserve(attempt(run, step), usd("0.1"), usd("1")));
    let granted = join_all(calls).await.into_iter().filter(Result::is_ok);
    assert_eq!(granted.count(), 10, "ten calls of 0.1 fit a budget of 1");
}
