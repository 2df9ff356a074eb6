//! Texts of the settings: the account in the cloud.

use slipway_contract::account::SignedOut;
use slipway_contract::cloud::factor::SecondFactor;
use slipway_contract::{Advice, ErrorCode};

use super::counted;

pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const ACCOUNT_LEAD: &str = "Everything on this machine works without one. With an account you belong to organizations, invite people and make API keys, on a server of your organization or your own.";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const SIGNED_OUT: &str = "You are signed out";
pub(crate) const SIGN_OUT_ASKS: &str = "Sign out…";
pub(crate) const STAY_SIGNED_IN: &str = "Stay signed in";
pub(crate) const SIGN_OUT_FOLLOWS: &str = "This machine forgets the sign-in, for the window and for the slipway command. Your agents, runs and keys stay as they are.";
pub(crate) const SERVER_ADDRESS: &str = "Server";
pub(crate) const SERVER_EXAMPLE: &str = "https://slipway.example.com";
pub(crate) const SERVER_HELP: &str = "The address of your organization's server, or of your own.";
pub(crate) const NAME_SERVER_FIRST: &str = "Name the server first";
pub(crate) const OWN_SERVER: &str = "Run a server of your own";
pub(crate) const OWN_SERVER_HOW: &str = "There is no official server. This command starts one on this machine, on a database in a file and without any setting; then name this address.";
pub(crate) const OWN_SERVER_COMMAND: &str = "slipway-cloud serve";
pub(crate) const OWN_SERVER_ADDRESS: &str = "http://localhost:8787";
pub(crate) const COPY_COMMAND: &str = "Copy command";
pub(crate) const USE_ADDRESS: &str = "Use this address";
pub(crate) const SIGN_IN_HOW: &str =
    "Your browser opens the server's page. Your password is typed there and nowhere else.";
pub(crate) const ASKING_SERVER: &str = "Waiting for the server to answer…";
pub(crate) const WITH_CODE: &str = "Use a code instead";
pub(crate) const WITH_BROWSER: &str = "Open the browser instead";
pub(crate) const WAITING_FOR_BROWSER: &str = "Go on in your browser";
pub(crate) const WAITING_FOR_BROWSER_HOW: &str = "Sign in there, and allow Slipway on this computer. Slipway goes on by itself. It waits for five minutes.";
pub(crate) const TYPE_CODE: &str = "Type this code in a browser";
pub(crate) const TYPE_CODE_HOW: &str = "Open this address on any machine, sign in, and type the code. Type only a code that you see here yourself.";
pub(crate) const OPEN_BROWSER_AGAIN: &str = "Open the browser again";
pub(crate) const NOT_SIGNED_IN: &str = "Not signed in";
pub(crate) const CODE: &str = "Code";
pub(crate) const COPY_CODE: &str = "Copy code";
pub(crate) const OPEN_ADDRESS: &str = "Open it here";
pub(crate) const WAITING: &str = "Waiting for you";
pub(crate) const SIGNED_IN: &str = "You are signed in";
pub(crate) const OPEN_SERVER_PAGE: &str = "Open the account's page";
pub(crate) const NAME: &str = "Name";
pub(crate) const OWN_NAME_HELP: &str = "How others see you.";
pub(crate) const SAVE: &str = "Save";
pub(crate) const RENAMED: &str = "The name is changed";
pub(crate) const TYPE_NAME_FIRST: &str = "Type a name first";
pub(crate) const SESSIONS: &str = "Sessions";
pub(crate) const SESSIONS_HOW: &str =
    "Where you are signed in. One that you do not know: end it, and choose a new password.";
pub(crate) const THIS_MACHINE: &str = "This machine";
pub(crate) const END_SESSION: &str = "End";
pub(crate) const END_OTHERS: &str = "End all others";
pub(crate) const SESSION_ENDED: &str = "The session is ended";
pub(crate) const OTHERS_ENDED: &str = "All other sessions are ended";
pub(crate) const NO_OTHER_SESSION: &str = "You are signed in nowhere else";
pub(crate) const RECENT_ACTIVITY: &str = "Recent activity";
pub(crate) const AUDIT_LOG: &str = "Audit log";
pub(crate) const SHOW_OLDER: &str = "Show older";
pub(crate) const YOU_DID: &str = "You";
pub(crate) const SOMEBODY_ELSE: &str = "Somebody else";
pub(crate) const SOMEBODY_UNKNOWN: &str = "Somebody unknown";
pub(crate) const AN_API_KEY: &str = "An API key";
pub(crate) const THE_OPERATOR: &str = "Who runs the server";
pub(crate) const THE_SERVER: &str = "The server";
pub(crate) const SECOND_FACTOR: &str = "Second factor";
pub(crate) const SECOND_FACTOR_HOW: &str = "Authenticator app, passkeys and recovery codes are set up on the server's page, with your password and not from here.";
pub(crate) const SET_UP: &str = "Set it up in the browser";
pub(crate) const CHANGE_IN_BROWSER: &str = "Change it in the browser";

