//! The audit log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AccountId, AuditId, OrganizationId};

/// Something that happened and matters to security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditId,
    /// What, such as `member.removed`.
    pub action: String,
    /// Who did it: `account:ID`, `key:ID`, `operator`, or `nobody`.
    pub actor: String,
    /// Whose account it concerns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<AccountId>,
    /// Which organization it concerns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<OrganizationId>,
    /// What it was done to, by its id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// More of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub detail: Option<Value>,
    /// From which address; absent where it is another person's and the reader does not run the organization,
    /// and where it was done on the server's own machine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// In which request.
    pub request: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
