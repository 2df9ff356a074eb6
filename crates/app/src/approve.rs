//! Who answers a run's questions.

use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::clock::Clock;
use slipway_contract::RunId;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_store::{Grant, Store};

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

/// The person said yes to everything beforehand. Whether a call happened is no such question.
pub(crate) struct Everything;

#[async_trait]
impl Approvals for Everything {
    async fn ask(&self, _: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        match approval.question {
            Question::Grant { .. } | Question::Call { .. } => {
                Some((Answer::Approve, AnsweredBy::RunOption))
            }
            Question::Outcome { .. } => None,
        }
    }
}

/// Remembers what a person grants, so that the same behaviour asks once.
pub(crate) struct Remembering {
    pub(crate) inner: Arc<dyn Approvals>,
    pub(crate) store: Store,
    pub(crate) memory: GrantMemory,
}

/// For whom a grant is remembered.
#[derive(Clone)]
pub(crate) struct GrantMemory {
    pub(crate) agent: slipway_contract::AgentName,
    pub(crate) workdir: String,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Approvals for Remembering {
    async fn ask(&self, run: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        let (answer, by) = self.inner.ask(run, approval).await?;
        if by == AnsweredBy::Person && answer == Answer::Approve {
            self.memory.keep(&self.store, approval).await;
        }
        Some((answer, by))
    }
}

impl GrantMemory {
    /// A grant that cannot be stored is asked again; the run goes on with it.
    pub(crate) async fn keep(&self, store: &Store, approval: &Approval) {
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
                behaviour: *behaviour,
                workdir: self.workdir.clone(),
                permission: permission.clone(),
                granted_at: self.clock.now(),
            })
            .collect();
        if let Err(error) = store.grant(&grants).await {
            tracing::warn!(%error, "a grant could not be remembered");
        }
    }
}
