//! What is mailed to people, in plain text.

use slipway_contract::Secret;
use slipway_contract::cloud::{Email, session};

use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail::{self, Letter, Subject};
use crate::server::Server;
use crate::tables::accounts;

fn link(server: &Server, path: &str, ticket: &Secret) -> String {
    format!(
        "{}{path}?ticket={}",
        server.config.public_url,
        ticket.expose()
    )
}

fn letter(server: &Server, to: &Email, subject: &str, text: &str) -> Letter {
    Letter {
        to: to.clone(),
        subject: Subject::new(subject),
        text: format!("{text}\n\n-- \nSlipway, {}\n", server.config.public_url),
    }
}

pub(super) fn address(account: &accounts::Model) -> Result<Email, Failure> {
    let broken = |error| Failure::Internal(format!("account {}: {error}", account.id));
    account.email.parse().map_err(broken)
}

pub(super) fn register(server: &Server, to: &Email, ticket: &Secret) -> Letter {
    let link = link(server, "/verify", ticket);
    let text = format!(
        "Somebody, most likely you, wants an account at Slipway with this address.\n\nTo make it, open this page within an hour and choose a password:\n\n{link}\n\nIf that was not you, do nothing. Without this link nobody can make an account with your address."
    );
    letter(server, to, "Your account at Slipway", &text)
}

pub(super) fn has_account(server: &Server, to: &Email, ticket: &Secret) -> Letter {
    let (link, url) = (link(server, "/reset", ticket), &server.config.public_url);
    let text = format!(
        "Somebody, most likely you, wants an account at Slipway with this address. It has one already.\n\nSign in: {url}/sign-in\n\nIf you do not know your password any more, choose a new one within an hour:\n\n{link}\n\nIf that was not you, do nothing."
    );
    letter(server, to, "Your account at Slipway", &text)
}

pub(super) fn reset(server: &Server, to: &Email, ticket: &Secret) -> Letter {
    let link = link(server, "/reset", ticket);
    let text = format!(
        "Somebody, most likely you, wants a new password for your account at Slipway.\n\nTo choose it, open this page within an hour:\n\n{link}\n\nIf that was not you, do nothing: your password stays as it is."
    );
    letter(server, to, "A new password for Slipway", &text)
}

pub(super) fn no_account(server: &Server, to: &Email) -> Letter {
    let url = &server.config.public_url;
    let text = format!(
        "Somebody, most likely you, wants a new password for an account at Slipway with this address. There is none.\n\nYou may have used another address. To make an account with this one: {url}/register\n\nIf that was not you, do nothing."
    );
    letter(server, to, "A new password for Slipway", &text)
}

pub(super) fn know(server: &Server, to: &Email, ticket: &Secret) -> Letter {
    let link = link(server, "/sign-in/known", ticket);
    let text = format!(
        "Somebody wants to sign in to your account at Slipway with a browser that it does not know, after too many wrong passwords from such browsers.\n\nIf that is you, open this page within a day in the browser that you want to sign in with:\n\n{link}\n\nIf that was not you, do nothing: nobody gets in, and browsers that you signed in with before go on as ever."
    );
    letter(server, to, "Signing in to Slipway", &text)
}

pub(super) fn nobody_to_know(server: &Server, to: &Email) -> Letter {
    let url = &server.config.public_url;
    let text = format!(
        "Somebody, most likely you, wants to sign in to Slipway with this address. There is no account with it.\n\nYou may have used another address. To make an account with this one: {url}/register\n\nIf that was not you, do nothing."
    );
    letter(server, to, "Signing in to Slipway", &text)
}

pub(super) fn new_address(server: &Server, to: &Email, ticket: &Secret) -> Letter {
    let link = link(server, "/account/email/confirm", ticket);
    let text = format!(
        "Somebody, most likely you, wants to use this address for their account at Slipway.\n\nTo confirm it, open this page within an hour, signed in to that account:\n\n{link}\n\nIf that was not you, do nothing. Without you nobody can use your address."
    );
    letter(server, to, "Confirm your new address", &text)
}

pub(super) fn address_in_use(server: &Server, to: &Email) -> Letter {
    let text = "Somebody, most likely you, wants to use this address for their account at Slipway. It belongs to another account already, and nothing was changed.\n\nTo use it, delete that account, or change its address, first.";
    letter(server, to, "Confirm your new address", text)
}

pub(super) fn address_asked(
    server: &Server,
    account: &accounts::Model,
    new: &Email,
    ticket: &Secret,
) -> Result<Letter, Failure> {
    let link = link(server, "/account/email/undo", ticket);
    let text = format!(
        "Somebody, most likely you, asked that your account at Slipway use the address {new} from now on. It does as soon as they confirm it there.\n\nIf that was not you, stop it, or take it back, within a week:\n\n{link}"
    );
    Ok(letter(
        server,
        &address(account)?,
        "Your address at Slipway is being changed",
        &text,
    ))
}

/// From where something was done, and with what.
fn from(origin: &Origin) -> String {
    let with = session::asked_with(&origin.agent).unwrap_or_else(|| match &*origin.agent {
        "" => "a program that does not say what it is".to_owned(),
        other => format!("a program that calls itself {}", mail::quoted(other)),
    });
    format!("It was done from {} with {with}.", origin.address)
}

/// To the address before: a new password cannot be asked for there any more, and the link is the way back.
pub(super) fn address_changed(
    server: &Server,
    before: &accounts::Model,
    origin: &Origin,
    what: &str,
    undo: &Secret,
) -> Result<Letter, Failure> {
    let (link, done) = (link(server, "/account/email/undo", undo), from(origin));
    let text = format!(
        "{what}\n\n{done}\n\nIf that was not you, take it back within a week. That signs everybody out:\n\n{link}"
    );
    Ok(letter(
        server,
        &address(before)?,
        "Your address at Slipway was changed",
        &text,
    ))
}

pub(super) fn changed(
    server: &Server,
    account: &accounts::Model,
    origin: &Origin,
    what: &str,
) -> Result<Letter, Failure> {
    let (url, done) = (&server.config.public_url, from(origin));
    let text = format!(
        "{what}\n\n{done}\n\nIf that was not you, choose a new password now: {url}/forgot\n\nThen look through what else gets into your account, and remove what is not yours: {url}/account#access"
    );
    Ok(letter(
        server,
        &address(account)?,
        "Your account at Slipway was changed",
        &text,
    ))
}

pub(crate) fn factors_taken_away(
    server: &Server,
    account: &accounts::Model,
) -> Result<Letter, Failure> {
    let url = &server.config.public_url;
    let text = format!(
        "Who runs this server took your second factors away: your authenticator app, your passkeys and your recovery codes. You are signed out everywhere, and sign in with your password alone until you set one up again.\n\nIf you did not ask for that, write to who runs this server, and choose a new password now: {url}/forgot"
    );
    Ok(letter(
        server,
        &address(account)?,
        "Your account at Slipway was changed",
        &text,
    ))
}

pub(super) fn deleted(server: &Server, account: &accounts::Model) -> Result<Letter, Failure> {
    let text = "Your account at Slipway and all that was its own are deleted, as you asked. What is on your own machine stays there.";
    Ok(letter(
        server,
        &address(account)?,
        "Your account at Slipway is deleted",
        text,
    ))
}
