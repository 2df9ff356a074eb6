//! `slipway runs continue`.

use slipway_app::{App, RunOptions};

use crate::args::{Budget, ContinueArgs};
use crate::commands::watch::{self, Attending};
use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::Facts;

pub(super) async fn go_on(app: App, args: ContinueArgs, json: bool) -> Result<Exit, Failure> {
    let parent = app.find_run(&args.run.id).await?;
    let input = input::read(&args.input)?;
    let options = RunOptions {
        model: args.flags.model,
        budget_usd: args.flags.budget.and_then(Budget::amount),
        unlimited: args.flags.budget == Some(Budget::Unlimited),
        approve: watch::approve(args.flags.approve, json),
        no_network: args.flags.no_network,
        ..RunOptions::default()
    };
    let mut facts = Facts::of(&app.spec_of(parent).await?);
    if let Some(model) = &options.model {
        facts.model = model.clone();
    }
    watch::watch(
        facts,
        &[],
        json,
        |Attending {
             person,
             observer,
             control,
         }| async move {
            app.converse(parent, input, options, person, observer, control)
                .await
        },
    )
    .await
}
