//! The trace: what a run did, one entry a line.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::run::Tokens;
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, StepId, Timestamp, Usd};

/// One line of the trace.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A model call, with all its attempts.
    Model(ModelStep),
    /// A tool call, with what was asked about it.
    Tool(ToolStep),
    /// A question that belongs to no call: what the package asks for.
    Grant(Asked),
    /// Where the run was cut off and taken up again.
    Break(Break),
    /// Where the conversation was shortened.
    Compaction(Compaction),
    /// Where a further message made a new run.
    Message,
}

/// A model call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelStep {
    /// The step.
    pub(crate) step: StepId,
    /// `provider/model`.
    pub(crate) model: String,
    /// Where it stands.
    pub(crate) phase: ModelPhase,
    /// The attempts that failed, oldest first.
    pub(crate) failures: Vec<Failure>,
}

/// Where a model call stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ModelPhase {
    /// Asked, nothing has come yet.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// The answer is coming.
    Streaming {
        /// When it was asked.
        since: Timestamp,
    },
    /// Failed; it will be tried again.
    Retrying {
        /// When.
        at: Timestamp,
    },
    /// Answered.
    Answered {
        /// The answer.
        content: Vec<Content>,
        /// Why it stopped.
        stop: StopReason,
        /// What it used.
        usage: Tokens,
        /// What it cost.
        cost_usd: Option<Usd>,
        /// Milliseconds to the first piece.
        first_token_ms: Option<u64>,
        /// Milliseconds in all.
        took_ms: u64,
    },
    /// Failed for good.
    Failed,
    /// The run stopped while it was under way.
    CutOff,
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    /// From 1.
    pub(crate) attempt: u32,
    /// What happened and what can be done.
    pub(crate) message: String,
    /// Milliseconds until the next attempt.
    pub(crate) retry_in_ms: Option<u64>,
}

/// A tool call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolStep {
    /// The step.
    pub(crate) step: StepId,
    /// The model's id of the call.
    pub(crate) call_id: CallId,
    /// The tool.
    pub(crate) tool: String,
    /// The arguments.
    pub(crate) arguments: Value,
    /// What it does to the world; unknown for a call that was refused.
    pub(crate) effect: Option<Effect>,
    /// Where it stands.
    pub(crate) phase: ToolPhase,
    /// What was asked about it.
    pub(crate) asked: Vec<Asked>,
    /// The steps that were under way at the same time.
    pub(crate) with: Vec<StepId>,
}

/// Where a tool call stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ToolPhase {
    /// Not begun: a person is asked, or was and it goes on at once.
    Asked,
    /// Under way.
    Running {
        /// Since when.
        since: Timestamp,
    },
    /// Ended, or refused before it began.
    Returned {
        /// The result as the model reads it.
        result: Value,
        /// Whether it failed in a way that the model can act on.
        is_error: bool,
        /// Milliseconds, where they were measured.
        took_ms: Option<u64>,
        /// Whether it began at all; one that was refused did not.
        began: bool,
    },
    /// The run stopped while it was under way.
    CutOff,
}

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// The question and what its answer is bound to.
    pub(crate) approval: Approval,
    /// When it was asked.
    pub(crate) at: Timestamp,
    /// The answer and who gave it.
    pub(crate) answer: Option<(Answer, AnsweredBy)>,
    /// Whether the run ended without an answer.
    pub(crate) lapsed: bool,
}

impl Asked {
    pub(crate) fn is_open(&self) -> bool {
        self.answer.is_none() && !self.lapsed
    }
}

/// Where a run was cut off and taken up again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Break {
    /// Its last word before.
    pub(crate) last_word: Timestamp,
    /// When it was taken up.
    pub(crate) resumed_at: Timestamp,
    /// Completed steps before it.
    pub(crate) kept: usize,
    /// Completed steps that were made again after it: none, if the journal's promise holds.
    pub(crate) made_again: usize,
}

