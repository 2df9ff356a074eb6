//! All expectations of a case together.

use serde::{Deserialize, Serialize};

use super::ports::Ports;
use super::verdict::{Basis, Judgement, Verdict};
use super::{Assertion, Expectation, NoError, Threshold, Wanted};
use crate::evidence::Evidence;

pub use slipway_contract::test::Outcome;

/// An expectation with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was expected, in words.
    pub what: String,
    /// How much it counts.
    pub weight: u32,
    /// What came of it.
    #[serde(flatten)]
    pub judgement: Judgement,
}

/// An attempt's expectations with what came of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// What came of them together.
    pub outcome: Outcome,
    /// The share of the weights that is met.
    pub score: f64,
    /// Each of them.
    pub checks: Vec<Check>,
}

/// Judges what a run left behind by what its case expects. A case passes when the share of the
/// weights that are met reaches the threshold.
///
/// A run that ended with an error passes no case that does not speak of errors itself: who expects
/// that an answer holds no secret does not mean one that is not there.
pub async fn judge(
    expectations: &[Expectation],
    threshold: Option<Threshold>,
    evidence: &Evidence,
    ports: &Ports<'_>,
) -> Judged {
    let mut checks = Vec::with_capacity(expectations.len() + 1);
    let mut well = Outcome::Passed;
    let speaks_of_errors =
        |one: &Expectation| matches!(one.assertion, Assertion::NoError(_) | Assertion::Ended(_));
    if !expectations.iter().any(speaks_of_errors) {
        let verdict = NoError {
            may_wait: asks(expectations),
        }
        .judge(evidence);
        well = outcome(&verdict);
        if well != Outcome::Passed {
            checks.push(Check {
                what: "ends without an error".to_owned(),
                weight: 0,
                judgement: verdict.into(),
            });
        }
    }
    for expectation in expectations {
        checks.push(Check {
            what: expectation.to_string(),
            weight: expectation.weight.get(),
            judgement: expectation.judge(evidence, ports).await,
        });
    }
    let share = |wanted: &dyn Fn(&Verdict) -> bool| {
        let all: u64 = checks.iter().map(|check| u64::from(check.weight)).sum();
        let met = checks
            .iter()
            .filter(|check| wanted(&check.judgement.verdict));
        let met: u64 = met.map(|check| u64::from(check.weight)).sum();
        if all == 0 {
            1.0
        } else {
            met as f64 / all as f64
        }
    };
    let score = share(&Verdict::is_passed);
    let possible = share(&|verdict| !matches!(verdict, Verdict::Failed { .. }));
    let threshold = threshold.unwrap_or(Threshold::ALL).get();
    let outcome = match well {
        Outcome::Passed if reaches(score, threshold) => Outcome::Passed,
        Outcome::Passed | Outcome::Unjudged if reaches(possible, threshold) => Outcome::Unjudged,
        _ => Outcome::Failed,
    };
    Judged {
        outcome,
        score,
        checks,
    }
}

/// Whether a share reaches another; three of ten reach 0.3, whatever floats make of it.
fn reaches(share: f64, threshold: f64) -> bool {
    share + 1e-9 >= threshold
}

fn asks(expectations: &[Expectation]) -> bool {
    expectations.iter().any(|one| {
        !one.not
            && matches!(&one.assertion, Assertion::Approval(approval) if approval.wanted == Wanted::Asked)
    })
}

const fn outcome(verdict: &Verdict) -> Outcome {
    match verdict {
        Verdict::Passed => Outcome::Passed,
        Verdict::Failed { .. } => Outcome::Failed,
        Verdict::Unjudged { .. } => Outcome::Unjudged,
    }
}

impl Judged {
    /// What judging cost, as far as anyone knows.
    #[must_use]
    pub fn cost_usd(&self) -> slipway_contract::Usd {
        let costs = self
            .checks
            .iter()
            .filter_map(|check| match &check.judgement.basis {
                Some(Basis::Similarity { cost_usd, .. } | Basis::Rubric { cost_usd, .. }) => {
                    *cost_usd
                }
                None => None,
            });
        costs.fold(slipway_contract::Usd::ZERO, slipway_contract::Usd::plus)
    }
}
