//! A report in figures.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use slipway_contract::Usd;

use super::Report;
use crate::assertion::Outcome;
use crate::statistics::{Confidence, Interval, Proportion, all_of, any_of};

/// A report in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Cases.
    pub cases: u32,
    /// Of them passed.
    pub passed: u32,
    /// Of them failed.
    pub failed: u32,
    /// Of them not judged.
    pub unjudged: u32,
    /// Of them with attempts that passed and others that failed.
    pub mixed: u32,
    /// Suites that could not be run.
    pub invalid_suites: u32,
    /// The share of cases that passed, and its 95% interval; none without a case.
    pub rate: Option<Rate>,
    /// What the runs cost whose cost is known.
    pub cost_usd: Usd,
    /// Runs whose cost nobody knows.
    pub cost_unknown: u32,
    /// What judging cost beside them, as far as anyone knows.
    pub judging_usd: Usd,
    /// What repeats say; empty where each case was run once.
    pub repeats: Vec<Repeats>,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The share.
    pub share: f64,
    /// Its 95% interval (Wilson).
    pub interval: Interval,
}

/// The mean over the cases that were attempted at least `k` times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Repeats {
    /// The number of attempts.
    pub k: u32,
    /// pass@k: the chance that at least one of them passes.
    pub any: f64,
    /// pass^k: the chance that all of them pass.
    pub all: f64,
    /// The cases.
    pub cases: u32,
}

impl Report {
    /// The report in figures.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals {
            cases: 0,
            passed: 0,
            failed: 0,
            unjudged: 0,
            mixed: 0,
            invalid_suites: 0,
            rate: None,
            cost_usd: Usd::ZERO,
            cost_unknown: 0,
            judging_usd: Usd::ZERO,
            repeats: self.repeats(),
        };
        for suite in &self.suites {
            totals.invalid_suites += u32::from(!suite.findings.is_empty());
        }
        for (_, case) in self.cases() {
            totals.cases += 1;
            match case.outcome() {
                Outcome::Passed => totals.passed += 1,
                Outcome::Failed => totals.failed += 1,
                Outcome::Unjudged => totals.unjudged += 1,
            }
            totals.mixed += u32::from(case.is_mixed());
            for attempt in &case.attempts {
                totals.judging_usd = totals.judging_usd.plus(attempt.judging_usd);
                match attempt.cost_usd {
                    Some(cost) => totals.cost_usd = totals.cost_usd.plus(cost),
                    // What never ran cost nothing.
                    None => totals.cost_unknown += u32::from(attempt.error.is_none()),
                }
            }
        }
        let rate = Proportion::new(totals.passed, totals.cases);
        totals.rate = rate.map(|rate| Rate {
            share: rate.share(),
            interval: rate.wilson(Confidence::P95),
        });
        totals
    }

    fn repeats(&self) -> Vec<Repeats> {
        let passes: Vec<Proportion> = self.cases().filter_map(|(_, case)| case.passes()).collect();
        let counts: BTreeSet<u32> = passes.iter().map(|passes| passes.of()).collect();
        let counts = counts.into_iter().filter(|count| *count > 1);
        let of = counts.filter_map(|k| {
            let any: Vec<f64> = passes
                .iter()
                .filter_map(|passes| any_of(*passes, k))
                .collect();
            let all: Vec<f64> = passes
                .iter()
                .filter_map(|passes| all_of(*passes, k))
                .collect();
            let cases = u32::try_from(any.len()).ok()?;
            let mean = |of: &[f64]| of.iter().sum::<f64>() / f64::from(cases);
            Some(Repeats {
                k,
                any: mean(&any),
                all: mean(&all),
                cases,
            })
        });
        of.collect()
    }
}
