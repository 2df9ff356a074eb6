//! Signatures of thoughts: kept with the part that they came with, and given back on it.

use super::*;
use crate::scripted::Answer;

const FOREIGN: &str = "skip_thought_signature_validator";

fn stream(parts: &[Value]) -> Reply {
    let mut body = String::new();
    for part in parts {
        let chunk = json!({"candidates": [{"content": {"parts": [part], "role": "model"}}]});
        body.push_str(&format!("data: {chunk}\n\n"));
    }
    body.push_str("data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n");
    Reply::events(body)
}

/// The parts of the model's turn, as they are sent back.
async fn back(model: &str, content: Vec<Content>) -> Value {
    let mut request = request();
    request.messages.push(answered(1, content));
    request.messages.push(user("Go on."));
    let body = sent(model, Way::Whole, &request).await.body;
    assert_eq!(body["contents"][1]["role"], "model");
    body["contents"][1]["parts"].clone()
}

#[tokio::test]
async fn a_signature_goes_back_on_the_part_that_it_came_with() {
    for parts in [
        // Parallel calls: the first alone is signed.
        vec![
            json!({"functionCall": {"id": "f1", "name": "read_file", "args": {"path": "a"}}, "thoughtSignature": "c2lnQQ=="}),
            json!({"functionCall": {"id": "f2", "name": "read_file", "args": {"path": "b"}}}),
        ],
        // Text, and its signature at the end of the stream.
        vec![
            json!({"text": "It is 42."}),
            json!({"text": "", "thoughtSignature": "c2lnQg=="}),
        ],
        // Signed text beside unsigned.
        vec![
            json!({"text": "One. "}),
            json!({"text": "Two. ", "thoughtSignature": "c2lnQw=="}),
            json!({"text": "Three."}),
            json!({"functionCall": {"id": "f1", "name": "read_file", "args": {}}, "thoughtSignature": "c2lnRA=="}),
        ],
        // A signed thought.
        vec![
            json!({"text": "Hm.", "thought": true, "thoughtSignature": "c2lnRQ=="}),
            json!({"text": "Yes."}),
        ],
        // Two in a row.
        vec![
            json!({"text": "", "thoughtSignature": "c2lnRg=="}),
            json!({"text": "", "thoughtSignature": "c2lnRw=="}),
        ],
    ] {
        let response = answer(&script([stream(&parts)]), Way::Streamed).await;
        let sent_back = back(MODEL, response.content.clone()).await;
        assert_eq!(sent_back, json!(parts));
        let mut content = response.content;
        content.push(said("Yes."));
        let elsewhere = back("google/gemini-3.5-flash", content).await;
        assert!(!elsewhere.to_string().contains("c2ln"), "{elsewhere}");
    }
}

#[tokio::test]
async fn the_scripted_model_signs_as_the_real_one_does() {
    for way in WAYS {
        let calls = Answer::tool("f1", "read_file", &json!({}))
            .and_tool("f2", "read_file", &json!({}))
            .reasoning("Hm.", Some("c2ln"));
        let response = answer(&script([calls]), way).await;
        let expected = [
            thought("Hm.", None),
            signed("c2ln"),
            called("f1", "read_file", json!({})),
            called("f2", "read_file", json!({})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
        let text = Answer::text("Yes.").reasoning("Hm.", Some("c2ln"));
        let response = answer(&script([text]), way).await;
        let (signature, yes) = (signed("c2ln"), said("Yes."));
        let expected = match way {
            Way::Streamed => [thought("Hm.", None), yes, signature],
            Way::Whole => [thought("Hm.", None), signature, yes],
        };
        assert_eq!(response.content, expected, "{way:?}");
    }
}

#[tokio::test]
async fn thoughts_of_other_providers_and_summaries_stay_here() {
    let kept = |signature: Value| {
        Some(
            json!({"protocol": "gemini", "provider": "google", "model": "gemini-test", "signature": signature}),
        )
    };
    let parts = back(
        MODEL,
        vec![
            thought("6 times 7", None),
            thought(
                "a secret plan",
                Some(json!({"type": "reasoning", "encrypted_content": "opaque=="})),
            ),
            thought(
                "",
                Some(
                    json!({"protocol": "anthropic", "signature": "x", "block": {"signature": "y"}}),
                ),
            ),
            thought("", kept(json!(7))),
            thought("", kept(json!(""))),
            // As earlier versions kept it.
            thought("", Some(json!({"protocol": "gemini", "signature": "c2ln"}))),
            thought("", Some(json!("gemini"))),
            said("42"),
        ],
    )
    .await;
    assert_eq!(parts, json!([{"text": "42"}]));
}

#[tokio::test]
async fn a_call_that_another_model_made_is_marked_where_a_signature_is_wanted() {
    let content = || {
        vec![
            said("I look."),
            called("call_a", "read_file", json!({})),
            called("call_b", "read_file", json!({})),
        ]
    };
    for (model, expected) in [
        ("google/gemini-3.5-flash", json!(FOREIGN)),
        // What is not listed is taken for one of the newest.
        ("google/gemini-9-ultra", json!(FOREIGN)),
        ("google/gemini-2.5-flash", Value::Null),
    ] {
        let parts = back(model, content()).await;
        assert_eq!(parts[0].get("thoughtSignature"), None, "{model}");
        assert_eq!(parts[1]["thoughtSignature"], expected, "{model}");
        assert_eq!(parts[2].get("thoughtSignature"), None, "{model}");
    }
}
