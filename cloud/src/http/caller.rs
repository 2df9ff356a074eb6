//! Who asks: a person by an access token, or a program by an API key.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use slipway_contract::cloud::{AccountId, ApiKeyId, OrganizationId, ProblemCode, Scope, SessionId};
use tokio::time::timeout;

use super::origin::Origin;
use crate::api_keys;
use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{accounts, api_keys as keys, memberships, sessions};
use crate::tokens::access;

/// How every API key begins, so that scanners of leaked secrets know it.
pub const KEY_START: &str = "slk_";
/// How exactly the last use of a key is kept, in seconds.
const TOUCH_SECONDS: i64 = 60;
/// How long a request waits for that to be kept.
const TOUCH_WAIT: Duration = Duration::from_millis(500);

/// Who asks.
#[derive(Debug, Clone)]
pub enum Caller {
    /// A person, in one of their sessions.
    Person {
        /// Who.
        account: accounts::Model,
        /// In which session.
        session: sessions::Model,
    },
    /// A program with a person's key.
    PersonsKey {
        /// Whose.
        account: accounts::Model,
        /// Which.
        key: ApiKeyId,
        /// What for.
        scopes: Vec<Scope>,
    },
    /// A program with an organization's key.
    OrganizationsKey {
        /// Whose.
        organization: OrganizationId,
        /// Which.
        key: ApiKeyId,
        /// What for.
        scopes: Vec<Scope>,
    },
}

impl Caller {
    /// The account that asks, or for which a key asks.
    #[must_use]
    pub fn account(&self) -> Option<&accounts::Model> {
        match self {
            Self::Person { account, .. } | Self::PersonsKey { account, .. } => Some(account),
            Self::OrganizationsKey { .. } => None,
        }
    }

    /// The key that asks.
    #[must_use]
    pub fn key(&self) -> Option<ApiKeyId> {
        match self {
            Self::Person { .. } => None,
            Self::PersonsKey { key, .. } | Self::OrganizationsKey { key, .. } => Some(*key),
        }
    }

    /// By which rate limits and idempotency keys tell callers apart.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Person { account, .. } => format!("account:{}", account.id),
            Self::PersonsKey { key, .. } | Self::OrganizationsKey { key, .. } => {
                format!("key:{key}")
            }
        }
    }

    /// Whether a key with too few scopes stands in the way.
    #[must_use]
    pub fn has(&self, scope: Option<Scope>) -> bool {
        match self {
            Self::Person { .. } => true,
            Self::PersonsKey { scopes, .. } | Self::OrganizationsKey { scopes, .. } => {
                scope.is_some_and(|scope| scopes.contains(&scope))
            }
        }
    }
}

fn unauthenticated(detail: &str) -> Failure {
    Failure::new(ProblemCode::Unauthenticated, detail)
}

fn suspended() -> Failure {
    Failure::new(
        ProblemCode::Suspended,
        "This account is suspended. Write to who runs this server.",
    )
}

/// Finds out who asks.
///
/// # Errors
/// When nobody who may.
pub async fn identify(server: &Server, parts: &Parts) -> Result<Caller, Failure> {
    let mut given = parts.headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(unauthenticated(
            "Give an access token or an API key: Authorization: Bearer …",
        ));
    };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    });
    let token = token.ok_or_else(|| {
        unauthenticated("The Authorization header must be: Bearer, a space, and a token.")
    })?;
    if token.starts_with(KEY_START) {
        by_key(server, token, parts).await
    } else {
        by_token(server, token).await
    }
}

async fn by_token(server: &Server, token: &str) -> Result<Caller, Failure> {
    let void = || {
        unauthenticated(
            "The access token is not valid, or not any more. Get a new one with the refresh token, or sign in.",
        )
    };
    let claims = access::verify(server, token).await?.ok_or_else(void)?;
    let now = server.clock.now();
    let session = sessions::find(server.database.read(), claims.sid).await?;
    let session = session
        .filter(|session| session.is_live(now) && session.account_id == claims.sub.0)
        .ok_or_else(void)?;
    let account = accounts::find(server.database.read(), claims.sub)
        .await?
        .ok_or_else(void)?;
    if account.suspended_at.is_some() {
        return Err(suspended());
    }
    Ok(Caller::Person { account, session })
}

async fn by_key(server: &Server, token: &str, parts: &Parts) -> Result<Caller, Failure> {
    let void = || {
        unauthenticated("The API key is not valid: it is unknown, revoked, or its time is over.")
    };
    let now = server.clock.now();
    let row = keys::find_by_hash(server.database.read(), &fingerprint(token)).await?;
    let row = row.ok_or_else(void)?;
    if !row.is_live(now) {
        api_keys::refused(server, &row, &Origin::of(parts)).await?;
        return Err(void());
    }
    let (key, scopes) = (ApiKeyId(row.id), row.scopes()?);
    let caller = match (row.account_id, row.organization_id) {
        (Some(account), None) => {
            let account = accounts::find(server.database.read(), AccountId(account))
                .await?
                .ok_or_else(void)?;
            if account.suspended_at.is_some() {
                return Err(suspended());
            }
            Caller::PersonsKey {
                account,
                key,
                scopes,
            }
        }
        (None, Some(organization)) => {
            let organization = OrganizationId(organization);
            // A key never has more than who made it has now.
            let maker = AccountId(row.created_by.ok_or_else(void)?);
            let account = accounts::find(server.database.read(), maker).await?;
            if account.is_none_or(|account| account.suspended_at.is_some()) {
                return Err(void());
            }
            let role = memberships::role(server.database.read(), organization, maker).await?;
            let role = role.ok_or_else(void)?;
            Caller::OrganizationsKey {
                organization,
                key,
                scopes: scopes
                    .into_iter()
                    .filter(|scope| scope.is_within(role))
                    .collect(),
            }
        }
        _ => return Err(Failure::Internal(format!("key {key} is nobody's"))),
    };
    if row
        .last_used_at
        .is_none_or(|last| last.plus_seconds(TOUCH_SECONDS) <= now)
    {
        let touched = server
            .database
            .write(|on| async move { Ok(keys::touch(&on, key, now).await?) });
        // A request is not refused for it, nor held up: the next one says so as well.
        match timeout(TOUCH_WAIT, touched).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "when a key was used is not kept"),
            Err(_) => tracing::warn!("when a key was used takes too long to be kept"),
        }
    }
    Ok(caller)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| {
            Failure::Internal("an endpoint without access asks who calls".to_owned())
        })
    }
}

/// The person who asks, in a session of theirs; no key.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub account: accounts::Model,
    /// In which session.
    pub session: sessions::Model,
}

impl Person {
    /// Whose account it is.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.id()
    }

    /// Which session it is.
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        SessionId(self.session.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await? {
            Caller::Person { account, session } => Ok(Self { account, session }),
            _ => Err(Failure::new(
                ProblemCode::Forbidden,
                "A person must do this, signed in; an API key cannot.",
            )),
        }
    }
}
