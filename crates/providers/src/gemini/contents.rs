//! A conversation as Gemini takes it: contents of users and models by turns.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Value, json};
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::message::{self, Attachment, Media, Message, ToolCall};

use super::part::{Content, Data, FunctionCall, FunctionResponse, InlineData, Outcome, Part, Role};
use super::signature;
use crate::attempt::Attempt;
use crate::attempt::answer::generated_id;

/// The instructions.
pub(super) fn system(text: Cow<'_, str>) -> Option<Content<'_>> {
    (!text.is_empty()).then(|| Content {
        role: None,
        parts: vec![Part::of(Data::Text(text))],
    })
}

/// The conversation. `wants_signatures` says whether the model refuses calls without.
pub(super) fn contents<'a>(
    attempt: &'a Attempt<'_>,
    wants_signatures: bool,
) -> Result<Vec<Content<'a>>, ModelError> {
    let mut writer = Writer {
        attempt,
        wants_signatures,
        answers: 0,
        made_up: HashSet::new(),
        contents: Vec::new(),
    };
    for message in &attempt.request.messages {
        writer.message(message)?;
    }
    if writer.contents.is_empty() {
        // A part of the conversation is wanted, and an empty one is none.
        writer.add(Role::User, vec![Part::text(" ")]);
    }
    Ok(writer.contents)
}

struct Writer<'a, 'b> {
    attempt: &'a Attempt<'b>,
    wants_signatures: bool,
    /// Answers of the model so far.
    answers: usize,
    /// Ids of calls that came without one.
    made_up: HashSet<&'a str>,
    contents: Vec<Content<'a>>,
}

impl<'a> Writer<'a, '_> {
    fn message(&mut self, message: &'a Message) -> Result<(), ModelError> {
        let names = &self.attempt.names;
        match message {
            Message::User { text, attachments } => {
                let parts = self.said(text, attachments)?;
                self.add(Role::User, parts);
            }
            Message::Assistant { content, .. } => {
                let parts = self.answered(content);
                self.add(Role::Model, parts);
                self.answers += 1;
            }
            Message::Tool {
                call_id,
                tool,
                text,
                is_error,
                ..
            } => {
                let response = FunctionResponse {
                    id: self.id(&call_id.0),
                    name: names.wire(tool),
                    response: if *is_error {
                        Outcome::Error(text)
                    } else {
                        Outcome::Output(text)
                    },
                };
                let part = Part::of(Data::FunctionResponse(response));
                self.add(Role::User, vec![part]);
            }
        }
        Ok(())
    }

    /// Adds parts to the conversation, in which the roles go by turns.
    fn add(&mut self, role: Role, parts: Vec<Part<'a>>) {
        if parts.is_empty() {
            return;
        }
        match self.contents.last_mut() {
            Some(last) if last.role == Some(role) => last.parts.extend(parts),
            _ => self.contents.push(Content {
                role: Some(role),
                parts,
            }),
        }
    }

    /// The id as the provider knows it; none where it gave none.
    fn id(&self, id: &'a str) -> Option<&'a str> {
        (!self.made_up.contains(id)).then_some(id)
    }

    fn said(
        &self,
        text: &'a str,
        attachments: &'a [Attachment],
    ) -> Result<Vec<Part<'a>>, ModelError> {
        let mut parts = Vec::new();
        for attachment in attachments {
            if attachment.media == Media::Gif {
                return Err(self.attempt.exchange.reporter.error(
                    ModelErrorKind::Unsupported,
                    format_args!(
                        "{} is a GIF image, which Google Gemini does not take. Give it as PNG, JPEG or WebP, or choose another model.",
                        attachment.name
                    ),
                ));
            }
            parts.push(Part::of(Data::InlineData(InlineData {
                mime_type: attachment.media.as_str(),
                data: &attachment.data,
            })));
        }
        if !text.is_empty() {
            parts.push(Part::text(text));
        }
        Ok(parts)
    }

    fn answered(&mut self, content: &'a [message::Content]) -> Vec<Part<'a>> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let origin = self.attempt.origin(signature::PROTOCOL);
        let mut signature = None;
        let mut calls = 0;
        for part in content {
            match part {
                message::Content::Reasoning { text, opaque } => {
                    // A summary is for the reader; what counts is the signature.
                    let Some(own) = signature::of(&origin, opaque.as_ref()) else {
                        continue;
                    };
                    parts.extend(alone(signature.take()));
                    if text.is_empty() {
                        signature = Some(own);
                    } else {
                        parts.push(Part {
                            thought: true,
                            thought_signature: Some(own),
                            ..Part::text(text)
                        });
                    }
                }
                message::Content::Text { text } if text.is_empty() => {}
                message::Content::Text { text } => {
                    parts.push(Part {
                        thought_signature: signature.take(),
                        ..Part::text(text)
                    });
                }
                message::Content::ToolCall(call) => {
                    let foreign =
                        (self.wants_signatures && calls == 0).then_some(signature::NOT_OURS);
                    let data = Data::FunctionCall(self.called(call, calls));
                    parts.push(Part::signed(data, signature.take().or(foreign)));
                    calls += 1;
                }
            }
        }
        parts.extend(alone(signature));
        parts
    }

    fn called(&mut self, call: &'a ToolCall, index: usize) -> FunctionCall<'a> {
        let id = call.call_id.0.as_str();
        if id == generated_id(self.answers, index) {
            self.made_up.insert(id);
        } else {
            self.made_up.remove(id);
        }
        FunctionCall {
            id: self.id(id),
            name: self.attempt.names.wire(&call.tool),
            args: match &call.arguments {
                object @ Value::Object(_) => Cow::Borrowed(object),
                // Only objects are taken; the model shall see what it wrote.
                other => Cow::Owned(json!({"arguments": other})),
            },
        }
    }
}

/// A signature that came with no text and no call: at the end of a stream it has a part of its own.
fn alone(signature: Option<&str>) -> Option<Part<'_>> {
    signature.map(|own| Part::signed(Data::Text(Cow::Borrowed("")), Some(own)))
}
