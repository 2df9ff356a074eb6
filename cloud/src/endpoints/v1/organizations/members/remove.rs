//! `DELETE /api/v1/organizations/{organization}/members/{account}`

use axum::http::StatusCode;
use slipway_contract::cloud::AccountId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::Acting;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::organizations;

pub(super) fn route() -> Route {
    Route::new(
        routes!(remove),
        Access::Organization(Permission::EditMembers),
    )
}

/// Removes a member, and with them every key of the organization that they made.
#[utoipa::path(
    delete, path = "/api/v1/organizations/{organization}/members/{account}", tag = "members", operation_id = "remove_member",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("account" = uuid::Uuid, Path, description = "Whose account it is.")),
    responses((status = 204, description = "They are no member any more.")),
)]
async fn remove(
    acting: Acting,
    membership: Membership,
    Path((_organization, account)): Path<(OrganizationId, AccountId)>,
) -> Result<StatusCode, Failure> {
    let permission = Permission::EditMembers;
    organizations::end(&acting, &membership, permission, account, "member.removed").await?;
    Ok(StatusCode::NO_CONTENT)
}
