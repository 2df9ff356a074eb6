//! Reading a journal with the prefixes that it shares.

use slipway_agent::event::Recorded;
use slipway_agent::ports::journal::JournalError;
use slipway_contract::RunId;
use sqlx::SqliteConnection;

use super::body;
use crate::blobs::Blobs;
use crate::{Store, StoreError, columns};

/// The runs whose events make up a journal, each up to the number where the next one forks off.
/// `UNION` ends even where rows were made to point at each other.
const EVENTS: &str = "
WITH RECURSIVE chain (run, upto, parent, fork_seq) AS (
    SELECT id, last_seq, parent, fork_seq FROM runs WHERE id = ?1
    UNION
    SELECT runs.id, min(chain.upto, chain.fork_seq), runs.parent, runs.fork_seq
    FROM chain JOIN runs ON runs.id = chain.parent
)
SELECT events.run, events.seq, events.at, events.format, events.body, events.blob
FROM chain JOIN events ON events.run = chain.run AND events.seq <= chain.upto
ORDER BY events.seq";

type Row = (Vec<u8>, i64, i64, i64, Option<String>, Option<Vec<u8>>);

pub(super) async fn read(store: &Store, run: RunId) -> Result<Vec<Recorded>, JournalError> {
    let (last, rows) = rows(store, run)
        .await
        .map_err(|error| JournalError::Storage(error.to_string()))?
        .ok_or(JournalError::Unknown(run))?;
    let blobs = store.blobs().clone();
    tokio::task::spawn_blocking(move || events(run, last, rows, &blobs))
        .await
        .map_err(|error| JournalError::Storage(error.to_string()))?
}

/// The run's last number and the rows of its journal, as of one moment.
async fn rows(store: &Store, run: RunId) -> Result<Option<(i64, Vec<Row>)>, StoreError> {
    let mut snapshot = store.pool().begin().await?;
    let connection: &mut SqliteConnection = &mut snapshot;
    let id = &run.as_bytes()[..];
    let last = sqlx::query_scalar("SELECT last_seq FROM runs WHERE id = ?1")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(last) = last else {
        return Ok(None);
    };
    let rows = sqlx::query_as(EVENTS)
        .bind(id)
        .fetch_all(connection)
        .await?;
    Ok(Some((last, rows)))
}

fn events(
    run: RunId,
    last: i64,
    rows: Vec<Row>,
    blobs: &Blobs,
) -> Result<Vec<Recorded>, JournalError> {
    let mut events = Vec::with_capacity(rows.len());
    let mut expected = 1;
    for row in rows {
        let (owner, seq) = (columns::run_id("run", &row.0).unwrap_or(run), row.1);
        if seq != expected {
            return Err(corrupt(run, expected, "it is missing".to_owned()));
        }
        let event = event(row, blobs).map_err(|message| corrupt(owner, seq, message))?;
        events.push(event);
        expected += 1;
    }
    if expected <= last {
        return Err(corrupt(run, expected, "it is missing".to_owned()));
    }
    Ok(events)
}

fn event((_, seq, at, format, body, blob): Row, blobs: &Blobs) -> Result<Recorded, String> {
    let json = match (body, blob) {
        (Some(body), _) => body,
        (None, Some(hash)) => {
            let hash = columns::hash("blob", &hash).map_err(|error| error.to_string())?;
            let bytes = blobs.get(hash).map_err(|error| error.to_string())?;
            String::from_utf8(bytes).map_err(|error| error.to_string())?
        }
        (None, None) => return Err("it has no body".to_owned()),
    };
    let format = columns::count("format", format).map_err(|error| error.to_string())?;
    Ok(Recorded {
        seq: columns::count("seq", seq).map_err(|error| error.to_string())?,
        at: columns::time("at", at).map_err(|error| error.to_string())?,
        event: body::event(format, &json)?,
    })
}

fn corrupt(run: RunId, seq: i64, message: String) -> JournalError {
    JournalError::Corrupt {
        run,
        seq: seq.unsigned_abs(),
        message,
    }
}
