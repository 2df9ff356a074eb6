//! `POST /api/v1/invitations/{token}/decline`

use axum::http::StatusCode;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::acting::About;
use crate::http::acting::Acting;
use crate::http::caller::Person;
use crate::http::params::Path;
use crate::http::route::Route;
use crate::invitations::answerable;
use crate::tables::invitations;

pub(super) fn route() -> Route {
    Route::new(routes!(decline), Access::Person)
}

/// Declines an invitation.
#[utoipa::path(
    post, path = "/api/v1/invitations/{token}/decline", tag = "invitations", operation_id = "decline_invitation",
    params(("token" = String, Path, description = "What the mail carries.")),
    responses((status = 204, description = "It is over.")),
)]
async fn decline(
    acting: Acting,
    person: Person,
    Path(token): Path<String>,
) -> Result<StatusCode, Failure> {
    let (acting, person, token) = (&acting, &person, &token);
    acting
        .server
        .database
        .write(|on| async move {
            let found = answerable(&acting.server, &on, &person.account, token).await?;
            let now = acting.now();
            invitations::close(&on, found.invitation.id, "declined", now).await?;
            let about = About {
                organization: Some(found.organization.id()),
                target: Some(found.invitation.id.to_string()),
                ..About::default()
            };
            acting.record(&on, "invitation.declined", about).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
