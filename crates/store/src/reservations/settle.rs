//! What becomes of a reservation: its attempt's cost, or nothing.

use rusqlite::{Connection, params};
use slipway_agent::ports::ledger::{Attempt, Cost, Settlement};
use slipway_contract::Usd;

use super::{Row, find};
use crate::columns::of_usd;
use crate::spend::{self, Sums};
use crate::writer::WriteFailure;

/// Counts what attempts cost, in the transaction of the append that journals it.
pub(crate) fn settle(
    connection: &Connection,
    settled: &[Settlement],
    at: i64,
) -> Result<(), WriteFailure> {
    for Settlement { attempt, cost } in settled {
        let row = match find(connection, *attempt)? {
            Some(row) if !row.open => continue,
            Some(row) => row,
            // What was billed counts also where nothing was reserved.
            None => match unreserved(connection, *attempt, *cost, at)? {
                Some(row) => row,
                None => continue,
            },
        };
        let (settled, beyond) = match cost {
            Cost::Known { agreed, beyond } => (Some(*agreed), Some(*beyond)),
            Cost::Unknown => (None, None),
        };
        connection
            .prepare_cached(
                "UPDATE reservations SET settled_usd = ?4, beyond_usd = ?5, unknown = ?6 \
                 WHERE run = ?1 AND step = ?2 AND attempt = ?3",
            )?
            .execute(params![
                attempt.run.as_bytes(),
                attempt.step.0,
                attempt.attempt,
                settled.map(of_usd),
                beyond.filter(|beyond| *beyond != Usd::ZERO).map(of_usd),
                settled.is_none(),
            ])?;
        if let (Some(settled), Some(beyond)) = (settled, beyond) {
            let change = Sums {
                spent: settled,
                beyond,
                reserved: Usd::ZERO.minus(row.amount),
            };
            spend::add(connection, &row.agent, row.at, change)?;
        }
    }
    Ok(())
}

/// A row for an attempt that has none, of a run that is here.
fn unreserved(
    connection: &Connection,
    attempt: Attempt,
    cost: Cost,
    at: i64,
) -> Result<Option<Row>, WriteFailure> {
    let Cost::Known { agreed, .. } = cost else {
        return Ok(None);
    };
    connection
        .prepare_cached(
            "INSERT INTO reservations (run, step, attempt, amount_usd, root, agent, at) \
             SELECT id, ?2, ?3, ?4, id, agent, ?5 FROM runs WHERE id = ?1",
        )?
        .execute(params![
            attempt.run.as_bytes(),
            attempt.step.0,
            attempt.attempt,
            of_usd(agreed),
            at
        ])?;
    let row = find(connection, attempt)?;
    if let Some(row) = &row {
        spend::add(
            connection,
            &row.agent,
            row.at,
            Sums::of_reserved(row.amount),
        )?;
    }
    Ok(row)
}
