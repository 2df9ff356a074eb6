//! Answers to what a run of a test asks.

use async_trait::async_trait;
use slipway_agent::ports::approvals::Approvals as AskedPort;
use slipway_contract::RunId;
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};

use crate::suite::{ApprovalRule, Approvals};

/// Answers by the case's rules. A suite comes with its package, and what a package asks for a
/// person grants: so its rules allow only what cannot reach beyond the case's own folder, unless a
/// person allowed everything.
pub(super) struct ByRule {
    pub(super) rules: Approvals,
    /// A person allowed everything.
    pub(super) all: bool,
    /// The tools that the suite may allow: they stay on this machine, or are not really called.
    pub(super) harmless: Vec<String>,
}

#[async_trait]
impl AskedPort for ByRule {
    async fn ask(&self, _: RunId, approval: &Approval) -> Option<(Answer, AnsweredBy)> {
        let answer = match &approval.question {
            Question::Call { tool, .. } => match self.rules.answer(tool) {
                Some(ApprovalRule::Deny) => Answer::Deny {
                    reason: "The person refused.".to_owned(),
                },
                Some(ApprovalRule::Allow) if self.all || self.harmless.contains(tool) => {
                    Answer::Approve
                }
                _ if self.all => Answer::Approve,
                _ => return None,
            },
            Question::Grant { .. } if self.all => Answer::Approve,
            // Nobody knows what became of a call, or what a model costs.
            Question::Grant { .. } | Question::Outcome { .. } | Question::Price { .. } => {
                return None;
            }
        };
        Some((answer, AnsweredBy::RunOption))
    }
}
