//! `slipway new`.

use std::path::{Path, PathBuf};

use slipway_app::Example;
use slipway_contract::{AgentName, Problem};

use crate::args::NewArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, sanitize};

pub(super) fn new(args: &NewArgs, json: bool) -> Result<Exit, Failure> {
    let (name, folder) = made(args)?;
    if json {
        print_json(&serde_json::json!({ "name": name, "folder": folder }))?;
        return Ok(Exit::Succeeded);
    }
    let shown = in_command(&folder);
    let mut screen = Screen::stdout();
    screen.line(&format!("Made the agent {name} in {shown}"))?;
    screen.line("")?;
    if args.example.is_some() {
        screen.line(&format!("  Read:  {shown}/README.md"))?;
    } else {
        screen.line(&format!(
            "  Edit:  {shown}/instructions.md and {shown}/agent.toml"
        ))?;
        screen.line(&format!("  Check: slipway validate {shown}"))?;
    }
    screen.line(&format!("  Run:   slipway run {shown}"))?;
    if args
        .example
        .as_ref()
        .is_some_and(|example| example == "link-checker")
    {
        screen.line("")?;
        screen.line("It checks a small site; serve it first, in another terminal:")?;
        screen.line(&format!(
            "  python3 -m http.server 8931 --bind 127.0.0.1 --directory {shown}/site"
        ))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn made(args: &NewArgs) -> Result<(AgentName, PathBuf), Problem> {
    let Some(example) = &args.example else {
        let folder = args.folder.clone().unwrap_or_default();
        return Ok((
            slipway_app::new_agent(&folder, args.name.clone(), args.template.as_deref())?,
            folder,
        ));
    };
    let example = Example::named(example)?;
    let folder = args
        .folder
        .clone()
        .unwrap_or_else(|| Path::new(".").join(example.name.as_str()));
    example.unpack(&folder)?;
    Ok((example.name, folder))
}

/// The folder as it is written after `slipway run`: a name alone would mean an agent.
fn in_command(folder: &Path) -> String {
    let text = folder.to_string_lossy();
    let text = sanitize::line(&text)
        .trim_end_matches(['/', std::path::MAIN_SEPARATOR])
        .to_owned();
    let is_path = text.contains(['/', std::path::MAIN_SEPARATOR]) || text == "." || text == "..";
    if is_path { text } else { format!("./{text}") }
}
