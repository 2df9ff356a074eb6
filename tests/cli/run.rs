//! `slipway run`, read by a person.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, model};

fn two_reads() -> Answer {
    Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})).and_tool(
        "c2",
        "read_file",
        &json!({"path": "in/b.txt"}),
    )
}

#[test]
fn a_run_shows_what_happens_and_what_it_used() {
    let server = model([two_reads(), Answer::text("Both were read.\n\nThat is all.")]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--input", "Read both"])
        .exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with("clerk ") && lines[0].contains(" · openai/gpt-5-mini · run "),
        "{}",
        lines[0]
    );
    let ran = ran
        .says("✓ read_file path=in/a.txt → ")
        .says("✓ read_file path=in/b.txt → ")
        .says("Both were read.\n\nThat is all.\n")
        .says("✓ succeeded · 2 model calls, 2 tool calls · 200 tokens in, 40 out · $0.0001 · ");
    assert!(
        !ran.stdout.contains('\u{1b}'),
        "no colours and no spinners where no terminal is: {}",
        ran.stdout
    );
    assert_eq!(ran.stderr, "", "nothing to complain about");
    assert_eq!(
        ran.stdout.matches("Both were read.").count(),
        1,
        "an answer that streamed is not printed again"
    );
}

#[test]
fn the_second_request_carries_both_results() {
    let server = model([two_reads(), Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--input", "Read both"])
        .exits(0);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0].headers["authorization"],
        "Bearer sk-scripted-key-of-a-test"
    );
    let sent = requests[1].body.to_string();
    for text in ["the first line", "another file", "Read both"] {
        assert!(
            sent.contains(text),
            "{text:?} is missing in the second request: {sent}"
        );
    }
}

