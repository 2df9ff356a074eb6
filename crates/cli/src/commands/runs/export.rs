//! `slipway runs export`.

use slipway_app::App;

use crate::args::ExportRunArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, print_json_lines};

pub(super) async fn export(app: &App, args: &ExportRunArgs, json: bool) -> Result<Exit, Failure> {
    let run = app.find_run(&args.run.id).await?;
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
            crate::output::amount::of(events as u64, "event"),
            crate::output::sanitize::line(&place.to_string_lossy())
        ))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}
