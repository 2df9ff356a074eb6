//! An answer as Responses gives it: an object with items, or events that lead to one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use slipway_agent::ports::model::{Deltas, ModelError, ModelResponse};
use slipway_contract::message::StopReason;

use super::{ITEM, PROTOCOL};
use crate::attempt::answer::{Assembly, Call};
use crate::attempt::complaint::Complaint;
use crate::attempt::exchange::Exchange;
use crate::attempt::origin::Origin;
use crate::openai;
use crate::openai::usage::{RESPONSES, tokens};

/// What stands between the parts of a reasoning.
const BETWEEN_THOUGHTS: &str = "\n\n";

/// A whole answer.
#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    output: Option<Vec<Item>>,
    #[serde(default)]
    usage: Value,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    incomplete_details: Value,
}

/// An item as it came, which is read once the answer is whole.
type Item = Box<RawValue>;

/// An event of a stream, or a whole answer from a server that does not stream.
#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    r#type: Value,
    #[serde(default)]
    object: Value,
    #[serde(default)]
    delta: Value,
    #[serde(default)]
    output_index: Value,
    #[serde(default)]
    summary_index: Value,
    #[serde(default)]
    item: Option<Item>,
    #[serde(default)]
    response: Option<Whole>,
    #[serde(default)]
    error: Value,
}

/// An answer as its events come in.
pub(super) struct Answer<'a> {
    exchange: &'a Exchange,
    deltas: &'a dyn Deltas,
    assembly: Assembly<'a>,
    origin: Origin<'a>,
    /// The finished items, for servers whose last event does not repeat them.
    items: BTreeMap<u64, Item>,
    whole: Option<Whole>,
    shown: bool,
    thoughts_shown: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn new(call: &openai::Call<'a>) -> Self {
        Self {
            exchange: &call.attempt.exchange,
            deltas: call.attempt.deltas,
            assembly: call.attempt.assembly(),
            origin: call.attempt.origin(PROTOCOL),
            items: BTreeMap::new(),
            whole: None,
            shown: false,
            thoughts_shown: false,
        }
    }

    /// Whether the last event was there.
    pub(super) const fn is_finished(&self) -> bool {
        self.whole.is_some()
    }

    /// Takes a whole answer in.
    pub(super) fn take_whole(&mut self, json: &str) -> Result<(), ModelError> {
        let reporter = &self.exchange.reporter;
        let whole: Whole =
            serde_json::from_str(json).map_err(|error| reporter.unreadable(error, json))?;
        if whole.output.is_none() && whole.error.is_null() && whole.status.is_null() {
            return Err(reporter.unreadable("it holds no output", json));
        }
        self.whole = Some(whole);
        Ok(())
    }

    /// Takes an event in.
    pub(super) fn take(&mut self, json: &str) -> Result<(), ModelError> {
        let event: Event = serde_json::from_str(json)
            .map_err(|error| self.exchange.reporter.unreadable(error, json))?;
        match event.r#type.as_str().unwrap_or_default() {
            "error" => {
                let complaint = if event.error.is_null() {
                    Complaint::read(json.as_bytes())
                } else {
                    Complaint::of(&event.error)
                };
                return Err(self.exchange.reporter.event(&complaint));
            }
            "" if !event.error.is_null() => {
                return Err(self.exchange.reporter.event(&Complaint::of(&event.error)));
            }
            // What follows the end is no part of the answer.
            _ if self.is_finished() => {}
            "response.output_text.delta" | "response.refusal.delta" => {
                let piece = event.delta.as_str().unwrap_or_default();
                self.pass(piece.len())?;
                if !piece.is_empty() {
                    self.shown = true;
                    self.deltas.text(piece);
                }
            }
            "response.function_call_arguments.delta" => {
                self.pass(event.delta.as_str().map_or(0, str::len))?;
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                let piece = event.delta.as_str().unwrap_or_default();
                self.pass(piece.len())?;
                self.think(piece);
            }
            // As its parts are put together in the end.
            "response.reasoning_summary_part.added"
                if event.summary_index.as_u64().is_some_and(|index| index > 0) =>
            {
                self.think(BETWEEN_THOUGHTS);
            }
            "response.output_item.done" => {
                self.exchange.answering();
                let index = event
                    .output_index
                    .as_u64()
                    .unwrap_or(self.items.len() as u64);
                if let Some(item) = event.item {
                    self.assembly.keeping(item.get().len())?;
                    self.items.insert(index, item);
                }
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                self.whole = event.response;
            }
            "" if event.object == "response" => return self.take_whole(json),
            _ => {}
        }
        Ok(())
    }

    /// Shows a piece of reasoning.
    fn think(&mut self, piece: &str) {
        if !piece.is_empty() {
            self.thoughts_shown = true;
            self.deltas.reasoning(piece);
        }
    }

    /// Limits what streams by without being kept.
    fn pass(&mut self, bytes: usize) -> Result<(), ModelError> {
        self.assembly.passing(bytes)
    }

    /// The whole answer, when it is whole.
    pub(super) fn finish(mut self) -> Result<ModelResponse, ModelError> {
        let reporter = &self.exchange.reporter;
        let Some(whole) = self.whole.take() else {
            return Err(reporter.cut());
        };
        if !whole.error.is_null() {
            return Err(reporter.event(&Complaint::of(&whole.error)));
        }
        let stop = match whole.status.as_str().unwrap_or("completed") {
            "completed" => StopReason::End,
            "incomplete" => incomplete(&whole.incomplete_details),
            "failed" => return Err(reporter.event(&Complaint::default())),
            other => StopReason::Unknown(other.chars().take(100).collect()),
        };
        let items = match whole.output {
            Some(items) if !items.is_empty() => items,
            _ => std::mem::take(&mut self.items).into_values().collect(),
        };
        if self.shown {
            self.assembly.is_shown();
        }
        let deltas = (!self.thoughts_shown).then_some(self.deltas);
        for item in items {
            let item = serde_json::from_str(item.get())
                .map_err(|error| reporter.unreadable(error, item.get()))?;
            item_into(&mut self.assembly, &self.origin, item, deltas)?;
        }
        let usage = tokens(&whole.usage, &RESPONSES);
        let id = whole.id.as_str().map(str::to_owned);
        Ok(self.assembly.finish(stop, usage, id))
    }
}

