//! A request as Chat Completions takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelError;
use slipway_contract::tool::ToolDefinition;

use super::messages::{Line, line};
use crate::attempt::names::ToolNames;
use crate::attempt::schema::{Format, Output, parameters};
use crate::openai::tool_choice::{Said, chosen};
use crate::openai::{Call, attachments, cache_key};
use crate::registry::{Effort, EffortField, LimitField, OutputForm};

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<Effort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<String>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
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
#[serde(untagged)]
enum Choice<'a> {
    Word(&'static str),
    Tool {
        r#type: &'static str,
        function: Named<'a>,
    },
}

#[derive(Serialize)]
struct Named<'a> {
    name: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat<'a> {
    JsonSchema { json_schema: Format<'a> },
    JsonObject,
}

#[derive(Serialize)]
struct Reasoning {
    effort: Effort,
}

#[derive(Serialize)]
struct Thinking {
    r#type: &'static str,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
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
    let streams = attempt.exchange.streams;
    let chosen = chosen(call)?;
    let held = dialect.schema_with_tools || request.tools.is_empty();
    let output = match dialect.output {
        OutputForm::JsonSchema => Output::of(request, dialect.schema_with_tools),
        OutputForm::JsonObject | OutputForm::Told => Output::told(request),
    };
    let mut messages = vec![Line::System {
        content: output.instructions(&request.instructions),
    }];
    messages.extend(request.messages.iter().map(|message| line(call, message)));
    let renamed = match dialect.limit {
        LimitField::ByModel => reasons,
        LimitField::MaxTokens => false,
        LimitField::MaxCompletionTokens => true,
    };
    let in_field = |field| call.effort.filter(|_| dialect.effort == field);
    let thinking = in_field(EffortField::Thinking);
    Ok(Body {
        model: attempt.model(),
        messages,
        tools: chosen
            .tools
            .iter()
            .map(|one| tool(one, &attempt.names))
            .collect(),
        tool_choice: chosen.said.map(|said| match said {
            Said::Word(word) => Choice::Word(word),
            Said::Tool(name) => Choice::Tool {
                r#type: "function",
                function: Named { name },
            },
        }),
        response_format: match output {
            Output::Format(json_schema) => Some(ResponseFormat::JsonSchema { json_schema }),
            Output::Told(schema)
                if held && dialect.output == OutputForm::JsonObject && is_object(schema) =>
            {
                Some(ResponseFormat::JsonObject)
            }
            Output::Free | Output::Told(_) => None,
        },
        reasoning_effort: in_field(EffortField::ReasoningEffort)
            .or(thinking.filter(|effort| *effort != Effort::None)),
        reasoning: in_field(EffortField::Reasoning).map(|effort| Reasoning { effort }),
        thinking: thinking.map(|effort| Thinking {
            r#type: match effort {
                Effort::None => "disabled",
                _ => "enabled",
            },
        }),
        temperature: call.temperature(),
        max_tokens: request.max_output_tokens.filter(|_| !renamed),
        max_completion_tokens: request.max_output_tokens.filter(|_| renamed),
        prompt_cache_key: dialect.cache_key.then(|| cache_key::of(request)),
        stream: streams,
        stream_options: (streams && dialect.usage_on_request).then_some(StreamOptions {
            include_usage: true,
        }),
    })
}

fn is_object(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
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
