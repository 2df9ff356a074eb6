//! Homes that earlier versions made open with everything intact.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slipway_agent::machine::fold;
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::RunId;
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Reason, Snapshots, Store};

use super::{Fixture, newest_migration};
use crate::kit::{Answer, Desk, model};

#[test]
fn every_schema_has_a_fixture() {
    let newest = Fixture::all()
        .last()
        .map(|fixture| fixture.manifest.migration);
    assert_eq!(
        newest,
        Some(newest_migration()),
        "the newest migration has no home in tests/fixtures/homes: make it with \
         `cargo nextest run -p slipway-tests --run-ignored only writes_the_fixture_of_this_version`"
    );
}

/// Opens the home in this process, and finds all that its manifest says.
pub(super) async fn assert_intact(fixture: &Fixture, home: &Path) {
    let database = home.join("slipway.db");
    let options = Options::new(Arc::new(SystemClock::default()));
    let store = Store::open(&database, options).await.unwrap();
    store.check().await.unwrap();
    fixture.manifest.assert_held_by(&database);
    for (name, run) in &fixture.manifest.runs {
        let run: RunId = run.parse().unwrap();
        let row = store
            .run(run)
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("{name} is there"));
        let events = store.read(run).await.unwrap();
        let state = fold(&events).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(state.status(), row.status, "{name}");
        let files = store.version_contents(row.version).await.unwrap();
        assert!(
            files.is_some_and(|files| files.len() >= 2),
            "the version of {name}"
        );
    }
    store.close().await;
}

#[tokio::test]
async fn homes_of_every_schema_open_with_everything_intact() {
    for fixture in Fixture::all() {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("home");
        fixture.copy(&home);
        assert_intact(&fixture, &home).await;
        let snapshots = Snapshots::of(&home.join("slipway.db")).unwrap();
        let taken = snapshots.list().unwrap().0;
        if fixture.manifest.migration == newest_migration() {
            assert_eq!(taken, [], "there was nothing to migrate");
            continue;
        }
        let [before] = taken.as_slice() else {
            panic!("one snapshot was taken before the migration: {taken:?}");
        };
        assert_eq!(
            (before.reason, before.migration),
            (Reason::BeforeMigration, Some(fixture.manifest.migration))
        );
        let now = slipway_agent::ports::clock::Clock::now(&SystemClock::default());
        let restored = snapshots.restore(&before.name, now).unwrap();
        assert_eq!(restored.snapshot, *before);
        // Restored, it is a home of its time again, which opens like one.
        assert_intact(&fixture, &home).await;
    }
}

/// The folders in which the runs of a fixture worked, which are elsewhere and gone.
struct WorkFolders(Vec<PathBuf>);

impl WorkFolders {
    fn of(fixture: &Fixture) -> Self {
        let mut made = Vec::new();
        for folder in fixture.work_folders() {
            let mut missing = folder.as_path();
            while let Some(parent) = missing.parent().filter(|parent| !parent.exists()) {
                missing = parent;
            }
            if !folder.exists() {
                made.push(missing.to_owned());
                fs::create_dir_all(&folder).unwrap();
            }
        }
        Self(made)
    }
}

impl Drop for WorkFolders {
    fn drop(&mut self) {
        for made in &self.0 {
            // Another test of the same fixture may have been faster.
            let _ = fs::remove_dir_all(made);
        }
    }
}

#[test]
fn what_waited_for_a_person_can_be_answered_and_what_was_cut_off_resumed() {
    for fixture in Fixture::all() {
        let server = model(Vec::<Answer>::new());
        let desk = Desk::with_model(&server);
        fixture.copy(&desk.home());
        let _work = WorkFolders::of(&fixture);
        let schema = fixture.manifest.migration;
        let run = |name: &str| fixture.manifest.runs[name].as_str();
        for (name, status) in [
            ("succeeded", "succeeded"),
            ("failed", "failed"),
            ("cancelled", "cancelled"),
            ("parked", "parked"),
            ("grant-wanted", "parked"),
            ("outcome-unknown", "parked"),
            ("cut-off", "cut-off"),
        ] {
            let listed = desk
                .slipway(["runs", "list", "--status", status, "--json"])
                .exits(0);
            assert!(
                listed.stdout.contains(run(name)),
                "{schema}: {name} is {status}:\n{}",
                listed.stdout
            );
            desk.slipway(["runs", "show", run(name)]).exits(0);
        }
        server.then(Answer::text("Then not."));
        desk.slipway(["runs", "deny", run("parked"), "--json"])
            .exits(0);
        desk.slipway(["runs", "deny", run("grant-wanted"), "--json"])
            .exits(1);
        server.then(Answer::text("{\"total\": 3}"));
        desk.slipway([
            "runs",
            "resolve",
            run("outcome-unknown"),
            "--happened",
            "created",
            "--json",
        ])
        .exits(0);
        server.then(Answer::text("{\"total\": 3}"));
        desk.slipway(["runs", "resume", run("cut-off"), "--json"])
            .exits(0);
        desk.slipway(["agents", "list"])
            .exits(0)
            .says("clerk")
            .says("newcomer");
        assert_eq!(server.replies_left(), 0);
    }
}
