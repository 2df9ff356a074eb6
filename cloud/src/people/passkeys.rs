//! Passkeys (WebAuthn level 3): by themselves, as what somebody has and knows at once, or as the second
//! factor after a password. Each answers a question that is asked once, for five minutes, in one browser.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, Line, PasskeyId, ProblemCode, SessionId};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::enter::{self, From, Step};
use super::failed::Try;
use super::tickets::{self, Purpose, Whose};
use super::{events, recovery};
use crate::database::is_duplicate;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::{accounts, passkeys};

const ADD: Purpose = Purpose::new("a new passkey", 300);
const ENTER: Purpose = Purpose::new("a passkey's sign-in", 300);
const SECOND: Purpose = Purpose::new("a passkey's second factor", 300);
/// The most passkeys of one account.
const MOST: u64 = 25;

/// A question for the browser, and the ticket with which its answer comes.
#[derive(Debug)]
pub struct Question {
    /// The options of `navigator.credentials`, as JSON.
    pub options: String,
    /// The ticket.
    pub ticket: Secret,
}

/// What is kept of a question: the state, and the browser that it was asked in.
#[derive(Debug, Serialize, Deserialize)]
struct Asked<T> {
    state: T,
    mark: [u8; 32],
}

/// The rules of passkeys for a server that is reached at this URL; none where browsers have no passkeys: at
/// a bare address, or without TLS on another machine.
pub(super) fn rules(public_url: &str) -> Option<Webauthn> {
    let url: Url = public_url.parse().ok()?;
    let host = url.domain()?.to_owned();
    if url.scheme() != "https" && host != "localhost" {
        return None;
    }
    WebauthnBuilder::new(&host, &url)
        .ok()?
        .rp_name("Slipway")
        .build()
        .ok()
}

fn webauthn(server: &Server) -> Result<&Webauthn, Failure> {
    server.people.webauthn.as_ref().ok_or_else(|| {
        let detail = "Passkeys need a server that is reached by its name and over TLS.";
        Failure::new(ProblemCode::Conflict, detail)
    })
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("passkeys: {error}"))
}

fn wrong() -> Failure {
    let detail = "The passkey did not answer as it should, or took too long. Try again.";
    Failure::new(ProblemCode::Invalid, detail)
}

fn stored(row: &passkeys::Model) -> Result<Passkey, Failure> {
    serde_json::from_str(&row.credential).map_err(broken)
}

pub(super) async fn has_any(
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<bool, Failure> {
    Ok(!passkeys::of_account(on, account, None, 1).await?.is_empty())
}

async fn asked<T: Serialize + Send + Sync>(
    server: &Server,
    purpose: Purpose,
    whose: Whose,
    options: &Value,
    state: T,
    mark: [u8; 32],
) -> Result<Question, Failure> {
    let asked = &Asked { state, mark };
    let ticket = server
        .database
        .write(|on| async move { tickets::issue(server, &on, purpose, whose, asked).await })
        .await?;
    Ok(Question {
        options: options.to_string(),
        ticket,
    })
}

/// Asks for a new passkey.
///
/// # Errors
/// When passkeys cannot be had here, or there are too many; the database's.
pub async fn begin_adding(
    server: &Server,
    account: &accounts::Model,
    session: SessionId,
    mark: [u8; 32],
) -> Result<Question, Failure> {
    let webauthn = webauthn(server)?;
    let there = passkeys::of_account(server.database.read(), account.id(), None, MOST).await?;
    if there.len() as u64 >= MOST {
        let detail = "There are 25 passkeys already. Remove one first.";
        return Err(Failure::new(ProblemCode::Conflict, detail));
    }
    let known: Result<Vec<_>, Failure> = there
        .iter()
        .map(|row| Ok(stored(row)?.cred_id().clone()))
        .collect();
    let (options, state) = webauthn
        .start_passkey_registration(account.id, &account.email, &account.name, Some(known?))
        .map_err(broken)?;
    let mut options = serde_json::to_value(options).map_err(broken)?;
    // One that the browser finds by itself is asked for: it signs in without an address.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred".into();
    let whose = Whose::BegunIn(account.id(), session);
    asked(server, ADD, whose, &options, state, mark).await
}

/// Adds a passkey; the recovery codes where there were none.
///
/// # Errors
/// When the answer is not right, or somebody has the passkey already; the database's.
pub async fn add(
    server: &Server,
    account: &accounts::Model,
    name: &Line<100>,
    answer: &str,
    ticket: &str,
    mark: [u8; 32],
    origin: &Origin,
) -> Result<Vec<Secret>, Failure> {
    let webauthn = webauthn(server)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| wrong())?;
    let (answer, now) = (&answer, server.clock.now());
    server
        .database
        .write(|on| async move {
            let found =
                tickets::take::<Asked<PasskeyRegistration>>(server, &on, ADD, ticket).await?;
            let found = found
                .filter(|found| found.account == Some(account.id()) && found.about.mark == mark);
            let state = found.ok_or_else(wrong)?.about.state;
            let passkey = webauthn
                .finish_passkey_registration(answer, &state)
                .map_err(|_| wrong())?;
            let row = passkeys::Model {
                id: server.chance.id(now)?,
                account_id: account.id,
                credential_id: passkey.cred_id().to_vec(),
                credential: serde_json::to_string(&passkey).map_err(broken)?,
                name: name.as_str().to_owned(),
                revision: 1,
                created_at: now,
                last_used_at: None,
            };
            let inserted = passkeys::insert(&on, row).await;
            inserted.map_err(|error| {
                if is_duplicate(&error) {
                    wrong()
                } else {
                    error.into()
                }
            })?;
            let what = format!("The passkey {} was added.", mail::quoted(name.as_str()));
            events::record_and_tell(server, &on, origin, account, "passkey.added", &what).await?;
            recovery::make_first(server, &on, account.id()).await
        })
        .await
}

