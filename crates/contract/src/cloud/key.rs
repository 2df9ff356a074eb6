//! API keys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ApiKeyId, Line, Scope};

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: Line<100>,
    /// How its secret begins, so that people know it again.
    pub start: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Until when; absent for one that does not end by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_used_at: Option<Timestamp>,
    /// Since when it is void.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// A new API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    pub name: Line<100>,
    /// What it may be used for: at least one scope.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
    /// For how many days, from 1 to 365; without it the key does not end by itself.
    #[serde(
        skip_serializing_if = "Option::is_none",
        default,
        deserialize_with = "super::whole::option"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>, minimum = 1, maximum = 365))]
    pub days: Option<u16>,
}

/// Another secret in the place of a key's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// For how many hours the old one can still be used, from 0 to 24.
    #[serde(default, deserialize_with = "super::whole::one")]
    #[cfg_attr(feature = "openapi", schema(value_type = u8, maximum = 24))]
    pub grace_hours: u8,
}

/// A key that was just made, with its secret, which is not shown again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeApiKey {
    /// The key.
    pub key: ApiKey,
    /// What goes into `Authorization: Bearer …`.
    pub secret: String,
}

impl std::fmt::Debug for MadeApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeApiKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
