//! Each kind of error, as each provider writes it.

use std::time::Duration;

use slipway_agent::ports::model::{Billing, ModelErrorKind as Kind};

use super::place::{Place, Wire};
use crate::scripted::{Answer, Reply, Trouble};

async fn error(place: Place, trouble: Trouble, kind: Kind, advice: &str) {
    let reply = Reply::trouble(trouble).header(place.id_header(), "req_7");
    let error = place.failure(reply).await;
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(error.request_id.as_deref(), Some("req_7"), "{error}");
    let said = error.message.as_str();
    assert!(said.contains(advice), "{said}");
    assert!(said.ends_with('.'), "{said} has to say what to do");
    assert!(said.contains(place_name(place)), "{said}");
    if trouble != Trouble::Overloaded && trouble != Trouble::Timeout && trouble != Trouble::Refused
    {
        assert_eq!(error.billing, Billing::Nothing, "{said}");
    }
}

const fn place_name(place: Place) -> &'static str {
    match place.wire {
        Wire::Chat | Wire::Responses => "OpenAI",
        Wire::Anthropic => "Anthropic",
        Wire::Gemini => "Google Gemini",
        Wire::Held | Wire::Free => "127.0.0.1",
    }
}

pub(super) async fn authentication(place: Place) {
    let advice = match place.wire {
        Wire::Chat | Wire::Responses => "Check that the key in OPENAI_API_KEY is right",
        Wire::Anthropic => "Check that the key in ANTHROPIC_API_KEY is right",
        Wire::Gemini => "Check that the key in GOOGLE_API_KEY is right",
        Wire::Held | Wire::Free => "It wants a key",
    };
    error(place, Trouble::Authentication, Kind::Authentication, advice).await;
}

pub(super) async fn quota(place: Place) {
    error(place, Trouble::Quota, Kind::Quota, "Add credit").await;
}

pub(super) async fn rate_limit(place: Place) {
    error(place, Trouble::RateLimit, Kind::RateLimit, "Wait").await;
}

pub(super) async fn retry_after(place: Place) {
    for trouble in [Trouble::RateLimit, Trouble::Overloaded] {
        let error = place.failure(Reply::trouble(trouble).header("retry-after", "7"));
        assert_eq!(error.await.retry_after, Some(Duration::from_secs(7)));
        let error = place.failure(Reply::trouble(trouble)).await;
        assert_eq!(error.retry_after, None);
    }
}

pub(super) async fn overloaded(place: Place) {
    error(place, Trouble::Overloaded, Kind::Overloaded, "Try again").await;
}

pub(super) async fn context_too_long(place: Place) {
    let advice = "one with a larger context window";
    error(place, Trouble::ContextTooLong, Kind::ContextTooLong, advice).await;
}

pub(super) async fn refused(place: Place) {
    error(place, Trouble::Refused, Kind::Refused, "Change the input").await;
}

pub(super) async fn unsupported(place: Place) {
    let advice = "Change what agent.toml asks of the model";
    error(place, Trouble::Unsupported, Kind::Unsupported, advice).await;
}

pub(super) async fn not_found(place: Place) {
    let advice = match place.wire {
        Wire::Held | Wire::Free => "Check that this server has the model",
        _ => "Check the model's name",
    };
    error(place, Trouble::NotFound, Kind::NotFound, advice).await;
}

pub(super) async fn timed_out_there(place: Place) {
    error(place, Trouble::Timeout, Kind::Timeout, "Try again").await;
}

pub(super) async fn amid(place: Place) {
    for (trouble, kind) in [
        (Trouble::Overloaded, Kind::Overloaded),
        (Trouble::RateLimit, Kind::RateLimit),
        (Trouble::ContextTooLong, Kind::ContextTooLong),
    ] {
        let begun = place.says(Answer::text("It begins, and then it breaks off."));
        let reply = Reply::trouble_amid(begun, trouble).header(place.id_header(), "req_7");
        let error = place.failure(reply).await;
        assert_eq!(error.kind, kind, "{error}");
        assert_eq!(error.request_id.as_deref(), Some("req_7"), "{error}");
        assert_eq!(error.billing, Billing::Unknown, "it had begun");
        assert!(error.message.contains("broke off"), "{error}");
    }
}

/// All was said, and then an error makes it void: it is told, though nobody waits for the end.
pub(super) async fn after_the_end(place: Place) {
    let reply = Reply::from(place.says(Answer::text("All was said."))).changed(|mut bytes| {
        let mark = b"data: [DONE]";
        if let Some(at) = bytes.windows(mark.len()).position(|piece| piece == mark) {
            bytes.truncate(at);
        }
        bytes.extend(b"event: error\ndata: {\"message\": \"The \\\"error\\\" of the end.\"}\n\n");
        bytes
    });
    let error = place.failure(reply).await;
    assert!(error.message.contains("of the end"), "{error}");
}

pub(super) async fn web_page(place: Place) {
    let page = "<!DOCTYPE html><html><head><title>Sign in to Wi-Fi</title></head></html>";
    for (status, content_type, kind) in [
        (200, "text/html; charset=utf-8", Kind::NotFound),
        (502, "text/html", Kind::Overloaded),
        (403, "text/html", Kind::Authentication),
    ] {
        let error = place
            .failure(Reply::bytes(status, content_type, page))
            .await;
        assert_eq!(error.kind, kind, "{status}: {error}");
        assert!(error.message.contains("Sign in to Wi-Fi"), "{error}");
        assert!(error.message.contains("log-in page"), "{error}");
    }
}

pub(super) async fn nobody_there(place: Place) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let heard = super::place::Heard::default();
    let answer = place
        .client_at(&origin)
        .call(&place.request(), &heard)
        .await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind, Kind::Network, "{error}");
    assert_eq!(error.billing, Billing::Nothing, "nothing was sent");
    assert!(error.message.ends_with('.'), "{error}");
}
