//! A conversation with tools, in words: calls and results as messages of text.

use serde_json::{Map, Value, json};
use slipway_contract::message::{Attachment, Content, Message};

use crate::attempt::raw_arguments;

/// The messages, in which person and model speak in turn, as many templates require.
pub(super) fn in_words(messages: &[Message], is_held: bool) -> Vec<Message> {
    let mut turns = Turns::default();
    for message in messages {
        match message {
            Message::User { text, attachments } => turns.person(text, attachments),
            Message::Assistant { step, content } => {
                turns.close();
                let text = answered(content, is_held);
                turns.messages.push(Message::Assistant {
                    step: *step,
                    content: vec![Content::Text { text }],
                });
            }
            Message::Tool {
                tool,
                text,
                is_error,
                ..
            } => turns.results.push(result(tool, text, *is_error)),
        }
    }
    turns.close();
    turns.messages
}

#[derive(Default)]
struct Turns {
    messages: Vec<Message>,
    /// Results that no message holds yet.
    results: Vec<Value>,
}

impl Turns {
    fn person(&mut self, said: &str, with: &[Attachment]) {
        let text = match self.take_results() {
            Some(results) => format!("{results}\n\n{said}"),
            None => said.to_owned(),
        };
        self.messages.push(Message::User {
            text,
            attachments: with.to_vec(),
        });
    }

    fn close(&mut self) {
        if let Some(text) = self.take_results() {
            self.messages.push(Message::User {
                text,
                attachments: Vec::new(),
            });
        }
    }

    fn take_results(&mut self) -> Option<String> {
        let results = std::mem::take(&mut self.results);
        (!results.is_empty()).then(|| inert(&json!({"results": results})))
    }
}

/// A result, whose text is a JSON string and so cannot end where it does not.
fn result(tool: &str, text: &str, is_error: bool) -> Value {
    let field = if is_error { "error" } else { "output" };
    json!({"name": tool, field: text})
}

/// JSON in which no words of a template's own stand, such as `<|im_start|>` or `[INST]`: a server
/// would take them for the beginning of somebody else's turn.
pub(super) fn inert(json: &Value) -> String {
    let text = json.to_string();
    let mut inert = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let mut ahead = rest.clone();
        let mut is_mark = || {
            let next = ahead.next();
            let next = if next == Some('/') {
                ahead.next()
            } else {
                next
            };
            next.is_some_and(|next| next.is_ascii_uppercase())
        };
        match c {
            // Outside of strings JSON knows neither.
            '<' => inert.push_str("\\u003c"),
            '[' if is_mark() => inert.push_str("\\u005b"),
            c => inert.push(c),
        }
    }
    inert
}

/// What the model said, in the form in which it was to say it.
fn answered(content: &[Content], is_held: bool) -> String {
    let mut text = String::new();
    let mut calls = Vec::new();
    let mut unreadable = None;
    for part in content {
        match part {
            Content::Text { text: piece } => text.push_str(piece),
            Content::ToolCall(call) if call.malformed.is_some() => {
                unreadable = Some(raw_arguments(call).into_owned());
            }
            Content::ToolCall(call) => {
                calls.push(json!({"name": call.tool, "arguments": call.arguments}));
            }
            // No template gives a model its old thoughts back.
            Content::Reasoning { .. } => {}
        }
    }
    if let Some(raw) = unreadable {
        return joined(&text, &raw);
    }
    if is_held {
        let reply = serde_json::from_str::<Map<String, Value>>(&text);
        let reply = reply.map_or(Value::String(text), Value::Object);
        return json!({"calls": calls, "reply": reply}).to_string();
    }
    match calls.is_empty() {
        true => text,
        false => joined(&text, &json!({"calls": calls}).to_string()),
    }
}

fn joined(text: &str, object: &str) -> String {
    match text.is_empty() {
        true => object.to_owned(),
        false => format!("{text}\n\n{object}"),
    }
}
