//! Each reason for which a model stops.

use serde_json::json;
use slipway_contract::message::StopReason;

use super::place::{Place, calls, text};
use crate::scripted::Answer;

async fn stop(place: Place, reply: Answer) -> StopReason {
    let (answer, _) = place.answer(place.says(reply)).await;
    assert_eq!(text(&answer), "It begins", "what was said is kept");
    answer.stop
}

pub(super) async fn end(place: Place) {
    let reply = Answer::text("It begins").finish("stop");
    assert_eq!(stop(place, reply).await, StopReason::End);
}

pub(super) async fn tool_calls(place: Place) {
    // As the format says it, and by a server that says that it has ended.
    for word in [None, Some("stop")] {
        let reply = Answer::tool("call_1", "read_file", &json!({"path": "a"}));
        let reply = place.says(reply);
        let reply = match word {
            Some(word) => reply.finish(word),
            None => reply,
        };
        let (answer, _) = place.answer(reply).await;
        assert_eq!(answer.stop, StopReason::ToolCalls, "{word:?}");
        assert_eq!(calls(&answer).len(), 1, "{word:?}");
    }
}

pub(super) async fn length(place: Place) {
    let reply = Answer::text("It begins").finish("length");
    assert_eq!(stop(place, reply).await, StopReason::Length);
}

pub(super) async fn filtered(place: Place) {
    let reply = Answer::text("It begins").finish("content_filter");
    assert_eq!(stop(place, reply).await, StopReason::Filtered);
}

pub(super) async fn refused(place: Place) {
    let reply = Answer::nothing().refusal("It begins").finish("stop");
    assert_eq!(stop(place, reply).await, StopReason::Refused);
}

pub(super) async fn unknown(place: Place) {
    let reply = Answer::text("It begins").finish("moonrise");
    let stopped = stop(place, reply).await;
    assert_eq!(stopped, StopReason::Unknown("moonrise".to_owned()));
}