#[test]
fn an_answer_that_does_not_stream_is_shown_too() {
    let server = model([Answer::nothing().finish("stop"), Answer::text("After all.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk)])
        .exits(0)
        .says("After all.");
}

#[test]
fn a_failure_says_what_happened() {
    let server = model([crate::kit::Reply::error(
        401,
        &json!({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}),
    )]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk)])
        .exits(1)
        .says("✗ failed: model")
        .says("OPENAI_API_KEY");
}

#[test]
fn what_fails_is_told_whole_to_a_program_and_afterwards() {
    let long = format!("in/{}.txt", "long-name-".repeat(20));
    let server = model([
        Answer::tool("c1", "read_file", &json!({"path": long})),
        Answer::text("Done.\n\n\n"),
    ]);
    let desk = Desk::with_model(&server);
    let ran = desk.slipway(["run", Agent::clerk().at(&desk)]).exits(0);
    let run = ran.stdout.lines().next().unwrap();
    let run = run.rsplit(' ').next().unwrap().to_owned();
    let shown = desk.slipway(["runs", "show", &run]).exits(0);
    for text in [&ran.stdout, &shown.stdout] {
        assert!(text.contains(&long), "{text}");
        assert!(text.contains("list_files shows what there is."), "{text}");
        assert!(text.contains("Done.\n\n✓ succeeded"), "{text}");
    }
}

#[test]
fn off_the_network_is_named_where_a_request_fails_for_it() {
    let request = Answer::tool(
        "c1",
        "http_request",
        &json!({"method": "GET", "url": "http://api.example.com/"}),
    );
    let server = model([request, Answer::text("It is not there.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .allowing("http_request")
        .permissions("network = [\"api.example.com\"]")
        .at(&desk);
    desk.slipway(["run", agent, "--no-network", "--approve", "allow"])
        .exits(0)
        .says("Without --no-network it can.");
}

#[test]
fn a_failed_attempt_is_told_and_tried_again() {
    let busy = crate::kit::Reply::error(429, &json!({"error": {"message": "slow down"}}))
        .header("retry-after", "0");
    let server = model([busy, Answer::text("Now.").into()]);
    let desk = Desk::with_model(&server);
    desk.slipway(["run", Agent::clerk().at(&desk)])
        .exits(0)
        .says("  ! ")
        .says("(attempt 2)")
        .says("Now.");
}

#[test]
fn a_further_message_goes_on_with_the_conversation() {
    let server = model([Answer::text("The answer is four."), Answer::text("Eight.")]);
    let desk = Desk::with_model(&server);
    let first = desk
        .slipway([
            "run",
            Agent::clerk().at(&desk),
            "--input",
            "Two and two?",
            "--json",
        ])
        .exits(0);
    desk.slipway([
        "runs",
        "continue",
        &first.run()[..7],
        "--input",
        "And twice that?",
    ])
    .exits(0)
    .says("Eight.");
    let sent = server.requests()[1].body.to_string();
    for text in ["Two and two?", "The answer is four.", "And twice that?"] {
        assert!(sent.contains(text), "{text:?} is missing: {sent}");
    }
}

#[test]
fn structured_output_is_printed_once() {
    let server = model([Answer::text(r#"{"total": 3}"#)]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().and(
        "[output]\ntype = \"object\"\nrequired = [\"total\"]\nadditionalProperties = false\n[output.properties]\ntotal = { type = \"integer\" }\n",
    );
    let ran = desk.slipway(["run", agent.at(&desk)]).exits(0);
    assert_eq!(ran.stdout.matches("total").count(), 1, "{}", ran.stdout);
    let ran = {
        server.then(Answer::text(r#"{"total": 3}"#));
        desk.slipway(["run", "./clerk", "--json"]).exits(0)
    };
    assert_eq!(ran.event("run.finished")["output"], json!({"total": 3}));
}

#[test]
fn a_recording_says_that_it_is_one_and_how_to_leave_it() {
    let server = model([two_reads(), Answer::text("Both were read.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "both"])
        .exits(0)
        .complains("--model recording/both");
    let played = desk
        .slipway(["run", agent, "--model", "recording/both"])
        .exits(0);
    let played = played
        .says("This plays the recording both: the model's answers are recorded, the tools run for real.")
        .says("--model local/NAME")
        .says("OPENAI_API_KEY")
        .says("Both were read.");
    assert!(
        played.stdout.contains("· $0 ·"),
        "a recording costs nothing: {}",
        played.stdout
    );
    assert_eq!(server.requests().len(), 2, "a recording asks no server");
    // Nor does it need a price, or anything else that is wrong.
    for own in ["prices.toml", "providers.toml"] {
        std::fs::write(desk.home().join(own), "[[").unwrap();
    }
    desk.slipway(["run", agent, "--model", "recording/both"])
        .exits(0);
    for own in ["prices.toml", "providers.toml"] {
        std::fs::remove_file(desk.home().join(own)).unwrap();
    }
    desk.slipway(["run", agent, "--model", "recording/both", "--json"])
        .exits(0)
        .complains("This plays the recording both");
}

#[test]
fn a_recording_is_announced_where_the_run_begins_and_not_again() {
    let write = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    );
    let server = model([write, Answer::text("Written.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "one", "--approve", "allow"])
        .exits(0);
    let played = desk
        .slipway(["run", agent, "--model", "recording/one", "--json"])
        .exits(3)
        .complains("This plays the recording");
    let ran = desk.slipway(["runs", "resume", &played.run()]).exits(3);
    let json = desk.slipway(["runs", "approve", &played.run(), "--json"]);
    let json = json.exits(0);
    for text in [&ran.stdout, &json.stderr] {
        assert!(!text.contains("This plays the recording"), "{text}");
    }
}

#[test]
fn a_recording_over_other_data_fails_with_the_difference() {
    let server = model([two_reads(), Answer::text("Both were read.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "both"]).exits(0);
    desk.write("clerk/in/a.txt", "a changed line\nthe second line\n");
    let ran = desk
        .slipway(["run", agent, "--model", "recording/both"])
        .exits(1);
    let ran = ran
        .says("✗ failed: recording_mismatch")
        .says("a changed line")
        .says("the first line");
    assert_eq!(
        ran.stdout.matches("a changed line").count(),
        1,
        "the end tells it, and nothing else: {}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("\\n"), "{}", ran.stdout);
}

#[test]
fn an_imported_agent_asks_for_everything() {
    let server = model([two_reads(), Answer::text("Both were read.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().allowing("write_file").at(&desk);
    desk.slipway(["import", agent]).exits(0);
    let ran = desk
        .slipway(["run", "clerk"])
        .exits(3)
        .says("- use write_file without asking each time");
    let own = desk.home().join("work/clerk").canonicalize().unwrap();
    let ran = ran.says(&format!("- read files in {}", own.join("in").display()));
    assert_eq!(server.requests().len(), 0);
    drop(ran);
    desk.slipway(["run", "clerk", "--workdir", "clerk", "--approve", "allow"])
        .exits(0)
        .says("✓ read_file path=in/a.txt")
        .says("Both were read.");
}

#[test]
fn a_run_off_the_network_asks_no_server_that_is_on_it() {
    let server = model([two_reads(), Answer::text("Both were read.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "both"]).exits(0);
    let elsewhere = Desk::new()
        .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test")
        .variable("OPENAI_BASE_URL", "https://models.example.com/v1");
    Agent::clerk().at(&elsewhere);
    elsewhere
        .slipway(["run", agent, "--no-network"])
        .exits(2)
        .complains("over the network");
    desk.slipway(["run", agent, "--no-network", "--model", "recording/both"])
        .exits(0)
        .says("Both were read.");
}
