//! Refresh tokens: used once, each followed by another. Those of one session are a family.
//!
//! The successor of a token is derived from it with the server's secret. So the same token, presented
//! twice within the grace because the first answer was lost, has the same successor, and nothing that
//! could be used is kept. A token that comes again after its grace, or after its successor was used,
//! has been copied: the family ends (RFC 9700, section 4.14.2).
//!
//! The first token of a family is derived in the same way from the code that it was given for. So a code
//! that comes again is known to have been copied, too, and the family that it began ends (RFC 6749,
//! section 4.1.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, SessionId};

use super::access;
use crate::audit::{self, Event};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::people::end;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, refresh_tokens, sessions};

/// For how long a session lasts that is not used, in seconds: 7 days.
pub const IDLE_SECONDS: i64 = 7 * 24 * 3600;
/// For how long a session lasts at most, however much it is used, in seconds: 90 days from when its person
/// showed who they are (ASVS 5, 10.4.8).
pub const LONGEST_SECONDS: i64 = 90 * 24 * 3600;
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
}

/// A session and its newest refresh token.
#[derive(Debug)]
pub struct Granted {
    /// Whose session it is.
    pub account: AccountId,
    /// Which.
    pub session: SessionId,
    /// For the next tokens.
    pub refresh: Secret,
}

impl Granted {
    /// With an access token for this program.
    ///
    /// # Errors
    /// The database's, where a new key has to be made.
    pub async fn signed(self, server: &Server, client: &str) -> Result<Tokens, Failure> {
        let access = access::sign(server, self.account, self.session, client).await?;
        Ok(Tokens {
            access: Secret::new(access),
            refresh: self.refresh,
        })
    }
}

/// Somebody who signs in with a program.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Who.
    pub account: AccountId,
    /// With which program, by its OAuth client id.
    pub client: &'a str,
    /// How the device names itself.
    pub device: &'a str,
    /// The program's address.
    pub address: &'a str,
    /// When they showed who they are.
    pub signed_in_at: Moment,
}

/// Until when a session, or a token of it, is good that is used now.
fn until(signed_in_at: Moment, now: Moment) -> Moment {
    now.plus_seconds(IDLE_SECONDS)
        .min(signed_in_at.plus_seconds(LONGEST_SECONDS))
}

