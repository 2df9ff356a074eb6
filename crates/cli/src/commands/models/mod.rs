//! `slipway models`.

mod list;
mod prices;
mod test;

use slipway_app::App;

use crate::args::{ModelsArgs, ModelsCommand};
use crate::exit::{Exit, Failure};

pub(super) async fn carry_out(app: &App, args: ModelsArgs, json: bool) -> Result<Exit, Failure> {
    let usual = ModelsCommand::List {
        provider: None,
        all: false,
        online: false,
    };
    match args.command.unwrap_or(usual) {
        ModelsCommand::List {
            provider,
            all,
            online,
        } => {
            let wanted = list::Wanted {
                provider: provider.as_deref(),
                all,
                online,
            };
            list::list(app, wanted, json).await
        }
        ModelsCommand::Test { what } => test::test(app, what, json).await,
        ModelsCommand::Prices { of } => prices::list(app, of.as_ref(), json).await,
    }
}
