//! Calls whose outcome nobody knows.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, ScriptedServer, model};

/// A run that was killed while a call that changes something was under way: a server that
/// takes a request and never answers it.
fn cut_off() -> (ScriptedServer, Desk, String, std::net::TcpListener) {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = silent.local_addr().unwrap();
    let call = Answer::tool(
        "c1",
        "http_request",
        &json!({"method": "POST", "url": format!("http://{place}/orders"), "body": "1"}),
    );
    let server = model([call]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .allowing("http_request")
        .permissions(&format!("network = [\"{place}\"]"))
        .at(&desk);
    let mut running = desk.start(["run", agent, "--json", "--approve", "allow"]);
    let line = running.until("\"tool.requested\"");
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    let run = event["run_id"].as_str().unwrap().to_owned();
    // The request is on its way when somebody takes it.
    let _taken = silent.accept().unwrap();
    running.kill();
    running.end();
    (server, desk, run, silent)
}

#[test]
fn a_call_that_was_cut_off_is_asked_about_and_never_repeated_unasked() {
    let (server, desk, run, silent) = cut_off();
    silent.set_nonblocking(true).unwrap();
    let ran = desk.slipway(["runs", "resume", &run]).exits(3);
    ran.says("http_request was cut off, and only you can find out whether it happened")
        .says("--happened RESULT")
        .says("--not-happened");
    let call = format!(
        "http_request url=http://{}/orders",
        silent.local_addr().unwrap()
    );
    desk.slipway(["runs", "approve", &run])
        .exits(2)
        .complains("slipway runs resolve");
    server.then(Answer::text("Ordered."));
    desk.slipway(["runs", "resolve", &run, "--happened", "order 7 was made"])
        .exits(0)
        .says("Ordered.");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says(&format!("· cut off: {call}"))
        .says(&format!("? did it happen? {call}"))
        .says("✓ it happened, you say: order 7 was made");
    assert!(
        server.requests()[1]
            .body
            .to_string()
            .contains("order 7 was made")
    );
    assert!(silent.accept().is_err(), "the call was not made again");
}

#[test]
fn a_person_can_stop_a_run_whose_call_was_cut_off() {
    let (_server, desk, run, _silent) = cut_off();
    desk.slipway(["runs", "resume", &run]).exits(3);
    let ran = desk.slipway(["runs", "resolve", &run, "--stop", "--json"]);
    assert_eq!(ran.event("run.finished")["reason"], "stopped");
}

#[test]
fn one_answer_is_needed_and_no_more() {
    let desk = Desk::new();
    desk.slipway(["runs", "resolve", "0123456"])
        .exits(2)
        .complains("--happened");
    desk.slipway(["runs", "resolve", "0123456", "--stop", "--not-happened"])
        .exits(2)
        .complains("cannot be used with");
}
