//! Putting an answer together from its pieces, within limits.

use serde_json::Value;
use slipway_agent::ports::model::{Deltas, ModelError, ModelResponse};
use slipway_contract::CallId;
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::run::Tokens;

use super::exchange::Exchange;
use super::names::ToolNames;

/// Bytes of an answer's text, reasoning and arguments together.
const LONGEST: usize = 8 << 20;

/// Bytes that a part takes beside its text.
const PART: usize = 256;

/// Tool calls of one answer.
const MOST_CALLS: usize = 256;

/// A part that has begun.
#[derive(Debug)]
enum Part {
    Text(String),
    Reasoning { text: String, opaque: Option<Value> },
    Call(Call),
}

/// A tool call that has begun.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// Where the provider counts it.
    pub(crate) index: Option<u64>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arguments: String,
}

/// An answer under construction.
pub(crate) struct Assembly<'a> {
    exchange: &'a Exchange,
    deltas: &'a dyn Deltas,
    names: &'a ToolNames,
    /// How many answers the conversation holds already; makes generated ids unique in it.
    turn: usize,
    parts: Vec<Part>,
    bytes: usize,
    /// Bytes that streamed by and will come again with the whole.
    passed: usize,
    /// Bytes that are kept until then.
    kept: usize,
    /// The reader has seen the text already.
    shown: bool,
    /// The next piece of text begins a part of its own.
    part_ended: bool,
    refused: bool,
}

impl<'a> Assembly<'a> {
    pub(crate) fn new(
        exchange: &'a Exchange,
        deltas: &'a dyn Deltas,
        names: &'a ToolNames,
        turn: usize,
    ) -> Self {
        Self {
            exchange,
            deltas,
            names,
            turn,
            parts: Vec::new(),
            bytes: 0,
            passed: 0,
            kept: 0,
            shown: false,
            part_ended: false,
            refused: false,
        }
    }

