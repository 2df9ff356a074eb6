//! A new password for who does not know theirs, by mail.
//!
//! It ends all sessions, and lets nobody in by itself: a second factor is asked for as ever.

use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::destination::Destination;
use super::enter::HALF;
use super::register::{may_write, over};
use super::tickets::{self, Purpose, Whose};
use super::{device, end, events, letters, throttle};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::accounts;

/// A link to choose a new password: 1 hour. It says where its person goes on.
pub(super) const RESET: Purpose = Purpose::new("reset", 3600);

pub(super) async fn ticket(
    server: &Server,
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    destination: Option<&Destination>,
) -> Result<Secret, Failure> {
    tickets::issue(server, on, RESET, Whose::Of(account.id()), &destination).await
}

/// Sends a letter to an address, with which its person chooses a new password, or hears that they have no
/// account.
///
/// # Errors
/// When too many letters were asked for; the database's.
pub async fn begin(
    server: &Server,
    email: &Email,
    destination: &Destination,
    origin: &Origin,
) -> Result<(), Failure> {
    may_write(server, email, origin).await?;
    server
        .database
        .write(|on| async move {
            let letter = match accounts::find_by_email(&on, email).await? {
                Some(account) => {
                    let ticket = ticket(server, &on, &account, Some(destination)).await?;
                    letters::reset(server, &letters::address(&account)?, &ticket)
                }
                None => {
                    // The same is done for who is unknown, so that the time does not tell.
                    tickets::issue(server, &on, RESET, Whose::Nobodys, &Some(destination)).await?;
                    letters::no_account(server, email)
                }
            };
            mail::post(server, &on, &letter).await
        })
        .await
}

/// Whose link it is, if it is still good.
///
/// # Errors
/// The database's.
pub async fn whose(server: &Server, ticket: &Secret) -> Result<Option<accounts::Model>, Failure> {
    let on = server.database.read();
    let found = tickets::look::<Option<Destination>>(server, on, RESET, ticket.expose()).await?;
    match found.and_then(|found| found.account) {
        Some(id) => Ok(accounts::find(on, id).await?),
        None => Ok(None),
    }
}

/// Sets the new password and ends all that goes on for the account; what the browser carries from now on by
/// which it is known, and where its person wanted to go.
///
/// # Errors
/// When the link is not good any more, the password is not taken, or the database's.
pub async fn finish(
    server: &Server,
    ticket: &Secret,
    password: &Secret,
    mark: [u8; 32],
    origin: &Origin,
) -> Result<(String, String), Failure> {
    let account = whose(server, ticket).await?.ok_or_else(over)?;
    server
        .people
        .passwords
        .check(password, &[&account.email, &account.name])?;
    let _place = server.people.place(origin)?;
    let hash = server
        .people
        .passwords
        .hash(&*server.chance, password)
        .await?;
    let (account, hash, now) = (&account, &hash, server.clock.now());
    server
        .database
        .write(|on| async move {
            let found = tickets::take::<Option<Destination>>(server, &on, RESET, ticket.expose()).await?;
            let asked = found.ok_or_else(over)?.about;
            let next = Destination::of(&on, asked, mark, &account.email_key).await?;
            set(&on, account, hash).await?;
            end::all(&on, account.id(), None, "a new password was chosen", now).await?;
            let what = "A new password was chosen by a link that was mailed to you. You are signed out everywhere. API keys, passkeys and connected services go on.";
            events::record_and_tell(server, &on, origin, account, "password.reset", what).await?;
            Ok((device::only(server, &on, account).await?, next))
        })
        .await
}

/// Sets a password, after which no link to set one is good any more, nor half a sign-in by the one before;
/// and wrong codes that followed that one are forgotten.
pub(super) async fn set(
    on: &impl ConnectionTrait,
    account: &accounts::Model,
    hash: &str,
) -> Result<(), Failure> {
    accounts::set_password(on, account.id(), hash).await?;
    tickets::void(on, RESET, account.id()).await?;
    tickets::void(on, HALF, account.id()).await?;
    throttle::forget_codes(on, account.id()).await
}
