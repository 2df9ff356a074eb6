//! `slipway run` with a model of Google, in Google's own protocol.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, Received, Reply, ScriptedServer, model};

const FLASH: &str = "google/gemini-3.5-flash";

fn desk(server: &ScriptedServer) -> Desk {
    Desk::new()
        .variable("GOOGLE_BASE_URL", format!("http://{}", server.address()))
        .variable("GEMINI_API_KEY", "AIza-scripted-key-of-a-test")
}

fn only(parts: &serde_json::Value, kind: &str) -> Vec<serde_json::Value> {
    let parts = parts.as_array().into_iter().flatten();
    parts.filter_map(|part| part.get(kind).cloned()).collect()
}

#[test]
fn two_tools_are_called_and_the_thoughts_signature_goes_back() {
    let calls = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}))
        .and_tool("c2", "read_file", &json!({"path": "in/b.txt"}))
        .reasoning("Both have to be read.", Some("c2lnbmF0dXJl"));
    let server = model([calls, Answer::text("Both were read.")]);
    let desk = desk(&server);
    desk.slipway(["run", Agent::clerk().at(&desk), "--model", FLASH])
        .exits(0)
        .says("Both were read.")
        .says("2 model calls, 2 tool calls");

    let [first, second]: [Received; 2] = server.requests().try_into().unwrap();
    let method = "/v1beta/models/gemini-3.5-flash:streamGenerateContent";
    assert_eq!(first.path, method);
    assert_eq!(first.query.as_deref(), Some("alt=sse"), "no key in the URL");
    let key = &first.headers["x-goog-api-key"];
    assert_eq!(key, "AIza-scripted-key-of-a-test");
    let contents = second.body["contents"].as_array().unwrap();
    let [.., asked, told] = &contents[..] else {
        panic!("{contents:?}")
    };
    let signatures = only(&asked["parts"], "thoughtSignature");
    assert_eq!(signatures, [json!("c2lnbmF0dXJl")]);
    let answers = only(&told["parts"], "functionResponse");
    let ids: Vec<&str> = answers
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(ids, ["c1", "c2"], "one turn carries both, in their order");
}

#[test]
fn a_wrong_key_says_what_to_do_about_it() {
    let refused = json!({"error": {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
    }});
    let server = model([Reply::error(400, &refused)]);
    let desk = desk(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--model", FLASH])
        .exits(1);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains("API key not valid"), "{said}");
    assert!(said.contains("the key in GEMINI_API_KEY"), "{said}");
    assert_eq!(server.requests().len(), 1, "a wrong key is not tried again");
}
