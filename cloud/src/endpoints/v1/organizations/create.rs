//! `POST /api/v1/organizations`

use axum::response::Response;
use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::Role;
use slipway_contract::cloud::organization::NewOrganization;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::idempotency::Idempotency;
use crate::http::json::Json;
use crate::http::route::Route;
use crate::quotas;
use crate::tables::memberships;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(routes!(create), Access::Person)
}

/// Makes an organization, which who asks then owns.
#[utoipa::path(
    post, path = "/api/v1/organizations", tag = "organizations", operation_id = "create_organization",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request makes nothing anew.")),
    request_body = NewOrganization,
    responses((status = 201, description = "The organization.", body = Organization)),
)]
async fn create(
    acting: Acting,
    idempotency: Idempotency,
    Json(new): Json<NewOrganization>,
) -> Result<Response, Failure> {
    let (now, owner) = (acting.now(), acting.account()?);
    let id = OrganizationId(acting.server.chance.id(now)?);
    let (acting, name) = (&acting, &new.name);
    idempotency
        .create(&acting.server, &acting.caller, &new, |on| async move {
            let owned = memberships::count_of(&on, owner, Role::Owner).await?;
            quotas::ORGANIZATIONS.room(owned)?;
            let row = organizations::Model {
                id: id.0,
                name: name.as_str().to_owned(),
                revision: 1,
                created_at: now,
            };
            let shown = row.shown(Some(Role::Owner))?;
            organizations::insert(&on, row).await?;
            memberships::insert(&on, id, owner, Role::Owner, now).await?;
            let about = About {
                organization: Some(id),
                target: Some(id.to_string()),
                ..About::default()
            };
            acting.record(&on, "organization.created", about).await?;
            Ok(shown)
        })
        .await
}
