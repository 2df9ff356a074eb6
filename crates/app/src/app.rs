//! The application: what all use cases share.

use std::sync::Arc;

use jiff::tz::TimeZone;
use slipway_agent::package::Package;
use slipway_contract::event::RunEvent;
use slipway_contract::test::TestProgress;
use slipway_contract::{ContentHash, Problem};
use slipway_runner::system::SystemClock;
use slipway_runner::{Own, Runner};
use slipway_store::{Options, Store, WireFiles, WireLimits};
use tokio::sync::{broadcast, watch};

use crate::agents::ToldAgents;
use crate::closing::Closing;
use crate::damage::Suspicion;
use crate::errand::Errands;
use crate::own_files::OwnFiles;
use crate::secrets::Keys;
use crate::suites::Testing;
use crate::{Cloud, Home, LiveRuns, snapshots, wire};

/// How many events the window may be behind before it reads the journal again.
const BACKLOG: usize = 4_096;

/// Slipway on this machine.
#[derive(Clone)]
pub struct App {
    home: Home,
    store: Store,
    own: OwnFiles,
    keys: Keys,
    cloud: Cloud,
    live: LiveRuns,
    events: broadcast::Sender<RunEvent>,
    daily: watch::Receiver<bool>,
    suspicion: Suspicion,
    wire: WireFiles,
    closing: Closing,
    errands: Errands,
    told_agents: ToldAgents,
    testing: Testing,
}

impl App {
    /// Opens the data in this home, making it if there is none.
    ///
    /// # Errors
    /// The database cannot be opened, or an address in the environment is no address.
    pub async fn open(home: Home) -> Result<Self, Problem> {
        let keys = Keys::of(&home)?;
        let clock = Arc::new(SystemClock::default());
        let options = Options {
            zone: TimeZone::system(),
            ..Options::new(clock.clone())
        };
        let store = Store::open(&home.database(), options).await;
        let store = match store {
            Ok(store) => store,
            Err(error) => return Err(snapshots::explained(&home, &error).await),
        };
        let suspicion = Suspicion::default();
        let daily = snapshots::keep_daily(&home, clock.clone(), suspicion.clone());
        let wire = WireFiles::new(home.wire(), clock.clone(), WireLimits::default());
        let shared = Arc::new(store.clone());
        let runner = Runner::on_this_machine(
            clock,
            shared.clone(),
            shared.clone(),
            shared,
            keys.port(),
            Own::default(),
            &home.backups(),
        );
        let runner = match wire::is_wanted() {
            true => runner.keeping_wire(Arc::new(wire.clone())),
            false => runner,
        };
        let secrets = keys.port();
        let own = OwnFiles::new(home.clone(), move |own| {
            runner.for_person(secrets.clone(), own)
        });
        let (events, _) = broadcast::channel(BACKLOG);
        let app = Self {
            cloud: Cloud::of(&home, &keys),
            home,
            store,
            own,
            keys,
            live: LiveRuns::default(),
            events,
            daily,
            suspicion,
            wire,
            closing: Closing::default(),
            errands: Errands::default(),
            told_agents: ToldAgents::default(),
            testing: Testing::default(),
        };
        app.end_expired().await;
        app.tidy_comparisons().await;
        app.forget_removed().await;
        Ok(app)
    }

    /// The same, whose runners are made like this.
    #[cfg(test)]
    pub(crate) fn making(self, make: impl Fn(Own) -> Runner + Send + Sync + 'static) -> Self {
        let own = OwnFiles::new(self.home.clone(), make);
        Self { own, ..self }
    }

    /// Returns when it is sure that the day's snapshot is there, or that it cannot be taken: a
    /// process that would end before may wait for it.
    pub async fn snapshot_looked_after(&self) {
        // It ends only with the process.
        let _ = self.daily.clone().wait_for(|looked| *looked).await;
    }

    /// Closes the database, so that the process does not end in the middle of it, and writes what
    /// is left of the wire.
    pub async fn close(self) {
        self.store.close().await;
        let wire = self.wire;
        // It is not waited for longer than a moment, and nothing depends on it.
        let _ = tokio::task::spawn_blocking(move || wire.flush()).await;
    }

    /// Where the data lies.
    #[must_use]
    pub const fn home(&self) -> &Home {
        &self.home
    }

    /// The keys that are kept for this home.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The cloud, as who is signed in here.
    #[must_use]
    pub const fn cloud(&self) -> &Cloud {
        &self.cloud
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

    pub(crate) const fn own_files(&self) -> &OwnFiles {
        &self.own
    }

    pub(crate) const fn suspicion(&self) -> &Suspicion {
        &self.suspicion
    }

    pub(crate) const fn phase(&self) -> &Closing {
        &self.closing
    }

    pub(crate) const fn told_agents(&self) -> &ToldAgents {
        &self.told_agents
    }

    pub(crate) const fn testing(&self) -> &Testing {
        &self.testing
    }

    /// How far the test runs of this process are, as they go on.
    #[must_use]
    pub fn watch_tests(&self) -> broadcast::Receiver<TestProgress> {
        self.testing.subscribe()
    }

    pub(crate) const fn errands(&self) -> &Errands {
        &self.errands
    }

    pub(crate) const fn wire(&self) -> &WireFiles {
        &self.wire
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    /// The runner, for what the person's own files say now.
    pub(crate) fn runner(&self) -> Runner {
        self.own.runner()
    }

    pub(crate) const fn events(&self) -> &broadcast::Sender<RunEvent> {
        &self.events
    }

    pub(crate) fn tool_names(&self) -> Vec<String> {
        self.runner()
            .world()
            .tools
            .iter()
            .map(|tool| tool.definition().name.clone())
            .collect()
    }

    /// The package of a stored version.
    pub(crate) async fn version(&self, hash: ContentHash) -> Result<Package, Problem> {
        self.package_of(self.version_files(hash).await?)
    }

    /// Stores a version; nothing happens when it is there already.
    pub(crate) async fn keep_version(&self, package: &Package) -> Result<(), Problem> {
        self.keep_files(package.files()).await.map(drop)
    }
}
