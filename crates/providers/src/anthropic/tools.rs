//! Tools as the provider takes them.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::ToolDefinition;

use super::input_schema;
use super::traits::ClaudeTraits;
use crate::attempt::Attempt;

#[derive(Debug, Serialize)]
pub(super) struct Tool<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: Cow<'a, str>,
    input_schema: Cow<'a, Value>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Choice<'a> {
    None,
    Any,
    Tool { name: Cow<'a, str> },
}

impl Choice<'_> {
    /// Whether the model must call a tool.
    pub(super) const fn is_forced(&self) -> bool {
        matches!(self, Self::Any | Self::Tool { .. })
    }
}

/// The tools, with schemas that the provider takes.
pub(super) fn tools<'a>(attempt: &'a Attempt<'_>) -> Result<Vec<Tool<'a>>, ModelError> {
    let tools = attempt.request.tools.iter();
    tools.map(|one| tool(attempt, one)).collect()
}

fn tool<'a>(attempt: &'a Attempt<'_>, tool: &'a ToolDefinition) -> Result<Tool<'a>, ModelError> {
    let taken = input_schema::taken(&tool.schema).map_err(|refused| {
        let reporter = &attempt.exchange.reporter;
        reporter.error(
            ModelErrorKind::Unsupported,
            format_args!(
                "{} does not take the tool {}: {refused}. Change the tool's schema, leave the tool out, or choose another model.",
                reporter.model, tool.name
            ),
        )
    })?;
    let description = match taken.lost {
        None => Cow::Borrowed(tool.description.as_str()),
        Some(lost) => Cow::Owned(format!("{}\n\n{lost}", tool.description).trim().to_owned()),
    };
    Ok(Tool {
        name: attempt.names.wire(&tool.name),
        description,
        input_schema: taken.schema,
    })
}

/// The choice, where there is one to be told.
pub(super) fn choice<'a>(
    attempt: &'a Attempt<'_>,
    traits: &ClaudeTraits,
) -> Result<Option<Choice<'a>>, ModelError> {
    let request = attempt.request;
    let choice = match &request.tool_choice {
        ToolChoice::Auto => return Ok(None),
        ToolChoice::None => Choice::None,
        ToolChoice::Required => Choice::Any,
        ToolChoice::Tool(name) => Choice::Tool {
            name: attempt.names.wire(name),
        },
    };
    if choice.is_forced() && !traits.forced_tools {
        let reporter = &attempt.exchange.reporter;
        return Err(reporter.error(
            ModelErrorKind::Unsupported,
            format_args!(
                "{} cannot be made to call a tool. Let it choose and say in the instructions when to call which, or choose another model.",
                reporter.model
            ),
        ));
    }
    // Without tools the provider refuses any choice.
    Ok(Some(choice).filter(|_| !request.tools.is_empty()))
}
