//! What the writer does for a journal.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_agent::ports::journal::{JournalError, NewRun};
use slipway_agent::ports::lease::Lease;
use slipway_contract::RunId;
use slipway_contract::run::RunStatus;

use super::body::Row;
use crate::columns;
use crate::leases::{self, Take};
use crate::reservations;
use crate::runs::{self, HeadRow, RunNumber};
use crate::writer::WriteFailure;

/// Makes a run with its first events, and takes its lease.
pub(super) fn create(
    connection: &Connection,
    new: &NewRun,
    events: &[Row],
    head: &HeadRow,
    take: &Take,
) -> Result<Lease, JournalError> {
    let prefix = match new.parent {
        Some(fork) => {
            let last = last_seq(connection, fork.run)?.ok_or(JournalError::Unknown(fork.run))?;
            if fork.seq > last {
                return Err(JournalError::OutOfOrder {
                    run: fork.run,
                    last,
                    first: fork.seq.saturating_add(1),
                });
            }
            fork.seq
        }
        None => 0,
    };
    let last = follows(new.run, prefix, events)?;
    if !reservations::are_open(connection, &new.reserved)? {
        return Err(JournalError::Unreserved(new.run));
    }
    let number = runs::insert(connection, new, last, head)?.ok_or(JournalError::Exists(new.run))?;
    let lease = take.take(connection)?;
    insert(connection, number, events)?;
    Ok(lease)
}

/// Appends the events, writes the run's row and, if asked, lets go of the lease.
pub(super) fn append(
    connection: &Connection,
    lease: Lease,
    events: &[Row],
    head: &HeadRow,
    release: bool,
) -> Result<(), JournalError> {
    let run = lease.run;
    let place = place(connection, run)?.ok_or(JournalError::Unknown(run))?;
    if place.token != Some(lease.token.0) {
        return Err(JournalError::Fenced(run));
    }
    if place.status.is_end() {
        return Err(JournalError::Ended(run));
    }
    let last = follows(run, place.last_seq, events)?;
    insert(connection, place.number, events)?;
    if head.changes(place.status) {
        runs::update(connection, place.number, last, head)?;
    } else {
        runs::update_figures(connection, place.number, last, head)?;
    }
    if release {
        leases::let_go(connection, &lease)?;
    }
    Ok(())
}

/// Where a run stands.
struct Place {
    number: RunNumber,
    last_seq: u64,
    status: RunStatus,
    token: Option<u64>,
}

fn place(connection: &Connection, run: RunId) -> Result<Option<Place>, WriteFailure> {
    let row: Option<(i64, u64, String, Option<u64>)> = connection
        .prepare_cached(
            "SELECT runs.number, runs.last_seq, runs.status, leases.token \
             FROM runs LEFT JOIN leases ON leases.run = runs.id WHERE runs.id = ?1",
        )?
        .query_row([run.as_bytes()], |row| row.try_into())
        .optional()?;
    let Some((number, last_seq, status, token)) = row else {
        return Ok(None);
    };
    let status = columns::word("status", &status)
        .map_err(|error| WriteFailure::Failed(error.to_string()))?;
    Ok(Some(Place {
        number: RunNumber(number),
        last_seq,
        status,
        token,
    }))
}

fn last_seq(connection: &Connection, run: RunId) -> Result<Option<u64>, WriteFailure> {
    let last = connection
        .prepare_cached("SELECT last_seq FROM runs WHERE id = ?1")?
        .query_row([run.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(last)
}

/// The last number after these events, which must follow `last` and each other.
fn follows(run: RunId, last: u64, events: &[Row]) -> Result<u64, JournalError> {
    let mut end = last;
    for event in events {
        if event.seq != end + 1 {
            return Err(JournalError::OutOfOrder {
                run,
                last,
                first: event.seq,
            });
        }
        end = event.seq;
    }
    Ok(end)
}

fn insert(connection: &Connection, run: RunNumber, events: &[Row]) -> Result<(), WriteFailure> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO events (run, seq, at, format, body, blob) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for event in events {
        statement.execute(params![
            run.0,
            event.seq,
            event.at,
            event.format,
            event.body.inline(),
            event.body.beside(),
        ])?;
    }
    Ok(())
}
