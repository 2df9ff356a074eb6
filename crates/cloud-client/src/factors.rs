//! What signing in asks for after the first factor.

use slipway_contract::cloud::PasskeyId;
use slipway_contract::cloud::factor::{
    ConfirmTotp, EditPasskey, Passkey, RecoveryCodes, SecondFactor, TotpSetup,
};

use crate::call::{Call, Client};
use crate::error::CloudError;
use crate::operations::{
    BEGIN_TOTP, CONFIRM_TOTP, EDIT_PASSKEY, LIST_PASSKEYS, REMOVE_PASSKEY, REMOVE_TOTP,
    RENEW_RECOVERY_CODES, SHOW_SECOND_FACTOR,
};

impl Client {
    /// What there is.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn second_factor(&self) -> Result<SecondFactor, CloudError> {
        self.get(Call::of(&SHOW_SECOND_FACTOR)).await
    }

    /// What an authenticator app is set up with.
    ///
    /// # Errors
    /// The sign-in is too long ago, or as everywhere.
    pub async fn begin_totp(&self) -> Result<TotpSetup, CloudError> {
        self.get(Call::of(&BEGIN_TOTP)).await
    }

    /// Shows that the app was set up.
    ///
    /// # Errors
    /// The code is wrong, the sign-in is too long ago, or as everywhere.
    pub async fn confirm_totp(&self, code: &ConfirmTotp) -> Result<RecoveryCodes, CloudError> {
        self.get(Call::of(&CONFIRM_TOTP).body(code)).await
    }

    /// Takes the app away.
    ///
    /// # Errors
    /// The sign-in is too long ago, or as everywhere.
    pub async fn remove_totp(&self) -> Result<(), CloudError> {
        self.get(Call::of(&REMOVE_TOTP)).await
    }

    /// Other recovery codes in the place of those that there are.
    ///
    /// # Errors
    /// The sign-in is too long ago, or as everywhere.
    pub async fn renew_recovery_codes(&self) -> Result<RecoveryCodes, CloudError> {
        self.get(Call::of(&RENEW_RECOVERY_CODES)).await
    }

    /// The passkeys, newest first.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn passkeys(&self) -> Result<Vec<Passkey>, CloudError> {
        self.all(&LIST_PASSKEYS, None).await
    }

    /// Gives one another name, whatever it has now.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn edit_passkey(
        &self,
        passkey: PasskeyId,
        change: &EditPasskey,
    ) -> Result<Passkey, CloudError> {
        let call = Call::of(&EDIT_PASSKEY).place(passkey).body(change);
        self.get(call).await
    }

    /// Removes one.
    ///
    /// # Errors
    /// The sign-in is too long ago, there is none of this id, or as everywhere.
    pub async fn remove_passkey(&self, passkey: PasskeyId) -> Result<(), CloudError> {
        self.get(Call::of(&REMOVE_PASSKEY).place(passkey)).await
    }
}
