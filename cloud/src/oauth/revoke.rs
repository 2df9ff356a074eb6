//! Giving tokens back (RFC 7009): the session that they are of ends, and all its tokens with it.

use serde_json::json;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, SessionId};

use super::program::Program;
use super::refusal::{Code, Refusal, Refused};
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::people::end;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::{refresh_tokens, sessions};
use crate::tokens::{access, refresh};

/// Which session a token is of, if it is one.
async fn session_of(server: &Server, token: &Secret) -> Result<Option<sessions::Model>, Failure> {
    let on = server.database.read();
    let session = if token.expose().starts_with(refresh::START) {
        let row = refresh_tokens::find(on, &fingerprint(token.expose())).await?;
        row.map(|row| SessionId(row.session_id))
    } else {
        let claims = access::verify(server, token.expose()).await?;
        claims.map(|claims| claims.sid)
    };
    match session {
        Some(session) => Ok(sessions::find(on, session).await?),
        None => Ok(None),
    }
}

/// Ends the session of a token. A token that is not good, or not any more, is as if it were given back.
///
/// # Errors
/// When it is another program's; the database's.
pub async fn revoke(
    server: &Server,
    program: Program,
    token: &Secret,
    origin: &Origin,
) -> Result<(), Refused> {
    let Some(row) = session_of(server, token).await? else {
        return Ok(());
    };
    if row.client != program.id() {
        let what = "The token was given to another program.";
        return Err(Refusal::new(Code::InvalidGrant, what).into());
    }
    let (account, session) = (AccountId(row.account_id), SessionId(row.id));
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            if !end::one(&on, account, session, "signed out", now).await? {
                return Ok(());
            }
            let event = Event {
                action: "session.ended",
                actor: &format!("account:{account}"),
                account: Some(account),
                organization: None,
                target: Some(session.to_string()),
                detail: Some(json!({"client": program.id()})),
            };
            audit::record(server, &on, origin, event).await
        })
        .await?;
    Ok(())
}
