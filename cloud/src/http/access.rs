//! Who may call an endpoint: said once where it is added, and checked before it runs.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use slipway_contract::cloud::{OrganizationId, Permission, ProblemCode, Role, Scope};

use super::caller::{Caller, identify};
use super::origin::Address;
use super::rate::{self, Allowance, Class};
use crate::failure::Failure;
use crate::people::factors;
use crate::server::Server;
use crate::tables::{memberships, organizations};

/// How long ago somebody may have signed in for what must not be done with a stolen session, in seconds.
pub const RECENT_SECONDS: i64 = 15 * 60;

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody with a token, and a key with this scope.
    SignedIn(Scope),
    /// A person, or a person's key with this scope; no organization's.
    Own(Scope),
    /// A person, no key.
    Person,
    /// A person who showed a short while ago who they are.
    RecentPerson,
    /// Who has this permission in the organization that the path names as `{organization}`.
    Organization(Permission),
    /// The same, for a person who showed a short while ago who they are.
    RecentOrganization(Permission),
}

/// The organization that the path names, and what the caller is in it.
#[derive(Debug, Clone, Copy)]
pub struct Membership {
    /// Which.
    pub organization: OrganizationId,
    /// What the caller is in it; none for a key of the organization.
    pub role: Option<Role>,
}

impl<S: Send + Sync> FromRequestParts<S> for Membership {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let known = parts.extensions.get::<Self>().copied();
        known.ok_or_else(|| {
            Failure::Internal("an endpoint without an organization asks for one".to_owned())
        })
    }
}

impl Membership {
    /// Asks again, in the transaction that acts on it, whether the caller may: what they were when the
    /// request came in may be over. Gives what they are now; none for a key of the organization.
    ///
    /// # Errors
    /// When they may not any more.
    pub async fn confirm(
        &self,
        on: &impl ConnectionTrait,
        caller: &Caller,
        permission: Permission,
    ) -> Result<Option<Role>, Failure> {
        let Some(account) = caller.account() else {
            let there = organizations::find(on, self.organization).await?;
            there.ok_or_else(|| Failure::not_found("organization"))?;
            return Ok(None);
        };
        let role = memberships::role(on, self.organization, account.id()).await?;
        let role = role.ok_or_else(|| Failure::not_found("organization"))?;
        if role.may(permission) {
            Ok(Some(role))
        } else {
            Err(too_low(permission))
        }
    }

    /// The same for what only persons may.
    ///
    /// # Errors
    /// When they may not any more.
    pub async fn confirm_person(
        &self,
        on: &impl ConnectionTrait,
        caller: &Caller,
        permission: Permission,
    ) -> Result<Role, Failure> {
        let role = self.confirm(on, caller, permission).await?;
        role.ok_or_else(|| no_scope(None))
    }
}

impl Access {
    /// As the OpenAPI document tells it (`x-access`).
    #[must_use]
    pub fn shown(self) -> Value {
        match self {
            Self::Public => json!({"who": "anybody"}),
            Self::SignedIn(scope) => json!({"who": "signed-in", "scope": scope}),
            Self::Own(scope) => json!({"who": "own", "scope": scope}),
            Self::Person => json!({"who": "person"}),
            Self::RecentPerson => json!({"who": "recent-person", "within_seconds": RECENT_SECONDS}),
            Self::Organization(permission) => json!({
                "who": "organization", "permission": permission, "least": permission.least(), "scope": permission.scope(),
            }),
            Self::RecentOrganization(permission) => json!({
                "who": "recent-organization", "permission": permission, "least": permission.least(), "within_seconds": RECENT_SECONDS,
            }),
        }
    }
}

fn no_scope(scope: Option<Scope>) -> Failure {
    let detail = match scope {
        Some(scope) => format!("This key lacks the scope {scope}."),
        None => "A person must do this, signed in; an API key cannot.".to_owned(),
    };
    Failure::new(ProblemCode::Forbidden, detail)
}

fn no_factor(server: &Server) -> Failure {
    let url = &server.config.public_url;
    let detail = format!(
        "This server asks everybody for a second factor, and you have none. Set one up at {url}/account/second-factor."
    );
    Failure::new(ProblemCode::SecondFactorRequired, detail)
}

/// Who may call an endpoint, and how often.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The server.
    pub server: Server,
    /// Who may.
    pub access: Access,
    /// How often.
    pub class: Class,
}

