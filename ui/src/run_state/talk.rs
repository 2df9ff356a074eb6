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
    /// Whether it broke off: such words are no answer, and the journal does not have them.
    pub(crate) cut_off: bool,
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

    /// Pieces of an answer that has not arrived whole.
    fn is_part_of(&self, step: StepId) -> bool {
        (self.live || self.cut_off) && self.step == Some(step)
    }

    fn is_longer_than(&self, other: &Self) -> bool {
        (self.text.len(), self.reasoning.len()) > (other.text.len(), other.reasoning.len())
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
    take_pieces(talk, step);
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

/// A call failed, stopped or is made again: what it streamed so far is no answer, but a person was reading it. Of
/// several attempts the one that got furthest stays.
pub(super) fn cut_off(talk: &mut Vec<Rc<Utterance>>, step: StepId) {
    let Some(said) = live(talk, step) else { return };
    said.live = false;
    said.cut_off = true;
    let latest = said.clone();
    let furthest = take_pieces(talk, step)
        .into_iter()
        .fold(latest, |best, piece| {
            if piece.is_longer_than(&best) {
                piece
            } else {
                best
            }
        });
    talk.push(Rc::new(Utterance::Agent(furthest)));
}

/// The run stopped: no more is coming of anything.
pub(super) fn cut_off_all(talk: &mut Vec<Rc<Utterance>>) {
    let live = talk.last().and_then(|last| match last.as_ref() {
        Utterance::Agent(said) if said.live => said.step,
        _ => None,
    });
    if let Some(step) = live {
        cut_off(talk, step);
    }
}

/// What was said of an answer that has not arrived whole, oldest first.
pub(super) fn pieces(talk: &[Rc<Utterance>]) -> Vec<Said> {
    let pieces = talk.iter().filter_map(|said| match said.as_ref() {
        Utterance::Agent(said) if said.live || said.cut_off => Some(said.clone()),
        _ => None,
    });
    pieces.collect()
}

fn take_pieces(talk: &mut Vec<Rc<Utterance>>, step: StepId) -> Vec<Said> {
    let mut taken = Vec::new();
    while let Some(Utterance::Agent(said)) = talk.last().map(Rc::as_ref)
        && said.is_part_of(step)
    {
        taken.push(said.clone());
        talk.pop();
    }
    taken
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
            let said = last.and_then(|text| serde_json::from_slice::<Value>(text.as_bytes()).ok());
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
