//! Another address: it counts once mail to it was answered by who is signed in to the account, and who reads
//! the old one can stop it or take it back for a week. That is final: an address that was changed or taken
//! back stays for a week, so that nobody who got in moves it on, and from there back to themselves.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, Email, ProblemCode, SessionId};

use super::register::{may_write, over, taken};
use super::reset::{self, RESET};
use super::stranger::KNOW;
use super::tickets::{self, Purpose, Ticket, Whose};
use super::{end, events, letters, taken_back};
use crate::clock::Moment;
use crate::database::is_duplicate;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::accounts;

const WEEK: i64 = 7 * 24 * 3600;
const CHANGE: Purpose = Purpose::new("change of address", 3600);
pub(super) const UNDO: Purpose = Purpose::new("undoing a change of address", WEEK);
/// Good for nothing: as long as there is one, the address is not changed. It outlasts the undo of before.
pub(super) const STAYS: Purpose = Purpose::new("an address that stays", WEEK);

#[derive(Debug, Serialize, Deserialize)]
struct About {
    /// The address that the ticket sets.
    email: Email,
}

fn stays() -> Failure {
    let detail = "The address was changed or taken back less than a week ago, and stays until a week is over. The letter to the address before takes a change back.";
    Failure::field("email", detail)
}

/// Asks for another address, in a session of the account.
///
/// # Errors
/// When the address has to stay for now, or too many letters were asked for; the database's.
pub async fn begin(
    server: &Server,
    account: &accounts::Model,
    session: SessionId,
    new: &Email,
    origin: &Origin,
) -> Result<(), Failure> {
    may_write(server, new, origin).await?;
    let old = letters::address(account)?;
    if *new == old {
        return Err(Failure::field("email", "It is the address that you have."));
    }
    let (id, old) = (account.id(), &old);
    server
        .database
        .write(|on| async move {
            if tickets::is_open(server, &on, STAYS, id).await? {
                return Err(stays());
            }
            tickets::void(&on, CHANGE, id).await?;
            // Who asks does not learn whether somebody else has it.
            let letter = match accounts::find_by_email(&on, new).await? {
                Some(_) => letters::address_in_use(server, new),
                None => {
                    let about = About { email: new.clone() };
                    let whose = Whose::BegunIn(id, session);
                    let ticket = tickets::issue(server, &on, CHANGE, whose, &about).await?;
                    letters::new_address(server, new, &ticket)
                }
            };
            mail::post(server, &on, &letter).await?;
            let about = About { email: old.clone() };
            let undo = tickets::issue(server, &on, UNDO, Whose::Of(id), &about).await?;
            let letter = letters::address_asked(server, account, new, &undo)?;
            mail::post(server, &on, &letter).await?;
            let action = "email.change-asked";
            events::record(server, &on, origin, account, action, None, None).await
        })
        .await
}

/// A link of a letter that is still good.
#[derive(Debug)]
pub struct Link {
    /// Whose account it is of.
    pub account: AccountId,
    /// The address that it sets.
    pub email: Email,
}

async fn look(server: &Server, purpose: Purpose, ticket: &Secret) -> Result<Option<Link>, Failure> {
    let on = server.database.read();
    let found = tickets::look::<About>(server, on, purpose, ticket.expose()).await?;
    Ok(found.and_then(|Ticket { account, about, .. }| {
        let (account, email) = (account?, about.email);
        Some(Link { account, email })
    }))
}

/// What the letter to the new address leads to.
///
/// # Errors
/// The database's.
pub async fn asked(server: &Server, ticket: &Secret) -> Result<Option<Link>, Failure> {
    look(server, CHANGE, ticket).await
}

/// What the letter to the old address leads to.
///
/// # Errors
/// The database's.
pub async fn undoable(server: &Server, ticket: &Secret) -> Result<Option<Link>, Failure> {
    look(server, UNDO, ticket).await
}

/// A link that was asked for in another account than the one that is signed in.
#[must_use]
pub fn anothers() -> Failure {
    let detail = "This link belongs to another account than the one that you are signed in to. Sign in to the account that the address is for, and open the link again.";
    Failure::new(ProblemCode::Forbidden, detail)
}

