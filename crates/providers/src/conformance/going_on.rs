//! The next request of a conversation: results, errors and thoughts that go back.

use serde_json::{Value, json};
use slipway_agent::ports::model::ModelResponse;
use slipway_contract::message::Content;

use super::place::{Place, Wire, answered, called, calls, returned, script};
use super::sent::{self, Outcome};
use crate::scripted::Answer;

/// Asks, gives these results back, and tells what the second request was.
async fn goes_on(place: Place, reply: Answer, results: &[(&str, bool)]) -> (ModelResponse, Value) {
    let server = script([place.says(reply), place.says(Answer::text("Done."))]);
    let mut request = place.request();
    let (answer, _) = place.ask(&server, &request).await;
    let answer = answer.unwrap();
    request.messages.push(answered(1, answer.content.clone()));
    let calls = calls(&answer);
    assert_eq!(calls.len(), results.len(), "{answer:?}");
    for (step, (call, (text, is_error))) in (2..).zip(calls.iter().zip(results)) {
        request.messages.push(returned(step, call, text, *is_error));
    }
    let (second, _) = place.ask(&server, &request).await;
    second.unwrap();
    (answer, server.requests().remove(1).body)
}

fn two() -> Answer {
    Answer::tool("call_1", "read_file", &json!({"path": "a"})).and_tool(
        "call_2",
        "list_dir",
        &json!({"path": "b"}),
    )
}

fn outcome(place: Place, id: &str, text: &str, is_error: bool) -> Outcome {
    Outcome {
        id: (!place.wire.is_prompted()).then(|| id.to_owned()),
        text: text.to_owned(),
        is_error,
    }
}

pub(super) async fn results(place: Place) {
    let given = [("Hello, \"größe\" 😀\n", false), ("a.txt\nb.txt", false)];
    let (_, body) = goes_on(place, two(), &given).await;
    let expected = [
        outcome(place, "call_1", given[0].0, false),
        outcome(place, "call_2", given[1].0, false),
    ];
    assert_eq!(sent::results(&place, &body), expected, "{body}");
}

pub(super) async fn tool_error(place: Place) {
    let given = [("Hello.", false), ("there is no folder b", true)];
    let (_, body) = goes_on(place, two(), &given).await;
    let expected = [
        outcome(place, "call_1", "Hello.", false),
        outcome(place, "call_2", "there is no folder b", true),
    ];
    assert_eq!(sent::results(&place, &body), expected, "{body}");
}

/// What came signed goes back as it came, before the call that it led to.
pub(super) async fn reasoning(place: Place) {
    // OpenAI's Chat Completions have no reasoning that goes back; OpenRouter's have.
    let place = match place.wire {
        Wire::Chat => place.with_model("openrouter/anthropic/claude-sonnet-4.5"),
        _ => place,
    };
    let (signature, thought) = ("c2lnbmVkPT0=", "I have to look.");
    let reply = two().reasoning(thought, Some(signature));
    let (_, body) = goes_on(place, reply, &[("Hello.", false), ("b", false)]).await;
    let parts = sent::first_answer(&place, &body);
    let (held, call) = match place.wire {
        Wire::Chat => {
            let details = json!([{
                "type": "reasoning.text", "text": thought, "signature": signature,
                "format": "anthropic-claude-v1", "index": 0,
            }]);
            assert_eq!(parts[0]["reasoning_details"], details, "{body}");
            (&parts[0]["reasoning_details"], &parts[0]["tool_calls"][0])
        }
        Wire::Responses => {
            let item = json!({
                "id": "rs_1", "type": "reasoning", "encrypted_content": signature,
                "summary": [{"type": "summary_text", "text": thought}],
            });
            assert_eq!(parts[0], item, "{body}");
            (&parts[0], &parts[1])
        }
        Wire::Anthropic => {
            let block = json!({"type": "thinking", "thinking": thought, "signature": signature});
            assert_eq!(parts[0], block, "{body}");
            (&parts[0], &parts[1])
        }
        Wire::Gemini => {
            assert_eq!(parts[0]["thoughtSignature"], signature, "{body}");
            assert_eq!(parts[1].get("thoughtSignature"), None, "{body}");
            (&parts[0], &parts[0])
        }
        Wire::Held | Wire::Free => unreachable!("the table names them"),
    };
    assert!(call.to_string().contains("read_file"), "{body}");
    assert!(held.to_string().contains(signature), "{body}");
    // Once, and nowhere else.
    assert_eq!(body.to_string().matches(signature).count(), 1, "{body}");
}

