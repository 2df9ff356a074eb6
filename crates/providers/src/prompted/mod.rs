//! Tools for models that have no tool calls of their own: Slipway tells the model of them in the
//! instructions, finds its calls in the answer, and gives it the results as messages.
//!
//! A call has one form, `{"calls": [{"name": …, "arguments": {…}}]}`. Where the server holds a model
//! to a schema, the whole answer is of that form, with the words for the person under `reply`. Else
//! the answer is text, and calls are looked for in it.

mod answer;
mod conversation;
mod form;
mod instructions;
mod json;
mod search;
mod sieve;
mod unescape;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_contract::CallId;
use slipway_contract::message::{Content, Media, Message, StopReason, ToolCall};
use slipway_contract::model::{ModelRef, ToolChoice};
use slipway_contract::tool::ToolDefinition;

use self::answer::{Asked, Found};
use self::sieve::Sieve;

/// Tool calls of one answer.
const MOST_CALLS: usize = 256;

/// How the answer is given its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The server holds the model to a schema of the whole answer.
    Held,
    /// The model was told, and may do otherwise.
    Free,
}

/// A model that is told of tools in words.
pub(crate) struct Prompted {
    model: Arc<dyn Model>,
    shape: Shape,
}

impl Prompted {
    /// The model behind this one, which need not know of tools.
    pub(crate) const fn new(model: Arc<dyn Model>, shape: Shape) -> Self {
        Self { model, shape }
    }
}

#[async_trait]
impl Model for Prompted {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let offered = offered(request);
        let speaks_of_tools = |message: &Message| match message {
            Message::Assistant { content, .. } => {
                let is_call = |part: &Content| matches!(part, Content::ToolCall(_));
                content.iter().any(is_call)
            }
            Message::Tool { .. } => true,
            Message::User { .. } => false,
        };
        if offered.is_empty() && !request.messages.iter().any(speaks_of_tools) {
            return self.model.call(request, deltas).await;
        }
        let form = match self.shape {
            Shape::Held if !offered.is_empty() => form::of(request, &offered),
            Shape::Held | Shape::Free => None,
        };
        let is_held = form.is_some();
        let told = ModelRequest {
            model: request.model.clone(),
            instructions: instructions::with_tools(request, &offered, is_held).into(),
            messages: conversation::in_words(&request.messages, is_held),
            tools: Arc::new([]),
            output_schema: match offered.is_empty() {
                true => request.output_schema.clone(),
                false => form,
            },
            temperature: request.temperature,
            max_output_tokens: request.max_output_tokens,
            reasoning: request.reasoning,
            tool_choice: ToolChoice::Auto,
        };
        if offered.is_empty() {
            return self.model.call(&told, deltas).await;
        }
        let sieve = Sieve::new(deltas, request.output_schema.is_none());
        let response = self.model.call(&told, &sieve).await?;
        read(request, &offered, response, sieve)
    }

    fn is_prompted(&self, _: &ModelRef) -> bool {
        true
    }

    fn takes(&self, media: Media) -> Option<bool> {
        self.model.takes(media)
    }
}

/// The tools that the model may call now.
fn offered(request: &ModelRequest) -> Vec<&ToolDefinition> {
    let tools = request.tools.iter();
    match &request.tool_choice {
        ToolChoice::None => Vec::new(),
        ToolChoice::Tool(name) if request.tools.iter().any(|tool| tool.name == *name) => {
            tools.filter(|tool| tool.name == *name).collect()
        }
        ToolChoice::Auto | ToolChoice::Required | ToolChoice::Tool(_) => tools.collect(),
    }
}

/// The answer with the calls that stand in it.
fn read(
    request: &ModelRequest,
    offered: &[&ToolDefinition],
    mut response: ModelResponse,
    sieve: Sieve<'_>,
) -> Result<ModelResponse, ModelError> {
    let mut content = Vec::new();
    let mut own_calls = Vec::new();
    let mut whole = String::new();
    for part in std::mem::take(&mut response.content) {
        match part {
            Content::Text { text } => whole.push_str(&text),
            reasoning @ Content::Reasoning { .. } => content.push(reasoning),
            // The server found them by itself.
            call @ Content::ToolCall(_) => own_calls.push(call),
        }
    }
    let (thought, said) = search::thought(&whole);
    if let Some(thought) = thought.filter(|thought| !thought.trim().is_empty()) {
        content.push(Content::Reasoning {
            text: thought.to_owned(),
            opaque: None,
        });
    }
    let asked = Asked {
        tools: offered,
        messages: &request.messages,
        is_cut: response.stop == StopReason::Length,
    };
    let Found { text, calls } = answer::read(said, &asked);
    if calls.len() > MOST_CALLS {
        let message = format!(
            "{}: the answer asks for more than {MOST_CALLS} tool calls at once.",
            request.model
        );
        return Err(ModelError::new(ModelErrorKind::AnswerTooLong, message));
    }
    let text = sieve.finish(text);
    if !text.is_empty() {
        content.push(Content::Text { text });
    }
    let has_calls = !calls.is_empty() || !own_calls.is_empty();
    let mut ids = Ids::new(&request.messages);
    content.extend(calls.into_iter().map(|call| {
        Content::ToolCall(ToolCall {
            call_id: ids.next(),
            tool: call.tool,
            arguments: call.arguments,
            malformed: call.malformed,
        })
    }));
    content.extend(own_calls);
    response.content = content;
    if has_calls && response.stop == StopReason::End {
        response.stop = StopReason::ToolCalls;
    }
    Ok(response)
}

/// Reads these words, heard in pieces, as the whole answer to this request.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn taken(
    request: &ModelRequest,
    deltas: &dyn Deltas,
    words: &str,
    stop: StopReason,
) -> Result<ModelResponse, ModelError> {
    let sieve = Sieve::new(deltas, request.output_schema.is_none());
    let letters: Vec<char> = words.chars().collect();
    for piece in letters.chunks(1 + letters.len() % 7) {
        sieve.text(&piece.iter().collect::<String>());
    }
    let text = words.to_owned();
    let response = ModelResponse {
        content: vec![Content::Text { text }],
        stop,
        usage: None,
        cost_usd: None,
        request_id: None,
    };
    read(request, &offered(request), response, sieve)
}

/// Makes ids for calls that no call of the conversation has.
struct Ids<'a> {
    taken: HashSet<&'a str>,
    turn: usize,
    number: usize,
}

impl<'a> Ids<'a> {
    fn new(messages: &'a [Message]) -> Self {
        let mut taken = HashSet::new();
        let mut turn = 0;
        for message in messages {
            match message {
                Message::Assistant { content, .. } => {
                    turn += 1;
                    taken.extend(content.iter().filter_map(|part| match part {
                        Content::ToolCall(call) => Some(call.call_id.0.as_str()),
                        _ => None,
                    }));
                }
                Message::Tool { call_id, .. } => {
                    taken.insert(&call_id.0);
                }
                Message::User { .. } => {}
            }
        }
        Self {
            taken,
            turn,
            number: 0,
        }
    }

    fn next(&mut self) -> CallId {
        loop {
            let id = format!("call_{}_{}", self.turn, self.number);
            self.number += 1;
            if !self.taken.contains(id.as_str()) {
                return CallId(id);
            }
        }
    }
}
