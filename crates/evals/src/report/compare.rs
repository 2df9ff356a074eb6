//! What changed from one report to another, told from luck.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use slipway_contract::{ContentHash, Timestamp};

use super::case::{Attempt, CaseReport};
use super::{Mode, Report};
use crate::assertion::Outcome;
use crate::statistics::{
    Confidence, Interval, Proportion, Signs, difference, mcnemar, median, median_interval,
    sign_test,
};
use crate::suite::CaseId;

/// What luck makes less often than this is no luck.
const SIGNIFICANT: f64 = 0.05;

/// What changed from one report to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What it is compared with.
    pub against: Against,
    /// Each case of either report.
    pub cases: Vec<CaseChange>,
    /// The share of cases that passed, over those in both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<RateChange>,
    /// US dollars for an attempt, over the cases in both whose cost is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<FigureChange>,
    /// Milliseconds of an attempt, over the cases in both. Replay takes no time worth comparing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<FigureChange>,
}

/// The report that another is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<ContentHash>,
    /// When it began.
    pub started_at: Timestamp,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseChange {
    /// The case.
    pub id: CaseId,
    /// What people call it.
    pub title: String,
    /// What became of it.
    pub change: Change,
    /// Where its share of passed attempts went, as far as that is no luck.
    pub trend: Trend,
    /// How many attempts passed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Proportion>,
    /// How many attempts pass now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Proportion>,
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It passed, and does not any more.
    Broken,
    /// It did not pass, and does now.
    Fixed,
    /// It passes sometimes: luck alone could make the difference.
    Flaky,
    /// It is as it was.
    Unchanged,
    /// Now or before it could not be judged.
    Unknown,
    /// It was not there before.
    New,
    /// It is not there any more.
    Gone,
}

/// Where something went, as far as that is no luck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// For the better.
    Better,
    /// For the worse.
    Worse,
    /// Nowhere that luck could not have taken it.
    Same,
}

/// How the share of cases that passed changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// Before.
    pub before: Proportion,
    /// Now.
    pub after: Proportion,
    /// How far luck could have made it; none where both reports played recordings, which give the
    /// same each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub luck: Option<Luck>,
    /// What follows.
    pub trend: Trend,
}

/// How far luck could have made a difference of two shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Luck {
    /// The 95% interval of the difference (Newcombe).
    pub difference: Interval,
    /// The p-value of McNemar's exact test.
    pub p: f64,
}

/// How a figure of the cases changed; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// The median before.
    pub before: f64,
    /// The median now.
    pub after: f64,
    /// The median of what it rose by, case for case.
    pub rose_by: f64,
    /// The 95% interval of that; none for fewer cases than six.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// The cases that have it before and now.
    pub pairs: u32,
    /// In how many of them it rose and fell.
    pub signs: Signs,
    /// The p-value of the sign test.
    pub p: f64,
    /// What follows.
    pub trend: Trend,
}

impl Comparison {
    /// What changed between two reports.
    #[must_use]
    pub fn between(before: &Report, after: &Report) -> Self {
        let (old, new) = (by_id(before), by_id(after));
        // Recordings give the same each time, so each difference is one.
        let certain = before.mode == Mode::Replay && after.mode == Mode::Replay;
        let pairs: Vec<(&CaseReport, &CaseReport)> = after
            .cases()
            .filter_map(|(_, case)| Some((*old.get(&case.id)?, case)))
            .collect();
        let mut cases: Vec<CaseChange> = after
            .cases()
            .map(|(_, case)| changed(old.get(&case.id).copied(), case, certain))
            .collect();
        let gone = before
            .cases()
            .filter(|(_, case)| !new.contains_key(&case.id));
        cases.extend(gone.map(|(_, case)| CaseChange {
            id: case.id.clone(),
            title: case.title.clone(),
            change: Change::Gone,
            trend: Trend::Same,
            before: case.passes(),
            after: None,
        }));
        Self {
            against: Against {
                version: before.version,
                started_at: before.started_at,
            },
            cases,
            rate: rate(&pairs, certain),
            cost: figure(&pairs, &|attempt| attempt.cost_usd?.0.to_f64()),
            latency: (before.mode != Mode::Replay && after.mode != Mode::Replay)
                .then(|| figure(&pairs, &|attempt| Some(attempt.latency_ms as f64)))
                .flatten(),
        }
    }

