//! `slipway runs list`.

use slipway_app::{App, RunQuery};
use slipway_contract::Timestamp;
use slipway_contract::run::{ParkReason, RunState, RunStatus, RunSummary};

use crate::args::ListArgs;
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::style::{FAINT, styled};
use crate::output::{Screen, Table, amount, print_json};

/// Runs of which the wanted ones are chosen.
const MOST_LOOKED_AT: u32 = 100_000;

pub(super) async fn list(app: &App, args: ListArgs, json: bool) -> Result<Exit, Failure> {
    let wanted = args.status;
    let query = RunQuery {
        status: wanted
            .iter()
            .flat_map(|choice| choice.states())
            .copied()
            .collect(),
        agent: args.agent,
        // Whether a run was cut off is not in its state, so all that may be are looked at. One
        // more than is shown tells whether there are more.
        limit: if wanted
            .iter()
            .any(|choice| !choice.states().iter().all(|state| state.is_end()))
        {
            MOST_LOOKED_AT
        } else {
            args.limit.saturating_add(1)
        },
        ..RunQuery::default()
    };
    let mut runs = app.list_runs(&query).await?;
    runs.retain(|run| wanted.is_empty() || wanted.iter().any(|choice| choice.covers(run)));
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let has_more = runs.len() > limit;
    runs.truncate(limit);
    if json {
        runs.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if runs.is_empty() {
        screen.line("There are no such runs. Start one: slipway run FOLDER|NAME")?;
    } else {
        table(&runs, screen.columns().map(|_| clock::now())).print(&mut screen)?;
        if has_more {
            let more = format!(
                "The newest {limit} are shown; for more: slipway runs list -n {}",
                limit.saturating_mul(5)
            );
            screen.line(&styled(FAINT, &more))?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(runs: &[RunSummary], now: Option<Timestamp>) -> Table<6> {
    let mut table = Table::new(["RUN", "AGENT", "STATUS", "STARTED", "COST", "INPUT"]);
    for run in runs {
        table.row([
            run.id.short(),
            run.agent.to_string(),
            status(run),
            started(run.created_at, now),
            amount::cost_of(run),
            run.input.clone(),
        ]);
    }
    table
}

/// For people how long ago, elsewhere the time itself.
pub(in crate::commands) fn started(at: Timestamp, now: Option<Timestamp>) -> String {
    now.map_or_else(
        || at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        |now| amount::ago(at, now),
    )
}

/// The status in words.
pub(in crate::commands) fn status(run: &RunSummary) -> String {
    match (run.status, run.parked, &run.end) {
        (RunStatus::Parked, Some(ParkReason::Grant), _) => "parked: asks for permission".to_owned(),
        (RunStatus::Parked, Some(ParkReason::Approval), _) => {
            "parked: asks for approval".to_owned()
        }
        (RunStatus::Parked, Some(ParkReason::Price), _) => {
            "parked: what does the model cost?".to_owned()
        }
        (RunStatus::Parked, Some(ParkReason::OutcomeUnknown), _) => {
            "parked: did a call happen?".to_owned()
        }
        _ if run.state() == RunState::CutOff => "cut off".to_owned(),
        (RunStatus::Failed, _, Some(end)) => format!("failed: {}", end.reason.as_str()),
        (status, ..) => status.as_str().to_owned(),
    }
}
