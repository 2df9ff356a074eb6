//! The `slipway` command.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod args;
mod commands;
mod exit;
mod input;
mod logging;
mod output;
mod passphrase;

use std::alloc::System;
use std::io;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use slipway_contract::{ErrorCode, Problem};
use zeroizing_alloc::ZeroAlloc;

use crate::args::Cli;
use crate::exit::{Exit, Failure};

/// What is freed is wiped, so that a key that was let go of is in no core dump.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(error).into(),
    };
    logging::start();
    let as_json = cli.json;
    match commands::carry_out(cli) {
        Ok(exit) => exit.into(),
        Err(Failure::Problem(problem)) => {
            output::print_problem(&problem, as_json);
            Exit::of_problem(&problem).into()
        }
        // The reader has seen enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Exit::Succeeded.into()
        }
        Err(Failure::Output(error)) => {
            let message = format!("the output could not be written: {error}");
            output::print_problem(&Problem::new(ErrorCode::Storage, message), false);
            Exit::Failed.into()
        }
    }
}

/// Help and version are refusals to clap too; they go to stdout and are no failure.
fn refused(mut error: clap::Error) -> Exit {
    // It would have unknown flags be taken for ids and names.
    if error.kind() == ErrorKind::UnknownArgument {
        error.remove(ContextKind::Suggested);
    }
    // Where nothing can be written there is nobody to tell.
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Succeeded;
    }
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
        && flag.starts_with("--budget")
        && std::env::args_os()
            .nth(1)
            .is_some_and(|first| first == "runs")
    {
        output::print_note(
            "a run keeps the budget that it started with. With another it goes on as a new run: slipway runs continue ID --input TEXT --budget USD",
        );
    }
    let wants_json = std::env::args_os()
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json");
    if wants_json {
        let text = error.render().to_string();
        let message = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let _ = output::print_error_line(&Problem::new(ErrorCode::InvalidInput, message));
    }
    Exit::Wrong
}