    /// Counts bytes that the answer takes.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), ModelError> {
        self.bytes = self.bytes.saturating_add(bytes);
        self.within(self.bytes)
    }

    /// Counts bytes that stream by and will come again with the whole.
    pub(crate) fn passing(&mut self, bytes: usize) -> Result<(), ModelError> {
        self.passed = self.passed.saturating_add(bytes);
        self.within(self.passed)
    }

    /// Counts bytes that are kept until the whole is there.
    pub(crate) fn keeping(&mut self, bytes: usize) -> Result<(), ModelError> {
        self.kept = self.kept.saturating_add(bytes).saturating_add(PART);
        self.within(self.kept)
    }

    fn within(&self, bytes: usize) -> Result<(), ModelError> {
        self.exchange.answering();
        self.deltas.grew();
        if bytes > LONGEST {
            return Err(self.exchange.reporter.too_long("The answer", LONGEST));
        }
        Ok(())
    }

    /// The text that follows was shown as it streamed by.
    pub(crate) const fn is_shown(&mut self) {
        self.shown = true;
    }

    /// What follows is a part of its own.
    pub(crate) const fn part_ends(&mut self) {
        self.part_ended = true;
    }

    /// A piece of text arrived, which a reader sees at once.
    pub(crate) fn text(&mut self, piece: &str) -> Result<(), ModelError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.grow(piece.len())?;
        if !self.shown {
            self.deltas.text(piece);
        }
        match self.parts.last_mut() {
            Some(Part::Text(text)) if !self.part_ended => text.push_str(piece),
            _ => {
                self.parts.push(Part::Text(piece.to_owned()));
                self.grow(PART)?;
            }
        }
        self.part_ended = false;
        Ok(())
    }

    /// A piece of the words with which the model refuses.
    pub(crate) fn refusal(&mut self, piece: &str) -> Result<(), ModelError> {
        self.refused |= !piece.is_empty();
        self.text(piece)
    }

    /// A piece of reasoning arrived.
    pub(crate) fn reasoning(&mut self, piece: &str) -> Result<(), ModelError> {
        if piece.is_empty() {
            return Ok(());
        }
        self.grow(piece.len())?;
        self.deltas.reasoning(piece);
        match self.parts.last_mut() {
            Some(Part::Reasoning { text, opaque: None }) => text.push_str(piece),
            _ => {
                self.parts.push(Part::Reasoning {
                    text: piece.to_owned(),
                    opaque: None,
                });
                self.grow(PART)?;
            }
        }
        Ok(())
    }

    /// A whole reasoning item, of which the bytes are counted that go back.
    pub(crate) fn reasoning_item(
        &mut self,
        text: String,
        opaque: Option<Value>,
    ) -> Result<(), ModelError> {
        if text.is_empty() && opaque.is_none() {
            return Ok(());
        }
        self.grow(PART + opaque.as_ref().map_or(0, written))?;
        self.parts.push(Part::Reasoning { text, opaque });
        Ok(())
    }

    /// The newest call that this is true of.
    pub(crate) fn call(&mut self, mut found: impl FnMut(&Call) -> bool) -> Option<&mut Call> {
        self.parts.iter_mut().rev().find_map(|part| match part {
            Part::Call(call) if found(call) => Some(call),
            _ => None,
        })
    }

    /// A tool call begins.
    pub(crate) fn begin_call(&mut self, call: Call) -> Result<(), ModelError> {
        self.grow(PART + call.id.len() + call.name.len() + call.arguments.len())?;
        let calls = self
            .parts
            .iter()
            .filter(|part| matches!(part, Part::Call(_)))
            .count();
        if calls >= MOST_CALLS {
            let kind = slipway_agent::ports::model::ModelErrorKind::AnswerTooLong;
            return Err(self.exchange.reporter.error(
                kind,
                format_args!("The answer asks for more than {MOST_CALLS} tool calls at once."),
            ));
        }
        self.parts.push(Part::Call(call));
        Ok(())
    }

    /// The whole answer.
    pub(crate) fn finish(
        self,
        stop: StopReason,
        usage: Option<Tokens>,
        body_id: Option<String>,
    ) -> ModelResponse {
        let (names, turn) = (self.names, self.turn);
        let mut calls = 0;
        let content: Vec<Content> = self
            .parts
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => Content::Text { text },
                Part::Reasoning { text, opaque } => Content::Reasoning { text, opaque },
                Part::Call(call) => {
                    let generated = generated_id(turn, calls);
                    calls += 1;
                    Content::ToolCall(call.read(names, generated))
                }
            })
            .collect();
        let stop = match stop {
            _ if self.refused => StopReason::Refused,
            // Some servers say that they stopped while they wait for results.
            StopReason::End if calls > 0 => StopReason::ToolCalls,
            stop => stop,
        };
        ModelResponse {
            content,
            stop,
            usage,
            cost_usd: None,
            request_id: self.exchange.request_id().or(body_id),
        }
    }
}

impl Call {
    fn read(self, names: &ToolNames, generated: String) -> ToolCall {
        let (arguments, malformed) = arguments(self.arguments);
        let id = if self.id.is_empty() {
            generated
        } else {
            self.id
        };
        ToolCall {
            call_id: CallId(id),
            tool: names.own(&self.name).to_owned(),
            arguments,
            malformed,
        }
    }
}

/// The bytes of a value as it is written.
pub(crate) fn written(value: &Value) -> usize {
    struct Counted(usize);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    let written = serde_json::to_writer(&mut counted, value);
    debug_assert!(written.is_ok(), "counting cannot fail");
    counted.0
}

/// The id of a call that came without one, by its place in the conversation: after how many
/// answers, and which of its answer's calls.
pub(crate) fn generated_id(answers: usize, call: usize) -> String {
    format!("call_{answers}_{call}")
}

/// The arguments as an object, or as the model's own text with the reason why they are none.
fn arguments(raw: String) -> (Value, Option<String>) {
    if raw.trim().is_empty() {
        // How some servers write a call without arguments.
        return (Value::Object(serde_json::Map::new()), None);
    }
    match serde_json::from_str::<Value>(&raw) {
        Ok(value @ Value::Object(_)) => (value, None),
        Ok(other) => {
            let found = match other {
                Value::Array(_) => "an array",
                Value::String(_) => "a string",
                Value::Number(_) => "a number",
                Value::Bool(_) => "a truth value",
                Value::Null | Value::Object(_) => "null",
            };
            let why = format!("the arguments are {found}, not a JSON object");
            (Value::String(raw), Some(why))
        }
        Err(error) => {
            let why = format!("the arguments are not valid JSON: {error}");
            (Value::String(raw), Some(why))
        }
    }
}
