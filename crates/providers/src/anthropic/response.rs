//! An answer: whole, or as the events that lead to one. Both take the same path, block by block.

use serde_json::Value;
use slipway_agent::ports::model::{Deltas, ModelError, ModelResponse};
use slipway_contract::message::{Content, StopReason};

use super::event::{Event, Whole, given};
use super::thinking::{PROTOCOL, Thought};
use super::usage::Usage;
use crate::attempt::Attempt;
use crate::attempt::answer::{Assembly, Call};
use crate::attempt::complaint::Complaint;
use crate::attempt::exchange::Exchange;
use crate::attempt::origin::Origin;

/// An answer as its events come in.
pub(super) struct Answer<'a> {
    exchange: &'a Exchange,
    deltas: &'a dyn Deltas,
    origin: Origin<'a>,
    seal: &'a str,
    assembly: Assembly<'a>,
    /// The thought under way.
    thought: Option<Thought>,
    said_something: bool,
    usage: Usage,
    stop: Option<StopReason>,
    /// The model's last words, where it stops without any.
    explanation: String,
    ended: bool,
    id: Option<String>,
}

impl<'a> Answer<'a> {
    /// An answer to a request that the model reads up to this seal.
    pub(super) fn new(attempt: &'a Attempt<'_>, seal: &'a str) -> Self {
        Self {
            exchange: &attempt.exchange,
            deltas: attempt.deltas,
            origin: attempt.origin(PROTOCOL),
            seal,
            assembly: attempt.assembly(),
            thought: None,
            said_something: false,
            usage: Usage::default(),
            stop: None,
            explanation: String::new(),
            ended: false,
            id: None,
        }
    }

    /// Whether nothing more comes.
    pub(super) const fn is_finished(&self) -> bool {
        self.ended
    }

    /// Whether the model has said why it stopped.
    pub(super) const fn has_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Takes a whole answer in.
    pub(super) fn take_whole(&mut self, json: &str) -> Result<(), ModelError> {
        let whole: Whole = self.read(json)?;
        if whole.content.is_none() && whole.error.is_null() {
            return Err(self
                .exchange
                .reporter
                .unreadable("it holds no content", json));
        }
        self.whole(whole)?;
        self.ended = true;
        // It ended as agreed, without saying why.
        self.stop.get_or_insert(StopReason::End);
        Ok(())
    }

