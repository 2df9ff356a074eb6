//! What becomes of answers, good and malformed.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::*;
use crate::scripted::Answer;

#[tokio::test]
async fn text_arrives_piece_by_piece_and_whole() {
    for way in WAYS {
        let reply = Reply::from(Answer::text("Zwölf Boote – 十二 🚤").usage(1200, 34, 1024))
            .in_pieces(7, Duration::ZERO);
        let server = script([reply]);
        let (response, heard) = ask(&server, way, &request()).await;
        let response = response.unwrap();
        assert_eq!(response.content, [said("Zwölf Boote – 十二 🚤")], "{way:?}");
        assert_eq!(
            heard, "Zwölf Boote – 十二 🚤",
            "{way:?}: shown once, and all of it"
        );
        assert_eq!(response.stop, StopReason::End, "{way:?}");
        let id = response.request_id.as_deref();
        assert_eq!(id, Some("scripted-response"), "{way:?}");
        let usage = Tokens {
            input_tokens: 1200,
            output_tokens: 34,
            cached_tokens: 1024,
            cache_write_tokens: None,
            reasoning_tokens: None,
        };
        assert_eq!(response.usage, Some(usage), "{way:?}");
    }
}

#[tokio::test]
async fn thoughts_are_counted_as_output_and_heard_apart() {
    for way in WAYS {
        let reply = Answer::text("It is 42.")
            .reasoning("6 times 7 is 42", None)
            .usage(100, 40, 0);
        let server = script([reply]);
        let heard = Heard::default();
        let response = client(&server, way).call(&request(), &heard).await.unwrap();
        let expected = [thought("6 times 7 is 42", None), said("It is 42.")];
        assert_eq!(response.content, expected, "{way:?}");
        assert_eq!(*heard.text.lock().unwrap(), "It is 42.", "{way:?}");
        assert_eq!(
            *heard.reasoning.lock().unwrap(),
            "6 times 7 is 42",
            "{way:?}"
        );
        let usage = response.usage.unwrap();
        assert_eq!(
            (usage.output_tokens, usage.reasoning_tokens),
            (40, Some(10))
        );
    }
}

