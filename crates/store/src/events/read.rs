//! Reading a journal with the prefixes that it shares.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use slipway_agent::event::Recorded;
use slipway_agent::ports::journal::JournalError;
use slipway_contract::RunId;
use sqlx::SqliteConnection;

use super::body;
use crate::blobs::Blobs;
use crate::columns::{self, Unreadable};
use crate::runs::RunNumber;
use crate::{Store, StoreError};

pub(super) async fn read(store: &Store, run: RunId) -> Result<Vec<Recorded>, JournalError> {
    let (events, _) = read_first(store, run, u64::MAX).await?;
    Ok(events)
}

/// The first events of a journal, and whether there are more.
pub(super) async fn read_first(
    store: &Store,
    run: RunId,
    most: u64,
) -> Result<(Vec<Recorded>, bool), JournalError> {
    // One transaction: all of it as of one moment.
    let mut snapshot = store.pool().begin().await.map_err(storage)?;
    let segments = segments(&mut snapshot, run).await?;
    let more = segments.iter().any(|segment| segment.last > most);
    let mut rows = Vec::new();
    for mut segment in segments.into_iter().rev() {
        segment.last = segment.last.min(most);
        let found = segment.rows(&mut snapshot).await.map_err(storage)?;
        rows.push((segment, found));
    }
    drop(snapshot);
    let blobs = store.blobs().clone();
    let events = tokio::task::spawn_blocking(move || events(rows, &blobs))
        .await
        .map_err(storage)?;
    Ok((events?, more))
}

/// A run's own events, up to the last that counts.
#[derive(Debug)]
struct Segment {
    run: RunId,
    number: RunNumber,
    first: u64,
    last: u64,
}

/// The segments of a journal, the newest first: a run's own events, and its parents' up to where
/// the next one forks off.
async fn segments(
    connection: &mut SqliteConnection,
    run: RunId,
) -> Result<Vec<Segment>, JournalError> {
    let mut segments = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some((run, None));
    while let Some((run, fork)) = next {
        let row = Parentage::of(connection, run).await.map_err(storage)?;
        let row = row.ok_or(JournalError::Unknown(run))?;
        let upto = fork.unwrap_or(u64::MAX);
        if !seen.insert(run) {
            return Err(corrupt(run, upto, "it continues itself".to_owned()));
        }
        let (last, parent) = row
            .read()
            .map_err(|error| corrupt(run, upto, error.to_string()))?;
        if fork.is_some_and(|fork| last < fork) {
            return Err(corrupt(run, last + 1, "it is missing".to_owned()));
        }
        segments.push(Segment {
            run,
            number: row.number(),
            first: parent.map_or(0, |(_, fork)| fork) + 1,
            last: last.min(upto),
        });
        next = parent.map(|(parent, fork)| (parent, Some(fork.min(upto))));
    }
    Ok(segments)
}

/// The runs whose events make up a journal, the newest first, each with the places that it has.
pub(super) async fn lineage(store: &Store, run: RunId) -> Result<Lineage, JournalError> {
    let mut connection = store.pool().acquire().await.map_err(storage)?;
    let segments = segments(&mut connection, run).await?;
    let part = |segment: Segment| (segment.run, segment.first..=segment.last);
    Ok(segments.into_iter().map(part).collect())
}

type Lineage = Vec<(RunId, RangeInclusive<u64>)>;

/// Where a run's journal comes from and ends.
#[derive(Debug, sqlx::FromRow)]
struct Parentage {
    number: i64,
    last_seq: i64,
    parent: Option<Vec<u8>>,
    fork_seq: Option<i64>,
}

impl Parentage {
    async fn of(
        connection: &mut SqliteConnection,
        run: RunId,
    ) -> Result<Option<Self>, sqlx::Error> {
        sqlx::query_as("SELECT number, last_seq, parent, fork_seq FROM runs WHERE id = ?1")
            .bind(&run.as_bytes()[..])
            .fetch_optional(connection)
            .await
    }

    const fn number(&self) -> RunNumber {
        RunNumber(self.number)
    }

    fn read(&self) -> Result<(u64, Option<(RunId, u64)>), Unreadable> {
        let last = columns::count("last_seq", self.last_seq)?;
        let parent = match (&self.parent, self.fork_seq) {
            (Some(parent), Some(fork)) => Some((
                columns::run_id("parent", parent)?,
                columns::count("fork_seq", fork)?,
            )),
            _ => None,
        };
        Ok((last, parent))
    }
}

/// `seq`, `at`, `format`, `body`, `blob`.
type Row = (i64, i64, i64, Option<String>, Option<Vec<u8>>);

impl Segment {
    async fn rows(&self, connection: &mut SqliteConnection) -> Result<Vec<Row>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT seq, at, format, body, blob FROM events \
             WHERE run = ?1 AND seq <= ?2 ORDER BY seq",
        )
        .bind(self.number.0)
        .bind(columns::of_count(self.last))
        .fetch_all(connection)
        .await?;
        Ok(rows)
    }
}

fn events(rows: Vec<(Segment, Vec<Row>)>, blobs: &Blobs) -> Result<Vec<Recorded>, JournalError> {
    let mut events = Vec::with_capacity(rows.iter().map(|(_, rows)| rows.len()).sum());
    for (segment, rows) in rows {
        let mut rows = rows.into_iter().peekable();
        for seq in segment.first..=segment.last {
            let row = rows
                .next_if(|row| row.0.unsigned_abs() == seq)
                .ok_or_else(|| corrupt(segment.run, seq, "it is missing".to_owned()))?;
            let event =
                event(seq, row, blobs).map_err(|message| corrupt(segment.run, seq, message))?;
            events.push(event);
        }
        if let Some((seq, ..)) = rows.next() {
            let message = "it is out of place".to_owned();
            return Err(corrupt(segment.run, seq.unsigned_abs(), message));
        }
    }
    Ok(events)
}

fn event(seq: u64, (_, at, format, body, blob): Row, blobs: &Blobs) -> Result<Recorded, String> {
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
        seq,
        at: columns::time("at", at).map_err(|error| error.to_string())?,
        event: body::event(format, &json)?,
    })
}

fn corrupt(run: RunId, seq: u64, message: String) -> JournalError {
    JournalError::Corrupt { run, seq, message }
}

fn storage(error: impl std::fmt::Display) -> JournalError {
    JournalError::Storage(error.to_string())
}
