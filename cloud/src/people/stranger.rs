//! The way in for a browser that is not known, while too many strangers guess at its person's password: no
//! password is looked at, and a letter goes to the person, whose link makes the browser known that opens it.
//! It lets nobody in by itself. Who types sees the same whatever they typed, and whether or not there is such
//! an account.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::destination::Destination;
use super::register::over;
use super::tickets::{self, Purpose, Whose};
use super::{device, letters, throttle};
use crate::failure::Failure;
use crate::mail;
use crate::server::Server;
use crate::tables::{accounts, tickets as rows};

/// A link that makes a browser known: a day, so that one is good whenever no more are written.
pub(super) const KNOW: Purpose =
    Purpose::new("knowing a browser", throttle::LETTERS_TO_KNOW.seconds);

#[derive(Debug, Serialize, Deserialize)]
struct About {
    /// Where the person goes on once they are signed in.
    destination: Option<Destination>,
}

fn letters_to(email_key: &str) -> String {
    throttle::key(&["letters to know", email_key])
}

/// Makes all links void that an account was sent, and lets it be sent others.
pub(super) async fn forget(
    on: &impl ConnectionTrait,
    account: &accounts::Model,
) -> Result<(), Failure> {
    tickets::void(on, KNOW, account.id()).await?;
    throttle::forget(on, &letters_to(&account.email_key)).await
}

/// The same for everybody.
pub(super) async fn forget_all(on: &impl ConnectionTrait) -> Result<(), Failure> {
    for account in rows::accounts_with(on, KNOW.name()).await? {
        if let Some(row) = accounts::find(on, account).await? {
            forget(on, &row).await?;
        }
    }
    Ok(())
}

/// Writes the letter, unless as many were written as are good at once.
pub(super) async fn write(
    server: &Server,
    account: Option<&accounts::Model>,
    to: &Email,
    destination: Destination,
) -> Result<(), Failure> {
    let limits = &[(letters_to(&to.key()), throttle::LETTERS_TO_KNOW)];
    let about = &About {
        destination: Some(destination),
    };
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            if throttle::count(&on, limits, now).await?.is_some() {
                return Ok(());
            }
            // The same is done for who is unknown, so that the time does not tell.
            let whose = account.map_or(Whose::Nobodys, |account| Whose::Of(account.id()));
            let ticket = tickets::issue(server, &on, KNOW, whose, about).await?;
            let letter = match account {
                Some(account) => letters::know(server, &letters::address(account)?, &ticket),
                None => letters::nobody_to_know(server, to),
            };
            mail::post(server, &on, &letter).await
        })
        .await
}

/// Whether a link is still good.
///
/// # Errors
/// The database's.
pub async fn is_good(server: &Server, ticket: &Secret) -> Result<bool, Failure> {
    let on = server.database.read();
    let found = tickets::look::<About>(server, on, KNOW, ticket.expose()).await?;
    Ok(found.is_some_and(|found| found.account.is_some()))
}

/// What the browser carries from now on by which it is known, and where its person wanted to go.
///
/// # Errors
/// When the link is not good any more; the database's.
pub async fn know(
    server: &Server,
    ticket: &Secret,
    mark: [u8; 32],
) -> Result<(String, String), Failure> {
    server
        .database
        .write(|on| async move {
            let found = tickets::take::<About>(server, &on, KNOW, ticket.expose()).await?;
            let found = found.ok_or_else(over)?;
            let account = accounts::find(&on, found.account.ok_or_else(over)?).await?;
            let account = account.ok_or_else(over)?;
            // What was sent reached its person: no other link is needed, and new ones are when this browser is lost.
            forget(&on, &account).await?;
            let device = device::make(server, &account)?;
            let asked = found.about.destination;
            let next = Destination::of(&on, asked, mark, &account.email_key).await?;
            Ok((device, next))
        })
        .await
}