#[tokio::test]
async fn parallel_calls_keep_their_order_and_their_arguments() {
    for way in WAYS {
        let reply = Answer::text("I look.")
            .and_tool("call_a", "read_file", &json!({"path": "ä.txt"}))
            .and_tool("call_b", "mcp_files_stat", &json!({}))
            .and_tool("call_c", "launch_missiles", &json!({"at": [1, 2.5, null]}));
        let server = script([reply]);
        let response = answer(&server, way).await;
        let expected = [
            said("I look."),
            called("call_a", "read_file", json!({"path": "ä.txt"})),
            called("call_b", "mcp:files/stat", json!({})),
            called("call_c", "launch_missiles", json!({"at": [1, 2.5, null]})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
        assert_eq!(response.stop, StopReason::ToolCalls, "{way:?}");
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_are_kept_as_text_with_the_reason() {
    for way in WAYS {
        for (raw, why) in [
            (r#"["a.txt"]"#, "an array"),
            ("7", "a number"),
            ("true", "a truth value"),
        ] {
            let server = script([Answer::nothing().and_raw_tool("call_a", "read_file", raw)]);
            let response = answer(&server, way).await;
            let Content::ToolCall(call) = &response.content[0] else {
                panic!("{way:?}: {response:?}")
            };
            assert_eq!(call.arguments, Value::String(raw.to_owned()), "{way:?}");
            let malformed = call.malformed.as_deref().unwrap();
            assert!(malformed.contains(why), "{way:?}: {malformed}");
        }
        for none in ["", "null"] {
            let server = script([Answer::nothing().and_raw_tool("call_a", "read_file", none)]);
            let response = answer(&server, way).await;
            let expected = [called("call_a", "read_file", json!({}))];
            assert_eq!(response.content, expected, "{way:?}");
        }
    }
}

#[tokio::test]
async fn missing_ids_are_made_up_stay_the_same_and_differ_from_turn_to_turn() {
    for way in WAYS {
        let reply = || {
            Answer::nothing()
                .and_tool("", "read_file", &json!({"path": "a"}))
                .and_tool("", "read_file", &json!({"path": "b"}))
        };
        let server = script([reply(), reply(), reply()]);
        let ids = |response: &ModelResponse| -> Vec<String> {
            let calls = response.content.iter().map(|part| match part {
                Content::ToolCall(call) => call.call_id.0.clone(),
                other => panic!("{other:?}"),
            });
            calls.collect()
        };
        let first = ids(&answer(&server, way).await);
        assert_eq!(first, ids(&answer(&server, way).await), "{way:?}");
        assert_ne!(first[0], first[1], "{way:?}");
        let mut later = request();
        later.messages.push(answered(1, vec![said("Hm.")]));
        later.messages.push(user("Go on."));
        let (response, _) = ask(&server, way, &later).await;
        let next = ids(&response.unwrap());
        assert!(
            next.iter().all(|id| !first.contains(id)),
            "{way:?}: {next:?}"
        );
    }
}

#[tokio::test]
async fn two_calls_with_one_id_are_passed_on_as_they_are() {
    for way in WAYS {
        let reply = Answer::nothing()
            .and_tool("call_a", "read_file", &json!({"path": "a"}))
            .and_tool("call_a", "read_file", &json!({"path": "b"}));
        let response = answer(&script([reply]), way).await;
        let expected = [
            called("call_a", "read_file", json!({"path": "a"})),
            called("call_a", "read_file", json!({"path": "b"})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_one() {
    for way in WAYS {
        for reply in [Answer::nothing(), Answer::text("")] {
            let response = answer(&script([reply]), way).await;
            assert!(response.content.is_empty(), "{way:?}: {response:?}");
            assert_eq!(response.stop, StopReason::End, "{way:?}");
        }
    }
}

#[tokio::test]
async fn why_it_stopped_is_told() {
    let unknown = |word: &str| StopReason::Unknown(word.to_owned());
    for way in WAYS {
        for (word, stop) in [
            ("length", StopReason::Length),
            ("content_filter", StopReason::Filtered),
            ("RECITATION", StopReason::Filtered),
            ("LANGUAGE", StopReason::Filtered),
            ("BLOCKLIST", StopReason::Filtered),
            ("PROHIBITED_CONTENT", StopReason::Filtered),
            ("SPII", StopReason::Filtered),
            ("ESCALATION", StopReason::Filtered),
            ("CONTINUATION", StopReason::Length),
            ("OTHER", unknown("OTHER")),
            ("TOO_MANY_TOOL_CALLS", unknown("TOO_MANY_TOOL_CALLS")),
        ] {
            let server = script([Answer::text("Half of").finish(word)]);
            let response = answer(&server, way).await;
            assert_eq!(response.stop, stop, "{way:?}");
            assert_eq!(response.content, [said("Half of")], "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_call_that_the_model_could_not_write_may_be_tried_again() {
    for way in WAYS {
        for word in ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"] {
            let server = script([Answer::text("Let me").finish(word)]);
            let error = failure(&server, way).await;
            assert_eq!(error.kind, ModelErrorKind::Malformed, "{way:?}: {error}");
            assert!(error.kind.is_transient());
            assert!(error.message.contains(word), "{error}");
        }
        let server = script([Answer::nothing().finish("MISSING_THOUGHT_SIGNATURE")]);
        let error = failure(&server, way).await;
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{way:?}: {error}");
        let unknown = Answer::tool("call_a", "launch_missiles", &json!({}));
        let server = script([unknown.finish("UNEXPECTED_TOOL_CALL")]);
        let response = answer(&server, way).await;
        assert_eq!(
            response.stop,
            StopReason::ToolCalls,
            "{way:?}: the engine tells it that there is no such tool"
        );
    }
}

#[tokio::test]
async fn usage_that_is_not_said_is_not_invented() {
    for way in WAYS {
        let server = script([Answer::text("Hi").without_usage()]);
        assert_eq!(answer(&server, way).await.usage, None, "{way:?}");
    }
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_not_asked_for_again() {
    // Many pieces below every other limit.
    let huge = format!("{} ", "x".repeat(16 << 10)).repeat(640);
    for way in WAYS {
        for reply in [
            Answer::text(huge.as_str()),
            Answer::tool("call_a", "read_file", &json!({"path": huge})),
            Answer::text("Hi").reasoning(&huge, None),
            Answer::text("Hi").reasoning("Hm", Some(&huge)),
        ] {
            let error = failure(&script([reply]), way).await;
            let kind = ModelErrorKind::AnswerTooLong;
            assert_eq!(error.kind, kind, "{way:?}: {error}");
            assert!(!error.kind.is_transient());
            assert!(error.message.len() < 1000, "{way:?}");
        }
    }
}

#[tokio::test]
async fn hundreds_of_calls_at_once_are_refused() {
    for way in WAYS {
        let reply = (0..300).fold(Answer::nothing(), |answer, index| {
            answer.and_tool(&format!("call_{index}"), "read_file", &json!({}))
        });
        let error = failure(&script([reply]), way).await;
        assert_eq!(
            error.kind,
            ModelErrorKind::AnswerTooLong,
            "{way:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_connection_serves_again() {
    for way in WAYS {
        // The answer is whole before its body ends.
        let slow_to_end =
            |text: &str| Reply::from(Answer::text(text)).ending_after(Duration::from_millis(40));
        let server = script([slow_to_end("One"), slow_to_end("Two")]);
        let client = client(&server, way);
        for _ in 0..2 {
            client.call(&request(), &Heard::default()).await.unwrap();
        }
        assert_eq!(server.connections_lost(), 0, "{way:?}");
        assert_eq!(
            server.requests().len(),
            2,
            "{way:?}: two calls are two requests"
        );
    }
}
