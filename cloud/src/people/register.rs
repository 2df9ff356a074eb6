//! Making an account: an address first, and a password only after mail has shown that it is theirs.
//!
//! Who asks learns nothing of whether an address has an account: the page says the same, and a letter goes
//! out in either case. And nobody can lie in wait with a password of theirs in an account that the owner
//! of an address makes later.

use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, Email, Line, ProblemCode};

use super::destination::Destination;
use super::enter::{self, From, Step};
use super::throttle;
use super::tickets::{self, Purpose, Ticket, Whose};
use super::{events, letters, reset};
use crate::database::is_duplicate;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::server::Server;
use crate::tables::accounts;

const VERIFY: Purpose = Purpose::new("verify", 3600);

#[derive(Debug, Serialize, Deserialize)]
struct About {
    email: Email,
    /// Where the person goes on, once they have their account.
    #[serde(default)]
    destination: Option<Destination>,
}

/// Goes on unless too many letters were asked for.
pub(super) async fn may_write(server: &Server, to: &Email, origin: &Origin) -> Result<(), Failure> {
    let mut limits = vec![(throttle::key(&["letters to", &to.key()]), throttle::LETTERS)];
    limits.extend(throttle::by_place(
        "letters",
        &origin.address,
        throttle::LETTERS_OF_ADDRESS,
    ));
    throttle::take(server, &limits).await
}

/// Sends a letter to an address, with which its person makes an account, or hears that they have one.
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
                    let ticket = reset::ticket(server, &on, &account, Some(destination)).await?;
                    letters::has_account(server, &letters::address(&account)?, &ticket)
                }
                None => {
                    let about = About {
                        email: email.clone(),
                        destination: Some(destination.clone()),
                    };
                    let ticket =
                        tickets::issue(server, &on, VERIFY, Whose::Nobodys, &about).await?;
                    letters::register(server, email, &ticket)
                }
            };
            mail::post(server, &on, &letter).await
        })
        .await
}

/// Whose address a letter's link is of, if it is still good.
///
/// # Errors
/// The database's.
pub async fn address(server: &Server, ticket: &Secret) -> Result<Option<Email>, Failure> {
    let on = server.database.read();
    let found = tickets::look::<About>(server, on, VERIFY, ticket.expose()).await?;
    Ok(found.map(|found| found.about.email))
}

pub(super) fn taken() -> Failure {
    let detail = "There is an account with this address already. Sign in to it.";
    Failure::new(ProblemCode::Conflict, detail)
}

/// Makes the account of who opened a letter's link, and lets them in; and where they go on.
///
/// # Errors
/// When the link is not good any more, the password is not taken, or the database's.
pub async fn finish(
    server: &Server,
    ticket: &Secret,
    name: &Line<100>,
    password: &Secret,
    from: From<'_>,
) -> Result<(Step, String), Failure> {
    let Some(email) = address(server, ticket).await? else {
        return Err(over());
    };
    server
        .people
        .passwords
        .check(password, &[email.as_str(), name.as_str()])?;
    let _place = server.people.place(from.origin)?;
    if is_over(server, &email, ticket).await? {
        return Err(taken());
    }
    let hash = server
        .people
        .passwords
        .hash(&*server.chance, password)
        .await?;
    let hash = &hash;
    server
        .database
        .write(|on| async move {
            let found: Option<Ticket<About>> =
                tickets::take(server, &on, VERIFY, ticket.expose()).await?;
            let About { email, destination } = found.ok_or_else(over)?.about;
            let account = make(server, &email, name, Some(hash.clone()))?;
            if accounts::find_by_email(&on, &email).await?.is_some() {
                return Err(taken());
            }
            insert(&on, &account).await?;
            events::record(
                server,
                &on,
                from.origin,
                &account,
                "account.created",
                None,
                None,
            )
            .await?;
            let step = enter::enter(server, &on, &account, from, "registration").await?;
            let next = Destination::of(&on, destination, from.mark, &account.email_key).await?;
            Ok((step, next))
        })
        .await
}

/// Whether an address has an account by now. Then its link is used up, before any work is done for it: it
/// would be good for nothing but work.
async fn is_over(server: &Server, email: &Email, ticket: &Secret) -> Result<bool, Failure> {
    server
        .database
        .write(|on| async move {
            let is_over = accounts::find_by_email(&on, email).await?.is_some();
            if is_over {
                tickets::take::<About>(server, &on, VERIFY, ticket.expose()).await?;
            }
            Ok(is_over)
        })
        .await
}

/// A new account of somebody whose address is known to reach them.
pub(crate) fn make(
    server: &Server,
    email: &Email,
    name: &Line<100>,
    password_hash: Option<String>,
) -> Result<accounts::Model, Failure> {
    let now = server.clock.now();
    Ok(accounts::Model {
        id: AccountId(server.chance.id(now)?).0,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        email_verified_at: Some(now),
        name: name.as_str().to_owned(),
        password_hash,
        is_operator: false,
        suspended_at: None,
        revision: 1,
        browser_marks: 1,
        created_at: now,
    })
}

pub(crate) async fn insert(
    on: &impl sea_orm::ConnectionTrait,
    account: &accounts::Model,
) -> Result<(), Failure> {
    accounts::insert(on, account.clone())
        .await
        .map_err(|error| {
            if is_duplicate(&error) {
                taken()
            } else {
                error.into()
            }
        })
}

/// A link that was used, is too old, or never was.
pub(super) fn over() -> Failure {
    let detail =
        "This link is not good any more: it was used, or it is too old. Ask for a new one.";
    Failure::new(ProblemCode::Invalid, detail)
}
