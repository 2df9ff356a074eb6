//! `PATCH /api/v1/organizations/{organization}`

use axum::response::IntoResponse;
use serde_json::json;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::organization::EditOrganization;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::etag::IfMatch;
use crate::http::etag::etag;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(
        routes!(edit),
        Access::Organization(Permission::EditOrganization),
    )
}

/// Changes an organization.
#[utoipa::path(
    patch, path = "/api/v1/organizations/{organization}", tag = "organizations", operation_id = "edit_organization",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), ("If-Match" = String, Header, description = "The ETag of the state that is changed.")),
    request_body = EditOrganization,
    responses((status = 200, description = "The organization as it is now.", body = Organization, headers(("ETag" = String, description = "Its state.")))),
)]
async fn edit(
    acting: Acting,
    membership: Membership,
    seen: IfMatch,
    Json(change): Json<EditOrganization>,
) -> Result<impl IntoResponse, Failure> {
    let (acting, seen, change) = (&acting, &seen, &change);
    let id = membership.organization;
    let (row, role) = acting
        .server
        .database
        .write(|on| async move {
            let role = membership
                .confirm_person(&on, &acting.caller, Permission::EditOrganization)
                .await?;
            let missing = || Failure::not_found("organization");
            let row = organizations::find(&on, id).await?.ok_or_else(missing)?;
            seen.check(row.revision)?;
            let name = change
                .name
                .as_ref()
                .map(slipway_contract::cloud::Line::as_str);
            if let Some(name) = name.filter(|name| *name != row.name) {
                organizations::rename(&on, &row, name).await?;
                let about = About {
                    organization: Some(id),
                    target: Some(id.to_string()),
                    detail: Some(json!({"from": row.name, "to": name})),
                    ..About::default()
                };
                acting.record(&on, "organization.changed", about).await?;
            }
            let row = organizations::find(&on, id).await?.ok_or_else(missing)?;
            Ok((row, role))
        })
        .await?;
    Ok((etag(row.revision), Json(row.shown(Some(role))?)))
}
