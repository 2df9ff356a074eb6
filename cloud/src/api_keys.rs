//! API keys: made, rotated, revoked. The secret is shown once and kept as its fingerprint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::cloud::ApiKeyId;
use slipway_contract::cloud::key::{MadeApiKey, NewApiKey};
use slipway_contract::cloud::{AccountId, OrganizationId, ProblemCode, Role, Scope};

use crate::audit::{self, Event};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::acting::{About, Acting};
use crate::http::caller::KEY_START;
use crate::http::origin::Origin;
use crate::people::failed;
use crate::people::throttle::{self, Limit};
use crate::quotas;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::api_keys::{self, Holder, Model};

/// How many characters of a key its owner sees later.
const SHOWN: usize = 10;
/// The most days that a key is made for.
const MOST_DAYS: u16 = 365;
/// The most hours that a rotated key goes on.
const MOST_HOURS: u8 = 24;

/// Checks what a key is made for; `role` is its maker's, for a key of an organization.
///
/// # Errors
/// When it has no scope, one that its maker has not, or a time that no key has.
pub fn check(new: &NewApiKey, role: Option<Role>) -> Result<(), Failure> {
    if new.scopes.is_empty() {
        return Err(Failure::field("scopes", "a key has at least one scope"));
    }
    for scope in &new.scopes {
        if let Some(role) = role.filter(|role| !scope.is_within(*role)) {
            let detail = format!("{scope} is more than you may as {role}.");
            return Err(Failure::new(ProblemCode::Forbidden, detail));
        }
        if role.is_some() && *scope == Scope::ReadAccount {
            let detail = "account:read is for a person's key; an organization has no account.";
            return Err(Failure::new(ProblemCode::Forbidden, detail));
        }
    }
    match new.days {
        Some(days) if !(1..=MOST_DAYS).contains(&days) => Err(Failure::field(
            "days",
            format!("{days} is not between 1 and {MOST_DAYS}"),
        )),
        _ => Ok(()),
    }
}

/// Makes a key of the kind that [`check`] let through.
///
/// # Errors
/// When there are too many, or the database's.
pub async fn create(
    acting: &Acting,
    on: &impl ConnectionTrait,
    holder: Holder,
    new: &NewApiKey,
) -> Result<MadeApiKey, Failure> {
    let made = make(&acting.server, on, holder, acting.account()?, new).await?;
    let about = About {
        organization: match holder {
            Holder::Person(_) => None,
            Holder::Organization(organization) => Some(organization),
        },
        target: Some(made.key.id.to_string()),
        detail: Some(json!({"name": new.name, "scopes": new.scopes})),
        ..About::default()
    };
    acting.record(on, "key.created", about).await?;
    Ok(made)
}

async fn make(
    server: &Server,
    on: &impl ConnectionTrait,
    holder: Holder,
    maker: AccountId,
    new: &NewApiKey,
) -> Result<MadeApiKey, Failure> {
    let now = server.clock.now();
    quotas::KEYS.room(api_keys::count_live(on, holder, now).await?)?;
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let (account_id, organization_id) = match holder {
        Holder::Person(account) => (Some(account.0), None),
        Holder::Organization(organization) => (None, Some(organization.0)),
    };
    let row = Model {
        id: server.chance.id(now)?,
        account_id,
        organization_id,
        created_by: Some(maker.0),
        name: new.name.as_str().to_owned(),
        start: String::new(),
        hash: Vec::new(),
        scopes: scopes.join(" "),
        expires_at: new
            .days
            .map(|days| now.plus_seconds(i64::from(days) * 24 * 3600)),
        last_used_at: None,
        revoked_at: None,
        created_at: now,
    };
    with_secret(server, on, row).await
}

async fn with_secret(
    server: &Server,
    on: &impl ConnectionTrait,
    mut row: Model,
) -> Result<MadeApiKey, Failure> {
    let bytes: [u8; 32] = server.chance.bytes()?;
    let secret = format!("{KEY_START}{}", URL_SAFE_NO_PAD.encode(bytes));
    row.start = secret.chars().take(SHOWN).collect();
    row.hash = fingerprint(&secret).to_vec();
    let key = row.shown()?;
    api_keys::insert(on, row).await?;
    Ok(MadeApiKey { key, secret })
}

