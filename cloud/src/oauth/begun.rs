//! The end of every way in which a program gets its first tokens.

use sea_orm::ConnectionTrait;
use serde_json::json;
use slipway_contract::Secret;

use super::program::Program;
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::people::events;
use crate::server::Server;
use crate::tables::accounts;
use crate::tokens::refresh::{self, Granted, SignIn};

/// Begins the session that somebody agreed to, of which they hear by mail; none if their account is gone or
/// suspended by now.
pub(super) async fn begin(
    server: &Server,
    on: &impl ConnectionTrait,
    sign_in: &SignIn<'_>,
    code: &Secret,
    by: &str,
    origin: &Origin,
) -> Result<Option<Granted>, Failure> {
    let account = accounts::find(on, sign_in.account).await?;
    let Some(account) = account.filter(|account| account.suspended_at.is_none()) else {
        return Ok(None);
    };
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
    let program = Program::named(sign_in.client);
    let program = program.map_or(sign_in.client, |program| program.title());
    let device = match sign_in.device {
        "" => String::new(),
        name => format!(" on the device {}", mail::quoted(name)),
    };
    let what =
        format!("{program}{device} signed in. It may do what you may, until it is signed out.");
    events::tell(server, on, origin, &account, &what).await?;
    Ok(Some(granted))
}
