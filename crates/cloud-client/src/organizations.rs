//! Organizations.

use slipway_contract::cloud::OrganizationId;
use slipway_contract::cloud::organization::{
    EditOrganization, NewOrganization, Organization, TransferOrganization,
};

use crate::call::{Call, Client, Tagged};
use crate::error::CloudError;
use crate::operations::{
    CREATE_ORGANIZATION, DELETE_ORGANIZATION, EDIT_ORGANIZATION, LEAVE_ORGANIZATION,
    LIST_ORGANIZATIONS, SHOW_ORGANIZATION, TRANSFER_ORGANIZATION,
};

impl Client {
    /// Those that the person belongs to, newest first.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn organizations(&self) -> Result<Vec<Organization>, CloudError> {
        self.all(&LIST_ORGANIZATIONS, None).await
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn organization(
        &self,
        id: OrganizationId,
    ) -> Result<Tagged<Organization>, CloudError> {
        self.ask(Call::of(&SHOW_ORGANIZATION).place(id)).await
    }

    /// Makes one, which the person owns.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn create_organization(
        &self,
        organization: &NewOrganization,
    ) -> Result<Organization, CloudError> {
        self.get(Call::of(&CREATE_ORGANIZATION).body(organization))
            .await
    }

    /// Changes one as it was seen.
    ///
    /// # Errors
    /// It changed meanwhile, the role does not reach so far, or as everywhere.
    pub async fn edit_organization(
        &self,
        seen: &Tagged<Organization>,
        change: &EditOrganization,
    ) -> Result<Organization, CloudError> {
        let call = Call::of(&EDIT_ORGANIZATION).place(seen.value.id);
        self.get(call.body(change).seen(seen)).await
    }

    /// Deletes one, with all that it has.
    ///
    /// # Errors
    /// The role does not reach so far, the sign-in is too long ago, or as everywhere.
    pub async fn delete_organization(&self, id: OrganizationId) -> Result<(), CloudError> {
        self.get(Call::of(&DELETE_ORGANIZATION).place(id)).await
    }

    /// Leaves one.
    ///
    /// # Errors
    /// The last owner cannot go, or as everywhere.
    pub async fn leave_organization(&self, id: OrganizationId) -> Result<(), CloudError> {
        self.get(Call::of(&LEAVE_ORGANIZATION).place(id)).await
    }

    /// Gives one to another of its members.
    ///
    /// # Errors
    /// The role does not reach so far, the sign-in is too long ago, or as everywhere.
    pub async fn transfer_organization(
        &self,
        id: OrganizationId,
        to: &TransferOrganization,
    ) -> Result<Organization, CloudError> {
        let call = Call::of(&TRANSFER_ORGANIZATION).place(id).body(to);
        self.get(call).await
    }
}
