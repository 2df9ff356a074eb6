//! The budget ledger: the table `reservations`.

use async_trait::async_trait;
use rusqlite::{Connection, params};
use slipway_agent::ports::ledger::{Attempt, BudgetLedger, LedgerError};
use slipway_contract::{RunId, Usd};

use crate::Store;
use crate::columns::{self, Unreadable, of_usd};
use crate::writer::{Durability, WriteFailure};

#[async_trait]
impl BudgetLedger for Store {
    async fn reserve(&self, attempt: Attempt, amount: Usd, limit: Usd) -> Result<(), LedgerError> {
        // The intent that names the reservation is journalled after it, in the same log.
        let write = move |connection: &Connection| reserve(connection, attempt, amount, limit);
        self.writer().write(Durability::WithTheNext, write).await
    }

    async fn settle(&self, attempt: Attempt, cost: Usd) -> Result<(), LedgerError> {
        // A settlement that is lost leaves the reservation, which is the worst case.
        let write = move |connection: &Connection| Ok(settle(connection, attempt, cost)?);
        self.writer().write(Durability::WithTheNext, write).await
    }
}

fn reserve(
    connection: &Connection,
    attempt: Attempt,
    amount: Usd,
    limit: Usd,
) -> Result<(), LedgerError> {
    // The same attempt is reserved again after a crash, and may then need more than before.
    let before = match reserved(connection, attempt)? {
        Some(Reserved {
            amount: before,
            settled,
        }) if settled || before >= amount => return Ok(()),
        Some(Reserved { amount: before, .. }) => before,
        None => Usd::ZERO,
    };
    let committed = committed(connection, attempt.run)?.minus(before);
    if committed.plus(amount) > limit {
        let left = limit.minus(committed).max(Usd::ZERO);
        return Err(LedgerError::OverBudget {
            amount,
            left,
            limit,
        });
    }
    connection
        .prepare_cached(
            "INSERT INTO reservations (run, step, attempt, amount_usd) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (run, step, attempt) DO UPDATE SET amount_usd = excluded.amount_usd",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                attempt.run.as_bytes(),
                attempt.step.0,
                attempt.attempt,
                of_usd(amount)
            ])
        })
        .map_err(WriteFailure::from)?;
    Ok(())
}

struct Reserved {
    amount: Usd,
    settled: bool,
}

fn reserved(connection: &Connection, attempt: Attempt) -> Result<Option<Reserved>, WriteFailure> {
    let mut statement = connection.prepare_cached(
        "SELECT amount_usd, settled_usd IS NOT NULL FROM reservations \
         WHERE run = ?1 AND step = ?2 AND attempt = ?3",
    )?;
    let key = params![attempt.run.as_bytes(), attempt.step.0, attempt.attempt];
    let mut rows = statement.query(key)?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let amount: String = row.get(0)?;
    let amount = columns::usd("amount_usd", &amount)
        .map_err(|error: Unreadable| WriteFailure(error.to_string()))?;
    Ok(Some(Reserved {
        amount,
        settled: row.get(1)?,
    }))
}

/// Everything settled and reserved for a run, added up exactly.
fn committed(connection: &Connection, run: RunId) -> Result<Usd, WriteFailure> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(settled_usd, amount_usd) FROM reservations WHERE run = ?1",
    )?;
    let mut rows = statement.query([run.as_bytes()])?;
    let mut sum = Usd::ZERO;
    while let Some(row) = rows.next()? {
        let amount: String = row.get(0)?;
        let amount = columns::usd("reservations", &amount)
            .map_err(|error: Unreadable| WriteFailure(error.to_string()))?;
        sum = sum.plus(amount);
    }
    Ok(sum)
}

fn settle(connection: &Connection, attempt: Attempt, cost: Usd) -> Result<(), WriteFailure> {
    connection
        .prepare_cached(
            "INSERT INTO reservations (run, step, attempt, amount_usd, settled_usd) \
             VALUES (?1, ?2, ?3, ?4, ?4) \
             ON CONFLICT (run, step, attempt) DO UPDATE SET settled_usd = excluded.settled_usd",
        )?
        .execute(params![
            attempt.run.as_bytes(),
            attempt.step.0,
            attempt.attempt,
            of_usd(cost)
        ])?;
    Ok(())
}
