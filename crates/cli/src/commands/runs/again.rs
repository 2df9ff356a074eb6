//! `slipway runs again`.

use slipway_app::{App, RunOptions};

use crate::args::AgainArgs;
use crate::commands::clock;
use crate::commands::watch::{self, Attending};
use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Facts, print_note};

pub(super) async fn again(app: App, args: AgainArgs, json: bool) -> Result<Exit, Failure> {
    let options = RunOptions {
        input: args.input.as_deref().map(input::read).transpose()?,
        attach: args.attach,
        ..watch::options(args.flags, json)?
    };
    let run = app.find_run(&args.run.id).await?;
    let planned = app.plan_begin_again(run, options).await?;
    planned.notes().iter().for_each(|note| print_note(note));
    if let Some(note) = app.goes_on_with(run).await {
        print_note(&note);
    }
    watch::note_of_money(&app, &planned.spec().model);
    let mut facts = Facts::of(planned.spec());
    facts.denied = app.denied_tools(planned.spec(), clock::now()).await?;
    watch::watch(
        facts,
        &[],
        json,
        |Attending {
             person,
             observer,
             control,
         }| async move { Box::pin(app.begin_again(planned, person, observer, control)).await },
    )
    .await
}
