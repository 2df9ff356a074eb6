//! `slipway models`.

use slipway_app::App;
use slipway_contract::model::{ModelSummary, Price};

use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, amount, print_json};

pub(super) async fn list(app: &App, json: bool) -> Result<Exit, Failure> {
    app.check_prices()?;
    let models = app.list_models().await;
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
    section(&mut screen, "Need something first:", &others)?;
    if !usable.iter().any(|model| model.model.provider == "local") {
        screen.line("")?;
        screen.line("No server with models answers on this machine. One that speaks OpenAI's protocol (Ollama,")?;
        screen.line(
            "LM Studio, llama.cpp …) serves local/NAME models, with no key and no network.",
        )?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn section(screen: &mut Screen, title: &str, models: &[&ModelSummary]) -> std::io::Result<()> {
    if models.is_empty() {
        return Ok(());
    }
    screen.line(title)?;
    let mut table = Table::new([
        "MODEL",
        "CONTEXT",
        "$ PER 1M IN/OUT",
        "AS OF",
        "FROM",
        "NOTE",
    ]);
    for model in models {
        table.row([
            model.model.to_string(),
            model
                .context_tokens
                .map_or_else(|| "unknown".to_owned(), amount::count),
            model
                .price
                .as_ref()
                .map_or_else(|| "unknown".to_owned(), price),
            model
                .price_checked
                .map_or_else(String::new, |date| date.to_string()),
            model.price_source.as_deref().map_or("", place).to_owned(),
            model.note.clone(),
        ]);
    }
    table.print(screen)
}

fn price(price: &Price) -> String {
    if *price == Price::FREE {
        "free".to_owned()
    } else {
        format!("{} / {}", price.input, price.output)
    }
}

/// Where a price comes from, without the parts of an address that only a browser needs; the whole
/// is in `--json`.
fn place(source: &str) -> &str {
    let first = source.split(' ').next().unwrap_or(source);
    match first.strip_prefix("https://") {
        Some(address) => address.split('/').next().unwrap_or(address),
        None => source,
    }
}
