//! `slipway runs export`.

use slipway_app::{App, ExportPlace};
use slipway_contract::history::RunFilter;

use crate::args::ExportRunArgs;
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, amount, print_json, print_json_lines, print_note, sanitize};

pub(super) async fn export(app: &App, args: ExportRunArgs, json: bool) -> Result<Exit, Failure> {
    if let Some(folder) = args.folder {
        let filter = args.filter.read(clock::now())?;
        return many(app, &filter, ExportPlace::New(folder), json).await;
    }
    let run = app.find_run(&args.id.unwrap_or_default()).await?;
    let Some(place) = &args.output else {
        print_json_lines(&app.export_run(run).await?)?;
        return Ok(Exit::Succeeded);
    };
    let events = app.export_run_to(run, place).await?;
    if json {
        print_json(&serde_json::json!({ "run_id": run, "path": place, "events": events }))?;
    } else {
        let mut screen = Screen::stdout();
        screen.line(&format!(
            "Wrote {} to {}",
            amount::of(events as u64, "event"),
            sanitize::line(&place.to_string_lossy())
        ))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}

async fn many(
    app: &App,
    filter: &RunFilter,
    place: ExportPlace,
    json: bool,
) -> Result<Exit, Failure> {
    let written = app.export_runs(filter, &place).await?;
    for (run, why) in &written.skipped {
        print_note(&format!("the run {} was left out: {why}", run.short()));
    }
    if json {
        print_json(&written)?;
    } else {
        let mut screen = Screen::stdout();
        screen.line(&format!(
            "Wrote {} to {}",
            amount::of(written.runs, "run"),
            sanitize::line(&written.folder)
        ))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}
