//! A folder with a database in it, for one test.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::clock::Clock as _;
use slipway_agent::ports::journal::{Append, Fork, Journal};
use slipway_agent::ports::lease::Lease;
use slipway_contract::Timestamp;
use slipway_store::{Options, Store, Synchronous};
use tempfile::TempDir;

pub(crate) struct Place {
    folder: TempDir,
    pub(crate) clock: ManualClock,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: ManualClock::new(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("home").join("slipway.db")
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            synchronous: Synchronous::Normal,
            ..Options::new(Arc::new(self.clock.clone()))
        }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.path(), self.options()).await.unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The store of a person in this time zone.
    pub(crate) async fn open_in(&self, zone: TimeZone) -> Store {
        let options = Options {
            zone,
            ..self.options()
        };
        Store::open(&self.path(), options).await.unwrap()
    }

    /// The database as another program would open it.
    pub(crate) fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    pub(crate) fn assert_intact(&self) {
        let verdict: String = self
            .sql()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(verdict, "ok");
    }
}

/// A run at work with so many events.
pub(crate) async fn run_with(store: &Store, number: u64, events: u64) -> Lease {
    continued(store, number, None, sample::events(1, events)).await
}

pub(crate) async fn continued(
    store: &Store,
    number: u64,
    parent: Option<Fork>,
    events: Vec<slipway_agent::event::Recorded>,
) -> Lease {
    let new = sample::new_run(sample::run_id(number), parent, events);
    store.create(new).await.unwrap()
}

pub(crate) fn append(lease: Lease, first: u64, count: u64) -> Append {
    Append {
        run: lease.run,
        token: lease.token,
        events: sample::events(first, count),
        head: sample::running(),
        settled: Vec::new(),
        announced: None,
        release: false,
    }
}
