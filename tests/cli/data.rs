//! Where everything is kept, and deleting it, with the real binary.

use std::fs;

use crate::kit::{Agent, Answer, Desk, model};

#[test]
fn everything_is_measured_and_deleted_only_with_the_words() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk)]).exits(0);
    desk.slipway(["snapshots", "create"]).exits(0);
    fs::write(desk.home().join("notes.txt"), "mine").unwrap();

    desk.slipway(["data"])
        .exits(0)
        .says("database")
        .says("snapshots");
    let shown = desk.slipway(["data", "show", "--json"]).exits(0).objects();
    let parts = shown[0]["parts"].as_array().unwrap();
    let sum: u64 = parts
        .iter()
        .map(|part| part["bytes"].as_u64().unwrap())
        .sum();
    assert_eq!(shown[0]["bytes"].as_u64(), Some(sum), "{shown:?}");

    desk.slipway(["data", "delete"]).exits(2);
    desk.slipway(["data", "delete", "--confirm", "yes"])
        .exits(2);
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 1, "nothing was deleted");

    let deleted = desk
        .slipway(["data", "delete", "--confirm", "delete everything", "--json"])
        .exits(0)
        .objects();
    assert_eq!(deleted[0]["stayed"][0], "notes.txt", "{deleted:?}");
    assert!(desk.home().join("notes.txt").exists());
    assert!(!desk.home().join("slipway.db").exists());
    assert!(!desk.home().join("snapshots").exists());
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert!(runs.is_empty(), "{runs:?}");
}
