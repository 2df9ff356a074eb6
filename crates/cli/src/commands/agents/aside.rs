//! `slipway agents archive`, `unarchive` and `remove`.

use slipway_app::App;
use slipway_contract::AgentName;

use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json};

pub(super) async fn archive(
    app: &App,
    name: &AgentName,
    archived: bool,
    json: bool,
) -> Result<Exit, Failure> {
    let agent = app.archive_agent(name, archived).await?;
    if json {
        print_json(&agent)?;
        return Ok(Exit::Succeeded);
    }
    said(&if archived {
        format!("{name} is archived. Put it back: slipway agents unarchive {name}")
    } else {
        format!("{name} is among the agents in use again.")
    })
}

pub(super) async fn remove(app: &App, name: &AgentName, json: bool) -> Result<Exit, Failure> {
    let removed = app.remove_agent(name).await?;
    if json {
        print_json(&serde_json::json!({
            "removed": name, "removed_at": removed.removed_at, "until": removed.until,
        }))?;
        return Ok(Exit::Succeeded);
    }
    said(&format!(
        "{name} is no longer listed. Its folder, its versions and its runs stay.\nPut it back, until {}: slipway agents remove {name} --undo",
        removed.until.strftime("%Y-%m-%d")
    ))
}

pub(super) async fn put_back(app: &App, name: &AgentName, json: bool) -> Result<Exit, Failure> {
    let agent = app.put_agent_back(name).await?;
    if json {
        print_json(&agent)?;
        return Ok(Exit::Succeeded);
    }
    said(&format!(
        "{name} is here again, with what was granted to it."
    ))
}

fn said(text: &str) -> Result<Exit, Failure> {
    let mut screen = Screen::stdout();
    for line in text.lines() {
        screen.line(line)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
