//! `slipway cloud keys`.

use std::io;
use std::time::Duration;

use serde_json::json;
use slipway_app::{Cloud, local_time};
use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey};
use slipway_contract::cloud::{OrganizationId, Scope};
use slipway_contract::{ErrorCode, Problem, Timestamp};

use super::{agree, done};
use crate::args::{KeysArgs, KeysCommand};
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json, print_note, sanitize, stdout_leads_somewhere};

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
            shown_once(of, &cloud.create_key(of, key).await?, json)
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
            // Nothing comes before the secret that could fail: it is nowhere else.
            let shown = shown_once(of, &made, json);
            print_note(&match grace_hours {
                0 => format!("{} is void", named(&found)),
                _ => {
                    let end = local_time(end_of_grace(&found, &made.key, grace_hours));
                    format!("{} can be used until {end}", named(&found))
                }
            });
            shown
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

/// Until when a key can be used in whose place this one was made: for so many hours, or to its own end.
fn end_of_grace(old: &ApiKey, next: &ApiKey, hours: u8) -> Timestamp {
    let grace = Duration::from_secs(u64::from(hours) * 3600);
    let end = next.created_at.checked_add(grace);
    let end = end.unwrap_or(Timestamp::MAX);
    old.expires_at.map_or(end, |earlier| earlier.min(end))
}

/// Shows the secret, which is nowhere else. Where that fails, whoever made the key has none and is told how to be rid of
/// it.
fn shown_once(of: Option<OrganizationId>, made: &MadeApiKey, json: bool) -> Result<Exit, Failure> {
    let shown = stdout_leads_somewhere().and_then(|()| show(made, json));
    shown.map_err(|error| unseen(of, &made.key, &error))?;
    Ok(Exit::Succeeded)
}

/// The secret stands alone on its line, so that it can be passed on.
fn show(made: &MadeApiKey, json: bool) -> io::Result<()> {
    if json {
        return print_json(made);
    }
    print_note(&format!(
        "this is the secret of {}, which is not shown again",
        made.key.name.as_str()
    ));
    let mut screen = Screen::stdout();
    screen.line(&sanitize::line(&made.secret))?;
    screen.flush()
}

fn unseen(of: Option<OrganizationId>, key: &ApiKey, error: &io::Error) -> Problem {
    let name = named(key);
    let message = format!("{name} was made, and its secret could not be written: {error}");
    let whose = of.map_or_else(String::new, |of| format!(" --org {of}"));
    Problem::new(ErrorCode::Storage, message).help(format!(
        "Make the key void: slipway cloud keys revoke {}{whose}",
        key.id
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(end: Option<i64>) -> ApiKey {
        serde_json::from_value(json!({
            "id": "01890000-0000-7000-8000-000000000001", "name": "Build", "start": "slk_a", "scopes": [],
            "created_at": Timestamp::from_second(0).unwrap(),
            "expires_at": end.map(|end| Timestamp::from_second(end).unwrap()),
        }))
        .unwrap()
    }

    #[test]
    fn a_key_goes_on_for_its_grace_and_not_beyond_its_own_end() {
        for (own, hours, end) in [
            (None, 1, 3600),
            (Some(9_999_999), 24, 86_400),
            (Some(60), 24, 60),
        ] {
            let end = Timestamp::from_second(end).unwrap();
            assert_eq!(end_of_grace(&key(own), &key(None), hours), end);
        }
        let last = ApiKey {
            created_at: Timestamp::MAX,
            ..key(None)
        };
        assert_eq!(end_of_grace(&key(None), &last, 24), Timestamp::MAX);
    }
}
