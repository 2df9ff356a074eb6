//! The conversation as the server gets it.

use slipway_contract::message::{Attachment, Media};

use super::*;
use crate::scripted::Answer;

async fn contents(request: &ModelRequest) -> Value {
    sent("google/gemini-2.5-flash", Way::Streamed, request)
        .await
        .body["contents"]
        .clone()
}

#[tokio::test]
async fn the_second_request_carries_both_results_in_one_turn() {
    let mut request = request();
    request.messages.extend([
        answered(
            1,
            vec![
                said("I look."),
                called("f1", "read_file", json!({"path": "a.txt"})),
                called("f2", "mcp:files/stat", json!({})),
            ],
        ),
        returned(2, "f1", "read_file", "Hello, \"you\"\n", false),
        returned(3, "f2", "mcp:files/stat", "there is no b.txt", true),
    ]);
    for way in WAYS {
        let body = sent("google/gemini-2.5-flash", way, &request).await.body;
        assert_eq!(
            body["systemInstruction"],
            json!({"parts": [{"text": "Be exact."}]})
        );
        assert_eq!(
            body["contents"],
            json!([
                {"role": "user", "parts": [{"text": "What is in a.txt?"}]},
                {"role": "model", "parts": [
                    {"text": "I look."},
                    {"functionCall": {"id": "f1", "name": "read_file", "args": {"path": "a.txt"}}},
                    {"functionCall": {"id": "f2", "name": "mcp_files_stat", "args": {}}},
                ]},
                {"role": "user", "parts": [
                    {"functionResponse": {"id": "f1", "name": "read_file", "response": {"output": "Hello, \"you\"\n"}}},
                    {"functionResponse": {"id": "f2", "name": "mcp_files_stat", "response": {"error": "there is no b.txt"}}},
                ]},
            ])
        );
    }
}

#[tokio::test]
async fn an_id_that_was_made_up_is_not_given_back() {
    let reply = Answer::nothing()
        .and_tool("", "read_file", &json!({"path": "a"}))
        .and_tool("f2", "read_file", &json!({"path": "b"}));
    let response = answer(&script([reply]), Way::Streamed).await;
    let mut request = request();
    let ids: Vec<String> = response
        .content
        .iter()
        .filter_map(|part| match part {
            Content::ToolCall(call) => Some(call.call_id.0.clone()),
            _ => None,
        })
        .collect();
    request.messages.push(answered(1, response.content));
    for id in &ids {
        request
            .messages
            .push(returned(2, id, "read_file", "x", false));
    }
    let contents = contents(&request).await;
    for (turn, kind) in [(1, "functionCall"), (2, "functionResponse")] {
        let parts = &contents[turn]["parts"];
        assert_eq!(parts[0][kind].get("id"), None, "{contents}");
        assert_eq!(parts[1][kind]["id"], "f2", "{contents}");
    }
}

#[tokio::test]
async fn roles_go_by_turns_and_nothing_is_empty() {
    let mut request = request();
    request.messages = vec![
        user("One."),
        user(""),
        user("Two."),
        answered(1, vec![]),
        answered(2, vec![said(""), thought("Hm.", None)]),
        user("Three."),
        answered(3, vec![said("Four.")]),
        answered(4, vec![said("Five.")]),
        user("Six."),
    ];
    assert_eq!(
        contents(&request).await,
        json!([
            {"role": "user", "parts": [{"text": "One."}, {"text": "Two."}, {"text": "Three."}]},
            {"role": "model", "parts": [{"text": "Four."}, {"text": "Five."}]},
            {"role": "user", "parts": [{"text": "Six."}]},
        ])
    );
    request.messages = vec![user("")];
    request.instructions = "".into();
    let body = sent(MODEL, Way::Whole, &request).await.body;
    assert_eq!(body.get("systemInstruction"), None);
    let text = body["contents"][0]["parts"][0]["text"].as_str().unwrap();
    assert!(!text.is_empty(), "an empty part is refused");
}

#[tokio::test]
async fn a_malformed_call_goes_back_as_an_object_with_what_the_model_wrote() {
    let mut request = request();
    let call = ToolCall {
        call_id: CallId("f1".into()),
        tool: "3d print".into(),
        arguments: Value::String("{\"path\": \"a.txt".into()),
        malformed: Some("not JSON".into()),
    };
    request
        .messages
        .push(answered(1, vec![Content::ToolCall(call)]));
    request
        .messages
        .push(returned(2, "f1", "3d print", "not valid JSON", true));
    let contents = contents(&request).await;
    let sent = &contents[1]["parts"][0]["functionCall"];
    assert_eq!(sent["args"], json!({"arguments": "{\"path\": \"a.txt"}));
    assert_eq!(sent["name"], "_3d_print", "other names are refused");
    let answer = &contents[2]["parts"][0]["functionResponse"];
    assert_eq!(answer["name"], "_3d_print");
}

fn attached(name: &str, media: Media) -> Message {
    Message::User {
        text: "What is this?".to_owned(),
        attachments: vec![Attachment {
            name: name.to_owned(),
            media,
            data: "aGk=".into(),
        }],
    }
}

#[tokio::test]
async fn images_and_documents_stand_before_what_is_said_of_them() {
    for (media, mime) in [
        (Media::Png, "image/png"),
        (Media::Jpeg, "image/jpeg"),
        (Media::Webp, "image/webp"),
        (Media::Pdf, "application/pdf"),
    ] {
        let mut request = request();
        request.messages = vec![attached("receipt", media)];
        assert_eq!(
            contents(&request).await,
            json!([{"role": "user", "parts": [
                {"inlineData": {"mimeType": mime, "data": "aGk="}},
                {"text": "What is this?"},
            ]}])
        );
    }
    let mut request = request();
    request.messages = vec![attached("wave.gif", Media::Gif)];
    let error = unsent(MODEL, &request).await;
    assert_eq!(
        error.kind,
        slipway_agent::ports::model::ModelErrorKind::Unsupported
    );
    assert!(error.message.contains("wave.gif"), "{error}");
}