    /// Takes an event in.
    pub(super) fn take(&mut self, json: &str) -> Result<(), ModelError> {
        let event: Event = self.read(json)?;
        match event.r#type.as_str().unwrap_or_default() {
            "error" => Err(self.complaint(&event.error)),
            "" if !event.error.is_null() => Err(self.complaint(&event.error)),
            // What follows the end is no part of the answer.
            _ if self.ended => Ok(()),
            "message_start" => {
                let mut message = event.message.unwrap_or_default();
                // It is told again at the end; until then it is none.
                if let Some(usage) = message.usage.as_object_mut() {
                    usage.shift_remove("output_tokens");
                }
                self.whole(message)
            }
            "content_block_start" => self.begin(event.index.as_u64(), event.content_block),
            "content_block_delta" => self.go_on(event.index.as_u64(), &event.delta),
            "content_block_stop" => self.end_thought(),
            "message_delta" => {
                self.usage.take(&event.usage);
                let field = |name: &str| event.delta.get(name).cloned().unwrap_or_default();
                self.stop(&field("stop_reason"), &field("stop_details"));
                Ok(())
            }
            "message_stop" => {
                self.ended = true;
                Ok(())
            }
            // A server that was asked for a stream and answered whole.
            "message" => self.take_whole(json),
            // Pings, and what later versions may send.
            _ => Ok(()),
        }
    }

    fn read<T: serde::de::DeserializeOwned>(&self, json: &str) -> Result<T, ModelError> {
        serde_json::from_str(json).map_err(|error| self.exchange.reporter.unreadable(error, json))
    }

    fn complaint(&self, error: &Value) -> ModelError {
        self.exchange.reporter.event(&Complaint::of(error))
    }

    fn whole(&mut self, whole: Whole) -> Result<(), ModelError> {
        if !whole.error.is_null() {
            return Err(self.complaint(&whole.error));
        }
        self.id = self
            .id
            .take()
            .or_else(|| whole.id.as_str().map(str::to_owned));
        self.usage.take(&whole.usage);
        for block in whole.content.unwrap_or_default() {
            self.begin(None, block)?;
            self.end_thought()?;
        }
        self.stop(&whole.stop_reason, &whole.stop_details);
        Ok(())
    }

    fn begin(&mut self, index: Option<u64>, block: Value) -> Result<(), ModelError> {
        self.end_thought()?;
        self.assembly.part_ends();
        let field = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
        match field("type") {
            "text" => self.text(field("text")),
            "tool_use" => {
                self.said_something = true;
                self.assembly.begin_call(Call {
                    index,
                    id: field("id").to_owned(),
                    name: field("name").to_owned(),
                    arguments: given(block.get("input")),
                })
            }
            "thinking" | "redacted_thinking" => {
                let (thought, rest) = (
                    field("thinking"),
                    field("data").len() + field("signature").len(),
                );
                self.assembly.grow(thought.len() + rest)?;
                if !thought.is_empty() {
                    self.deltas.reasoning(thought);
                }
                self.thought = Some(Thought::begin(block));
                Ok(())
            }
            other => {
                tracing::debug!(block = other, "a block of a kind that was not asked for");
                Ok(())
            }
        }
    }

    fn go_on(&mut self, index: Option<u64>, delta: &Value) -> Result<(), ModelError> {
        let field = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        match field("type") {
            "text_delta" => self.text(field("text")),
            "input_json_delta" => {
                let piece = field("partial_json");
                self.assembly.grow(piece.len())?;
                if let Some(call) = self.assembly.call(|call| call.index == index) {
                    call.arguments.push_str(piece);
                }
                Ok(())
            }
            "thinking_delta" => {
                let piece = field("thinking");
                if !piece.is_empty() {
                    self.deltas.reasoning(piece);
                }
                self.add("thinking", piece)
            }
            "signature_delta" => self.add("signature", field("signature")),
            _ => Ok(()),
        }
    }

    fn text(&mut self, piece: &str) -> Result<(), ModelError> {
        self.said_something |= !piece.is_empty();
        self.assembly.text(piece)
    }

    /// Adds to a field of the thought under way.
    fn add(&mut self, name: &str, piece: &str) -> Result<(), ModelError> {
        self.assembly.grow(piece.len())?;
        if let Some(thought) = &mut self.thought {
            thought.add(name, piece);
        }
        Ok(())
    }

    /// Keeps the thought under way, whole.
    fn end_thought(&mut self) -> Result<(), ModelError> {
        let Some(thought) = self.thought.take() else {
            return Ok(());
        };
        let (text, kept) = thought.end(&self.origin, self.seal);
        self.assembly.reasoning_item(text, kept)
    }

    fn stop(&mut self, reason: &Value, details: &Value) {
        let Some(word) = reason.as_str().filter(|word| !word.is_empty()) else {
            return;
        };
        self.stop = Some(match word {
            "end_turn" | "stop_sequence" => StopReason::End,
            "tool_use" => StopReason::ToolCalls,
            "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
            "refusal" => StopReason::Refused,
            // `pause_turn` among them: it follows from tools of the provider's, which are not used.
            other => StopReason::Unknown(other.chars().take(100).collect()),
        });
        let detail = |name: &str| details.get(name).and_then(Value::as_str);
        if let Some(why) = detail("explanation").or_else(|| detail("category")) {
            why.clone_into(&mut self.explanation);
        }
    }

    /// The whole answer, when it is whole.
    pub(super) fn finish(mut self) -> Result<ModelResponse, ModelError> {
        let Some(stop) = self.stop.take() else {
            return Err(self.exchange.reporter.cut());
        };
        self.end_thought()?;
        let refused = stop == StopReason::Refused;
        if refused && !self.said_something {
            self.assembly.refusal(&self.explanation)?;
        }
        let mut answer = self.assembly.finish(stop, self.usage.tokens(), self.id);
        if refused {
            // What was said before is void; its calls must not be made.
            answer
                .content
                .retain(|part| !matches!(part, Content::ToolCall(_)));
        }
        Ok(answer)
    }
}
