//! Running cases: each attempt is a run of the agent through the one runner, in a folder of its
//! own, with its tools, its answers to questions and its limits.
//!
//! What is replayed is kept nowhere: its journal lies in memory. What asks a live model is a run
//! like any other, in the runner's own journal, so that a crash costs nothing twice: its caller is
//! told of each run [before it begins](Begun), and hands it back when it goes on.

mod approvals;
mod attached;
mod attempt;
mod place;
mod plan;
mod queue;
#[cfg(test)]
mod tests;
mod tools;
mod under_way;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::driver::Control;
use slipway_agent::event::Recorded;
use slipway_agent::package::Package;
use slipway_contract::event::RunEvent;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::run::EndReason;
use slipway_contract::{RunId, Usd};
use slipway_runner::Runner;

pub use plan::{Answers, Selection, Skipped, Work, plan, recording_name};
pub use queue::run;
pub use under_way::UnderWay;

use crate::assertion::ports::{Embeddings, Judge};
use crate::report::{Attempt, Mode};
use crate::suite::AttemptId;

/// What all attempts share.
#[derive(Clone)]
pub struct Setup {
    /// Who starts runs; what asks a live model is kept in its journal.
    pub runner: Runner,
    /// The agent.
    pub package: Arc<Package>,
    /// How models answer.
    pub mode: Mode,
    /// Whether anything may leave this machine. Nothing does in replay.
    pub network: bool,
    /// What a person allowed.
    pub allowed: Allowed,
    /// What all attempts together may cost.
    pub budget: Option<SharedBudget>,
    /// An absolute folder, its links resolved, in which working folders are made.
    pub folder: PathBuf,
    /// Who judges by rubrics.
    pub judge: Option<Arc<dyn Judge>>,
    /// Who makes embeddings.
    pub embeddings: Option<Arc<dyn Embeddings>>,
    /// Another model than the agent's, where the suite's matrix names none.
    pub model: Option<ModelRef>,
}

/// What a person allowed for these tests.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    /// Whatever the package asks for and its runs ask, where the case does not say no.
    pub all: bool,
    /// What was granted to the agent before.
    pub granted: Vec<Permission>,
}

/// A budget that several runs draw from.
#[derive(Debug, Clone, Copy)]
pub struct SharedBudget {
    /// What it is counted under; no run has this id.
    pub root: RunId,
    /// The budget.
    pub limit: Usd,
}

/// Hears of runs before they begin. Only runs that ask a live model are told.
#[async_trait]
pub trait Begun: Send + Sync {
    /// This run is about to begin: the attempt's turn `turn`, from 0.
    ///
    /// # Errors
    /// It cannot be remembered; then it is not begun.
    async fn begun(&self, attempt: &AttemptId, run: RunId, turn: usize) -> Result<(), String>;

    /// This attempt is given up: whoever goes on makes it anew.
    ///
    /// # Errors
    /// It cannot be remembered.
    async fn given_up(&self, attempt: &AttemptId) -> Result<(), String>;
}

#[async_trait]
impl Begun for () {
    async fn begun(&self, _: &AttemptId, _: RunId, _: usize) -> Result<(), String> {
        Ok(())
    }

    async fn given_up(&self, _: &AttemptId) -> Result<(), String> {
        Ok(())
    }
}

/// An attempt that is over.
#[derive(Debug)]
pub struct Done {
    /// Which.
    pub id: AttemptId,
    /// What came of it.
    pub attempt: Attempt,
    /// Why its last run ended, if it did.
    pub end: Option<EndReason>,
    /// The budget that was its own.
    pub own_budget: Option<Usd>,
    /// What happened in it, all turns together.
    pub events: Vec<RunEvent>,
    /// The same as it was journalled.
    pub journal: Vec<Recorded>,
    /// Its working folder, where its runs are kept: whoever keeps what came of it takes the folder
    /// away after that, since one that is gone on with is judged by it again.
    pub place: Option<PathBuf>,
}

/// How an attempt ended.
#[derive(Debug)]
pub enum Ended {
    /// It is over.
    Done(Box<Done>),
    /// It was stopped, and is to be gone on with or made again.
    Stopped(AttemptId),
}

/// Whether a person or the process stopped it.
fn is_stopped(control: &Control) -> bool {
    control.cancel.is_cancelled() || control.detach.is_cancelled()
}
