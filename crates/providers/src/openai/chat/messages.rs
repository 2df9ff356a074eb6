//! The conversation as Chat Completions takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_contract::message::{Attachment, Content, Message, ToolCall};

use super::thoughts::{own_details, own_text};
use crate::attempt::{raw_arguments, result_text};
use crate::openai::Call;
use crate::openai::attachments::data_url;
use crate::registry::{PdfForm, ThoughtsBack};

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    System {
        content: Cow<'a, str>,
    },
    User {
        content: Said<'a>,
    },
    Assistant {
        content: Option<Said<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reasoning_content: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reasoning: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        reasoning_details: Vec<&'a Value>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Called<'a>>,
    },
    Tool {
        tool_call_id: &'a str,
        content: Cow<'a, str>,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Said<'a> {
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Part<'a> {
    Text {
        text: Cow<'a, str>,
    },
    ImageUrl {
        image_url: ImageUrl,
    },
    File {
        file: File<'a>,
    },
    DocumentUrl {
        document_url: String,
    },
    Thinking {
        thinking: Vec<Part<'a>>,
        closed: bool,
    },
}

#[derive(Serialize)]
pub(super) struct ImageUrl {
    url: String,
}

#[derive(Serialize)]
pub(super) struct File<'a> {
    filename: &'a str,
    file_data: String,
}

#[derive(Serialize)]
pub(super) struct Called<'a> {
    id: &'a str,
    r#type: &'static str,
    function: CalledFunction<'a>,
}

#[derive(Serialize)]
struct CalledFunction<'a> {
    name: Cow<'a, str>,
    arguments: Cow<'a, str>,
}

pub(super) fn line<'a>(call: &'a Call<'a>, message: &'a Message) -> Line<'a> {
    match message {
        Message::User { text, attachments } => Line::User {
            content: person(call, text, attachments),
        },
        Message::Assistant { content, .. } => assistant(call, content),
        Message::Tool {
            call_id,
            text,
            is_error,
            ..
        } => Line::Tool {
            tool_call_id: call.ids.wire(call_id),
            content: result_text(text, *is_error),
        },
    }
}

fn person<'a>(call: &Call<'_>, text: &'a str, attachments: &'a [Attachment]) -> Said<'a> {
    if attachments.is_empty() {
        return Said::Text(Cow::Borrowed(text));
    }
    let text = (!text.is_empty()).then_some(Part::Text {
        text: Cow::Borrowed(text),
    });
    let shown = attachments.iter().map(|attachment| {
        let url = data_url(attachment);
        match (attachment.media.is_image(), call.dialect.pdfs) {
            (true, _) => Part::ImageUrl {
                image_url: ImageUrl { url },
            },
            (false, PdfForm::DocumentUrl) => Part::DocumentUrl { document_url: url },
            (false, PdfForm::File | PdfForm::Never) => Part::File {
                file: File {
                    filename: &attachment.name,
                    file_data: url,
                },
            },
        }
    });
    Said::Parts(text.into_iter().chain(shown).collect())
}

fn assistant<'a>(call: &'a Call<'a>, content: &'a [Content]) -> Line<'a> {
    let mut text = String::new();
    let mut tool_calls = Vec::new();
    for part in content {
        match part {
            Content::Text { text: piece } => text.push_str(piece),
            Content::ToolCall(one) => tool_calls.push(called(call, one)),
            // Below, for whoever wants it back; some servers refuse it.
            Content::Reasoning { .. } => {}
        }
    }
    let silent = text.is_empty() && !tool_calls.is_empty();
    let back = call.dialect.thoughts_back;
    let thoughts = |wanted| {
        let text = (back == wanted).then(|| own_text(call, content));
        text.filter(|text| call.dialect.thoughts_always || !text.is_empty())
    };
    let said = match thoughts(ThoughtsBack::Content) {
        Some(thoughts) => Some(Said::Parts(thought(thoughts, text))),
        None => (!silent).then_some(Said::Text(Cow::Owned(text))),
    };
    Line::Assistant {
        content: said,
        reasoning_content: thoughts(ThoughtsBack::ReasoningContent),
        reasoning: thoughts(ThoughtsBack::Reasoning),
        reasoning_details: match back {
            ThoughtsBack::ReasoningDetails => own_details(call, content),
            _ => Vec::new(),
        },
        tool_calls,
    }
}

/// Reasoning, and what was said after it.
fn thought<'a>(thoughts: String, text: String) -> Vec<Part<'a>> {
    let part = |text| Part::Text {
        text: Cow::Owned(text),
    };
    let mut parts = vec![Part::Thinking {
        thinking: vec![part(thoughts)],
        closed: true,
    }];
    if !text.is_empty() {
        parts.push(part(text));
    }
    parts
}

fn called<'a>(call: &'a Call<'a>, one: &'a ToolCall) -> Called<'a> {
    Called {
        id: call.ids.wire(&one.call_id),
        r#type: "function",
        function: CalledFunction {
            name: call.attempt.names.wire(&one.tool),
            arguments: raw_arguments(one),
        },
    }
}
