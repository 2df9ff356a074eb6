//! `slipway run`.

use slipway_app::{App, RunOptions, Target};

use super::watch::{self, Attending};
use crate::args::{Budget, RunArgs};
use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::Facts;

pub(super) async fn run(app: App, args: RunArgs, json: bool) -> Result<Exit, Failure> {
    let target = Target::parse(&args.agent)?;
    let options = RunOptions {
        input: args.input.as_deref().map(input::read).transpose()?,
        model: args.flags.model,
        budget_usd: args.flags.budget.and_then(Budget::amount),
        unlimited: args.flags.budget == Some(Budget::Unlimited),
        approve: watch::approve(args.flags.approve, json),
        record: args.record,
        no_network: args.flags.no_network,
        workdir: args.workdir,
    };
    let planned = app.plan(&target, options).await?;
    let facts = Facts::of(planned.spec());
    watch::watch(
        facts,
        &[],
        json,
        |Attending {
             person,
             observer,
             control,
         }| async move { Box::pin(app.run(planned, person, observer, control)).await },
    )
    .await
}
