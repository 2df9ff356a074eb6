//! Signing in with a password.

use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::destination::Destination;
use super::enter::{self, From, Step};
use super::failed::{self, Try};
use super::throttle::{self, Full, Limit};
use super::tickets::{self, Purpose, Whose};
use super::{device, end, events, stranger};
use crate::database::Transaction;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::accounts;

/// A password that is being checked, which takes its time: what ends all that goes on for the account meanwhile ends
/// this, too. 10 minutes.
const CHECKED: Purpose = Purpose::new("a password that is checked", 600);

/// What somebody gives to sign in.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// Their address, as they wrote it.
    pub email: &'a str,
    /// Their password.
    pub password: &'a Secret,
    /// What the browser carries of an earlier sign-in.
    pub device: Option<&'a str>,
    /// Where they go on, in the same server.
    pub next: &'a str,
}

/// What became of an attempt.
#[derive(Debug)]
pub enum Outcome {
    /// Address and password belong together.
    Right(Step),
    /// They do not, of which nothing more is said.
    Wrong,
    /// They were not looked at, as too many strangers tried. A letter leads on.
    Letter,
}

/// What an attempt counts for.
struct Limits {
    /// Where these are used up, it must wait: those of the account from here,
    here: Vec<(String, Limit)>,
    /// and those of where it comes from, which others may have used up.
    place: Vec<(String, Limit)>,
    /// Where this is used up, it needs a letter.
    everywhere: Vec<(String, Limit)>,
}

/// An attempt that was counted.
struct Begun {
    account: Option<accounts::Model>,
    counted: Vec<(String, Limit)>,
    /// For which count it must wait, if for any.
    waits: Option<Full>,
    /// With which it goes on; none where it must wait, or needs a letter.
    ticket: Option<Secret>,
}

fn limits(
    server: &Server,
    account: Option<&accounts::Model>,
    email: Option<&Email>,
    attempt: &Attempt<'_>,
    address: &str,
) -> Limits {
    let from = "sign-in from";
    let Some(email) = email else {
        // It is nobody's, and nothing is counted under what was typed.
        return Limits {
            here: Vec::new(),
            place: throttle::by_place(from, address, throttle::ONE_ADDRESS),
            everywhere: Vec::new(),
        };
    };
    let who = email.key();
    let known = account.and_then(|account| device::known(server, account, attempt.device?));
    if let Some(browser) = known {
        let key = throttle::key(&["sign-in of", &who, browser]);
        return Limits {
            here: vec![(key, throttle::ONE_ACCOUNT_ONE_PLACE)],
            place: Vec::new(),
            everywhere: Vec::new(),
        };
    }
    let sign_in = throttle::key(&["sign-in of", &who]);
    Limits {
        here: throttle::by_place(&sign_in, address, throttle::ONE_ACCOUNT_ONE_PLACE),
        place: throttle::by_place(from, address, throttle::ONE_ADDRESS),
        everywhere: vec![(sign_in, throttle::ONE_ACCOUNT)],
    }
}

/// Counts an attempt before its password is looked at, so that many at once do not slip through.
async fn begin(
    server: &Server,
    on: &Transaction,
    attempt: &Attempt<'_>,
    email: Option<&Email>,
    origin: &Origin,
) -> Result<Begun, Failure> {
    let account = match email {
        Some(email) => accounts::find_by_email(on, email).await?,
        None => None,
    };
    let whose = account.as_ref().map(accounts::Model::id);
    let tried = Try::strangers("password", whose, origin);
    let Limits {
        here,
        place,
        everywhere,
    } = limits(server, account.as_ref(), email, attempt, &origin.address);
    let at_once = [here, place.clone()].concat();
    let waits = throttle::count(on, &at_once, server.clock.now()).await?;
    if let Some(full) = &waits {
        // What was used up at whatever accounts is not told of this one.
        let is_of_place = place.iter().any(|(key, _)| *key == full.key);
        let whose = whose.filter(|_| !is_of_place);
        let tried = Try::strangers("password", whose, origin);
        tried.held_back(server, on, full).await?;
    }
    let is_looked_at = waits.is_none()
        && failed::count(server, on, &everywhere, tried)
            .await?
            .is_none();
    let ticket = if is_looked_at {
        let whose = whose.map_or(Whose::Nobodys, Whose::Of);
        Some(tickets::issue(server, on, CHECKED, whose, &()).await?)
    } else {
        None
    };
    Ok(Begun {
        account,
        counted: [at_once, everywhere].concat(),
        waits,
        ticket,
    })
}

/// Signs somebody in.
///
/// # Errors
/// When it was tried too often, when the account is suspended, or the database's.
pub async fn with_password(
    server: &Server,
    attempt: &Attempt<'_>,
    from: From<'_>,
) -> Result<Outcome, Failure> {
    let email = &attempt.email.parse::<Email>().ok();
    let _place = server.people.place(from.origin)?;
    let begun = server
        .database
        .write(|on| async move { begin(server, &on, attempt, email.as_ref(), from.origin).await })
        .await?;
    let (account, counted) = (begun.account, begun.counted);
    if let Some(full) = begun.waits {
        return Err(full.later(server.clock.now()));
    }
    let Some(ticket) = &begun.ticket else {
        if let Some(email) = email {
            let destination = Destination::new(attempt.next, from.mark);
            stranger::write(server, account.as_ref(), email, destination).await?;
        }
        return Ok(Outcome::Letter);
    };
    let whose = account.as_ref().map(accounts::Model::id);
    let tried = Try::strangers("password", whose, from.origin);
    let passwords = &server.people.passwords;
    let kept = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verdict = match passwords.verify(attempt.password, kept).await {
        Ok(verdict) => verdict,
        Err(failure) => {
            throttle::give_back(server, &counted).await?;
            return Err(failure);
        }
    };
    let Some(account) = account.filter(|_| verdict.is_right) else {
        server
            .database
            .write(|on| async move {
                tickets::take::<()>(server, &on, CHECKED, ticket.expose()).await?;
                tried.sign_in(server, &on, "the password was wrong").await
            })
            .await?;
        return Ok(Outcome::Wrong);
    };
    throttle::give_back(server, &counted).await?;
    let fresh = match verdict.is_old {
        true => Some(passwords.hash(&*server.chance, attempt.password).await?),
        false => None,
    };
    let (id, fresh) = (account.id(), &fresh);
    let step = server
        .database
        .write(|on| async move {
            // By now all may have ended, or the password been changed, which ends all, too.
            let begun = tickets::take::<()>(server, &on, CHECKED, ticket.expose()).await?;
            let Some(account) = &accounts::find(&on, id).await? else {
                return Ok(None);
            };
            if begun.is_none() {
                let because = "all sessions ended meanwhile";
                tried.sign_in(server, &on, because).await?;
                return Ok(None);
            }
            if let Some(hash) = fresh {
                accounts::set_password(&on, id, hash).await?;
            }
            let step = enter::after_first(server, &on, account, from, "password").await?;
            Ok(Some(step))
        })
        .await?;
    Ok(step.map_or(Outcome::Wrong, Outcome::Right))
}

/// Signs somebody out of the browser that they use.
///
/// # Errors
/// The database's.
pub async fn out(
    server: &Server,
    account: &accounts::Model,
    from: From<'_>,
) -> Result<(), Failure> {
    let Some((id, session)) = from.before else {
        return Ok(());
    };
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            end::one(&on, id, session, "signed out", now).await?;
            let target = Some(session.to_string());
            events::record(
                server,
                &on,
                from.origin,
                account,
                "session.ended",
                target,
                None,
            )
            .await
        })
        .await
}
