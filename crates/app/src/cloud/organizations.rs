//! Organizations.

use slipway_contract::cloud::organization::{
    EditOrganization, NewOrganization, Organization, TransferOrganization,
};
use slipway_contract::cloud::{AccountId, Line, OrganizationId};
use slipway_contract::{ErrorCode, Problem};

use super::Cloud;

impl Cloud {
    /// Those that the person belongs to, newest first.
    ///
    /// # Errors
    /// Nobody is signed in, or the server cannot be asked.
    pub async fn list_organizations(&self) -> Result<Vec<Organization>, Problem> {
        self.asked(self.signed_in()?.organizations()).await
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn show_organization(&self, id: OrganizationId) -> Result<Organization, Problem> {
        Ok(self.asked(self.signed_in()?.organization(id)).await?.value)
    }

    /// The one that a person means by its id or its name.
    ///
    /// # Errors
    /// There is none, or there are several of this name; or the server cannot be asked.
    pub async fn organization_named(&self, text: &str) -> Result<Organization, Problem> {
        if let Ok(id) = text.parse() {
            return self.show_organization(id).await;
        }
        let all = self.list_organizations().await?;
        let mut meant = all.into_iter().filter(|each| each.name.as_str() == text);
        let first = meant.next().ok_or_else(|| {
            let message = format!("you belong to no organization named {text:?}");
            Problem::new(ErrorCode::NotFound, message)
                .help("Those that there are: slipway cloud orgs list")
        })?;
        match meant.next() {
            None => Ok(first),
            Some(_) => {
                let message = format!("you belong to several organizations named {text:?}");
                Err(Problem::new(ErrorCode::InvalidInput, message)
                    .help("Say the id, which `slipway cloud orgs list` shows."))
            }
        }
    }

    /// Makes one, which the person owns.
    ///
    /// # Errors
    /// As many as there may be are there, or the server cannot be asked.
    pub async fn create_organization(&self, name: Line<100>) -> Result<Organization, Problem> {
        let new = NewOrganization { name };
        self.asked(self.signed_in()?.create_organization(&new))
            .await
    }

    /// Gives one another name.
    ///
    /// # Errors
    /// It changed meanwhile, the role does not reach so far, or the server cannot be asked.
    pub async fn rename_organization(
        &self,
        id: OrganizationId,
        name: Line<100>,
    ) -> Result<Organization, Problem> {
        let seen = self.asked(self.signed_in()?.organization(id)).await?;
        let change = EditOrganization { name: Some(name) };
        let client = self.signed_in()?;
        self.asked(client.edit_organization(&seen, &change)).await
    }

    /// Deletes one, with all that it has.
    ///
    /// # Errors
    /// The role does not reach so far, the sign-in is too long ago, or the server cannot be asked.
    pub async fn delete_organization(&self, id: OrganizationId) -> Result<(), Problem> {
        self.asked(self.signed_in()?.delete_organization(id)).await
    }

    /// Leaves one.
    ///
    /// # Errors
    /// The last owner cannot go, or the server cannot be asked.
    pub async fn leave_organization(&self, id: OrganizationId) -> Result<(), Problem> {
        self.asked(self.signed_in()?.leave_organization(id)).await
    }

    /// Gives one to another of its members, and stays as an admin.
    ///
    /// # Errors
    /// The role does not reach so far, the sign-in is too long ago, or the server cannot be asked.
    pub async fn transfer_organization(
        &self,
        id: OrganizationId,
        to: AccountId,
    ) -> Result<Organization, Problem> {
        let to = TransferOrganization { to };
        self.asked(self.signed_in()?.transfer_organization(id, &to))
            .await
    }
}
