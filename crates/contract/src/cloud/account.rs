//! Accounts and their sessions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountId, Email, Line};

/// The person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Its id, for good.
    pub id: AccountId,
    /// Where mail goes.
    pub email: Email,
    /// Whether the person has shown that mail to it reaches them.
    pub email_verified: bool,
    /// How others see them.
    pub name: Line<100>,
    /// Since when it is there.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// Changes of an account; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditAccount {
    /// How others see them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<Line<100>>,
}
