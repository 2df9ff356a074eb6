//! `slipway run`.

use std::io::{self, IsTerminal as _};

use slipway_app::{App, RunOptions, Target};

use super::watch::{self, Attending};
use super::{clock, compare};
use crate::args::RunArgs;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Facts, print_note};

pub(super) async fn run(app: App, mut args: RunArgs, json: bool) -> Result<Exit, Failure> {
    let target = Target::parse(&args.agent)?;
    let compared = match args.flags.model.len() {
        0 | 1 => Vec::new(),
        _ => std::mem::take(&mut args.flags.model),
    };
    let options = RunOptions {
        input: args.input.as_deref().map(input::read).transpose()?,
        attach: args.attach,
        record: args.record,
        workdir: args.workdir,
        ..watch::options(args.flags, json)?
    };
    if !compared.is_empty() {
        return compare::compare(&app, &target, &compared, options, json).await;
    }
    let planned = app.plan(&target, options).await?;
    planned.notes().iter().for_each(|note| print_note(note));
    if io::stderr().is_terminal() {
        offer_to_resume(&app).await;
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
         }| async move { Box::pin(app.run(planned, person, observer, control)).await },
    )
    .await
}

/// Says what was cut off before and could go on. That it could not be found out stops no run.
async fn offer_to_resume(app: &App) {
    let Ok(runs) = app.cut_off_runs().await else {
        return;
    };
    let Some(newest) = runs.first() else { return };
    let (agent, run) = (&newest.agent, newest.id.short());
    print_note(&match runs.len() {
        1 => format!("a run of {agent} was cut off; it goes on with: slipway runs resume {run}"),
        count => format!(
            "{count} runs were cut off: slipway runs list --status cut-off; the newest, of {agent}, goes on with: slipway runs resume {run}"
        ),
    });
}
