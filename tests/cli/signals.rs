//! Ctrl-C, SIGTERM and crashes.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Reply, Running, ScriptedServer, model, until_asked};

/// A run whose first model call and tool call are done, and whose second model call hangs.
fn busy() -> (ScriptedServer, Desk, Running, String) {
    let first = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    );
    let hangs = Reply::from(Answer::text("too late")).after(Duration::from_secs(300));
    let server = model([Reply::from(first), hangs]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let mut running = desk.start(["run", agent, "--json", "--approve", "allow"]);
    running.until("\"tool.returned\"");
    let line = running.until("\"model.requested\"");
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    let run = event["run_id"].as_str().unwrap().to_owned();
    until_asked(&server, 2);
    (server, desk, running, run)
}

/// Nothing that was paid for or done is done again.
fn resumes(server: &ScriptedServer, desk: &Desk, run: &str) {
    server.then(Answer::text("Done after all."));
    let before = server.requests().len();
    let ran = desk.slipway(["runs", "resume", run, "--json"]).exits(0);
    assert_eq!(ran.event("run.finished")["output"], "Done after all.");
    assert_eq!(
        server.requests().len(),
        before + 1,
        "one model call was left to make"
    );
    assert!(
        ran.events("tool.requested").is_empty(),
        "the tool call was done before"
    );
}

#[test]
fn the_first_ctrl_c_cancels_the_run() {
    let (_server, desk, running, run) = busy();
    running.signal(Signal::INT);
    let ran = running.end().exits(130);
    let last = ran.objects().pop().unwrap();
    assert_eq!(
        (&last["type"], &last["status"]),
        (&json!("run.finished"), &json!("cancelled"))
    );
    desk.slipway(["runs", "list", "--status", "cancelled"])
        .exits(0)
        .says(&run[..7]);
    desk.slipway(["runs", "resume", &run])
        .exits(2)
        .complains("ended");
}

#[test]
fn sigterm_lets_go_of_the_run_so_that_it_can_be_resumed() {
    let (server, desk, running, run) = busy();
    running.signal(Signal::TERM);
    let ran = running
        .end()
        .exits(143)
        .complains(&format!("slipway runs resume {}", &run[..7]));
    assert!(
        ran.events("run.finished").is_empty(),
        "the run has not ended"
    );
    desk.slipway(["runs", "list"]).exits(0).says("cut off");
    desk.slipway(["runs", "list", "--status", "cut-off"])
        .exits(0)
        .says(&run[..7]);
    desk.slipway(["runs", "list", "--status", "running"])
        .exits(0)
        .says("There are no such runs");
    resumes(&server, &desk, &run);
}

#[test]
fn a_terminal_that_closes_lets_go_of_the_run() {
    let (server, desk, running, run) = busy();
    running.signal(Signal::HUP);
    running.end().exits(129);
    resumes(&server, &desk, &run);
}

#[test]
fn a_killed_run_resumes_from_its_journal() {
    let (server, desk, mut running, run) = busy();
    running.kill();
    running.end();
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("✓ write_file");
    resumes(&server, &desk, &run);
}

#[test]
fn a_run_that_is_driven_is_not_driven_twice() {
    let (_server, desk, running, run) = busy();
    desk.slipway(["runs", "resume", &run])
        .exits(1)
        .complains("error:");
    running.signal(Signal::INT);
    running.end().exits(130);
}
