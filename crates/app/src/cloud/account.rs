//! The account of who is signed in, and its sign-ins on all machines.

use slipway_contract::Problem;
use slipway_contract::cloud::account::{Account, EditAccount};
use slipway_contract::cloud::factor::Session;
use slipway_contract::cloud::{Line, SessionId};

use super::Cloud;

impl Cloud {
    /// The account.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn show_account(&self) -> Result<Account, Problem> {
        let account = self.asked(self.signed_in()?.account()).await?.value;
        self.kept.seen(&account, self.clock.now())?;
        Ok(account)
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// It changed meanwhile, nobody is signed in, or the server cannot be asked.
    pub async fn rename_account(&self, name: Line<100>) -> Result<Account, Problem> {
        let seen = self.asked(self.signed_in()?.account()).await?;
        let change = EditAccount { name: Some(name) };
        let account = self
            .asked(self.signed_in()?.edit_account(&seen, &change))
            .await?;
        self.kept.seen(&account, self.clock.now())?;
        Ok(account)
    }

    /// The sign-ins of the person: this one, then the others, newest first.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn list_sessions(&self) -> Result<Vec<Session>, Problem> {
        let mut sessions = self.asked(self.signed_in()?.sessions()).await?;
        sessions.sort_by_key(|session| !session.current);
        Ok(sessions)
    }

    /// Ends one of them.
    ///
    /// # Errors
    /// There is none of this id, nobody is signed in, or the server cannot be asked.
    pub async fn end_session(&self, session: SessionId) -> Result<(), Problem> {
        self.asked(self.signed_in()?.end_session(session)).await
    }

    /// Ends all of them but this machine's.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn end_other_sessions(&self) -> Result<(), Problem> {
        self.asked(self.signed_in()?.end_other_sessions()).await
    }
}
