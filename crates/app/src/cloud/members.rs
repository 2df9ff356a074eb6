//! Members of an organization.

use slipway_contract::cloud::member::{EditMember, Member};
use slipway_contract::cloud::{AccountId, Email, OrganizationId, Role};
use slipway_contract::{ErrorCode, Problem};

use super::Cloud;

impl Cloud {
    /// All of them.
    ///
    /// # Errors
    /// There is no such organization, or the server cannot be asked.
    pub async fn list_members(&self, of: OrganizationId) -> Result<Vec<Member>, Problem> {
        self.asked(self.signed_in()?.members(of)).await
    }

    /// The one that a person means by their account's id or their address.
    ///
    /// # Errors
    /// There is none, or the server cannot be asked.
    pub async fn member_named(&self, of: OrganizationId, text: &str) -> Result<Member, Problem> {
        if let Ok(account) = text.parse() {
            return Ok(self
                .asked(self.signed_in()?.member(of, account))
                .await?
                .value);
        }
        let email: Email = text.parse().map_err(|_| {
            let message = format!("{text:?} is neither an e-mail address nor an account's id");
            Problem::new(ErrorCode::InvalidInput, message)
        })?;
        let all = self.list_members(of).await?;
        let found = all.into_iter().find(|member| member.email == email);
        found.ok_or_else(|| {
            let message = format!("{email} is no member of the organization");
            Problem::new(ErrorCode::NotFound, message)
                .help("Those that there are: slipway cloud members list ORGANIZATION")
        })
    }

    /// Makes another of what they are.
    ///
    /// # Errors
    /// It changed meanwhile, the role does not reach so far, the last owner cannot go, or the server cannot
    /// be asked.
    pub async fn set_role(
        &self,
        of: OrganizationId,
        account: AccountId,
        role: Role,
    ) -> Result<Member, Problem> {
        let seen = self.asked(self.signed_in()?.member(of, account)).await?;
        let change = EditMember { role };
        self.asked(self.signed_in()?.edit_member(of, &seen, &change))
            .await
    }

    /// Removes a member.
    ///
    /// # Errors
    /// The role does not reach so far, the last owner cannot go, or the server cannot be asked.
    pub async fn remove_member(
        &self,
        of: OrganizationId,
        account: AccountId,
    ) -> Result<(), Problem> {
        self.asked(self.signed_in()?.remove_member(of, account))
            .await
    }
}
