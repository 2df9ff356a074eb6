//! `slipway budgets`.

use slipway_app::App;
use slipway_contract::Usd;
use slipway_contract::budget::BudgetSummary;

use crate::args::{BudgetsArgs, BudgetsCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, print_note};

pub(super) async fn carry_out(app: &App, args: BudgetsArgs, json: bool) -> Result<Exit, Failure> {
    match args.command.unwrap_or(BudgetsCommand::List) {
        BudgetsCommand::List => list(app, json).await,
        BudgetsCommand::Spend => spend(app, json).await,
        BudgetsCommand::Set { limit, whose } => {
            let key = whose.key(limit.period);
            let set = app.set_budget(&key, limit.amount).await?;
            if let Some(agent) = &set.key.agent
                && !app.knows_agent(agent).await?
            {
                print_note(&format!(
                    "there is no agent named {agent} here; the budget holds when there is one"
                ));
            }
            if json {
                print_json(&set)?;
                return Ok(Exit::Succeeded);
            }
            let mut screen = Screen::stdout();
            screen.line(&format!(
                "{} may cost {} at most; {} is left now.",
                set.key,
                set.limit_usd.display_exact(),
                set.left_usd.display_exact()
            ))?;
            screen.flush()?;
            Ok(Exit::Succeeded)
        }
        BudgetsCommand::Remove { period, whose } => {
            let key = whose.key(period);
            app.remove_budget(&key).await?;
            if json {
                print_json(&serde_json::json!({"removed": key}))?;
                return Ok(Exit::Succeeded);
            }
            let mut screen = Screen::stdout();
            screen.line(&format!("There is no budget any more ({key})."))?;
            screen.flush()?;
            Ok(Exit::Succeeded)
        }
    }
}

async fn list(app: &App, json: bool) -> Result<Exit, Failure> {
    let budgets = app.list_budgets().await?;
    if json {
        budgets.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if budgets.is_empty() {
        screen.line("There are no budgets. To set one: slipway budgets set 1.00/day")?;
    } else {
        table(&budgets).print(&mut screen)?;
        for budget in budgets
            .iter()
            .filter(|budget| budget.unknown_usd != Usd::ZERO)
        {
            screen.line("")?;
            screen.line(&format!(
                "{}: {} of what is reserved belongs to calls that were cut off, whose cost nobody knows. It stays set aside; `slipway runs list` shows the runs by their cost \"at most\".",
                budget.key,
                budget.unknown_usd.display_exact()
            ))?;
        }
        let beyond = budgets
            .iter()
            .filter(|budget| budget.beyond_usd != Usd::ZERO);
        for budget in beyond {
            screen.line("")?;
            screen.line(&format!(
                "{}: providers billed {} beyond what was reserved. `slipway runs list` shows the runs.",
                budget.key,
                budget.beyond_usd.display_exact()
            ))?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn spend(app: &App, json: bool) -> Result<Exit, Failure> {
    let month = app.month_spend().await?;
    if json {
        print_json(&month)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let mut line = format!(
        "Spent in {}: {}",
        month.today.strftime("%B %Y"),
        month.spent_usd.display_exact()
    );
    if let (Some(limit), Some(left)) = (month.limit_usd, month.left_usd) {
        line.push_str(&format!(
            " of {}; {} is left",
            limit.display_exact(),
            left.display_exact()
        ));
    }
    if month.reserved_usd != Usd::ZERO {
        line.push_str(&format!(
            "; {} is reserved",
            month.reserved_usd.display_exact()
        ));
    }
    screen.line(&(line + "."))?;
    let days = month.days.iter().rev();
    let mut table = Table::new(["DAY", "SPENT"]);
    for day in days.filter(|day| day.spent_usd != Usd::ZERO) {
        table.row([day.day.to_string(), day.spent_usd.display_exact()]);
    }
    let mut agents = Table::new(["AGENT", "SPENT"]);
    for agent in &month.agents {
        agents.row([agent.agent.to_string(), agent.spent_usd.display_exact()]);
    }
    if !month.agents.is_empty() {
        for table in [table, agents] {
            screen.line("")?;
            table.print(&mut screen)?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn reserved(budget: &BudgetSummary) -> String {
    let reserved = budget.reserved_usd.display_exact();
    let unknown = budget.unknown_usd;
    if unknown == Usd::ZERO {
        reserved
    } else if unknown == budget.reserved_usd {
        format!("{reserved} (cost unknown)")
    } else {
        format!("{reserved} ({} cost unknown)", unknown.display_exact())
    }
}

fn table(budgets: &[BudgetSummary]) -> Table<6> {
    let mut table = Table::new(["BUDGET", "LIMIT", "SPENT", "RESERVED", "LEFT", "ENDS"]);
    for budget in budgets {
        table.row([
            budget.key.to_string(),
            budget.limit_usd.display_exact(),
            budget.spent_usd.display_exact(),
            reserved(budget),
            budget.left_usd.display_exact(),
            budget
                .until
                .map_or_else(|| "never".to_owned(), slipway_app::local_time),
        ]);
    }
    table
}