fn incomplete(details: &Value) -> StopReason {
    match details.get("reason").and_then(Value::as_str) {
        Some("max_output_tokens") => StopReason::Length,
        Some("content_filter") => StopReason::Filtered,
        Some(other) => StopReason::Unknown(other.chars().take(100).collect()),
        None => StopReason::Unknown("incomplete".to_owned()),
    }
}

/// Takes an item in; the reasoning is shown to whoever has not seen it.
fn item_into(
    assembly: &mut Assembly<'_>,
    origin: &Origin<'_>,
    item: Value,
    deltas: Option<&dyn Deltas>,
) -> Result<(), ModelError> {
    let field = |name: &str| {
        item.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    match field("type").as_str() {
        "message" => {
            assembly.part_ends();
            let parts = item.get("content").and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                let said = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
                assembly.text(said("text"))?;
                assembly.refusal(said("refusal"))?;
            }
            Ok(())
        }
        "function_call" => assembly.begin_call(Call {
            index: None,
            id: field("call_id"),
            name: field("name"),
            arguments: match item.get("arguments") {
                Some(Value::String(text)) => text.clone(),
                None | Some(Value::Null) => String::new(),
                Some(other) => other.to_string(),
            },
        }),
        "reasoning" => {
            let text = ["summary", "content"]
                .iter()
                .map(|name| texts(item.get(name)))
                .find(|text| !text.is_empty())
                .unwrap_or_default();
            assembly.grow(text.len())?;
            if let Some(deltas) = deltas.filter(|_| !text.is_empty()) {
                deltas.reasoning(&text);
            }
            let kept = given_back(item).map(|item| origin.mark(ITEM, item));
            assembly.reasoning_item(text, kept)
        }
        other => {
            tracing::debug!(item = other, "an item of a kind that was not asked for");
            Ok(())
        }
    }
}

fn texts(parts: Option<&Value>) -> String {
    parts
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|part| part.get("text").and_then(Value::as_str))
        .collect::<Vec<_>>()
        .join(BETWEEN_THOUGHTS)
}

/// What goes back of a reasoning item. Without its encrypted content it would name something
/// that the provider has not kept.
fn given_back(mut item: Value) -> Option<Value> {
    let encrypted = item.get("encrypted_content").is_some_and(Value::is_string);
    if let Some(map) = item.as_object_mut() {
        map.shift_remove("status");
    }
    encrypted.then_some(item)
}
