//! Whether the model may, must or must not call tools, as both protocols say it.

use std::borrow::Cow;

use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::ToolDefinition;

use super::Call;
use crate::registry::MustCall;

/// What is said of it, and the tools that the model is told of.
pub(super) struct Chosen<'a> {
    pub(super) said: Option<Said<'a>>,
    pub(super) tools: Vec<&'a ToolDefinition>,
}

/// What is said of it.
pub(super) enum Said<'a> {
    Word(&'static str),
    /// This tool, by its name on the wire.
    Tool(Cow<'a, str>),
}

/// # Errors
/// A tool has to be called that the model is not given.
pub(super) fn chosen<'a>(call: &Call<'a>) -> Result<Chosen<'a>, ModelError> {
    let request = call.attempt.request;
    let all = request.tools.iter().collect();
    let must = match call.dialect.must_call {
        MustCall::Required => "required",
        MustCall::Any => "any",
    };
    let said = match &request.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some(Said::Word("none")),
        ToolChoice::Required => Some(Said::Word(must)),
        ToolChoice::Tool(name) => {
            let Some(tool) = request.tools.iter().find(|tool| tool.name == *name) else {
                return Err(call.attempt.exchange.reporter.error(
                    ModelErrorKind::Unsupported,
                    format_args!("The model is told to call {name:?}, which is none of its tools. Name one of them."),
                ));
            };
            if call.dialect.must_call == MustCall::Any {
                return Ok(Chosen {
                    said: Some(Said::Word(must)),
                    tools: vec![tool],
                });
            }
            Some(Said::Tool(call.attempt.names.wire(name)))
        }
    };
    Ok(Chosen {
        // Without tools there is nothing to choose, and saying so is refused.
        said: said.filter(|_| !request.tools.is_empty()),
        tools: all,
    })
}
