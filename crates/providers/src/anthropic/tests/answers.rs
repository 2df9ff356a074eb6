//! What becomes of answers, good and malformed.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::*;

#[tokio::test]
async fn text_arrives_piece_by_piece_and_whole() {
    for stream in WAYS {
        let text = "Zwölf Boote – 十二 🚤";
        let reply = Reply::from(
            Answer::text(text)
                .usage(1200, 34, 1024)
                .cache_written(100)
                .reasoning_tokens(9),
        )
        .header("request-id", "req_42")
        .in_pieces(7, Duration::ZERO);
        let server = script([reply]);
        let (response, (heard, thoughts)) = ask(&server, stream, &request()).await;
        let response = response.unwrap();
        assert_eq!(response.content, [said(text)], "stream {stream}");
        assert_eq!(heard, text, "stream {stream}: shown once, and all of it");
        assert_eq!(thoughts, "", "stream {stream}");
        assert_eq!(response.stop, StopReason::End, "stream {stream}");
        assert_eq!(response.request_id.as_deref(), Some("req_42"));
        let usage = Tokens {
            input_tokens: 1200,
            output_tokens: 34,
            cached_tokens: 1024,
            cache_write_tokens: Some(100),
            reasoning_tokens: Some(9),
        };
        assert_eq!(response.usage, Some(usage), "stream {stream}");
    }
}

#[tokio::test]
async fn without_a_header_the_messages_own_id_names_the_request() {
    for stream in WAYS {
        let server = script([Answer::text("Hi")]);
        let id = answer(&server, stream).await.request_id;
        assert_eq!(id.as_deref(), Some("msg_scripted"), "stream {stream}");
    }
}

