//! What becomes of answers, good and malformed.

use serde_json::json;
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::*;
use crate::scripted::Answer;

#[tokio::test]
async fn text_arrives_piece_by_piece_and_whole() {
    for way in WAYS {
        let reply = Reply::from(Answer::text("Zwölf Boote – 十二 🚤").usage(1200, 34, 1024))
            .header("x-request-id", "req_42")
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
        assert_eq!(response.request_id.as_deref(), Some("req_42"), "{way:?}");
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
async fn parallel_calls_keep_their_order_and_their_arguments() {
    for way in WAYS {
        let reply = Answer::text("I look.")
            .and_tool("call_a", "read_file", &json!({"path": "ä.txt"}))
            .and_tool("call_b", "read_file", &json!({"path": "b.txt"}));
        let server = script([reply]);
        let response = answer(&server, way).await;
        let expected = [
            said("I look."),
            called("call_a", "read_file", json!({"path": "ä.txt"})),
            called("call_b", "read_file", json!({"path": "b.txt"})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
        assert_eq!(response.stop, StopReason::ToolCalls, "{way:?}");
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_are_kept_as_text_with_the_reason() {
    for way in WAYS {
        for (raw, why) in [
            (r#"{"path": "a.txt""#, "not valid JSON"),
            (r#"["a.txt"]"#, "an array"),
            (r#""a.txt""#, "a string"),
            ("7", "a number"),
            ("null", "null"),
            ("true", "a truth value"),
            ("path=a.txt", "not valid JSON"),
            (&"[".repeat(5000), "not valid JSON"),
            (
                &format!("{}1{}", r#"{"a":"#.repeat(500), "}".repeat(500)),
                "not valid JSON",
            ),
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
    }
}

#[tokio::test]
async fn a_call_without_arguments_has_none() {
    for way in WAYS {
        let server = script([Answer::nothing().and_raw_tool("call_a", "read_file", "")]);
        let response = answer(&server, way).await;
        assert_eq!(
            response.content,
            [called("call_a", "read_file", json!({}))],
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn missing_ids_are_made_up_and_stay_the_same() {
    for way in WAYS {
        let reply = || {
            Answer::nothing()
                .and_tool("", "read_file", &json!({"path": "a"}))
                .and_tool("", "read_file", &json!({"path": "b"}))
        };
        let server = script([reply(), reply(), reply()]);
        let ids = |response: &ModelResponse| -> Vec<String> {
            response
                .content
                .iter()
                .map(|part| match part {
                    Content::ToolCall(call) => call.call_id.0.clone(),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        let first = ids(&answer(&server, way).await);
        assert_eq!(first, ids(&answer(&server, way).await), "{way:?}");
        assert_ne!(first[0], first[1], "{way:?}");
        let mut later = request();
        later.messages.push(answered(1, vec![said("Hm.")]));
        let (response, _) = ask(&server, way, &later).await;
        let next = ids(&response.unwrap());
        assert!(
            !next.contains(&first[0]),
            "{way:?}: {next:?} must differ from the turn before"
        );
    }
}

#[tokio::test]
async fn two_calls_with_one_id_are_passed_on_as_they_are() {
    for way in WAYS {
        let reply = Answer::nothing()
            .and_tool("call_a", "read_file", &json!({"path": "a"}))
            .and_tool("call_a", "read_file", &json!({"path": "b"}));
        let server = script([reply]);
        let response = answer(&server, way).await;
        let expected = [
            called("call_a", "read_file", json!({"path": "a"})),
            called("call_a", "read_file", json!({"path": "b"})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
    }
}

#[tokio::test]
async fn tools_come_back_under_their_own_names_and_made_up_ones_as_written() {
    for way in WAYS {
        let reply = Answer::nothing()
            .and_tool("call_a", "mcp_files_stat", &json!({}))
            .and_tool("call_b", "launch_missiles", &json!({}));
        let server = script([reply]);
        let response = answer(&server, way).await;
        let expected = [
            called("call_a", "mcp:files/stat", json!({})),
            called("call_b", "launch_missiles", json!({})),
        ];
        assert_eq!(response.content, expected, "{way:?}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_one() {
    for way in WAYS {
        for reply in [Answer::nothing(), Answer::text("")] {
            let server = script([reply]);
            let response = answer(&server, way).await;
            assert!(response.content.is_empty(), "{way:?}: {response:?}");
            assert_eq!(response.stop, StopReason::End, "{way:?}");
        }
    }
}

#[tokio::test]
async fn why_it_stopped_is_told() {
    for way in WAYS {
        for (word, stop) in [
            ("length", StopReason::Length),
            ("content_filter", StopReason::Filtered),
            ("eos_token", StopReason::Unknown("eos_token".to_owned())),
        ] {
            let server = script([Answer::text("Half of").finish(word)]);
            let response = answer(&server, way).await;
            assert_eq!(response.stop, stop, "{way:?}");
            assert_eq!(response.content, [said("Half of")], "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_text_and_stops_so() {
    for way in WAYS {
        let server = script([Answer::nothing().refusal("I will not do that.")]);
        let (response, heard) = ask(&server, way, &request()).await;
        let response = response.unwrap();
        assert_eq!(response.content, [said("I will not do that.")], "{way:?}");
        assert_eq!(response.stop, StopReason::Refused, "{way:?}");
        assert_eq!(heard, "I will not do that.", "{way:?}");
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
async fn reasoning_is_kept_apart_from_the_answer() {
    for way in WAYS {
        let server = script([Answer::text("42").reasoning("6 times 7", Some("opaque=="))]);
        let (response, heard) = ask(&server, way, &request()).await;
        let response = response.unwrap();
        assert_eq!(heard, "42", "{way:?}: thoughts are not the answer");
        let [Content::Reasoning { text, opaque }, rest] = &response.content[..] else {
            panic!("{way:?}: {response:?}")
        };
        assert_eq!((text.as_str(), rest), ("6 times 7", &said("42")), "{way:?}");
        let kept = opaque
            .as_ref()
            .map(|kept| &kept["item"]["encrypted_content"]);
        let expected = (way.protocol == Protocol::Responses).then(|| json!("opaque=="));
        assert_eq!(kept, expected.as_ref(), "{way:?}");
    }
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_not_asked_for_again() {
    // Many pieces below every other limit.
    let huge = format!("{} ", "x".repeat(16 << 10)).repeat(640);
    let text = Answer::text(huge.as_str());
    let arguments = Answer::nothing().and_raw_tool("call_a", "read_file", &huge);
    let reasoning = Answer::text("Hi").reasoning(&huge, None);
    for (way, replies) in [
        (WAYS[0], vec![text.clone(), arguments.clone(), reasoning]),
        (WAYS[1], vec![text.clone()]),
        (WAYS[2], vec![arguments.clone()]),
        (WAYS[3], vec![text, arguments]),
    ] {
        for reply in replies {
            let server = script([reply]);
            let error = failure(&server, way).await;
            assert_eq!(
                error.kind,
                ModelErrorKind::AnswerTooLong,
                "{way:?}: {error}"
            );
            assert!(!error.kind.is_transient());
            assert!(
                error.message.len() < 1000,
                "{way:?}: {}",
                error.message.len()
            );
        }
    }
}

#[tokio::test]
async fn hundreds_of_calls_at_once_are_refused() {
    for way in WAYS {
        let reply = (0..300).fold(Answer::nothing(), |answer, index| {
            answer.and_tool(&format!("call_{index}"), "read_file", &json!({}))
        });
        let server = script([reply]);
        let error = failure(&server, way).await;
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
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(server.connections_lost(), 0, "{way:?}");
        let [first, second] = &server.requests()[..] else {
            panic!("{way:?}: two calls are two requests")
        };
        assert_eq!(first.peer, second.peer, "{way:?}: one connection for both");
    }
}
