//! What of an answer a reader sees while it comes in: the words, and nothing of a call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use slipway_agent::ports::model::{Deltas, Unclean};

use super::search::{self, Start};
use super::unescape;

/// Lets words through to whoever listens.
pub(super) struct Sieve<'a> {
    deltas: &'a dyn Deltas,
    /// The final answer is text.
    is_text: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// All that came, without the thoughts at its beginning.
    said: String,
    /// Thoughts that are not told yet, and where they stand.
    thought: String,
    thinking: Thinking,
    /// What the reader has seen.
    shown: String,
    /// The bytes in which no call begins.
    searched: usize,
    /// From here on it may be a call.
    is_held: bool,
    /// The next byte of the reply in an answer that is one object.
    reply: Option<usize>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Thinking {
    /// Nobody knows yet.
    #[default]
    Perhaps,
    /// It thinks.
    Yes,
    /// It has thought, and white space follows.
    Over,
    /// It does not.
    No,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(deltas: &'a dyn Deltas, is_text: bool) -> Self {
        Self {
            deltas,
            is_text,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows what is left of the text, now that all of it is known.
    pub(super) fn finish(self, text: String) -> String {
        let state = self.state();
        if let Some(rest) = text.strip_prefix(&state.shown)
            && !rest.is_empty()
        {
            self.deltas.text(rest);
        }
        drop(state);
        text
    }
}

impl Deltas for Sieve<'_> {
    fn text(&self, piece: &str) {
        let mut state = self.state();
        let said = state.think(piece, self.deltas);
        if said.is_empty() {
            return;
        }
        state.said.push_str(&said);
        if let Some(words) = state.words(self.is_text) {
            self.deltas.text(&words);
            state.shown.push_str(&words);
        }
    }

    fn reasoning(&self, text: &str) {
        self.deltas.reasoning(text);
    }

    fn grew(&self) {
        self.deltas.grew();
    }

    fn wants_exchange(&self) -> bool {
        self.deltas.wants_exchange()
    }

    fn exchanged(&self, exchanged: Unclean) {
        self.deltas.exchanged(exchanged);
    }
}

impl State {
    /// Takes thoughts out of what came, and gives the rest.
    fn think(&mut self, piece: &str, deltas: &dyn Deltas) -> String {
        if self.thinking == Thinking::No {
            return piece.to_owned();
        }
        self.thought.push_str(piece);
        if self.thinking == Thinking::Perhaps {
            if !search::may_think(&self.thought) {
                self.thinking = Thinking::No;
                return std::mem::take(&mut self.thought);
            }
            let Some(thought) = self.thought.trim_start().strip_prefix(search::THINKS) else {
                return String::new();
            };
            self.thought = thought.to_owned();
            self.thinking = Thinking::Yes;
        }
        if self.thinking == Thinking::Yes {
            let end = self.thought.find(search::THOUGHT);
            let is_over = end.is_some();
            let end = end.unwrap_or_else(|| search::before_thought(&self.thought));
            let rest = self.thought.split_off(end);
            if !self.thought.is_empty() {
                deltas.reasoning(&self.thought);
            }
            self.thought = rest;
            if !is_over {
                return String::new();
            }
            self.thought.drain(..search::THOUGHT.len());
            self.thinking = Thinking::Over;
        }
        let rest = self.thought.trim_start().to_owned();
        self.thought.clear();
        if !rest.is_empty() {
            self.thinking = Thinking::No;
        }
        rest
    }

    /// What a reader may see by now and has not.
    fn words(&mut self, is_text: bool) -> Option<String> {
        if self.is_held {
            return self.more_of_the_reply(is_text);
        }
        let end = match search::start(&self.said, self.searched) {
            Start::Here(at) => {
                self.searched = at;
                self.is_held = true;
                search::lead_in(&self.said, at)
            }
            Start::Perhaps(at) => {
                self.searched = at;
                search::lead_in(&self.said, at)
            }
            Start::Nowhere => {
                self.searched = self.said.len();
                search::open_end(&self.said)
            }
        };
        let words = self.said.get(self.shown.len()..end);
        let words = words.filter(|words| !words.is_empty()).map(str::to_owned);
        words.or_else(|| self.more_of_the_reply(is_text))
    }

    fn more_of_the_reply(&mut self, is_text: bool) -> Option<String> {
        let is_whole = self.is_held && is_text;
        if self.reply.is_none() && is_whole && self.shown.is_empty() {
            self.reply = unescape::reply(&self.said);
        }
        let at = self.reply?;
        let (words, length) = unescape::certain(&self.said[at..]);
        self.reply = Some(at + length);
        (!words.is_empty()).then_some(words)
    }
}
