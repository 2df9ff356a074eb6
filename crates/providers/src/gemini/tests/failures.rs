//! What becomes of errors: each its kind, once, with what to do and without the key.

use slipway_agent::ports::model::{Billing, ModelErrorKind as Kind};

use super::*;
use crate::scripted::Answer;

fn google_error(code: u16, status: &str, message: &str, details: &Value) -> Value {
    json!({"error": {"code": code, "message": message, "status": status, "details": details}})
}

fn info(reason: &str) -> Value {
    json!([
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"},
        {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": "No."},
    ])
}

fn quota(id: &str) -> Value {
    json!([
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": id, "quotaValue": "20"}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.4s"},
    ])
}

/// Status, Google's word, its message, details, and what we make of it.
fn cases() -> Vec<(u16, Value, Kind)> {
    let none = json!([]);
    let case = |code: u16, status: &str, message: &str, details: &Value, kind: Kind| {
        (code, google_error(code, status, message, details), kind)
    };
    vec![
        case(
            400,
            "INVALID_ARGUMENT",
            "API key not valid.",
            &info("API_KEY_INVALID"),
            Kind::Authentication,
        ),
        case(
            400,
            "INVALID_ARGUMENT",
            "Unknown name.",
            &none,
            Kind::Unsupported,
        ),
        case(
            400,
            "INVALID_ARGUMENT",
            "The input token count (2551556) exceeds the maximum number of tokens allowed (1048576).",
            &none,
            Kind::ContextTooLong,
        ),
        case(
            400,
            "FAILED_PRECONDITION",
            "User location is not supported.",
            &none,
            Kind::Authentication,
        ),
        case(
            401,
            "UNAUTHENTICATED",
            "Log in.",
            &none,
            Kind::Authentication,
        ),
        case(
            403,
            "PERMISSION_DENIED",
            "Not allowed.",
            &info("API_KEY_SERVICE_BLOCKED"),
            Kind::Authentication,
        ),
        case(
            403,
            "PERMISSION_DENIED",
            "No billing.",
            &info("BILLING_DISABLED"),
            Kind::Quota,
        ),
        case(
            404,
            "NOT_FOUND",
            "models/x is not found.",
            &none,
            Kind::NotFound,
        ),
        case(
            429,
            "RESOURCE_EXHAUSTED",
            "Resource has been exhausted.",
            &none,
            Kind::RateLimit,
        ),
        case(
            429,
            "RESOURCE_EXHAUSTED",
            "Slow down.",
            &quota("GenerateRequestsPerMinutePerProjectPerModel"),
            Kind::RateLimit,
        ),
        case(
            429,
            "RESOURCE_EXHAUSTED",
            "Tomorrow.",
            &quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
            Kind::Quota,
        ),
        case(
            429,
            "RESOURCE_EXHAUSTED",
            "Your prepayment credits are depleted.",
            &none,
            Kind::Quota,
        ),
        case(
            500,
            "INTERNAL",
            "An internal error.",
            &none,
            Kind::Overloaded,
        ),
        case(
            503,
            "UNAVAILABLE",
            "The model is overloaded.",
            &none,
            Kind::Overloaded,
        ),
        case(504, "DEADLINE_EXCEEDED", "Too slow.", &none, Kind::Timeout),
    ]
}

#[tokio::test]
async fn each_error_is_its_own_kind_and_asked_once() {
    for way in WAYS {
        for (status, body, kind) in cases() {
            // As it comes to a stream that was not asked for by SSE, too.
            for body in [body.clone(), json!([body])] {
                let reply = Reply::error(status, &body).header("x-request-id", "req_7");
                let server = script([reply, Reply::from(Answer::text("a second attempt"))]);
                let error = failure(&server, way).await;
                assert_eq!(error.kind, kind, "{way:?} {status} {body}: {error}");
                assert_eq!(error.request_id.as_deref(), Some("req_7"), "{way:?}");
                assert_eq!(server.requests().len(), 1, "{way:?} {status}: one attempt");
                let said = error.message.as_str();
                assert!(said.contains(&status.to_string()), "{said}");
                assert!(said.ends_with('.'), "{said} must say what to do");
                let billing = if status < 500 {
                    Billing::Nothing
                } else {
                    Billing::Unknown
                };
                assert_eq!(error.billing, billing, "{way:?} {status}");
            }
        }
    }
}

