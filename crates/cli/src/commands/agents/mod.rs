//! `slipway agents`.

mod aside;
mod diff;
mod draft;
mod list;
mod make;
mod versions;

pub(super) use diff::print_line;
use slipway_app::App;
use slipway_contract::agent::{AgentDetail, AgentSummary};
use slipway_contract::tool::ApprovalPolicy;
use slipway_contract::{AgentName, ContentHash, Problem};

use super::clock;
use super::runs::list::{started, status};
use crate::args::{AgentListArgs, AgentsArgs, AgentsCommand};
use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, FAINT, STRONG, styled};
use crate::output::{Screen, print_json, sanitize};

pub(super) async fn carry_out(app: &App, args: AgentsArgs, json: bool) -> Result<Exit, Failure> {
    let list = || AgentsCommand::List(AgentListArgs::default());
    match args.command.unwrap_or_else(list) {
        AgentsCommand::List(args) => list::carry_out(app, &args, json).await,
        AgentsCommand::New {
            agent,
            title,
            template,
        } => make::new(app, &agent, title.as_deref(), template.as_deref(), json).await,
        AgentsCommand::Duplicate { agent, name, title } => {
            make::duplicate(app, &agent, &name, title.as_deref(), json).await
        }
        AgentsCommand::Rename { agent, title } => make::rename(app, &agent, &title, json).await,
        AgentsCommand::Archive { agent } => aside::archive(app, &agent, true, json).await,
        AgentsCommand::Unarchive { agent } => aside::archive(app, &agent, false, json).await,
        AgentsCommand::Show { agent } => show(app, &agent, json).await,
        AgentsCommand::Save { agent, note } => versions::save(app, &agent, note, json).await,
        AgentsCommand::Versions { agent } => versions::list(app, &agent, json).await,
        AgentsCommand::Diff { agent, from, to } => {
            versions::diff(app, &agent, from.as_deref(), to.as_deref(), json).await
        }
        AgentsCommand::Restore { agent, version } => {
            versions::restore(app, &agent, &version, json).await
        }
        AgentsCommand::Draft(args) => draft::carry_out(app, args, json).await,
        AgentsCommand::Remove { agent, undo: false } => aside::remove(app, &agent, json).await,
        AgentsCommand::Remove { agent, undo: true } => aside::put_back(app, &agent, json).await,
        AgentsCommand::AddExamples => add_examples(app, json).await,
    }
}

pub(super) async fn show(app: &App, name: &AgentName, json: bool) -> Result<Exit, Failure> {
    let agent = app.show_agent(name).await?;
    if json {
        print_json(&agent)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    print(&mut screen, &agent)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn print(screen: &mut Screen, agent: &AgentDetail) -> std::io::Result<()> {
    let AgentSummary {
        name,
        title,
        description,
        version,
        model,
        folder,
        problem,
        ..
    } = &agent.summary;
    screen.line(&format!(
        "{} {}",
        styled(STRONG, &sanitize::line(title)),
        styled(FAINT, name.as_str())
    ))?;
    if !description.is_empty() {
        screen.line(&sanitize::line(description))?;
    }
    screen.line("")?;
    if let Some(problem) = problem {
        cannot_be_run(screen, problem, version)?;
    }
    let place = folder.as_ref().map_or("imported", |folder| folder.as_str());
    let budget = agent
        .budget_usd
        .map_or_else(|| "none".to_owned(), slipway_contract::Usd::display_exact);
    for (label, value) in [
        ("version", version.short().as_str()),
        ("from", place),
        ("model", model),
        ("budget", &budget),
    ] {
        screen.line(&format!("  {label:<9}{}", sanitize::line(value)))?;
    }
    print_list(
        screen,
        "Tools",
        agent
            .tools
            .iter()
            .map(|tool| format!("{}{}", tool.name, approval(tool.approval))),
    )?;
    print_list(
        screen,
        "It asks to",
        agent.permissions.iter().map(ToString::to_string),
    )?;
    if !agent.runs.is_empty() {
        let now = screen.columns().map(|_| clock::now());
        let runs = agent.runs.iter().take(5);
        let runs = runs.map(|run| {
            format!(
                "{}  {}  {}",
                run.id.short(),
                status(run),
                started(run.created_at, now)
            )
        });
        print_list(screen, "Newest runs", runs)?;
    }
    Ok(())
}

fn cannot_be_run(
    screen: &mut Screen,
    problem: &Problem,
    version: &ContentHash,
) -> std::io::Result<()> {
    let message = format!("It cannot be run now: {}", problem.message);
    screen.line(&styled(ATTENTION, &sanitize::text(&message)))?;
    for finding in &problem.findings {
        screen.line(&format!("  {}", sanitize::line(&finding.to_string())))?;
    }
    if let Some(help) = &problem.help {
        screen.line(&sanitize::text(help))?;
    }
    screen.line("")?;
    screen.line(&format!("Its newest version, {}, is:", version.short()))
}

fn print_list(
    screen: &mut Screen,
    title: &str,
    items: impl Iterator<Item = String>,
) -> std::io::Result<()> {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return Ok(());
    }
    screen.line("")?;
    screen.line(&format!("{title}:"))?;
    items
        .iter()
        .try_for_each(|item| screen.line(&format!("  - {}", sanitize::exact(item))))
}

pub(super) const fn approval(policy: Option<ApprovalPolicy>) -> &'static str {
    match policy {
        None => "",
        Some(ApprovalPolicy::Allow) => " (wants to be allowed)",
        Some(ApprovalPolicy::Ask) => " (asks each time)",
        Some(ApprovalPolicy::Deny) => " (never)",
    }
}

async fn add_examples(app: &App, json: bool) -> Result<Exit, Failure> {
    let added = app.add_examples().await?;
    if json {
        added.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if added.is_empty() {
        screen.line("The examples are here already: slipway agents")?;
    }
    for agent in &added {
        screen.line(&format!(
            "Added {}. Run it: slipway run {}",
            agent.name, agent.name
        ))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
