//! Reading runs.

use slipway_agent::event::Recorded;
use slipway_agent::machine::{Illegal, State, Work};
use slipway_agent::ports::journal::{Journal as _, JournalError};
use slipway_agent::ports::prices::Prices as _;
use slipway_agent::projection::project_all;
use slipway_agent::spec::RunSpec;
use slipway_contract::command::FIRST_EVENTS;
use slipway_contract::event::RunEvent;
use slipway_contract::history::{RunFilter, RunQuery, RunTotals};
use slipway_contract::model::Price;
use slipway_contract::run::{RunDetail, RunState, RunSummary};
use slipway_contract::{ErrorCode, Problem, RunId};
use slipway_store::StoreError;

use crate::App;
use crate::problem::from_store;

/// Digits of an id that tell runs apart which a person confuses.
const TELLING: usize = 12;

impl App {
    /// A page of the runs that a filter leaves, newest first unless it says otherwise.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_runs(&self, page: &RunQuery) -> Result<Vec<RunSummary>, Problem> {
        self.end_expired().await;
        let runs = self.store().runs(page).await;
        let mut runs = runs.map_err(|error| from_store(&error))?;
        for run in &mut runs {
            if run.state() == RunState::CutOff {
                // One whose journal cannot be read is listed all the same.
                match self.recorded(run.id).await {
                    Ok((state, _)) => self.count_cut_off_call(run, &state),
                    Err(_) => self.suspicion().raise(),
                }
            }
        }
        Ok(runs)
    }

    /// How many runs a filter leaves, day by day, and what they cost.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sum_runs(&self, filter: &RunFilter) -> Result<RunTotals, Problem> {
        let totals = self.store().run_totals(filter).await;
        totals.map_err(|error| from_store(&error))
    }

    /// The models that runs began with, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn run_models(&self) -> Result<Vec<String>, Problem> {
        let asked = self.store().models_asked().await;
        let asked = asked.map_err(|error| from_store(&error))?;
        Ok(asked.into_iter().map(|(model, ..)| model).collect())
    }

    /// The runs that began, have not ended and that nobody drives, newest first: what
    /// [`App::resume`] takes up.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn cut_off_runs(&self) -> Result<Vec<RunSummary>, Problem> {
        let cut_off = RunQuery {
            limit: u32::MAX,
            ..RunQuery::of_states(&[RunState::CutOff])
        };
        self.list_runs(&cut_off).await
    }

    /// One run with its events and what it asks.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn show_run(&self, run: RunId) -> Result<RunDetail, Problem> {
        self.end_expired().await;
        let mut summary = self.summary_of(run).await?;
        let (state, events) = self.recorded(run).await?;
        if summary.state() == RunState::CutOff {
            self.count_cut_off_call(&mut summary, &state);
        }
        let approvals = match state.end() {
            // What it asked last, nobody can answer any more.
            Some(_) => Vec::new(),
            None => state.questions().into_iter().cloned().collect(),
        };
        Ok(RunDetail {
            summary,
            approvals,
            events,
            more: false,
            workdir: workdir(&state),
        })
    }

    /// The same in two parts, by which a long run is shown as soon as a short one: what its first
    /// [`FIRST_EVENTS`] journalled events say, and without what only the last ones can say; then,
    /// from a later event on, the rest.
    ///
    /// # Errors
    /// As for [`App::show_run`].
    pub async fn show_run_from(&self, run: RunId, from: usize) -> Result<RunDetail, Problem> {
        if from == 0 {
            let first = self.store().read_first(run, FIRST_EVENTS).await;
            let (first, more) = first.map_err(|error| from_journal(&error))?;
            if more {
                let (state, events) = projected(run, &first)?;
                return Ok(RunDetail {
                    summary: self.summary_of(run).await?,
                    approvals: Vec::new(),
                    events,
                    more,
                    workdir: workdir(&state),
                });
            }
        }
        let mut detail = self.show_run(run).await?;
        detail.events.drain(..from.min(detail.events.len()));
        Ok(detail)
    }

    /// A run as its journal says it, and its events.
    pub(crate) async fn recorded(&self, run: RunId) -> Result<(State, Vec<RunEvent>), Problem> {
        let recorded = self.store().read(run).await;
        projected(run, &recorded.map_err(|error| from_journal(&error))?)
    }

    /// Nobody heard what became of the model call in which a run was cut off. Its journal says so
    /// only once the run is taken up; until then its figures would leave the call out.
    fn count_cut_off_call(&self, summary: &mut RunSummary, state: &State) {
        let work = state.under_way();
        if !work.iter().any(|work| matches!(work, Work::Model { .. })) {
            return;
        }
        let runner = self.runner();
        let providers = &runner.world().providers;
        let model = state.model_in_force();
        let price = model.and_then(|model| providers.price(model));
        let usage = &mut summary.usage;
        match state.reserved() {
            Some(reserved) => {
                let known = usage.cost_usd.take().or(usage.cost_at_most_usd);
                usage.cost_at_most_usd = known.map(|known| known.plus(reserved));
            }
            None if price == Some(Price::FREE) => {}
            None => (usage.cost_usd, usage.cost_at_most_usd) = (None, None),
        }
    }

    /// A run's fixed facts.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn spec_of(&self, run: RunId) -> Result<RunSpec, Problem> {
        self.runner()
            .spec_of(run)
            .await
            .map_err(|error| error.to_problem())
    }

    /// The run whose id begins with this text.
    ///
    /// # Errors
    /// There is none, or there are several.
    pub async fn find_run(&self, prefix: &str) -> Result<RunId, Problem> {
        let found = match self.store().find_run(prefix).await {
            Err(StoreError::Ambiguous { matches, .. }) => {
                return Err(self.ambiguous(prefix, &matches).await);
            }
            found => found.map_err(|error| from_store(&error))?,
        };
        found.ok_or_else(|| {
            let shown: String = prefix.chars().take(40).collect();
            Problem::new(ErrorCode::NotFound, format!("there is no run {shown:?}"))
                .help("`slipway runs list` shows the runs.")
        })
    }

    async fn ambiguous(&self, prefix: &str, matches: &[RunId]) -> Problem {
        let message = format!("several runs begin with {prefix:?}");
        let mut lines = Vec::with_capacity(matches.len());
        for run in matches {
            let digits = run.to_string().chars().take(TELLING).collect::<String>();
            lines.push(match self.summary_of(*run).await {
                Ok(found) => format!(
                    "  {digits}  {}, started {}",
                    found.agent,
                    found.created_at.strftime("%Y-%m-%d %H:%M:%S UTC")
                ),
                Err(_) => format!("  {digits}"),
            });
        }
        Problem::new(ErrorCode::InvalidInput, message).help(format!(
            "Write more digits. The runs are:\n{}",
            lines.join("\n")
        ))
    }

    pub(crate) async fn summary_of(&self, run: RunId) -> Result<RunSummary, Problem> {
        let found = self
            .store()
            .run(run)
            .await
            .map_err(|error| from_store(&error))?;
        found.ok_or_else(|| {
            Problem::new(
                ErrorCode::NotFound,
                format!("there is no run {}", run.short()),
            )
        })
    }
}

pub(crate) fn from_journal(error: &JournalError) -> Problem {
    let code = if matches!(error, JournalError::Unknown(_)) {
        ErrorCode::NotFound
    } else {
        ErrorCode::Storage
    };
    Problem::new(code, error.to_string())
}

/// A run as these events of its journal say it, and what they show.
fn projected(run: RunId, recorded: &[Recorded]) -> Result<(State, Vec<RunEvent>), Problem> {
    project_all(run, recorded).map_err(|error| from_fold(run, &error))
}

fn from_fold(run: RunId, error: &Illegal) -> Problem {
    Problem::new(
        ErrorCode::Storage,
        format!(
            "the journal of the run {} is not whole: {error}",
            run.short()
        ),
    )
}

/// The working folder of a run; empty before it began.
pub(super) fn workdir(state: &State) -> String {
    state
        .spec()
        .map(|spec| spec.workdir.clone())
        .unwrap_or_default()
}
