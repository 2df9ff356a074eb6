//! `slipway-cloud`: the server, and what its operator does.

mod arguments;
mod commands;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve => commands::serve().await,
        Command::Worker => commands::worker().await,
        Command::Admin(admin) => commands::admin::admin(admin).await,
        Command::Seed => commands::seed::seed().await,
        Command::Migrate => commands::migrate().await,
        Command::Reseal(how) => commands::reseal(how.forget).await,
        Command::Openapi => commands::openapi(),
        Command::Settings => commands::settings(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error);
            ExitCode::FAILURE
        }
    }
}
