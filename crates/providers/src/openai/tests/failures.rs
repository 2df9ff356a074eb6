//! What becomes of errors: each its kind, once, with what to do and without the key.

use serde_json::json;
use slipway_agent::ports::model::ModelErrorKind as Kind;

use super::*;
use crate::scripted::Answer;

fn openai_error(message: &str, kind: &str, code: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

#[tokio::test]
async fn each_status_is_its_own_kind_and_asked_once() {
    for way in WAYS {
        for (status, body, kind) in [
            (
                401,
                openai_error(
                    "Incorrect API key provided",
                    "invalid_request_error",
                    "invalid_api_key",
                ),
                Kind::Authentication,
            ),
            (403, json!({"error": "forbidden"}), Kind::Authentication),
            (
                403,
                openai_error(
                    "Country not supported",
                    "request_forbidden",
                    "unsupported_country_region_territory",
                ),
                Kind::Authentication,
            ),
            (402, json!({"message": "Payment required"}), Kind::Quota),
            (
                429,
                openai_error(
                    "You exceeded your current quota",
                    "insufficient_quota",
                    "insufficient_quota",
                ),
                Kind::Quota,
            ),
            (
                429,
                openai_error("Slow down", "requests", "rate_limit_exceeded"),
                Kind::RateLimit,
            ),
            (429, Value::Null, Kind::RateLimit),
            (
                400,
                openai_error(
                    "Too long",
                    "invalid_request_error",
                    "context_length_exceeded",
                ),
                Kind::ContextTooLong,
            ),
            (413, json!({"detail": "too large"}), Kind::ContextTooLong),
            (
                400,
                openai_error(
                    "Not allowed",
                    "invalid_request_error",
                    "content_policy_violation",
                ),
                Kind::Refused,
            ),
            (
                400,
                openai_error(
                    "Unsupported parameter: temperature",
                    "invalid_request_error",
                    "unsupported_parameter",
                ),
                Kind::Unsupported,
            ),
            (
                422,
                json!({"detail": [{"msg": "extra field"}]}),
                Kind::Unsupported,
            ),
            (
                404,
                openai_error("No such model", "invalid_request_error", "model_not_found"),
                Kind::NotFound,
            ),
            (
                404,
                json!({"error": "model not found, try pulling it first"}),
                Kind::NotFound,
            ),
            (408, Value::Null, Kind::Timeout),
            (
                500,
                openai_error("Oops", "server_error", "server_error"),
                Kind::Overloaded,
            ),
            (
                503,
                openai_error("Overloaded", "invalid_api_key", "invalid_api_key"),
                Kind::Overloaded,
            ),
            (529, Value::Null, Kind::Overloaded),
            (302, Value::Null, Kind::NotFound),
        ] {
            let reply = Reply::error(status, &body).header("x-request-id", "req_7");
            let server = script([reply, Reply::from(Answer::text("a second attempt"))]);
            let error = failure(&server, way).await;
            assert_eq!(error.kind, kind, "{way:?} {status} {body}: {error}");
            assert_eq!(
                error.request_id.as_deref(),
                Some("req_7"),
                "{way:?} {status}"
            );
            assert_eq!(server.requests().len(), 1, "{way:?} {status}: one attempt");
            let said = error.message.as_str();
            assert!(said.contains(&status.to_string()), "{said}");
            assert!(said.contains("127.0.0.1"), "{said}");
            assert!(said.ends_with('.'), "{said} must say what to do");
            if let Some(text) = body["error"]["message"].as_str() {
                assert!(said.contains(text), "{said}");
            }
        }
    }
}

#[tokio::test]
async fn the_providers_wish_to_wait_is_kept() {
    for way in WAYS {
        for (header, value, wait) in [
            ("retry-after", "7", Duration::from_secs(7)),
            ("retry-after-ms", "1500", Duration::from_millis(1500)),
        ] {
            for status in [429, 500] {
                let server = script([Reply::error(status, &Value::Null).header(header, value)]);
                let error = failure(&server, way).await;
                assert_eq!(error.retry_after, Some(wait), "{way:?} {status}");
            }
        }
        let dated = Reply::error(503, &Value::Null)
            .header("date", "Sun, 22 Nov 2026 08:00:00 GMT")
            .header("retry-after", "Sun, 22 Nov 2026 08:00:09 GMT");
        let error = failure(&script([dated]), way).await;
        assert_eq!(error.retry_after, Some(Duration::from_secs(9)), "{way:?}");
    }
}

#[tokio::test]
async fn a_web_page_is_told_as_one() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head></html>";
    for way in WAYS {
        for (status, content_type, kind) in [
            (200, "text/html", Kind::NotFound),
            (502, "text/html", Kind::Overloaded),
            (404, "text/html; charset=utf-8", Kind::NotFound),
        ] {
            let server = script([Reply::bytes(status, content_type, page)]);
            let error = failure(&server, way).await;
            assert_eq!(error.kind, kind, "{way:?} {status}: {error}");
            let said = error.message.as_str();
            assert!(said.contains("Sign in to Wi-Fi"), "{said}");
            assert!(said.contains("OPENAI_BASE_URL"), "{said}");
        }
    }
    let server = script([Reply::bytes(200, "application/json", page)]);
    assert_eq!(failure(&server, WAYS[1]).await.kind, Kind::NotFound);
}

