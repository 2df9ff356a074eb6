//! The end of every way in which a program gets its first tokens.

use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::Secret;

use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::accounts;
use crate::tokens::refresh::{self, Granted, SignIn};

/// Begins the session that somebody agreed to; none if their account is gone or suspended by now.
pub(super) async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    sign_in: &SignIn<'_>,
    code: &Secret,
    by: &str,
    origin: &Origin,
) -> Result<Option<Granted>, Failure> {
    let account = accounts::find(on, sign_in.account).await?;
    if account.is_none_or(|account| account.suspended_at.is_some()) {
        return Ok(None);
    }
    let granted = refresh::begin(server, on, sign_in, code).await?;
    let event = Event {
        action: "session.begun",
        actor: &format!("account:{}", sign_in.account),
        account: Some(sign_in.account),
        organization: None,
        target: Some(granted.session.to_string()),
        detail: Some(json!({"by": by, "client": sign_in.client})),
    };
    audit::record(server, on, origin, event).await?;
    Ok(Some(granted))
}