#[tokio::test]
async fn the_wish_to_wait_is_kept_wherever_it_is_said() {
    let body = google_error(429, "RESOURCE_EXHAUSTED", "Slow down.", &quota("PerMinute"));
    for way in WAYS {
        let server = script([Reply::error(429, &body)]);
        let wait = Some(Duration::from_millis(34_400));
        assert_eq!(failure(&server, way).await.retry_after, wait, "{way:?}");
        let server = script([Reply::error(429, &body).header("retry-after", "7")]);
        let wait = Some(Duration::from_secs(7));
        assert_eq!(failure(&server, way).await.retry_after, wait, "{way:?}");
    }
    let server = script([Reply::events(format!("data: {body}\n\n"))]);
    let error = failure(&server, Way::Streamed).await;
    assert_eq!(error.retry_after, Some(Duration::from_millis(34_400)));
}

#[tokio::test]
async fn an_error_inside_an_answer_ends_it() {
    for (status, body, kind) in cases() {
        // Where nothing says more, what broke off is an overloaded server's.
        let begun = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hal\"}]}}]}\n\n";
        let streamed = Reply::events(format!("{begun}data: {body}\n\n"));
        let whole = Reply::bytes(200, "application/json", body.to_string());
        for (way, reply) in [(Way::Streamed, streamed), (Way::Whole, whole)] {
            let error = failure(&script([reply]), way).await;
            assert_eq!(error.kind, kind, "{way:?} {status}: {error}");
            assert_eq!(error.billing, Billing::Unknown, "{way:?}: it had begun");
        }
    }
}

#[tokio::test]
async fn a_web_page_is_told_as_one() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head></html>";
    for way in WAYS {
        for (status, kind) in [(200, Kind::NotFound), (502, Kind::Overloaded)] {
            let server = script([Reply::bytes(status, "text/html", page)]);
            let error = failure(&server, way).await;
            assert_eq!(error.kind, kind, "{way:?} {status}: {error}");
            let said = error.message.as_str();
            assert!(said.contains("Sign in to Wi-Fi"), "{said}");
            assert!(said.contains("GOOGLE_BASE_URL"), "{said}");
        }
    }
}

#[tokio::test]
async fn an_answer_cut_anywhere_is_never_taken_for_whole() {
    for way in WAYS {
        let reply = Answer::text("The total is 1204.55 EUR.")
            .and_tool("f1", "read_file", &json!({"path": "a.txt"}))
            .reasoning("Hm.", Some("c2ln"));
        let whole = answer(&script([reply.clone()]), way).await;
        let mut cuts = 0;
        for at in (0..4000).step_by(61) {
            let server = script([Reply::from(reply.clone()).cut_after(at)]);
            let (cut, _) = ask(&server, way, &request()).await;
            match cut {
                Err(error) => {
                    assert_eq!(error.kind, Kind::Network, "{way:?} cut at {at}: {error}");
                    assert_eq!(error.billing, Billing::Unknown, "{way:?} cut at {at}");
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
async fn the_key_is_in_no_message() {
    let blocked = json!({"promptFeedback": {"blockReason": KEY, "blockReasonMessage": KEY}});
    let unwritten = json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": format!("{}{KEY}", "x".repeat(290))}]});
    for way in WAYS {
        for reply in [
            Reply::error(
                400,
                &google_error(
                    400,
                    "INVALID_ARGUMENT",
                    &format!("Bad key {KEY}."),
                    &info("API_KEY_INVALID"),
                ),
            ),
            Reply::bytes(500, "text/plain", format!("x-goog-api-key: {KEY}")),
            Reply::bytes(200, "text/html", format!("<html><title>{KEY}</title>")),
            Reply::bytes(200, "application/json", blocked.to_string()),
            Reply::bytes(200, "application/json", unwritten.to_string()),
        ] {
            let error = failure(&script([reply]), way).await;
            assert!(!error.message.contains("AIzaSy"), "{way:?}: {error}");
            assert!(!error.message.contains("0123456789"), "{way:?}: {error}");
            assert!(!format!("{error:?}").contains("0123456789"), "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_or_is_gone_is_told_before_anything_is_sent() {
    let base = || "https://generativelanguage.googleapis.com".parse().unwrap();
    let gone = Key::new(
        Arc::new(MemorySecrets::default()),
        &["GOOGLE_API_KEY".to_owned()],
    );
    for (key, says) in [
        (key("AIza\nX-Evil: 1"), "set it again"),
        (gone, "slipway secrets set GOOGLE_API_KEY"),
    ] {
        let settings = Settings::default();
        let client = Gemini::new(endpoint(base(), Some(key), MODEL, settings));
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Authentication);
        assert!(error.message.contains(says), "{error}");
        assert!(!error.message.contains("AIza"), "{error}");
    }
}
