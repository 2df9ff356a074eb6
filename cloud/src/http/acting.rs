//! Who does something, from where: what every change and its entry in the audit log need.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use slipway_contract::cloud::{AccountId, OrganizationId, ProblemCode};

use super::caller::Caller;
use super::origin::Origin;
use crate::audit::{self, Event};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::people::events;
use crate::server::Server;

/// Who does something, from where.
#[derive(Debug, Clone)]
pub struct Acting {
    /// On which server.
    pub server: Server,
    /// Who.
    pub caller: Caller,
    /// From where.
    pub origin: Origin,
}

/// What something was done to.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// In which organization's log it is.
    pub organization: Option<OrganizationId>,
    /// In whose log it is; in that of who acts, where nobody is named.
    pub account: Option<AccountId>,
    /// To what, by its id.
    pub target: Option<String>,
    /// More of it: an object.
    pub detail: Option<Value>,
}

impl FromRequestParts<Server> for Acting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        Ok(Self {
            server: server.clone(),
            caller: Caller::from_request_parts(parts, server).await?,
            origin: Origin::from_request_parts(parts, server).await?,
        })
    }
}

impl Acting {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.server.clock.now()
    }

    /// Whose account acts, by themselves or by a key of theirs.
    ///
    /// # Errors
    /// When it is an organization's key.
    pub fn account(&self) -> Result<AccountId, Failure> {
        let account = self.caller.account().map(|account| account.id());
        account.ok_or_else(|| {
            Failure::new(
                ProblemCode::Forbidden,
                "A person must do this; a key of an organization cannot.",
            )
        })
    }

    /// Tells who acts by mail what was done to their account; nobody, where an organization's key acts.
    ///
    /// # Errors
    /// The database's.
    pub async fn tell(&self, on: &impl ConnectionTrait, what: &str) -> Result<(), Failure> {
        match self.caller.account() {
            Some(account) => events::tell(&self.server, on, &self.origin, account, what).await,
            None => Ok(()),
        }
    }

    /// Adds what happened to the audit log.
    ///
    /// # Errors
    /// The database's.
    pub async fn record(
        &self,
        on: &impl ConnectionTrait,
        action: &str,
        about: About,
    ) -> Result<(), Failure> {
        let actor = self.caller.name();
        let by = self.caller.account().map(|account| account.id());
        let event = Event {
            action,
            actor: &actor,
            account: about.account.or(by),
            organization: about.organization,
            target: about.target,
            detail: about.detail,
        };
        audit::record(&self.server, on, &self.origin, event).await
    }
}
