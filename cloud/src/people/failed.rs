//! What the audit log says of tries to get in that failed, so that people see who tries to be them (ASVS 5,
//! 16.3.1). Of an address that has no account as much is written, under no account, so that the time of an
//! answer does not tell who has one. It is kept for [`KEPT_SECONDS`], unlike all else in the log.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use slipway_contract::cloud::AccountId;

use super::throttle::{self, Full, Limit};
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;

/// A way in was tried and did not open.
const SIGN_IN: &str = "sign-in.failed";
/// A second factor was not right.
const SECOND: &str = "second-factor.failed";
/// What was given as the present password, to set another one, was not it.
const PASSWORD: &str = "password.refused";
/// Too much was tried, and the rest is not looked at for a while. Once for each while.
const HELD_BACK: &str = "tries.held-back";
/// An API key was used that is void.
pub const KEY: &str = "key.refused";

/// What the sweep takes away again.
pub const ACTIONS: [&str; 5] = [SIGN_IN, SECOND, PASSWORD, HELD_BACK, KEY];
/// For how long it is kept, in seconds: 90 days.
pub const KEPT_SECONDS: i64 = 90 * 24 * 3600;

/// So many of each kind are told of each account, and from each network of who has none: a log that strangers could fill
/// would be none.
const TOLD: Limit = Limit {
    most: 100,
    seconds: 3600,
};
/// So many of them from one network: who fills these keeps the account's log from nobody else's tries.
const TOLD_FROM_ONE: Limit = Limit {
    most: 50,
    seconds: 3600,
};

/// Who tries what.
#[derive(Debug, Clone, Copy)]
pub struct Try<'a> {
    /// With what: `password`, `code`, `passkey`, or a service.
    by: &'a str,
    /// At whose account.
    account: Option<AccountId>,
    /// Whether it is their own session in which it is tried.
    is_own: bool,
    /// Where it comes from.
    origin: &'a Origin,
}

impl<'a> Try<'a> {
    /// Of who is not known to be the account's person.
    #[must_use]
    pub fn strangers(by: &'a str, account: Option<AccountId>, origin: &'a Origin) -> Self {
        Self {
            by,
            account,
            is_own: false,
            origin,
        }
    }

    /// Of somebody in a session of theirs.
    #[must_use]
    pub fn own(by: &'a str, account: AccountId, origin: &'a Origin) -> Self {
        Self {
            by,
            account: Some(account),
            is_own: true,
            origin,
        }
    }

    /// Tells of a way in that did not open, and why.
    pub(super) async fn sign_in(
        &self,
        server: &Server,
        on: &impl ConnectionTrait,
        because: &str,
    ) -> Result<(), Failure> {
        let detail = json!({"by": self.by, "because": because});
        self.tell(server, on, SIGN_IN, detail).await
    }

    /// Tells of a second factor that was not right.
    pub(super) async fn second(
        &self,
        server: &Server,
        on: &impl ConnectionTrait,
    ) -> Result<(), Failure> {
        self.tell(server, on, SECOND, json!({"by": self.by})).await
    }

    /// Tells of a password that was not the present one.
    pub(super) async fn password(
        &self,
        server: &Server,
        on: &impl ConnectionTrait,
    ) -> Result<(), Failure> {
        self.tell(server, on, PASSWORD, json!({})).await
    }

    /// Tells that it was tried too often; once while this count stands.
    pub(super) async fn held_back(
        &self,
        server: &Server,
        on: &impl ConnectionTrait,
        full: &Full,
    ) -> Result<(), Failure> {
        let now = server.clock.now();
        let once = Limit {
            most: 1,
            seconds: full.ends_at.seconds() - now.seconds() + 1,
        };
        let key = (throttle::key(&["told", &full.key]), once);
        if throttle::count(on, &[key], now).await?.is_some() {
            return Ok(());
        }
        let detail = json!({"by": self.by});
        self.tell(server, on, HELD_BACK, detail).await
    }

    async fn tell(
        &self,
        server: &Server,
        on: &impl ConnectionTrait,
        action: &str,
        detail: Value,
    ) -> Result<(), Failure> {
        let now = server.clock.now();
        let place = &self.origin.address;
        // An account's count is its own: nobody uses it up at another one. What is nobody's is counted as often, so
        // that it costs as much.
        let (whose, from_one) = match self.account {
            Some(account) => (account.to_string(), TOLD_FROM_ONE),
            None => (format!("nobody at {}", throttle::site(place)), TOLD),
        };
        let of = throttle::key(&["told of", &whose, action]);
        let mut limits = throttle::by_place(&of, place, from_one);
        limits.push((of, TOLD));
        if throttle::count(on, &limits, now).await?.is_some() {
            return Ok(());
        }
        let own = self.account.filter(|_| self.is_own);
        let event = Event {
            action,
            actor: &own.map_or_else(|| "unknown".to_owned(), |own| format!("account:{own}")),
            account: self.account,
            organization: None,
            target: None,
            detail: Some(detail),
        };
        audit::record(server, on, self.origin, event).await
    }
}

/// Counts one more for each; or for none, if one of them is used up, of which the log then tells.
///
/// # Errors
/// The database's.
pub(super) async fn count(
    server: &Server,
    on: &impl ConnectionTrait,
    limits: &[(String, Limit)],
    tried: Try<'_>,
) -> Result<Option<Full>, Failure> {
    let full = throttle::count(on, limits, server.clock.now()).await?;
    if let Some(full) = &full {
        tried.held_back(server, on, full).await?;
    }
    Ok(full)
}

/// The same, and goes on if none of them is used up.
///
/// # Errors
/// That it was too often, and when to come again; the database's.
pub async fn take(
    server: &Server,
    limits: &[(String, Limit)],
    tried: Try<'_>,
) -> Result<(), Failure> {
    let full = server
        .database
        .write(|on| async move { count(server, &on, limits, tried).await })
        .await?;
    full.map_or(Ok(()), |full| Err(full.later(server.clock.now())))
}