/// Uses a link; the account as it was before, and its address from now on. What was mailed to the address
/// that it had is not good any more.
async fn set(
    server: &Server,
    on: &impl ConnectionTrait,
    found: Ticket<About>,
    now: Moment,
) -> Result<(accounts::Model, Email), Failure> {
    let id = found.account.ok_or_else(over)?;
    let account = accounts::find(on, id).await?.ok_or_else(over)?;
    let email = found.about.email;
    tickets::void(on, CHANGE, id).await?;
    tickets::void(on, RESET, id).await?;
    tickets::void(on, KNOW, id).await?;
    if letters::address(&account)? != email {
        if accounts::find_by_email(on, &email).await?.is_some() {
            return Err(taken());
        }
        let set = accounts::set_email(on, &account, &email, now).await;
        set.map_err(|error| {
            if is_duplicate(&error) {
                taken()
            } else {
                error.into()
            }
        })?;
    }
    tickets::void(on, STAYS, id).await?;
    tickets::issue(server, on, STAYS, Whose::Of(id), &()).await?;
    Ok((account, email))
}

/// Sets the address that somebody asked for, who is signed in to this account.
///
/// # Errors
/// When the link is not good any more, is of another account, or another account has the address by now;
/// the database's.
pub async fn confirm(
    server: &Server,
    signed_in: AccountId,
    ticket: &Secret,
    origin: &Origin,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            let found = tickets::take::<About>(server, &on, CHANGE, ticket.expose()).await?;
            let found = found.ok_or_else(over)?;
            if found.account != Some(signed_in) {
                return Err(anothers());
            }
            let (before, email) = set(server, &on, found, now).await?;
            events::record(server, &on, origin, &before, "email.changed", None, None).await?;
            let after = accounts::Model {
                email: email.as_str().to_owned(),
                ..before.clone()
            };
            let what = format!(
                "The address of your account was {} and is {email} from now on.",
                before.email
            );
            let old = letters::address(&before)?;
            if old != email {
                let about = About { email: old };
                let undo =
                    tickets::issue(server, &on, UNDO, Whose::Of(before.id()), &about).await?;
                let letter = letters::address_changed(server, &before, origin, &what, &undo)?;
                mail::post(server, &on, &letter).await?;
            }
            events::tell(server, &on, origin, &after, &what).await
        })
        .await
}

/// Stops a change of address or takes it back, for good: all that goes on for the account ends, and so does
/// its password, which whoever asked for the change may know. Gives a ticket to choose a new one.
///
/// # Errors
/// When the link is not good any more, or another account has the address by now; the database's.
pub async fn undo(server: &Server, ticket: &Secret, origin: &Origin) -> Result<Secret, Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            let found = tickets::take::<About>(server, &on, UNDO, ticket.expose()).await?;
            let found = found.ok_or_else(over)?;
            let issued_at = found.issued_at;
            let (before, email) = set(server, &on, found, now).await?;
            let id = before.id();
            // Whichever letter it is that the person opens: what counts is when a change was first asked for.
            let first = tickets::first_issued(server, &on, UNDO, id).await?;
            let asked_at = first.map_or(issued_at, |first| first.min(issued_at));
            let taken = taken_back::since(server, &on, &before, asked_at, origin).await?;
            end::all(&on, id, None, "a change of address was undone", now).await?;
            tickets::void(&on, UNDO, id).await?;
            accounts::forget_password(&on, id).await?;
            accounts::forget_browsers(&on, id).await?;
            let taken = match &*taken.join(", ") {
                "" => String::new(),
                taken => format!(" Taken away is what was added to it since the day before the change was asked for: {taken}. What of it was yours you can add again."),
            };
            let what = format!("The address of your account stays {email}, or is it again. Everybody is signed out, and the password is void: choose a new one.{taken}");
            events::record(server, &on, origin, &before, "email.change-undone", None, None).await?;
            tell_both(server, &on, origin, &before, &email, &what).await?;
            reset::ticket(server, &on, &before, None).await
        })
        .await
}

/// Writes to the address from now on, and to the one before if it is another.
async fn tell_both(
    server: &Server,
    on: &impl ConnectionTrait,
    origin: &Origin,
    before: &accounts::Model,
    email: &Email,
    what: &str,
) -> Result<(), Failure> {
    let after = accounts::Model {
        email: email.as_str().to_owned(),
        ..before.clone()
    };
    if before.email != after.email {
        events::tell(server, on, origin, before, what).await?;
    }
    events::tell(server, on, origin, &after, what).await
}
