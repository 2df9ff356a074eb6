//! The cloud's errors as a person is told them.

use slipway_cloud_client::{CloudError, Silence};
use slipway_contract::cloud::{self, ProblemCode};
use slipway_contract::{Advice, ErrorCode, Problem};
use slipway_vault::VaultError;

pub(super) fn told(error: &CloudError) -> Problem {
    let as_is = |code| Problem::new(code, error.to_string());
    match error {
        CloudError::Refused(problem) => refused(problem),
        CloudError::NotSignedIn | CloudError::Ended { .. } | CloudError::Damaged(_) => {
            as_is(ErrorCode::NotSignedIn).advice(Advice::SignIn)
        }
        CloudError::Another => as_is(ErrorCode::Conflict).advice(Advice::SeeWho),
        CloudError::Unreachable {
            server,
            why: Silence::BrokenOff { port },
            ..
        } => as_is(ErrorCode::Unreachable).help(format!(
            "See that {server} is the address of a server of Slipway's cloud, and {port} its port. If it is, try again later."
        )),
        CloudError::Unreachable { why, .. } => as_is(ErrorCode::Unreachable).help(way_there(*why)),
        CloudError::Foreign { .. } => as_is(ErrorCode::Cloud).help(
            "See that the address is that of a server of Slipway's cloud, with its port where it has one.",
        ),
        CloudError::Denied { .. } => as_is(ErrorCode::Cloud),
        CloudError::NotInTime { .. } => as_is(ErrorCode::Cloud).advice(Advice::SignInWithCode),
        CloudError::Vault(error) => as_is(of_vault(error)),
        CloudError::Busy => as_is(ErrorCode::Busy).help("Try again in a moment."),
        CloudError::System(_) => as_is(ErrorCode::Internal),
    }
}

/// What a person can do about a server that does not answer.
const fn way_there(why: Silence) -> &'static str {
    match why {
        Silence::UnknownName => {
            "See that the address is written as it should be, and that this machine is connected."
        }
        Silence::Refused => {
            "See that the server runs, and that the address has its port. Everything but the cloud goes on without it."
        }
        Silence::NoTls => {
            "See that the address has the right port. A server of this machine without TLS is named with http://localhost and its port."
        }
        Silence::UnknownAuthority => {
            "Where your organization has an authority of its own, this system must trust it; on Linux SSL_CERT_FILE may name a file with its certificate."
        }
        Silence::InvalidCertificate => {
            "See that the address is the one in the certificate, and that the clock of this machine is right. Who runs the server can tell what is in it."
        }
        Silence::Late | Silence::Gateway(_) | Silence::BrokenOff { .. } | Silence::Broken => {
            "Everything but the cloud goes on without it. Try again later."
        }
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
    let told = Problem::new(code, problem.detail.clone());
    match problem.code {
        ProblemCode::Unauthenticated => told.advice(Advice::SignIn),
        ProblemCode::ReauthenticationRequired => told.advice(Advice::SignInAgain),
        ProblemCode::LastOwner => told.advice(Advice::GiveAway),
        ProblemCode::Changed => {
            told.help("Look at it again, and change it then if you still want to.")
        }
        ProblemCode::RateLimited | ProblemCode::Unavailable => told.help("Try again in a moment."),
        _ => told,
    }
}
