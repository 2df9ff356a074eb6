//! Second factors: an authenticator app, passkeys, and codes for when both are lost.

use sea_orm::ConnectionTrait;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, ProblemCode};

use super::enter::{self, From, HALF, Half, Step};
use super::failed::Try;
use super::totp::Tried;
use super::{events, passkeys, recovery, throttle, tickets, totp};
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::{self, accounts, recovery_codes, totp_secrets};

/// What an account asks for after the first factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    /// A code of an authenticator app.
    pub totp: bool,
    /// A passkey.
    pub passkeys: bool,
}

impl Factors {
    /// Whether it asks for any.
    #[must_use]
    pub fn any(self) -> bool {
        self.totp || self.passkeys
    }
}

/// What an account asks for.
///
/// # Errors
/// The database's.
pub async fn of(on: &impl ConnectionTrait, account: AccountId) -> Result<Factors, Failure> {
    let totp = totp_secrets::find(on, account).await?;
    Ok(Factors {
        totp: totp.is_some_and(|row| row.confirmed_at.is_some()),
        passkeys: passkeys::has_any(on, account).await?,
    })
}

/// Whether somebody must set one up before anything else: this server asks everybody for one, and they have
/// none (ASVS 5, 6.3.3). Pages and access tokens ask this before they let anybody through.
///
/// # Errors
/// The database's.
pub async fn is_missing(server: &Server, account: AccountId) -> Result<bool, Failure> {
    let is_required = server.config.people.second_factor_required;
    Ok(is_required && !of(server.database.read(), account).await?.any())
}

/// What somebody shows as a second factor.
#[derive(Debug)]
pub enum Proof<'a> {
    /// A code of their app.
    Code(&'a str),
    /// One of their recovery codes.
    Recovery(&'a str),
    /// What their passkey answered, and the ticket of the question.
    Passkey {
        /// The answer, as the browser gave it.
        answer: &'a str,
        /// The question's ticket.
        question: &'a str,
    },
}

impl Proof<'_> {
    /// As the audit log calls it.
    fn name(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::Recovery(_) => "recovery code",
            Self::Passkey { .. } => "passkey",
        }
    }
}

/// Whose half sign-in it is, and what they may show.
///
/// # Errors
/// When it is over or began in another browser; the database's.
pub async fn half(
    server: &Server,
    ticket: &Secret,
    mark: [u8; 32],
) -> Result<(AccountId, Factors), Failure> {
    let on = server.database.read();
    let found = tickets::look::<Half>(server, on, HALF, ticket.expose()).await?;
    let found = found.filter(|found| found.about.mark == mark);
    let account = found.and_then(|found| found.account).ok_or_else(over)?;
    Ok((account, of(on, account).await?))
}

fn over() -> Failure {
    Failure::new(
        ProblemCode::Invalid,
        "This sign-in took too long, or is done. Begin again.",
    )
}

/// Ends a half sign-in; none when what was shown is not right.
///
/// # Errors
/// When its time is over; the database's.
pub async fn finish(
    server: &Server,
    ticket: &Secret,
    proof: &Proof<'_>,
    from: From<'_>,
) -> Result<Option<Step>, Failure> {
    let now = server.clock.now();
    let (id, _) = half(server, ticket, from.mark).await?;
    server
        .database
        .write(|on| async move {
            let found = tickets::look::<Half>(server, &on, HALF, ticket.expose()).await?;
            let by = found.ok_or_else(over)?.about.by;
            let account = accounts::find(&on, id).await?.ok_or_else(over)?;
            let with = proof.name();
            let tried = Try::strangers(with, Some(id), from.origin);
            let right = match proof {
                Proof::Code(code) => match totp::use_code(server, &on, id, code).await? {
                    Tried::Right => true,
                    Tried::Wrong => false,
                    Tried::TooSoon(full) => {
                        tried.held_back(server, &on, &full).await?;
                        return Ok(Some(Step::Shut(full.later(now))));
                    }
                },
                Proof::Recovery(code) => {
                    let used = recovery::use_code(&on, id, code, now).await?;
                    if used {
                        let what = "One of your recovery codes was used to sign in.";
                        events::record_and_tell(
                            server,
                            &on,
                            from.origin,
                            &account,
                            "recovery-code.used",
                            what,
                        )
                        .await?;
                    }
                    used
                }
                Proof::Passkey { answer, question } => {
                    passkeys::use_second(server, &on, id, answer, question, from.mark).await?
                }
            };
            if !right {
                tried.second(server, &on).await?;
                return Ok(None);
            }
            tickets::take::<Half>(server, &on, HALF, ticket.expose())
                .await?
                .ok_or_else(over)?;
            enter::enter(server, &on, &account, from, &format!("{by}, {with}"))
                .await
                .map(Some)
        })
        .await
}

/// Takes every second factor of an account away, and what stands in for one.
///
/// # Errors
/// The database's.
pub(crate) async fn take_away(
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), Failure> {
    totp_secrets::delete(on, account).await?;
    tables::passkeys::delete_of(on, account).await?;
    recovery_codes::delete_of(on, account).await?;
    tickets::void(on, HALF, account).await?;
    throttle::forget_codes(on, account).await
}
