//! A concrete case with what came of its attempts.

use serde::{Deserialize, Serialize};
use slipway_contract::run::EndReason;
use slipway_contract::{RunId, Usd};

use crate::assertion::{Check, Judged, Outcome, cut};
use crate::evidence::{Evidence, State};
use crate::statistics::Proportion;
use crate::suite::{CaseId, ConcreteCase, Point};

/// The most characters that a report keeps of an answer.
const ANSWER: usize = 2_000;

/// A concrete case with what came of its attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// How it is found again.
    pub id: CaseId,
    /// What people call it.
    pub title: String,
    /// Words to choose it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its place in the matrix.
    #[serde(default, skip_serializing_if = "Point::is_plain")]
    pub point: Point,
    /// How many attempts must pass.
    pub required: u32,
    /// The attempts, in their order.
    pub attempts: Vec<Attempt>,
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why the run ended, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<EndReason>,
    /// Why there was no run to judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The share of the weights that is met.
    pub score: f64,
    /// Each expectation with what came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The answer, or its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the run cost; none when nobody knows.
    pub cost_usd: Option<Usd>,
    /// What judging cost beside it, as far as anyone knows.
    pub judging_usd: Usd,
    /// Milliseconds that the run took.
    pub latency_ms: u64,
    /// Steps that it made.
    pub steps: u32,
}

impl Attempt {
    /// A run that was judged.
    #[must_use]
    pub fn judged(number: u32, evidence: &Evidence, judged: Judged) -> Self {
        Self {
            number,
            run: evidence.run,
            outcome: judged.outcome,
            reason: match &evidence.state {
                State::Ended { reason, .. } => Some(*reason),
                State::Parked { .. } | State::CutOff | State::Refused { .. } => None,
            },
            error: None,
            score: judged.score,
            judging_usd: judged.cost_usd(),
            checks: judged.checks,
            answer: evidence.answer_text().map(|answer| cut(&answer, ANSWER)),
            cost_usd: evidence.figures.cost_usd,
            latency_ms: evidence.figures.latency_ms,
            steps: evidence.figures.steps,
        }
    }

    /// No run could be made or judged, for this reason.
    #[must_use]
    pub fn not_run(number: u32, why: impl Into<String>) -> Self {
        Self {
            number,
            run: None,
            outcome: Outcome::Unjudged,
            reason: None,
            error: Some(why.into()),
            score: 0.0,
            checks: Vec::new(),
            answer: None,
            cost_usd: None,
            judging_usd: Usd::ZERO,
            latency_ms: 0,
            steps: 0,
        }
    }
}

impl CaseReport {
    /// A concrete case with its attempts.
    #[must_use]
    pub fn new(case: &ConcreteCase, attempts: Vec<Attempt>) -> Self {
        Self {
            id: case.id.clone(),
            title: case.title.clone(),
            tags: case.case().tags.clone(),
            point: case.point.clone(),
            required: case.case().repeat.required(),
            attempts,
        }
    }

    /// What came of it: passed when as many attempts passed as must; not judged when those that
    /// could not be judged might have made it so.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let passed = self.count(Outcome::Passed);
        if passed >= self.required.max(1) {
            Outcome::Passed
        } else if self.attempts.is_empty()
            || passed + self.count(Outcome::Unjudged) >= self.required.max(1)
        {
            Outcome::Unjudged
        } else {
            Outcome::Failed
        }
    }

    /// Whether some attempts passed and others failed.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.count(Outcome::Passed) > 0 && self.count(Outcome::Failed) > 0
    }

    /// How many attempts passed; none when there was no attempt.
    #[must_use]
    pub fn passes(&self) -> Option<Proportion> {
        let attempts = u32::try_from(self.attempts.len()).ok()?;
        Proportion::new(self.count(Outcome::Passed), attempts)
    }

    /// The attempt that shows best why the case did not pass: the first that failed, else the
    /// first that could not be judged.
    #[must_use]
    pub fn telling(&self) -> Option<&Attempt> {
        let of = |outcome| {
            self.attempts
                .iter()
                .find(move |attempt| attempt.outcome == outcome)
        };
        of(Outcome::Failed).or_else(|| of(Outcome::Unjudged))
    }

    fn count(&self, outcome: Outcome) -> u32 {
        let found = self
            .attempts
            .iter()
            .filter(|attempt| attempt.outcome == outcome)
            .count();
        u32::try_from(found).unwrap_or(u32::MAX)
    }
}
