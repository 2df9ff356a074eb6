//! `PATCH /api/v1/organizations/{organization}/members/{account}`

use axum::response::IntoResponse;
use serde_json::json;
use slipway_contract::cloud::AccountId;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::Role;
use slipway_contract::cloud::member::EditMember;
use slipway_contract::cloud::member::Member;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::access::recent;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::etag::IfMatch;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::organizations::Act;
use crate::organizations::member;
use crate::tables::accounts;

pub(super) fn route() -> Route {
    Route::new(routes!(edit), Access::Organization(Permission::EditMembers))
}

/// Gives a member another role. Nobody acts on a higher role than their own, and nobody gives one.
///
/// Making somebody an owner takes a sign-in of the last quarter of an hour.
#[utoipa::path(
    patch, path = "/api/v1/organizations/{organization}/members/{account}", tag = "members", operation_id = "edit_member",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("account" = uuid::Uuid, Path, description = "Whose account it is."), ("If-Match" = String, Header, description = "The ETag of the state that is changed.")),
    request_body = EditMember,
    responses((status = 200, description = "The member as they are now.", body = Member, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    acting: Acting,
    membership: Membership,
    Path((_organization, account)): Path<(OrganizationId, AccountId)>,
    seen: IfMatch,
    Json(change): Json<EditMember>,
) -> Result<impl IntoResponse, Failure> {
    let (acting, seen, role) = (&acting, &seen, change.role);
    if role == Role::Owner {
        recent(&acting.server, &acting.caller)?;
    }
    let organization = membership.organization;
    let (row, account) = acting
        .server
        .database
        .write(|on| async move {
            let by = membership
                .confirm_person(&on, &acting.caller, Permission::EditMembers)
                .await?;
            let now = acting.now();
            let row = member(&on, organization, account).await?;
            seen.check(row.revision)?;
            let act = Act {
                organization,
                by,
                now,
            };
            let before = row.role()?;
            act.change_role(&on, &row, role).await?;
            if role != before {
                let about = About {
                    organization: Some(organization),
                    account: Some(account),
                    target: Some(account.to_string()),
                    detail: Some(json!({"from": before, "to": role})),
                };
                acting.record(&on, "member.role-changed", about).await?;
            }
            let person = accounts::find(&on, account).await?;
            let person = person.ok_or_else(|| Failure::not_found("member"))?;
            Ok((member(&on, organization, account).await?, person))
        })
        .await?;
    Ok((etag(row.revision), Json(row.shown(&account)?)))
}