#[tokio::test]
async fn parallel_calls_keep_their_order_their_arguments_and_their_own_names() {
    for stream in WAYS {
        let reply = Answer::text("I look.")
            .and_tool(
                "toolu_a",
                "read_file",
                &json!({"path": "ä.txt", "lines": [1, 2.5]}),
            )
            .and_tool("toolu_b", "mcp_files_stat", &json!({}))
            .and_tool("toolu_c", "launch_missiles", &json!({"at": null}));
        let server = script([Reply::from(reply).in_pieces(5, Duration::ZERO)]);
        let response = answer(&server, stream).await;
        let expected = [
            said("I look."),
            called(
                "toolu_a",
                "read_file",
                json!({"path": "ä.txt", "lines": [1, 2.5]}),
            ),
            called("toolu_b", "mcp:files/stat", json!({})),
            called("toolu_c", "launch_missiles", json!({"at": null})),
        ];
        assert_eq!(response.content, expected, "stream {stream}");
        assert_eq!(response.stop, StopReason::ToolCalls, "stream {stream}");
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_are_kept_as_text_with_the_reason() {
    for stream in WAYS {
        for (raw, why) in [
            (r#"{"path": "a.txt""#, "not valid JSON"),
            (r#"["a.txt"]"#, "an array"),
            ("7", "a number"),
            ("path=a.txt", "not valid JSON"),
        ] {
            let server = script([Answer::nothing().and_raw_tool("toolu_a", "read_file", raw)]);
            let response = answer(&server, stream).await;
            let Content::ToolCall(call) = &response.content[0] else {
                panic!("stream {stream}: {response:?}")
            };
            assert_eq!(
                call.arguments,
                Value::String(raw.to_owned()),
                "stream {stream}"
            );
            let malformed = call.malformed.as_deref().unwrap();
            assert!(malformed.contains(why), "stream {stream}: {malformed}");
        }
    }
}

#[tokio::test]
async fn missing_ids_are_made_up_and_double_ones_passed_on() {
    for stream in WAYS {
        let reply = Answer::nothing()
            .and_raw_tool("", "read_file", "")
            .and_tool("toolu_a", "read_file", &json!({"path": "a"}))
            .and_tool("toolu_a", "read_file", &json!({"path": "b"}));
        let response = answer(&script([reply]), stream).await;
        let expected = [
            called("call_0_0", "read_file", json!({})),
            called("toolu_a", "read_file", json!({"path": "a"})),
            called("toolu_a", "read_file", json!({"path": "b"})),
        ];
        assert_eq!(response.content, expected, "stream {stream}");
    }
}

#[tokio::test]
async fn why_it_stopped_is_told() {
    for stream in WAYS {
        for (word, stop) in [
            ("stop", StopReason::End),
            ("stop_sequence", StopReason::End),
            ("length", StopReason::Length),
            ("model_context_window_exceeded", StopReason::Length),
            ("refusal", StopReason::Refused),
            ("pause_turn", StopReason::Unknown("pause_turn".to_owned())),
            ("tired", StopReason::Unknown("tired".to_owned())),
        ] {
            let server = script([Answer::text("Half of").finish(word)]);
            let response = answer(&server, stream).await;
            assert_eq!(response.stop, stop, "stream {stream}");
            assert_eq!(response.content, [said("Half of")], "stream {stream}");
        }
    }
}

#[tokio::test]
async fn a_refusal_says_why_and_calls_nothing() {
    for stream in WAYS {
        let spoken = Answer::nothing().refusal("I will not do that.");
        let response = answer(&script([spoken]), stream).await;
        assert_eq!(
            response.content,
            [said("I will not do that.")],
            "stream {stream}"
        );
        assert_eq!(response.stop, StopReason::Refused, "stream {stream}");

        let calling = Answer::tool("toolu_a", "read_file", &json!({})).finish("refusal");
        let response = answer(&script([calling]), stream).await;
        assert_eq!(response.stop, StopReason::Refused, "stream {stream}");
        assert_eq!(response.content, [], "stream {stream}: its calls are void");
    }
    let details =
        json!({"type": "refusal", "category": "cyber", "explanation": "It could do harm."});
    let silent = json!({
        "type": "message", "content": [], "stop_reason": "refusal", "stop_details": details,
        "usage": {"input_tokens": 3, "output_tokens": 0},
    });
    let server = script([Reply::bytes(200, "application/json", silent.to_string())]);
    let response = answer(&server, false).await;
    assert_eq!(response.content, [said("It could do harm.")]);
    assert_eq!(response.stop, StopReason::Refused);
}

#[tokio::test]
async fn usage_that_is_not_said_is_not_invented() {
    for stream in WAYS {
        let server = script([Answer::text("Hi").without_usage()]);
        assert_eq!(answer(&server, stream).await.usage, None, "stream {stream}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_one() {
    for stream in WAYS {
        for reply in [Answer::nothing(), Answer::text("")] {
            let response = answer(&script([reply]), stream).await;
            assert!(response.content.is_empty(), "stream {stream}: {response:?}");
            assert_eq!(response.stop, StopReason::End, "stream {stream}");
        }
    }
}

#[tokio::test]
async fn what_never_ends_is_refused_and_not_asked_for_again() {
    let huge = format!("{} ", "x".repeat(16 << 10)).repeat(640);
    let many = (0..300).fold(Answer::nothing(), |answer, index| {
        answer.and_tool(&format!("toolu_{index}"), "read_file", &json!({}))
    });
    for stream in WAYS {
        for reply in [
            Answer::text(huge.as_str()),
            Answer::nothing().and_raw_tool("toolu_a", "read_file", &huge),
            Answer::text("Hi").reasoning(&huge, Some("signed")),
            many.clone(),
        ] {
            let error = failure(&script([reply]), stream).await;
            assert_eq!(
                error.kind,
                ModelErrorKind::AnswerTooLong,
                "stream {stream}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_serves_again() {
    for stream in WAYS {
        let slow_to_end =
            |text: &str| Reply::from(Answer::text(text)).ending_after(Duration::from_millis(40));
        let server = script([slow_to_end("One"), slow_to_end("Two")]);
        let client = client(&server, UNLESS, stream);
        for _ in 0..2 {
            client.call(&request(), &Heard::default()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(server.connections_lost(), 0, "stream {stream}");
        let [first, second] = &server.requests()[..] else {
            panic!("stream {stream}: two calls are two requests")
        };
        assert_eq!(
            first.peer, second.peer,
            "stream {stream}: one connection for both"
        );
    }
}
