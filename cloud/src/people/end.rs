//! Ending what goes on for an account: its sessions, and whatever was begun and goes on by itself. That is a
//! link to confirm another address, a password that is being checked, half a sign-in, a question that a passkey
//! answers, a service that is being connected, a code on its way to a program, and a device that was let in and did
//! not ask yet.
//!
//! API keys go on: they are ended one by one.

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::{AccountId, ProblemCode, SessionId};

use super::email::{STAYS, UNDO};
use super::reset::RESET;
use super::stranger;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::tables::{accounts, device_requests, sessions, tickets};

/// What no ending takes away, so that nobody who got in ends it: that a change of address can be undone.
const KEPT: &[&str] = &[UNDO.name(), STAYS.name()];
/// What is kept besides where a session goes on, which may be a thief's: the letter with which the person
/// ends that one, too.
const KEPT_BESIDE_A_SESSION: &[&str] = &[UNDO.name(), STAYS.name(), RESET.name()];

/// Ends all of an account, or all but what belongs to one session.
///
/// # Errors
/// The database's.
pub async fn all(
    on: &impl ConnectionTrait,
    account: AccountId,
    but: Option<SessionId>,
    because: &str,
    now: Moment,
) -> Result<(), Failure> {
    sessions::revoke_others(on, account, but, because, now).await?;
    let kept = match but {
        None => KEPT,
        Some(_) => KEPT_BESIDE_A_SESSION,
    };
    tickets::delete_others(on, account, but, kept).await?;
    // The links that make a browser known are void by now, so that others may be sent.
    if let Some(row) = accounts::find(on, account).await? {
        stranger::forget(on, &row).await?;
    }
    Ok(device_requests::deny_others(on, account, but, now).await?)
}

/// Ends one session and what was begun in it; whether it was still going.
///
/// # Errors
/// The database's.
pub async fn one(
    on: &impl ConnectionTrait,
    account: AccountId,
    session: SessionId,
    because: &str,
    now: Moment,
) -> Result<bool, Failure> {
    if !sessions::revoke(on, account, session, because, now).await? {
        return Ok(false);
    }
    tickets::delete_begun_in(on, session).await?;
    device_requests::deny_let_in_by(on, session, now).await?;
    Ok(true)
}

/// Ends all of everybody.
///
/// # Errors
/// The database's.
pub async fn everybody(
    on: &impl ConnectionTrait,
    because: &str,
    now: Moment,
) -> Result<(), Failure> {
    sessions::revoke_all(on, because, now).await?;
    // Who guesses goes on being counted.
    stranger::forget_all(on).await?;
    tickets::delete_of_everybody(on, KEPT).await?;
    Ok(device_requests::deny_all(on, now).await?)
}

/// Goes on if a session does: it may have ended since its request came in, and nothing is begun in it then.
///
/// # Errors
/// When it ended; the database's.
pub async fn still_going(
    on: &impl ConnectionTrait,
    session: SessionId,
    now: Moment,
) -> Result<(), Failure> {
    let row = sessions::find(on, session).await?;
    if row.is_some_and(|row| row.is_live(now)) {
        return Ok(());
    }
    let detail = "You are signed out by now. Sign in and begin again.";
    Err(Failure::new(ProblemCode::Unauthenticated, detail))
}