#[tokio::test]
async fn an_error_inside_a_stream_ends_the_answer() {
    for (way, body, kind) in [
        (
            WAYS[0],
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hal\"}}]}\n\ndata: {\"error\":{\"message\":\"Oops\",\"type\":\"server_error\",\"code\":null}}\n\n",
            Kind::Overloaded,
        ),
        (
            WAYS[0],
            "data: {\"error\":{\"message\":\"Oops\",\"code\":429}}\n\n",
            Kind::RateLimit,
        ),
        (
            WAYS[0],
            "event: error\ndata: {\"message\":\"Oops\",\"type\":\"something\"}\n\n",
            Kind::Overloaded,
        ),
        (WAYS[0], "data: {\"error\":\"Oops\"}\n\n", Kind::Overloaded),
        (
            WAYS[2],
            "event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"Oops\",\"param\":null}\n\n",
            Kind::RateLimit,
        ),
        (
            WAYS[2],
            "data: {\"type\":\"error\",\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"Oops\"}}\n\n",
            Kind::ContextTooLong,
        ),
        (
            WAYS[2],
            "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Oops\"}}}\n\n",
            Kind::Overloaded,
        ),
    ] {
        let server = script([Reply::events(body)]);
        let error = failure(&server, way).await;
        assert_eq!(error.kind, kind, "{body}: {error}");
        assert!(error.message.contains("Oops"), "{error}");
    }
    let failed =
        json!({"status": "failed", "error": {"code": "invalid_prompt", "message": "Oops"}});
    let server = script([Reply::bytes(200, "application/json", failed.to_string())]);
    assert_eq!(failure(&server, WAYS[3]).await.kind, Kind::Refused);
}

#[tokio::test]
async fn an_answer_cut_anywhere_is_never_taken_for_whole() {
    for way in WAYS {
        let reply = Answer::text("The total is 1204.55 EUR.").and_tool(
            "call_a",
            "read_file",
            &json!({"path": "a.txt"}),
        );
        let whole = answer(&script([reply.clone()]), way).await;
        let mut cuts = 0;
        for at in (0..3000).step_by(61) {
            let server = script([Reply::from(reply.clone()).cut_after(at)]);
            let (cut, _) = ask(&server, way, &request()).await;
            match cut {
                Err(error) => {
                    assert_eq!(error.kind, Kind::Network, "{way:?} cut at {at}: {error}");
                    cuts += 1;
                }
                Ok(response) => {
                    assert_eq!(response.content, whole.content, "{way:?} cut at {at}");
                    assert_eq!(response.stop, whole.stop, "{way:?} cut at {at}");
                    break;
                }
            }
        }
        assert!(cuts > 5, "{way:?}: only {cuts} cuts");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_network_error() {
    for way in WAYS {
        let server = script([] as [Reply; 0]);
        let client = client(&server, way);
        let address = server.address();
        drop(server);
        while std::net::TcpStream::connect(address).is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Network, "{way:?}: {error}");
        assert!(error.message.contains(&address.to_string()), "{error}");
    }
}

#[tokio::test]
async fn the_key_is_in_no_message() {
    for way in WAYS {
        let echo = openai_error(
            &format!("Incorrect API key provided: {KEY}. (sk-test-****6789) You can"),
            "invalid_request_error",
            "invalid_api_key",
        );
        for reply in [
            Reply::error(401, &echo),
            Reply::bytes(500, "text/plain", format!("Authorization: Bearer {KEY}")),
            Reply::bytes(200, "text/html", format!("<html><title>{KEY}</title>")),
            Reply::events(format!("data: {KEY}\n\n")),
        ] {
            let server = script([reply]);
            let error = failure(&server, way).await;
            assert!(!error.message.contains("0123456789"), "{way:?}: {error}");
            assert!(!error.message.contains("6789"), "{way:?}: {error}");
            assert!(!format!("{error:?}").contains("0123456789"), "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_refused() {
    for wrong in ["sk-1\nX-Evil: 1", "sk-\u{0}", "sk-\rx"] {
        let client = OpenAi::new(endpoint(
            "https://api.openai.com/v1".parse().unwrap(),
            Some(key(&format!("{wrong}x"))),
            "openai/gpt-5",
            Settings::default(),
        ));
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Authentication);
        assert!(!error.message.contains("sk-"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_is_locked_or_gone_by_now_is_told_before_anything_is_sent() {
    let locked: Arc<MemorySecrets> = Arc::new(MemorySecrets::locked());
    let gone: Arc<MemorySecrets> = Arc::new(MemorySecrets::default());
    for (secrets, says) in [
        (locked, "unlock it"),
        (gone, "slipway secrets set OPENAI_API_KEY"),
    ] {
        let client = OpenAi::new(endpoint(
            "https://api.openai.com/v1".parse().unwrap(),
            Some(Key::new(secrets, &["OPENAI_API_KEY".to_owned()])),
            "openai/gpt-5",
            Settings::default(),
        ));
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Authentication);
        assert!(error.message.contains(says), "{error}");
        assert!(error.message.contains("openai/gpt-5"), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_is_echoed_is_nowhere_in_the_error_also_where_the_message_is_cut() {
    let encoded = data_encoding::BASE64.encode(format!("user:{KEY}").as_bytes());
    let hex = data_encoding::HEXLOWER.encode(KEY.as_bytes());
    for before in 580..604 {
        let said = format!("{}{KEY} {encoded} {hex}", "x".repeat(before));
        let server = script([Reply::bytes(400, "text/plain", said)]);
        let error = failure(&server, WAYS[0]).await;
        for piece in 4..KEY.len() {
            assert!(!error.message.contains(&KEY[..piece]), "{before}: {error}");
        }
        assert!(!error.message.contains(&hex[..12]), "{error}");
    }
}
