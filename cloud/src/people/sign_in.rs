//! Signing in with a password.

use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::enter::{self, From, Step};
use super::throttle::{self, Limit};
use super::{device, events};
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
}

/// The network that an address is of: one person has a whole /64 of IPv6.
pub(crate) fn network(address: &str) -> String {
    match address.parse() {
        Ok(std::net::IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

fn limits(
    server: &Server,
    account: Option<&accounts::Model>,
    attempt: &Attempt<'_>,
    address: &str,
) -> Vec<(String, Limit)> {
    let who = attempt.email.trim().to_lowercase();
    let known = account.and_then(|account| device::known(server, account, attempt.device?));
    if let Some(browser) = known {
        return vec![(
            format!("sign-in {who} with {browser}"),
            throttle::ONE_ACCOUNT_ONE_PLACE,
        )];
    }
    let place = network(address);
    vec![
        (
            format!("sign-in {who} from {place}"),
            throttle::ONE_ACCOUNT_ONE_PLACE,
        ),
        (format!("sign-in from {place}"), throttle::ONE_ADDRESS),
        (format!("sign-in {who}"), throttle::ONE_ACCOUNT),
    ]
}

/// Signs somebody in; none when address and password do not belong together, of which nothing more is said.
///
/// # Errors
/// When it was tried too often, when the account is suspended, or the database's.
pub async fn with_password(
    server: &Server,
    attempt: &Attempt<'_>,
    from: From<'_>,
) -> Result<Option<Step>, Failure> {
    let account = match attempt.email.parse::<Email>() {
        Ok(email) => accounts::find_by_email(server.database.read(), &email).await?,
        Err(_) => None,
    };
    let limits = limits(server, account.as_ref(), attempt, &from.origin.address);
    // Counted before, so that many tries at once do not slip through; given back to who was right.
    throttle::take(server, &limits).await?;
    let kept = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let verdict = server.people.passwords.verify(attempt.password, kept).await;
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(failure) => {
            throttle::give_back(server, &limits).await?;
            return Err(failure);
        }
    };
    let Some(account) = account.filter(|_| verdict.is_right) else {
        return Ok(None);
    };
    throttle::give_back(server, &limits).await?;
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
    server
        .database
        .write(|on| async move {
            // Hashing takes its time, in which the password may have been changed.
            let now = accounts::find(&on, account.id()).await?;
            let now = now.filter(|now| now.password_hash == account.password_hash);
            let Some(account) = &now else {
                return Ok(None);
            };
            if let Some(hash) = fresh {
                accounts::set_password(&on, account.id(), hash).await?;
            }
            let step = enter::after_first(server, &on, account, from, "password").await?;
            Ok(Some(step))
        })
        .await
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
