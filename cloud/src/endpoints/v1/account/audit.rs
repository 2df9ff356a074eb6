//! `GET /api/v1/account/audit-events`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::audit::AuditEvent;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::audit_listing::AuditListing;
use crate::http::caller::Caller;
use crate::http::json::Json;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::audit_events::Log;

pub(super) fn route() -> Route {
    Route::new(routes!(audit), Access::Own(Scope::ReadAudit))
}

/// What happened to the account of who asks, or was done by it, that matters to security; newest first.
#[utoipa::path(
    get, path = "/api/v1/account/audit-events", tag = "audit", operation_id = "list_account_audit_events",
    params(AuditListing),
    responses((status = 200, description = "A page of it.", body = Page<AuditEvent>)),
)]
async fn audit(
    State(server): State<Server>,
    caller: Caller,
    Query(asked): Query<AuditListing>,
) -> Result<Json<Page<AuditEvent>>, Failure> {
    let account = caller.account().map(|account| account.id());
    let account = account.ok_or_else(|| Failure::not_found("account"))?;
    let mut page = asked.read(&server, Log::Account(account)).await?;
    let own = format!("account:{account}");
    for event in &mut page.items {
        // Where a member of the organization was who did this is for the organization's own log.
        if event.organization.is_some() && event.actor != own {
            event.address = None;
        }
    }
    Ok(Json(page))
}
