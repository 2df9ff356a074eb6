//! `slipway runs continue`.

use slipway_app::{App, RunOptions};

use crate::args::ContinueArgs;
use crate::commands::watch::{self, Attending};
use crate::exit::{Exit, Failure};
use crate::input;

pub(super) async fn go_on(app: App, args: ContinueArgs, json: bool) -> Result<Exit, Failure> {
    let parent = app.find_run(&args.run.id).await?;
    let input = input::read(&args.input)?;
    let options = RunOptions {
        attach: args.attach,
        ..watch::options(args.flags, json)?
    };
    let facts = watch::facts_after(&app, (parent, None), &options).await?;
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
