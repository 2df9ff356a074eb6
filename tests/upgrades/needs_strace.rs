//! Killed in the middle of a migration: the next start finds everything.

use super::homes::assert_intact;
use super::{Fixture, newest_migration};
use crate::faults::killed_everywhere;
use crate::kit::{Desk, Running};

#[test]
fn a_migration_that_was_cut_off_leaves_everything_intact() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for fixture in Fixture::all() {
        if fixture.manifest.migration == newest_migration() {
            continue;
        }
        let kills = killed_everywhere(7, |_, killed| {
            let desk = Desk::new();
            fixture.copy(&desk.home());
            let ran = Running::start(killed(&desk.command(["runs", "list"]))).end();
            fixture
                .manifest
                .assert_held_by(&desk.home().join("slipway.db"));
            runtime.block_on(assert_intact(&fixture, &desk.home()));
            if ran.code.is_some() {
                ran.exits(0);
                return false;
            }
            true
        });
        println!(
            "schema {}: killed {kills} times",
            fixture.manifest.migration
        );
        assert!(
            kills > 10,
            "{kills} kills of schema {}",
            fixture.manifest.migration
        );
    }
}
