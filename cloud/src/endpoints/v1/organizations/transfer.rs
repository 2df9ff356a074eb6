//! `POST /api/v1/organizations/{organization}/transfer`

use slipway_contract::cloud::Permission;
use slipway_contract::cloud::ProblemCode;
use slipway_contract::cloud::Role;
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::organization::TransferOrganization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::organizations::member;
use crate::organizations::transfer as transfer_to;
use crate::tables::{memberships, organizations};

pub(super) fn route() -> Route {
    Route::new(
        routes!(transfer),
        Access::RecentOrganization(Permission::TransferOrganization),
    )
}

/// Makes another member owner in the place of who asks, who stays as an admin.
#[utoipa::path(
    post, path = "/api/v1/organizations/{organization}/transfer", tag = "organizations", operation_id = "transfer_organization",
    params(("organization" = uuid::Uuid, Path, description = "Its organization.")),
    request_body = TransferOrganization,
    responses((status = 200, description = "The organization as who asks sees it now.", body = Organization)),
)]
async fn transfer(
    acting: Acting,
    membership: Membership,
    Json(transfer): Json<TransferOrganization>,
) -> Result<Json<Organization>, Failure> {
    let (acting, account, to) = (&acting, acting.account()?, transfer.to);
    let organization = membership.organization;
    acting
        .server
        .database
        .write(|on| async move {
            membership
                .confirm_person(&on, &acting.caller, Permission::TransferOrganization)
                .await?;
            let from = member(&on, organization, account).await?;
            let conflict = |detail| Failure::new(ProblemCode::Conflict, detail);
            if to == account {
                return Err(conflict("You own it already."));
            }
            let next = memberships::find(&on, organization, to).await?;
            let next = next.ok_or_else(|| conflict("They are no member of the organization."))?;
            transfer_to(&on, &from, &next).await?;
            let about = About {
                organization: Some(organization),
                account: Some(to),
                target: Some(to.to_string()),
                ..About::default()
            };
            acting
                .record(&on, "organization.transferred", about)
                .await?;
            let row = organizations::find(&on, organization).await?;
            let row = row.ok_or_else(|| Failure::not_found("organization"))?;
            row.shown(Some(Role::Admin))
        })
        .await
        .map(Json)
}
