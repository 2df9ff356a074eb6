//! The person's own prices: `prices.toml` in their home.

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use slipway_agent::ports::prices::Prices as _;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::OwnPrices;

use crate::App;
use crate::problem::from_io;

/// More than any table of prices needs.
const MOST_BYTES: u64 = 1 << 20;

impl App {
    /// What a wrong `prices.toml` keeps from being done: nothing is started that costs money.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong.
    pub fn check_prices(&self) -> Result<(), Problem> {
        self.prices().as_ref().map(drop).map_err(Clone::clone)
    }

    /// That nobody knows what calls of a model cost, although it is served on this machine: what
    /// listens there is of no kind that is known, and may pass them on to somebody who bills.
    #[must_use]
    pub fn unpriced_here(&self, model: &ModelRef) -> Option<String> {
        let providers = &self.runner().world().providers;
        (providers.stays_on_this_machine(model) && providers.price(model).is_none()).then(|| {
            format!(
                "what {model} costs is not known: what serves it on this machine may be a proxy that passes calls on to somebody who bills. Say in {} what it costs, also that it is 0",
                self.home().prices().display()
            )
        })
    }
}

/// The prices in this file; none where there is no file.
pub(crate) fn read(path: &Path) -> Result<OwnPrices, Problem> {
    let text = match text_of(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(OwnPrices::default()),
        read => read.map_err(|error| from_io("read", path, &error))?,
    };
    OwnPrices::parse(&text).map_err(|findings| {
        let message = format!("{} is not valid, so no price is certain", path.display());
        let mut problem = Problem::new(ErrorCode::InvalidInput, message)
            .help("Correct what is named, or move the file away. docs/budgets.md shows its form.");
        problem.findings = findings;
        problem
    })
}

/// A file that the person writes, unless it is longer than any of them needs to be.
pub(crate) fn text_of(path: &Path) -> std::io::Result<String> {
    let file = std::fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut text = String::new();
    file.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(std::io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}
