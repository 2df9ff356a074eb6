//! `slipway runs wire`: what went over the wire, and the same again with curl.

mod attached;
#[cfg(unix)]
mod curl;
mod kept;
mod keys;

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Reply, ScriptedServer, model};

/// What shells, terminals and here-documents would obey.
const HOSTILE: &str =
    "it's \"$HOME\" `id` $(id) !! %s \\n \\\n\nEOF\n\u{1b}[31m\u{202e}größer 領収書";

/// An attempt that fails, one that asks for a tool, and one that answers.
fn done() -> (ScriptedServer, Desk, String) {
    let busy = Reply::error(429, &json!({"error": {"message": "slow down"}}))
        .header("retry-after", "0")
        .header("set-cookie", "session=hidden");
    let asks = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}));
    let server = model([busy, asks.into(), Answer::text("The end.").into()]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway([
            "run",
            Agent::clerk().at(&desk),
            "--json",
            "--input",
            HOSTILE,
        ])
        .exits(0);
    let run = ran.run();
    (server, desk, run)
}

/// The bodies that the server took, as they came.
fn sent(server: &ScriptedServer) -> Vec<Vec<u8>> {
    let requests = server.requests();
    requests
        .iter()
        .map(|request| request.raw.to_vec())
        .collect()
}

#[test]
fn the_calls_of_a_run_are_listed() {
    let (server, desk, run) = done();
    let listed = desk.slipway(["runs", "wire", &run[..7], "--json"]).exits(0);
    let calls = listed.objects();
    let what: Vec<_> = calls
        .iter()
        .map(|call| (&call["step"], &call["attempt"], &call["status"]))
        .collect();
    let expected = [json!([1, 1, 429]), json!([1, 2, 200]), json!([3, 1, 200])];
    assert_eq!(json!(what), json!(expected));
    for (call, body) in calls.iter().zip(sent(&server)) {
        assert_eq!(call["request_bytes"], body.len());
        assert_eq!(call["model"], "openai/gpt-5-mini");
        assert_eq!(call["run_id"], *run);
    }
    desk.slipway(["runs", "wire", &run])
        .exits(0)
        .says("STEP  ATTEMPT  STATUS")
        .says("429")
        .says(&format!("slipway runs wire {} --step 1", &run[..7]));
}

#[test]
fn a_call_is_shown_with_both_sides_and_without_the_key() {
    let (_server, desk, run) = done();
    let shown = desk
        .slipway(["runs", "wire", &run, "--step", "1"])
        .exits(0)
        .says("Step 1, attempt 1: openai/gpt-5-mini")
        .says("POST http://127.0.0.1:")
        .says("authorization: Bearer $OPENAI_API_KEY")
        .says("content-type: application/json")
        .says("\n  \"model\": \"gpt-5-mini\",\n")
        .says("\n429\n")
        .says("retry-after: 0")
        .says("set-cookie: [secret]")
        .says("slow down")
        .says("Step 1, attempt 2")
        .says("\n200\n")
        .says("content-type: text/event-stream")
        .says("\ndata: {");
    assert!(!shown.stdout.contains("sk-scripted"), "{}", shown.stdout);
    assert!(
        !shown.stdout.contains(['\u{1b}', '\u{202e}']),
        "nothing is obeyed"
    );
    let one = desk
        .slipway(["runs", "wire", &run, "--step", "1", "--attempt", "2"])
        .exits(0);
    assert!(!one.stdout.contains("attempt 1:"), "{}", one.stdout);
}

#[test]
fn programs_get_exactly_what_went_over_the_wire() {
    let (server, desk, run) = done();
    let sent = sent(&server);
    let shown = desk
        .slipway(["runs", "wire", &run, "--step", "3", "--json"])
        .exits(0);
    let exchange = &shown.objects()[0];
    let text = |body: &Value| body["text"].as_str().unwrap().as_bytes().to_vec();
    assert_eq!(text(&exchange["request_body"]), sent[2]);
    let answer = text(&exchange["response_body"]);
    assert_eq!(exchange["response_bytes"], answer.len());
    for (part, attempt, expected) in [("--request", "1", &sent[0]), ("--request", "2", &sent[1])] {
        let arguments = [
            "runs",
            "wire",
            &run,
            "--step",
            "1",
            "--attempt",
            attempt,
            part,
        ];
        let printed = desk.command(arguments).output().unwrap();
        assert_eq!(&printed.stdout, expected, "{part} {attempt}");
    }
    let printed = desk
        .command(["runs", "wire", &run, "--step", "3", "--response"])
        .output();
    assert_eq!(printed.unwrap().stdout, answer);
    assert!(answer.starts_with(b"data: ") || answer.starts_with(b"event: "));
}

#[test]
fn what_does_not_fit_together_is_refused_with_a_way_out() {
    let (_server, desk, run) = done();
    let wire = |arguments: &[&str]| desk.slipway(["runs", "wire", &run].iter().chain(arguments));
    wire(&["--curl"])
        .exits(2)
        .complains("Name one with --step: 1, 3.");
    wire(&["--step", "2"])
        .exits(2)
        .complains("step 2 of the run")
        .complains("Its model calls are the steps 1, 3.");
    wire(&["--step", "1", "--attempt", "7"])
        .exits(2)
        .complains("no attempt 7 at step 1 is kept")
        .complains("1, 2");
    wire(&["--step", "1", "--curl", "--request"]).exits(2);
    wire(&["--step", "1", "--request", "--json"])
        .exits(2)
        .says("--json");
    wire(&["--step", "1", "--attempt", "0"]).exits(2);
    desk.slipway(["runs", "wire", "fffffff"]).exits(2);
}

#[test]
fn a_further_run_shows_the_calls_that_it_shares() {
    let (server, desk, run) = done();
    server.then(Answer::text("More."));
    let more = desk
        .slipway(["runs", "continue", &run, "--input", "And?", "--json"])
        .exits(0)
        .run();
    // The first run goes another way meanwhile, with the same number of a step.
    server.then(Answer::text("Another."));
    let other = desk
        .slipway(["runs", "continue", &run, "--input", "Or?", "--json"])
        .exits(0)
        .run();
    let listed = desk.slipway(["runs", "wire", &more, "--json"]).exits(0);
    let calls = listed.objects();
    let runs: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["run_id"].as_str())
        .collect();
    assert_eq!(runs, [&*run, &*run, &*run, &*more]);
    assert!(!runs.contains(&&*other));
    let step = calls[3]["step"].to_string();
    desk.slipway(["runs", "wire", &more, "--step", &step])
        .exits(0)
        .says("More.");
    desk.slipway(["runs", "wire", &other, "--step", &step])
        .exits(0)
        .says("Another.");
    desk.slipway(["runs", "wire", &more, "--step", "3"])
        .exits(0)
        .says("end.");
}
