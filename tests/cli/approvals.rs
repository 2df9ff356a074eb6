//! Runs that ask: parked, allowed, refused, resolved.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Ran, ScriptedServer, model};

fn write() -> Answer {
    Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "kept\n"}),
    )
}

/// A run that waits for the approval of one call.
fn parked() -> (ScriptedServer, Desk, String) {
    let server = model([write()]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(3);
    let run = ran.run();
    (server, desk, run)
}

/// The commands that a parked run's output names.
fn suggested(ran: &Ran, what: &str) -> Vec<String> {
    let line = ran
        .stdout
        .lines()
        .find(|line| line.contains(what))
        .unwrap_or_else(|| panic!("no {what}: {}", ran.stdout));
    line.split_whitespace().skip(1).map(str::to_owned).collect()
}

#[test]
fn what_is_asked_is_shown_with_the_commands_to_go_on() {
    let server = model([write(), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk)])
        .exits(3)
        .says("parked: run ")
        .says("? The agent wants to call write_file")
        .says("path: \"out/b.txt\"")
        .says("content: \"kept\\n\"")
        .says("it changes something")
        .says("an answer covers this tool with exactly these arguments, once (");
    let approve = suggested(&ran, "runs approve");
    desk.slipway(&approve)
        .exits(0)
        .says("✓ allowed by you")
        .says("✓ write_file")
        .says("Written.");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

/// A run that waits for the approval of two calls.
fn asks_twice() -> (ScriptedServer, Desk, Ran) {
    let lines: String = (1..=60).map(|line| format!("line {line}\n")).collect();
    let both = write().and_tool(
        "c2",
        "write_file",
        &json!({"path": "out/c.txt", "content": lines}),
    );
    let server = model([both]);
    let desk = Desk::with_model(&server);
    let ran = desk.slipway(["run", Agent::clerk().at(&desk)]).exits(3);
    (server, desk, ran)
}

#[test]
fn what_is_asked_is_shown_whole_where_nobody_can_ask_for_more() {
    let (_server, desk, ran) = asks_twice();
    let run = suggested(&ran, "runs approve")[2].clone();
    let shown = desk.slipway(["runs", "show", &run]).exits(0);
    let json = desk.slipway(["runs", "resume", &run, "--json"]).exits(3);
    for text in [&ran.stdout, &shown.stdout, &json.stderr] {
        assert!(text.contains("content: 60 lines\n"), "{text}");
        assert!(text.contains("│ line 60\n"), "{text}");
        assert!(!text.contains("that d shows"), "{text}");
    }
}

#[test]
fn a_run_that_parks_again_shows_every_open_question() {
    let (_server, desk, ran) = asks_twice();
    let run = suggested(&ran, "runs approve")[2].clone();
    let asks = |text: &str, path: &str| {
        text.contains(&format!("path: \"{path}\"")) && text.contains("runs deny")
    };
    let again = desk.slipway(["runs", "resume", &run]).exits(3);
    assert!(asks(&again.stdout, "out/b.txt"), "{}", again.stdout);
    assert!(asks(&again.stdout, "out/c.txt"), "{}", again.stdout);
    let one = desk.slipway(suggested(&again, "runs deny")).exits(3);
    assert!(!asks(&one.stdout, "out/b.txt"), "{}", one.stdout);
    assert!(asks(&one.stdout, "out/c.txt"), "{}", one.stdout);
    let json = desk.slipway(["runs", "resume", &run, "--json"]).exits(3);
    assert!(asks(&json.stderr, "out/c.txt"), "{}", json.stderr);
}

#[test]
fn a_refused_call_is_told_with_its_arguments() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Then not."));
    desk.slipway(["runs", "deny", &run])
        .exits(0)
        .says("✗ write_file path=out/b.txt");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("? write_file path=out/b.txt")
        .says("✗ write_file path=out/b.txt");
}

#[test]
fn the_behaviour_that_asks_is_the_one_that_validate_names() {
    let desk = Desk::with_model(&model([Answer::nothing()]));
    let agent = Agent::clerk()
        .permissions("network = [\"api.example.com\"]")
        .at(&desk);
    let valid = desk.slipway(["validate", agent, "--json"]).exits(0);
    let behaviour = valid.objects()[0]["behaviour"].as_str().unwrap().to_owned();
    desk.slipway(["run", agent])
        .exits(3)
        .says(&format!("for the behaviour ({})", &behaviour[..7]));
}

