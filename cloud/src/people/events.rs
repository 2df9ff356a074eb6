//! What people do to their own accounts, as the audit log and a letter tell it.

use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::letters;
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::accounts;

/// Writes something into the log that somebody did to their account.
pub(super) async fn record(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    account: &accounts::Model,
    action: &str,
    target: Option<String>,
    detail: Option<Value>,
) -> Result<(), Failure> {
    let event = Event {
        action,
        actor: &format!("account:{}", account.id),
        account: Some(account.id()),
        organization: None,
        target,
        detail,
    };
    audit::record(server, on, origin, event).await
}

/// The same, and tells the person by mail: whoever took over an account must not change how it is entered
/// without its person hearing of it (ASVS 5, 6.3.7).
pub(super) async fn record_and_tell(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    account: &accounts::Model,
    action: &str,
    what: &str,
) -> Result<(), Failure> {
    record(server, on, origin, account, action, None, None).await?;
    tell(server, on, origin, account, what).await
}

/// Tells a person by mail what was done to their account.
pub(crate) async fn tell(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    account: &accounts::Model,
    what: &str,
) -> Result<(), Failure> {
    mail::post(
        server,
        on,
        &letters::changed(server, account, origin, what)?,
    )
    .await
}
