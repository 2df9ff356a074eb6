//! Signing in with a password.

use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::enter::{self, From, Step};
use super::failed::{self, Try};
use super::throttle::{self, Limit};
use super::{device, events, stranger};
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::{accounts, sessions};

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
    /// Where these are used up, it must wait.
    here: Vec<(String, Limit)>,
    /// Where this is used up, it needs a letter.
    everywhere: Vec<(String, Limit)>,
}

fn limits(
    server: &Server,
    account: Option<&accounts::Model>,
    attempt: &Attempt<'_>,
    address: &str,
) -> Limits {
    let who = attempt.email.trim().to_lowercase();
    let known = account.and_then(|account| device::known(server, account, attempt.device?));
    if let Some(browser) = known {
        let key = format!("sign-in {who} with {browser}");
        return Limits {
            here: vec![(key, throttle::ONE_ACCOUNT_ONE_PLACE)],
            everywhere: Vec::new(),
        };
    }
    let sign_in = format!("sign-in {who}");
    let mut here = throttle::by_place(&sign_in, address, throttle::ONE_ACCOUNT_ONE_PLACE);
    here.extend(throttle::by_place(
        "sign-in",
        address,
        throttle::ONE_ADDRESS,
    ));
    Limits {
        here,
        everywhere: vec![(sign_in, throttle::ONE_ACCOUNT)],
    }
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
    let email = attempt.email.parse::<Email>().ok();
    let account = match &email {
        Some(email) => accounts::find_by_email(server.database.read(), email).await?,
        None => None,
    };
    let _place = server.people.place(from.origin)?;
    let Limits { here, everywhere } =
        &limits(server, account.as_ref(), attempt, &from.origin.address);
    // Counted before, so that many tries at once do not slip through; given back to who was right.
    let whose = account.as_ref().map(accounts::Model::id);
    let tried = Try::strangers("password", whose, from.origin);
    let (stays_here, stays_out) = server
        .database
        .write(|on| async move {
            let full = failed::count(server, &on, here, tried).await?;
            if full.is_some() {
                return Ok((full, None));
            }
            Ok((None, failed::count(server, &on, everywhere, tried).await?))
        })
        .await?;
    if let Some(full) = stays_here {
        return Err(full.later(server.clock.now()));
    }
    if stays_out.is_some() {
        if let Some(email) = &email {
            stranger::write(server, account.as_ref(), email, attempt.next).await?;
        }
        return Ok(Outcome::Letter);
    }
    let counted = &[&here[..], everywhere].concat();
    let kept = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verdict = server.people.passwords.verify(attempt.password, kept).await;
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(failure) => {
            throttle::give_back(server, counted).await?;
            return Err(failure);
        }
    };
    let Some(account) = account.filter(|_| verdict.is_right) else {
        server
            .database
            .write(|on| async move { tried.sign_in(server, &on, "the password was wrong").await })
            .await?;
        return Ok(Outcome::Wrong);
    };
    throttle::give_back(server, counted).await?;
    let fresh = match verdict.is_old {
        true => Some(
            server
                .people
                .passwords
                .hash(&*server.chance, attempt.password)
                .await?,
        ),
        false => None,
    };
    let (account, fresh) = (&account, &fresh);
    let step = server
        .database
        .write(|on| async move {
            // Hashing takes its time, in which the password may have been changed.
            let now = accounts::find(&on, account.id()).await?;
            let now = now.filter(|now| now.password_hash == account.password_hash);
            let Some(account) = &now else {
                let because = "the password was changed meanwhile";
                tried.sign_in(server, &on, because).await?;
                return Ok(None);
            };
            if let Some(hash) = fresh {
                accounts::set_password(&on, account.id(), hash).await?;
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
            sessions::revoke(&on, id, session, "signed out", now).await?;
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
