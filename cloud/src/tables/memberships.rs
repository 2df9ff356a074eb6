//! Who belongs to which organization, and as what.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, PaginatorTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::member::Member;
use slipway_contract::cloud::{AccountId, OrganizationId, Role};

use super::accounts;
use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `memberships`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// Of which organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// As what, as [`Role`] is written.
    pub role: String,
    /// Since when.
    pub created_at: Moment,
    /// Goes up by one with each change.
    pub revision: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whose.
    #[must_use]
    pub fn account(&self) -> AccountId {
        AccountId(self.account_id)
    }

    /// As what.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn role(&self) -> Result<Role, Failure> {
        self.role
            .parse()
            .map_err(|error| Failure::Internal(format!("a membership: {error}")))
    }

    /// As the organization's members see it; `account` is the member's.
    ///
    /// # Errors
    /// When a row holds what was never let in.
    pub fn shown(&self, account: &accounts::Model) -> Result<Member, Failure> {
        let account = account.shown()?;
        Ok(Member {
            account: account.id,
            name: account.name,
            email: account.email,
            role: self.role()?,
            joined_at: self.created_at.into(),
        })
    }
}

/// What somebody is in an organization, if anything.
///
/// # Errors
/// The database's.
pub async fn role(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
) -> Result<Option<Role>, Failure> {
    let row = Entity::find_by_id((organization.0, account.0))
        .one(on)
        .await?;
    row.map(|row| row.role()).transpose()
}

/// Adds a member.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when they are one already.
pub async fn insert(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
    role: Role,
    now: Moment,
) -> Result<(), DbErr> {
    let row = Model {
        organization_id: organization.0,
        account_id: account.0,
        role: role.as_str().to_owned(),
        created_at: now,
        revision: 1,
    };
    Entity::insert(ActiveModel::from(row).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// A membership.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((organization.0, account.0))
        .one(on)
        .await
}

/// Members of an organization, those with the newest accounts first, at most so many.
///
/// # Errors
/// The database's.
pub async fn of_organization(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::OrganizationId.eq(organization.0));
    if let Some(after) = after {
        query = query.filter(Column::AccountId.lt(after));
    }
    query
        .order_by_desc(Column::AccountId)
        .limit(most)
        .all(on)
        .await
}

/// Memberships of a person, in the newest organizations first, at most so many.
///
/// # Errors
/// The database's.
pub async fn of_account(
    on: &impl ConnectionTrait,
    account: AccountId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(after) = after {
        query = query.filter(Column::OrganizationId.lt(after));
    }
    query
        .order_by_desc(Column::OrganizationId)
        .limit(most)
        .all(on)
        .await
}

/// How many members an organization has.
///
/// # Errors
/// The database's.
pub async fn count(on: &impl ConnectionTrait, organization: OrganizationId) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .count(on)
        .await
}

/// How many of its members are this.
///
/// # Errors
/// The database's.
pub async fn count_role(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    role: Role,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::Role.eq(role.as_str()))
        .count(on)
        .await
}

/// How many organizations somebody is this in.
///
/// # Errors
/// The database's.
pub async fn count_of(
    on: &impl ConnectionTrait,
    account: AccountId,
    role: Role,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Role.eq(role.as_str()))
        .count(on)
        .await
}

/// Changes what a member is.
///
/// # Errors
/// The database's.
pub async fn set_role(
    on: &impl ConnectionTrait,
    membership: &Model,
    role: Role,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        role: Set(role.as_str().to_owned()),
        revision: Set(membership.revision + 1),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::OrganizationId.eq(membership.organization_id))
        .filter(Column::AccountId.eq(membership.account_id))
        .exec(on)
        .await?;
    Ok(())
}

/// Ends a membership.
///
/// # Errors
/// The database's.
pub async fn delete(
    on: &impl ConnectionTrait,
    organization: OrganizationId,
    account: AccountId,
) -> Result<(), DbErr> {
    Entity::delete_by_id((organization.0, account.0))
        .exec(on)
        .await?;
    Ok(())
}

/// Everywhere that somebody belongs.
///
/// # Errors
/// The database's.
pub async fn all_of_account(
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .all(on)
        .await
}
