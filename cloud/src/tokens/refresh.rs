//! Refresh tokens: used once, each followed by another. Those of one session are a family.
//!
//! The successor of a token is derived from it with the server's secret. So the same token, presented
//! twice within the grace because the first answer was lost, has the same successor, and nothing that
//! could be used is kept. A token that comes again after its grace, or after its successor was used,
//! has been copied: the family ends (RFC 9700, section 4.14.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, SessionId};

use super::access;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, refresh_tokens, sessions};

/// For how long a session lasts that is not used, in seconds: 7 days.
pub const IDLE_SECONDS: i64 = 7 * 24 * 3600;
/// For how long the answer to a refresh may be asked for again, in seconds.
pub const GRACE_SECONDS: i64 = 30;
/// How every refresh token begins.
pub const START: &str = "slr_";

/// What somebody who signed in gets.
#[derive(Debug)]
pub struct Tokens {
    /// For requests.
    pub access: Secret,
    /// For the next tokens.
    pub refresh: Secret,
    /// Whose session it is.
    pub session: SessionId,
}

/// Where a sign-in comes from.
#[derive(Debug, Clone)]
pub struct Device {
    /// The program's OAuth client id.
    pub client: String,
    /// How the device names itself.
    pub name: String,
    /// The address.
    pub address: String,
}

fn written(bytes: &[u8]) -> Secret {
    Secret::new(format!("{START}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

async fn keep(
    on: &impl ConnectionTrait,
    session: SessionId,
    token: &Secret,
    now: Moment,
) -> Result<(), Failure> {
    let row = refresh_tokens::Model {
        hash: fingerprint(token.expose()).to_vec(),
        session_id: session.0,
        issued_at: now,
        expires_at: now.plus_seconds(IDLE_SECONDS),
        used_at: None,
    };
    Ok(refresh_tokens::insert(on, row).await?)
}

/// Begins a session for somebody who just showed who they are, and gives its first refresh token.
///
/// # Errors
/// The database's.
pub async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
    device: &Device,
) -> Result<(SessionId, Secret), Failure> {
    let now = server.clock.now();
    let session = SessionId(server.chance.id(now)?);
    let row = sessions::Model {
        id: session.0,
        account_id: account.0,
        client: device.client.clone(),
        device: device.name.clone(),
        address: device.address.clone(),
        signed_in_at: now,
        last_used_at: now,
        expires_at: now.plus_seconds(IDLE_SECONDS),
        revoked_at: None,
        revoked_because: None,
    };
    sessions::insert(on, row).await?;
    let token = written(&server.chance.bytes::<32>()?);
    keep(on, session, &token, now).await?;
    Ok((session, token))
}

/// What became of a refresh.
enum Outcome {
    Given {
        account: AccountId,
        session: SessionId,
        next: Secret,
    },
    Refused,
    Reused {
        account: AccountId,
        session: SessionId,
    },
}

/// Gives new tokens for a refresh token; none when it is not, or no longer, good for any.
///
/// # Errors
/// The database's.
pub async fn refresh(
    server: &Server,
    presented: &Secret,
    client: &str,
    address: &str,
) -> Result<Option<Tokens>, Failure> {
    let now = server.clock.now();
    let outcome = server
        .database
        .write(|on| async move { exchange(server, &on, presented, client, address, now).await })
        .await?;
    match outcome {
        Outcome::Given {
            account,
            session,
            next,
        } => Ok(Some(Tokens {
            access: Secret::new(access::sign(server, account, session, client).await?),
            refresh: next,
            session,
        })),
        Outcome::Refused => Ok(None),
        Outcome::Reused { account, session } => {
            tracing::warn!(%account, %session, "a refresh token was used again: the session is over");
            Ok(None)
        }
    }
}

async fn exchange(
    server: &Server,
    on: &impl ConnectionTrait,
    presented: &Secret,
    client: &str,
    address: &str,
    now: Moment,
) -> Result<Outcome, Failure> {
    let hash = fingerprint(presented.expose());
    let Some(token) = refresh_tokens::find(on, &hash).await? else {
        return Ok(Outcome::Refused);
    };
    let session = SessionId(token.session_id);
    let Some(row) = sessions::find(on, session)
        .await?
        .filter(|row| row.is_live(now) && row.client == client)
    else {
        return Ok(Outcome::Refused);
    };
    let account = AccountId(row.account_id);
    let person = accounts::find(on, account).await?;
    if token.expires_at <= now || person.is_none_or(|person| person.suspended_at.is_some()) {
        return Ok(Outcome::Refused);
    }
    let next = written(
        &server
            .sealer
            .derive("refresh successor", presented.expose().as_bytes()),
    );
    let Some(used_at) = token.used_at else {
        refresh_tokens::mark_used(on, &hash, now).await?;
        keep(on, session, &next, now).await?;
        sessions::touch(on, session, address, now, now.plus_seconds(IDLE_SECONDS)).await?;
        return Ok(Outcome::Given {
            account,
            session,
            next,
        });
    };
    let successor = refresh_tokens::find(on, &fingerprint(next.expose())).await?;
    let is_lost_answer = now <= used_at.plus_seconds(GRACE_SECONDS)
        && successor.is_some_and(|successor| successor.used_at.is_none());
    if is_lost_answer {
        return Ok(Outcome::Given {
            account,
            session,
            next,
        });
    }
    sessions::revoke(on, account, session, "a refresh token was used again", now).await?;
    Ok(Outcome::Reused { account, session })
}
