//! What each command does. One file each.

mod agents;
mod budgets;
mod clock;
mod cloud;
mod compare;
mod completions;
mod data;
mod doctor;
mod export;
mod import;
mod licences;
mod link;
mod man;
mod models;
mod new;
mod privacy;
mod rules;
mod run;
mod runs;
mod secrets;
mod settings;
mod signals;
mod snapshots;
mod test;
mod tools;
mod validate;
mod watch;

use std::future::Future;

use slipway_app::{App, Home};
use slipway_contract::{ErrorCode, Problem};
use tokio::runtime;

use crate::args::{Cli, Command};
use crate::exit::{Exit, Failure};
use crate::output::print_problem;
use crate::passphrase;

/// Carries out a command.
pub(crate) fn carry_out(cli: Cli) -> Result<Exit, Failure> {
    let json = cli.json;
    match cli.command {
        Command::Run(args) => with_app(json, async move |app| run::run(app, args, json).await),
        Command::Runs(args) => with_app(json, async move |app| {
            runs::carry_out(app, args, json).await
        }),
        Command::Test(args) => with_app(json, async move |app| {
            Box::pin(test::test(app, *args, json)).await
        }),
        Command::Rules(args) => with_app(json, async move |app| {
            rules::carry_out(&app, args, json).await
        }),
        Command::Budgets(args) => with_app(json, async move |app| {
            budgets::carry_out(&app, args, json).await
        }),
        Command::New(args) => new::new(&args, json),
        Command::Validate(args) => validate::validate(&args, json),
        Command::Import(args) => with_app(json, async move |app| {
            import::import(&app, &args, json).await
        }),
        Command::Link(args) => with_app(json, async move |app| link::link(app, args, json).await),
        Command::Export(args) => with_app(json, async move |app| {
            export::export(&app, &args, json).await
        }),
        Command::Agents(args) => with_app(json, async move |app| {
            agents::carry_out(&app, args, json).await
        }),
        Command::Models(args) => with_app(json, async move |app| {
            models::carry_out(&app, args, json).await
        }),
        Command::Tools(args) => tools::carry_out(args, json),
        Command::Cloud(args) => on_runtime(cloud::carry_out(args, json)),
        Command::Snapshots(args) => on_runtime(snapshots::carry_out(args, json)),
        Command::Data(args) => on_runtime(data::carry_out(args, json)),
        Command::Secrets(args) => secrets::carry_out(args, json),
        Command::Settings(args) => with_app(json, async move |app| {
            settings::carry_out(&app, args, json).await
        }),
        Command::Privacy(_) => with_app(json, async move |app| privacy::privacy(&app, json).await),
        Command::Licences(args) => licences::licences(&args, json),
        Command::Doctor(_) => on_runtime(doctor::doctor(json)),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => man::man(&args),
    }
}

/// Wherever a command comes upon a damaged database, it says so and how to go back.
async fn with_way_back(
    app: &App,
    done: Result<Exit, Failure>,
    json: bool,
) -> Result<Exit, Failure> {
    match done {
        Err(Failure::Problem(problem)) => Err(Failure::Problem(app.explained(problem).await)),
        Ok(exit) => match app.damage_met().await {
            Some(damage) => {
                print_problem(&damage, json);
                // What stands on a damaged database did not go well, whatever came of it.
                Ok(match exit {
                    Exit::Succeeded => Exit::Failed,
                    other => other,
                })
            }
            None => Ok(exit),
        },
        Err(failure) => Err(failure),
    }
}

fn with_app<C, F>(json: bool, command: C) -> Result<Exit, Failure>
where
    C: FnOnce(App) -> F,
    F: Future<Output = Result<Exit, Failure>>,
{
    let home = Home::find()?;
    on_runtime(async move {
        let app = App::open(home).await?;
        passphrase::may_ask(app.keys());
        let done = command(app.clone()).await;
        // Whoever stops the command wants it to end now; tomorrow is a day too.
        if !matches!(done, Ok(Exit::Cancelled | Exit::Detached(_))) {
            app.snapshot_looked_after().await;
        }
        let done = with_way_back(&app, done, json).await;
        app.close().await;
        done
    })
}

/// Two threads: one that drives the run and one that hears signals, should a tool hold the first.
fn on_runtime(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::Problem(Problem::new(
                ErrorCode::Internal,
                format!("the system gives no threads: {error}"),
            ))
        })?;
    let done = runtime.block_on(work);
    // A tool that is still busy after its run was let go of is not waited for.
    runtime.shutdown_background();
    done
}
