//! An answer as Gemini gives it: whole, or in chunks of the same form.

use serde::Deserialize;
use serde_json::Value;
use slipway_agent::ports::model::{Deltas, ModelError, ModelResponse};
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::finish::{Finish, blocked};
use super::signature;
use crate::attempt::Attempt;
use crate::attempt::answer::{Assembly, Call};
use crate::attempt::complaint::Complaint;
use crate::attempt::exchange::Exchange;
use crate::attempt::origin::Origin;

/// A chunk, or a whole answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    #[serde(default)]
    candidates: Option<Vec<Candidate>>,
    #[serde(default)]
    prompt_feedback: Value,
    #[serde(default)]
    usage_metadata: Value,
    #[serde(default)]
    response_id: Value,
    #[serde(default)]
    error: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    #[serde(default)]
    index: Value,
    #[serde(default)]
    content: Option<Content>,
    #[serde(default)]
    finish_reason: Value,
    #[serde(default)]
    finish_message: Value,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    parts: Option<Vec<Part>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    #[serde(default)]
    text: Value,
    #[serde(default)]
    thought: Value,
    #[serde(default)]
    thought_signature: Value,
    #[serde(default)]
    function_call: Option<FunctionCall>,
}

#[derive(Deserialize)]
struct FunctionCall {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    args: Value,
}

/// An answer as its chunks come in.
pub(super) struct Answer<'a> {
    exchange: &'a Exchange,
    deltas: &'a dyn Deltas,
    assembly: Assembly<'a>,
    origin: Origin<'a>,
    finish: Option<Finish>,
    usage: Option<Tokens>,
    id: Option<String>,
    chosen: bool,
    calls: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn new(attempt: &'a Attempt<'_>) -> Self {
        Self {
            exchange: &attempt.exchange,
            deltas: attempt.deltas,
            assembly: attempt.assembly(),
            origin: attempt.origin(signature::PROTOCOL),
            finish: None,
            usage: None,
            id: None,
            chosen: false,
            calls: false,
        }
    }

    /// Whether the model has said why it stopped.
    pub(super) const fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Whether its tokens were told.
    pub(super) const fn is_counted(&self) -> bool {
        self.usage.is_some()
    }

    /// Takes a chunk in, a whole answer, or the list of chunks that a stream without SSE is.
    pub(super) fn take(&mut self, json: &str) -> Result<(), ModelError> {
        let unreadable = |error| self.exchange.reporter.unreadable(error, json);
        if json.trim_start().starts_with('[') {
            let chunks: Vec<Chunk> = serde_json::from_str(json).map_err(unreadable)?;
            chunks.into_iter().try_for_each(|chunk| self.chunk(chunk))
        } else {
            let chunk = serde_json::from_str(json).map_err(unreadable)?;
            self.chunk(chunk)
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> Result<(), ModelError> {
        if !chunk.error.is_null() {
            return Err(self.exchange.reporter.event(&Complaint::of(&chunk.error)));
        }
        if let Some(reason) = chunk.prompt_feedback["blockReason"].as_str() {
            let message = chunk.prompt_feedback["blockReasonMessage"].as_str();
            return Err(blocked(
                &self.exchange.reporter,
                reason,
                message.unwrap_or_default(),
            ));
        }
        if self.id.is_none() {
            self.id = chunk.response_id.as_str().map(str::to_owned);
        }
        // Each one counts all that was used so far.
        self.usage = tokens(&chunk.usage_metadata).or(self.usage);
        for candidate in chunk.candidates.unwrap_or_default() {
            // One answer was asked for.
            if candidate.index.as_u64().unwrap_or(0) == 0 {
                self.chosen = true;
                self.candidate(candidate)?;
            }
        }
        Ok(())
    }

    fn candidate(&mut self, candidate: Candidate) -> Result<(), ModelError> {
        let parts = candidate.content.and_then(|content| content.parts);
        for part in parts.unwrap_or_default() {
            self.part(part)?;
        }
        let word = candidate.finish_reason.as_str().unwrap_or_default();
        if !word.is_empty() {
            self.finish = Some(Finish {
                word: word.chars().take(100).collect(),
                message: candidate
                    .finish_message
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
        Ok(())
    }

    fn part(&mut self, part: Part) -> Result<(), ModelError> {
        let text = part.text.as_str().unwrap_or_default();
        let signed = part
            .thought_signature
            .as_str()
            .filter(|own| !own.is_empty());
        let signed = signed.map(|own| signature::kept(&self.origin, own));
        if part.thought == true && part.function_call.is_none() {
            let Some(signed) = signed else {
                return self.assembly.reasoning(text);
            };
            self.assembly.grow(text.len())?;
            if !text.is_empty() {
                self.deltas.reasoning(text);
            }
            return self.assembly.reasoning_item(text.to_owned(), Some(signed));
        }
        let is_signed = signed.is_some();
        if is_signed {
            self.assembly.reasoning_item(String::new(), signed)?;
        }
        if let Some(call) = part.function_call {
            return self.call(&call);
        }
        self.assembly.text(text)?;
        if is_signed && !text.is_empty() {
            // A signature belongs to its part alone.
            self.assembly.part_ends();
        }
        Ok(())
    }

    fn call(&mut self, call: &FunctionCall) -> Result<(), ModelError> {
        self.calls = true;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.assembly.begin_call(Call {
            index: None,
            id: text(&call.id),
            name: text(&call.name),
            arguments: match &call.args {
                Value::Null => String::new(),
                args => args.to_string(),
            },
        })
    }

    /// The whole answer, when it is whole.
    pub(super) fn finish(self) -> Result<ModelResponse, ModelError> {
        let reporter = &self.exchange.reporter;
        let stop = match &self.finish {
            Some(finish) => finish.stop_reason(reporter, self.calls)?,
            None if self.exchange.streams && !self.exchange.is_done() => {
                return Err(reporter.cut());
            }
            None if !self.chosen => return Err(reporter.unreadable("it holds no candidate", "")),
            // It ended as agreed, without saying why.
            None => StopReason::End,
        };
        Ok(self.assembly.finish(stop, self.usage, self.id))
    }
}

/// The tokens that a usage says, or none when it does not say those of the input.
fn tokens(usage: &Value) -> Option<Tokens> {
    let number = |name: &str| usage.get(name).and_then(Value::as_u64);
    let tools = number("toolUsePromptTokenCount").unwrap_or(0);
    let input_tokens = number("promptTokenCount")?.saturating_add(tools);
    let thoughts = number("thoughtsTokenCount");
    let said = number("candidatesTokenCount").unwrap_or(0);
    Some(Tokens {
        input_tokens,
        output_tokens: said.saturating_add(thoughts.unwrap_or(0)),
        cached_tokens: number("cachedContentTokenCount")
            .unwrap_or(0)
            .min(input_tokens),
        cache_write_tokens: None,
        reasoning_tokens: thoughts,
    })
}
