//! What the model is given: the task, its answers and the tools' results, less what compaction
//! left out.

use std::collections::BTreeSet;

use serde_json::Value;
use slipway_contract::message::{Attachment, Content, Message};
use slipway_contract::{CallId, StepId};

use super::compaction::Compaction;

/// The whole conversation, and what of it is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Conversation {
    entries: Vec<Entry>,
    elided: BTreeSet<StepId>,
    dropped: BTreeSet<StepId>,
    /// A run's input waits for its first answer.
    begun: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Entry {
    User {
        text: String,
        attachments: Vec<Attachment>,
    },
    Assistant {
        step: StepId,
        content: Vec<Content>,
    },
    Tool {
        turn: StepId,
        step: StepId,
        call_id: CallId,
        tool: String,
        text: String,
        is_error: bool,
    },
}

/// A part of the conversation that compaction may leave out, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A tool result, with its turn.
    Result {
        turn: StepId,
        step: StepId,
        text: &'a str,
    },
    /// A whole turn's answer.
    Answer { turn: StepId },
}

impl Conversation {
    /// A run's input.
    pub(super) fn begin(&mut self, text: String, attachments: Vec<Attachment>) {
        self.begun = true;
        self.entries.push(Entry::User { text, attachments });
    }

    /// Whether the run's input has no answer yet.
    pub(super) const fn is_at_its_beginning(&self) -> bool {
        self.begun
    }

    /// What the engine says on the person's behalf.
    pub(super) fn say(&mut self, text: String) {
        self.entries.push(Entry::User {
            text,
            attachments: Vec::new(),
        });
    }

    pub(super) fn answer(&mut self, step: StepId, content: Vec<Content>) {
        self.begun = false;
        self.entries.push(Entry::Assistant { step, content });
    }

    pub(super) fn result(
        &mut self,
        turn: StepId,
        step: StepId,
        call_id: CallId,
        tool: String,
        result: &Value,
        is_error: bool,
    ) {
        let text = result_text(result);
        self.entries.push(Entry::Tool {
            turn,
            step,
            call_id,
            tool,
            text,
            is_error,
        });
    }

    pub(super) fn compact(&mut self, compaction: &Compaction) {
        self.elided.extend(&compaction.elided);
        self.dropped.extend(&compaction.dropped);
    }

    /// The messages as the model is given them.
    pub(super) fn messages(&self) -> Vec<Message> {
        self.entries
            .iter()
            .filter_map(|entry| self.message(entry))
            .collect()
    }

    fn message(&self, entry: &Entry) -> Option<Message> {
        match entry {
            Entry::User { text, attachments } => Some(Message::User {
                text: text.clone(),
                attachments: attachments.clone(),
            }),
            Entry::Assistant { step, content } => {
                (!self.dropped.contains(step)).then(|| Message::Assistant {
                    step: *step,
                    content: content.clone(),
                })
            }
            Entry::Tool {
                turn,
                step,
                call_id,
                tool,
                text,
                is_error,
            } => (!self.dropped.contains(turn)).then(|| {
                let text = if self.elided.contains(step) {
                    elided(text)
                } else {
                    text.clone()
                };
                Message::Tool {
                    step: *step,
                    call_id: call_id.clone(),
                    tool: tool.clone(),
                    text,
                    is_error: *is_error,
                }
            }),
        }
    }

    /// What may be left out next, oldest first; what already is left out is not among it.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let kept = |turn: &StepId| !self.dropped.contains(turn);
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::User { .. } => None,
                Entry::Assistant { step, .. } => kept(step).then_some(Part::Answer { turn: *step }),
                Entry::Tool {
                    turn, step, text, ..
                } => (kept(turn) && !self.elided.contains(step)).then_some(Part::Result {
                    turn: *turn,
                    step: *step,
                    text,
                }),
            })
            .collect()
    }

    /// The newest turn, which is what the model works on.
    pub(super) fn newest_turn(&self) -> Option<StepId> {
        self.entries.iter().rev().find_map(|entry| match entry {
            Entry::Assistant { step, .. } => Some(*step),
            _ => None,
        })
    }
}

/// What stands in the place of a result that was left out.
pub(super) fn elided(text: &str) -> String {
    format!(
        "[{} bytes of this result were left out to fit the context window]",
        text.len()
    )
}

/// A result as the model reads it.
pub(super) fn result_text(result: &Value) -> String {
    match result {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
