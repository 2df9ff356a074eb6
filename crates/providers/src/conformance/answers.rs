//! What is read in an answer, and what is heard of it.

use serde_json::json;
use slipway_contract::message::{Content, StopReason};
use slipway_contract::run::Tokens;

use super::place::{Place, Wire, called, calls, script, text, thoughts};
use super::sent;
use crate::scripted::{Answer, Reply};

const SAID: &str = "The total is 1204.55 EUR — “größer” als erwartet. 😀";

pub(super) async fn said(place: Place) {
    let (answer, heard) = place.answer(place.says(Answer::text(SAID))).await;
    assert_eq!(answer.content, [Content::Text { text: SAID.into() }]);
    assert_eq!(answer.stop, StopReason::End);
    assert_eq!(heard.text(), SAID);
}

pub(super) async fn said_without_tools(place: Place) {
    let mut request = place.request();
    request.tools = [].into();
    let server = script([Answer::text(SAID)]);
    let (answer, heard) = place.ask(&server, &request).await;
    assert_eq!(text(&answer.unwrap()), SAID);
    assert_eq!(heard.text(), SAID);
    let body = &server.requests()[0].body;
    assert_eq!(sent::tool_names(&place, body), Vec::<String>::new());
}

pub(super) async fn pieces(place: Place) {
    let (answer, heard) = place.answer(place.says(Answer::text(SAID))).await;
    assert_eq!(heard.text(), text(&answer));
    let words = SAID.split(' ').count();
    if place.streams() {
        assert!(heard.pieces() >= words / 2, "{} pieces", heard.pieces());
    } else {
        assert!(heard.pieces() >= 1, "a whole answer is heard, too");
    }
}

pub(super) async fn reasoning(place: Place) {
    let reply = Answer::text("42").reasoning("6 times 7 is, as everybody knows,", None);
    let (answer, heard) = place.answer(place.says(reply)).await;
    assert_eq!(heard.thoughts(), "6 times 7 is, as everybody knows,");
    assert_eq!(thoughts(&answer), heard.thoughts());
    assert_eq!((text(&answer), heard.text()), ("42".into(), "42".into()));
    if place.streams() {
        assert!(heard.thought_pieces() >= 3, "{}", heard.thought_pieces());
    }
}

pub(super) async fn two_calls(place: Place) {
    let (first, second) = (json!({"path": "a \"b\".txt"}), json!({"path": "größe/😀"}));
    let reply = Answer::text("I look.")
        .and_tool("call_1", "read_file", &first)
        .and_tool("call_2", "list_dir", &second);
    let (answer, heard) = place.answer(place.says(reply)).await;
    assert_eq!(answer.stop, StopReason::ToolCalls);
    let calls = calls(&answer);
    assert_eq!(calls.len(), 2, "{answer:?}");
    for (call, (tool, arguments)) in calls
        .iter()
        .zip([("read_file", first), ("list_dir", second)])
    {
        assert_eq!((call.tool.as_str(), &call.arguments), (tool, &arguments));
        assert_eq!(call.malformed, None);
    }
    let ids = [calls[0].call_id.0.as_str(), calls[1].call_id.0.as_str()];
    if place.wire.is_prompted() {
        assert_ne!(ids[0], ids[1], "nobody gave them ids but us");
    } else {
        assert_eq!(ids, ["call_1", "call_2"]);
    }
    // A server that holds the model to a form leaves no place for words beside calls.
    assert_eq!(heard.text(), text(&answer));
    assert_eq!(text(&answer), "I look.");
}

pub(super) async fn names(place: Place) {
    let server = script([place.says(Answer::text("Hm."))]);
    let request = place.request();
    let (answer, _) = place.ask(&server, &request).await;
    answer.unwrap();
    let names = sent::tool_names(&place, &server.requests()[0].body);
    assert_eq!(names.len(), 3, "{names:?}");
    server.then(place.says(Answer::tool("call_1", &names[2], &json!({"path": "a"}))));
    let (answer, _) = place.ask(&server, &request).await;
    assert_eq!(calls(&answer.unwrap())[0].tool, "mcp:files/stat");
}

pub(super) async fn same_ids(place: Place) {
    let reply = Answer::tool("call_1", "read_file", &json!({"path": "a"})).and_tool(
        "call_1",
        "list_dir",
        &json!({"path": "b"}),
    );
    let (answer, _) = place.answer(place.says(reply)).await;
    let calls = calls(&answer);
    // Both are there with the ids that they came with: the engine makes neither and tells the model.
    let expected = [
        called("call_1", "read_file", json!({"path": "a"})),
        called("call_1", "list_dir", json!({"path": "b"})),
    ];
    assert_eq!(calls, expected.iter().collect::<Vec<_>>());
}

pub(super) async fn no_ids(place: Place) {
    let reply = Answer::tool("", "read_file", &json!({"path": "a"})).and_tool(
        "",
        "list_dir",
        &json!({"path": "b"}),
    );
    let (answer, _) = place.answer(place.says(reply)).await;
    let calls = calls(&answer);
    assert_eq!(calls.len(), 2, "{answer:?}");
    assert!(calls.iter().all(|call| !call.call_id.0.is_empty()));
    assert_ne!(calls[0].call_id, calls[1].call_id);
}

pub(super) async fn no_json(place: Place) {
    let reply = Answer::nothing()
        .and_raw_tool("call_1", "read_file", "{\"path\": ")
        .and_tool("call_2", "list_dir", &json!({"path": "b"}));
    let (answer, _) = place.answer(place.says(reply)).await;
    let calls = calls(&answer);
    assert_eq!(calls.len(), 2, "{answer:?}");
    assert!(calls[0].malformed.is_some(), "{:?}", calls[0]);
    let raw = calls[0].arguments.as_str().expect("the model's own words");
    assert!(raw.contains("path"), "{raw}");
    assert_eq!(calls[1].malformed, None, "the other call is not harmed");
}

pub(super) async fn cache_read(place: Place) {
    let reply = Answer::text("Hm.").usage(1_200, 34, 1_024);
    let usage = usage(place, reply).await.unwrap();
    assert_eq!((usage.input_tokens, usage.cached_tokens), (1_200, 1_024));
}

pub(super) async fn cache_written(place: Place) {
    let reply = Answer::text("Hm.").usage(1_200, 34, 700).cache_written(300);
    let usage = usage(place, reply).await.unwrap();
    assert_eq!((usage.input_tokens, usage.cached_tokens), (1_200, 700));
    assert_eq!(usage.cache_write_tokens, Some(300));
}

pub(super) async fn counted(place: Place) {
    let reply = Answer::text("42")
        .reasoning("6 times 7", None)
        .usage(1_234, 567, 890)
        .reasoning_tokens(321);
    let expected = Tokens {
        input_tokens: 1_234,
        output_tokens: 567,
        cached_tokens: 890,
        cache_write_tokens: (place.wire == Wire::Anthropic).then_some(0),
        reasoning_tokens: Some(321),
    };
    assert_eq!(usage(place, reply).await, Some(expected));
}

pub(super) async fn not_counted(place: Place) {
    let reply = Answer::text("42").without_usage();
    assert_eq!(usage(place, reply).await, None);
}

async fn usage(place: Place, reply: Answer) -> Option<Tokens> {
    place.answer(place.says(reply)).await.0.usage
}

pub(super) async fn request_id(place: Place) {
    let reply = Reply::from(place.says(Answer::text("Hm."))).header(place.id_header(), "req_7");
    let (answer, _) = place.answer(reply).await;
    assert_eq!(answer.request_id.as_deref(), Some("req_7"));
}
