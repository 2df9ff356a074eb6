//! `slipway models prices`.

use slipway_app::App;
use slipway_contract::model::{Dearer, ModelSummary, Price};
use slipway_contract::{ErrorCode, Problem};

use crate::args::Tested;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, amount, print_json};

pub(super) async fn list(app: &App, of: Option<&Tested>, json: bool) -> Result<Exit, Failure> {
    app.check_prices()?;
    let mut models = app.list_models().await;
    models.retain(|model| of.is_none_or(|of| of.covers(&model.model)));
    if models.is_empty() {
        let problem = Problem::new(ErrorCode::NotFound, "no price is known of that").help(
            "`slipway models prices` lists those that are; your own go into prices.toml (slipway models prices --help).",
        );
        return Err(problem.into());
    }
    if json {
        models.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line("US dollars for a million tokens:")?;
    let mut table = Table::new([
        "MODEL", "INPUT", "CACHED", "TO CACHE", "OUTPUT", "AS OF", "FROM",
    ]);
    for model in &models {
        table.row(row(model));
        if let Some(dearer) = model.price.and_then(|price| price.dearer) {
            table.row(long_requests(&dearer));
        }
    }
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn row(model: &ModelSummary) -> [String; 7] {
    let name = model.model.to_string();
    let date = model
        .price_checked
        .map_or_else(String::new, |date| date.to_string());
    let source = model.price_source.as_deref().map_or("", place).to_owned();
    match &model.price {
        None => [
            name,
            "unknown".into(),
            String::new(),
            String::new(),
            String::new(),
            date,
            source,
        ],
        Some(price) if *price == Price::FREE => [
            name,
            "free".into(),
            String::new(),
            String::new(),
            String::new(),
            date,
            source,
        ],
        Some(price) => [
            name,
            price.input.to_string(),
            price.cached_input.to_string(),
            price
                .cache_write
                .map_or_else(String::new, |price| price.to_string()),
            price.output.to_string(),
            date,
            source,
        ],
    }
}

/// What requests cost whose input is long.
fn long_requests(dearer: &Dearer) -> [String; 7] {
    let name = format!("  above {} input tokens", amount::count(dearer.above));
    let [input, cached, write, output] = match &dearer.rates {
        None => [
            "unknown".into(),
            String::new(),
            String::new(),
            String::new(),
        ],
        Some(rates) => [
            rates.input.to_string(),
            rates.cached_input.to_string(),
            rates
                .cache_write
                .map_or_else(String::new, |price| price.to_string()),
            rates.output.to_string(),
        ],
    };
    [
        name,
        input,
        cached,
        write,
        output,
        String::new(),
        String::new(),
    ]
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
