//! What a person says of a judge's verdicts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Report;
use crate::assertion::{Basis, Verdict};
use crate::statistics::{Agreement, agreement};
use crate::suite::CaseId;

/// What a person says of an expectation that a model judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The case.
    pub case: CaseId,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The expectation, in the report's words.
    pub what: String,
    /// Whether the person finds that it is met.
    pub passes: bool,
}

impl Report {
    /// How far each model that judged agrees with a person, over the verdicts that have a label.
    #[must_use]
    pub fn agreement(&self, labels: &[Label]) -> Vec<(String, Agreement)> {
        let said: BTreeMap<(&CaseId, u32, &str), bool> = labels
            .iter()
            .map(|label| {
                (
                    (&label.case, label.attempt, label.what.as_str()),
                    label.passes,
                )
            })
            .collect();
        let mut pairs: BTreeMap<&str, Vec<(bool, bool)>> = BTreeMap::new();
        for (_, case) in self.cases() {
            for attempt in &case.attempts {
                for check in &attempt.checks {
                    let judged = match (&check.judgement.basis, &check.judgement.verdict) {
                        // Nonsense is no verdict to agree with.
                        (_, Verdict::Unjudged { .. }) => continue,
                        (Some(Basis::Rubric { model, .. }), verdict) => {
                            (model, verdict.is_passed())
                        }
                        _ => continue,
                    };
                    let key = (&case.id, attempt.number, check.what.as_str());
                    if let Some(passes) = said.get(&key) {
                        pairs.entry(judged.0).or_default().push((judged.1, *passes));
                    }
                }
            }
        }
        let measured = pairs.into_iter();
        measured
            .filter_map(|(model, pairs)| Some((model.to_owned(), agreement(&pairs)?)))
            .collect()
    }
}
