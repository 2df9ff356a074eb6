//! Agents in the cloud and their versions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountId, AgentId, Line, OrganizationId};
use crate::{AgentName, ContentHash};

/// Who sees an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Its person alone; in an organization, too.
    Private,
    /// Every member of its organization.
    Organization,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// Its id, for good.
    pub id: AgentId,
    /// Its name, unique among those who share who sees them.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: AgentName,
    /// Its title.
    pub title: Line<200>,
    /// What it does; may be empty.
    pub description: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// In which organization it is; absent for a person's own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<OrganizationId>,
    /// Who made it; absent for what a key of an organization made, and when the account is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created_by: Option<AccountId>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it was last changed, or a version was added.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Timestamp,
}

/// A new agent of a person's own, which has no version yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// Its name: lower-case letters and digits in groups joined by single hyphens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 64, pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"))]
    pub name: AgentName,
    /// Its title.
    pub title: Line<200>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Line<2000>>,
}

/// A new agent in an organization, which has no version yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSharedAgent {
    /// Its name: lower-case letters and digits in groups joined by single hyphens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 64, pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"))]
    pub name: AgentName,
    /// Its title.
    pub title: Line<200>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Line<2000>>,
    /// Who sees it; the organization, if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visibility: Option<Visibility>,
}

impl From<NewAgent> for NewSharedAgent {
    fn from(new: NewAgent) -> Self {
        Self {
            name: new.name,
            title: new.title,
            description: new.description,
            visibility: None,
        }
    }
}

/// Changes of a person's own agent; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditAgent {
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<Line<200>>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Line<2000>>,
}

/// Changes of an agent in an organization; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditSharedAgent {
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<Line<200>>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Line<2000>>,
    /// Who sees it. Private again makes it the one's who says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub visibility: Option<Visibility>,
}

impl From<EditAgent> for EditSharedAgent {
    fn from(change: EditAgent) -> Self {
        Self {
            title: change.title,
            description: change.description,
            visibility: None,
        }
    }
}

/// A version of an agent: an immutable package, named by its content hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentVersion {
    /// The hash of its files, as the package format defines it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub content_hash: ContentHash,
    /// The bytes of its archive.
    pub bytes: u64,
    /// How many files it has.
    pub files: u64,
    /// Who added it; absent for what a key of an organization added, and when the account is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created_by: Option<AccountId>,
    /// When it was added.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
}
