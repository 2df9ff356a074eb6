//! API keys, of the person or of an organization.

use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey, RotateApiKey};
use slipway_contract::cloud::{ApiKeyId, OrganizationId};

use crate::call::{Call, Client};
use crate::error::CloudError;
use crate::operations::{
    CREATE_KEY, CREATE_ORGANIZATION_KEY, LIST_KEYS, LIST_ORGANIZATION_KEYS, REVOKE_KEY,
    REVOKE_ORGANIZATION_KEY, ROTATE_KEY, ROTATE_ORGANIZATION_KEY,
};

impl Client {
    /// The keys, newest first.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn keys(&self, of: Option<OrganizationId>) -> Result<Vec<ApiKey>, CloudError> {
        match of {
            None => self.all(&LIST_KEYS, None).await,
            Some(of) => {
                self.all(&LIST_ORGANIZATION_KEYS, Some(of.to_string()))
                    .await
            }
        }
    }

    /// Makes one. Its secret is not shown again.
    ///
    /// # Errors
    /// As everywhere.
    pub async fn create_key(
        &self,
        of: Option<OrganizationId>,
        key: &NewApiKey,
    ) -> Result<MadeApiKey, CloudError> {
        match of {
            None => self.get(Call::of(&CREATE_KEY).body(key)).await,
            Some(of) => {
                let call = Call::of(&CREATE_ORGANIZATION_KEY).place(of).body(key);
                self.get(call).await
            }
        }
    }

    /// Gives one another secret.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn rotate_key(
        &self,
        of: Option<OrganizationId>,
        key: ApiKeyId,
        how: &RotateApiKey,
    ) -> Result<MadeApiKey, CloudError> {
        match of {
            None => self.get(Call::of(&ROTATE_KEY).place(key).body(how)).await,
            Some(of) => {
                let call = Call::of(&ROTATE_ORGANIZATION_KEY).place(of).place(key);
                self.get(call.body(how)).await
            }
        }
    }

    /// Makes one void at once.
    ///
    /// # Errors
    /// There is none of this id, or as everywhere.
    pub async fn revoke_key(
        &self,
        of: Option<OrganizationId>,
        key: ApiKeyId,
    ) -> Result<(), CloudError> {
        match of {
            None => self.get(Call::of(&REVOKE_KEY).place(key)).await,
            Some(of) => {
                let call = Call::of(&REVOKE_ORGANIZATION_KEY).place(of).place(key);
                self.get(call).await
            }
        }
    }
}
