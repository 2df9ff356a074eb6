//! The journal: the table `events`.

mod append;
mod body;
mod read;

use std::ops::RangeInclusive;

use async_trait::async_trait;
use slipway_agent::event::Recorded;
use slipway_agent::ports::journal::{Append, Head, Journal, JournalError, NewRun};
use slipway_agent::ports::lease::Lease;
use slipway_contract::RunId;

use body::Row;
pub(crate) use body::{Body, INLINE_BYTES, event};

use crate::Store;
use crate::blobs::Blobs;
use crate::leases::Take;
use crate::reservations;
use crate::runs::{HeadRow, HeadText};
use crate::writer::Durability;

#[async_trait]
impl Journal for Store {
    async fn create(&self, new: NewRun) -> Result<Lease, JournalError> {
        let (events, head) = self.kept(&new.events, &new.head).await?;
        let take = Take::new(self, new.run);
        let write = move |connection: &rusqlite::Connection| {
            append::create(connection, &new, &events, &head, &take)
        };
        self.writer().write(Durability::Now, write).await
    }

    async fn append(&self, append: Append) -> Result<(), JournalError> {
        let (events, head) = self.kept(&append.events, &append.head).await?;
        let lease = Lease {
            run: append.run,
            token: append.token,
        };
        let Append {
            settled,
            announced,
            release,
            ..
        } = append;
        let now = self.clock().now().as_millisecond();
        let write = move |connection: &rusqlite::Connection| {
            append::append(connection, lease, &events, &head, release)?;
            reservations::settle(connection, &settled, now)?;
            let left = match &announced {
                Some(announced) => reservations::unannounced(connection, lease.run, announced)?,
                None => Vec::new(),
            };
            reservations::settle(connection, &left, now)?;
            Ok::<_, JournalError>(!settled.is_empty() || !left.is_empty())
        };
        if self.writer().write(Durability::Now, write).await? {
            self.settlements().send_modify(|count| *count += 1);
        }
        Ok(())
    }

    async fn read(&self, run: RunId) -> Result<Vec<Recorded>, JournalError> {
        read::read(self, run).await
    }
}

impl Store {
    /// The first events of a run's journal, at most so many, and whether there are more.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn read_first(
        &self,
        run: RunId,
        most: u64,
    ) -> Result<(Vec<Recorded>, bool), JournalError> {
        read::read_first(self, run, most).await
    }

    /// The runs whose events make up a run's journal, the newest first, each with the places
    /// (`seq`) that it has in it.
    ///
    /// # Errors
    /// There is no such run, or the database cannot be read.
    pub async fn lineage(
        &self,
        run: RunId,
    ) -> Result<Vec<(RunId, RangeInclusive<u64>)>, JournalError> {
        read::lineage(self, run).await
    }

    /// The events and the row as they will lie in the database; what is long is written beside
    /// it first.
    async fn kept(
        &self,
        events: &[Recorded],
        head: &Head,
    ) -> Result<(Vec<Row>, HeadRow), JournalError> {
        if !head.is_consistent() {
            let message = format!("the row contradicts itself: {head:?}");
            return Err(JournalError::Storage(message));
        }
        let texts = events
            .iter()
            .map(body::Text::of)
            .collect::<Result<Vec<_>, _>>()?;
        let finished_at = events.last().map(|event| event.at.as_millisecond());
        let finished_at = finished_at.unwrap_or_else(|| self.clock().now().as_millisecond());
        let head = HeadText::of(head, finished_at)?;
        let long = head.is_long() || texts.iter().any(body::Text::is_long);
        let keep = move |blobs: &Blobs| {
            let rows = texts.into_iter().map(|text| text.keep(blobs));
            Ok((
                rows.collect::<Result<_, JournalError>>()?,
                head.keep(blobs)?,
            ))
        };
        if !long {
            return keep(self.blobs());
        }
        let blobs = self.blobs().clone();
        tokio::task::spawn_blocking(move || keep(&blobs))
            .await
            .map_err(|error| JournalError::Storage(error.to_string()))?
    }
}
