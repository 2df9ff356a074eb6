//! One case of a report, and one of its attempts.

use slipway_agent::package::path::INSTRUCTIONS;
use slipway_agent::package::text_diff;
use slipway_contract::event::RunEvent;
use slipway_contract::id::ReportId;
use slipway_contract::run::EndReason;
use slipway_contract::test::{
    AttemptEntry, AttemptPage, CasePage, CheckEntry, JudgedBy, Mismatch, Outcome, RecordedFrom,
};
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::assertion::{Basis, Check, Verdict};
use slipway_evals::execute::recording_name;
use slipway_evals::report::{Attempt, CaseReport};
use slipway_evals::suite::ConcreteCase;
use slipway_runner::recordings::Recording;
use slipway_store::LabelRow;

use super::suites_of;
use crate::App;
use crate::problem::from_store;

impl App {
    /// What came of one case in a report.
    ///
    /// # Errors
    /// There is no such report, or no such case in it.
    pub async fn case_page(
        &self,
        agent: &AgentName,
        report: ReportId,
        case: &str,
        attempt: Option<u32>,
    ) -> Result<CasePage, Problem> {
        let row = self.report_row(report).await?;
        let whole = self.whole_report(&row).await?;
        let found = whole.cases().find(|(_, one)| one.id.as_str() == case);
        let (suite, found) = found.ok_or_else(|| no_such_case(case))?;
        let concrete = self.concrete_case(agent, case).await?;
        let recording = concrete.as_ref().and_then(|(concrete, package)| {
            recording_of(concrete, package).map(|(name, recording)| (name, recording, package))
        });
        let shown = match attempt {
            Some(number) => found.attempts.iter().find(|one| one.number == number),
            None => found.telling().or_else(|| found.attempts.first()),
        };
        let labels = self.store().labels_of(report).await;
        let labels = labels.map_err(|error| from_store(&error))?;
        let shown = match shown {
            None => None,
            Some(attempt) => {
                let traced = self.store().trace_of(report, case, attempt.number).await;
                let traced = traced.map_err(|error| from_store(&error))?.is_some();
                let mut page = page_of(found, attempt, &labels, traced);
                if attempt.reason == Some(EndReason::RecordingMismatch) {
                    let known = recording.as_ref().and_then(|(_, recording, package)| {
                        changed_instructions(recording, package.instructions())
                    });
                    asks_otherwise(&mut page, known);
                }
                Some(page)
            }
        };
        let regression = self.store().regression(report, case).await;
        Ok(CasePage {
            case: case.to_owned(),
            title: found.title.clone(),
            suite: suite.file.clone(),
            line: concrete
                .as_ref()
                .map_or(1, |(concrete, _)| concrete.case().line),
            recorded: recording.map(|(name, recording, _)| RecordedFrom {
                name,
                made_at: recording.header.made_at,
                model: recording.header.model.clone(),
                calls: u32::try_from(recording.calls.len()).unwrap_or(u32::MAX),
                accepted_at: recording.header.accepted_at,
            }),
            attempts: found
                .attempts
                .iter()
                .map(|one| AttemptEntry {
                    number: one.number,
                    outcome: one.outcome,
                    run: one.run,
                })
                .collect(),
            shown,
            regression: regression.map_err(|error| from_store(&error))?,
        })
    }

    /// What happened in an attempt: as it was kept, else as it is played again.
    ///
    /// # Errors
    /// It was not kept, and cannot be played.
    pub async fn attempt_events(
        &self,
        report: ReportId,
        case: &str,
        number: u32,
    ) -> Result<Vec<RunEvent>, Problem> {
        let kept = self.store().trace_of(report, case, number).await;
        if let Some(kept) = kept.map_err(|error| from_store(&error))? {
            return serde_json::from_str(&kept).map_err(|error| {
                let message = format!("what happened in the attempt cannot be read: {error}");
                Problem::new(ErrorCode::Storage, message)
            });
        }
        let row = self.report_row(report).await?;
        self.played_again(&row.agent, case, number).await
    }

