//! `slipway tools`.

use slipway_contract::tool::{DeclaredEffect, Effect, ToolSummary};
use slipway_contract::{ErrorCode, Problem};

use crate::args::{ToolsArgs, ToolsCommand};
use crate::exit::{Exit, Failure};
use crate::output::style::{FAINT, STRONG, styled};
use crate::output::{Screen, Table, print_json};

pub(super) fn carry_out(args: ToolsArgs, json: bool) -> Result<Exit, Failure> {
    match args.command.unwrap_or(ToolsCommand::List) {
        ToolsCommand::List => list(json),
        ToolsCommand::Show { tool } => show(&tool, json),
    }
}

fn list(json: bool) -> Result<Exit, Failure> {
    let tools = slipway_app::tools();
    if json {
        tools.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut table = Table::new(["TOOL", "EFFECT", "WHAT IT DOES"]);
    for tool in &tools {
        let definition = &tool.definition;
        table.row([
            definition.name.clone(),
            effect(&definition.effect).to_owned(),
            first_sentence(&definition.description),
        ]);
    }
    let mut screen = Screen::stdout();
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn show(name: &str, json: bool) -> Result<Exit, Failure> {
    let ToolSummary { definition, needs } = found(name)?;
    if json {
        print_json(&ToolSummary { definition, needs })?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!(
        "{} {}",
        styled(STRONG, &definition.name),
        styled(FAINT, effect(&definition.effect))
    ))?;
    screen.line("")?;
    screen.line(&definition.description)?;
    if let Some(needs) = &needs {
        screen.line("")?;
        screen.line(needs)?;
    }
    screen.line("")?;
    screen.line(&format!(
        "In agent.toml:\n\n  [[tools]]\n  use = \"{}\"",
        definition.name
    ))?;
    screen.line("")?;
    screen.line("Arguments, as JSON Schema:")?;
    screen.line("")?;
    screen.line(&serde_json::to_string_pretty(&definition.schema).unwrap_or_default())?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn found(name: &str) -> Result<ToolSummary, Problem> {
    let tools = slipway_app::tools();
    let names: Vec<String> = tools
        .iter()
        .map(|tool| tool.definition.name.clone())
        .collect();
    tools
        .into_iter()
        .find(|tool| tool.definition.name == name)
        .ok_or_else(|| {
            let shown: String = name.chars().take(40).collect();
            Problem::new(
                ErrorCode::NotFound,
                format!("there is no built-in tool {shown:?}"),
            )
            .help(format!("The tools are: {}.", names.join(", ")))
        })
}

const fn effect(effect: &DeclaredEffect) -> &'static str {
    match effect {
        DeclaredEffect::Always(Effect::Read) => "reads",
        DeclaredEffect::Always(Effect::Idempotent) => "changes, repeatable",
        DeclaredEffect::Always(Effect::Write) => "changes",
        DeclaredEffect::ByArgument { .. } => "depends",
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(". ")
        .map_or(line, |(first, _)| first)
        .trim_end_matches('.')
        .to_owned()
}
