//! A run as its page shows it: a pure fold of the run's events.
//!
//! The page loads what is journalled and then folds what the host streams, so that a run looks the same whether it was
//! watched or opened later.

mod clock;
mod entry;
mod fold;
mod headline;
mod talk;
#[cfg(test)]
mod tests;
mod trace;
mod waterfall;
mod ways;

use std::rc::Rc;

use slipway_contract::approval::Approval;
use slipway_contract::event::RunEvent;
use slipway_contract::run::{End, ParkReason, RunDetail, RunStatus, RunSummary, Usage};
use slipway_contract::{AgentName, ContentHash, RunId, StepId, Timestamp, Usd};

pub(crate) use clock::{Clock, millis_between};
pub(crate) use entry::{
    Asked, Break, Compaction, Entry, Failure, ModelPhase, ModelStep, ToolPhase, ToolStep,
};
pub(crate) use headline::{Doing, Phase};
pub(crate) use talk::{Origin, Said, Utterance};
pub(crate) use trace::Trace;
pub(crate) use waterfall::{Axis, Bar, PARTS, Waterfall};
pub(crate) use ways::WayOut;

/// A run as its page shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RunState {
    /// The run.
    pub(crate) run: RunId,
    /// The agent.
    pub(crate) agent: AgentName,
    /// The agent's title.
    pub(crate) title: String,
    /// Where its paths start; empty where that is not known.
    pub(crate) workdir: String,
    /// The version.
    pub(crate) version: ContentHash,
    /// The model, `provider/model`.
    pub(crate) model: String,
    /// The money limit.
    pub(crate) budget_usd: Option<Usd>,
    /// What it is.
    pub(crate) status: RunStatus,
    /// Whether somebody drives it.
    pub(crate) driven: bool,
    /// Why it waits.
    pub(crate) parked: Option<ParkReason>,
    /// How it ended.
    pub(crate) end: Option<End>,
    /// When what happened.
    pub(crate) clock: Clock,
    /// The most that the call under way can cost.
    pub(crate) reserved: Option<(StepId, Usd)>,
    /// Its own figures; its parent's are the parent's.
    pub(crate) usage: Usage,
    /// What was said, oldest first.
    pub(crate) talk: Vec<Rc<Utterance>>,
    /// What was done, oldest first.
    pub(crate) trace: Trace,
    last_seq: u64,
}

impl RunState {
    /// The run as the host described it, with all its events.
    #[cfg(test)]
    pub(crate) fn load(detail: &RunDetail) -> Self {
        let mut state = Self::begin(&detail.summary);
        detail.events.iter().for_each(|event| state.apply(event));
        state.settle(detail);
        state
    }

    /// Takes in what the host says beside the events, once they were taken in. The journal says what was recorded; only
    /// the host knows whether somebody drives the run now.
    pub(crate) fn settle<E>(&mut self, detail: &RunDetail<E>) {
        let summary = &detail.summary;
        self.workdir.clone_from(&detail.workdir);
        self.status = summary.status;
        self.driven = summary.driven;
        self.parked = summary.parked;
        if !summary.driven || summary.usage.cost_usd.is_none() {
            // A call in which the run was cut off is in no event yet.
            self.usage.cost_usd = summary.usage.cost_usd;
            self.usage.cost_at_most_usd = summary.usage.cost_at_most_usd;
        }
        if summary.end.is_some() {
            self.end.clone_from(&summary.end);
        }
        if detail.more {
            return;
        }
        if self.is_cut_off() {
            self.trace.cut_off(self.clock.last_at);
        }
        for approval in &detail.approvals {
            self.trace.ask(approval, summary.created_at);
        }
    }

    /// Takes over what streamed in while the run was shown: the host, asked once more, cannot tell it again.
    pub(crate) fn keep_pieces(&mut self, shown: &Self) {
        let same_call = self.usage.model_calls == shown.usage.model_calls;
        for mut said in talk::pieces(&shown.talk) {
            let Some(model) = said.step.and_then(|step| self.trace.model_mut(step)) else {
                continue;
            };
            match model.phase {
                ModelPhase::Answered { .. } => continue,
                ModelPhase::Waiting { since } | ModelPhase::Streaming { since }
                    if said.live && same_call =>
                {
                    model.phase = ModelPhase::Streaming { since };
                }
                _ => {
                    said.live = false;
                    said.cut_off = true;
                }
            }
            self.talk.push(Rc::new(Utterance::Agent(said)));
        }
    }

    /// The run before anything happened.
    pub(crate) fn begin(summary: &RunSummary) -> Self {
        Self {
            run: summary.id,
            agent: summary.agent.clone(),
            title: summary.title.clone(),
            workdir: String::new(),
            version: summary.version,
            model: summary.model.clone(),
            budget_usd: summary.budget_usd,
            status: RunStatus::Queued,
            driven: false,
            parked: None,
            end: None,
            clock: Clock::new(summary.created_at),
            reserved: None,
            usage: Usage::default(),
            talk: Vec::new(),
            trace: Trace::default(),
            last_seq: 0,
        }
    }

    /// An attempt of a test, by its events alone: no run of it is kept.
    pub(crate) fn of_attempt(agent: AgentName, title: &str, events: &[RunEvent]) -> Self {
        let first = events.first();
        let mut state = Self {
            run: first.map_or_else(|| RunId::from_random([0; 10]), |event| event.run_id),
            agent,
            title: title.to_owned(),
            workdir: String::new(),
            version: ContentHash::from_bytes([0; 32]),
            model: String::new(),
            budget_usd: None,
            status: RunStatus::Queued,
            driven: false,
            parked: None,
            end: None,
            clock: Clock::new(first.map_or(Timestamp::UNIX_EPOCH, |event| event.at)),
            reserved: None,
            usage: Usage::default(),
            talk: Vec::new(),
            trace: Trace::default(),
            last_seq: 0,
        };
        events.iter().for_each(|event| state.apply(event));
        state.trace.cut_off(state.clock.last_at);
        // Nobody waits for an answer any more.
        state.trace.lapse_questions();
        state
    }

    /// What it asks a person now, oldest first.
    pub(crate) fn open_questions(&self) -> impl Iterator<Item = &Approval> {
        self.trace.open_questions().map(|asked| &asked.approval)
    }

    /// Whether its model's answers come from a recording.
    pub(crate) fn plays_recording(&self) -> bool {
        is_recording(&self.model)
    }

    /// Whether it says running while nobody drives it.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.status == RunStatus::Running && !self.driven
    }

    /// Milliseconds of work until now; time parked does not count.
    pub(crate) fn worked_ms(&self, now: Timestamp) -> i64 {
        self.clock
            .worked_ms((self.status == RunStatus::Running && self.driven).then_some(now))
    }
}

/// Whether a model, `provider/model`, is a recording.
pub(crate) fn is_recording(model: &str) -> bool {
    model.starts_with("recording/")
}
