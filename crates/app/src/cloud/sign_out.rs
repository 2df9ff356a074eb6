//! Signing out.

use slipway_contract::Problem;
use slipway_contract::account::SignedOut;

use super::{Cloud, problem};

impl Cloud {
    /// Forgets the sign-in of this machine, and tells its server.
    ///
    /// # Errors
    /// What keeps it is locked or damaged: then it is still there.
    pub async fn sign_out(&self) -> Result<SignedOut, Problem> {
        let server = self.kept.read().server.map(String::from);
        let forgotten = self.asked(self.client.session().forget()).await?;
        self.kept.signed_out(false)?;
        Ok(match forgotten {
            None => SignedOut {
                server: None,
                problem: None,
            },
            Some(told) => SignedOut {
                server,
                problem: told.err().map(|error| problem::told(&error)),
            },
        })
    }
}
