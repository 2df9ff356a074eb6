//! Who answers a run's questions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::observer::Observer;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::{AgentName, RunId, StepId};
use slipway_store::{AgentSource, Grant, Store};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::rules::{self, RuleBook, Said};

/// What shall happen when a run asks (`--approve`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Approve {
    /// Ask the person.
    #[default]
    Ask,
    /// Grant and approve, for this run, whatever is asked and not denied.
    Allow,
    /// Park at the first question.
    Never,
}

/// Nobody is here to answer.
pub(crate) struct Nobody;

#[async_trait]
impl Approvals for Nobody {
    async fn ask(&self, _: RunId, _: &Approval) -> Option<(Answer, AnsweredBy)> {
        None
    }
}

/// A person who can be asked while the run is driven.
#[async_trait]
pub trait Person: Send + Sync {
    /// The answer to a question, or none to leave it open. `choices` are patterns with which the
    /// person may give the answer for good. Dropping the future withdraws the question.
    async fn ask(
        &self,
        run: RunId,
        approval: &Approval,
        choices: &[ArgumentPattern],
    ) -> Option<Said>;
}

/// Answers a run's questions: by what the person decided for good, else by whom they left in
/// charge.
pub(crate) struct InCharge {
    pub(crate) rules: RuleBook,
    pub(crate) approve: Approve,
    pub(crate) person: Option<Arc<dyn Person>>,
    /// Questions come to the person in the order in which they were asked, however long each
    /// rule takes to be found.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

#[async_trait]
impl Approvals for InCharge {
    async fn ask(&self, run: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        let turn = self.turn.lock().await;
        match self.rules.answer(approval).await {
            Ok(None) => drop(turn),
            Ok(answer) => return answer,
            Err(error) => {
                // A rule may say no to this.
                tracing::error!(%error, "rules could not be looked up, so the question stays open");
                return None;
            }
        }
        match (self.approve, &self.person) {
            (Approve::Allow, _) => answered_beforehand(&approval.question),
            (Approve::Never, _) | (Approve::Ask, None) => None,
            (Approve::Ask, Some(person)) => {
                let said = person.ask(run, approval, &rules::choices(approval)).await?;
                Some(self.counted(approval, said).await)
            }
        }
    }
}

impl InCharge {
    /// The answer as it is journalled, with the rule that the person makes of it. Where none can
    /// be made, the answer is to this question alone.
    async fn counted(&self, approval: &Approval, said: Said) -> (Answer, AnsweredBy) {
        let Said { answer, always } = said;
        let Some(pattern) = always else {
            return (answer, AnsweredBy::Person);
        };
        match self.rules.make(approval, &answer, pattern).await {
            Ok(by) => (answer, by),
            Err(problem) => {
                tracing::warn!(%problem, "the answer counts once");
                (answer, AnsweredBy::Person)
            }
        }
    }
}

/// The person said yes to everything beforehand. Whether a call happened nobody can know then, and
/// a limit of money is no question that a yes to everything lifts.
fn answered_beforehand(question: &Question) -> Option<(Answer, AnsweredBy)> {
    match question {
        Question::Grant { .. } | Question::Call { .. } => {
            Some((Answer::Approve, AnsweredBy::RunOption))
        }
        Question::Outcome { .. } | Question::Price { .. } => None,
    }
}

/// For whom a grant is remembered.
#[derive(Clone)]
pub(crate) struct GrantMemory {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) agent: AgentName,
    pub(crate) source: AgentSource,
    pub(crate) workdir: String,
}

/// Remembers what a person grants, so that the same package asks once. An answer counts when it
/// is journalled, so it is taken from the run's events.
pub(crate) struct Remembering {
    inner: Arc<dyn Observer>,
    asked: Mutex<HashMap<StepId, Approval>>,
    granted: UnboundedSender<Note>,
}

enum Note {
    Granted(Box<Approval>),
    End,
}

/// Writes down what is remembered, beside the run.
pub(crate) struct Remembered {
    writing: JoinHandle<()>,
    end: UnboundedSender<Note>,
}

impl Remembering {
    /// Watches a run that asks this already, for `inner` too.
    pub(crate) fn new(
        memory: GrantMemory,
        asked: Vec<Approval>,
        inner: Arc<dyn Observer>,
    ) -> (Self, Remembered) {
        let (granted, mut inbox) = unbounded_channel();
        let asked = asked.into_iter().map(|approval| (approval.step, approval));
        let writing = tokio::spawn(async move {
            while let Some(Note::Granted(approval)) = inbox.recv().await {
                memory.keep(&approval).await;
            }
        });
        let end = granted.clone();
        let watching = Self {
            inner,
            asked: Mutex::new(asked.collect()),
            granted,
        };
        (watching, Remembered { writing, end })
    }
}

impl Remembered {
    /// Waits until everything is written that the observer has seen by now.
    pub(crate) async fn written(self) {
        // It cannot be gone before it was told to end.
        let _ = self.end.send(Note::End);
        if let Err(error) = self.writing.await {
            tracing::error!(%error, "grants could not be remembered");
        }
    }
}

impl Observer for Remembering {
    fn event(&self, event: &RunEvent) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match &event.kind {
            EventKind::ApprovalRequested(approval) => {
                asked.insert(approval.step, approval.clone());
            }
            EventKind::ApprovalResolved {
                step,
                binding,
                answer,
                by,
            } => {
                let approval = asked.remove(step);
                let counts = *answer == Answer::Approve && *by == AnsweredBy::Person;
                if let Some(approval) = approval
                    && counts
                    && approval.binding == *binding
                {
                    // The other end lives as long as this one.
                    let _ = self.granted.send(Note::Granted(Box::new(approval)));
                }
            }
            _ => {}
        }
        drop(asked);
        self.inner.event(event);
    }
}

impl GrantMemory {
    /// A grant that cannot be stored is asked again; the run goes on with it.
    async fn keep(&self, approval: &Approval) {
        let Question::Grant {
            permissions,
            behaviour,
        } = &approval.question
        else {
            return;
        };
        let grants: Vec<Grant> = permissions
            .iter()
            .map(|permission| Grant {
                agent: self.agent.clone(),
                source: self.source.clone(),
                behaviour: *behaviour,
                workdir: self.workdir.clone(),
                permission: permission.clone(),
                granted_at: self.clock.now(),
            })
            .collect();
        if let Err(error) = self.store.grant(&grants).await {
            tracing::warn!(%error, "a grant could not be remembered");
        }
    }
}