    /// A case of the agent as it is now, with its package.
    pub(super) async fn concrete_case(
        &self,
        agent: &AgentName,
        case: &str,
    ) -> Result<Option<(ConcreteCase, slipway_agent::package::Package)>, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        // A report stays readable while the package is not valid.
        let Ok(package) = self.package_of(present.files) else {
            return Ok(None);
        };
        let suites = suites_of(&package)
            .into_iter()
            .filter_map(|(_, suite)| suite.ok());
        let mut cases = suites.flat_map(|suite| suite.expand());
        let found = cases.find(|one| one.id.as_str() == case);
        Ok(found.map(|found| (found, package)))
    }
}

pub(super) fn no_such_case(case: &str) -> Problem {
    let shown: String = case.chars().take(40).collect();
    Problem::new(ErrorCode::NotFound, format!("there is no case {shown:?}"))
}

/// The recording that a case plays, with its name.
pub(super) fn recording_of(
    case: &ConcreteCase,
    package: &slipway_agent::package::Package,
) -> Option<(String, Recording)> {
    let names = [Some(recording_name(case)), case.case().recording.clone()];
    names.into_iter().flatten().find_map(|name| {
        let bytes = package.files().get(&format!("recordings/{name}.jsonl"))?;
        Some((name, Recording::parse(bytes).ok()?))
    })
}

fn page_of(case: &CaseReport, attempt: &Attempt, labels: &[LabelRow], traced: bool) -> AttemptPage {
    let label = |check: &Check| {
        let of = labels.iter().find(|label| {
            label.case == case.id.as_str()
                && label.number == attempt.number
                && label.expected == check.what
        });
        of.map(|label| label.met)
    };
    AttemptPage {
        number: attempt.number,
        outcome: attempt.outcome,
        error: attempt.error.clone(),
        checks: attempt
            .checks
            .iter()
            .map(|check| entry(check, label(check)))
            .collect(),
        mismatch: None,
        answer: attempt.answer.clone(),
        cost_usd: attempt.cost_usd,
        latency_ms: attempt.latency_ms,
        steps: attempt.steps,
        run: attempt.run,
        traced,
    }
}

/// What follows from a run that was not as recorded is no news: only that is told.
fn asks_otherwise(page: &mut AttemptPage, mismatch: Option<Mismatch>) {
    page.checks.truncate(1);
    let (Some(check), Some(_)) = (page.checks.first_mut(), &mismatch) else {
        return;
    };
    check.why = Some("what the agent asks now was not recorded".to_owned());
    check.details = None;
    page.mismatch = mismatch;
}

fn entry(check: &Check, label: Option<bool>) -> CheckEntry {
    let mut entry = CheckEntry {
        what: check.what.clone(),
        outcome: Outcome::Passed,
        why: None,
        expected: None,
        got: None,
        details: None,
        diff: Vec::new(),
        judged: None,
    };
    match &check.judgement.verdict {
        Verdict::Passed => {}
        Verdict::Failed { why } => {
            entry.outcome = Outcome::Failed;
            entry.why = Some(why.summary.clone());
            entry.expected.clone_from(&why.expected);
            entry.got.clone_from(&why.got);
            entry.details.clone_from(&why.details);
            entry.diff.clone_from(&why.diff);
        }
        Verdict::Unjudged { why } => {
            entry.outcome = Outcome::Unjudged;
            entry.why = Some(why.clone());
        }
    }
    if let Some(Basis::Rubric {
        model,
        score,
        reasoning,
        cost_usd,
    }) = &check.judgement.basis
    {
        entry.judged = Some(JudgedBy {
            model: model.clone(),
            score: *score,
            reasoning: reasoning.clone(),
            cost_usd: *cost_usd,
            label,
        });
    }
    entry
}

/// How the instructions differ from those of the recording, if they do.
fn changed_instructions(recording: &Recording, now: &str) -> Option<Mismatch> {
    if recording.fits_instructions(now) {
        return None;
    }
    let then = recording.instructions.clone();
    let diff = then.as_deref().and_then(|then| text_diff(then, now.trim()));
    Some(Mismatch {
        what: "the agent's instructions have changed since the recording".to_owned(),
        file: Some(INSTRUCTIONS.to_owned()),
        diff: diff.unwrap_or_default(),
        recorded_text: then.map(|then| format!("{then}\n")),
    })
}
