//! Invitations into an organization.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountId, Email, InvitationId, Line, OrganizationId, Role};

/// An invitation that nobody answered yet, as the organization sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// Who sent it last; absent when their account is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub invited_by: Option<AccountId>,
    /// Until when it can be accepted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}

/// A new invitation, which goes out by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Who is invited.
    pub email: Email,
    /// As what: no more than who asks is.
    pub role: Role,
}

/// An invitation, as the person sees it who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// Into which organization.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: Line<100>,
    /// As what.
    pub role: Role,
    /// The name of who sent it.
    pub invited_by: Line<100>,
    /// Until when it can be accepted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
}
