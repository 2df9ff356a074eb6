//! `slipway models list`.

use std::io;

use slipway_app::{App, ModelListing};
use slipway_contract::model::{Abilities, Ability, ModelSummary, Price, ToolCalling, Unusable};
use slipway_contract::provider::ProviderSummary;
use slipway_contract::{ErrorCode, Problem};

use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, amount, print_json, print_note, print_problem};

/// The provider of servers on this machine.
const LOCAL: &str = "local";
/// What stands before the slash of recordings.
const RECORDING: &str = "recording";

/// What the command is asked for.
pub(super) struct Wanted<'a> {
    pub(super) provider: Option<&'a str>,
    /// Also each model that cannot be used now.
    pub(super) all: bool,
    /// As the provider itself lists them.
    pub(super) online: bool,
}

pub(super) async fn list(app: &App, wanted: Wanted<'_>, json: bool) -> Result<Exit, Failure> {
    let Some(provider) = wanted.provider else {
        return overview(app, wanted.all, json).await;
    };
    if provider == RECORDING {
        return Err(recordings().into());
    }
    app.check_provider(provider)?;
    // What is on this machine is always asked.
    if wanted.online && provider != LOCAL {
        return online(app, provider, json).await;
    }
    let listing = app.model_listing().await;
    tell(&listing);
    if let Some(unlisted) = listing.unlisted.iter().find(|one| one.id == provider) {
        return match &unlisted.unusable {
            None => online(app, provider, json).await,
            Some(_) => Err(needs_something(unlisted).into()),
        };
    }
    let of = |model: &&ModelSummary| model.model.provider == provider;
    let models: Vec<&ModelSummary> = listing.models.iter().filter(of).collect();
    if models.is_empty() {
        return Err(nothing_here(&listing).into());
    }
    if json {
        models.into_iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let (usable, others): (Vec<_>, Vec<_>) = models.into_iter().partition(|model| model.usable);
    section(&mut screen, "Can be used now:", &usable)?;
    if !usable.is_empty() && !others.is_empty() {
        screen.line("")?;
    }
    section(&mut screen, "Need something first:", &others)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// All providers at once.
async fn overview(app: &App, all: bool, json: bool) -> Result<Exit, Failure> {
    let listing = app.model_listing().await;
    if json {
        tell(&listing);
        listing.models.iter().try_for_each(print_json)?;
        listing.unlisted.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let models = listing.models.iter();
    let (usable, others): (Vec<_>, Vec<_>) = models.partition(|model| model.usable);
    let providers = listing.unlisted.iter();
    let (asked, lacking): (Vec<_>, Vec<_>) = providers.partition(|one| one.unusable.is_none());
    section(&mut screen, "Can be used now:", &usable)?;
    if !usable.is_empty() && !asked.is_empty() {
        screen.line("")?;
    }
    to_be_asked(&mut screen, &asked)?;
    let anything = !usable.is_empty() || !asked.is_empty();
    if anything && !(others.is_empty() && lacking.is_empty()) {
        screen.line("")?;
    }
    if all {
        section(&mut screen, "Need something first:", &others)?;
        if !others.is_empty() && !lacking.is_empty() {
            screen.line("")?;
        }
        providers_in_need(&mut screen, &[], &lacking)?;
    } else {
        providers_in_need(&mut screen, &others, &lacking)?;
    }
    if !listing.models.iter().any(is_local) {
        screen.line("")?;
        screen.line("No server with models answers on this machine. One that speaks OpenAI's protocol (Ollama,")?;
        screen.line(
            "LM Studio, llama.cpp …) serves local/NAME models, with no key and no network.",
        )?;
    }
    screen.flush()?;
    tell(&listing);
    Ok(Exit::Succeeded)
}

/// As the provider itself lists them.
async fn online(app: &App, provider: &str, json: bool) -> Result<Exit, Failure> {
    let models = app.ask_for_models(provider).await?;
    if json {
        models.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if models.is_empty() {
        screen.line(&format!("{provider} lists no model."))?;
    } else {
        let all: Vec<&ModelSummary> = models.iter().collect();
        section(&mut screen, &format!("{provider} lists:"), &all)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// What else there is to say, on standard error.
fn tell(listing: &ModelListing) {
    listing.notes.iter().for_each(|note| print_note(note));
    let wrong = listing.wrong.iter();
    wrong.for_each(|problem| print_problem(problem, false));
}

fn is_local(model: &ModelSummary) -> bool {
    model.model.provider == LOCAL
}

fn needs_something(provider: &ProviderSummary) -> Problem {
    let name = provider.key_name.as_deref();
    let problem = Problem::new(
        ErrorCode::NoModel,
        format!("{} cannot be asked yet: {}", provider.title, provider.note),
    );
    match (provider.unusable, name) {
        (Some(Unusable::NoKey), Some(name)) => problem.help(format!("slipway secrets set {name}")),
        _ => problem,
    }
}

fn nothing_here(listing: &ModelListing) -> Problem {
    let mut message = "no server with models answers on this machine".to_owned();
    for note in &listing.notes {
        message.push_str("; ");
        message.push_str(note.trim_end_matches('.'));
    }
    Problem::new(ErrorCode::NotFound, message)
        .help("Start Ollama, LM Studio, llama.cpp's server or vLLM, and load a model there.")
}

fn recordings() -> Problem {
    Problem::new(
        ErrorCode::NotFound,
        "recordings belong to an agent, and are no models of a provider",
    )
    .help("slipway run AGENT --model recording/NAME plays one; a wrong name is told with those that there are.")
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

/// Providers that can be used and of whose models none is known here.
fn to_be_asked(screen: &mut Screen, providers: &[&ProviderSummary]) -> io::Result<()> {
    if providers.is_empty() {
        return Ok(());
    }
    screen.line(
        "Can be used now with models that they list themselves (slipway models list PROVIDER):",
    )?;
    let mut table = Table::new(["PROVIDER", "NAME", "NOTE"]);
    for provider in providers {
        table.row([
            provider.id.clone(),
            provider.title.clone(),
            provider.note.clone(),
        ]);
    }
    table.print(screen)
}

/// One line for each provider whose models cannot be used: what it needs is the same for all.
fn providers_in_need(
    screen: &mut Screen,
    models: &[&ModelSummary],
    unlisted: &[&ProviderSummary],
) -> io::Result<()> {
    if models.is_empty() && unlisted.is_empty() {
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
    for provider in unlisted {
        table.row([provider.id.clone(), String::new(), provider.note.clone()]);
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
