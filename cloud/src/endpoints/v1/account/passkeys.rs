//! `/api/v1/account/passkeys`. They are added on a page: a browser makes them.

mod edit;
mod list;
mod remove;

use slipway_contract::cloud::PasskeyId;
use slipway_contract::cloud::factor::Passkey;

use crate::failure::Failure;
use crate::http::route::Route;
use crate::tables::passkeys;

pub(super) fn routes() -> Vec<Route> {
    vec![list::route(), edit::route(), remove::route()]
}

fn shown(row: &passkeys::Model) -> Result<Passkey, Failure> {
    let broken = |error| Failure::Internal(format!("passkey {}: {error}", row.id));
    Ok(Passkey {
        id: PasskeyId(row.id),
        name: row.name.parse().map_err(broken)?,
        created_at: row.created_at.into(),
        last_used_at: row.last_used_at.map(Into::into),
    })
}
