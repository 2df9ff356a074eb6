//! The budget ledger: the table `reservations`.

mod abandoned;
mod desk;
mod settle;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use slipway_agent::ports::ledger::{
    Attempt, Budget, BudgetLedger, Draw, LedgerError, Reserved, Seen, WorstCase,
};
use slipway_contract::{RunId, Usd};

pub(crate) use abandoned::{of_runs_that_never_were, unannounced};
use desk::Desk;
pub(crate) use settle::settle;

use crate::Store;
use crate::budgets;
use crate::columns::{self, Unreadable};
use crate::writer::{Durability, WriteFailure};

#[async_trait]
impl BudgetLedger for Store {
    async fn reserve(&self, draw: &Draw, worst: WorstCase) -> Result<Reserved, LedgerError> {
        let (draw, zone) = (draw.clone(), self.zone().clone());
        let now = self.clock().now();
        // The intent that names the reservation is journalled after it, in the same log.
        let write = move |connection: &Connection| {
            let desk = Desk {
                connection,
                draw: &draw,
                zone: &zone,
                now,
            };
            desk.reserve(worst)
        };
        self.writer().write(Durability::WithTheNext, write).await
    }

    async fn forget(&self, run: RunId) -> Result<(), LedgerError> {
        let write = move |connection: &Connection| abandoned::forget(connection, run);
        self.writer().write(Durability::WithTheNext, write).await?;
        self.settlements().send_modify(|count| *count += 1);
        Ok(())
    }

    async fn budgets(&self, draw: &Draw) -> Result<Vec<Budget>, LedgerError> {
        let draw = draw.clone();
        let read = move |connection: &Connection| Ok(budgets::applying(connection, &draw)?);
        self.writer().write(Durability::WithTheNext, read).await
    }

    fn seen(&self) -> Seen {
        Seen(*self.settlements().borrow())
    }

    async fn freed(&self, seen: Seen) {
        let mut settlements = self.settlements().subscribe();
        // The sender lives as long as this store.
        let _ = settlements.wait_for(|count| *count > seen.0).await;
    }
}

/// What the table holds of an attempt.
struct Row {
    agent: String,
    at: i64,
    root: Option<RunId>,
    amount: Usd,
    open: bool,
}

/// Whether all of these are reserved still.
pub(crate) fn are_open(
    connection: &Connection,
    attempts: &[Attempt],
) -> Result<bool, WriteFailure> {
    for attempt in attempts {
        if !find(connection, *attempt)?.is_some_and(|row| row.open) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn find(connection: &Connection, attempt: Attempt) -> Result<Option<Row>, WriteFailure> {
    type Columns = (String, i64, Option<Vec<u8>>, String, bool);
    let row: Option<Columns> = connection
        .prepare_cached(
            "SELECT agent, at, root, amount_usd, settled_usd IS NULL AND unknown = 0 \
             FROM reservations WHERE run = ?1 AND step = ?2 AND attempt = ?3",
        )?
        .query_row(
            params![attempt.run.as_bytes(), attempt.step.0, attempt.attempt],
            |row| row.try_into(),
        )
        .optional()?;
    row.map(|(agent, at, root, amount, open)| {
        let root = root.map(|root| columns::run_id("root", &root)).transpose();
        Ok(Row {
            agent,
            at,
            root: root.map_err(unreadable)?,
            amount: usd(&amount)?,
            open,
        })
    })
    .transpose()
}

pub(crate) fn usd(text: &str) -> Result<Usd, WriteFailure> {
    columns::usd("reservations", text).map_err(unreadable)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn unreadable(error: Unreadable) -> WriteFailure {
    WriteFailure::Failed(error.to_string())
}
