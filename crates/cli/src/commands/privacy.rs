//! `slipway privacy`.

use slipway_app::App;
use slipway_contract::AgentName;
use slipway_contract::privacy::{Leaving, ModelsAsked};

use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn privacy(app: &App, json: bool) -> Result<Exit, Failure> {
    let leaving = app.show_privacy().await?;
    if json {
        print_json(&leaving)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    print(&leaving, &mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn print(leaving: &Leaving, screen: &mut Screen) -> Result<(), Failure> {
    screen.line("Slipway itself sends nothing. This is what it sends for your agents:")?;
    if let Some(host) = &leaving.updates {
        screen.line(&format!(
            "(The window asks {host} for newer versions, when you press its button for that.)"
        ))?;
    }
    if let Some(server) = &leaving.cloud {
        screen.line(&format!(
            "(You are signed in at {server}, which is asked for what you look at or change there.)"
        ))?;
    }
    screen.line("")?;
    if leaving.models.is_empty() {
        screen.line("No model of another machine is asked, and none was.")?;
    } else {
        let mut table = Table::new(["MODELS OF", "WHERE", "RUNS", "NOW"]);
        for models in &leaving.models {
            table.row([
                models.title.clone(),
                place(models),
                models.runs.to_string(),
                if models.usable {
                    "usable"
                } else {
                    "not usable"
                }
                .to_owned(),
            ]);
        }
        table.print(screen)?;
    }
    screen.line("")?;
    if leaving.hosts.is_empty() {
        screen.line("No agent may connect to any host.")?;
    }
    for granted in &leaving.hosts {
        screen.line(&format!(
            "May connect to {}: {}",
            granted.host,
            names(&granted.agents)
        ))?;
    }
    for granted in &leaving.programs {
        screen.line(&format!(
            "May start `{}`, which may send what it likes: {}",
            granted.command.join(" "),
            names(&granted.agents)
        ))?;
    }
    Ok(())
}

fn place(models: &ModelsAsked) -> String {
    match (&models.place, models.on_this_machine) {
        (Some(place), true) => format!("{place}, this machine"),
        (None, true) => "this machine".to_owned(),
        (Some(place), false) => place.clone(),
        (None, false) => "unknown".to_owned(),
    }
}

fn names(agents: &[AgentName]) -> String {
    let names: Vec<&str> = agents.iter().map(AgentName::as_str).collect();
    names.join(", ")
}
