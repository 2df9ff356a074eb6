//! `slipway run` with a model of Anthropic, in Anthropic's own protocol.

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Received, Reply, ScriptedServer, model};

const OPUS: &str = "anthropic/claude-opus-5-5";

fn desk(server: &ScriptedServer) -> Desk {
    Desk::new()
        .variable("ANTHROPIC_BASE_URL", format!("http://{}", server.address()))
        .variable("ANTHROPIC_API_KEY", "sk-ant-scripted-key-of-a-test")
}

fn kinds(turn: &Value) -> Vec<&str> {
    let parts = turn["content"].as_array().into_iter().flatten();
    parts.filter_map(|part| part["type"].as_str()).collect()
}

#[test]
fn two_tools_are_called_and_the_thought_goes_back_signed() {
    let calls = Answer::tool("toolu_1", "read_file", &json!({"path": "in/a.txt"}))
        .and_tool("toolu_2", "read_file", &json!({"path": "in/none.txt"}))
        .reasoning("Both have to be read.", Some("c2lnbmF0dXJl"))
        .usage(1_000_000, 0, 500_000)
        .cache_written(250_000);
    let end = Answer::text("One was read.").usage(1_000_000, 0, 1_000_000);
    let server = model([calls, end]);
    let desk = desk(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--model", OPUS, "--json"])
        .exits(0);
    let finished = ran.event("run.finished");
    assert_eq!(finished["output"], "One was read.");
    // Fresh 250,000 at $4, written 250,000 at $5, read 1,500,000 at $0.20, for a million each.
    assert_eq!(finished["usage"]["cost_usd"], "2.55", "{finished}");

    let [first, second]: [Received; 2] = server.requests().try_into().unwrap();
    assert_eq!(first.path, "/v1/messages");
    assert_eq!(first.headers["x-api-key"], "sk-ant-scripted-key-of-a-test");
    assert_eq!(first.headers["anthropic-version"], "2026-10-21");
    let turns = second.body["messages"].as_array().unwrap();
    let [_, asked, told] = &turns[..] else {
        panic!("{turns:?}")
    };
    assert_eq!(kinds(asked), ["thinking", "tool_use", "tool_use"]);
    assert_eq!(asked["content"][0]["signature"], "c2lnbmF0dXJl");
    assert_eq!(kinds(told), ["tool_result", "tool_result"]);
    assert_eq!(told["content"][0].get("is_error"), None);
    assert_eq!(told["content"][1]["is_error"], true, "{told}");
}

#[test]
fn a_wrong_key_says_what_to_do_about_it() {
    let refused = json!({
        "type": "error",
        "error": {"type": "authentication_error", "message": "invalid x-api-key"},
    });
    let server = model([Reply::error(401, &refused)]);
    let desk = desk(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--model", OPUS])
        .exits(1);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains("invalid x-api-key"), "{said}");
    assert!(said.contains("the key in ANTHROPIC_API_KEY"), "{said}");
    assert_eq!(server.requests().len(), 1, "a wrong key is not tried again");
}