/// Asks any passkey of this server to sign somebody in.
///
/// # Errors
/// When passkeys cannot be had here; the database's.
pub async fn begin_entering(server: &Server, mark: [u8; 32]) -> Result<Question, Failure> {
    let (options, state) = webauthn(server)?
        .start_discoverable_authentication()
        .map_err(broken)?;
    let mut options = serde_json::to_value(options).map_err(broken)?;
    // It is asked by a button, not while somebody types.
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    asked(server, ENTER, Whose::Nobodys, &options, state, mark).await
}

/// Signs in by a passkey alone; none when it is not one of ours, or did not answer as it should.
///
/// # Errors
/// The database's.
pub async fn enter(
    server: &Server,
    answer: &str,
    ticket: &str,
    from: From<'_>,
) -> Result<Option<Step>, Failure> {
    let webauthn = webauthn(server)?;
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
        return Ok(None);
    };
    let answer = &answer;
    server
        .database
        .write(|on| async move {
            let found =
                tickets::take::<Asked<DiscoverableAuthentication>>(server, &on, ENTER, ticket)
                    .await?;
            let Some(found) = found.filter(|found| found.about.mark == from.mark) else {
                return Ok(None);
            };
            let Ok((user, credential)) = webauthn.identify_discoverable_authentication(answer)
            else {
                return Ok(None);
            };
            let row = passkeys::find_by_credential(&on, credential).await?;
            let Some(row) = row.filter(|row| row.account_id == user) else {
                return Ok(None);
            };
            let passkey = stored(&row)?;
            let key = DiscoverableKey::from(&passkey);
            let done =
                webauthn.finish_discoverable_authentication_v2(answer, found.about.state, &key);
            let Ok(done) = done else {
                let tried = Try::strangers("passkey", Some(AccountId(user)), from.origin);
                tried.sign_in(server, &on, "its answer was wrong").await?;
                return Ok(None);
            };
            used(server, &on, &row, passkey, &done).await?;
            let account = accounts::find(&on, AccountId(user)).await?;
            let Some(account) = account else {
                return Ok(None);
            };
            enter::enter(server, &on, &account, from, "passkey")
                .await
                .map(Some)
        })
        .await
}

async fn used(
    server: &Server,
    on: &impl ConnectionTrait,
    row: &passkeys::Model,
    mut passkey: Passkey,
    done: &webauthn_rs::prelude::AuthenticationResult,
) -> Result<(), Failure> {
    passkey.update_credential(done);
    let credential = serde_json::to_string(&passkey).map_err(broken)?;
    Ok(passkeys::touch(on, row.id, &credential, server.clock.now()).await?)
}

/// Asks the passkeys of somebody who gave their password.
///
/// # Errors
/// When passkeys cannot be had here; the database's.
pub async fn begin_second(
    server: &Server,
    account: AccountId,
    mark: [u8; 32],
) -> Result<Question, Failure> {
    let there = passkeys::of_account(server.database.read(), account, None, MOST).await?;
    let keys: Result<Vec<_>, Failure> = there.iter().map(stored).collect();
    let (options, state) = webauthn(server)?
        .start_passkey_authentication(&keys?)
        .map_err(broken)?;
    let options = serde_json::to_value(options).map_err(broken)?;
    asked(server, SECOND, Whose::Of(account), &options, state, mark).await
}

/// Uses a passkey as a second factor; whether it was right.
pub(super) async fn use_second(
    server: &Server,
    on: &impl ConnectionTrait,
    account: AccountId,
    answer: &str,
    ticket: &str,
    mark: [u8; 32],
) -> Result<bool, Failure> {
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
        return Ok(false);
    };
    let found = tickets::take::<Asked<PasskeyAuthentication>>(server, on, SECOND, ticket).await?;
    let found = found.filter(|found| found.account == Some(account) && found.about.mark == mark);
    let Some(found) = found else { return Ok(false) };
    let done = webauthn(server)?.finish_passkey_authentication(&answer, &found.about.state);
    let Ok(done) = done else { return Ok(false) };
    let row = passkeys::find_by_credential(on, done.cred_id().as_ref()).await?;
    let Some(row) = row.filter(|row| row.account_id == account.0) else {
        return Ok(false);
    };
    used(server, on, &row, stored(&row)?, &done).await?;
    Ok(true)
}

/// Removes a passkey.
///
/// # Errors
/// When there is none; the database's.
pub async fn remove(
    server: &Server,
    account: &accounts::Model,
    id: PasskeyId,
    origin: &Origin,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            let row = passkeys::find(&on, account.id(), id).await?;
            let row = row.ok_or_else(|| Failure::not_found("passkey"))?;
            passkeys::delete(&on, account.id(), id).await?;
            let what = format!("The passkey {} was removed.", mail::quoted(&row.name));
            events::record_and_tell(server, &on, origin, account, "passkey.removed", &what).await?;
            recovery::drop_if_useless(&on, account.id()).await
        })
        .await
}
