//! What somebody changes of their own account: name, password, sessions.

use slipway_contract::Secret;
use slipway_contract::cloud::{ApiKeyId, Line, SessionId};

use super::failed::{self, Try};
use super::{device, end, events, reset, throttle};
use crate::api_keys;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::accounts;
use crate::tables::api_keys::Holder;

/// Changes a name.
///
/// # Errors
/// The database's.
pub async fn rename(
    server: &Server,
    account: &accounts::Model,
    name: &Line<100>,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            let now = accounts::find(&on, account.id()).await?;
            let now = now.ok_or_else(|| Failure::not_found("account"))?;
            Ok(accounts::rename(&on, &now, name.as_str()).await?)
        })
        .await
}

/// Changes a password, and ends all but this session; what its browser carries from now on by which it is
/// known. Who has a password gives it.
///
/// # Errors
/// When the present one is wrong, the new one is not taken, it was tried too often, or the session ended
/// meanwhile; the database's.
pub async fn change_password(
    server: &Server,
    account: &accounts::Model,
    session: SessionId,
    present: &Secret,
    new: &Secret,
    origin: &Origin,
) -> Result<String, Failure> {
    let passwords = &server.people.passwords;
    passwords.check(new, &[&account.email, &account.name])?;
    let _place = server.people.place(origin)?;
    let now = server.clock.now();
    if let Some(kept) = &account.password_hash {
        let limits = [(
            format!("password of {}", account.id),
            throttle::ONE_ACCOUNT_ONE_PLACE,
        )];
        let tried = Try::own("password", account.id(), origin);
        failed::take(server, &limits, tried).await?;
        if !passwords.verify(present, Some(kept)).await?.is_right {
            server
                .database
                .write(|on| async move { tried.password(server, &on).await })
                .await?;
            return Err(Failure::field(
                "present",
                "It is not your present password.",
            ));
        }
        throttle::give_back(server, &limits).await?;
    }
    let hash = passwords.hash(&*server.chance, new).await?;
    let hash = &hash;
    server
        .database
        .write(|on| async move {
            // Hashing takes its time, in which the person may have signed everybody out.
            end::still_going(&on, session, now).await?;
            reset::set(&on, account, hash).await?;
            let because = "the password was changed";
            end::all(&on, account.id(), Some(session), because, now).await?;
            let what = "Your password was changed. You are signed out everywhere else.";
            events::record_and_tell(server, &on, origin, account, "password.changed", what).await?;
            device::only(server, &on, account).await
        })
        .await
}

/// Makes a key void at once.
///
/// # Errors
/// When there is none that can be used; the database's.
pub async fn revoke_key(
    server: &Server,
    account: &accounts::Model,
    key: ApiKeyId,
    origin: &Origin,
) -> Result<(), Failure> {
    let (now, holder) = (server.clock.now(), Holder::Person(account.id()));
    server
        .database
        .write(|on| async move {
            api_keys::revoke(&on, holder, key, now).await?;
            let target = Some(key.to_string());
            events::record(server, &on, origin, account, "key.revoked", target, None).await
        })
        .await
}

/// Ends one session and what was begun in it.
///
/// # Errors
/// When there is none that is going; the database's.
pub async fn end_session(
    server: &Server,
    account: &accounts::Model,
    session: SessionId,
    origin: &Origin,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            if !end::one(&on, account.id(), session, "ended by its person", now).await? {
                return Err(Failure::not_found("session"));
            }
            let target = Some(session.to_string());
            events::record(server, &on, origin, account, "session.ended", target, None).await
        })
        .await
}

/// Ends all but this session; or all, after which no browser is known any more.
///
/// # Errors
/// The database's.
pub async fn end_sessions(
    server: &Server,
    account: &accounts::Model,
    but: Option<SessionId>,
    origin: &Origin,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            end::all(&on, account.id(), but, "ended by its person", now).await?;
            if but.is_none() {
                accounts::forget_browsers(&on, account.id()).await?;
            }
            events::record(server, &on, origin, account, "sessions.ended", None, None).await
        })
        .await
}
