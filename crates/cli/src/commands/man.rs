//! `slipway man`.

use std::io::{self, Write as _};
use std::path::Path;

use clap::CommandFactory as _;
use slipway_contract::{ErrorCode, Problem};

use crate::args::{Cli, ManArgs};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, sanitize};

pub(super) fn man(args: &ManArgs) -> Result<Exit, Failure> {
    // The template is the terminal's own order of the commands; a page has its own.
    let command = Cli::command().help_template("{all-args}");
    if let Some(folder) = &args.output {
        write_pages(command, folder)?;
        let mut screen = Screen::stdout();
        screen.line(&format!(
            "Wrote the pages to {}",
            sanitize::line(&folder.to_string_lossy())
        ))?;
        screen.flush()?;
        return Ok(Exit::Succeeded);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let mut out = io::stdout().lock();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Exit::Succeeded)
}

fn write_pages(command: clap::Command, folder: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| {
            Problem::new(
                ErrorCode::Storage,
                format!("{} could not be written: {error}", folder.display()),
            )
        })
}
