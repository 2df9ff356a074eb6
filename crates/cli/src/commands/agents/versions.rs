//! `slipway agents save`, `versions`, `diff` and `restore`.

use slipway_app::App;
use slipway_contract::AgentName;
use slipway_contract::version::{VersionEntry, VersionReason};

use super::super::clock;
use super::super::runs::list::started;
use super::diff;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) async fn save(
    app: &App,
    agent: &AgentName,
    note: Option<String>,
    json: bool,
) -> Result<Exit, Failure> {
    let saved = app.save_agent(agent, note).await?;
    if json {
        print_json(&saved)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let version = saved.version.short();
    screen.line(&if saved.saved {
        format!("Saved {agent} as version {version}.")
    } else {
        format!("Nothing has changed since version {version} of {agent}.")
    })?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

pub(super) async fn list(app: &App, agent: &AgentName, json: bool) -> Result<Exit, Failure> {
    let versions = app.agent_versions(agent).await?;
    if json {
        versions.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let now = screen.columns().map(|_| clock::now());
    let mut table = Table::new(["VERSION", "MADE", "WHY", "RUNS", "NOTE"]);
    for entry in &versions {
        table.row([
            entry.version.short(),
            started(entry.made_at, now),
            why(entry).to_owned(),
            entry.runs.to_string(),
            entry.note.clone().unwrap_or_default(),
        ]);
    }
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

const fn why(entry: &VersionEntry) -> &'static str {
    match entry.why {
        VersionReason::Saved => "saved",
        VersionReason::BeforeRun => "before a run",
        VersionReason::Imported => "imported",
        VersionReason::Restored => "restored",
    }
}

pub(super) async fn diff(
    app: &App,
    agent: &AgentName,
    from: Option<&str>,
    to: Option<&str>,
    json: bool,
) -> Result<Exit, Failure> {
    let found = app.diff_agent(agent, from, to).await?;
    if json {
        print_json(&found)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    diff::print(&mut screen, &found)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

pub(super) async fn restore(
    app: &App,
    agent: &AgentName,
    version: &str,
    json: bool,
) -> Result<Exit, Failure> {
    let restored = app.restore_agent(agent, version).await?;
    if json {
        print_json(&restored)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let (version, before) = (restored.version.short(), restored.before.short());
    if restored.saved_first {
        screen.line(&format!(
            "What was not saved yet is saved as version {before}."
        ))?;
    }
    if restored.version == restored.before {
        screen.line(&format!("{agent} is at version {version}."))?;
    } else {
        screen.line(&format!("{agent} is at version {version} again."))?;
        screen.line("")?;
        screen.line(&format!(
            "  To what it was before: slipway agents restore {agent} {before}"
        ))?;
    }
    if restored.asks_again {
        screen.line("")?;
        screen.line(
            "This version came from another import, so what was granted to the present one is asked again.",
        )?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
