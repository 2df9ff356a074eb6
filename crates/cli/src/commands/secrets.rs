//! `slipway secrets`.

use std::io::{self, IsTerminal as _, Read as _};

use slipway_app::Home;
use slipway_app::secrets::{KeyEntry, Keys, SecretName};
use slipway_contract::{ErrorCode, Problem, Secret};

use crate::args::{SecretsArgs, SecretsCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, print_note};
use crate::passphrase;

/// The most bytes that are read; the vault has a limit of its own, and says it.
const MOST: u64 = 1 << 20;

pub(super) fn carry_out(args: SecretsArgs, json: bool) -> Result<Exit, Failure> {
    let keys = Keys::of(&Home::find()?)?;
    match args.command.unwrap_or(SecretsCommand::List) {
        SecretsCommand::List => list(&keys, json),
        SecretsCommand::Set { name, value } if value.is_empty() => set(&keys, &name, json),
        SecretsCommand::Set { .. } => Err(Problem::new(
            ErrorCode::InvalidInput,
            "a key is not taken from the command line, where other programs and your shell's history see it; nothing was kept",
        )
        .help("Take that key for known and get a new one. Then: slipway secrets set NAME, which asks for it.")
        .into()),
        SecretsCommand::Remove { name } => remove(&keys, &name, json),
    }
}

fn named(name: &str) -> Result<SecretName, Problem> {
    name.parse()
        .map_err(|error: slipway_app::secrets::InvalidName| {
            Problem::new(ErrorCode::InvalidInput, error.to_string())
        })
}

fn list(keys: &Keys, json: bool) -> Result<Exit, Failure> {
    let entries = keys.list()?;
    if json {
        entries.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if entries.is_empty() {
        screen.line("No keys are kept here yet.")?;
        screen.line("")?;
        screen.line("  Keep one:   slipway secrets set OPENAI_API_KEY")?;
    } else {
        table(&entries).print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(entries: &[KeyEntry]) -> Table<2> {
    let mut table = Table::new(["NAME", "KEPT IN"]);
    for entry in entries {
        let place = entry.place.to_string();
        let wins = entry.in_environment && place != "the environment";
        let place = if wins {
            format!("{place}; the environment has one too, which wins")
        } else {
            place
        };
        table.row([entry.name.clone(), place]);
    }
    table
}

fn set(keys: &Keys, name: &str, json: bool) -> Result<Exit, Failure> {
    let name = named(name)?;
    passphrase::may_ask(keys);
    // Before the key is typed: who does not want it there gives none.
    let instead = keys.instead_of_keychain();
    if let Some(place) = &instead {
        print_note(place);
    }
    let Some(secret) = read(&name)? else {
        return Ok(Exit::Cancelled);
    };
    let kept = keys.set(&name, &secret)?;
    if json {
        print_json(&kept)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!("{name} is kept in {}.", kept.place))?;
    screen.flush()?;
    let further = kept
        .notes
        .iter()
        .filter(|note| Some(*note) != instead.as_ref());
    further.for_each(|note| print_note(note));
    Ok(Exit::Succeeded)
}

/// At a terminal a line that is not shown, or none when the person gives up; else all of stdin.
fn read(name: &SecretName) -> Result<Option<Secret>, Problem> {
    let failed = |error: &io::Error| {
        let message = format!("the key could not be read: {error}");
        Problem::new(ErrorCode::InvalidInput, message)
    };
    if io::stdin().is_terminal() {
        let typed = passphrase::prompt(&format!("{name} (not shown): "));
        return typed.map_err(|error| failed(&error));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MOST)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&error))?;
    let bytes = Secret::new(bytes);
    let text = std::str::from_utf8(bytes.expose()).map_err(|error| {
        let at = error.valid_up_to();
        let message = format!("the key on stdin is not UTF-8 text: byte {at} cannot be read");
        Problem::new(ErrorCode::InvalidInput, message)
    })?;
    // The line end is the shell's, not the key's.
    let text = text.trim_end_matches(['\r', '\n']);
    Ok(Some(Secret::new(text.to_owned())))
}

fn remove(keys: &Keys, name: &str, json: bool) -> Result<Exit, Failure> {
    let name = named(name)?;
    let removed = keys.remove(&name)?;
    if json {
        print_json(&serde_json::json!({ "removed": removed.name, "place": removed.place }))?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!("{name} was removed from {}.", removed.place))?;
    screen.flush()?;
    if removed.in_environment {
        print_note(&format!(
            "{name} is still set in the environment, and is used from there"
        ));
    }
    Ok(Exit::Succeeded)
}