fn written(bytes: &[u8]) -> Secret {
    Secret::new(format!("{START}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

fn first(server: &Server, code: &Secret) -> Secret {
    written(
        &server
            .sealer
            .derive("first refresh token", code.expose().as_bytes()),
    )
}

async fn keep(
    on: &impl ConnectionTrait,
    session: SessionId,
    token: &Secret,
    now: Moment,
    expires_at: Moment,
) -> Result<(), Failure> {
    let row = refresh_tokens::Model {
        hash: fingerprint(token.expose()).to_vec(),
        session_id: session.0,
        issued_at: now,
        expires_at,
        used_at: None,
    };
    Ok(refresh_tokens::insert(on, row).await?)
}

/// Begins a session for a code that was given to somebody, and gives its first refresh token.
///
/// # Errors
/// The database's.
pub async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    sign_in: &SignIn<'_>,
    code: &Secret,
) -> Result<Granted, Failure> {
    let now = server.clock.now();
    let session = SessionId(server.chance.id(now)?);
    let expires_at = until(sign_in.signed_in_at, now);
    let row = sessions::Model {
        id: session.0,
        account_id: sign_in.account.0,
        client: sign_in.client.to_owned(),
        device: sign_in.device.to_owned(),
        address: sign_in.address.to_owned(),
        signed_in_at: sign_in.signed_in_at,
        last_used_at: now,
        expires_at,
        revoked_at: None,
        revoked_because: None,
    };
    sessions::insert(on, row).await?;
    let refresh = first(server, code);
    keep(on, session, &refresh, now, expires_at).await?;
    Ok(Granted {
        account: sign_in.account,
        session,
        refresh,
    })
}

/// Ends the session that a code began, if it began one: whoever shows the code again has copied it.
///
/// # Errors
/// The database's.
pub async fn end_begun_by(
    server: &Server,
    on: &impl ConnectionTrait,
    code: &Secret,
    origin: &Origin,
) -> Result<(), Failure> {
    let token = first(server, code);
    let Some(token) = refresh_tokens::find(on, &fingerprint(token.expose())).await? else {
        return Ok(());
    };
    match sessions::find(on, SessionId(token.session_id)).await? {
        Some(session) => end_copied(server, on, &session, "a code was used again", origin).await,
        None => Ok(()),
    }
}

/// Ends a session of which something was copied.
async fn end_copied(
    server: &Server,
    on: &impl ConnectionTrait,
    session: &sessions::Model,
    because: &str,
    origin: &Origin,
) -> Result<(), Failure> {
    let account = AccountId(session.account_id);
    let now = server.clock.now();
    if !end::one(on, account, SessionId(session.id), because, now).await? {
        return Ok(());
    }
    let event = Event {
        action: "session.ended",
        actor: "nobody",
        account: Some(account),
        organization: None,
        target: Some(session.id.to_string()),
        detail: Some(json!({"because": because})),
    };
    audit::record(server, on, origin, event).await
}

/// Gives new tokens for a refresh token; none when it is not, or no longer, good for any.
///
/// # Errors
/// The database's.
pub async fn refresh(
    server: &Server,
    presented: &Secret,
    client: &str,
    origin: &Origin,
) -> Result<Option<Tokens>, Failure> {
    let granted = server
        .database
        .write(|on| async move { exchange(server, &on, presented, client, origin).await })
        .await?;
    match granted {
        Some(granted) => granted.signed(server, client).await.map(Some),
        None => Ok(None),
    }
}

async fn exchange(
    server: &Server,
    on: &impl ConnectionTrait,
    presented: &Secret,
    client: &str,
    origin: &Origin,
) -> Result<Option<Granted>, Failure> {
    let now = server.clock.now();
    let hash = fingerprint(presented.expose());
    let Some(token) = refresh_tokens::find(on, &hash).await? else {
        return Ok(None);
    };
    let session = SessionId(token.session_id);
    let Some(row) = sessions::find(on, session)
        .await?
        .filter(|row| row.is_live(now) && row.client == client)
    else {
        return Ok(None);
    };
    let account = AccountId(row.account_id);
    let person = accounts::find(on, account).await?;
    if token.expires_at <= now || person.is_none_or(|person| person.suspended_at.is_some()) {
        return Ok(None);
    }
    let mut successors = server
        .sealer
        .derived("refresh successor", presented.expose().as_bytes())
        .map(|bytes| written(&bytes));
    let Some(mut next) = successors.next() else {
        return Ok(None);
    };
    match token.used_at {
        None => {
            let expires_at = until(row.signed_in_at, now);
            refresh_tokens::mark_used(on, &hash, now).await?;
            keep(on, session, &next, now, expires_at).await?;
            sessions::touch(on, session, &origin.address, now, expires_at).await?;
        }
        Some(used_at) => {
            let mut successor = refresh_tokens::find(on, &fingerprint(next.expose())).await?;
            // It was made before the secret key was changed.
            if successor.is_none()
                && let Some(former) = successors.next()
            {
                successor = refresh_tokens::find(on, &fingerprint(former.expose())).await?;
                next = former;
            }
            let is_lost_answer = now <= used_at.plus_seconds(GRACE_SECONDS)
                && successor.is_some_and(|successor| successor.used_at.is_none());
            if !is_lost_answer {
                let because = "a refresh token was used again";
                end_copied(server, on, &row, because, origin).await?;
                return Ok(None);
            }
        }
    }
    Ok(Some(Granted {
        account,
        session,
        refresh: next,
    }))
}
