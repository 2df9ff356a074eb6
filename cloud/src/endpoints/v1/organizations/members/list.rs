//! `GET /api/v1/organizations/{organization}/members`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Permission;
use slipway_contract::cloud::member::Member;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::access::Membership;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::accounts;
use crate::tables::memberships;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::Organization(Permission::ReadMembers))
}

/// Who belongs to an organization; those with the newest accounts first.
#[utoipa::path(
    get, path = "/api/v1/organizations/{organization}/members", tag = "members", operation_id = "list_members",
    params(("organization" = uuid::Uuid, Path, description = "Its organization."), Listing),
    responses((status = 200, description = "A page of them.", body = Page<Member>)),
)]
async fn list(
    State(server): State<Server>,
    membership: Membership,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Member>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let rows = memberships::of_organization(on, membership.organization, after, most).await?;
    let people = accounts::find_all(on, rows.iter().map(|row| row.account_id)).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        // An account that went between the two reads is no member any more.
        if let Some(account) = people.iter().find(|account| account.id == row.account_id) {
            shown.push(row.shown(account)?);
        }
    }
    listing.page(shown, |member| member.account.0, Ok).map(Json)
}
