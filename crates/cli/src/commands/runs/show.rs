//! `slipway runs show`.

use slipway_app::App;
use slipway_contract::run::RunStatus;

use super::list;
use crate::args::RunArg;
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Mode, Screen, TerminalView, View as _, amount, print_json};

pub(in crate::commands) async fn show(
    app: &App,
    run: &RunArg,
    json: bool,
) -> Result<Exit, Failure> {
    let run = app.find_run(&run.id).await?;
    let detail = app.show_run(run).await?;
    if json {
        print_json(&detail)?;
        return Ok(Exit::Succeeded);
    }
    let spec = app.spec_of(run).await?;
    let mut facts = Facts::of(&spec);
    facts.denied = app.denied_tools(&spec, detail.summary.created_at).await?;
    facts.driven = detail.summary.driven;
    let mut view = TerminalView::new(facts, Mode::Told);
    detail
        .events
        .iter()
        .try_for_each(|event| view.event(event))?;
    let summary = &detail.summary;
    view.end()?;
    if summary.status == RunStatus::Parked {
        view.questions_and_commands(run)?;
    } else if !summary.status.is_end() {
        let status = list::status(summary);
        let help = if summary.driven {
            "another process drives it"
        } else {
            "take it up with"
        };
        let command = if summary.driven {
            String::new()
        } else {
            format!(": slipway runs resume {}", run.short())
        };
        let cost = amount::cost_of(summary);
        view.note(&format!("{status}; {cost}; {help}{command}"))?;
    }
    view.end()?;
    Ok(Exit::Succeeded)
}

/// The command that begins the same run once more.
pub(super) async fn command(app: &App, run: &RunArg, json: bool) -> Result<Exit, Failure> {
    let run = app.find_run(&run.id).await?;
    let command = app.run_command(run).await?;
    if json {
        print_json(&serde_json::json!({ "run_id": run, "command": command }))?;
    } else {
        Screen::stdout().line(&command)?;
    }
    Ok(Exit::Succeeded)
}
