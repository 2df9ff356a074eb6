//! `GET /api/v1/organizations/{organization}/members/{account}`

use axum::extract::State;
use axum::response::IntoResponse;
use slipway_contract::cloud::AccountId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::member::Member;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::organizations::member;
use crate::server::Server;
use crate::tables::accounts;

pub(super) fn route() -> Route {
    Route::new(routes!(show), Access::Organization(Permission::ReadMembers))
}

/// A member of an organization.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/members/{account}", tag = "members", operation_id = "show_member",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("account" = uuid::Uuid, Path, description = "Whose account it is.")),
    responses((status = 200, description = "The member.", body = Member, headers(("ETag" = String, description = "Its state.")))),
)]
async fn show(
    State(server): State<Server>,
    membership: Membership,
    Path((_organization, account)): Path<(OrganizationId, AccountId)>,
) -> Result<impl IntoResponse, Failure> {
    let on = server.database.read();
    let row = member(on, membership.organization, account).await?;
    let account = accounts::find(on, account).await?;
    let account = account.ok_or_else(|| Failure::not_found("member"))?;
    Ok((etag(row.revision), Json(row.shown(&account)?)))
}
