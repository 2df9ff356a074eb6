//! How a run ended.

use std::fmt;

use slipway_agent::package::document::{Reader, Section, Text};
use slipway_contract::run::{EndReason, RunStatus};

use super::verdict::{Explanation, Verdict};
use crate::evidence::{Evidence, State};

/// Every reason that a run can end with.
const REASONS: [EndReason; 19] = [
    EndReason::Answered,
    EndReason::CancelledByPerson,
    EndReason::MaxSteps,
    EndReason::Timeout,
    EndReason::OverBudget,
    EndReason::PriceUnknown,
    EndReason::RepeatedFailure,
    EndReason::InvalidOutput,
    EndReason::EmptyAnswer,
    EndReason::AnswerTooLong,
    EndReason::Refused,
    EndReason::UnknownStop,
    EndReason::Model,
    EndReason::ContextTooLong,
    EndReason::Tool,
    EndReason::RecordingMismatch,
    EndReason::NotGranted,
    EndReason::ApprovalExpired,
    EndReason::Stopped,
];

/// The run succeeded. Every case expects it, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoError {
    /// Whether a run that waits for a tool's approval is well: its case expects that it asks.
    pub may_wait: bool,
}

/// The run ended for one of these reasons, whether it succeeded or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The reasons; at least one.
    pub reasons: Vec<EndReason>,
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
                let why = Explanation::of_message(&format!("the run {status} ({reason})"), message);
                Verdict::Failed { why }
            }
            State::Parked {
                for_approval: true, ..
            } if self.may_wait => Verdict::Passed,
            State::Parked { why, .. } => Verdict::failed(format!("the run waits: {why}")),
            State::CutOff => Verdict::unjudged("the run was cut off before its end"),
            State::Refused { why } => Verdict::Failed {
                why: Explanation::of_message("the run was refused before it began", why),
            },
        }
    }
}

impl Ended {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let found = section.get("ended")?;
        let words: Vec<(&str, EndReason)> = REASONS
            .iter()
            .map(|reason| (reason.as_str(), *reason))
            .collect();
        let reasons = if found.value.is_str() {
            vec![reader.word(section, "ended", &words)?]
        } else {
            let texts = reader.texts(section, "ended", Text::Line(40));
            let reasons = texts.into_iter();
            reasons
                .filter_map(|text| reader.word_of(text, &words))
                .collect()
        };
        if reasons.is_empty() && reader.is_clean() {
            reader.report(&found.span, &found.key, "is empty: name a reason");
        }
        Some(Self { reasons })
    }

    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        match &evidence.state {
            State::Ended { reason, .. } if self.reasons.contains(reason) => Verdict::Passed,
            State::Ended {
                reason, message, ..
            } => {
                let reason = reason.as_str();
                let why = Explanation::of_message(&format!("the run ended with {reason}"), message);
                Verdict::Failed { why }
            }
            State::Parked { why, .. } => Verdict::failed(format!("the run waits: {why}")),
            State::CutOff => Verdict::unjudged("the run was cut off before its end"),
            State::Refused { why } => Verdict::Failed {
                why: Explanation::of_message("the run was refused before it began", why),
            },
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.reasons.iter().map(|reason| reason.as_str()).collect();
        write!(f, "ends with {}", words.join(" or "))
    }
}

impl BudgetKept {
    pub(super) fn judge(self, evidence: &Evidence) -> Verdict {
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