/// Lets a request through to an endpoint, or not.
pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut allowance = None;
    let mut response = match admit(&guard, request, &mut allowance).await {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    if let Some(allowance) = allowance {
        allowance.tell(&mut response);
    }
    response
}

async fn admit(
    Guard {
        server,
        access,
        class,
    }: &Guard,
    request: Request,
    allowance: &mut Option<Allowance>,
) -> Result<Request, Failure> {
    let (mut parts, body) = request.into_parts();
    if class.is_of_address() {
        let address = parts.extensions.get::<Address>().copied();
        let network = address.map_or_else(String::new, Address::network);
        allowance
            .insert(rate::ask(server, *class, &network).await?)
            .check()?;
    }
    if *access == Access::Public {
        return Ok(Request::from_parts(parts, body));
    }
    let caller = identify(server, &parts).await?;
    if let Caller::Person { account, .. } = &caller
        && factors::is_missing(server, account.id()).await?
    {
        return Err(no_factor(server));
    }
    if !class.is_of_address() {
        allowance
            .insert(rate::ask(server, *class, &caller.name()).await?)
            .check()?;
    }
    match *access {
        Access::Public => {}
        Access::SignedIn(scope) => {
            if !caller.has(Some(scope)) {
                return Err(no_scope(Some(scope)));
            }
        }
        Access::Own(scope) => {
            if caller.account().is_none() {
                let detail =
                    "This is a person's: take a token or a key of theirs, not of an organization.";
                return Err(Failure::new(ProblemCode::Forbidden, detail));
            }
            if !caller.has(Some(scope)) {
                return Err(no_scope(Some(scope)));
            }
        }
        Access::Person => {
            if !matches!(caller, Caller::Person { .. }) {
                return Err(no_scope(None));
            }
        }
        Access::RecentPerson => recent(server, &caller)?,
        Access::Organization(permission) => {
            let membership = permitted(server, &mut parts, &caller, permission).await?;
            parts.extensions.insert(membership);
        }
        Access::RecentOrganization(permission) => {
            let membership = permitted(server, &mut parts, &caller, permission).await?;
            recent(server, &caller)?;
            parts.extensions.insert(membership);
        }
    }
    parts.extensions.insert(caller);
    Ok(Request::from_parts(parts, body))
}

/// Goes on if a person asks who showed a short while ago who they are.
///
/// # Errors
/// When it is none, or that is longer ago.
pub fn recent(server: &Server, caller: &Caller) -> Result<(), Failure> {
    let Caller::Person { session, .. } = caller else {
        return Err(no_scope(None));
    };
    if server.clock.now() < session.signed_in_at.plus_seconds(RECENT_SECONDS) {
        return Ok(());
    }
    let detail = "Show again who you are: sign in anew, then do this within a quarter of an hour.";
    Err(Failure::new(ProblemCode::ReauthenticationRequired, detail))
}

fn too_low(permission: Permission) -> Failure {
    let detail = format!(
        "This takes the role {} in the organization.",
        permission.least()
    );
    Failure::new(ProblemCode::Forbidden, detail)
}

async fn permitted(
    server: &Server,
    parts: &mut Parts,
    caller: &Caller,
    permission: Permission,
) -> Result<Membership, Failure> {
    let membership = member(server, parts, caller).await?;
    if !caller.has(permission.scope()) {
        return Err(no_scope(permission.scope()));
    }
    if membership.role.is_some_and(|role| !role.may(permission)) {
        return Err(too_low(permission));
    }
    Ok(membership)
}

/// What the caller is in the organization that the path names. To others it does not exist.
async fn member(
    server: &Server,
    parts: &mut Parts,
    caller: &Caller,
) -> Result<Membership, Failure> {
    let unknown = || Failure::not_found("organization");
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, &()).await;
    let path = path.map_err(|_| unknown())?;
    let named = path.get("organization").and_then(|id| id.parse().ok());
    let organization: OrganizationId = named.ok_or_else(unknown)?;
    let role = match caller {
        Caller::OrganizationsKey {
            organization: own, ..
        } if *own == organization => {
            return Ok(Membership {
                organization,
                role: None,
            });
        }
        Caller::OrganizationsKey { .. } => None,
        Caller::Person { account, .. } | Caller::PersonsKey { account, .. } => {
            memberships::role(server.database.read(), organization, account.id()).await?
        }
    };
    let role = Some(role.ok_or_else(unknown)?);
    Ok(Membership { organization, role })
}
