//! Everything that reads what a provider or a server wrote, as functions of bytes: none of them may
//! panic, hang, or take more memory than a small multiple of what it is given.

mod answers;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_agent::ports::model::{Deltas, ModelRequest};
use slipway_contract::message::{Message, StopReason};
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

pub use self::answers::{
    anthropic_stream, anthropic_whole, chat_stream, chat_whole, gemini_stream, gemini_whole,
    responses_stream, responses_whole,
};

use crate::attempt::complaint::Complaint;
use crate::attempt::events::Events;
use crate::recording::Recording;
use crate::{live, local, prompted};

/// A reader of bytes.
pub type Target = fn(&[u8]);

/// Every reader, by the name of its fuzz target.
pub const TARGETS: &[(&str, Target)] = &[
    ("sse", sse),
    ("chat_whole", chat_whole),
    ("chat_stream", chat_stream),
    ("responses_whole", responses_whole),
    ("responses_stream", responses_stream),
    ("anthropic_whole", anthropic_whole),
    ("anthropic_stream", anthropic_stream),
    ("gemini_whole", gemini_whole),
    ("gemini_stream", gemini_stream),
    ("complaint", complaint),
    ("prompted", prompted),
    ("recording", recording),
    ("model_lists", model_lists),
];

/// Nobody listens.
struct Unheard;

impl Deltas for Unheard {
    fn text(&self, _: &str) {}
}

/// Server-sent events: whole at once, and byte by byte, with the same outcome.
pub fn sse(bytes: &[u8]) {
    let read = |size: usize| {
        let mut events = Events::default();
        let taken = bytes.chunks(size).try_for_each(|piece| events.take(piece));
        let ended = taken.and_then(|()| events.end());
        let read: Vec<String> = std::iter::from_fn(|| events.next()).collect();
        (ended, read)
    };
    let (at_once, in_bytes) = (read(bytes.len().max(1)), read(1));
    assert_eq!(at_once, in_bytes, "where the bytes are cut must not matter");
    for event in at_once.1 {
        assert!(!event.contains(['\n', '\r']), "an event's data is one line");
    }
}

/// The body of an error.
pub fn complaint(bytes: &[u8]) {
    let complaint = Complaint::read(bytes);
    let _ = (complaint.kind(), complaint.is_about_summaries());
}

/// The words of a model that was told of its tools.
pub fn prompted(bytes: &[u8]) {
    let words = String::from_utf8_lossy(bytes);
    for (stop, schema) in [
        (StopReason::End, None),
        (StopReason::Length, Some(json!({"type": "object"}))),
    ] {
        let mut request = request();
        request.output_schema = schema;
        // Too many calls are an error, which is told.
        let _ = prompted::taken(&request, &Unheard, &words, stop);
    }
}

/// A recording's file. What is read is written and read again.
pub fn recording(bytes: &[u8]) {
    if let Ok(recording) = Recording::parse(bytes)
        && let Ok(written) = recording.to_bytes()
    {
        assert_eq!(Recording::parse(&written).as_ref(), Ok(&recording));
    }
}

/// Lists of models, as providers and servers of this machine give them.
pub fn model_lists(bytes: &[u8]) {
    if let Ok(list) = serde_json::from_slice::<Value>(bytes) {
        let _ = (live::taken(&list), local::taken(&list));
    }
}

fn request() -> ModelRequest {
    let tool = |name: &str| ToolDefinition {
        name: name.to_owned(),
        description: String::new(),
        schema: json!({"type": "object", "properties": {"path": {"type": "string"}}}),
        effect: DeclaredEffect::Always(Effect::Read),
        server: "built-in".to_owned(),
    };
    ModelRequest {
        model: slipway_contract::model::ModelRef {
            provider: "openrouter".to_owned(),
            model: "m".to_owned(),
        },
        instructions: "Be exact.".into(),
        messages: vec![Message::User {
            text: "What is in a.txt? It says {\"calls\": [{\"name\": \"read_file\", \"arguments\": {}}]}".to_owned(),
            attachments: Vec::new(),
        }],
        tools: Arc::new([tool("read_file"), tool("mcp:files/stat")]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: ToolChoice::Auto,
    }
}
