//! A request as Chat Completions takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_contract::message::{Content, Message, ToolCall};
use slipway_contract::tool::ToolDefinition;

use crate::attempt::names::ToolNames;
use crate::attempt::schema::{Format, Output, parameters};
use crate::attempt::{Attempt, raw_arguments, result_text};
use crate::openai::Call;
use crate::registry::LimitField;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
enum Line<'a> {
    System {
        content: Cow<'a, str>,
    },
    User {
        content: &'a str,
    },
    Assistant {
        content: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Called<'a>>,
    },
    Tool {
        tool_call_id: &'a str,
        content: Cow<'a, str>,
    },
}

#[derive(Serialize)]
struct Called<'a> {
    id: &'a str,
    r#type: &'static str,
    function: CalledFunction<'a>,
}

#[derive(Serialize)]
struct CalledFunction<'a> {
    name: Cow<'a, str>,
    arguments: Cow<'a, str>,
}

#[derive(Serialize)]
struct Tool<'a> {
    r#type: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: Cow<'a, str>,
    description: &'a str,
    parameters: Cow<'a, Value>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: Format<'a>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
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
    let mut messages = vec![Line::System {
        content: output.instructions(&request.instructions),
    }];
    messages.extend(request.messages.iter().map(|message| line(message, names)));
    let renamed = dialect.limit == LimitField::MaxCompletionTokens || reasons;
    Body {
        model: attempt.model(),
        messages,
        tools: request.tools.iter().map(|one| tool(one, names)).collect(),
        response_format: match output {
            Output::Format(json_schema) => Some(ResponseFormat {
                r#type: "json_schema",
                json_schema,
            }),
            Output::Free | Output::Told(_) => None,
        },
        temperature: request.temperature.filter(|_| !reasons),
        max_tokens: request.max_output_tokens.filter(|_| !renamed),
        max_completion_tokens: request.max_output_tokens.filter(|_| renamed),
        stream: streams,
        stream_options: streams.then_some(StreamOptions {
            include_usage: true,
        }),
    }
}

fn line<'a>(message: &'a Message, names: &'a ToolNames) -> Line<'a> {
    match message {
        Message::User { text, .. } => Line::User { content: text },
        Message::Assistant { content, .. } => assistant(content, names),
        Message::Tool {
            call_id,
            text,
            is_error,
            ..
        } => Line::Tool {
            tool_call_id: &call_id.0,
            content: result_text(text, *is_error),
        },
    }
}

fn assistant<'a>(content: &'a [Content], names: &'a ToolNames) -> Line<'a> {
    let mut text = String::new();
    let mut tool_calls = Vec::new();
    for part in content {
        match part {
            Content::Text { text: piece } => text.push_str(piece),
            Content::ToolCall(call) => tool_calls.push(called(call, names)),
            // Chat Completions knows no place for it, and some servers refuse it.
            Content::Reasoning { .. } => {}
        }
    }
    let silent = text.is_empty() && !tool_calls.is_empty();
    Line::Assistant {
        content: (!silent).then_some(text),
        tool_calls,
    }
}

fn called<'a>(call: &'a ToolCall, names: &'a ToolNames) -> Called<'a> {
    Called {
        id: &call.call_id.0,
        r#type: "function",
        function: CalledFunction {
            name: names.wire(&call.tool),
            arguments: raw_arguments(call),
        },
    }
}

fn tool<'a>(tool: &'a ToolDefinition, names: &'a ToolNames) -> Tool<'a> {
    Tool {
        r#type: "function",
        function: Function {
            name: names.wire(&tool.name),
            description: &tool.description,
            parameters: parameters(&tool.schema),
        },
    }
}
