//! Browsers that somebody signed in with before: they carry a text that only this server can have made, for
//! one account and until it knows its browsers no more: after a new password, and when its person signs out
//! everywhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;

use super::browsers::opaque;
use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::accounts;

/// For how long a browser is known that nobody signs in with: a year.
pub const SECONDS: i64 = 365 * 24 * 3600;

fn mark(server: &Server, account: &accounts::Model, name: &str) -> String {
    let marks = account.browser_marks.to_be_bytes();
    let bytes = [account.id.as_bytes(), &marks[..], name.as_bytes()].concat();
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
    // Of fingerprints, so that the time that it takes tells nothing.
    let is_ours = fingerprint(&mark(server, account, name)) == fingerprint(given);
    is_ours.then_some(name)
}

/// Makes an account know no browser any more but the one that this is for.
pub(super) async fn only(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
) -> Result<String, Failure> {
    accounts::forget_browsers(on, account.id()).await?;
    let now = accounts::find(on, account.id()).await?;
    make(server, &now.ok_or_else(|| Failure::not_found("account"))?)
}
