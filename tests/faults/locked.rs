//! Another program keeps the database locked.

use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use super::aftermath::{Aftermath, Met};
use crate::kit::{Agent, Answer, Desk, Reply, model, until_asked};

const OUTPUT: &str = "All is copied.";

fn script() -> Vec<Answer> {
    vec![
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})),
        Answer::text(OUTPUT),
    ]
}

fn lock(desk: &Desk) -> Connection {
    let other = Connection::open(desk.home().join("slipway.db")).unwrap();
    other.busy_timeout(Duration::from_secs(30)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[test]
fn a_lock_that_stays_fails_the_run_with_a_reason_and_loses_nothing() {
    let server = model(
        script()
            .into_iter()
            .map(|answer| Reply::from(answer).after(Duration::from_secs(2))),
    );
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let mut running = desk.start(["run", agent, "--json"]);
    running.until("\"model.requested\"");
    until_asked(&server, 1);
    let other = lock(&desk);
    let ran = running.end().exits(1).complains("locked");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    let script = script();
    let aftermath = Aftermath {
        desk: &desk,
        script: &script,
        output: OUTPUT,
    };
    assert_eq!(aftermath.check(&ran, "a lock that stays"), Met::Resumed);
}

#[test]
fn a_lock_that_goes_is_waited_for() {
    let server = model(
        script()
            .into_iter()
            .map(|answer| Reply::from(answer).after(Duration::from_secs(1))),
    );
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let mut running = desk.start(["run", agent, "--json"]);
    running.until("\"model.requested\"");
    until_asked(&server, 1);
    let other = lock(&desk);
    // The answer is here, and nothing of it may be shown before it is journalled.
    std::thread::sleep(Duration::from_secs(2));
    other.execute_batch("ROLLBACK").unwrap();
    let ran = running.end().exits(0);
    assert_eq!(ran.event("run.finished")["output"], OUTPUT);
    assert_eq!(server.replies_left(), 0);
}
