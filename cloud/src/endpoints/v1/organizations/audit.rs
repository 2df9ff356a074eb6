//! `GET /api/v1/organizations/{organization}/audit-events`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::audit::AuditEvent;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::audit_listing::AuditListing;
use crate::http::json::Json;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::audit_events::Log;

pub(super) fn route() -> Route {
    Route::new(routes!(audit), Access::Organization(Permission::ReadAudit))
}

/// What happened in an organization that matters to security, newest first.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/audit-events", tag = "audit", operation_id = "list_organization_audit_events",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), AuditListing),
    responses((status = 200, description = "A page of it.", body = Page<AuditEvent>)),
)]
async fn audit(
    State(server): State<Server>,
    membership: Membership,
    Query(asked): Query<AuditListing>,
) -> Result<Json<Page<AuditEvent>>, Failure> {
    let log = Log::Organization(membership.organization);
    let page = asked.read(&server, log).await?;
    Ok(Json(page))
}
