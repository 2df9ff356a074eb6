//! Who may do what in an organization: the one table that server, window and documentation share.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a member of an organization is. Each role may do what the ones below it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees the organization and its agents.
    Viewer,
    /// Works on its agents.
    Member,
    /// Manages members, invitations and keys.
    Admin,
    /// May give it away and delete it. There is always one.
    Owner,
}

impl Role {
    /// All, the least first.
    pub const ALL: &[Self] = &[Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// Whether it may do this.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self >= permission.least()
    }

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// As what somebody is in a sentence.
    #[must_use]
    pub const fn with_article(self) -> &'static str {
        match self {
            Self::Viewer => "a viewer",
            Self::Member => "a member",
            Self::Admin => "an admin",
            Self::Owner => "an owner",
        }
    }
}

/// What can be done in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See its name and what one is in it.
    ReadOrganization,
    /// Change its name.
    EditOrganization,
    /// Delete it.
    DeleteOrganization,
    /// Make another member its owner.
    TransferOrganization,
    /// Leave it.
    LeaveOrganization,
    /// See who belongs to it.
    ReadMembers,
    /// Change a role, or remove a member, of no higher role than one's own.
    EditMembers,
    /// See, send and take back invitations.
    Invite,
    /// See, make, rotate and revoke its API keys.
    ManageKeys,
    /// Read its audit log.
    ReadAudit,
    /// See and fetch its agents.
    ReadAgents,
    /// Add agents and versions, and change them.
    WriteAgents,
    /// Delete its agents.
    DeleteAgents,
}

impl Permission {
    /// All.
    pub const ALL: &[Self] = &[
        Self::ReadOrganization,
        Self::EditOrganization,
        Self::DeleteOrganization,
        Self::TransferOrganization,
        Self::LeaveOrganization,
        Self::ReadMembers,
        Self::EditMembers,
        Self::Invite,
        Self::ManageKeys,
        Self::ReadAudit,
        Self::ReadAgents,
        Self::WriteAgents,
        Self::DeleteAgents,
    ];

    /// The least role that may.
    #[must_use]
    pub const fn least(self) -> Role {
        match self {
            Self::ReadOrganization
            | Self::LeaveOrganization
            | Self::ReadMembers
            | Self::ReadAgents => Role::Viewer,
            Self::WriteAgents => Role::Member,
            Self::EditOrganization
            | Self::EditMembers
            | Self::Invite
            | Self::ManageKeys
            | Self::ReadAudit
            | Self::DeleteAgents => Role::Admin,
            Self::DeleteOrganization | Self::TransferOrganization => Role::Owner,
        }
    }

    /// The scope by which an API key may; `None` where a person must do it.
    #[must_use]
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::ReadOrganization => Some(Scope::ReadOrganizations),
            Self::ReadMembers => Some(Scope::ReadMembers),
            Self::ReadAudit => Some(Scope::ReadAudit),
            Self::ReadAgents => Some(Scope::ReadAgents),
            Self::WriteAgents => Some(Scope::WriteAgents),
            Self::DeleteAgents => Some(Scope::DeleteAgents),
            Self::EditOrganization
            | Self::DeleteOrganization
            | Self::TransferOrganization
            | Self::LeaveOrganization
            | Self::EditMembers
            | Self::Invite
            | Self::ManageKeys => None,
        }
    }

    /// What it lets one do, in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::ReadOrganization => "See the organization and one's role in it",
            Self::EditOrganization => "Change its name",
            Self::DeleteOrganization => "Delete it",
            Self::TransferOrganization => "Make another member its owner",
            Self::LeaveOrganization => "Leave it",
            Self::ReadMembers => "See who belongs to it",
            Self::EditMembers => {
                "Change a role, or remove a member, of no higher role than one's own"
            }
            Self::Invite => "See, send and take back invitations",
            Self::ManageKeys => "See, make, rotate and revoke its API keys",
            Self::ReadAudit => "Read its audit log",
            Self::ReadAgents => "See and fetch its agents",
            Self::WriteAgents => "Add agents and versions, and change them",
            Self::DeleteAgents => "Delete its agents",
        }
    }
}

