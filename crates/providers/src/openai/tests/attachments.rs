//! Images and documents.

use slipway_contract::message::{Attachment, Media};

use super::requests::{sent, sent_as};
use super::*;
use crate::scripted::Answer;

fn showing(files: &[(&str, Media, &str)]) -> ModelRequest {
    let attachments = files.iter().map(|(name, media, data)| Attachment {
        name: (*name).to_owned(),
        media: *media,
        data: (*data).into(),
    });
    let mut request = request();
    request.messages = vec![Message::User {
        text: "What is this?".into(),
        attachments: attachments.collect(),
    }];
    request
}

#[tokio::test]
async fn images_and_documents_go_with_the_text() {
    let request = showing(&[
        ("boat.png", Media::Png, "iVBORw0KGgo="),
        ("report.pdf", Media::Pdf, "JVBERi0="),
    ]);
    for way in WAYS {
        let body = sent_as("openai/gpt-4.1", true, way, &request).await;
        let (content, expected) = match way.protocol {
            Protocol::Chat => (
                &body["messages"][1]["content"],
                json!([
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                    {"type": "file", "file": {"filename": "report.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
                ]),
            ),
            _ => (
                &body["input"][0]["content"],
                json!([
                    {"type": "input_text", "text": "What is this?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=", "detail": "auto"},
                    {"type": "input_file", "filename": "report.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
                ]),
            ),
        };
        assert_eq!(*content, expected, "{way:?}");
    }
}

#[tokio::test]
async fn an_image_may_stand_alone() {
    let mut request = showing(&[("boat.webp", Media::Webp, "AA==")]);
    if let Message::User { text, .. } = &mut request.messages[0] {
        text.clear();
    }
    for way in WAYS {
        let body = sent(way, &request).await.body;
        let content = match way.protocol {
            Protocol::Chat => &body["messages"][1]["content"],
            _ => &body["input"][0]["content"],
        };
        assert_eq!(content.as_array().unwrap().len(), 1, "{way:?}: {content}");
    }
}

#[tokio::test]
async fn what_a_place_cannot_be_shown_is_refused_by_its_name_and_not_sent() {
    let request = showing(&[("report.pdf", Media::Pdf, "JVBERi0=")]);
    for way in WAYS {
        let server = script([Answer::text("Done.")]);
        assert_eq!(
            client(&server, way).takes(Media::Pdf),
            Some(false),
            "{way:?}"
        );
        let error = ask(&server, way, &request).await.0.unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{way:?}");
        assert!(error.message.contains("\"report.pdf\""), "{way:?}: {error}");
        assert!(error.message.contains("PDF"), "{way:?}: {error}");
        assert!(server.requests().is_empty(), "{way:?}: nothing was sent");
    }
}
