//! The end of every way to sign in.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, ProblemCode, SessionId};

use super::failed::Try;
use super::tickets::{self, Purpose, Whose};
use super::{browsers, device, end, factors};
use crate::audit::{self, Event};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::accounts;

/// What a browser keeps of somebody who signed in.
#[derive(Debug)]
pub struct Entry {
    /// Its session.
    pub session: SessionId,
    /// The session's cookie.
    pub cookie: Secret,
    /// By which it is known the next time.
    pub device: String,
}

/// The browser that somebody signs in with.
#[derive(Debug, Clone, Copy)]
pub struct From<'a> {
    /// Where it is.
    pub origin: &'a Origin,
    /// By which it is known that a sign-in goes on where it began.
    pub mark: [u8; 32],
    /// Who was signed in with it so far, which ends.
    pub before: Option<(AccountId, SessionId)>,
}

/// What became of the first step of a sign-in.
#[derive(Debug)]
pub enum Step {
    /// They are in.
    In(Entry),
    /// They must show a second factor, with this ticket.
    Second(Secret),
    /// They may not, which the audit log has by now.
    Shut(Failure),
}

/// A sign-in whose second factor is missing: 10 minutes.
pub(super) const HALF: Purpose = Purpose::new("half a sign-in", 600);

/// What the ticket of a half sign-in says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Half {
    /// The browser that it began in.
    pub(super) mark: [u8; 32],
    /// How it began.
    pub(super) by: String,
}

/// Goes on after somebody showed one factor: in, or to the second one where they have one.
pub(super) async fn after_first(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    from: From<'_>,
    by: &str,
) -> Result<Step, Failure> {
    if account.suspended_at.is_some() || !factors::of(on, account.id()).await?.any() {
        return enter(server, on, account, from, by).await;
    }
    let half = Half {
        mark: from.mark,
        by: by.to_owned(),
    };
    let ticket = tickets::issue(server, on, HALF, Whose::Of(account.id()), &half).await?;
    Ok(Step::Second(ticket))
}

/// Begins the session of somebody who showed all that is asked of them. It is a new one, so that nobody
/// knows its cookie who gave the browser another one before. An account that is suspended stays shut.
pub(super) async fn enter(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    from: From<'_>,
    by: &str,
) -> Result<Step, Failure> {
    if account.suspended_at.is_some() {
        let tried = Try::strangers(by, Some(account.id()), from.origin);
        let because = "the account is suspended";
        tried.sign_in(server, on, because).await?;
        let detail = "This account is suspended. Write to who runs this server.";
        let failure = Failure::new(ProblemCode::Suspended, detail);
        return Ok(Step::Shut(failure));
    }
    if let Some((before, session)) = from.before {
        end::one(on, before, session, "signed in anew", server.clock.now()).await?;
    }
    let (session, cookie) = browsers::begin(server, on, account.id(), from.origin).await?;
    let event = Event {
        action: "session.begun",
        actor: &format!("account:{}", account.id),
        account: Some(account.id()),
        organization: None,
        target: Some(session.to_string()),
        detail: Some(json!({"by": by, "client": browsers::CLIENT})),
    };
    audit::record(server, on, from.origin, event).await?;
    Ok(Step::In(Entry {
        session,
        cookie,
        device: device::make(server, account)?,
    }))
}
