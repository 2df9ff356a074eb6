//! `slipway export`.

use slipway_app::{App, Target, Transfer};

use crate::args::ExportArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, amount, print_json, print_note, sanitize};

pub(super) async fn export(app: &App, args: &ExportArgs, json: bool) -> Result<Exit, Failure> {
    if let Some(to) = &args.all {
        return print(&app.export_all(to).await?, json, "Wrote");
    }
    let agent = args.agent.as_deref().unwrap_or_default();
    let place = app
        .export(&Target::parse(agent)?, args.output.as_deref())
        .await?;
    if json {
        print_json(&serde_json::json!({ "path": place }))?;
    } else {
        let mut screen = Screen::stdout();
        let what = if place.is_dir() { "folder" } else { "archive" };
        screen.line(&format!(
            "Wrote the {what} {}",
            sanitize::line(&place.to_string_lossy())
        ))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}

/// What was written or brought in, all together.
pub(super) fn print(moved: &Transfer, json: bool, did: &str) -> Result<Exit, Failure> {
    moved.notes.iter().for_each(|note| print_note(note));
    if json {
        print_json(moved)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let counts = moved.counts;
    let lines: Vec<String> = [
        (counts.agents, "agent"),
        (counts.versions, "version"),
        (counts.drafts, "draft"),
        (counts.runs, "run"),
        (counts.events, "event"),
        (counts.permissions, "permission or rule"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| match (number, what) {
        (2.., "permission or rule") => format!("{} permissions and rules", amount::count(number)),
        _ => amount::of(number, what),
    })
    .collect();
    let path = moved.path.to_string_lossy();
    let path = sanitize::line(&path);
    if lines.is_empty() {
        screen.line(&format!("{did} {path}: no agents and no runs are in it."))?;
    } else {
        screen.line(&format!("{did} {path}:"))?;
        lines
            .iter()
            .try_for_each(|line| screen.line(&format!("  {line}")))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
