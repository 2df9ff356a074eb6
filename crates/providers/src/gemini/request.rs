//! A request as Gemini takes it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::model::{ReasoningEffort, ToolChoice};
use slipway_contract::tool::ToolDefinition;

use super::contents;
use super::part::Content;
use super::schema;
use crate::attempt::Attempt;
use crate::attempt::schema::Output;
use crate::catalog::ModelFacts;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tools<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_config: Option<ToolConfig<'a>>,
    generation_config: GenerationConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tools<'a> {
    function_declarations: Vec<Function<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Function<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    /// None where there are no parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters_json_schema: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolConfig<'a> {
    function_calling_config: FunctionCalling<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FunctionCalling<'a> {
    mode: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_function_names: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<ThinkingConfig>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ThinkingConfig {
    /// Summaries of the thoughts come with the answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    include_thoughts: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_level: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_budget: Option<u32>,
}

pub(super) fn body<'a>(attempt: &'a Attempt<'_>) -> Result<Body<'a>, ModelError> {
    let request = attempt.request;
    let facts = attempt.endpoint.facts.as_ref();
    let schema_with_tools = facts.is_some_and(|facts| facts.schema_with_tools);
    let (output, schema) = held(Output::of(request, schema_with_tools));
    let functions: Vec<Function<'a>> = request
        .tools
        .iter()
        .map(|tool| function(tool, attempt))
        .collect::<Result<_, _>>()?;
    Ok(Body {
        system_instruction: contents::system(output.instructions(&request.instructions)),
        contents: contents::contents(attempt, wants_signatures(facts))?,
        tool_config: tool_config(attempt).filter(|_| !functions.is_empty()),
        tools: match functions.is_empty() {
            true => Vec::new(),
            false => vec![Tools {
                function_declarations: functions,
            }],
        },
        generation_config: GenerationConfig {
            temperature: request
                .temperature
                .filter(|_| facts.is_none_or(ModelFacts::takes_temperature)),
            max_output_tokens: request.max_output_tokens,
            response_mime_type: schema.is_some().then_some("application/json"),
            response_json_schema: schema,
            thinking_config: thinking(facts, request.reasoning, request.max_output_tokens),
        },
    })
}

/// The schema of the answer in its own place, where it can be said there; else it is told in the
/// instructions.
fn held(output: Output<'_>) -> (Output<'_>, Option<Value>) {
    let Output::Format(format) = &output else {
        return (output, None);
    };
    match schema::translated(format.schema) {
        Ok(schema) => (output, Some(schema)),
        Err(_) => (Output::Told(format.schema), None),
    }
}

fn function<'a>(
    tool: &'a ToolDefinition,
    attempt: &'a Attempt<'_>,
) -> Result<Function<'a>, ModelError> {
    let parameters = schema::parameters(&tool.schema).map_err(|refused| {
        attempt.exchange.reporter.error(
            ModelErrorKind::Unsupported,
            format_args!(
                "The tool {} cannot be given to {}: its schema holds {refused}, which Google Gemini does not take. Leave the tool out, or choose another model.",
                tool.name, attempt.exchange.reporter.model
            ),
        )
    })?;
    Ok(Function {
        name: attempt.names.wire(&tool.name),
        description: &tool.description,
        parameters_json_schema: parameters,
    })
}

/// None leaves it to the model, as it is without.
fn tool_config<'a>(attempt: &'a Attempt<'_>) -> Option<ToolConfig<'a>> {
    let (mode, allowed_function_names) = match &attempt.request.tool_choice {
        ToolChoice::Auto => return None,
        ToolChoice::None => ("NONE", Vec::new()),
        ToolChoice::Required => ("ANY", Vec::new()),
        ToolChoice::Tool(name) => ("ANY", vec![attempt.names.wire(name)]),
    };
    Some(ToolConfig {
        function_calling_config: FunctionCalling {
            mode,
            allowed_function_names,
        },
    })
}

/// What is told of thinking. A model that is not listed is taken for one of the newest when it is
/// told how much to think, and else not asked for thoughts, which it may not have.
fn thinking(
    facts: Option<&ModelFacts>,
    effort: Option<ReasoningEffort>,
    limit: Option<u32>,
) -> Option<ThinkingConfig> {
    let of = |include_thoughts, thinking_level, thinking_budget| {
        Some(ThinkingConfig {
            include_thoughts,
            thinking_level,
            thinking_budget,
        })
    };
    let thinking = facts.map(|facts| facts.thinking.as_ref());
    match (thinking, effort) {
        (Some(Some(thinking)), Some(effort)) => {
            let level = thinking.level(effort);
            let level = level.map(|level| level.as_str().to_ascii_uppercase());
            let budget = thinking.budget(effort, limit);
            of(budget != Some(0), level, budget)
        }
        (Some(Some(thinking)), None) if thinking.when_told => None,
        (Some(Some(_)), None) => of(true, None, None),
        (None, Some(effort)) => {
            let level = match effort {
                ReasoningEffort::Off | ReasoningEffort::Low => "LOW",
                ReasoningEffort::Medium => "MEDIUM",
                ReasoningEffort::High => "HIGH",
            };
            of(true, Some(level.to_owned()), None)
        }
        (Some(None), _) | (None, None) => None,
    }
}

/// Whether a call without a signature is refused: by every model since those that count their
/// thoughts in tokens.
fn wants_signatures(facts: Option<&ModelFacts>) -> bool {
    let thinking = facts.map(|facts| facts.thinking.as_ref());
    thinking.is_none_or(|thinking| thinking.is_some_and(|thinking| thinking.budget.is_none()))
}
