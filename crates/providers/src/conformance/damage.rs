//! Answers that come damaged, cut, disguised, or in odd pieces.

use std::io::Write;
use std::time::Duration;

use serde_json::json;
use slipway_agent::ports::model::{Billing, ModelErrorKind as Kind};
use slipway_contract::message::StopReason;

use super::place::{Place, calls, text, thoughts};
use crate::scripted::{Answer, Reply};

/// An answer in which everything stands.
fn rich(place: Place) -> Answer {
    let answer = Answer::text("Die Größe ist 漢字 😀.")
        .reasoning("Hm — größer", None)
        .and_tool("call_1", "read_file", &json!({"path": "größe/😀.txt"}))
        .usage(100, 20, 0);
    place.says(answer)
}

/// Takes the answer, which comes so, and holds it against the one that comes undisturbed.
async fn arrives(place: Place, disturbed: impl FnOnce(Reply) -> Reply) {
    let (plain, _) = place.answer(rich(place)).await;
    let (answer, heard) = place.answer(disturbed(Reply::from(rich(place)))).await;
    assert_eq!(answer.content, plain.content);
    assert_eq!((&answer.stop, answer.usage), (&plain.stop, plain.usage));
    assert_eq!(heard.text(), "Die Größe ist 漢字 😀.");
    assert_eq!(heard.thoughts(), thoughts(&answer));
    assert_eq!(calls(&answer)[0].arguments, json!({"path": "größe/😀.txt"}));
}

pub(super) async fn closed_early(place: Place) {
    let length = Answer::text("word ".repeat(200));
    for at in [0, 1, 90, 400, 1_000] {
        let reply = Reply::from(place.says(length.clone())).cut_after(at);
        let error = place.failure(reply).await;
        assert_eq!(error.kind, Kind::Network, "after {at} bytes: {error}");
        assert_eq!(error.billing, Billing::Unknown, "after {at} bytes");
    }
}

/// The connection ends as it should, and the answer has not.
pub(super) async fn ended_early(place: Place) {
    let reply = Reply::from(place.says(Answer::text("word ".repeat(200)))).changed(|mut body| {
        body.truncate(400);
        body
    });
    let error = place.failure(reply).await;
    let kind = if place.streams() {
        Kind::Network
    } else {
        Kind::Malformed
    };
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(error.billing, Billing::Unknown);
}

pub(super) async fn no_json(place: Place) {
    let reply = match place.streams() {
        true => Reply::events("data: {\"oops\"\n\n"),
        false => Reply::bytes(200, "application/json", "{\"oops\""),
    };
    let error = place.failure(reply).await;
    assert_eq!(error.kind, Kind::Malformed, "{error}");
    assert!(error.message.contains("oops"), "{error}");
}

pub(super) async fn empty(place: Place) {
    for body in ["", "\n\n"] {
        let reply = match place.streams() {
            true => Reply::events(body),
            false => Reply::bytes(200, "application/json", body),
        };
        let kind = if place.streams() {
            Kind::Network
        } else {
            Kind::Malformed
        };
        let error = place.failure(reply).await;
        assert_eq!(error.kind, kind, "{body:?}: {error}");
    }
}

pub(super) async fn foreign_json(place: Place) {
    for body in ["{}", "{\"hello\":\"world\"}"] {
        let reply = match place.streams() {
            true => Reply::events(format!("data: {body}\n\n")),
            false => Reply::bytes(200, "application/json", body),
        };
        let error = place.failure(reply).await;
        assert!(
            matches!(error.kind, Kind::Malformed | Kind::Network),
            "{body}: {error}"
        );
    }
}

pub(super) async fn no_utf8(place: Place) {
    let reply = Reply::from(place.says(Answer::text("a MARK z"))).changed(|body| {
        let text = String::from_utf8(body).unwrap();
        let parts: Vec<&[u8]> = text.split("MARK").map(str::as_bytes).collect();
        parts.join(&b"\xff\xfe"[..])
    });
    let (answer, heard) = place.answer(reply).await;
    assert_eq!(text(&answer), "a \u{fffd}\u{fffd} z");
    assert_eq!(heard.text(), "a \u{fffd}\u{fffd} z");
    assert_eq!(answer.stop, StopReason::End);
}

pub(super) async fn split(place: Place) {
    // Each byte for itself: in the middle of every event, line end and character.
    arrives(place, |reply| reply.in_pieces(1, Duration::ZERO)).await;
    arrives(place, |reply| reply.in_pieces(7, Duration::ZERO)).await;
}

pub(super) async fn gzip(place: Place) {
    arrives(place, |reply| {
        reply.header("content-encoding", "gzip").changed(|body| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&body).unwrap();
            packed.finish().unwrap()
        })
    })
    .await;
}

fn with_lines(body: Vec<u8>, end: &str) -> Vec<u8> {
    let text = String::from_utf8(body).unwrap().replace("\r\n", "\n");
    text.replace('\n', end).into_bytes()
}

pub(super) async fn crlf(place: Place) {
    arrives(place, |reply| {
        reply.changed(|body| with_lines(body, "\r\n"))
    })
    .await;
    let in_pieces = |reply: Reply| reply.in_pieces(1, Duration::ZERO);
    arrives(place, |reply| {
        in_pieces(reply.changed(|body| with_lines(body, "\r\n")))
    })
    .await;
}

pub(super) async fn cr(place: Place) {
    arrives(place, |reply| reply.changed(|body| with_lines(body, "\r"))).await;
}

pub(super) async fn mark(place: Place) {
    arrives(place, |reply| {
        reply.changed(|body| ["\u{feff}".as_bytes(), &body].concat())
    })
    .await;
}

/// Some servers keep the connection alive with comments, and with white space before a whole
/// answer.
pub(super) async fn keep_alive(place: Place) {
    if place.streams() {
        arrives(place, |reply| {
            reply.changed(|body| {
                let text = String::from_utf8(body).unwrap().replace("\r\n", "\n");
                let text = text.replace("\n\n", "\n\n: keep-alive\n\n:\n");
                format!(": OPENROUTER PROCESSING\n\n{text}").into_bytes()
            })
        })
        .await;
    } else {
        arrives(place, |reply| {
            reply.changed(|body| [&b"\n\n \r\n\n"[..], &body].concat())
        })
        .await;
    }
}

pub(super) async fn without_end(place: Place) {
    // More than is taken in of any answer.
    let answer = Answer::text(format!("{} ", "x".repeat(1 << 20)).repeat(9));
    let error = place.failure(place.says(answer)).await;
    assert_eq!(error.kind, Kind::AnswerTooLong, "{error}");
    assert!(error.message.contains("model.max_output_tokens"), "{error}");
    assert_eq!(error.billing, Billing::Unknown);
}
