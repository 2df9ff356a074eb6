//! `POST /api/v1/organizations/{organization}/leave`

use axum::http::StatusCode;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::route::Route;
use crate::organizations;

pub(super) fn route() -> Route {
    Route::new(
        routes!(leave),
        Access::Organization(Permission::LeaveOrganization),
    )
}

/// Ends the membership of who asks; the last owner cannot.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/leave", tag = "organizations", operation_id = "leave_organization",
    params(("organization" = uuid::Uuid, Path, description = "Its organization.")),
    responses((status = 204, description = "Who asks is no member any more.")),
)]
async fn leave(acting: Acting, membership: Membership) -> Result<StatusCode, Failure> {
    let account = acting.account()?;
    let permission = Permission::LeaveOrganization;
    organizations::end(&acting, &membership, permission, account, "member.left").await?;
    Ok(StatusCode::NO_CONTENT)
}
