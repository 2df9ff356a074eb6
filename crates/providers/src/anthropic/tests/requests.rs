//! What the server is asked.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::{Attachment, Media};

use super::*;

#[tokio::test]
async fn the_key_goes_into_its_header_alone_and_the_version_beside_it() {
    for stream in WAYS {
        let server = script([Answer::text("Done.")]);
        answer(&server, stream).await;
        let received = server.requests().remove(0);
        assert_eq!(received.path, "/v1/messages");
        assert_eq!(received.headers.get("x-api-key").unwrap(), KEY);
        assert_eq!(received.headers.get("authorization"), None);
        assert_eq!(
            received.headers.get("anthropic-version").unwrap(),
            "2026-10-21"
        );
        assert_eq!(received.headers.get("anthropic-beta"), None);
        assert!(!received.body.to_string().contains(KEY));
        assert_eq!(received.body["stream"], json!(stream));
        assert_eq!(received.body["model"], UNLESS);
    }
}

#[test]
fn an_address_may_name_the_version_or_not() {
    let server = script([] as [Reply; 0]);
    let mut client = client(&server, UNLESS, true);
    for base in ["https://api.anthropic.com", "https://api.anthropic.com/v1/"] {
        client.endpoint.base = base.parse().unwrap();
        assert_eq!(client.url(), "https://api.anthropic.com/v1/messages");
    }
}

#[tokio::test]
async fn instructions_and_tools_are_told_as_the_provider_takes_them() {
    let body = without_marks(body(UNLESS, &request()).await);
    assert_eq!(
        body["system"],
        json!([{"type": "text", "text": "Be exact."}])
    );
    assert_eq!(
        body["tools"],
        json!([
            {"name": "read_file", "description": "Does read_file.",
             "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}},
            {"name": "mcp_files_stat", "description": "Does mcp:files/stat.",
             "input_schema": {"type": "object", "properties": {}}},
        ])
    );
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [{"type": "text", "text": "What is in a.txt?"}]}])
    );
    let mut bare = request();
    bare.tools = Arc::new([]);
    bare.instructions = " \n".into();
    bare.tool_choice = ToolChoice::None;
    let body = super::body(UNLESS, &bare).await;
    for field in ["tools", "tool_choice", "system"] {
        assert_eq!(
            body.get(field),
            None,
            "{field} is not said when there is none"
        );
    }
}

#[tokio::test]
async fn the_answers_limit_is_always_said_and_within_what_the_model_can() {
    for (model, stream, asked, expected) in [
        (UNLESS, true, None, 64_000),
        (UNLESS, false, None, 16_000),
        (BUDGET, true, None, 64_000),
        (UNLESS, true, Some(900), 900),
        (BUDGET, true, Some(100_000), 64_000),
        (UNKNOWN, true, None, 8_192),
        (UNKNOWN, true, Some(100_000), 100_000),
    ] {
        let server = script([Answer::text("Done.")]);
        let mut request = request();
        request.max_output_tokens = asked;
        let client = client(&server, model, stream);
        client.call(&request, &Heard::default()).await.unwrap();
        let body = &server.requests()[0].body;
        assert_eq!(body["max_tokens"], expected, "{model} {stream} {asked:?}");
    }
}

#[tokio::test]
async fn a_temperature_goes_only_to_models_that_take_one() {
    let mut request = request();
    request.temperature = Some(0.2);
    for (model, taken) in [
        (ALWAYS, false),
        (BETWEEN, false),
        (UNLESS, false),
        (ON_REQUEST, true),
        (BUDGET, true),
        (UNKNOWN, true),
    ] {
        let sent = sent(model, &request).await;
        assert_eq!(sent.body.get("temperature").is_some(), taken, "{model}");
        // The version that came after knows no temperature any more.
        let version = sent.headers.get("anthropic-version").unwrap();
        assert_eq!(version == "2023-06-01", taken, "{model}: {version:?}");
    }
    request.reasoning = Some(slipway_contract::model::ReasoningEffort::Low);
    for model in [ON_REQUEST, BUDGET, UNKNOWN] {
        let body = body(model, &request).await;
        assert!(body["thinking"].is_object(), "{model}");
        assert_eq!(
            body.get("temperature"),
            None,
            "{model}: not while it thinks"
        );
    }
}

#[tokio::test]
async fn a_choice_of_tools_is_told_or_refused_by_the_models_name() {
    let choosing = |choice: ToolChoice| ModelRequest {
        tool_choice: choice,
        ..request()
    };
    let none = body(ALWAYS, &choosing(ToolChoice::None)).await;
    assert_eq!(none["tool_choice"], json!({"type": "none"}));
    let any = choosing(ToolChoice::Required);
    let named = choosing(ToolChoice::Tool("mcp:files/stat".to_owned()));
    for model in [UNLESS, ON_REQUEST, BUDGET, UNKNOWN] {
        assert_eq!(
            body(model, &any).await["tool_choice"],
            json!({"type": "any"}),
            "{model}"
        );
        assert_eq!(
            body(model, &named).await["tool_choice"],
            json!({"type": "tool", "name": "mcp_files_stat"}),
            "{model}"
        );
    }
    for model in [ALWAYS, BETWEEN] {
        for request in [&any, &named] {
            let error = refused(model, request).await;
            assert_eq!(error.kind, ModelErrorKind::Unsupported, "{error}");
            assert!(error.message.contains(model), "{error}");
        }
    }
    assert_eq!(body(UNLESS, &request()).await.get("tool_choice"), None);
}

#[tokio::test]
async fn images_and_documents_go_before_the_words_about_them() {
    let attached = |name: &str, media| Attachment {
        name: name.to_owned(),
        media,
        data: "QUJD".into(),
    };
    let mut request = request();
    request.messages = vec![Message::User {
        text: "What is this?".to_owned(),
        attachments: vec![
            attached("boat.webp", Media::Webp),
            attached("bill.pdf", Media::Pdf),
        ],
    }];
    let body = without_marks(body(UNLESS, &request).await);
    let source = |kind: &str| json!({"type": "base64", "media_type": kind, "data": "QUJD"});
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [
            {"type": "image", "source": source("image/webp")},
            {"type": "document", "source": source("application/pdf"), "title": "bill.pdf"},
            {"type": "text", "text": "What is this?"},
        ]}])
    );
}

#[tokio::test]
async fn what_the_conversation_lacks_is_made_good() {
    for messages in [vec![], vec![user(" ")]] {
        let mut request = request();
        request.messages = messages;
        let body = without_marks(body(UNLESS, &request).await);
        let go_on = json!([{"role": "user", "content": [{"type": "text", "text": "Go on."}]}]);
        assert_eq!(body["messages"], go_on);
    }
}
