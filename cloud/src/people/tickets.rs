//! Tickets: opaque texts that are good once, for one thing, and for a while.

use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, SessionId};

use super::browsers::opaque;
use super::end;
use crate::clock::Moment;
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

    pub(super) const fn name(self) -> &'static str {
        self.name
    }

    fn issued_at(self, expires_at: Moment) -> Moment {
        expires_at.plus_seconds(-self.seconds)
    }
}

/// Whose a ticket is.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// Nobody's yet.
    Nobodys,
    /// An account's.
    Of(AccountId),
    /// An account's, and begun in a session of it: with that it ends.
    BegunIn(AccountId, SessionId),
}

impl Whose {
    const fn account(self) -> Option<AccountId> {
        match self {
            Self::Nobodys => None,
            Self::Of(account) | Self::BegunIn(account, _) => Some(account),
        }
    }

    const fn session(self) -> Option<SessionId> {
        match self {
            Self::Nobodys | Self::Of(_) => None,
            Self::BegunIn(_, session) => Some(session),
        }
    }
}

/// What a ticket says.
#[derive(Debug)]
pub struct Ticket<T> {
    /// Whose it is, where it is somebody's already.
    pub account: Option<AccountId>,
    /// When it was given out.
    pub issued_at: Moment,
    /// What it is about.
    pub about: T,
}

/// Gives a ticket out.
///
/// # Errors
/// When the session that it is begun in is over; the database's.
pub async fn issue<T: Serialize + Sync>(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    whose: Whose,
    about: &T,
) -> Result<Secret, Failure> {
    let now = server.clock.now();
    if let Some(session) = whose.session() {
        end::still_going(on, session, now).await?;
    }
    let ticket = opaque(&*server.chance)?;
    let hash = fingerprint(ticket.expose());
    let text = serde_json::to_vec(about)
        .map_err(|error| Failure::Internal(format!("a ticket: {error}")))?;
    let row = tickets::Model {
        hash: hash.to_vec(),
        purpose: purpose.name.to_owned(),
        account_id: whose.account().map(|id| id.0),
        session_id: whose.session().map(|id| id.0),
        sealed: server
            .sealer
            .seal(&*server.chance, purpose.name, &hash, &text)?,
        expires_at: now.plus_seconds(purpose.seconds),
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
    // What a key sealed that was changed since then is not good any more.
    let Ok(text) = server.sealer.open(purpose.name, &hash, &row.sealed) else {
        return Ok(None);
    };
    let about = serde_json::from_slice(&text).map_err(|error| broken(&error))?;
    Ok(Some(Ticket {
        account: row.account_id.map(AccountId),
        issued_at: purpose.issued_at(row.expires_at),
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

/// Whether an account has a ticket for something that is good now.
///
/// # Errors
/// The database's.
pub async fn is_open(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    account: AccountId,
) -> Result<bool, Failure> {
    let first = first_issued(server, on, purpose, account).await?;
    Ok(first.is_some())
}

/// When the oldest ticket was given out that an account has for something and that is good now.
///
/// # Errors
/// The database's.
pub async fn first_issued(
    server: &Server,
    on: &impl ConnectionTrait,
    purpose: Purpose,
    account: AccountId,
) -> Result<Option<Moment>, Failure> {
    let first = tickets::first(on, account, purpose.name, server.clock.now()).await?;
    Ok(first.map(|row| purpose.issued_at(row.expires_at)))
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
