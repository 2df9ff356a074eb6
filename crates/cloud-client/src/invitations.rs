//! Invitations, as the organization sees them and as the invited person does.

use slipway_contract::cloud::invitation::{Invitation, NewInvitation, Offer};
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{InvitationId, OrganizationId};

use crate::call::{Call, Client};
use crate::error::CloudError;
use crate::operations::{
    ACCEPT_INVITATION, CREATE_INVITATION, DECLINE_INVITATION, LIST_INVITATIONS, RESEND_INVITATION,
    REVOKE_INVITATION, SHOW_INVITATION,
};

impl Client {
    /// Those that nobody answered yet, newest first.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn invitations(&self, of: OrganizationId) -> Result<Vec<Invitation>, CloudError> {
        self.all(&LIST_INVITATIONS, Some(of.to_string())).await
    }

    /// Sends one by mail.
    ///
    /// # Errors
    /// The role does not reach so far, they belong to it already, or as everywhere.
    pub async fn create_invitation(
        &self,
        of: OrganizationId,
        invitation: &NewInvitation,
    ) -> Result<Invitation, CloudError> {
        let call = Call::of(&CREATE_INVITATION).place(of).body(invitation);
        self.get(call).await
    }

    /// Sends one again, with another link.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn resend_invitation(
        &self,
        of: OrganizationId,
        id: InvitationId,
    ) -> Result<Invitation, CloudError> {
        let call = Call::of(&RESEND_INVITATION).place(of).place(id);
        self.get(call).await
    }

    /// Takes one back.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn revoke_invitation(
        &self,
        of: OrganizationId,
        id: InvitationId,
    ) -> Result<(), CloudError> {
        let call = Call::of(&REVOKE_INVITATION).place(of).place(id);
        self.get(call).await
    }

    /// What the letter with this text offers.
    ///
    /// # Errors
    /// It is over, or for somebody else, or as everywhere.
    pub async fn offer(&self, token: &str) -> Result<Offer, CloudError> {
        self.get(Call::of(&SHOW_INVITATION).place(token)).await
    }

    /// Accepts it.
    ///
    /// # Errors
    /// It is over, or for somebody else, or as everywhere.
    pub async fn accept(&self, token: &str) -> Result<Organization, CloudError> {
        self.get(Call::of(&ACCEPT_INVITATION).place(token)).await
    }

    /// Declines it.
    ///
    /// # Errors
    /// It is over, or for somebody else, or as everywhere.
    pub async fn decline(&self, token: &str) -> Result<(), CloudError> {
        self.get(Call::of(&DECLINE_INVITATION).place(token)).await
    }
}