    /// How many cases changed so.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.cases
            .iter()
            .filter(|case| case.change == change)
            .count()
    }

    /// What became of each case.
    #[must_use]
    pub fn by_id(&self) -> BTreeMap<&CaseId, Change> {
        self.cases
            .iter()
            .map(|case| (&case.id, case.change))
            .collect()
    }
}

fn by_id(report: &Report) -> BTreeMap<&CaseId, &CaseReport> {
    report.cases().map(|(_, case)| (&case.id, case)).collect()
}

fn changed(before: Option<&CaseReport>, after: &CaseReport, certain: bool) -> CaseChange {
    let passes = (before.and_then(CaseReport::passes), after.passes());
    let trend = match passes {
        (Some(old), Some(new)) if certain => direction(new.share() - old.share()),
        (Some(old), Some(new)) => {
            let interval = difference(old, new, Confidence::P95);
            match interval.holds(0.0) {
                true => Trend::Same,
                false => direction(interval.low),
            }
        }
        _ => Trend::Same,
    };
    let outcomes = before.map(|before| (before.outcome(), after.outcome()));
    let change = match outcomes {
        None => Change::New,
        Some((Outcome::Unjudged, _) | (_, Outcome::Unjudged)) => Change::Unknown,
        Some((Outcome::Failed, Outcome::Passed)) if certain || trend == Trend::Better => {
            Change::Fixed
        }
        Some((Outcome::Passed, Outcome::Failed)) if certain || trend == Trend::Worse => {
            Change::Broken
        }
        Some((old, new)) if old != new || after.is_mixed() => Change::Flaky,
        Some(_) => Change::Unchanged,
    };
    CaseChange {
        id: after.id.clone(),
        title: after.title.clone(),
        change,
        trend,
        before: passes.0,
        after: passes.1,
    }
}

fn direction(difference: f64) -> Trend {
    if difference > 0.0 {
        Trend::Better
    } else if difference < 0.0 {
        Trend::Worse
    } else {
        Trend::Same
    }
}

fn rate(pairs: &[(&CaseReport, &CaseReport)], certain: bool) -> Option<RateChange> {
    let passed = |case: &CaseReport| case.outcome() == Outcome::Passed;
    let count = |holds: &dyn Fn(&(&CaseReport, &CaseReport)) -> bool| {
        u32::try_from(pairs.iter().filter(|pair| holds(pair)).count()).unwrap_or(u32::MAX)
    };
    let all = u32::try_from(pairs.len()).ok()?;
    let before = Proportion::new(count(&|(old, _)| passed(old)), all)?;
    let after = Proportion::new(count(&|(_, new)| passed(new)), all)?;
    let fixed = count(&|(old, new)| !passed(old) && passed(new));
    let broken = count(&|(old, new)| passed(old) && !passed(new));
    let p = mcnemar(fixed, broken);
    let trend = match certain || p < SIGNIFICANT {
        true => direction(after.share() - before.share()),
        false => Trend::Same,
    };
    let luck = (!certain).then(|| Luck {
        difference: difference(before, after, Confidence::P95),
        p,
    });
    Some(RateChange {
        before,
        after,
        luck,
        trend,
    })
}

fn figure(
    pairs: &[(&CaseReport, &CaseReport)],
    of: &dyn Fn(&Attempt) -> Option<f64>,
) -> Option<FigureChange> {
    let middle = |case: &CaseReport| median(case.attempts.iter().filter_map(of).collect());
    let pairs: Vec<(f64, f64)> = pairs
        .iter()
        .filter_map(|(old, new)| Some((middle(old)?, middle(new)?)))
        .collect();
    let mut signs = Signs::default();
    for (old, new) in &pairs {
        signs.rose += u32::from(new > old);
        signs.fell += u32::from(new < old);
    }
    let p = sign_test(signs);
    let trend = match p < SIGNIFICANT {
        true => direction(f64::from(signs.fell) - f64::from(signs.rose)),
        false => Trend::Same,
    };
    let differences: Vec<f64> = pairs.iter().map(|(old, new)| new - old).collect();
    Some(FigureChange {
        rose_by: median(differences.clone())?,
        interval: median_interval(differences, Confidence::P95),
        before: median(pairs.iter().map(|pair| pair.0).collect())?,
        after: median(pairs.iter().map(|pair| pair.1).collect())?,
        pairs: u32::try_from(pairs.len()).unwrap_or(u32::MAX),
        signs,
        p,
        trend,
    })
}
