//! `GET /api/v1/organizations`

use axum::extract::State;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::Scope;
use slipway_contract::cloud::organization::Organization;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::http::access::Access;
use crate::http::caller::Caller;
use crate::http::json::Json;
use crate::http::listing::Listing;
use crate::http::params::Query;
use crate::http::route::Route;
use crate::server::Server;
use crate::tables::memberships;
use crate::tables::organizations;

pub(super) fn route() -> Route {
    Route::new(routes!(list), Access::SignedIn(Scope::ReadOrganizations))
}

/// The organizations of who asks, newest first; for a key of an organization that one.
#[utoipa::path(
    get, path = "/api/v1/organizations", tag = "organizations", operation_id = "list_organizations",
    params(Listing),
    responses((status = 200, description = "A page of them.", body = Page<Organization>)),
)]
async fn list(
    State(server): State<Server>,
    caller: Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<Page<Organization>>, Failure> {
    let on = server.database.read();
    let (most, after) = (listing.rows()?, listing.after()?);
    let rows = match &caller {
        Caller::OrganizationsKey { organization, .. } => {
            let own = organizations::find(on, *organization).await?;
            let own = own.filter(|own| after.is_none_or(|after| own.id < after));
            own.into_iter().map(|own| (own, None)).collect()
        }
        Caller::Person { account, .. } | Caller::PersonsKey { account, .. } => {
            let memberships = memberships::of_account(on, account.id(), after, most).await?;
            let ids = memberships.iter().map(|each| each.organization_id);
            let found = organizations::find_all(on, ids).await?;
            let mut rows = Vec::with_capacity(found.len());
            for each in memberships {
                let role = each.role()?;
                let row = found.iter().find(|row| row.id == each.organization_id);
                rows.extend(row.map(|row| (row.clone(), Some(role))));
            }
            rows
        }
    };
    listing
        .page(rows, |(row, _)| row.id, |(row, role)| row.shown(role))
        .map(Json)
}
