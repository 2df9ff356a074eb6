//! `slipway runs cancel`.

use slipway_app::App;

use crate::args::RunArg;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json};

pub(super) async fn cancel(app: &App, run: &RunArg, json: bool) -> Result<Exit, Failure> {
    let run = app.find_run(&run.id).await?;
    app.cancel_run(run).await?;
    if json {
        print_json(&app.show_run(run).await?.summary)?;
    } else {
        let mut screen = Screen::stdout();
        screen.line(&format!("The run {} is cancelled.", run.short()))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}
