//! The conversation: what a person and the agent said.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::message::{AttachmentSummary, Content};
use slipway_contract::{RunId, StepId, Timestamp};

/// One thing that was said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Utterance {
    /// A person's message.
    Person {
        /// When.
        at: Timestamp,
        /// The message.
        text: String,
        /// The files that came with it.
        attachments: Vec<AttachmentSummary>,
        /// Where it was said.
        origin: Origin,
    },
    /// The agent's words in one model answer.
    Agent(Said),
    /// The final answer where it is data, or differs from the last words.
    Output(Value),
}

/// Where a person's message was said, so that it can be said in other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It began this run.
    Start {
        /// The run.
        run: RunId,
    },
    /// It was said after this run had ended.
    After {
        /// The run.
        run: RunId,
    },
}

/// The agent's words in one model answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Said {
    /// The step of the model call.
    pub(crate) step: Option<StepId>,
    /// The text so far, Markdown.
    pub(crate) text: String,
    /// The model's reasoning, shown folded.
    pub(crate) reasoning: String,
    /// Whether more is coming.
    pub(crate) live: bool,
    /// Whether the beginning was missed (the page was opened while it streamed).
    pub(crate) gap: bool,
    next_piece: u64,
    next_thought: u64,
}

impl Said {
    fn starting(step: StepId) -> Self {
        Self {
            step: Some(step),
            live: true,
            ..Self::default()
        }
    }

    fn append(&mut self, index: u64, piece: &str) {
        if index < self.next_piece {
            return;
        }
        if index > self.next_piece {
            self.gap = true;
        }
        self.next_piece = index + 1;
        self.text.push_str(piece);
    }

    fn think(&mut self, index: u64, piece: &str) {
        if index < self.next_thought {
            return;
        }
        self.next_thought = index + 1;
        self.reasoning.push_str(piece);
    }
}

/// What was said so far was said in another run, which `run` goes on from.
pub(super) fn begun_in(talk: &mut [Rc<Utterance>], run: RunId, parent: RunId) {
    for said in talk {
        let here = Origin::Start { run };
        if matches!(said.as_ref(), Utterance::Person { origin, .. } if *origin == here)
            && let Utterance::Person { origin, .. } = Rc::make_mut(said)
        {
            *origin = Origin::Start { run: parent };
        }
    }
}

pub(super) fn append_piece(talk: &mut Vec<Rc<Utterance>>, step: StepId, index: u64, piece: &str) {
    begun(talk, step, |said| said.append(index, piece));
}

/// A piece of the model's reasoning.
pub(super) fn append_thought(talk: &mut Vec<Rc<Utterance>>, step: StepId, index: u64, piece: &str) {
    begun(talk, step, |said| said.think(index, piece));
}

fn begun(talk: &mut Vec<Rc<Utterance>>, step: StepId, grow: impl FnOnce(&mut Said)) {
    if let Some(said) = live(talk, step) {
        grow(said);
        return;
    }
    let mut said = Said::starting(step);
    grow(&mut said);
    talk.push(Rc::new(Utterance::Agent(said)));
}

/// The whole answer arrived: it takes the place of the pieces.
pub(super) fn answer(talk: &mut Vec<Rc<Utterance>>, step: StepId, content: &[Content]) {
    forget_pieces(talk, step);
    let text = joined(content, |part| match part {
        Content::Text { text } => Some(text),
        _ => None,
    });
    let reasoning = joined(content, |part| match part {
        Content::Reasoning { text, .. } => Some(text),
        _ => None,
    });
    // Reasoning alone is no word to a person; the trace has it.
    if !text.is_empty() {
        talk.push(Rc::new(Utterance::Agent(Said {
            step: Some(step),
            text,
            reasoning,
            ..Said::default()
        })));
    }
}

/// A call failed or is made again: what it streamed so far is no answer.
pub(super) fn forget_pieces(talk: &mut Vec<Rc<Utterance>>, step: StepId) {
    if live(talk, step).is_some() {
        talk.pop();
    }
}

/// The final answer, unless the last words already say it.
pub(super) fn conclude(talk: &mut Vec<Rc<Utterance>>, output: &Value) {
    let last = talk.last().and_then(|utterance| match utterance.as_ref() {
        Utterance::Agent(said) => Some(said.text.trim()),
        _ => None,
    });
    match output {
        Value::String(text) if last == Some(text.trim()) => {}
        Value::String(_) => talk.push(Rc::new(Utterance::Output(output.clone()))),
        data => {
            let said = last.and_then(|text| serde_json::from_str::<Value>(text).ok());
            if said.as_ref() == Some(data) {
                talk.pop();
            }
            talk.push(Rc::new(Utterance::Output(data.clone())));
        }
    }
}

fn live(talk: &mut [Rc<Utterance>], step: StepId) -> Option<&mut Said> {
    let last = talk.last_mut()?;
    let is_live =
        matches!(last.as_ref(), Utterance::Agent(said) if said.live && said.step == Some(step));
    if !is_live {
        return None;
    }
    match Rc::make_mut(last) {
        Utterance::Agent(said) => Some(said),
        _ => None,
    }
}

fn joined<'a>(content: &'a [Content], text: impl Fn(&'a Content) -> Option<&'a String>) -> String {
    let parts: Vec<&str> = content
        .iter()
        .filter_map(text)
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
        .collect();
    parts.join("\n\n")
}
