//! Sessions of browsers: one in the table of sessions, known by an opaque cookie that is kept as its
//! fingerprint. They end when they are not used, and at the latest after a month (RFC 6265bis; ASVS 7.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, SessionId, session};

use crate::chance::Chance;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, browser_cookies, sessions};

/// How the table of sessions names browsers among its programs.
pub const CLIENT: &str = session::BROWSER;
/// For how long a session lasts that is not used: 7 days.
pub const IDLE_SECONDS: i64 = 7 * 24 * 3600;
/// For how long any session lasts: 30 days.
pub const LONGEST_SECONDS: i64 = 30 * 24 * 3600;
/// How exactly the last use is kept, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// A new opaque text of 256 bits.
pub(crate) fn opaque(chance: &dyn Chance) -> Result<Secret, Failure> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(chance.bytes::<32>()?)))
}

/// Begins a session for somebody who just showed who they are; its id and its cookie.
///
/// # Errors
/// The database's.
pub async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
    origin: &Origin,
) -> Result<(SessionId, Secret), Failure> {
    let now = server.clock.now();
    let session = SessionId(server.chance.id(now)?);
    let row = sessions::Model {
        id: session.0,
        account_id: account.0,
        client: CLIENT.to_owned(),
        device: origin.agent.clone(),
        address: origin.address.clone(),
        signed_in_at: now,
        last_used_at: now,
        expires_at: now.plus_seconds(IDLE_SECONDS),
        revoked_at: None,
        revoked_because: None,
    };
    sessions::insert(on, row).await?;
    let cookie = opaque(&*server.chance)?;
    let row = browser_cookies::Model {
        hash: fingerprint(cookie.expose()).to_vec(),
        session_id: session.0,
        begun_at: now,
    };
    browser_cookies::insert(on, row).await?;
    Ok((session, cookie))
}

/// Whose session a cookie is of, if it is still going.
///
/// # Errors
/// The database's.
pub async fn find(
    server: &Server,
    cookie: &str,
    origin: &Origin,
) -> Result<Option<(accounts::Model, sessions::Model)>, Failure> {
    let now = server.clock.now();
    let on = server.database.read();
    let Some(known) = browser_cookies::find(on, &fingerprint(cookie)).await? else {
        return Ok(None);
    };
    if known.begun_at.plus_seconds(LONGEST_SECONDS) <= now {
        return Ok(None);
    }
    let session = sessions::find(on, SessionId(known.session_id)).await?;
    let Some(session) = session.filter(|row| row.is_live(now) && row.client == CLIENT) else {
        return Ok(None);
    };
    let account = accounts::find(on, AccountId(session.account_id)).await?;
    let Some(account) = account.filter(|account| account.suspended_at.is_none()) else {
        return Ok(None);
    };
    if session.last_used_at.plus_seconds(TOUCH_SECONDS) <= now {
        let (id, address) = (SessionId(session.id), &origin.address);
        let until = now.plus_seconds(IDLE_SECONDS);
        server
            .database
            .write(|on| async move { Ok(sessions::touch(&on, id, address, now, until).await?) })
            .await?;
    }
    Ok(Some((account, session)))
}
