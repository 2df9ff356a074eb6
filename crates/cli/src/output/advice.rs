//! What a person can do about a problem, as it is done at the command line.

use slipway_contract::{Advice, Problem};

/// The problem with its advice in words.
pub(crate) fn worded(problem: &Problem) -> Problem {
    let mut told = problem.clone();
    if let (None, Some(advice)) = (&told.help, told.advice) {
        told.help = Some(words(advice).to_owned());
    }
    told
}

const fn words(advice: Advice) -> &'static str {
    match advice {
        Advice::SignIn => "Sign in: slipway cloud login",
        Advice::SignInAgain => "To sign in again: slipway cloud login",
        Advice::SignInWithCode => {
            "Sign in again. Where no browser can be opened: slipway cloud login --device"
        }
        Advice::SeeWho => "See who is signed in, and try again: slipway cloud whoami",
        Advice::NameServer => {
            "Name the server of your organization, or start one of your own: slipway-cloud serve takes requests at http://localhost:8787. Then: slipway cloud login --server URL"
        }
        Advice::SignOut => "Sign out first: slipway cloud logout",
        Advice::GiveAway => {
            "To give it to another member: slipway cloud orgs transfer ORGANIZATION MEMBER"
        }
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::ErrorCode;

    use super::*;

    #[test]
    fn advice_is_help_where_there_is_no_other() {
        let problem = Problem::new(ErrorCode::NotSignedIn, "nobody is signed in");
        assert_eq!(worded(&problem), problem);
        let advised = problem.advice(Advice::SignIn);
        let help = worded(&advised).help.unwrap();
        assert!(help.contains("slipway cloud login"), "{help}");
        let helped = advised.help("See the manual.");
        assert_eq!(worded(&helped), helped);
    }
}
