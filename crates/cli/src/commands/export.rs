//! `slipway export`.

use slipway_app::{App, Target};

use crate::args::ExportArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, sanitize};

pub(super) async fn export(app: &App, args: &ExportArgs, json: bool) -> Result<Exit, Failure> {
    let place = app
        .export(&Target::parse(&args.agent)?, args.output.as_deref())
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
