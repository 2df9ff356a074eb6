//! `/api/v1/account/recovery-codes`

mod renew;

use slipway_contract::Secret;
use slipway_contract::cloud::factor::RecoveryCodes;

use crate::http::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![renew::route()]
}

/// Codes on their one way out.
pub(super) fn shown(codes: &[Secret]) -> RecoveryCodes {
    RecoveryCodes {
        codes: codes.iter().map(|code| code.expose().clone()).collect(),
    }
}
