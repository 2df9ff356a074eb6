//! `slipway rules`.

use slipway_app::{App, Stricter, Target};
use slipway_contract::Timestamp;
use slipway_contract::rule::{Rule, Ruling};

use super::clock;
use super::runs::list::started;
use crate::args::{AddRuleArgs, ListRulesArgs, RulesArgs, RulesCommand};
use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, STRONG, styled};
use crate::output::{Screen, Table, print_json, sanitize};

pub(super) async fn carry_out(app: &App, args: RulesArgs, json: bool) -> Result<Exit, Failure> {
    match args.command.unwrap_or(RulesCommand::List(args.list)) {
        RulesCommand::List(args) => list(app, &args, json).await,
        RulesCommand::Show { id } => show(app, &id, json).await,
        RulesCommand::Remove { id } => remove(app, &id, json).await,
        RulesCommand::Add(args) => add(app, &args, json).await,
    }
}

async fn list(app: &App, args: &ListRulesArgs, json: bool) -> Result<Exit, Failure> {
    let rules = app.list_rules(args.agent.as_ref(), args.all).await?;
    if json {
        rules.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if rules.is_empty() {
        screen.line("There are no rules. An answer makes one: slipway runs approve ID --always")?;
    } else {
        let now = screen.columns().map(|_| clock::now());
        table(&rules, now).print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(rules: &[Rule], now: Option<Timestamp>) -> Table<6> {
    let mut table = Table::new(["RULE", "AGENT", "TOOL", "WHAT", "MADE", "ARGUMENTS"]);
    for rule in rules {
        let arguments = rule.ruling.arguments();
        table.row([
            rule.id.short(),
            rule.agent.to_string(),
            rule.tool.clone(),
            what(rule),
            started(rule.made_at, now),
            arguments.map_or_else(|| "any".to_owned(), ToString::to_string),
        ]);
    }
    table
}

fn what(rule: &Rule) -> String {
    let what = match &rule.ruling {
        Ruling::Allow { .. } => "allow",
        Ruling::Ask {} => "ask",
        Ruling::Deny { .. } => "deny",
    };
    match rule.revoked_at {
        Some(_) => format!("{what} (removed)"),
        None => what.to_owned(),
    }
}

async fn show(app: &App, id: &str, json: bool) -> Result<Exit, Failure> {
    let rule = app.find_rule(id).await?;
    if json {
        print_json(&rule)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    print(&mut screen, &rule)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn print(screen: &mut Screen, rule: &Rule) -> std::io::Result<()> {
    let tool = sanitize::exact(&rule.tool);
    let does = match &rule.ruling {
        Ruling::Allow { .. } => format!("Call {tool} without asking, with"),
        Ruling::Ask {} => format!("Ask before each call of {tool}, with"),
        Ruling::Deny { .. } => format!("Never call {tool} with"),
    };
    if rule.revoked_at.is_some() {
        screen.line(&styled(ATTENTION, "Removed, and in force no more. It was:"))?;
    }
    screen.line(&styled(STRONG, &does))?;
    let fields = rule.ruling.arguments().map_or_else(
        || vec!["any arguments".to_owned()],
        slipway_contract::rule::ArgumentPattern::fields,
    );
    for field in fields {
        screen.line(&format!("    {field}"))?;
    }
    screen.line("")?;
    let mut facts = vec![
        ("rule", rule.id.to_string()),
        ("agent", rule.agent.to_string()),
        (
            "from",
            rule.folder.clone().unwrap_or_else(|| "imported".to_owned()),
        ),
        ("works in", rule.workdir.clone()),
    ];
    if let Ruling::Allow { definition, .. } = &rule.ruling {
        facts.push((
            "as long as",
            format!("{tool} is what it was ({definition})"),
        ));
    }
    facts.push(("made", time(rule.made_at)));
    facts.extend(rule.revoked_at.map(|at| ("removed", time(at))));
    facts.iter().try_for_each(|(label, value)| {
        screen.line(&format!("  {label:<12}{}", sanitize::exact(value)))
    })
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

async fn remove(app: &App, id: &str, json: bool) -> Result<Exit, Failure> {
    let rule = app.find_rule(id).await?;
    app.remove_rule(rule.id).await?;
    if json {
        print_json(&serde_json::json!({ "removed": rule.id }))?;
    } else {
        let mut screen = Screen::stdout();
        screen.line(&format!(
            "The rule {} is removed. {} asks again from its next question on.",
            rule.id.short(),
            rule.agent
        ))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}

async fn add(app: &App, args: &AddRuleArgs, json: bool) -> Result<Exit, Failure> {
    let target = Target::parse(&args.agent)?;
    let stricter = if args.deny {
        Stricter::Deny
    } else {
        Stricter::Ask
    };
    let rule = app.add_rule(&target, &args.tool, stricter).await?;
    if json {
        print_json(&rule)?;
    } else {
        let mut screen = Screen::stdout();
        print(&mut screen, &rule)?;
        screen.line("")?;
        screen.line("It holds for runs that start from now on.")?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}
