//! `slipway import`.

use slipway_app::App;

use super::export;
use crate::args::ImportArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json};

pub(super) async fn import(app: &App, args: &ImportArgs, json: bool) -> Result<Exit, Failure> {
    if args.all {
        let brought = app.import_all(&args.path).await?;
        return export::print(&brought, json, "Brought in");
    }
    let agent = app.import(&args.path, args.replace).await?;
    if json {
        print_json(&agent)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!(
        "Imported {} (version {}). Nothing was run.",
        agent.name,
        agent.version.short()
    ))?;
    screen.line("")?;
    screen.line(&format!("  Look at it: slipway agents show {}", agent.name))?;
    screen.line(&format!("  Run it:     slipway run {}", agent.name))?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}
