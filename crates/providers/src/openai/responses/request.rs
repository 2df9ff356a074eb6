//! A request as Responses takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_contract::message::{Content, Message};
use slipway_contract::tool::ToolDefinition;

use crate::attempt::names::ToolNames;
use crate::attempt::schema::{Format, Output, parameters};
use crate::attempt::{Attempt, raw_arguments, result_text};
use crate::openai::Call;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    instructions: Cow<'a, str>,
    input: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextOptions<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    /// The conversation is ours: the provider keeps nothing of it.
    store: bool,
    /// Without `store`, reasoning can be given back only encrypted.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include: &'static [&'static str],
    stream: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item<'a> {
    Message {
        role: &'static str,
        content: &'a str,
    },
    Call {
        r#type: &'static str,
        call_id: &'a str,
        name: Cow<'a, str>,
        arguments: Cow<'a, str>,
    },
    Result {
        r#type: &'static str,
        call_id: &'a str,
        output: Cow<'a, str>,
    },
    /// What the provider gave and wants back unchanged.
    Opaque(&'a Value),
}

#[derive(Serialize)]
struct Tool<'a> {
    r#type: &'static str,
    name: Cow<'a, str>,
    description: &'a str,
    parameters: Cow<'a, Value>,
    /// Said, since it would be taken for true: tools' schemas are any JSON Schema.
    strict: bool,
}

#[derive(Serialize)]
struct TextOptions<'a> {
    format: TypedFormat<'a>,
}

#[derive(Serialize)]
struct TypedFormat<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    format: Format<'a>,
}

pub(super) fn body<'a>(call: &Call<'a>) -> Body<'a> {
    let Call {
        attempt,
        dialect,
        reasons,
        ..
    } = *call;
    let Attempt { request, names, .. } = attempt;
    let streams = attempt.exchange.streams;
    let output = Output::of(request, dialect.schema_with_tools);
    Body {
        model: attempt.model(),
        instructions: output.instructions(&request.instructions),
        input: request
            .messages
            .iter()
            .flat_map(|message| items(message, names))
            .collect(),
        tools: request.tools.iter().map(|one| tool(one, names)).collect(),
        text: match output {
            Output::Format(format) => Some(TextOptions {
                format: TypedFormat {
                    r#type: "json_schema",
                    format,
                },
            }),
            Output::Free | Output::Told(_) => None,
        },
        temperature: request.temperature.filter(|_| !reasons),
        max_output_tokens: request.max_output_tokens,
        store: false,
        include: if reasons {
            &["reasoning.encrypted_content"]
        } else {
            &[]
        },
        stream: streams,
    }
}

fn items<'a>(message: &'a Message, names: &'a ToolNames) -> Vec<Item<'a>> {
    match message {
        Message::User { text, .. } => vec![Item::Message {
            role: "user",
            content: text,
        }],
        Message::Assistant { content, .. } => assistant(content, names),
        Message::Tool {
            call_id,
            text,
            is_error,
            ..
        } => vec![Item::Result {
            r#type: "function_call_output",
            call_id: &call_id.0,
            output: result_text(text, *is_error),
        }],
    }
}

fn assistant<'a>(content: &'a [Content], names: &'a ToolNames) -> Vec<Item<'a>> {
    // Reasoning without what it led to is refused: a cut answer may end in it.
    let led_to = content
        .iter()
        .rposition(|part| !matches!(part, Content::Reasoning { .. }))
        .map_or(0, |last| last + 1);
    content[..led_to]
        .iter()
        .filter_map(|part| match part {
            Content::Text { text } => Some(Item::Message {
                role: "assistant",
                content: text,
            }),
            Content::Reasoning { opaque, .. } => opaque
                .as_ref()
                .filter(|item| item.get("type").is_some_and(|kind| kind == "reasoning"))
                .map(Item::Opaque),
            Content::ToolCall(call) => Some(Item::Call {
                r#type: "function_call",
                call_id: &call.call_id.0,
                name: names.wire(&call.tool),
                arguments: raw_arguments(call),
            }),
        })
        .collect()
}

fn tool<'a>(tool: &'a ToolDefinition, names: &'a ToolNames) -> Tool<'a> {
    Tool {
        r#type: "function",
        name: names.wire(&tool.name),
        description: &tool.description,
        parameters: parameters(&tool.schema),
        strict: false,
    }
}
