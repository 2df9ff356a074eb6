//! Who is signed in here.

use std::time::Duration;

use slipway_cloud_client::{Client, CloudError};
use slipway_contract::account::Who;
use slipway_contract::{Advice, ErrorCode, Problem};

use super::kept::Kept;
use super::{Cloud, problem};

/// How long the server may take to say it, before what is known is enough.
const PATIENCE: Duration = Duration::from_secs(5);

impl Cloud {
    /// The API, where somebody is signed in as far as is known: the keychain is not asked in vain.
    pub(super) fn signed_in(&self) -> Result<Client, Problem> {
        let kept = self.kept.read();
        match (&kept.person, kept.sign_in.clone()) {
            (Some(_), Some(sign_in)) => Ok(self.client.of(sign_in)),
            _ => Err(advised(&kept)),
        }
    }

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
        // A person takes longer than a server may.
        if let Err(problem) = self.asked(self.client.session().open()).await {
            return Who {
                problem: Some(problem),
                ..self.who()
            };
        }
        let asked = tokio::time::timeout(PATIENCE, self.show_account()).await;
        let problem = match asked {
            Ok(Ok(_)) => {
                let kept = self.kept.read();
                return Who {
                    from_now: kept.person.is_some(),
                    ..known(kept)
                };
            }
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

/// Why nobody is signed in.
fn nobody(kept: &Kept) -> CloudError {
    match &kept.server {
        Some(server) if kept.ended => CloudError::Ended {
            server: server.to_string(),
        },
        _ => CloudError::NotSignedIn,
    }
}

/// The same for a person: who knows no server names one first.
fn advised(kept: &Kept) -> Problem {
    let told = problem::told(&nobody(kept));
    match kept.server {
        Some(_) => told,
        None => told.advice(Advice::NameServer),
    }
}

/// What was kept, as it is shown.
pub(super) fn known(kept: Kept) -> Who {
    let ended = kept.ended.then(|| problem::told(&nobody(&kept)));
    Who {
        server: kept.server.map(String::from),
        person: kept.person,
        from_now: false,
        problem: ended,
    }
}
