//! `slipway link`.

use slipway_app::{App, ask_command, links};
use slipway_contract::shell::Link;
use slipway_contract::{ErrorCode, Problem};

use super::watch::can_ask;
use super::{agents, import, runs};
use crate::args::{ImportArgs, LinkArgs, RunArg};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, agreed, print_json, sanitize};

pub(super) async fn link(app: App, args: LinkArgs, json: bool) -> Result<Exit, Failure> {
    let link = links::read(&args.url)?;
    if json {
        print_json(&serde_json::json!({
            "type": "link", "link": link, "does": what(&link), "followed": args.yes,
        }))?;
    } else {
        let mut screen = Screen::stdout();
        tell(&mut screen, &link)?;
        screen.flush()?;
    }
    match (args.show, args.yes) {
        (true, _) => return Ok(Exit::Succeeded),
        (false, true) => {}
        // The line that says whether it is followed is written by then.
        (false, false) if json || !can_ask(json) => return Err(nobody_agreed().into()),
        (false, false) if agreed("Do it?")? => {}
        (false, false) => {
            let mut screen = Screen::stdout();
            screen.line("Nothing was done.")?;
            screen.flush()?;
            return Ok(Exit::Succeeded);
        }
    }
    follow(app, link, json).await
}

/// What a link does, for whoever reads it.
const fn what(link: &Link) -> &'static str {
    match link {
        Link::Agent { .. } => "show_agent",
        Link::Ask { .. } => "show_command",
        Link::Run { .. } => "show_run",
        Link::Import { .. } => "show_package",
    }
}

fn tell(screen: &mut Screen, link: &Link) -> std::io::Result<()> {
    let (wants, shown) = match link {
        Link::Agent { agent } => ("show the agent", agent.to_string()),
        Link::Ask { agent, input } => {
            screen.line(&format!(
                "The link would print the command that says this to the agent {agent}:"
            ))?;
            screen.line("")?;
            // A person decides about it: a line's end is the only thing that is not shown as it is.
            for line in input.split('\n') {
                screen.line(&format!("  {}", sanitize::exact(line)))?;
            }
            screen.line("")?;
            return screen.line("It says nothing of who wrote it.");
        }
        Link::Run { run } => ("show the run", run.to_string()),
        Link::Import { path } => (
            "look at a package, and import nothing:",
            sanitize::exact(path).into_owned(),
        ),
    };
    screen.line(&format!("The link would {wants} {shown}"))
}

fn nobody_agreed() -> Problem {
    let message = "nothing was done: nobody is there to agree";
    Problem::new(ErrorCode::InvalidInput, message)
        .help("Say --yes to do it, or --show to see only what it would do.")
}

async fn follow(app: App, link: Link, json: bool) -> Result<Exit, Failure> {
    match link {
        // No link starts a run: whoever wants it sends it.
        Link::Ask { agent, input } => {
            let command = ask_command(&agent, &input);
            if json {
                print_json(&serde_json::json!({ "agent": agent, "command": command }))?;
            } else {
                let mut screen = Screen::stdout();
                screen.line(&command)?;
                screen.flush()?;
            }
            Ok(Exit::Succeeded)
        }
        Link::Agent { agent } => agents::show(&app, &agent, json).await,
        Link::Run { run } => {
            let id = run.to_string();
            runs::show::show(&app, &RunArg { id }, json).await
        }
        Link::Import { path } => {
            let args = ImportArgs {
                path: path.into(),
                replace: false,
                preview: true,
                name: None,
                hash: None,
                all: false,
            };
            import::import(&app, &args, json).await
        }
    }
}
