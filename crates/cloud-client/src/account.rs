//! The person's account and its sessions.

use slipway_contract::cloud::SessionId;
use slipway_contract::cloud::account::{Account, EditAccount};
use slipway_contract::cloud::factor::Session;

use crate::call::{Call, Client, Tagged};
use crate::error::CloudError;
use crate::operations::{
    EDIT_ACCOUNT, END_OTHER_SESSIONS, END_SESSION, LIST_SESSIONS, SHOW_ACCOUNT,
};

impl Client {
    /// Who is signed in.
    ///
    /// # Errors
    /// The sign-in's, the server's, or there is no way to it.
    pub async fn account(&self) -> Result<Tagged<Account>, CloudError> {
        self.ask(Call::of(&SHOW_ACCOUNT)).await
    }

    /// Changes the account as it was seen.
    ///
    /// # Errors
    /// It changed meanwhile, or as everywhere.
    pub async fn edit_account(
        &self,
        seen: &Tagged<Account>,
        change: &EditAccount,
    ) -> Result<Account, CloudError> {
        self.get(Call::of(&EDIT_ACCOUNT).body(change).seen(seen))
            .await
    }

    /// The sign-ins of the person, on all machines, newest first.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn sessions(&self) -> Result<Vec<Session>, CloudError> {
        self.all(&LIST_SESSIONS, None).await
    }

    /// Ends one of them.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn end_session(&self, session: SessionId) -> Result<(), CloudError> {
        self.get(Call::of(&END_SESSION).place(session)).await
    }

    /// Ends all of them but this machine's.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn end_other_sessions(&self) -> Result<(), CloudError> {
        self.get(Call::of(&END_OTHER_SESSIONS)).await
    }
}
