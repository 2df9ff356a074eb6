//! What came of running suites, compared with before, and told to people and programs.

mod case;
mod compare;
pub mod console;
mod exposed;
pub mod html;
pub mod junit;
mod label;
pub mod markdown;
mod read;
#[cfg(test)]
mod tests;
mod total;
mod words;

use serde::{Deserialize, Serialize};
use slipway_contract::error::Finding;
use slipway_contract::run::EndReason;
use slipway_contract::{AgentName, ContentHash, Timestamp};

use crate::suite::CaseId;

pub use case::{Attempt, CaseReport};
pub use compare::{Against, CaseChange, Change, Comparison, FigureChange, Luck, RateChange, Trend};
pub use label::Label;
pub use read::{MAX_REPORT_BYTES, ReadError};
pub use slipway_contract::test::Mode;
pub use total::{Repeats, Totals};
pub use words::comparison as sentences;

/// The version of the format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// What came of running suites of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The format's version, and by its name the mark of the format.
    #[serde(rename = "slipway_report")]
    pub format: u32,
    /// The agent.
    pub agent: AgentName,
    /// What people call it.
    pub title: String,
    /// The version that was tested; none for files that are no version yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<ContentHash>,
    /// How its models answered.
    pub mode: Mode,
    /// When it began.
    pub started_at: Timestamp,
    /// Milliseconds that all of it took.
    pub took_ms: u64,
    /// The suites, in their order.
    pub suites: Vec<SuiteReport>,
    /// What changed against another report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Comparison>,
}

/// A suite with what came of its cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuiteReport {
    /// Its file.
    pub file: String,
    /// What people call it.
    pub title: String,
    /// Why it could not be run; empty when it could.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Its concrete cases, in their order.
    pub cases: Vec<CaseReport>,
    /// Its concrete cases that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedCase>,
}

/// A concrete case that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedCase {
    /// How it is found again.
    pub id: CaseId,
    /// What people call it.
    pub title: String,
    /// Why.
    pub why: String,
}

impl Report {
    /// All cases, with their suites.
    pub fn cases(&self) -> impl Iterator<Item = (&SuiteReport, &CaseReport)> {
        self.suites
            .iter()
            .flat_map(|suite| suite.cases.iter().map(move |case| (suite, case)))
    }

    /// Whether everything is as it should be: each suite could be run, and each case passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.suites.iter().all(|suite| suite.findings.is_empty())
            && self
                .cases()
                .all(|(_, case)| case.outcome() == crate::assertion::Outcome::Passed)
    }

    /// Whether a run ended because it was not as it was recorded.
    #[must_use]
    pub fn has_mismatch(&self) -> bool {
        let mut attempts = self.cases().flat_map(|(_, case)| &case.attempts);
        attempts.any(|attempt| attempt.reason == Some(EndReason::RecordingMismatch))
    }

    /// The same, compared with a report from before.
    #[must_use]
    pub fn compared_with(mut self, before: &Self) -> Self {
        self.against = Some(Comparison::between(before, &self));
        self
    }
}
