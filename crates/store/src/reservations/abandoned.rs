//! Reservations whose calls never began, so that no outcome will ever settle them.

use rusqlite::{Connection, Params, params};
use slipway_agent::ports::lease::LEASE;
use slipway_agent::ports::ledger::{Attempt, Cost, Settlement};
use slipway_contract::{RunId, StepId, Timestamp, Usd};

use super::{find, unreadable};
use crate::columns;
use crate::spend::{self, Sums};
use crate::writer::WriteFailure;

/// What an ended run has reserved for attempts that its journal never announced.
pub(crate) fn unannounced(
    connection: &Connection,
    run: RunId,
    announced: &[Attempt],
) -> Result<Vec<Settlement>, WriteFailure> {
    let open = open(
        connection,
        "SELECT run, step, attempt FROM reservations \
         WHERE run = ?1 AND settled_usd IS NULL AND unknown = 0",
        [run.as_bytes()],
    )?;
    let left = open
        .into_iter()
        .filter(|attempt| !announced.contains(attempt))
        .map(|attempt| Settlement {
            attempt,
            cost: Cost::NOTHING,
        });
    Ok(left.collect())
}

/// Removes what is reserved for a run that was not made.
pub(super) fn forget(connection: &Connection, run: RunId) -> Result<(), WriteFailure> {
    let open = open(
        connection,
        "SELECT run, step, attempt FROM reservations \
         WHERE run = ?1 AND settled_usd IS NULL AND unknown = 0 \
         AND NOT EXISTS (SELECT 1 FROM runs WHERE id = ?1)",
        [run.as_bytes()],
    )?;
    open.into_iter()
        .try_for_each(|attempt| remove(connection, attempt))
}

/// Removes what processes left behind that died before they made their runs, and says whether
/// there was any. A process that only slept so long finds its reservation gone, and makes none.
pub(crate) fn of_runs_that_never_were(
    connection: &Connection,
    now: Timestamp,
) -> Result<bool, WriteFailure> {
    let before = now.checked_sub(LEASE).unwrap_or(Timestamp::MIN);
    let open = open(
        connection,
        "SELECT run, step, attempt FROM reservations \
         WHERE settled_usd IS NULL AND unknown = 0 AND at < ?1 \
         AND NOT EXISTS (SELECT 1 FROM runs WHERE id = run)",
        [before.as_millisecond()],
    )?;
    let any = !open.is_empty();
    open.into_iter()
        .try_for_each(|attempt| remove(connection, attempt))?;
    Ok(any)
}

fn open(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> Result<Vec<Attempt>, WriteFailure> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let run = columns::run_id("run", &row.get::<_, Vec<u8>>(0)?);
        open.push(Attempt {
            run: run.map_err(unreadable)?,
            step: StepId(row.get(1)?),
            attempt: row.get(2)?,
        });
    }
    Ok(open)
}

fn remove(connection: &Connection, attempt: Attempt) -> Result<(), WriteFailure> {
    let Some(row) = find(connection, attempt)? else {
        return Ok(());
    };
    connection
        .prepare_cached("DELETE FROM reservations WHERE run = ?1 AND step = ?2 AND attempt = ?3")?
        .execute(params![
            attempt.run.as_bytes(),
            attempt.step.0,
            attempt.attempt
        ])?;
    let gone = Sums::of_reserved(Usd::ZERO.minus(row.amount));
    spend::add(connection, &row.agent, row.at, gone)
}