/// What another model signed stays here: the run may have changed its model in the middle. So does
/// what does not say who signed it.
pub(super) async fn foreign_reasoning(place: Place) {
    // OpenAI's Chat Completions have no reasoning that goes back; OpenRouter's have.
    let place = match place.wire {
        Wire::Chat => place.with_model("openrouter/anthropic/claude-sonnet-4.5"),
        _ => place,
    };
    let mut request = place.request();
    let mut content: Vec<_> = foreign(&place)
        .into_iter()
        .map(|opaque| Content::Reasoning {
            text: "a thought of elsewhere".to_owned(),
            opaque: Some(opaque),
        })
        .collect();
    content.push(Content::ToolCall(called(
        "call_1",
        "read_file",
        json!({"path": "a"}),
    )));
    let signature_alone = foreign(&place)
        .into_iter()
        .map(|opaque| Content::Reasoning {
            text: String::new(),
            opaque: Some(opaque),
        });
    content.extend(signature_alone);
    content.push(Content::Text {
        text: "42".to_owned(),
    });
    let call = called("call_1", "read_file", json!({"path": "a"}));
    request.messages.push(answered(1, content));
    request.messages.push(returned(2, &call, "Hello.", false));
    request.messages.push(super::place::user("And twice that?"));
    let body = place.sent(&request).await.to_string();
    assert!(!body.contains(FOREIGN), "{body}");
    assert!(!body.contains("a thought of elsewhere"), "{body}");
    for said in ["42", "read_file", "Hello.", "And twice that?"] {
        assert!(body.contains(said), "{said}: {body}");
    }
}

const FOREIGN: &str = "Zm9yZWlnbg==";

/// Whatever any protocol keeps of a thought: of another provider, of another model of this one, of
/// this very model in another protocol, and without its origin, as earlier versions kept it.
fn foreign(place: &Place) -> Vec<Value> {
    let own = match place.wire {
        Wire::Chat | Wire::Held | Wire::Free => "chat",
        Wire::Responses => "responses",
        Wire::Anthropic => "anthropic",
        Wire::Gemini => "gemini",
    };
    let model = place.request().model;
    let (provider, model) = (model.provider.as_str(), model.model.as_str());
    let origins = [
        ("elsewhere", model),
        (provider, "another-model"),
        (provider, model),
    ];
    let item =
        json!({"type": "reasoning", "id": "rs_9", "encrypted_content": FOREIGN, "summary": []});
    let block = json!({"type": "thinking", "thinking": "t", "signature": FOREIGN});
    let kept = [
        ("responses", "item", item.clone()),
        ("anthropic", "block", block.clone()),
        ("gemini", "signature", json!(FOREIGN)),
        (
            "chat",
            "details",
            json!([{"type": "reasoning.text", "signature": FOREIGN}]),
        ),
    ];
    let mut foreign = vec![
        item,
        json!({"protocol": "anthropic", "model": model, "prefix": "p", "block": block}),
        json!({"protocol": "gemini", "signature": FOREIGN}),
    ];
    for (protocol, name, kept) in kept {
        for (provider, model) in origins {
            if protocol != own || (provider, model) != origins[2] {
                foreign.push(
                    json!({"protocol": protocol, "provider": provider, "model": model, name: kept}),
                );
            }
        }
    }
    foreign
}