#[test]
fn an_approved_run_goes_on_with_the_same_events() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Written."));
    let ran = desk.slipway(["runs", "approve", &run, "--json"]).exits(0);
    let kinds: Vec<String> = ran
        .objects()
        .iter()
        .map(|event| event["type"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        kinds[..3],
        ["run.resumed", "approval.resolved", "tool.requested"]
    );
    assert_eq!(ran.event("run.finished")["status"], "succeeded");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

#[test]
fn a_refusal_is_told_to_the_model() {
    let (server, desk, run) = parked();
    server.then(Answer::text("Then not."));
    desk.slipway(["runs", "deny", &run[..8], "--reason", "not on a Sunday"])
        .exits(0)
        .says("✗ refused by you: not on a Sunday");
    assert!(!desk.path("clerk/out/b.txt").exists());
    let told = server.requests()[1].body.to_string();
    assert!(told.contains("not on a Sunday"), "{told}");
}

#[test]
fn an_answer_to_what_is_not_asked_is_refused() {
    let (server, desk, run) = parked();
    desk.slipway(["runs", "approve", &run, "--step", "77"])
        .exits(2)
        .complains("77");
    desk.slipway(["runs", "resolve", &run, "--stop"])
        .exits(2)
        .complains("slipway runs approve");
    server.then(Answer::text("Written."));
    desk.slipway(["runs", "approve", &run]).exits(0);
    desk.slipway(["runs", "approve", &run]).exits(2);
    desk.slipway(["runs", "resume", &run])
        .exits(2)
        .complains("ended");
}

#[test]
fn a_parked_run_can_be_looked_at_and_cancelled() {
    let (_server, desk, run) = parked();
    desk.slipway(["runs", "list", "--status", "parked"])
        .exits(0)
        .says(&run[..7])
        .says("parked: asks for approval");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("? The agent wants to call write_file")
        .says("slipway runs deny");
    desk.slipway(["runs", "resume", &run]).exits(3);
    desk.slipway(["runs", "cancel", &run])
        .exits(0)
        .says("is cancelled");
    desk.slipway(["runs", "cancel", &run]).exits(2);
    desk.slipway(["runs", "list"]).exits(0).says("cancelled");
    assert!(!desk.path("clerk/out/b.txt").exists());
}

#[test]
fn approve_allow_answers_what_is_asked() {
    let server = model([write(), Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--approve", "allow"])
        .exits(0)
        .says("✓ allowed by --approve allow");
    assert_eq!(desk.read("clerk/out/b.txt"), "kept\n");
}

#[test]
fn approve_ask_without_a_terminal_says_that_nobody_can_be_asked() {
    let server = model([write()]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--approve", "ask"])
        .exits(3)
        .complains("no terminal");
}

#[test]
fn permissions_are_listed_as_the_paths_that_are_meant_and_asked_once() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.write("shared/list.txt", "x");
    let agent = Agent::clerk()
        .permissions("files = [\"read:../shared\"]\nnetwork = [\"api.example.com\"]")
        .at(&desk);
    let meant = desk.path("shared").canonicalize().unwrap();
    let ran = desk
        .slipway(["run", agent])
        .exits(3)
        .says("? The agent asks for permission to")
        .says(&format!("- read files in {}", meant.display()))
        .says("- connect to api.example.com");
    assert_eq!(
        server.requests().len(),
        0,
        "nothing starts before it is granted"
    );
    desk.slipway(suggested(&ran, "runs approve"))
        .exits(0)
        .says("Done.");
    server.then(Answer::text("Again."));
    desk.slipway(["run", agent]).exits(0).says("Again.");
}

#[test]
fn permissions_that_are_refused_end_the_run() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .permissions("network = [\"api.example.com\"]")
        .at(&desk);
    let ran = desk.slipway(["run", agent]).exits(3);
    desk.slipway(suggested(&ran, "runs deny"))
        .exits(1)
        .says("failed: not_granted");
    assert_eq!(server.requests().len(), 0);
}
