//! Asking a person.

use async_trait::async_trait;
use slipway_contract::RunId;
use slipway_contract::approval::{Answer, AnsweredBy, Approval};

/// Someone who can be asked while the run is driven.
#[async_trait]
pub trait Approvals: Send + Sync {
    /// The answer to a question, or none when nobody is here to answer: then the run parks.
    /// Dropping the future withdraws the question.
    async fn ask(&self, run: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)>;
}
