//! API keys, of the person or of an organization.

use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey, RotateApiKey};
use slipway_contract::cloud::{ApiKeyId, OrganizationId};
use slipway_contract::{ErrorCode, Problem};

use super::Cloud;

impl Cloud {
    /// The person's own, or an organization's, newest first.
    ///
    /// # Errors
    /// The role does not reach so far, or the server cannot be asked.
    pub async fn list_keys(&self, of: Option<OrganizationId>) -> Result<Vec<ApiKey>, Problem> {
        self.asked(self.signed_in()?.keys(of)).await
    }

    /// The one that a person means by its id, or among those in use by its name or how its secret begins.
    ///
    /// # Errors
    /// There is none, or there are several; or the server cannot be asked.
    pub async fn key_named(
        &self,
        of: Option<OrganizationId>,
        text: &str,
    ) -> Result<ApiKey, Problem> {
        let id: Option<ApiKeyId> = text.parse().ok();
        let all = self.list_keys(of).await?;
        let now = self.clock.now();
        let is_meant = |key: &ApiKey| {
            let is_live = key.revoked_at.is_none() && key.expires_at.is_none_or(|end| now < end);
            Some(key.id) == id || (is_live && (key.name.as_str() == text || key.start == text))
        };
        let mut meant = all.into_iter().filter(is_meant);
        let first = meant.next().ok_or_else(|| {
            let message = format!("there is no such key: {text:?}");
            Problem::new(ErrorCode::NotFound, message)
                .help("Those that there are: slipway cloud keys list")
        })?;
        match meant.next() {
            None => Ok(first),
            Some(_) => {
                let message = format!("there are several keys {text:?}");
                Err(Problem::new(ErrorCode::InvalidInput, message)
                    .help("Say how the one begins that you mean: slipway cloud keys list"))
            }
        }
    }

    /// Makes one. Its secret is not shown again.
    ///
    /// # Errors
    /// The role does not reach so far, a scope is missing or too much, or the server cannot be asked.
    pub async fn create_key(
        &self,
        of: Option<OrganizationId>,
        key: NewApiKey,
    ) -> Result<MadeApiKey, Problem> {
        self.asked(self.signed_in()?.create_key(of, &key)).await
    }

    /// Gives one another secret; the old one can be used for some hours, from 0 to 24.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn rotate_key(
        &self,
        of: Option<OrganizationId>,
        key: ApiKeyId,
        grace_hours: u8,
    ) -> Result<MadeApiKey, Problem> {
        let how = RotateApiKey { grace_hours };
        self.asked(self.signed_in()?.rotate_key(of, key, &how))
            .await
    }

    /// Makes one void at once.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn revoke_key(
        &self,
        of: Option<OrganizationId>,
        key: ApiKeyId,
    ) -> Result<(), Problem> {
        self.asked(self.signed_in()?.revoke_key(of, key)).await
    }
}
