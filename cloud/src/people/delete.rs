//! Deleting an account, for good.

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::OrganizationId;
use uuid::Uuid;

use super::letters;
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::organizations::{self, Act};
use crate::server::Server;
use crate::tables::{accounts, api_keys, audit_events, idempotency_keys, invitations, memberships};

/// Deletes an account, leaves its organizations and deletes those that nobody else belongs to. Of the audit
/// log, what was of the account alone goes with it; in the logs of organizations its id stays, which tells
/// nobody who it was, and the addresses go.
///
/// # Errors
/// When an organization with other members would be left without an owner; the database's.
pub async fn delete(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            for membership in memberships::all_of_account(&on, account.id()).await? {
                let (action, target) = go(server, &on, &membership).await?;
                let event = Event {
                    action,
                    actor: &format!("account:{}", account.id),
                    account: Some(account.id()),
                    organization: Some(OrganizationId(membership.organization_id)),
                    target: Some(target.to_string()),
                    detail: None,
                };
                audit::record(server, &on, origin, event).await?;
            }
            let keys = api_keys::ids_of(&on, account.id()).await?;
            let mut actors: Vec<_> = keys.iter().map(|key| format!("key:{key}")).collect();
            actors.push(format!("account:{}", account.id));
            idempotency_keys::delete_of(&on, actors.clone()).await?;
            audit_events::forget(&on, account.id(), actors).await?;
            let now = server.clock.now();
            invitations::delete_over_to(&on, &account.email_key, now).await?;
            mail::post(server, &on, &letters::deleted(server, account)?).await?;
            Ok(accounts::delete(&on, account.id()).await?)
        })
        .await
}

/// Leaves an organization, or deletes it when there is nobody else in it; what the audit log calls that, and of what it tells.
async fn go(
    server: &Server,
    on: &impl ConnectionTrait,
    membership: &memberships::Model,
) -> Result<(&'static str, Uuid), Failure> {
    let organization = OrganizationId(membership.organization_id);
    if memberships::count(on, organization).await? <= 1 {
        organizations::delete(on, organization).await?;
        return Ok(("organization.deleted", organization.0));
    }
    let act = Act {
        organization,
        by: membership.role()?,
        now: server.clock.now(),
    };
    act.remove(on, membership).await?;
    Ok(("member.left", membership.account_id))
}
