//! What signing in asks for after the first factor. Passkeys are added in a browser: [`Cloud::account_page`].

use slipway_contract::Problem;
use slipway_contract::cloud::factor::{
    ConfirmTotp, EditPasskey, Passkey, RecoveryCodes, SecondFactor, TotpSetup,
};
use slipway_contract::cloud::{Line, PasskeyId};

use super::Cloud;

impl Cloud {
    /// What there is.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn show_second_factor(&self) -> Result<SecondFactor, Problem> {
        self.asked(self.signed_in()?.second_factor()).await
    }

    /// What an authenticator app is set up with. It counts once [`Cloud::confirm_totp`] has its first code.
    ///
    /// # Errors
    /// The sign-in is too long ago, or the server cannot be asked.
    pub async fn begin_totp(&self) -> Result<TotpSetup, Problem> {
        self.asked(self.signed_in()?.begin_totp()).await
    }

    /// Takes the app's first code, and gives recovery codes where there were none.
    ///
    /// # Errors
    /// The code is wrong, the sign-in is too long ago, or the server cannot be asked.
    pub async fn confirm_totp(&self, code: Line<16>) -> Result<RecoveryCodes, Problem> {
        let code = ConfirmTotp { code };
        self.asked(self.signed_in()?.confirm_totp(&code)).await
    }

    /// Takes the app away.
    ///
    /// # Errors
    /// The sign-in is too long ago, or the server cannot be asked.
    pub async fn remove_totp(&self) -> Result<(), Problem> {
        self.asked(self.signed_in()?.remove_totp()).await
    }

    /// Other recovery codes; those before are void.
    ///
    /// # Errors
    /// The sign-in is too long ago, or the server cannot be asked.
    pub async fn renew_recovery_codes(&self) -> Result<RecoveryCodes, Problem> {
        self.asked(self.signed_in()?.renew_recovery_codes()).await
    }

    /// The passkeys, newest first.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn list_passkeys(&self) -> Result<Vec<Passkey>, Problem> {
        self.asked(self.signed_in()?.passkeys()).await
    }

    /// Gives one another name.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn rename_passkey(
        &self,
        passkey: PasskeyId,
        name: Line<100>,
    ) -> Result<Passkey, Problem> {
        let change = EditPasskey { name };
        self.asked(self.signed_in()?.edit_passkey(passkey, &change))
            .await
    }

    /// Removes one.
    ///
    /// # Errors
    /// The sign-in is too long ago, or the server cannot be asked.
    pub async fn remove_passkey(&self, passkey: PasskeyId) -> Result<(), Problem> {
        self.asked(self.signed_in()?.remove_passkey(passkey)).await
    }
}