/// One of somebody's keys that can still be used.
///
/// # Errors
/// When there is none.
pub async fn live(
    on: &impl ConnectionTrait,
    holder: Holder,
    id: ApiKeyId,
    now: Moment,
) -> Result<Model, Failure> {
    let row = api_keys::find(on, holder, id).await?;
    let row = row.filter(|row| row.is_live(now));
    row.ok_or_else(|| Failure::not_found("key"))
}

/// Makes one of somebody's keys void at once.
///
/// # Errors
/// When there is none that can be used; the database's.
pub async fn revoke(
    on: &impl ConnectionTrait,
    holder: Holder,
    id: ApiKeyId,
    now: Moment,
) -> Result<(), Failure> {
    let key = live(on, holder, id, now).await?;
    Ok(api_keys::revoke(on, key.id, now).await?)
}

/// Makes a key that follows this one, which goes on for so many hours at most.
///
/// # Errors
/// When it should go on for longer than keys do, or there are too many with both; the database's.
pub async fn rotate(
    server: &Server,
    on: &impl ConnectionTrait,
    holder: Holder,
    old: Model,
    maker: AccountId,
    hours: u8,
) -> Result<MadeApiKey, Failure> {
    if hours > MOST_HOURS {
        let detail = format!("{hours} is not between 0 and {MOST_HOURS}");
        return Err(Failure::field("grace_hours", detail));
    }
    let now = server.clock.now();
    if hours == 0 {
        api_keys::revoke(on, old.id, now).await?;
    } else {
        let end = now.plus_seconds(i64::from(hours) * 3600);
        let end = old.expires_at.map_or(end, |earlier| earlier.min(end));
        api_keys::end_at(on, old.id, end).await?;
    }
    quotas::KEYS.room(api_keys::count_live(on, holder, now).await?)?;
    let next = Model {
        id: server.chance.id(now)?,
        created_by: Some(maker.0),
        last_used_at: None,
        created_at: now,
        ..old
    };
    with_secret(server, on, next).await
}

/// How often the log tells of one key that it was used although it is void: once an hour.
const TOLD: Limit = Limit {
    most: 1,
    seconds: 3600,
};

/// Tells the log of its holder that a key was used which was revoked, or whose time is over: somebody has it
/// who should not, or a program was forgotten.
///
/// # Errors
/// The database's.
pub async fn refused(server: &Server, key: &Model, origin: &Origin) -> Result<(), Failure> {
    let now = server.clock.now();
    let told = &[(format!("void key {}", key.id), TOLD)];
    // Looked at before, so that a program that goes on with a void key costs no writes.
    if throttle::is_full(server.database.read(), told, now).await? {
        return Ok(());
    }
    let because = match key.revoked_at {
        Some(_) => "it is revoked",
        None => "its time is over",
    };
    server
        .database
        .write(|on| async move {
            if throttle::count(&on, told, now).await?.is_some() {
                return Ok(());
            }
            let event = Event {
                action: failed::KEY,
                actor: "unknown",
                account: key.account_id.map(AccountId),
                organization: key.organization_id.map(OrganizationId),
                target: Some(key.id.to_string()),
                detail: Some(json!({"because": because})),
            };
            audit::record(server, &on, origin, event).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(scopes: &[Scope], days: Option<u16>) -> NewApiKey {
        NewApiKey {
            name: "build".parse().unwrap(),
            scopes: scopes.to_vec(),
            days,
        }
    }

    #[test]
    fn a_key_has_no_more_than_its_maker() {
        let write = new(&[Scope::ReadAgents, Scope::DeleteAgents], None);
        assert!(check(&write, Some(Role::Admin)).is_ok());
        assert!(check(&write, Some(Role::Member)).is_err());
        assert!(check(&new(&[Scope::ReadAccount], None), Some(Role::Owner)).is_err());
        assert!(check(&new(&[Scope::ReadAccount], None), None).is_ok());
        assert!(check(&new(&[], None), None).is_err());
    }

    #[test]
    fn a_key_lasts_a_year_at_most() {
        for (days, is_fine) in [(0, false), (1, true), (365, true), (366, false)] {
            let made = check(&new(&[Scope::ReadAgents], Some(days)), None);
            assert_eq!(made.is_ok(), is_fine, "{days}");
        }
    }
}
