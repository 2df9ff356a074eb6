//! A request as the provider takes it.

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelError;

use super::blocks::{Block, Part, Turn};
use super::cache::{self, Lengths};
use super::conversation::{Conversation, is_interrupted};
use super::output_schema::enforced;
use super::seal::Seal;
use super::thinking::{Config, PROTOCOL, Plan};
use super::tools::{self, Choice, Tool};
use super::traits::ClaudeTraits;
use crate::attempt::Attempt;
use crate::attempt::schema::Output;

/// The longest answer that is asked for where nobody says how long it may be: what arrives within
/// the time of an attempt, and whole within the time that an idle connection lasts.
const LONGEST_STREAMED: u32 = 64_000;
const LONGEST_WHOLE: u32 = 16_000;

/// The same of a model of which nobody says how much it can answer.
const UNKNOWN: u32 = 8_192;

#[derive(Debug, Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<[Part<'a>; 1]>,
    messages: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Config>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig>,
    stream: bool,
}

#[derive(Debug, Serialize)]
struct OutputConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format {
    JsonSchema { schema: Value },
}

impl Body<'_> {
    /// Whether it sets a temperature.
    pub(super) const fn has_temperature(&self) -> bool {
        self.temperature.is_some()
    }
}

/// The body, and the seal of all that the model reads before it answers.
pub(super) fn body<'a>(
    attempt: &'a Attempt<'_>,
    traits: &ClaudeTraits,
) -> Result<(Body<'a>, String), ModelError> {
    let request = attempt.request;
    let facts = attempt.endpoint.facts.as_ref();
    let takes_temperature = facts.is_none_or(|facts| facts.temperature.unwrap_or(!facts.reasoning));
    let tools = tools::tools(attempt)?;
    let tool_choice = tools::choice(attempt, traits)?;
    let schema = request.output_schema.as_ref();
    let enforces = facts.is_some_and(|facts| facts.structured_output == Some(true));
    let format = schema.filter(|_| enforces).and_then(enforced);
    let output = match schema {
        Some(schema) if format.is_none() => Output::Told(schema),
        _ => Output::Free,
    };
    let system = Block::text(output.instructions(&request.instructions));

    let mut seal = Seal::default();
    seal.take("tools", &tools);
    seal.take("system", &system);
    let head = seal.bytes();
    let conversation =
        Conversation::new(&attempt.names, attempt.origin(PROTOCOL), traits.bound, seal);
    let (mut messages, seal) = conversation.of(&request.messages);

    let mut system = system.map(|block| [Part::from(block)]);
    let lengths = Lengths {
        head,
        whole: seal.bytes(),
        cache_from: traits.cache_from,
    };
    let goes_on = !tools.is_empty() || messages.len() > 1;
    let instructions = system.as_mut().map(|[part]| part);
    cache::mark(instructions, &mut messages, goes_on, &lengths);

    let max_tokens = limit(attempt);
    let forced = tool_choice.as_ref().is_some_and(Choice::is_forced);
    let plan = Plan::new(
        traits,
        request.reasoning,
        forced,
        is_interrupted(&messages),
        max_tokens,
    );
    let config = OutputConfig {
        effort: plan.effort,
        format: format.map(|schema| Format::JsonSchema { schema }),
    };
    let body = Body {
        model: attempt.model(),
        max_tokens,
        system,
        messages,
        tools,
        tool_choice,
        temperature: request
            .temperature
            .filter(|_| takes_temperature && !plan.thinks()),
        thinking: plan.config,
        output_config: (config.effort.is_some() || config.format.is_some()).then_some(config),
        stream: attempt.exchange.streams,
    };
    Ok((body, seal.so_far()))
}

/// The most tokens of the answer, thoughts included; the provider wants it said.
fn limit(attempt: &Attempt<'_>) -> u32 {
    let facts = attempt.endpoint.facts.as_ref();
    let can = facts.map(|facts| facts.max_output);
    let bound = if attempt.exchange.streams {
        LONGEST_STREAMED
    } else {
        LONGEST_WHOLE
    };
    match (attempt.request.max_output_tokens, can) {
        (Some(asked), Some(can)) => asked.min(can),
        (Some(asked), None) => asked,
        (None, Some(can)) => can.min(bound),
        (None, None) => UNKNOWN,
    }
}
