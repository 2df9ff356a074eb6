//! An answer as Chat Completions gives it: whole, or in chunks of the same form.

use serde::Deserialize;
use serde_json::Value;
use slipway_agent::ports::model::{ModelError, ModelResponse};
use slipway_contract::Usd;
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::thoughts::{Details, marked};
use crate::attempt::answer::{Assembly, Call};
use crate::attempt::complaint::Complaint;
use crate::attempt::exchange::Exchange;
use crate::openai;
use crate::openai::usage::{CHAT, cost, tokens};

/// A chunk, or a whole answer. Everything may be missing: servers differ.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Value,
    /// Where Groq's streams tell their usage.
    #[serde(default)]
    x_groq: Value,
    #[serde(default)]
    error: Value,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: Value,
    #[serde(default)]
    delta: Option<Said>,
    #[serde(default)]
    message: Option<Said>,
    #[serde(default)]
    finish_reason: Value,
    /// Where OpenRouter tells what became of a call in its middle.
    #[serde(default)]
    error: Value,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    content: Value,
    #[serde(default)]
    refusal: Value,
    /// As DeepSeek, vLLM and llama.cpp call it.
    #[serde(default)]
    reasoning_content: Value,
    /// As OpenRouter and Ollama call it.
    #[serde(default)]
    reasoning: Value,
    /// What OpenRouter wants back unchanged.
    #[serde(default)]
    reasoning_details: Value,
    #[serde(default)]
    tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Deserialize)]
struct CallPiece {
    #[serde(default)]
    index: Value,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    function: Option<FunctionPiece>,
}

#[derive(Deserialize)]
struct FunctionPiece {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    arguments: Value,
}

