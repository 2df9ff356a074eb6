//! Who is signed in here.

use std::time::Duration;

use slipway_contract::account::Who;
use slipway_contract::{ErrorCode, Problem};

use super::Cloud;
use super::kept::Kept;

/// How long the server may take to say it, before what is known is enough.
const PATIENCE: Duration = Duration::from_secs(5);

impl Cloud {
    /// Who is signed in, as far as is known here. Asks nobody.
    #[must_use]
    pub fn who(&self) -> Who {
        known(self.kept.read())
    }

    /// Who is signed in, as the server says it now; where it cannot be asked soon, who was and why not.
    pub async fn who_now(&self) -> Who {
        let kept = self.kept.read();
        if kept.person.is_none() {
            return known(kept);
        }
        let asked = tokio::time::timeout(PATIENCE, self.asked(self.client.account())).await;
        let problem = match asked {
            Ok(Ok(account)) => match self.kept.seen(&account.value, self.clock.now()) {
                Ok(kept) => {
                    return Who {
                        from_now: kept.person.is_some(),
                        ..known(kept)
                    };
                }
                Err(problem) => problem,
            },
            Ok(Err(problem)) => problem,
            Err(_) => {
                let message = "the server does not answer in time";
                Problem::new(ErrorCode::Unreachable, message)
            }
        };
        let who = self.who();
        Who {
            problem: who.problem.or(Some(problem)),
            ..who
        }
    }
}

/// What was kept, as it is shown.
pub(super) fn known(kept: Kept) -> Who {
    let ended = kept.server.as_ref().filter(|_| kept.ended).map(|server| {
        let message = format!("{server} has ended the sign-in of this machine");
        Problem::new(ErrorCode::NotSignedIn, message).help("Sign in again: slipway cloud login")
    });
    Who {
        server: kept.server.map(String::from),
        person: kept.person,
        from_now: false,
        problem: ended,
    }
}
