//! What becomes of errors: each its kind, once, with what to do and without the key. And silence,
//! and a caller who leaves.

use slipway_agent::ports::model::{Billing, ModelErrorKind as Kind};

use super::*;

fn error(kind: &str, message: &str) -> Value {
    json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_body"})
}

#[tokio::test]
async fn each_error_is_its_own_kind_and_asked_once() {
    let broke =
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.";
    for stream in WAYS {
        for (status, kind, message, expected) in [
            (
                400,
                "invalid_request_error",
                "messages.1.content.0: Invalid `signature`",
                Kind::Unsupported,
            ),
            (400, "invalid_request_error", broke, Kind::Quota),
            (
                400,
                "invalid_request_error",
                "prompt is too long: 210000 tokens > 200000 maximum",
                Kind::ContextTooLong,
            ),
            (
                400,
                "invalid_request_error",
                "input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000",
                Kind::ContextTooLong,
            ),
            (
                401,
                "authentication_error",
                "invalid x-api-key",
                Kind::Authentication,
            ),
            (402, "billing_error", "Add a payment method.", Kind::Quota),
            (
                403,
                "permission_error",
                "Your API key may not use this",
                Kind::Authentication,
            ),
            (
                404,
                "not_found_error",
                "model: claude-haiku-9",
                Kind::NotFound,
            ),
            (
                413,
                "request_too_large",
                "Request exceeds the maximum size",
                Kind::ContextTooLong,
            ),
            (
                429,
                "rate_limit_error",
                "This request would exceed your rate limit",
                Kind::RateLimit,
            ),
            (500, "api_error", "Internal server error", Kind::Overloaded),
            (504, "timeout_error", "Took too long", Kind::Timeout),
            (529, "overloaded_error", "Overloaded", Kind::Overloaded),
        ] {
            let reply = Reply::error(status, &error(kind, message))
                .header("request-id", "req_9")
                .header("retry-after", "7");
            let server = script([reply, Reply::from(Answer::text("never"))]);
            let error = failure(&server, stream).await;
            assert_eq!(error.kind, expected, "{status} {kind}: {error}");
            assert!(
                error.message.contains(message.trim_end_matches('.')),
                "{error}"
            );
            assert_eq!(error.request_id.as_deref(), Some("req_9"), "{error}");
            assert_eq!(error.retry_after, Some(Duration::from_secs(7)), "{error}");
            let billing = if status < 500 {
                Billing::Nothing
            } else {
                Billing::Unknown
            };
            assert_eq!(error.billing, billing, "{status}: {error}");
            assert_eq!(server.replies_left(), 1, "one attempt is one request");
        }
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_by_its_name_and_shown_nowhere() {
    for stream in WAYS {
        let echoed = format!("invalid x-api-key: {KEY}");
        let server = script([Reply::error(401, &error("authentication_error", &echoed))]);
        let error = failure(&server, stream).await;
        assert!(error.message.contains("ANTHROPIC_API_KEY"), "{error}");
        assert!(!error.message.contains(KEY), "{error}");
    }
}

#[tokio::test]
async fn a_web_page_is_told_as_one() {
    for stream in WAYS {
        for status in [200, 502] {
            let page = "<!doctype html><html><head><title>Log in</title></head></html>";
            let server = script([Reply::bytes(status, "text/html", page)]);
            let error = failure(&server, stream).await;
            assert!(error.message.contains("Log in"), "{status}: {error}");
            assert!(
                error.message.contains("ANTHROPIC_BASE_URL"),
                "{status}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_times_out() {
    let short = Patience {
        first: Duration::from_millis(400),
        idle: Duration::from_millis(200),
    };
    let patient_at_first = Patience {
        first: Duration::from_secs(30),
        ..short
    };
    for stream in WAYS {
        let late = Reply::from(Answer::text("Late")).after(Duration::from_secs(30));
        let stuck = Reply::from(Answer::text("word ".repeat(400)))
            .in_pieces(1_200, Duration::from_millis(600));
        for (reply, patience) in [(late, short), (stuck, patient_at_first)] {
            let server = script([reply]);
            let client = patient_client(&server, UNLESS, stream, patience);
            let error = client
                .call(&request(), &Heard::default())
                .await
                .unwrap_err();
            assert_eq!(error.kind, Kind::Timeout, "stream {stream}: {error}");
        }
    }
}

#[tokio::test]
async fn a_caller_who_leaves_closes_the_connection() {
    for stream in WAYS {
        let reply = Reply::from(Answer::text("word ".repeat(400)))
            .in_pieces(200, Duration::from_millis(50));
        let server = script([reply]);
        let client = client(&server, UNLESS, stream);
        let (request, heard) = (request(), Heard::default());
        let call = client.call(&request, &heard);
        let left = tokio::time::timeout(Duration::from_millis(300), call).await;
        assert!(
            left.is_err(),
            "stream {stream}: the answer takes longer than that"
        );
        for _ in 0..100 {
            if server.connections_lost() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(server.connections_lost(), 1, "stream {stream}");
    }
}
