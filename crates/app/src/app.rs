//! The application: what all use cases share.

use std::sync::Arc;

use slipway_agent::package::{Files, Package, PackagePath};
use slipway_contract::event::RunEvent;
use slipway_contract::{ContentHash, ErrorCode, Problem};
use slipway_runner::Runner;
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Store, VersionRecord};
use tokio::sync::broadcast;

use crate::problem::{from_package, from_store};
use crate::{Home, LiveRuns};

/// How many events the window may be behind before it reads the journal again.
const BACKLOG: usize = 4_096;

/// Slipway on this machine.
#[derive(Clone)]
pub struct App {
    home: Home,
    store: Store,
    runner: Runner,
    live: LiveRuns,
    events: broadcast::Sender<RunEvent>,
}

impl App {
    /// Opens the data in this home, making it if there is none.
    ///
    /// # Errors
    /// The database cannot be opened, or an address in the environment is no address.
    pub async fn open(home: Home) -> Result<Self, Problem> {
        let clock = Arc::new(SystemClock::default());
        let store = Store::open(&home.database(), Options::new(clock.clone()))
            .await
            .map_err(|error| from_store(&error))?;
        let shared = Arc::new(store.clone());
        let runner = Runner::on_this_machine(
            clock,
            shared.clone(),
            shared.clone(),
            shared,
            &home.backups(),
        );
        let (events, _) = broadcast::channel(BACKLOG);
        Ok(Self {
            home,
            store,
            runner,
            live: LiveRuns::default(),
            events,
        })
    }

    /// The same, whose runs are made by another runner.
    #[cfg(test)]
    pub(crate) fn with_runner(self, runner: Runner) -> Self {
        Self { runner, ..self }
    }

    /// Where the data lies.
    #[must_use]
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The runs that this process drives.
    #[must_use]
    pub const fn live(&self) -> &LiveRuns {
        &self.live
    }

    /// The events of the runs that this process drives in the background.
    #[must_use]
    pub fn watch(&self) -> broadcast::Receiver<RunEvent> {
        self.events.subscribe()
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) const fn runner(&self) -> &Runner {
        &self.runner
    }

    pub(crate) const fn events(&self) -> &broadcast::Sender<RunEvent> {
        &self.events
    }

    pub(crate) fn tool_names(&self) -> Vec<String> {
        self.runner
            .world()
            .tools
            .iter()
            .map(|tool| tool.definition().name.clone())
            .collect()
    }

    /// The package of a stored version.
    pub(crate) async fn version(&self, hash: ContentHash) -> Result<Package, Problem> {
        let stored = self
            .store
            .version_contents(hash)
            .await
            .map_err(|error| from_store(&error))?;
        let Some(entries) = stored else {
            let message = format!("the version {} is not stored here any more", hash.short());
            return Err(Problem::new(ErrorCode::NotFound, message));
        };
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        let unreadable = |path: &str| {
            let message = format!(
                "the stored version {} holds a file that no package has: {path}",
                hash.short()
            );
            Problem::new(ErrorCode::Storage, message)
        };
        let entries = entries
            .into_iter()
            .map(|(path, bytes)| Ok((path.parse().map_err(|_| unreadable(&path))?, bytes)))
            .collect::<Result<Vec<(PackagePath, Vec<u8>)>, Problem>>()?;
        Files::from_entries(entries)
            .and_then(|files| Package::from_files(files, &tools))
            .map_err(|error| from_package(&error))
    }

    /// Stores a version; nothing happens when it is there already.
    pub(crate) async fn keep_version(&self, package: &Package) -> Result<(), Problem> {
        let files: Vec<(String, Vec<u8>)> = package
            .files()
            .iter()
            .map(|(path, bytes)| (path.to_string(), bytes.to_vec()))
            .collect();
        let record = VersionRecord {
            hash: package.content_hash(),
            behaviour: package.behaviour_hash(),
            created_at: self.runner.world().clock.now(),
        };
        self.store
            .put_version(record, files)
            .await
            .map_err(|error| from_store(&error))
    }
}
