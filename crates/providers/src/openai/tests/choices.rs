//! Whether tools are called, how much is reasoned, and what is cached.

use slipway_contract::model::{ReasoningEffort, ToolChoice};

use super::requests::{sent, sent_as};
use super::*;
use crate::scripted::Answer;

fn choosing(choice: ToolChoice) -> ModelRequest {
    ModelRequest {
        tool_choice: choice,
        ..request()
    }
}

fn reasoning(effort: ReasoningEffort) -> ModelRequest {
    ModelRequest {
        reasoning: Some(effort),
        temperature: Some(0.2),
        ..request()
    }
}

#[tokio::test]
async fn the_choice_of_tools_is_said_as_each_interface_takes_it() {
    let one = || ToolChoice::Tool("mcp:files/stat".to_owned());
    for way in WAYS {
        let named = match way.protocol {
            Protocol::Chat => json!({"type": "function", "function": {"name": "mcp_files_stat"}}),
            _ => json!({"type": "function", "name": "mcp_files_stat"}),
        };
        for (choice, said) in [
            (ToolChoice::Auto, None),
            (ToolChoice::None, Some(json!("none"))),
            (ToolChoice::Required, Some(json!("required"))),
            (one(), Some(named)),
        ] {
            let body = sent(way, &choosing(choice.clone())).await.body;
            assert_eq!(body.get("tool_choice"), said.as_ref(), "{way:?} {choice:?}");
            assert_eq!(body["tools"].as_array().unwrap().len(), 2, "{way:?}");
            assert_eq!(body.get("parallel_tool_calls"), None, "{way:?}");
        }
        let mut bare = choosing(ToolChoice::Required);
        bare.tools = Arc::new([]);
        let body = sent(way, &bare).await.body;
        assert_eq!(
            body.get("tool_choice"),
            None,
            "{way:?}: it would be refused"
        );
    }
}

#[tokio::test]
async fn a_tool_that_the_model_is_not_given_cannot_be_the_one_to_call() {
    for way in WAYS {
        let server = script([Answer::text("Done.")]);
        let request = choosing(ToolChoice::Tool("launch".to_owned()));
        let error = ask(&server, way, &request).await.0.unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{way:?}");
        assert!(error.message.contains("\"launch\""), "{way:?}: {error}");
        assert!(server.requests().is_empty(), "{way:?}: nothing was sent");
    }
}

#[tokio::test]
async fn how_much_to_reason_is_said_where_each_interface_wants_it() {
    for way in WAYS {
        for (effort, word, summary) in [
            (ReasoningEffort::Off, "none", None),
            (ReasoningEffort::High, "high", Some("auto")),
        ] {
            let body = sent_as("openai/gpt-5.4", true, way, &reasoning(effort)).await;
            match way.protocol {
                Protocol::Chat => {
                    assert_eq!(body["reasoning_effort"], word, "{way:?}");
                    assert_eq!(body.get("reasoning"), None, "{way:?}");
                }
                _ => {
                    let mut said = json!({"effort": word});
                    if let Some(summary) = summary {
                        said["summary"] = json!(summary);
                    }
                    assert_eq!(body["reasoning"], said, "{way:?}");
                }
            }
            let warm = body.get("temperature").is_some();
            assert_eq!(warm, word == "none", "{way:?}: who reasons takes none");
        }
        let body = sent_as("openai/gpt-5.4", true, way, &request()).await;
        for field in ["reasoning", "reasoning_effort", "thinking"] {
            assert_eq!(body.get(field), None, "{way:?}: nobody asked");
        }
        let body = sent_as(
            "openai/gpt-4.1",
            true,
            way,
            &reasoning(ReasoningEffort::High),
        )
        .await;
        for field in ["reasoning", "reasoning_effort", "thinking"] {
            assert_eq!(body.get(field), None, "{way:?}: it does not reason");
        }
        let body = sent(way, &reasoning(ReasoningEffort::Low)).await.body;
        let said = match way.protocol {
            Protocol::Chat => body["reasoning_effort"].clone(),
            _ => body["reasoning"].clone(),
        };
        let expected = match way.protocol {
            Protocol::Chat => json!("low"),
            // Summaries are given to organisations that OpenAI has verified.
            _ => json!({"effort": "low"}),
        };
        assert_eq!(said, expected, "{way:?}: any compatible server");
    }
}

#[tokio::test]
async fn a_summary_that_is_refused_is_told_with_what_helps() {
    let refused = json!({"error": {
        "message": "Your organization must be verified to generate reasoning summaries.",
        "type": "invalid_request_error", "param": "reasoning.summary", "code": "unsupported_value",
    }});
    for way in WAYS {
        let server = script([Reply::error(400, &refused)]);
        let error = failure(&server, way).await;
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{way:?}");
        assert!(
            error.message.contains("must be verified"),
            "{way:?}: {error}"
        );
        assert!(
            error.message.contains("summaries = false"),
            "{way:?}: {error}"
        );
        assert!(error.message.contains("providers.toml"), "{way:?}: {error}");
    }
}

#[tokio::test]
async fn one_conversation_keeps_one_cache_key_and_another_has_another() {
    for way in WAYS {
        let key = async |request: &ModelRequest| {
            let body = sent_as("openai/gpt-4.1", true, way, request).await;
            body["prompt_cache_key"].as_str().unwrap().to_owned()
        };
        let first = key(&request()).await;
        let mut later = request();
        later.messages.push(answered(1, vec![said("Hm.")]));
        later.messages.push(user("And then?"));
        assert_eq!(key(&later).await, first, "{way:?}");
        let mut other = request();
        other.messages = vec![user("What is in b.txt?")];
        assert_ne!(key(&other).await, first, "{way:?}");
        assert!(first.len() <= 64, "{way:?}: {first}");
        let body = sent(way, &request()).await.body;
        assert_eq!(
            body.get("prompt_cache_key"),
            None,
            "{way:?}: OpenAI's alone"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_too_long_is_shortened_in_the_call_and_its_result_alike() {
    let long = "c".repeat(60);
    let mut request = request();
    request.messages.extend([
        answered(1, vec![called(&long, "read_file", json!({}))]),
        returned(2, &long, "read_file", "x", false),
    ]);
    for way in WAYS {
        let body = sent_as("openai/gpt-4.1", true, way, &request).await;
        let (call, result) = match way.protocol {
            Protocol::Chat => (
                body["messages"][2]["tool_calls"][0]["id"].clone(),
                body["messages"][3]["tool_call_id"].clone(),
            ),
            _ => (
                body["input"][1]["call_id"].clone(),
                body["input"][2]["call_id"].clone(),
            ),
        };
        assert_eq!(call, result, "{way:?}");
        assert!(call.as_str().unwrap().len() <= 40, "{way:?}: {call}");
        let body = sent(way, &request).await.body.to_string();
        assert!(body.contains(&long), "{way:?}: other servers take any");
    }
}