/// What a person can do about a problem in the window; none where what does it stands beside the problem.
pub(crate) const fn advice(advice: Advice) -> Option<&'static str> {
    match advice {
        Advice::SignIn | Advice::SignInAgain | Advice::GiveAway => None,
        Advice::SignInWithCode => Some("Try again, or use a code."),
        Advice::SeeWho => Some("See who is signed in now, and try again."),
        Advice::NameServer => Some("Name the server of your organization, or one of your own."),
        Advice::SignOut => Some("Sign out first."),
    }
}

/// Where somebody is signed in, by the address without what it begins with.
pub(crate) fn at_server(server: &str) -> String {
    let short = server.strip_prefix("https://").unwrap_or(server);
    format!("Signed in at {short}")
}

/// A key that did something.
pub(crate) fn the_key(name: &str) -> String {
    format!("The key {name}")
}

/// Who did something, and from which address.
pub(crate) fn by_from(who: &str, address: &str) -> String {
    format!("{who}, from {address}")
}

/// That what is shown is not from now.
pub(crate) fn as_of(moment: &str) -> String {
    format!("As of {moment}, when the server was last asked.")
}

/// That a server was not told of a sign-out, and what follows.
pub(crate) fn untold(done: &SignedOut) -> Option<String> {
    let (server, problem) = (done.server.as_ref()?, done.problem.as_ref()?);
    let why = match problem.code {
        // Nobody got as far as the server.
        ErrorCode::InvalidInput | ErrorCode::Storage => {
            format!("The sign-in could not be opened to tell {server}")
        }
        _ => format!("{server} could not be told"),
    };
    Some(format!(
        "You are signed out here. {why}: there the sign-in ends by itself within a week."
    ))
}

/// The question before signing out.
pub(crate) fn sign_out_of(server: &str) -> String {
    format!("Sign out of {server}?")
}

/// What ends a session, for who cannot see which one it is beside.
pub(crate) fn end_session_of(device: &str) -> String {
    format!("End the session of {device}")
}

/// Where and when a session was used.
pub(crate) fn session_used(address: &str, moment: &str) -> String {
    format!("{address}, used {moment}")
}

/// What signing in asks for after the password.
pub(crate) fn second_factor(factor: &SecondFactor) -> String {
    let asked = match (factor.totp, factor.passkeys) {
        (false, false) => return "Signing in asks for your password alone.".to_owned(),
        (true, false) => "an authenticator app",
        (false, true) => "a passkey",
        (true, true) => "an authenticator app or a passkey",
    };
    let codes = counted(
        factor.recovery_codes,
        "recovery code is",
        "recovery codes are",
    );
    format!("Signing in asks for {asked}, too. {codes} left.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_factor_is_said_in_words() {
        let factor = |totp, passkeys, recovery_codes| SecondFactor {
            totp,
            passkeys,
            recovery_codes,
        };
        assert!(second_factor(&factor(false, false, 0)).contains("password alone"));
        assert_eq!(
            second_factor(&factor(true, false, 1)),
            "Signing in asks for an authenticator app, too. 1 recovery code is left."
        );
        assert!(second_factor(&factor(true, true, 9)).contains("or a passkey, too. 9 recovery"));
    }

    #[test]
    fn a_server_that_was_not_told_is_named() {
        let told = SignedOut {
            server: Some("https://a.example".to_owned()),
            problem: None,
        };
        assert_eq!(untold(&told), None);
        let without = |code| {
            let done = SignedOut {
                problem: Some(slipway_contract::Problem::new(code, "it is so")),
                ..told.clone()
            };
            untold(&done).unwrap()
        };
        let away = without(ErrorCode::Unreachable);
        assert!(away.contains("https://a.example could not be told"));
        let locked = without(ErrorCode::InvalidInput);
        assert!(locked.contains("could not be opened to tell https://a.example"));
    }
}
