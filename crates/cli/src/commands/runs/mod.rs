//! `slipway runs`.

mod again;
mod answer;
mod cancel;
mod compare;
mod export;
mod go_on;
pub(in crate::commands) mod list;
mod retry;
mod save_as_test;
pub(in crate::commands) mod show;
mod wire;

use slipway_app::App;

use crate::args::{ListArgs, RunsArgs, RunsCommand};
use crate::exit::{Exit, Failure};

pub(super) async fn carry_out(app: App, args: RunsArgs, json: bool) -> Result<Exit, Failure> {
    match args
        .command
        .unwrap_or_else(|| RunsCommand::List(ListArgs::default()))
    {
        RunsCommand::List(args) => list::list(&app, args, json).await,
        RunsCommand::Show(args) if args.command => show::command(&app, &args.run, json).await,
        RunsCommand::Show(args) => show::show(&app, &args.run, json).await,
        RunsCommand::Again(args) => again::again(app, args, json).await,
        RunsCommand::Continue(args) => go_on::go_on(app, args, json).await,
        RunsCommand::Retry(args) => retry::retry(app, args, json).await,
        RunsCommand::Resume(args) => answer::resume(app, &args, json).await,
        RunsCommand::Approve(args) => answer::approve(app, &args, json).await,
        RunsCommand::Deny(args) => answer::deny(app, args, json).await,
        RunsCommand::Resolve(args) => answer::resolve(app, args, json).await,
        RunsCommand::Cancel(args) => cancel::cancel(&app, &args.run, json).await,
        RunsCommand::Export(args) => export::export(&app, args, json).await,
        RunsCommand::Compare(args) => compare::compare(&app, &args, json).await,
        RunsCommand::SaveAsTest(args) => save_as_test::save_as_test(&app, &args, json).await,
        RunsCommand::Wire(args) => wire::wire(&app, &args, json).await,
    }
}
