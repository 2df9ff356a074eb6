//! `slipway cloud keys`.

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey};
use slipway_contract::cloud::{OrganizationId, Scope};

use super::{agree, done};
use crate::args::{KeysArgs, KeysCommand};
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, print_note, sanitize};

pub(super) async fn carry_out(cloud: &Cloud, args: KeysArgs, json: bool) -> Result<Exit, Failure> {
    let of = match &args.org {
        Some(named) => Some(cloud.organization_named(named).await?.id),
        None => None,
    };
    match args.command.unwrap_or(KeysCommand::List) {
        KeysCommand::List => list(cloud, of, json).await,
        KeysCommand::Create { name, scopes, days } => {
            let key = NewApiKey { name, scopes, days };
            shown_once(&cloud.create_key(of, key).await?, json)
        }
        KeysCommand::Rotate { key, grace_hours } => {
            let found = cloud.key_named(of, &key).await?;
            shown_once(&cloud.rotate_key(of, found.id, grace_hours).await?, json)
        }
        KeysCommand::Revoke { key, yes } => {
            let found = cloud.key_named(of, &key).await?;
            let name = found.name.as_str();
            if agree(&format!("Make the key {name} void at once?"), yes, json)? {
                cloud.revoke_key(of, found.id).await?;
                return done(
                    json,
                    &json!({"revoked": found.id}),
                    &format!("{name} is void."),
                );
            }
            Ok(Exit::Succeeded)
        }
    }
}

/// The secret stands alone on its line, so that it can be passed on.
fn shown_once(made: &MadeApiKey, json: bool) -> Result<Exit, Failure> {
    if json {
        print_json(made)?;
        return Ok(Exit::Succeeded);
    }
    print_note(&format!(
        "this is the secret of {}, which is not shown again",
        made.key.name.as_str()
    ));
    let mut screen = Screen::stdout();
    screen.line(&sanitize::line(&made.secret))?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn list(cloud: &Cloud, of: Option<OrganizationId>, json: bool) -> Result<Exit, Failure> {
    let keys = cloud.list_keys(of).await?;
    if json {
        keys.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if keys.is_empty() {
        screen
            .line("There are no keys. To make one: slipway cloud keys create NAME --scope SCOPE")?;
    } else {
        table(&keys).print(&mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn table(keys: &[ApiKey]) -> Table<5> {
    let mut table = Table::new(["NAME", "BEGINS", "STATE", "LAST USED", "SCOPES"]);
    for key in keys {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(at), _) => format!("void since {}", local_time(at)),
            (None, Some(at)) => format!("until {}", local_time(at)),
            (None, None) => "in use".to_owned(),
        };
        let scopes: Vec<&str> = key
            .scopes
            .iter()
            .map(|scope| Scope::as_str(*scope))
            .collect();
        table.row([
            key.name.as_str().to_owned(),
            key.start.clone(),
            state,
            key.last_used_at
                .map_or_else(|| "never".to_owned(), local_time),
            scopes.join(" "),
        ]);
    }
    table
}
