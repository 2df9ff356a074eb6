//! `slipway cloud keys`.

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey};
use slipway_contract::cloud::{OrganizationId, Scope};

use super::{agree, done};
use crate::args::{KeysArgs, KeysCommand};
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, print_note, sanitize};

pub(super) async fn carry_out(cloud: &Cloud, args: KeysArgs, json: bool) -> Result<Exit, Failure> {
    let of = match &args.org {
        Some(named) => Some(cloud.organization_named(named).await?.id),
        None => None,
    };
    match args.command.unwrap_or(KeysCommand::List) {
        KeysCommand::List => list(cloud, of, json).await,
        KeysCommand::Create {
            name,
            scopes,
            days,
            never,
        } => {
            let days = (!never).then_some(days);
            let key = NewApiKey { name, scopes, days };
            shown_once(&cloud.create_key(of, key).await?, json)
        }
        KeysCommand::Rotate {
            key,
            grace_hours,
            yes,
        } => {
            let found = cloud.key_named(of, &key).await?;
            let question = format!("Rotate {}, which is void at once then?", named(&found));
            if grace_hours == 0 && !agree(&question, yes, json)? {
                return Ok(Exit::Succeeded);
            }
            let made = cloud.rotate_key(of, found.id, grace_hours).await?;
            let old = cloud.list_keys(of).await?.into_iter();
            let end = old
                .filter(|key| key.id == found.id)
                .find_map(|key| key.expires_at);
            print_note(&match end {
                Some(end) if grace_hours > 0 => {
                    format!("{} can be used until {}", named(&found), local_time(end))
                }
                _ => format!("{} is void", named(&found)),
            });
            shown_once(&made, json)
        }
        KeysCommand::Revoke { key, yes } => {
            let found = cloud.key_named(of, &key).await?;
            let name = named(&found);
            if agree(&format!("Make {name} void at once?"), yes, json)? {
                cloud.revoke_key(of, found.id).await?;
                return done(
                    json,
                    &json!({"revoked": found.id}),
                    &format!("Done: {name} is void."),
                );
            }
            Ok(Exit::Succeeded)
        }
    }
}

/// A key with how it begins: several may have one name.
fn named(key: &ApiKey) -> String {
    format!("the key {} ({}…)", key.name.as_str(), key.start)
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
    let now = clock::now();
    let mut table = Table::new(["NAME", "BEGINS", "STATE", "LAST USED", "SCOPES"]);
    for key in keys {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(at), _) => format!("void since {}", local_time(at)),
            (None, Some(at)) if at <= now => format!("expired {}", local_time(at)),
            (None, Some(at)) => format!("until {}", local_time(at)),
            (None, None) => "does not expire".to_owned(),
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