/// What an API key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// See whose key it is.
    #[serde(rename = "account:read")]
    ReadAccount,
    /// See organizations.
    #[serde(rename = "organizations:read")]
    ReadOrganizations,
    /// See members.
    #[serde(rename = "members:read")]
    ReadMembers,
    /// Read audit logs.
    #[serde(rename = "audit:read")]
    ReadAudit,
    /// See and fetch agents.
    #[serde(rename = "agents:read")]
    ReadAgents,
    /// Add and change agents.
    #[serde(rename = "agents:write")]
    WriteAgents,
    /// Delete agents.
    #[serde(rename = "agents:delete")]
    DeleteAgents,
}

impl Scope {
    /// All.
    pub const ALL: &[Self] = &[
        Self::ReadAccount,
        Self::ReadOrganizations,
        Self::ReadMembers,
        Self::ReadAudit,
        Self::ReadAgents,
        Self::WriteAgents,
        Self::DeleteAgents,
    ];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadAccount => "account:read",
            Self::ReadOrganizations => "organizations:read",
            Self::ReadMembers => "members:read",
            Self::ReadAudit => "audit:read",
            Self::ReadAgents => "agents:read",
            Self::WriteAgents => "agents:write",
            Self::DeleteAgents => "agents:delete",
        }
    }

    /// What it lets a key do, in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::ReadAccount => "See whose key it is",
            Self::ReadOrganizations => "See organizations",
            Self::ReadMembers => "See members",
            Self::ReadAudit => "Read audit logs",
            Self::ReadAgents => "See and fetch agents",
            Self::WriteAgents => "Add and change agents",
            Self::DeleteAgents => "Delete agents",
        }
    }

    /// Whether a key with it does nothing in an organization that this role may not.
    #[must_use]
    pub fn is_within(self, role: Role) -> bool {
        let asked = Permission::ALL.iter().copied();
        asked
            .filter(|permission| permission.scope() == Some(self))
            .all(|permission| role.may(permission))
    }
}

/// A text that is no role or no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is none of {known}")]
pub struct UnknownWord {
    /// What was given.
    pub given: String,
    /// What there is.
    pub known: String,
}

macro_rules! words {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.iter().copied().find(|each| each.as_str() == text);
                found.ok_or_else(|| UnknownWord {
                    given: text.chars().take(80).collect(),
                    known: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    )*};
}

words!(Role, Scope);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_the_ones_below_it_may() {
        for permission in Permission::ALL {
            let who: Vec<bool> = Role::ALL.iter().map(|role| role.may(*permission)).collect();
            assert!(who.is_sorted(), "{permission:?}: {who:?}");
            assert!(Role::Owner.may(*permission));
        }
    }

    #[test]
    fn no_key_changes_who_may_what() {
        for permission in [
            Permission::EditMembers,
            Permission::Invite,
            Permission::ManageKeys,
            Permission::TransferOrganization,
        ] {
            assert_eq!(permission.scope(), None);
        }
    }

    #[test]
    fn a_scope_is_within_a_role_that_may_all_of_it() {
        assert!(Scope::ReadAgents.is_within(Role::Viewer));
        assert!(!Scope::WriteAgents.is_within(Role::Viewer));
        assert!(Scope::WriteAgents.is_within(Role::Member));
        assert!(!Scope::DeleteAgents.is_within(Role::Member));
        assert!(Scope::ALL.iter().all(|scope| scope.is_within(Role::Admin)));
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for scope in Scope::ALL {
            assert_eq!(
                serde_json::to_string(scope).unwrap(),
                format!("{:?}", scope.as_str())
            );
            assert_eq!(scope.as_str().parse::<Scope>().unwrap(), *scope);
        }
        assert!(
            "root"
                .parse::<Role>()
                .unwrap_err()
                .to_string()
                .contains("viewer, member, admin, owner")
        );
    }
}
