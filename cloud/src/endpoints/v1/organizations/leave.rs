//! `POST /api/v1/organizations/{organization}/leave`

use axum::http::StatusCode;
use slipway_contract::cloud::Permission;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::route::Route;
use crate::organizations::Act;
use crate::organizations::member;

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
    let (acting, account) = (&acting, acting.account()?);
    let organization = membership.organization;
    acting
        .server
        .database
        .write(|on| async move {
            let by = membership
                .confirm_person(&on, &acting.caller, Permission::LeaveOrganization)
                .await?;
            let now = acting.now();
            let own = member(&on, organization, account).await?;
            let act = Act {
                organization,
                by,
                now,
            };
            act.remove(&on, &own).await?;
            let about = About {
                organization: Some(organization),
                target: Some(account.to_string()),
                ..About::default()
            };
            acting.record(&on, "member.left", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
