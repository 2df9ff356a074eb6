//! `slipway cloud`. It opens no database.

mod audit;
mod invitations;
mod keys;
mod login;
mod logout;
mod members;
mod orgs;
mod second_factor;
mod sessions;
mod whoami;

use serde::Serialize;
use slipway_app::secrets::Keys;
use slipway_app::{Cloud, Home};
use slipway_contract::{ErrorCode, Problem};

use super::watch::can_ask;
use crate::args::{CloudArgs, CloudCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, agreed, confirmed, print_json, sanitize};
use crate::passphrase;

pub(super) async fn carry_out(args: CloudArgs, json: bool) -> Result<Exit, Failure> {
    let home = Home::find()?;
    let keys = Keys::of(&home)?;
    passphrase::may_ask(&keys);
    let cloud = Cloud::of(&home, &keys);
    match args.command {
        CloudCommand::Login(args) => Box::pin(login::login(&cloud, &keys, args, json)).await,
        CloudCommand::Whoami { offline } => whoami::whoami(&cloud, offline, json).await,
        CloudCommand::Logout => logout::logout(&cloud, json).await,
        CloudCommand::Orgs(args) => orgs::carry_out(&cloud, args.command, json).await,
        CloudCommand::Members(args) => members::carry_out(&cloud, args.command, json).await,
        CloudCommand::Invitations(args) => invitations::carry_out(&cloud, args.command, json).await,
        CloudCommand::Keys(args) => keys::carry_out(&cloud, args, json).await,
        CloudCommand::Sessions(args) => sessions::carry_out(&cloud, args.command, json).await,
        CloudCommand::SecondFactor(args) => second_factor::second_factor(&cloud, &args, json).await,
        CloudCommand::Audit(args) => audit::audit(&cloud, &args, json).await,
    }
}

/// Says what was done: an object, or a sentence.
fn done(json: bool, object: &impl Serialize, sentence: &str) -> Result<Exit, Failure> {
    if json {
        print_json(object)?;
    } else {
        let mut screen = Screen::stdout();
        screen.line(&sanitize::line(sentence))?;
        screen.flush()?;
    }
    Ok(Exit::Succeeded)
}

/// Whether the person wants what cannot be taken back.
fn agree(question: &str, yes: bool, json: bool) -> Result<bool, Failure> {
    asked(yes, json, || agreed(&sanitize::exact(question)))
}

/// The same for what is so large that the person types its name, as in the window.
fn agree_by_name(question: &str, name: &str, yes: bool, json: bool) -> Result<bool, Failure> {
    let question = format!("{} Type its name to do it", sanitize::exact(question));
    asked(yes, json, || confirmed(&question, name))
}

fn asked(
    yes: bool,
    json: bool,
    ask: impl FnOnce() -> std::io::Result<bool>,
) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if json || !can_ask(json) {
        let message = "nothing was done: nobody is there to agree";
        let problem = Problem::new(ErrorCode::InvalidInput, message).help("Say --yes to do it.");
        return Err(problem.into());
    }
    if ask()? {
        return Ok(true);
    }
    let mut screen = Screen::stdout();
    screen.line("Nothing was done.")?;
    screen.flush()?;
    Ok(false)
}
