//! Codes that a browser carries back to a program, for which it gets tokens: good once, for a minute, for
//! the program that asked and at the address that it named.

use serde::{Deserialize, Serialize};
use slipway_contract::Secret;

use super::LetIn;
use super::asked::Asked;
use super::begun;
use super::pkce::Challenge;
use super::program::Program;
use super::redirect::Loopback;
use super::refusal::{Code, Refusal, Refused};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::people::tickets::{self, Purpose, Whose};
use crate::server::Server;
use crate::tokens::refresh::{self, SignIn, Tokens};

const CODE: Purpose = Purpose::new("authorization code", 60);

/// What somebody agreed to.
#[derive(Debug, Serialize, Deserialize)]
struct Agreed {
    program: Program,
    redirect: Loopback,
    challenge: Challenge,
    device: String,
    /// In milliseconds since 1970.
    signed_in_at: i64,
}

/// What a program shows for its tokens.
#[derive(Debug)]
pub struct Shown<'a> {
    /// Which program it is.
    pub program: Program,
    /// The code.
    pub code: &'a Secret,
    /// Where it got the code.
    pub redirect: &'a str,
    /// What its challenge was made of.
    pub verifier: &'a Secret,
}

/// Gives a code to a program that somebody lets in.
///
/// # Errors
/// When they are signed out by now; the database's.
pub async fn allow(server: &Server, asked: &Asked, by: LetIn) -> Result<Secret, Failure> {
    let device = asked.device.as_ref().map_or("", |name| name.as_str());
    let agreed = &Agreed {
        program: asked.back.program,
        redirect: asked.back.redirect,
        challenge: asked.challenge,
        device: device.to_owned(),
        signed_in_at: by.signed_in_at.0,
    };
    let whose = Whose::BegunIn(by.account, by.session);
    server
        .database
        .write(|on| async move { tickets::issue(server, &on, CODE, whose, agreed).await })
        .await
}

/// Gives tokens for a code. One that is shown with anything wrong is void from then on; one that is shown
/// again has been copied, and what it gave ends.
///
/// # Errors
/// When it is not good; the database's.
pub async fn redeem(
    server: &Server,
    shown: &Shown<'_>,
    origin: &Origin,
) -> Result<Tokens, Refused> {
    let granted = server
        .database
        .write(|on| async move {
            let ticket = tickets::take::<Agreed>(server, &on, CODE, shown.code.expose()).await?;
            let Some(ticket) = ticket else {
                refresh::end_begun_by(server, &on, shown.code, origin).await?;
                return Ok(None);
            };
            let (Some(account), agreed) = (ticket.account, ticket.about) else {
                return Ok(None);
            };
            let is_theirs = agreed.program == shown.program
                && agreed.redirect.to_string() == shown.redirect
                && agreed.challenge.is_met_by(shown.verifier);
            if !is_theirs {
                return Ok(None);
            }
            let sign_in = SignIn {
                account,
                client: agreed.program.id(),
                device: &agreed.device,
                address: &origin.address,
                signed_in_at: Moment(agreed.signed_in_at),
            };
            begun::begin(server, &on, &sign_in, shown.code, "code", origin).await
        })
        .await?;
    match granted {
        Some(granted) => Ok(granted.signed(server, shown.program.id()).await?),
        None => Err(Refusal::new(
            Code::InvalidGrant,
            "The code is not good: it was used, its time is over, or it was given for something else.",
        )
        .into()),
    }
}
