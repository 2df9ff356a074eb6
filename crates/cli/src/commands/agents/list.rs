//! `slipway agents list`.

use slipway_app::App;
use slipway_contract::Timestamp;
use slipway_contract::agent::{AgentFinder, AgentSearch, AgentSummary, LastRun, RunningCost};
use slipway_contract::run::{ParkReason, RunState};

use crate::args::AgentListArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn carry_out(
    app: &App,
    args: &AgentListArgs,
    json: bool,
) -> Result<Exit, Failure> {
    if args.removed {
        return removed(app, json).await;
    }
    let agents = match args.archived {
        true => app.archived_agents().await?,
        false => app.list_agents().await?,
    };
    let search = AgentSearch {
        text: args.search.clone().unwrap_or_default(),
        tags: args.tags.clone(),
        sort: args.sort.sort(),
    };
    let found = AgentFinder::of(&agents).find(&agents, &search);
    let found: Vec<&AgentSummary> = found.iter().filter_map(|at| agents.get(*at)).collect();
    if json {
        found.into_iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if !found.is_empty() {
        table(&found).print(&mut screen)?;
    } else if !agents.is_empty() {
        screen.line("No agent here is like that.")?;
    } else if args.archived {
        screen.line("No agent is archived.")?;
    } else {
        screen.line("There are no agents here yet.")?;
        screen.line("")?;
        screen.line("  The examples:   slipway agents add-examples")?;
        screen.line("  Import one:     slipway import FILE")?;
        screen.line("  Make one:       slipway agents new my-agent")?;
        screen.line("  In a folder:    slipway new ./my-agent")?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(agents: &[&AgentSummary]) -> Table<6> {
    let mut table = Table::new([
        "AGENT",
        "VERSION",
        "MODEL",
        "LAST RUN",
        "THIS MONTH",
        "WHAT IT DOES",
    ]);
    for agent in agents {
        table.row([
            agent.name.to_string(),
            agent.version.short(),
            agent.model.clone(),
            agent
                .last_run
                .as_ref()
                .map_or_else(|| "never".to_owned(), status),
            agent.cost_this_month.map(cost).unwrap_or_default(),
            match &agent.problem {
                Some(problem) => format!("cannot be run: {}", problem.message),
                None if agent.description.is_empty() => agent.title.clone(),
                None => agent.description.clone(),
            },
        ]);
    }
    table
}

fn cost(cost: RunningCost) -> String {
    let beginning = if cost.is_least { "at least " } else { "" };
    format!("{beginning}{}", cost.usd.display_exact())
}

/// The newest run's state in words.
fn status(run: &LastRun) -> String {
    match (run.state, run.parked, run.end) {
        (RunState::Parked, Some(ParkReason::Grant), _) => "parked: asks for permission",
        (RunState::Parked, Some(ParkReason::Approval), _) => "parked: asks for approval",
        (RunState::Parked, Some(ParkReason::Price), _) => "parked: what does the model cost?",
        (RunState::Parked, Some(ParkReason::OutcomeUnknown), _) => "parked: did a call happen?",
        (RunState::Failed, _, Some(reason)) => return format!("failed: {}", reason.as_str()),
        (RunState::Queued, ..) => "queued",
        (RunState::Running, ..) => "running",
        (RunState::CutOff, ..) => "cut off",
        (RunState::Parked, None, _) => "parked",
        (RunState::Succeeded, ..) => "succeeded",
        (RunState::Failed, ..) => "failed",
        (RunState::Cancelled, ..) => "cancelled",
    }
    .to_owned()
}

async fn removed(app: &App, json: bool) -> Result<Exit, Failure> {
    let removed = app.removed_agents().await?;
    if json {
        removed.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if removed.is_empty() {
        screen.line("No agent was removed in the last 30 days.")?;
    } else {
        let mut table = Table::new(["AGENT", "VERSION", "REMOVED", "UNTIL", "TITLE"]);
        let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
        for agent in removed {
            table.row([
                agent.name.to_string(),
                agent.version.short(),
                day(agent.removed_at),
                day(agent.until),
                agent.title,
            ]);
        }
        table.print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
