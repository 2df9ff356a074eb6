//! Playing a recording.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use slipway_agent::canonical;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::{Content, Message};

use super::mismatch::Mismatch;
use super::normal::{Folder, given};
use super::{Given, Recording};

/// A recording in a model's place. It remembers nothing: which answer is due follows from the
/// conversation, so that a resumed run goes on where it was.
#[derive(Debug, Clone)]
pub struct RecordedModel {
    name: String,
    recording: Arc<Recording>,
    folder: Folder,
    matching: Matching,
}

/// What becomes of a request that is not the recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// It fails, with what differs.
    #[default]
    Strict,
    /// It is answered with the recorded answer: a person looks at what comes of it.
    Accepting,
}

impl RecordedModel {
    /// The recording of this name, for a run in this folder.
    #[must_use]
    pub fn new(name: impl Into<String>, recording: Arc<Recording>, workdir: &str) -> Self {
        Self {
            name: name.into(),
            recording,
            folder: Folder::new(workdir),
            matching: Matching::default(),
        }
    }

    /// The same, matching in this way.
    #[must_use]
    pub fn matching(self, matching: Matching) -> Self {
        Self { matching, ..self }
    }

    /// The answer that is due, after all before it was found to be as recorded.
    fn due(&self, request: &ModelRequest) -> Result<&super::RecordedAnswer, ModelError> {
        let Recording {
            header,
            instructions,
            calls,
        } = &*self.recording;
        let mismatch = Mismatch {
            name: &self.name,
            header,
        };
        if self.matching == Matching::Accepting {
            let is_answer = |message: &&Message| matches!(message, Message::Assistant { .. });
            let answered = request.messages.iter().filter(is_answer).count();
            let due = calls.get(answered).map(|call| &call.answer);
            return due.ok_or_else(|| mismatch.no_more(calls.len()));
        }
        if !self.recording.fits_instructions(&request.instructions) {
            return Err(mismatch.instructions(instructions.as_deref(), &request.instructions));
        }
        if request.output_schema.as_ref().map(canonical::hash) != header.output_schema {
            return Err(mismatch.output_schema());
        }
        let mut tool_calls = 0;
        let mut turns = request
            .messages
            .split_inclusive(|message| matches!(message, Message::Assistant { .. }));
        for (index, recorded) in calls.iter().enumerate() {
            let turn = turns.next().unwrap_or_default();
            let (now, answer) = match turn {
                [before @ .., Message::Assistant { content, .. }] => (before, Some(content)),
                open => (open, None),
            };
            self.compare(&mismatch, &mut tool_calls, &recorded.given, now)?;
            match answer {
                None => return Ok(&recorded.answer),
                Some(content) if same(content, &recorded.answer.content) => {}
                Some(_) => return Err(mismatch.answer(index + 1)),
            }
        }
        Err(mismatch.no_more(calls.len()))
    }

    fn compare(
        &self,
        mismatch: &Mismatch<'_>,
        tool_calls: &mut usize,
        then: &[Given],
        now: &[Message],
    ) -> Result<(), ModelError> {
        let now: Vec<Given> = now
            .iter()
            .flat_map(|message| given(message, &self.folder))
            .collect();
        for index in 0..then.len().max(now.len()) {
            let (then, now) = (then.get(index), now.get(index));
            if [then, now]
                .into_iter()
                .flatten()
                .any(|one| matches!(one, Given::Tool { .. }))
            {
                *tool_calls += 1;
            }
            if then != now {
                return Err(mismatch.given(*tool_calls, then, now));
            }
        }
        Ok(())
    }
}

/// Whether two answers say the same. Ids of calls are the engine's to change, and reasoning is
/// for the provider's eyes.
fn same(one: &[Content], other: &[Content]) -> bool {
    enum Said<'a> {
        Text(&'a str),
        Call(&'a str, &'a Value),
    }
    fn said(content: &[Content]) -> impl Iterator<Item = Said<'_>> {
        content.iter().filter_map(|part| match part {
            Content::Text { text } => Some(Said::Text(text)),
            Content::ToolCall(call) => Some(Said::Call(&call.tool, &call.arguments)),
            Content::Reasoning { .. } => None,
        })
    }
    let (mut one, mut other) = (said(one), said(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(Said::Text(a)), Some(Said::Text(b))) if a == b => {}
            (Some(Said::Call(a, x)), Some(Said::Call(b, y))) if a == b && x == y => {}
            _ => return false,
        }
    }
}

#[async_trait]
impl Model for RecordedModel {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let answer = self.due(request)?;
        for part in &answer.content {
            if let Content::Text { text } = part {
                deltas.text(text);
            }
        }
        Ok(ModelResponse {
            content: answer.content.clone(),
            stop: answer.stop.clone(),
            usage: Some(answer.usage),
            cost_usd: None,
            request_id: None,
        })
    }
}
