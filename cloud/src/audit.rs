//! The audit log: every event that matters to security, written in the transaction that made it so.

use sea_orm::ConnectionTrait;
use serde_json::Value;
use slipway_contract::cloud::{AccountId, OrganizationId};

use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::audit_events;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// What, as `noun.verb` in the past: `session.begun`, `member.removed`.
    pub action: &'a str,
    /// Who did it, as [`Caller::name`](crate::http::caller::Caller::name) says it;
    /// or `operator`; or `unknown`, who did not show who they are; or `nobody`.
    pub actor: &'a str,
    /// Whose account it concerns.
    pub account: Option<AccountId>,
    /// Which organization it concerns; it is in that one's log.
    pub organization: Option<OrganizationId>,
    /// What it was done to, by id.
    pub target: Option<String>,
    /// More of it: an object, never with a secret in it.
    pub detail: Option<Value>,
}

/// Adds an event to the log.
///
/// # Errors
/// The database's.
pub async fn record(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    event: Event<'_>,
) -> Result<(), Failure> {
    let now = server.clock.now();
    let row = audit_events::Model {
        id: server.chance.id(now)?,
        organization_id: event.organization.map(|id| id.0),
        account_id: event.account.map(|id| id.0),
        actor: event.actor.to_owned(),
        action: event.action.to_owned(),
        target: event.target,
        detail: event.detail.map(|detail| detail.to_string()),
        address: origin.address.clone(),
        request: origin.request.clone(),
        created_at: now,
    };
    Ok(audit_events::insert(on, row).await?)
}
