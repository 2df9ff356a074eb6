//! The trace: what a run did, one entry a line.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::message::{Content, ToolCall};
use slipway_contract::{CallId, ContentHash, StepId, Timestamp};

use super::entry::{Asked, Entry, ModelPhase, ModelStep, ToolPhase, ToolStep};

/// When a step was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spell {
    /// From when.
    pub(crate) from: Timestamp,
    /// Until when; none while it is.
    pub(crate) to: Option<Timestamp>,
}

/// What a run did, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trace {
    entries: Vec<Rc<Entry>>,
    places: HashMap<StepId, usize>,
    spells: HashMap<StepId, Spell>,
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

    /// When a step was under way: from its first attempt to the end of its last.
    pub(crate) fn spell(&self, step: StepId) -> Option<Spell> {
        self.spells.get(&step).copied()
    }

    pub(super) fn begin(&mut self, step: StepId, at: Timestamp) {
        if !self.under_way.contains(&step) {
            self.under_way.push(step);
        }
        let spell = self
            .spells
            .entry(step)
            .or_insert(Spell { from: at, to: None });
        spell.to = None;
    }

    pub(super) fn end(&mut self, step: StepId, at: Timestamp) {
        self.under_way.retain(|other| *other != step);
        if let Some(spell) = self.spells.get_mut(&step) {
            spell.to = Some(at);
        }
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
            Question::Grant { .. } | Question::Price { .. } => {
                return self.entries.push(Rc::new(Entry::Grant(asked)));
            }
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
                whole_bytes: None,
                is_error: false,
                took_ms: None,
                began: true,
            };
        }
    }

    /// The run stopped or ended: nothing is under way any more.
    pub(super) fn cut_off(&mut self, at: Timestamp) {
        for step in std::mem::take(&mut self.under_way) {
            if let Some(spell) = self.spells.get_mut(&step) {
                spell.to = Some(at.max(spell.from));
            }
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
