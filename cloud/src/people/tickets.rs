//! Tickets: opaque texts that are good once, for one thing, and for a while.

use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_contract::Secret;
use slipway_contract::cloud::AccountId;

use super::browsers::opaque;
use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::tickets;

/// What a ticket is good for, and for how many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Purpose {
    name: &'static str,
    seconds: i64,
}

impl Purpose {
    /// Of this name.
    #[must_use]
    pub const fn new(name: &'static str, seconds: i64) -> Self {
        Self { name, seconds }
    }
}

/// What a ticket says.
#[derive(Debug)]
pub struct Ticket<T> {
    /// Whose it is, where it is somebody's already.
    pub account: Option<AccountId>,
    /// What it is about.
    pub about: T,
}

/// Gives a ticket out.
///
/// # Errors
/// The database's.
pub async fn issue<T: Serialize + Sync>(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    account: Option<AccountId>,
    about: &T,
) -> Result<Secret, Failure> {
    let ticket = opaque(&*server.chance)?;
    let hash = fingerprint(ticket.expose());
    let text = serde_json::to_vec(about)
        .map_err(|error| Failure::Internal(format!("a ticket: {error}")))?;
    let row = tickets::Model {
        hash: hash.to_vec(),
        purpose: purpose.name.to_owned(),
        account_id: account.map(|id| id.0),
        sealed: server
            .sealer
            .seal(&*server.chance, purpose.name, &hash, &text)?,
        expires_at: server.clock.now().plus_seconds(purpose.seconds),
    };
    tickets::insert(on, row).await?;
    Ok(ticket)
}

/// What a ticket says, if it is good for this now. It stays good.
///
/// # Errors
/// The database's.
pub async fn look<T: DeserializeOwned>(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    ticket: &str,
) -> Result<Option<Ticket<T>>, Failure> {
    let hash = fingerprint(ticket);
    let now = server.clock.now();
    let row = tickets::find(on, &hash).await?;
    let Some(row) = row.filter(|row| row.purpose == purpose.name && now < row.expires_at) else {
        return Ok(None);
    };
    let broken = |error: &dyn std::fmt::Display| Failure::Internal(format!("a ticket: {error}"));
    let text = server
        .sealer
        .open(purpose.name, &hash, &row.sealed)
        .map_err(|error| broken(&error))?;
    let about = serde_json::from_slice(&text).map_err(|error| broken(&error))?;
    Ok(Some(Ticket {
        account: row.account_id.map(AccountId),
        about,
    }))
}

/// What a ticket says, if it is good for this now. It is used up.
///
/// # Errors
/// The database's.
pub async fn take<T: DeserializeOwned>(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    ticket: &str,
) -> Result<Option<Ticket<T>>, Failure> {
    let Some(found) = look(server, on, purpose, ticket).await? else {
        return Ok(None);
    };
    let is_first = tickets::delete(on, &fingerprint(ticket)).await?;
    Ok(is_first.then_some(found))
}

/// Makes all tickets of an account for something void.
///
/// # Errors
/// The database's.
pub async fn void(
    on: &impl ConnectionTrait,
    purpose: Purpose,
    account: AccountId,
) -> Result<(), Failure> {
    Ok(tickets::delete_of(on, account, purpose.name).await?)
}
