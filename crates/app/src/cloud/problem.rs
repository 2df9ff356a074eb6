//! The cloud's errors as a person is told them.

use slipway_cloud_client::CloudError;
use slipway_contract::cloud::{self, ProblemCode};
use slipway_contract::{ErrorCode, Problem};
use slipway_vault::VaultError;

const SIGN_IN: &str = "Sign in: slipway cloud login, or in the window under Settings, Account.";

pub(super) fn told(error: &CloudError) -> Problem {
    let (code, help) = match error {
        CloudError::Refused(problem) => return refused(problem),
        CloudError::NotSignedIn | CloudError::Ended { .. } => {
            (ErrorCode::NotSignedIn, Some(SIGN_IN))
        }
        CloudError::Damaged(_) => (
            ErrorCode::NotSignedIn,
            Some("Sign in again, which replaces it: slipway cloud login."),
        ),
        CloudError::Another => (
            ErrorCode::Conflict,
            Some("See who is signed in, and try again: slipway cloud whoami"),
        ),
        CloudError::Unreachable { .. } => (
            ErrorCode::Unreachable,
            Some("Everything but the cloud goes on without it. Try again later."),
        ),
        CloudError::Foreign { .. } => (
            ErrorCode::Cloud,
            Some("See that the address is right: slipway cloud whoami shows it."),
        ),
        CloudError::Denied { .. } => (ErrorCode::Cloud, Some("Sign in again if you want to.")),
        CloudError::NotInTime { .. } => (
            ErrorCode::Cloud,
            Some("Sign in again. Where no browser can be opened: slipway cloud login --device"),
        ),
        CloudError::Vault(error) => (of_vault(error), None),
        CloudError::Busy => (ErrorCode::Busy, Some("Try again in a moment.")),
        CloudError::System(_) => (ErrorCode::Internal, None),
    };
    let problem = Problem::new(code, error.to_string());
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn of_vault(error: &VaultError) -> ErrorCode {
    match error {
        VaultError::NoPassphrase(_)
        | VaultError::NothingChosen(_)
        | VaultError::PassphrasesDiffer(_)
        | VaultError::EmptyPassphrase
        | VaultError::NotGiven(_) => ErrorCode::InvalidInput,
        _ => ErrorCode::Storage,
    }
}

/// What the server says why not, in its own words.
fn refused(problem: &cloud::Problem) -> Problem {
    let code = match problem.code {
        ProblemCode::Invalid | ProblemCode::TooLarge => ErrorCode::InvalidInput,
        ProblemCode::NotFound => ErrorCode::NotFound,
        ProblemCode::Conflict
        | ProblemCode::LastOwner
        | ProblemCode::QuotaExceeded
        | ProblemCode::Changed => ErrorCode::Conflict,
        ProblemCode::Unauthenticated => ErrorCode::NotSignedIn,
        ProblemCode::ReauthenticationRequired => ErrorCode::SignInTooOld,
        ProblemCode::Unavailable => ErrorCode::Unreachable,
        _ => ErrorCode::Cloud,
    };
    let help = match problem.code {
        ProblemCode::Unauthenticated => SIGN_IN,
        ProblemCode::ReauthenticationRequired => {
            "Sign in again, which shows who you are: slipway cloud login, or in the window under Settings, Account. Then do it within a quarter of an hour."
        }
        ProblemCode::Changed => "Look at it again, and change it then if you still want to.",
        ProblemCode::LastOwner => "In the terminal: slipway cloud orgs transfer",
        ProblemCode::RateLimited | ProblemCode::Unavailable => "Try again in a moment.",
        _ => return Problem::new(code, problem.detail.clone()),
    };
    Problem::new(code, problem.detail.clone()).help(help)
}