/// Where the conversation was shortened to fit the model's window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compaction {
    /// Estimated tokens before.
    pub(crate) tokens_before: u64,
    /// Estimated tokens after.
    pub(crate) tokens_after: u64,
    /// Tool results whose text was left out.
    pub(crate) results_elided: u32,
    /// Older turns that were left out.
    pub(crate) turns_dropped: u32,
}

/// What a run did, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trace {
    entries: Vec<Rc<Entry>>,
    places: HashMap<StepId, usize>,
    under_way: Vec<StepId>,
    /// What the newest model answer asked for, until each call begins or is refused.
    wanted: Vec<ToolCall>,
}

impl Trace {
    pub(crate) fn entries(&self) -> &[Rc<Entry>] {
        &self.entries
    }

    /// The line of a step.
    pub(crate) fn place(&self, step: StepId) -> Option<usize> {
        self.places.get(&step).copied()
    }

    /// Questions without an answer, oldest first.
    pub(crate) fn open_questions(&self) -> impl Iterator<Item = &Asked> {
        self.entries
            .iter()
            .flat_map(|entry| entry.questions())
            .filter(|asked| asked.is_open())
    }

    /// The steps that are under way.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &Entry> {
        self.under_way
            .iter()
            .filter_map(|step| self.entries.get(self.place(*step)?))
            .map(Rc::as_ref)
    }

    pub(super) fn push(&mut self, entry: Entry) {
        if let Some(step) = entry.step() {
            self.places.insert(step, self.entries.len());
        }
        self.entries.push(Rc::new(entry));
    }

    pub(super) fn begin(&mut self, step: StepId) {
        if !self.under_way.contains(&step) {
            self.under_way.push(step);
        }
    }

    pub(super) fn end(&mut self, step: StepId) {
        self.under_way.retain(|other| *other != step);
    }

    pub(super) fn model_mut(&mut self, step: StepId) -> Option<&mut ModelStep> {
        match self.entry_mut(step)? {
            Entry::Model(model) => Some(model),
            _ => None,
        }
    }

    pub(super) fn tool_mut(&mut self, step: StepId) -> Option<&mut ToolStep> {
        match self.entry_mut(step)? {
            Entry::Tool(tool) => Some(tool),
            _ => None,
        }
    }

    fn entry_mut(&mut self, step: StepId) -> Option<&mut Entry> {
        let place = self.place(step)?;
        self.entries.get_mut(place).map(Rc::make_mut)
    }

    pub(super) fn want(&mut self, content: &[Content]) {
        let calls = content.iter().filter_map(|part| match part {
            Content::ToolCall(call) => Some(call.clone()),
            _ => None,
        });
        self.wanted = calls.collect();
    }

    /// The arguments that the model gave for a call.
    pub(super) fn wanted_arguments(&self, call_id: &CallId) -> Value {
        let wanted = self.wanted.iter().find(|call| call.call_id == *call_id);
        wanted.map_or(Value::Null, |call| call.arguments.clone())
    }

    /// The tool steps that are under way.
    pub(super) fn tools_under_way(&self) -> Vec<StepId> {
        let tools = self.under_way().filter_map(|entry| match entry {
            Entry::Tool(tool) => Some(tool.step),
            _ => None,
        });
        tools.collect()
    }

    /// Notes a question; one that is already there stays as it is.
    pub(super) fn ask(&mut self, approval: &Approval, at: Timestamp) {
        let known = self.entries.iter().flat_map(|entry| entry.questions());
        if known
            .filter(|asked| asked.approval.step == approval.step)
            .any(|asked| asked.approval.binding == approval.binding)
        {
            return;
        }
        let asked = Asked {
            approval: approval.clone(),
            at,
            answer: None,
            lapsed: false,
        };
        let (call_id, tool, arguments, effect) = match &approval.question {
            Question::Grant { .. } => return self.entries.push(Rc::new(Entry::Grant(asked))),
            Question::Call {
                call_id,
                tool,
                arguments,
                effect,
                ..
            } => (call_id, tool, arguments, Some(*effect)),
            Question::Outcome {
                call_id,
                tool,
                arguments,
            } => (call_id, tool, arguments, None),
        };
        match self.tool_mut(approval.step) {
            Some(step) => step.asked.push(asked),
            None => self.push(Entry::Tool(ToolStep {
                step: approval.step,
                call_id: call_id.clone(),
                tool: tool.clone(),
                arguments: arguments.clone(),
                effect,
                phase: ToolPhase::Asked,
                asked: vec![asked],
                with: Vec::new(),
            })),
        }
    }

    pub(super) fn resolve(
        &mut self,
        step: StepId,
        binding: ContentHash,
        answer: &Answer,
        by: AnsweredBy,
    ) {
        let mut fits = false;
        self.each_open_question(|asked| {
            if asked.approval.step == step && asked.approval.binding == binding {
                asked.answer = Some((answer.clone(), by));
                fits = true;
            }
        });
        if let (true, Answer::Happened { result }, Some(tool)) = (fits, answer, self.tool_mut(step))
        {
            // The person's word stands for what the tool would have returned.
            tool.phase = ToolPhase::Returned {
                result: Value::String(result.clone()),
                is_error: false,
                took_ms: None,
                began: true,
            };
        }
    }

    /// The run stopped or ended: nothing is under way any more.
    pub(super) fn cut_off(&mut self) {
        for step in std::mem::take(&mut self.under_way) {
            match self.entry_mut(step) {
                Some(Entry::Model(model)) => model.phase = ModelPhase::CutOff,
                Some(Entry::Tool(tool)) => tool.phase = ToolPhase::CutOff,
                _ => {}
            }
        }
    }

    /// The run ended: nobody will answer.
    pub(super) fn lapse_questions(&mut self) {
        self.each_open_question(|asked| asked.lapsed = true);
    }

    fn each_open_question(&mut self, mut change: impl FnMut(&mut Asked)) {
        for entry in &mut self.entries {
            if !entry.questions().iter().any(Asked::is_open) {
                continue;
            }
            match Rc::make_mut(entry) {
                Entry::Grant(asked) => change(asked),
                Entry::Tool(tool) => tool
                    .asked
                    .iter_mut()
                    .filter(|asked| asked.is_open())
                    .for_each(&mut change),
                _ => {}
            }
        }
    }

    pub(super) fn completed(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.is_completed())
            .count()
    }

    /// A completed step is made again: the newest break says so.
    pub(super) fn note_repetition(&mut self, step: StepId) {
        let completed = self
            .place(step)
            .and_then(|place| self.entries.get(place))
            .is_some_and(|entry| entry.is_completed());
        if !completed {
            return;
        }
        let newest = self
            .entries
            .iter_mut()
            .rev()
            .find(|entry| matches!(entry.as_ref(), Entry::Break(_)));
        if let Some(Entry::Break(gap)) = newest.map(Rc::make_mut) {
            gap.made_again += 1;
        }
    }
}

impl Entry {
    /// The step, for one that is a step.
    pub(crate) fn step(&self) -> Option<StepId> {
        match self {
            Self::Model(model) => Some(model.step),
            Self::Tool(tool) => Some(tool.step),
            _ => None,
        }
    }

    /// What was asked about it.
    pub(crate) fn questions(&self) -> &[Asked] {
        match self {
            Self::Grant(asked) => std::slice::from_ref(asked),
            Self::Tool(tool) => &tool.asked,
            _ => &[],
        }
    }

    fn is_completed(&self) -> bool {
        match self {
            Self::Model(model) => matches!(model.phase, ModelPhase::Answered { .. }),
            Self::Tool(tool) => matches!(tool.phase, ToolPhase::Returned { .. }),
            _ => false,
        }
    }
}
