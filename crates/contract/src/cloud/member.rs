//! Members of an organization.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountId, Email, Line, Role};

/// A member of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Whose account it is.
    pub account: AccountId,
    /// How others see them.
    pub name: Line<100>,
    /// Where mail goes.
    pub email: Email,
    /// What they are in it.
    pub role: Role,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub joined_at: Timestamp,
}

/// Changes of a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditMember {
    /// What they become: no more than who asks is.
    pub role: Role,
}
