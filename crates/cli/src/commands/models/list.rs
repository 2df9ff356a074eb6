//! `slipway models list`.

use std::io;

use slipway_app::App;
use slipway_contract::model::{Abilities, Ability, ModelSummary, Price, ToolCalling};
use slipway_contract::{ErrorCode, Problem};

use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, amount, print_json};

/// The provider of servers on this machine.
const LOCAL: &str = "local";

pub(super) async fn list(
    app: &App,
    provider: Option<&str>,
    all: bool,
    json: bool,
) -> Result<Exit, Failure> {
    app.check_prices()?;
    let mut models = app.list_models().await;
    if let Some(provider) = provider {
        models.retain(|model| model.model.provider == provider);
        if models.is_empty() {
            return Err(none_of(app, provider).await.into());
        }
    }
    if json {
        models.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let (usable, others): (Vec<_>, Vec<_>) = models.iter().partition(|model| model.usable);
    section(&mut screen, "Can be used now:", &usable)?;
    if !usable.is_empty() && !others.is_empty() {
        screen.line("")?;
    }
    if all || provider.is_some() {
        section(&mut screen, "Need something first:", &others)?;
    } else {
        providers(&mut screen, &others)?;
    }
    let served_here = models.iter().any(|model| model.model.provider == LOCAL);
    if !served_here && provider.is_none() {
        screen.line("")?;
        screen.line("No server with models answers on this machine. One that speaks OpenAI's protocol (Ollama,")?;
        screen.line(
            "LM Studio, llama.cpp …) serves local/NAME models, with no key and no network.",
        )?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// As the provider itself lists them.
pub(super) async fn online(app: &App, provider: &str, json: bool) -> Result<Exit, Failure> {
    let models = app.ask_for_models(provider).await?;
    if json {
        models.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if models.is_empty() {
        screen.line(&format!("{provider} lists no model for this key."))?;
    } else {
        let all: Vec<&ModelSummary> = models.iter().collect();
        section(
            &mut screen,
            &format!("{provider} lists for this key:"),
            &all,
        )?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn none_of(app: &App, provider: &str) -> Problem {
    let providers = app.list_providers().await;
    let known: Vec<&str> = providers
        .iter()
        .filter(|known| !known.on_this_machine)
        .map(|known| known.id.as_str())
        .collect();
    if provider == LOCAL {
        return Problem::new(
            ErrorCode::NotFound,
            "no server with models answers on this machine",
        )
        .help("Start Ollama, LM Studio, llama.cpp's server or vLLM, and load a model there.");
    }
    if known.contains(&provider) {
        return Problem::new(
            ErrorCode::NotFound,
            format!("no model of {provider} is known here; any of its models works all the same"),
        )
        .help(format!(
            "To see what it has for your key: slipway models list {provider} --online"
        ));
    }
    Problem::new(
        ErrorCode::NotFound,
        format!("there is no provider {provider:?}"),
    )
    .help(format!("The providers are: {}, {LOCAL}.", known.join(", ")))
}

fn section(screen: &mut Screen, title: &str, models: &[&ModelSummary]) -> io::Result<()> {
    if models.is_empty() {
        return Ok(());
    }
    screen.line(title)?;
    let mut table = Table::new(["MODEL", "CONTEXT", "$ PER 1M IN/OUT", "CAN", "NOTE"]);
    for model in models {
        table.row([
            model.model.to_string(),
            model
                .context_tokens
                .map_or_else(|| "unknown".to_owned(), amount::count),
            price(model.price.as_ref()),
            can(&model.abilities),
            model.note.clone(),
        ]);
    }
    table.print(screen)
}

/// One line for each provider whose models cannot be used: what it needs is the same for all.
fn providers(screen: &mut Screen, models: &[&ModelSummary]) -> io::Result<()> {
    if models.is_empty() {
        return Ok(());
    }
    screen.line("Need something first (each model: slipway models list --all):")?;
    let mut table = Table::new(["PROVIDER", "MODELS", "WHAT IT NEEDS"]);
    let mut told: Vec<&str> = Vec::new();
    for model in models {
        let provider = model.model.provider.as_str();
        if told.contains(&provider) {
            continue;
        }
        told.push(provider);
        let of = |other: &&&ModelSummary| other.model.provider == provider;
        table.row([
            provider.to_owned(),
            models.iter().filter(of).count().to_string(),
            model.note.clone(),
        ]);
    }
    table.print(screen)
}

pub(super) fn price(price: Option<&Price>) -> String {
    match price {
        None => "unknown".to_owned(),
        Some(price) if *price == Price::FREE => "free".to_owned(),
        Some(price) => format!("{} / {}", price.input, price.output),
    }
}

/// What the model can do, in words; what nobody knows is not claimed.
fn can(abilities: &Abilities) -> String {
    let tools = match abilities.tools {
        ToolCalling::Native => Some("tools"),
        ToolCalling::Prompted => Some("tools (prompted)"),
        ToolCalling::Unknown => None,
    };
    let further = [
        (abilities.images, "images"),
        (abilities.pdfs, "PDFs"),
        (abilities.reasoning, "reasoning"),
        (abilities.structured_output, "schemas"),
    ];
    let further = further
        .into_iter()
        .filter(|(ability, _)| *ability == Ability::Yes)
        .map(|(_, word)| word);
    tools
        .into_iter()
        .chain(further)
        .collect::<Vec<_>>()
        .join(", ")
}
