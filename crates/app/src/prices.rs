//! The person's own prices: `prices.toml` in their home.

use std::path::Path;

use slipway_agent::ports::prices::Prices as _;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::OwnPrices;

use crate::App;

/// What stands before the slash of models that cost nothing, whatever the file says.
const RECORDING: &str = "recording";

impl App {
    /// What a wrong `prices.toml` keeps from being done: nothing is started that costs money.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong.
    pub fn check_prices(&self) -> Result<(), Problem> {
        self.own_files().prices().map(drop)
    }

    /// The same, as far as these models are concerned: recordings need no price.
    pub(crate) fn check_prices_for<'a>(
        &self,
        models: impl IntoIterator<Item = &'a ModelRef>,
    ) -> Result<(), Problem> {
        match models.into_iter().all(|model| model.provider == RECORDING) {
            true => Ok(()),
            false => self.check_prices(),
        }
    }

    /// That nobody knows what calls of a model cost, although it is served on this machine: what
    /// listens there is of no kind that is known, and may pass them on to somebody who bills.
    #[must_use]
    pub fn unpriced_here(&self, model: &ModelRef) -> Option<String> {
        let runner = self.runner();
        let providers = &runner.world().providers;
        (providers.stays_on_this_machine(model) && providers.price(model).is_none()).then(|| {
            format!(
                "what {model} costs is not known: what serves it on this machine may be a proxy that passes calls on to somebody who bills. Say in {} what it costs, also that it is 0",
                self.home().prices().display()
            )
        })
    }
}

/// The prices in this text of the file; none where there is no file.
pub(crate) fn parsed(
    text: Result<Option<String>, Problem>,
    path: &Path,
) -> Result<OwnPrices, Problem> {
    let Some(text) = text? else {
        return Ok(OwnPrices::default());
    };
    OwnPrices::parse(&text).map_err(|findings| {
        let message = format!("{} is not valid, so no price is certain", path.display());
        let mut problem = Problem::new(ErrorCode::InvalidInput, message)
            .help("Correct what is named, or move the file away. docs/budgets.md shows its form.");
        problem.findings = findings;
        problem
    })
}
