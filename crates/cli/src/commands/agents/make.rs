//! `slipway agents new`, `duplicate` and `rename`.

use slipway_app::App;
use slipway_contract::AgentName;
use slipway_contract::agent::AgentSummary;

use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, sanitize};

pub(super) async fn new(
    app: &App,
    name: &AgentName,
    title: Option<&str>,
    template: Option<&str>,
    json: bool,
) -> Result<Exit, Failure> {
    let agent = app.create_agent(name, title, template).await?;
    let lines = [
        format!("Made the agent {name}. Nothing is granted to it yet."),
        String::new(),
        format!("  Read:  slipway agents draft show {name} instructions.md"),
        format!("  Edit:  slipway agents draft put {name} instructions.md < new.md"),
        format!("  Run:   slipway run {name}"),
    ];
    said(&agent, &lines, json)
}

pub(super) async fn duplicate(
    app: &App,
    agent: &AgentName,
    name: &AgentName,
    title: Option<&str>,
    json: bool,
) -> Result<Exit, Failure> {
    let copy = app.duplicate_agent(agent, name, title).await?;
    let line = format!("{name} is a copy of {agent}. Nothing is granted to it yet.");
    said(&copy, &[line], json)
}

pub(super) async fn rename(
    app: &App,
    name: &AgentName,
    title: &str,
    json: bool,
) -> Result<Exit, Failure> {
    let agent = app.rename_agent(name, title).await?;
    let line = format!("{name} is now called {}", sanitize::line(&agent.title));
    said(&agent, &[line], json)
}

fn said(agent: &AgentSummary, lines: &[String], json: bool) -> Result<Exit, Failure> {
    if json {
        print_json(agent)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    lines.iter().try_for_each(|line| screen.line(line))?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}
