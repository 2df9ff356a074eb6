//! `DELETE /api/v1/organizations/{organization}`

use axum::http::StatusCode;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::route::Route;
use crate::organizations;

pub(super) fn route() -> Route {
    Route::new(
        routes!(delete),
        Access::RecentOrganization(Permission::DeleteOrganization),
    )
}

/// Deletes an organization for good. Agents that are private to a member stay that member's.
#[utoipa::path(
    delete, path = "/api/v1/organizations/{organization}", tag = "organizations", operation_id = "delete_organization",
    params(("organization" = uuid::Uuid, Path, description = "Its organization.")),
    responses((status = 204, description = "It is gone.")),
)]
async fn delete(acting: Acting, membership: Membership) -> Result<StatusCode, Failure> {
    let acting = &acting;
    acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm_person(&on, &acting.caller, Permission::DeleteOrganization)
                .await?;
            organizations::delete(&on, membership.organization).await?;
            let about = About {
                organization: Some(membership.organization),
                target: Some(membership.organization.to_string()),
                ..About::default()
            };
            acting.record(&on, "organization.deleted", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
