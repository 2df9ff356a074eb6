//! A conversation as turns that alternate, with each result in the turn right after its call.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Value, json};
use slipway_contract::CallId;
use slipway_contract::message::{Content, Message, ToolCall};

use super::blocks::{Block, Part, Role, Turn};
use super::seal::Seal;
use super::thinking;
use crate::attempt::names::ToolNames;
use crate::attempt::origin::Origin;

/// What stands where the person's own words are missing.
const GO_ON: &str = "Go on.";

/// The conversation on its way to one model.
pub(super) struct Conversation<'a> {
    names: &'a ToolNames,
    origin: Origin<'a>,
    /// Thoughts go back only below the beginning that they were thought below.
    bound: bool,
    turns: Vec<Turn<'a>>,
    seal: Seal,
    ids: HashSet<String>,
    /// Calls whose results have not come yet: their own ids, and those on the wire.
    pending: Vec<(&'a CallId, String)>,
    /// Results of no call, which compaction may leave.
    strays: Vec<Block<'a>>,
}

impl<'a> Conversation<'a> {
    /// Begins below what was sealed already.
    pub(super) fn new(names: &'a ToolNames, origin: Origin<'a>, bound: bool, seal: Seal) -> Self {
        Self {
            names,
            origin,
            bound,
            turns: Vec::new(),
            seal,
            ids: HashSet::new(),
            pending: Vec::new(),
            strays: Vec::new(),
        }
    }

    /// The turns, and the seal of all of them.
    pub(super) fn of(mut self, messages: &'a [Message]) -> (Vec<Turn<'a>>, Seal) {
        for message in messages {
            match message {
                Message::User { text, attachments } => {
                    self.settle();
                    for attachment in attachments {
                        self.push(Role::User, Block::attachment(attachment));
                    }
                    if let Some(text) = Block::text(text.as_str()) {
                        self.push(Role::User, text);
                    }
                }
                Message::Assistant { content, .. } => {
                    self.settle();
                    self.answer(content);
                }
                Message::Tool {
                    call_id,
                    tool,
                    text,
                    is_error,
                    ..
                } => self.result(call_id, tool, text, *is_error),
            }
        }
        self.settle();
        if self
            .turns
            .last()
            .is_none_or(|turn| turn.role == Role::Assistant)
        {
            self.push(Role::User, Block::Text { text: GO_ON.into() });
        }
        (self.turns, self.seal)
    }

    fn answer(&mut self, content: &'a [Content]) {
        let seal = self.seal.so_far();
        let mut blocks: Vec<Block<'a>> = Vec::new();
        for part in content {
            let block = match part {
                Content::Text { text } => Block::text(text.as_str()),
                Content::Reasoning { opaque, .. } => opaque
                    .as_ref()
                    .and_then(|opaque| thinking::block(opaque, &self.origin, self.bound, &seal))
                    .map(Block::Thought),
                Content::ToolCall(call) => Some(self.call(call)),
            };
            blocks.extend(block);
        }
        // A thought that led nowhere, as in an answer that was cut, is refused.
        if blocks.last().is_some_and(Block::is_thought) {
            blocks.retain(|block| !block.is_thought());
        }
        if !blocks.is_empty() && self.turns.is_empty() {
            self.push(Role::User, Block::Text { text: GO_ON.into() });
        }
        for block in blocks {
            self.push(Role::Assistant, block);
        }
    }

    fn call(&mut self, call: &'a ToolCall) -> Block<'a> {
        let id = self.wire_id(&call.call_id);
        self.pending.push((&call.call_id, id.clone()));
        let input = match (&call.malformed, &call.arguments) {
            (None, arguments @ Value::Object(_)) => Cow::Borrowed(arguments),
            // The interface takes objects only.
            (_, arguments) => Cow::Owned(json!({"INVALID_JSON": arguments})),
        };
        Block::ToolUse {
            id,
            name: self.names.wire(&call.tool),
            input,
        }
    }

    fn result(&mut self, call_id: &CallId, tool: &'a str, text: &'a str, is_error: bool) {
        let asked = self.pending.iter().position(|(id, _)| *id == call_id);
        if let Some(asked) = asked {
            let (_, id) = self.pending.remove(asked);
            self.push(Role::User, Block::result(id, text, is_error));
        } else {
            let stray = format!("An earlier call of {tool} returned: {text}");
            self.strays.push(Block::Text { text: stray.into() });
        }
    }

    /// Before anything else is said, each call has its result: a conversation without is refused.
    fn settle(&mut self) {
        for (_, id) in std::mem::take(&mut self.pending) {
            let text = "Nothing is known of what became of this call.";
            self.push(Role::User, Block::result(id, text, true));
        }
        for stray in std::mem::take(&mut self.strays) {
            self.push(Role::User, stray);
        }
    }

    fn push(&mut self, role: Role, block: Block<'a>) {
        self.seal.take(
            match role {
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            &block,
        );
        match self.turns.last_mut() {
            Some(turn) if turn.role == role => turn.content.push(Part::from(block)),
            _ => self.turns.push(Turn {
                role,
                content: vec![Part::from(block)],
            }),
        }
    }

    /// An id as the provider takes it: of its letters, and of this call alone. Another provider's
    /// ids come by when a run changes models.
    fn wire_id(&mut self, id: &CallId) -> String {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let mut base: String =
            id.0.chars()
                .map(|c| if allowed(c) { c } else { '_' })
                .take(200)
                .collect();
        if base.is_empty() {
            base.push_str("call");
        }
        let mut wire = base.clone();
        let mut number = 2;
        while !self.ids.insert(wire.clone()) {
            wire = format!("{base}_{number}");
            number += 1;
        }
        wire
    }
}

/// Whether the model is amid tool calls which it made without a thought that goes back first.
pub(super) fn is_interrupted(turns: &[Turn<'_>]) -> bool {
    let [.., answer, results] = turns else {
        return false;
    };
    let amid = results
        .content
        .iter()
        .any(|part| matches!(part.block, Block::ToolResult { .. }));
    amid && !answer
        .content
        .first()
        .is_some_and(|part| part.block.is_thought())
}
