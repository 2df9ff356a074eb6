//! `slipway runs list`.

use slipway_app::{App, RunQuery};
use slipway_contract::Timestamp;
use slipway_contract::history::{RunFilter, RunOrder, RunSum};
use slipway_contract::run::{ParkReason, RunState, RunStatus, RunSummary};

use crate::args::{ListArgs, SortChoice};
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::style::{FAINT, styled};
use crate::output::{Screen, Table, amount, print_json};

pub(super) async fn list(app: &App, args: ListArgs, json: bool) -> Result<Exit, Failure> {
    let filter = args.filter.read(clock::now())?;
    if args.totals {
        return totals(app, &filter, json).await;
    }
    let after = match &args.after {
        Some(run) => Some(app.find_run(run).await?),
        None => None,
    };
    let query = RunQuery {
        filter,
        order: RunOrder {
            by: args.sort.column(),
            ascending: args.reverse,
        },
        after,
        // One more than is shown tells whether there are more.
        limit: args.limit.saturating_add(1),
        ..RunQuery::default()
    };
    let mut runs = app.list_runs(&query).await?;
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
            let first = match (args.sort, args.reverse, &args.after) {
                (SortChoice::Started, false, None) => "newest",
                _ => "first",
            };
            let more = format!(
                "The {first} {limit} are shown; for more: slipway runs list -n {}",
                limit.saturating_mul(5)
            );
            screen.line(&styled(FAINT, &more))?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn totals(app: &App, filter: &RunFilter, json: bool) -> Result<Exit, Failure> {
    let found = app.sum_runs(filter).await?;
    if json {
        print_json(&found)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let mut table = Table::new(["DAY", "RUNS", "COST"]);
    for day in &found.days {
        table.row([
            day.day.to_string(),
            amount::count(day.sum.runs),
            cost(day.sum),
        ]);
    }
    table.row([
        "in all".to_owned(),
        amount::count(found.all.runs),
        cost(found.all),
    ]);
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn cost(sum: RunSum) -> String {
    let known = sum.cost_usd.display_period();
    match sum.unknown {
        0 => known,
        runs => format!("{known}, and what {} cost", amount::of(runs, "run")),
    }
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
