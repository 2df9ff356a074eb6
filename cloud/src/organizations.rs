//! Organizations: who belongs to them, and what becomes of what they leave behind.
//!
//! Every function works in its caller's transaction, which is serializable. So an organization has an
//! owner at any time, whoever goes at the same moment.

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{AccountId, Line, OrganizationId, Permission, ProblemCode, Role};

use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::access::Membership;
use crate::http::acting::{About, Acting};
use crate::quotas;
use crate::tables::{agents, api_keys, memberships, organizations};

/// What somebody does to a member of an organization.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// In which organization.
    pub organization: OrganizationId,
    /// What the one who acts is in it now.
    pub by: Role,
    /// When.
    pub now: Moment,
}

fn last_owner(name: &str) -> Failure {
    Failure::new(
        ProblemCode::LastOwner,
        format!(
            "“{name}” would have no owner left. Transfer it to another member first, or delete it."
        ),
    )
}

fn too_high(role: Role) -> Failure {
    Failure::new(
        ProblemCode::Forbidden,
        format!(
            "You are less than {role} in this organization: nobody acts on more than they are."
        ),
    )
}

/// Makes an organization, which who asks then owns.
///
/// # Errors
/// When they own too many; the database's.
pub async fn create(
    acting: &Acting,
    on: &impl ConnectionTrait,
    id: OrganizationId,
    name: &Line<100>,
) -> Result<Organization, Failure> {
    let (now, owner) = (acting.now(), acting.account()?);
    let owned = memberships::count_of(on, owner, Role::Owner).await?;
    quotas::ORGANIZATIONS.room(owned)?;
    let row = organizations::Model {
        id: id.0,
        name: name.as_str().to_owned(),
        revision: 1,
        created_at: now,
    };
    let shown = row.shown(Some(Role::Owner))?;
    organizations::insert(on, row).await?;
    memberships::insert(on, id, owner, Role::Owner, now).await?;
    let about = About {
        organization: Some(id),
        target: Some(id.to_string()),
        ..About::default()
    };
    acting.record(on, "organization.created", about).await?;
    Ok(shown)
}

/// A member as they are now.
///
/// # Errors
/// When they are none.
pub async fn member(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
) -> Result<memberships::Model, Failure> {
    let found = memberships::find(on, organization, account).await?;
    found.ok_or_else(|| Failure::not_found("member"))
}

async fn keep_an_owner(
    on: &impl ConnectionTrait,
    membership: &memberships::Model,
) -> Result<(), Failure> {
    let organization = OrganizationId(membership.organization_id);
    let is_owner = membership.role()? == Role::Owner;
    if is_owner && memberships::count_role(on, organization, Role::Owner).await? <= 1 {
        let found = organizations::find(on, organization).await?;
        let name = found.map(|row| row.name).unwrap_or_default();
        return Err(last_owner(&name));
    }
    Ok(())
}

impl Act {
    /// Gives a member another role.
    ///
    /// # Errors
    /// When either role is higher than that of who acts, or the last owner would go.
    pub async fn change_role(
        &self,
        on: &impl ConnectionTrait,
        membership: &memberships::Model,
        role: Role,
    ) -> Result<(), Failure> {
        let old = membership.role()?;
        if let Some(high) = [old, role].into_iter().find(|each| *each > self.by) {
            return Err(too_high(high));
        }
        if role < old {
            keep_an_owner(on, membership).await?;
        }
        memberships::set_role(on, membership, role).await?;
        self.cut_keys(on, membership.account(), Some(role)).await
    }

    /// Ends a membership: at once for the member, and for every key of the organization that they made.
    ///
    /// # Errors
    /// When their role is higher than that of who acts, or the last owner would go.
    pub async fn remove(
        &self,
        on: &impl ConnectionTrait,
        membership: &memberships::Model,
    ) -> Result<(), Failure> {
        let role = membership.role()?;
        if role > self.by {
            return Err(too_high(role));
        }
        keep_an_owner(on, membership).await?;
        let account = membership.account();
        agents::take_along(on, self.organization, Some(account)).await?;
        memberships::delete(on, self.organization, account).await?;
        self.cut_keys(on, account, None).await
    }

    /// Revokes what a member's keys for the organization have beyond what the member has.
    async fn cut_keys(
        &self,
        on: &impl ConnectionTrait,
        maker: AccountId,
        role: Option<Role>,
    ) -> Result<(), Failure> {
        for key in api_keys::made_by(on, self.organization, maker).await? {
            let scopes = key.scopes()?;
            let is_within =
                role.is_some_and(|role| scopes.iter().all(|scope| scope.is_within(role)));
            if !is_within {
                api_keys::revoke(on, key.id, self.now).await?;
            }
        }
        Ok(())
    }
}

/// Ends a membership: by its member, or by whoever has this permission. `action` is what the log calls it.
///
/// # Errors
/// When who acts may not, or the last owner would go.
pub async fn end(
    acting: &Acting,
    membership: &Membership,
    permission: Permission,
    account: AccountId,
    action: &str,
) -> Result<(), Failure> {
    let organization = membership.organization;
    let database = &acting.server.database;
    database
        .write(|on| async move {
            let by = membership
                .confirm_person(&on, &acting.caller, permission)
                .await?;
            let now = acting.now();
            let act = Act {
                organization,
                by,
                now,
            };
            act.remove(&on, &member(&on, organization, account).await?)
                .await?;
            let about = About {
                organization: Some(organization),
                account: Some(account),
                target: Some(account.to_string()),
                ..About::default()
            };
            acting.record(&on, action, about).await
        })
        .await
}

/// Makes a member owner in the place of another, who stays as an admin.
///
/// # Errors
/// The database's.
pub async fn transfer(
    on: &impl ConnectionTrait,
    from: &memberships::Model,
    to: &memberships::Model,
) -> Result<(), Failure> {
    memberships::set_role(on, to, Role::Owner).await?;
    Ok(memberships::set_role(on, from, Role::Admin).await?)
}

/// Deletes an organization. Agents that are private to a member stay the member's.
///
/// # Errors
/// The database's.
pub async fn delete(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
) -> Result<(), Failure> {
    agents::take_along(on, organization, None).await?;
    Ok(organizations::delete(on, organization).await?)
}
