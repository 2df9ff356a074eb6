//! What a request says.

use serde_json::json;
use slipway_agent::ports::model::ModelErrorKind as Kind;
use slipway_contract::message::{Attachment, Media};
use slipway_contract::model::ToolChoice;

use super::place::{Place, Wire, script, showing, text};
use super::sent;
use crate::scripted::Answer;

pub(super) async fn structured_output(place: Place) {
    let schema = json!({
        "type": "object",
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
        "additionalProperties": false,
    });
    let mut request = place.request();
    request.output_schema = Some(schema.clone());
    let reply = match place.wire {
        Wire::Held => Answer::text(json!({"calls": [], "reply": {"total": 1204.55}}).to_string()),
        _ => Answer::text(json!({"total": 1204.55}).to_string()),
    };
    let server = script([reply]);
    let (answer, _) = place.ask(&server, &request).await;
    let said: serde_json::Value = serde_json::from_str(&text(&answer.unwrap())).unwrap();
    assert_eq!(said, json!({"total": 1204.55}));
    let body = &server.requests()[0].body;
    assert_eq!(sent::output_schema(&place, body), schema, "{body}");
}

fn file(name: &str, media: Media, data: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media,
        data: data.into(),
    }
}

pub(super) async fn image(place: Place) {
    let mut request = place.request();
    let (png, jpeg) = ("iVBORw0KGgo=", "/9j/4AAQ");
    let files = vec![
        file("boat.png", Media::Png, png),
        file("sea.jpg", Media::Jpeg, jpeg),
    ];
    request.messages = vec![showing("What is this?", files)];
    let body = place.sent(&request).await;
    let expected = [("image/png", png), ("image/jpeg", jpeg)];
    assert_eq!(
        sent::shown(&place, &body),
        expected.map(|(media, data)| (media.to_owned(), data.to_owned()))
    );
    assert!(body.to_string().contains("What is this?"), "{body}");
}

pub(super) async fn pdf(place: Place) {
    let mut request = place.request();
    let files = vec![file("report.pdf", Media::Pdf, "JVBERi0=")];
    request.messages = vec![showing("What is this?", files)];
    let body = place.sent(&request).await;
    let expected = ("application/pdf".to_owned(), "JVBERi0=".to_owned());
    assert_eq!(sent::shown(&place, &body), [expected]);
}

/// What cannot be shown is refused by its name before anything is sent.
pub(super) async fn unshowable(place: Place) {
    let mut request = place.request();
    let (name, media) = match place.wire {
        Wire::Gemini => ("dance.gif", Media::Gif),
        _ => ("report.pdf", Media::Pdf),
    };
    request.messages = vec![showing(
        "What is this?",
        vec![file(name, media, "JVBERi0=")],
    )];
    let server = script([Answer::text("Hm.")]);
    let (answer, _) = place.ask(&server, &request).await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported, "{error}");
    assert!(error.message.contains(name), "{error}");
    assert!(server.requests().is_empty(), "nothing is sent");
}

pub(super) async fn tool_choice(place: Place) {
    let chosen = |choice: ToolChoice| {
        let mut request = place.request();
        request.tool_choice = choice;
        async move {
            let body = place.sent(&request).await;
            sent::choice(&place, &body)
        }
    };
    let auto = chosen(ToolChoice::Auto).await;
    assert!(auto.is_null(), "{auto}");
    let none = chosen(ToolChoice::None).await;
    let required = chosen(ToolChoice::Required).await;
    let one = chosen(ToolChoice::Tool("list_dir".to_owned())).await;
    let expected = match place.wire {
        Wire::Chat => [
            json!("none"),
            json!("required"),
            json!({"type": "function", "function": {"name": "list_dir"}}),
        ],
        Wire::Responses => [
            json!("none"),
            json!("required"),
            json!({"type": "function", "name": "list_dir"}),
        ],
        Wire::Anthropic => [
            json!({"type": "none"}),
            json!({"type": "any"}),
            json!({"type": "tool", "name": "list_dir"}),
        ],
        Wire::Gemini => [
            json!({"mode": "NONE"}),
            json!({"mode": "ANY"}),
            json!({"mode": "ANY", "allowedFunctionNames": ["list_dir"]}),
        ],
        Wire::Held | Wire::Free => [
            // It is told of no tools at all.
            json!(null),
            json!("This time you must call at least one tool."),
            json!("This time you must call list_dir."),
        ],
    };
    assert_eq!([none, required, one], expected);
}
