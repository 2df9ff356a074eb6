//! Another address: it counts once mail to it was answered, and who reads the old one can stop it or take
//! it back for a week.

use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, Email};

use super::register::{may_write, over, taken};
use super::reset::RESET;
use super::tickets::{self, Purpose};
use super::{events, letters};
use crate::database::is_duplicate;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::{accounts, sessions};

const CHANGE: Purpose = Purpose::new("change of address", 3600);
const UNDO: Purpose = Purpose::new("undoing a change of address", 7 * 24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
struct About {
    /// The address that the ticket sets.
    email: Email,
}

/// Asks for another address.
///
/// # Errors
/// When too many letters were asked for; the database's.
pub async fn begin(
    server: &Server,
    account: &accounts::Model,
    new: &Email,
    origin: &Origin,
) -> Result<(), Failure> {
    may_write(server, new, origin).await?;
    let old = letters::address(account)?;
    if *new == old {
        return Err(Failure::field("email", "It is the address that you have."));
    }
    let old = &old;
    server
        .database
        .write(|on| async move {
            tickets::void(&on, CHANGE, account.id()).await?;
            // Who asks does not learn whether somebody else has it.
            let letter = match accounts::find_by_email(&on, new).await? {
                Some(_) => letters::address_in_use(server, new),
                None => {
                    let about = About { email: new.clone() };
                    let ticket =
                        tickets::issue(server, &on, CHANGE, Some(account.id()), &about).await?;
                    letters::new_address(server, new, &ticket)
                }
            };
            mail::post(server, &on, &letter).await?;
            let about = About { email: old.clone() };
            let undo = tickets::issue(server, &on, UNDO, Some(account.id()), &about).await?;
            mail::post(
                server,
                &on,
                &letters::address_asked(server, account, new, &undo)?,
            )
            .await?;
            events::record(
                server,
                &on,
                origin,
                account,
                "email.change-asked",
                None,
                None,
            )
            .await
        })
        .await
}

/// Which link it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The one to the new address.
    Confirm,
    /// The one to the old address.
    Undo,
}

impl Link {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Confirm => CHANGE,
            Self::Undo => UNDO,
        }
    }
}

/// The address that a link sets, if it is still good.
///
/// # Errors
/// The database's.
pub async fn address(
    server: &Server,
    link: Link,
    ticket: &Secret,
) -> Result<Option<Email>, Failure> {
    let on = server.database.read();
    let found = tickets::look::<About>(server, on, link.purpose(), ticket.expose()).await?;
    Ok(found.map(|found| found.about.email))
}

/// Does what a link is for. Undoing also ends all sessions: somebody else had one.
///
/// # Errors
/// When the link is not good any more, or another account has the address by now; the database's.
pub async fn finish(
    server: &Server,
    link: Link,
    ticket: &Secret,
    origin: &Origin,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            let found = tickets::take::<About>(server, &on, link.purpose(), ticket.expose()).await?;
            let found = found.ok_or_else(over)?;
            let id: AccountId = found.account.ok_or_else(over)?;
            let account = accounts::find(&on, id).await?.ok_or_else(over)?;
            let email = found.about.email;
            tickets::void(&on, CHANGE, id).await?;
            // A link to choose a password that went to the other address is not good any more.
            tickets::void(&on, RESET, id).await?;
            if letters::address(&account)? != email {
                if accounts::find_by_email(&on, &email).await?.is_some() {
                    return Err(taken());
                }
                let set = accounts::set_email(&on, &account, &email, now).await;
                set.map_err(|error| if is_duplicate(&error) { taken() } else { error.into() })?;
            }
            match link {
                Link::Confirm => {
                    let about = About { email: letters::address(&account)? };
                    let undo = tickets::issue(server, &on, UNDO, Some(id), &about).await?;
                    let letter = letters::address_changed(server, &account, &email, origin, &undo)?;
                    mail::post(server, &on, &letter).await?;
                    events::record(server, &on, origin, &account, "email.changed", None, None).await
                }
                Link::Undo => {
                    sessions::revoke_others(&on, id, None, "a change of address was undone", now).await?;
                    let kept = accounts::Model { email: email.as_str().to_owned(), ..account };
                    let what = format!("Its address is {email} as before, and everybody is signed out. Choose a new password now.");
                    events::record_and_tell(server, &on, origin, &kept, "email.change-undone", &what).await
                }
            }
        })
        .await
}
