//! `GET /api/v1/organizations/{organization}`

use axum::extract::State;
use axum::response::IntoResponse;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(
        routes!(show),
        Access::Organization(Permission::ReadOrganization),
    )
}

/// One organization of who asks.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}", tag = "organizations", operation_id = "show_organization",
    params(("organization" = uuid::Uuid, Path, description = "Its organization.")),
    responses((status = 200, description = "The organization.", body = Organization, headers(("ETag" = String, description = "Its state.")))),
)]
async fn show(
    State(server): State<Server>,
    membership: Membership,
) -> Result<impl IntoResponse, Failure> {
    let row = organizations::find(server.database.read(), membership.organization).await?;
    let row = row.ok_or_else(|| Failure::not_found("organization"))?;
    Ok((etag(row.revision), Json(row.shown(membership.role)?)))
}
