//! What went over the wire, as a person sees it.

mod curl;
mod files;
mod json;
mod page;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::wire::{WireCall, WireExchange, WirePage, WireStep};
use slipway_contract::{ErrorCode, Problem, RunId, StepId};
use slipway_store::{WireEntry, WireLimits, WireSize};

use crate::App;
use crate::runs::from_journal;

/// The variable that says whether what goes over the wire is kept.
const VARIABLE: &str = "SLIPWAY_WIRE";
/// Bytes of a body that the window shows.
const SHOWN: usize = 256 << 10;

/// Whether what goes over the wire is kept, by the environment.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os(VARIABLE).is_none_or(|value| value != "off")
}

/// An attempt with all that was kept of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wired {
    /// The answer's body, as it came.
    pub answer: Vec<u8>,
    /// The request's body, with a note in the place of each file; [`App::wire_request`] has it as
    /// it was sent.
    pub request: Vec<u8>,
    /// The attempt as a person reads it.
    pub page: WirePage,
    /// The attempt, exactly.
    pub exchange: WireExchange,
}

impl App {
    /// The attempts of a run that are kept, oldest first.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn wire_calls(&self, run: RunId) -> Result<Vec<WireCall>, Problem> {
        let entries = self.wire_entries(run).await?;
        Ok(entries.iter().map(page::call).collect())
    }

    /// The attempts at a model call that are kept, oldest first, with all of them.
    ///
    /// # Errors
    /// There is no such run, the step is no model call of it, or nothing of it is kept.
    pub async fn wire_of(&self, run: RunId, step: StepId) -> Result<Vec<Wired>, Problem> {
        let kept = self.wire_records(run, step, usize::MAX).await?;
        if kept.is_empty() {
            let why = self.why_none(run, step).await?;
            return Err(Problem::new(ErrorCode::NotFound, why));
        }
        Ok(kept)
    }

    /// The attempts at a model call as the window shows them.
    ///
    /// # Errors
    /// There is no such run, or the step is no model call of it.
    pub async fn show_wire(&self, run: RunId, step: StepId) -> Result<WireStep, Problem> {
        let kept = self.wire_records(run, step, SHOWN).await?;
        let why_none = match kept.is_empty() {
            true => Some(self.why_none(run, step).await?),
            false => None,
        };
        let attempts = kept.into_iter().map(|wired| wired.page).collect();
        Ok(WireStep { attempts, why_none })
    }

    /// Why nothing of a run is kept.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn why_no_wire(&self, run: RunId) -> Result<String, Problem> {
        let (spec, summary) = (self.spec_of(run).await?, self.summary_of(run).await?);
        let events = self.recorded(run).await?.1;
        let kept_for = WireLimits::default().age;
        let kept_for = SignedDuration::try_from(kept_for).unwrap_or(SignedDuration::MAX);
        let age = self
            .runner()
            .world()
            .clock
            .now()
            .duration_since(summary.created_at);
        let size = self.wire_size().await;
        let is_before = size.since.is_none_or(|since| summary.created_at < since);
        Ok(if spec.model.provider == "recording" {
            format!(
                "The model was {}: a recording is played from its file, and nothing goes over the wire.",
                spec.model
            )
        } else if asked(&events).is_empty() {
            "The run has made no model call.".to_owned()
        } else if !is_wanted() {
            format!("{VARIABLE}=off: what goes over the wire is not kept.")
        } else if age > kept_for || (is_before && size.segments > 0) {
            "What went over the wire is kept for 30 days and up to 256 MiB, and this run is older than what is left.".to_owned()
        } else {
            "Nothing is kept of what went over the wire: it was removed or switched off, Slipway was killed before it was written, or the run comes from elsewhere or from an older Slipway.".to_owned()
        })
    }

    async fn why_none(&self, run: RunId, step: StepId) -> Result<String, Problem> {
        let events = self.recorded(run).await?.1;
        if self.summary_of(run).await?.driven && is_under_way(&events, step) {
            return Ok("The call is under way: it is shown when it is over.".to_owned());
        }
        self.why_no_wire(run).await
    }

    /// How much is kept of what went over the wire.
    pub async fn wire_size(&self) -> WireSize {
        let files = self.wire().clone();
        let size = tokio::task::spawn_blocking(move || files.size()).await;
        size.unwrap_or_default()
    }

    async fn wire_records(
        &self,
        run: RunId,
        step: StepId,
        shown: usize,
    ) -> Result<Vec<Wired>, Problem> {
        let calls = asked(&self.recorded(run).await?.1);
        if !calls.iter().any(|(call, _)| *call == step) {
            return Err(no_call(run, step, &calls));
        }
        let entries = self.wire_entries(run).await?;
        let files = self.wire().clone();
        let read = move || {
            let of_step = entries.iter().filter(|entry| entry.step == step);
            let records = of_step.filter_map(|entry| Some((entry, files.record(entry)?)));
            records
                .map(|(entry, record)| page::wired(entry, record.exchanged, shown))
                .collect()
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))
    }

    /// What is kept of a run, and of the runs whose journal it goes on with.
    async fn wire_entries(&self, run: RunId) -> Result<Vec<WireEntry>, Problem> {
        let lineage = self.store().lineage(run).await;
        let lineage = lineage.map_err(|error| from_journal(&error))?;
        let calls = asked(&self.recorded(run).await?.1);
        let shared: BTreeSet<(RunId, StepId)> = calls
            .iter()
            .filter_map(|(step, seq)| {
                let (owner, _) = lineage.iter().find(|(_, seqs)| seqs.contains(seq))?;
                Some((*owner, *step))
            })
            .collect();
        let runs: Vec<RunId> = lineage.into_iter().map(|(run, _)| run).collect();
        let files = self.wire().clone();
        let entries = tokio::task::spawn_blocking(move || files.entries(&runs)).await;
        let mut entries = entries.unwrap_or_default();
        entries.retain(|entry| shared.contains(&(entry.run, entry.step)));
        Ok(entries)
    }
}

/// The model calls of a run, each with its place in the journal.
fn asked(events: &[RunEvent]) -> BTreeSet<(StepId, u64)> {
    let asked = events.iter().filter_map(|event| match &event.kind {
        EventKind::ModelRequested { step, .. } => Some((*step, event.seq?)),
        _ => None,
    });
    asked.collect()
}

/// Whether a model call has begun and nobody knows yet what became of it.
fn is_under_way(events: &[RunEvent], step: StepId) -> bool {
    let last = events.iter().rev().find_map(|event| match &event.kind {
        EventKind::ModelRequested { step: found, .. } if *found == step => Some(true),
        EventKind::ModelResponded { step: found, .. }
        | EventKind::ModelFailed { step: found, .. }
            if *found == step =>
        {
            Some(false)
        }
        _ => None,
    });
    last.unwrap_or(false)
}

fn no_call(run: RunId, step: StepId, calls: &BTreeSet<(StepId, u64)>) -> Problem {
    const NAMED: usize = 12;
    let steps: BTreeSet<StepId> = calls.iter().map(|(step, _)| *step).collect();
    let mut named: Vec<String> = steps.iter().take(NAMED).map(ToString::to_string).collect();
    if steps.len() > NAMED {
        named.push("…".to_owned());
    }
    let problem = Problem::new(
        ErrorCode::NotFound,
        format!("step {step} of the run {} is no model call", run.short()),
    );
    match named.as_slice() {
        [] => problem.help("The run has made no model call."),
        [one] => problem.help(format!("Its model call is step {one}.")),
        some => problem.help(format!(
            "Its model calls are the steps {}.",
            some.join(", ")
        )),
    }
}
