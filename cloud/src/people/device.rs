//! Browsers that somebody signed in with before: they carry a text that only this server can have made, for
//! one account and as long as its password is the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::browsers::opaque;
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::accounts;

/// For how long a browser is known that nobody signs in with: a year.
pub const SECONDS: i64 = 365 * 24 * 3600;

fn mark(server: &Server, account: &accounts::Model, name: &str) -> String {
    let password = account.password_hash.as_deref().unwrap_or_default();
    let bytes = [account.id.as_bytes(), name.as_bytes(), password.as_bytes()].concat();
    URL_SAFE_NO_PAD.encode(server.sealer.derive("known browser", &bytes))
}

/// What a browser carries from now on.
pub(super) fn make(server: &Server, account: &accounts::Model) -> Result<String, Failure> {
    let name = opaque(&*server.chance)?;
    let mark = mark(server, account, name.expose());
    Ok(format!("{}.{mark}", name.expose()))
}

/// By which a browser is known that this account was signed in to with.
pub(super) fn known<'a>(
    server: &Server,
    account: &accounts::Model,
    carried: &'a str,
) -> Option<&'a str> {
    let (name, given) = carried.split_once('.')?;
    (mark(server, account, name) == given).then_some(name)
}