/// An answer as its pieces come in.
pub(super) struct Answer<'a> {
    call: &'a openai::Call<'a>,
    details: Details,
    exchange: &'a Exchange,
    assembly: Assembly<'a>,
    stop: Option<StopReason>,
    usage: Option<Tokens>,
    cost: Option<Usd>,
    id: Option<String>,
    chosen: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn new(call: &'a openai::Call<'a>) -> Self {
        Self {
            call,
            details: Details::default(),
            exchange: &call.attempt.exchange,
            assembly: call.attempt.assembly(),
            stop: None,
            usage: None,
            cost: None,
            id: None,
            chosen: false,
        }
    }

    /// Whether the model has said why it stopped.
    pub(super) const fn is_finished(&self) -> bool {
        self.stop.is_some()
    }

    /// Whether its tokens were told.
    pub(super) const fn is_counted(&self) -> bool {
        self.usage.is_some()
    }

    /// Takes a chunk or a whole answer in.
    pub(super) fn take(&mut self, json: &str) -> Result<(), ModelError> {
        let chunk: Chunk = serde_json::from_str(json)
            .map_err(|error| self.exchange.reporter.unreadable(error, json))?;
        if !chunk.error.is_null() {
            return Err(self.exchange.reporter.event(&Complaint::of(&chunk.error)));
        }
        if self.id.is_none() {
            self.id = chunk.id.as_str().map(str::to_owned);
        }
        let elsewhere = chunk.x_groq.get("usage").unwrap_or(&Value::Null);
        let usage = tokens(&chunk.usage, &CHAT).or_else(|| tokens(elsewhere, &CHAT));
        self.usage = usage.or(self.usage);
        if self.call.dialect.tells_cost {
            self.cost = cost(&chunk.usage).or(self.cost);
        }
        for choice in chunk.choices.unwrap_or_default() {
            // One answer was asked for.
            if choice.index.as_u64().unwrap_or(0) == 0 {
                self.chosen = true;
                self.choice(choice)?;
            }
        }
        Ok(())
    }

    fn choice(&mut self, choice: Choice) -> Result<(), ModelError> {
        if !choice.error.is_null() {
            return Err(self.exchange.reporter.event(&Complaint::of(&choice.error)));
        }
        if let Some(said) = choice.delta.or(choice.message) {
            let reasoning = [&said.reasoning_content, &said.reasoning];
            if let Some(piece) = reasoning.into_iter().find_map(Value::as_str) {
                self.assembly.reasoning(piece)?;
            }
            if let Value::Array(pieces) = said.reasoning_details {
                let bytes = pieces.iter().map(|piece| piece.to_string().len()).sum();
                self.assembly.passing(bytes)?;
                self.details.take(pieces);
            }
            self.content(&said.content)?;
            if let Some(piece) = said.refusal.as_str() {
                self.assembly.refusal(piece)?;
            }
            for piece in said.tool_calls.unwrap_or_default() {
                self.call(piece)?;
            }
        }
        if let Some(word) = choice
            .finish_reason
            .as_str()
            .filter(|word| !word.is_empty())
        {
            self.stop = Some(stop_reason(word));
        }
        Ok(())
    }

    fn content(&mut self, content: &Value) -> Result<(), ModelError> {
        match content {
            Value::String(piece) => self.assembly.text(piece),
            Value::Array(parts) => parts.iter().try_for_each(|part| {
                let field = |name: &str| part.get(name).and_then(Value::as_str);
                self.thinking(part.get("thinking"))?;
                self.assembly.text(field("text").unwrap_or_default())?;
                self.assembly.refusal(field("refusal").unwrap_or_default())
            }),
            _ => Ok(()),
        }
    }

    /// Mistral's reasoning: parts of text, or a text.
    fn thinking(&mut self, thinking: Option<&Value>) -> Result<(), ModelError> {
        match thinking {
            Some(Value::String(piece)) => self.assembly.reasoning(piece),
            Some(Value::Array(parts)) => parts.iter().try_for_each(|part| {
                let piece = part.get("text").and_then(Value::as_str);
                self.assembly.reasoning(piece.unwrap_or_default())
            }),
            _ => Ok(()),
        }
    }

    fn call(&mut self, piece: CallPiece) -> Result<(), ModelError> {
        let index = piece.index.as_u64();
        let id = piece.id.as_str().unwrap_or_default();
        let function = piece.function.unwrap_or(FunctionPiece {
            name: Value::Null,
            arguments: Value::Null,
        });
        let name = function.name.as_str().unwrap_or_default();
        let arguments = match function.arguments {
            Value::String(text) => text,
            Value::Null => String::new(),
            // Some servers give the arguments as they are.
            other => other.to_string(),
        };
        let begun = match index {
            // Some servers count every call as the first; another id tells them apart.
            Some(_) => self.assembly.call(|call| {
                call.index == index && (id.is_empty() || call.id.is_empty() || call.id == id)
            }),
            None if name.is_empty() && (id.is_empty()) => self.assembly.call(|_| true),
            None if name.is_empty() => self.assembly.call(|call| call.id == id),
            None => None,
        };
        let Some(call) = begun else {
            return self.assembly.begin_call(Call {
                index,
                id: id.to_owned(),
                name: name.to_owned(),
                arguments,
            });
        };
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        // Some servers repeat the name with every piece.
        if call.name.is_empty() {
            name.clone_into(&mut call.name);
        }
        call.arguments.push_str(&arguments);
        let grown = arguments.len();
        self.assembly.grow(grown)
    }

    /// The whole answer, when it is whole.
    pub(super) fn finish(self) -> Result<ModelResponse, ModelError> {
        let stop = match self.stop {
            Some(stop) => stop,
            None if self.exchange.streams && !self.exchange.is_done() => {
                return Err(self.exchange.reporter.cut());
            }
            None if !self.chosen && !self.exchange.streams => {
                return Err(self.exchange.reporter.unreadable("it holds no choices", ""));
            }
            // It ended as agreed, without saying why.
            None => StopReason::End,
        };
        let mut answer = self.assembly.finish(stop, self.usage, self.id);
        answer.cost_usd = self.cost;
        Ok(marked(self.call, self.details, answer))
    }
}

fn stop_reason(word: &str) -> StopReason {
    match word {
        "stop" => StopReason::End,
        "tool_calls" | "function_call" => StopReason::ToolCalls,
        // Mistral tells the answer's limit from the window's.
        "length" | "model_length" => StopReason::Length,
        "content_filter" => StopReason::Filtered,
        other => StopReason::Unknown(other.chars().take(100).collect()),
    }
}
