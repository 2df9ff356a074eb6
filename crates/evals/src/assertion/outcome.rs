//! How a run ended.

use slipway_contract::run::{EndReason, RunStatus};

use super::verdict::Verdict;
use crate::evidence::{Evidence, State};

/// The run succeeded. Every case expects it, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoError {
    /// Whether a run that waits for a tool's approval is well: its case expects that it asks.
    pub may_wait: bool,
}

/// The run stayed in its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetKept;

impl NoError {
    pub(super) fn judge(self, evidence: &Evidence) -> Verdict {
        match &evidence.state {
            State::Ended {
                status: RunStatus::Succeeded,
                ..
            } => Verdict::Passed,
            State::Ended {
                status,
                reason,
                message,
            } => {
                let (status, reason) = (status.as_str(), reason.as_str());
                let message = if message.is_empty() {
                    String::new()
                } else {
                    format!(": {message}")
                };
                Verdict::failed(format!("the run {status} ({reason}){message}"))
            }
            State::Parked {
                for_approval: true, ..
            } if self.may_wait => Verdict::Passed,
            State::Parked { why, .. } => Verdict::failed(format!("the run waits: {why}")),
            State::CutOff => Verdict::unjudged("the run was cut off before its end"),
        }
    }
}

impl BudgetKept {
    pub(super) fn judge(self, evidence: &Evidence) -> Verdict {
        if let State::Ended {
            reason: EndReason::OverBudget,
            message,
            ..
        } = &evidence.state
        {
            return Verdict::failed(format!("the run ended over its budget: {message}"));
        }
        let figures = &evidence.figures;
        let Some(budget) = figures.budget_usd else {
            return Verdict::unjudged("the run has no budget: give the case `budget_usd`");
        };
        match figures.cost_usd.or(figures.cost_at_most_usd) {
            Some(cost) if cost <= budget => Verdict::Passed,
            _ if figures.cost_usd.is_none() => Verdict::unjudged("nobody knows what the run cost"),
            cost => Verdict::failed(format!(
                "it cost {}, and its budget is {}",
                cost.unwrap_or_default().display_exact(),
                budget.display_exact()
            )),
        }
    }
}
