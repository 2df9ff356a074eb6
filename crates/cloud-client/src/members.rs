//! Members of an organization.

use slipway_contract::cloud::member::{EditMember, Member};
use slipway_contract::cloud::{AccountId, OrganizationId};

use crate::call::{Call, Client, Tagged};
use crate::error::CloudError;
use crate::operations::{EDIT_MEMBER, LIST_MEMBERS, REMOVE_MEMBER, SHOW_MEMBER};

impl Client {
    /// All of them.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn members(&self, of: OrganizationId) -> Result<Vec<Member>, CloudError> {
        self.all(&LIST_MEMBERS, Some(of.to_string())).await
    }

    /// One of them.
    ///
    /// # Errors
    /// They are none, or as everywhere.
    pub async fn member(
        &self,
        of: OrganizationId,
        account: AccountId,
    ) -> Result<Tagged<Member>, CloudError> {
        let call = Call::of(&SHOW_MEMBER).place(of).place(account);
        self.ask(call).await
    }

    /// Changes a membership as it was seen.
    ///
    /// # Errors
    /// It changed meanwhile, the role does not reach so far, or as everywhere.
    pub async fn edit_member(
        &self,
        of: OrganizationId,
        seen: &Tagged<Member>,
        change: &EditMember,
    ) -> Result<Member, CloudError> {
        let call = Call::of(&EDIT_MEMBER).place(of).place(seen.value.account);
        self.get(call.body(change).seen(seen)).await
    }

    /// Removes a member.
    ///
    /// # Errors
    /// The role does not reach so far, the last owner cannot go, or as everywhere.
    pub async fn remove_member(
        &self,
        of: OrganizationId,
        account: AccountId,
    ) -> Result<(), CloudError> {
        let call = Call::of(&REMOVE_MEMBER).place(of).place(account);
        self.get(call).await
    }
}
