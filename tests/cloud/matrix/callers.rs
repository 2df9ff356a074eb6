//! The kinds of callers, and what they send.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use slipway_cloud::tokens::access::{self, Claims};
use slipway_contract::cloud::Scope;

use super::tenant::{Resident, Tenant};
use crate::kit::{Cloud, rand_bytes};

/// A kind of caller. The order is that of the table's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    // Without a valid token.
    Nobody,
    Garbage,
    Expired,
    WrongSignature,
    AlgNone,
    OtherIssuer,
    EndedSession,
    // Suspended.
    Suspended,
    SuspendedsKey,
    // Members.
    Owner,
    Admin,
    Member,
    Viewer,
    // A member who showed long ago who they are.
    OwnerOfLongAgo,
    // Others.
    Removed,
    Stranger,
    Loner,
    // People's keys.
    OwnersKey,
    OwnersKeyWithoutTheScope,
    ViewersKey,
    RemovedsKey,
    // Organizations' keys.
    OrganizationsKey,
    OrganizationsKeyWithoutTheScope,
    OtherOrganizationsKey,
    RevokedKey,
    ExpiredKey,
}

pub(super) const ALL: [Kind; 26] = [
    Kind::Nobody,
    Kind::Garbage,
    Kind::Expired,
    Kind::WrongSignature,
    Kind::AlgNone,
    Kind::OtherIssuer,
    Kind::EndedSession,
    Kind::Suspended,
    Kind::SuspendedsKey,
    Kind::Owner,
    Kind::Admin,
    Kind::Member,
    Kind::Viewer,
    Kind::OwnerOfLongAgo,
    Kind::Removed,
    Kind::Stranger,
    Kind::Loner,
    Kind::OwnersKey,
    Kind::OwnersKeyWithoutTheScope,
    Kind::ViewersKey,
    Kind::RemovedsKey,
    Kind::OrganizationsKey,
    Kind::OrganizationsKeyWithoutTheScope,
    Kind::OtherOrganizationsKey,
    Kind::RevokedKey,
    Kind::ExpiredKey,
];

impl Kind {
    /// Whose own things the caller asks for.
    pub(super) fn person(self, tenant: &Tenant) -> &Resident {
        match self {
            Self::Suspended | Self::SuspendedsKey => &tenant.suspended,
            Self::Admin => &tenant.admin,
            Self::Member => &tenant.member,
            Self::Viewer | Self::ViewersKey => &tenant.viewer,
            Self::Removed | Self::RemovedsKey => &tenant.removed,
            Self::Stranger => &tenant.stranger,
            Self::Loner => &tenant.loner,
            _ => &tenant.owner,
        }
    }

    /// What the caller sends for a route that takes this scope.
    pub(super) async fn token(self, cloud: &Cloud, tenant: &Tenant, scope: &str) -> Option<String> {
        let without: Option<Scope> = scope.parse().ok();
        let owner = &tenant.owner;
        let token = match self {
            Self::Nobody => return None,
            Self::Garbage => "garbage".to_owned(),
            Self::Expired => {
                signed(cloud, owner, |claims| {
                    claims.exp -= 3600;
                    claims.iat -= 3600;
                })
                .await
            }
            Self::WrongSignature => {
                let (text, _) = owner.access.rsplit_once('.').expect("a token");
                format!("{text}.{}", URL_SAFE_NO_PAD.encode(rand_bytes::<64>()))
            }
            Self::AlgNone => {
                let mut parts = owner.access.split('.');
                let header = URL_SAFE_NO_PAD.decode(parts.next().expect("a header"));
                let mut header: serde_json::Value =
                    serde_json::from_slice(&header.expect("base64")).expect("JSON");
                header["alg"] = json!("none");
                let header = URL_SAFE_NO_PAD.encode(header.to_string());
                format!("{header}.{}.", parts.next().expect("claims"))
            }
            Self::OtherIssuer => {
                signed(cloud, owner, |claims| {
                    claims.iss = "https://elsewhere.example".to_owned();
                })
                .await
            }
            Self::EndedSession => tenant.ended.clone(),
            Self::Suspended
            | Self::Owner
            | Self::Admin
            | Self::Member
            | Self::Viewer
            | Self::Removed
            | Self::Stranger
            | Self::Loner => self.person(tenant).access.clone(),
            Self::OwnerOfLongAgo => tenant.of_long_ago.clone(),
            Self::OwnersKey | Self::ViewersKey | Self::RemovedsKey | Self::SuspendedsKey => {
                self.person(tenant).key.secret.clone()
            }
            Self::OwnersKeyWithoutTheScope => owner.less_key(without),
            Self::OrganizationsKey => tenant.key.secret.clone(),
            Self::OrganizationsKeyWithoutTheScope => tenant.less_key(without),
            Self::OtherOrganizationsKey => tenant.other_key.secret.clone(),
            Self::RevokedKey => tenant.revoked_key.clone(),
            Self::ExpiredKey => tenant.expired_key.clone(),
        };
        Some(token)
    }
}

/// A token of the server's own key that says something else.
async fn signed(cloud: &Cloud, person: &Resident, change: impl FnOnce(&mut Claims)) -> String {
    let text = person.access.split('.').nth(1).expect("claims");
    let text = URL_SAFE_NO_PAD.decode(text).expect("base64");
    let mut claims: Claims = serde_json::from_slice(&text).expect("claims");
    change(&mut claims);
    let signed = access::written(&cloud.server, &claims).await;
    signed.expect("a token")
}
