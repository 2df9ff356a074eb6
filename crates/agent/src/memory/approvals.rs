//! People in memory.

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use slipway_contract::RunId;
use slipway_contract::approval::{Answer, AnsweredBy, Approval};

use super::lock;
use crate::ports::approvals::Approvals;

/// Nobody is here to answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoApprovals;

#[async_trait]
impl Approvals for NoApprovals {
    async fn ask(&self, _: RunId, _: &Approval) -> Option<(Answer, AnsweredBy)> {
        None
    }
}

/// What a scripted person does when asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// Answers.
    Answer(Answer),
    /// Is not here.
    Away,
    /// Looks at the question and never answers.
    Ponder,
}

/// A person who answers as scripted, and is away when the script is over.
#[derive(Debug, Default)]
pub struct ScriptedApprovals {
    script: Mutex<VecDeque<Reaction>>,
    otherwise: Option<Answer>,
    asked: Mutex<Vec<Approval>>,
    withdrawn: Mutex<u32>,
}

impl ScriptedApprovals {
    /// Reacts to each question in turn.
    pub fn new(script: impl IntoIterator<Item = Reaction>) -> Self {
        Self {
            script: Mutex::new(script.into_iter().collect()),
            ..Self::default()
        }
    }

    /// Gives each question the same answer.
    #[must_use]
    pub fn always(answer: Answer) -> Self {
        Self {
            otherwise: Some(answer),
            ..Self::default()
        }
    }

    /// What was asked so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Approval> {
        lock(&self.asked).clone()
    }

    /// How many questions were withdrawn before they were answered.
    #[must_use]
    pub fn withdrawn(&self) -> u32 {
        *lock(&self.withdrawn)
    }
}

#[async_trait]
impl Approvals for ScriptedApprovals {
    async fn ask(&self, _: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        lock(&self.asked).push(approval.clone());
        let reaction = lock(&self.script).pop_front();
        let answer = match reaction {
            Some(Reaction::Answer(answer)) => Some(answer),
            Some(Reaction::Away) => None,
            Some(Reaction::Ponder) => {
                let _withdrawn = Count(&self.withdrawn);
                std::future::pending().await
            }
            None => self.otherwise.clone(),
        };
        answer.map(|answer| (answer, AnsweredBy::Person))
    }
}

struct Count<'a>(&'a Mutex<u32>);

impl Drop for Count<'_> {
    fn drop(&mut self) {
        *lock(self.0) += 1;
    }
}
