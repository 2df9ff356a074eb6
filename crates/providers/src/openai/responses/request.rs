//! A request as Responses takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelError;
use slipway_contract::message::{Attachment, Content, Message};
use slipway_contract::tool::ToolDefinition;

use super::{ITEM, PROTOCOL};
use crate::attempt::names::ToolNames;
use crate::attempt::schema::{Format, Output, parameters};
use crate::attempt::{raw_arguments, result_text};
use crate::openai::attachments::data_url;
use crate::openai::tool_choice::{Said, chosen};
use crate::openai::{Call, attachments, cache_key};
use crate::registry::Effort;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    instructions: Cow<'a, str>,
    input: Vec<Item<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextOptions<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    /// The conversation is ours: the provider keeps nothing of it.
    store: bool,
    /// Without `store`, reasoning can be given back only encrypted.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<String>,
    stream: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item<'a> {
    Message {
        role: &'static str,
        content: Words<'a>,
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
#[serde(untagged)]
enum Words<'a> {
    Text(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Part<'a> {
    #[serde(rename = "input_text")]
    Text { text: &'a str },
    #[serde(rename = "input_image")]
    Image {
        image_url: String,
        detail: &'static str,
    },
    #[serde(rename = "input_file")]
    File {
        filename: &'a str,
        file_data: String,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Choice<'a> {
    Word(&'static str),
    Tool {
        r#type: &'static str,
        name: Cow<'a, str>,
    },
}

#[derive(Serialize)]
struct Reasoning {
    effort: Effort,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'static str>,
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

/// # Errors
/// It asks for something that this place or this model cannot do.
pub(super) fn body<'a>(call: &'a Call<'a>) -> Result<Body<'a>, ModelError> {
    attachments::check(call)?;
    let Call {
        attempt,
        dialect,
        reasons,
        ..
    } = *call;
    let request = attempt.request;
    let chosen = chosen(call)?;
    let output = Output::of(request, dialect.schema_with_tools);
    Ok(Body {
        model: attempt.model(),
        instructions: output.instructions(&request.instructions),
        input: request
            .messages
            .iter()
            .flat_map(|message| items(call, message))
            .collect(),
        tools: chosen
            .tools
            .iter()
            .map(|one| tool(one, &attempt.names))
            .collect(),
        tool_choice: chosen.said.map(|said| match said {
            Said::Word(word) => Choice::Word(word),
            Said::Tool(name) => Choice::Tool {
                r#type: "function",
                name,
            },
        }),
        text: match output {
            Output::Format(format) => Some(TextOptions {
                format: TypedFormat {
                    r#type: "json_schema",
                    format,
                },
            }),
            Output::Free | Output::Told(_) => None,
        },
        reasoning: call.effort.map(|effort| Reasoning {
            effort,
            summary: (dialect.summaries && effort != Effort::None).then_some("auto"),
        }),
        temperature: call.temperature(),
        max_output_tokens: request.max_output_tokens,
        store: false,
        include: if reasons {
            &["reasoning.encrypted_content"]
        } else {
            &[]
        },
        prompt_cache_key: dialect.cache_key.then(|| cache_key::of(request)),
        stream: attempt.exchange.streams,
    })
}

fn items<'a>(call: &'a Call<'a>, message: &'a Message) -> Vec<Item<'a>> {
    match message {
        Message::User { text, attachments } => vec![Item::Message {
            role: "user",
            content: person(text, attachments),
        }],
        Message::Assistant { content, .. } => assistant(call, content),
        Message::Tool {
            call_id,
            text,
            is_error,
            ..
        } => vec![Item::Result {
            r#type: "function_call_output",
            call_id: call.ids.wire(call_id),
            output: result_text(text, *is_error),
        }],
    }
}

fn person<'a>(text: &'a str, attachments: &'a [Attachment]) -> Words<'a> {
    if attachments.is_empty() {
        return Words::Text(text);
    }
    let text = (!text.is_empty()).then_some(Part::Text { text });
    let shown = attachments.iter().map(|attachment| {
        let url = data_url(attachment);
        if attachment.media.is_image() {
            return Part::Image {
                image_url: url,
                detail: "auto",
            };
        }
        Part::File {
            filename: &attachment.name,
            file_data: url,
        }
    });
    Words::Parts(text.into_iter().chain(shown).collect())
}

fn assistant<'a>(call: &'a Call<'a>, content: &'a [Content]) -> Vec<Item<'a>> {
    let origin = call.attempt.origin(PROTOCOL);
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
                content: Words::Text(text),
            }),
            Content::Reasoning { opaque, .. } => opaque
                .as_ref()
                .and_then(|opaque| origin.own(opaque, ITEM))
                .map(Item::Opaque),
            Content::ToolCall(one) => Some(Item::Call {
                r#type: "function_call",
                call_id: call.ids.wire(&one.call_id),
                name: call.attempt.names.wire(&one.tool),
                arguments: raw_arguments(one),
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
