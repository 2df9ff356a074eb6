//! Organizations.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{OrganizationId, Role};

use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `organizations`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Goes up by one with each change.
    pub revision: i64,
    /// Since when it is there.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> OrganizationId {
        OrganizationId(self.id)
    }

    /// As somebody sees it who is this in it; none for a key of the organization.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self, role: Option<Role>) -> Result<Organization, Failure> {
        let broken = |error| Failure::Internal(format!("organization {}: {error}", self.id));
        Ok(Organization {
            id: self.id(),
            name: self.name.parse().map_err(broken)?,
            role,
            created_at: self.created_at.into(),
        })
    }
}

/// The organization with this id.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, id: OrganizationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(on).await
}

/// Adds an organization.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, organization: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(organization).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// The organizations with these ids.
///
/// # Errors
/// The database's.
pub async fn find_all(
    on: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids)).all(on).await
}

/// Changes a name.
///
/// # Errors
/// The database's.
pub async fn rename(
    on: &impl ConnectionTrait,
    organization: &Model,
    name: &str,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        name: Set(name.to_owned()),
        revision: Set(organization.revision + 1),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(organization.id))
        .exec(on)
        .await?;
    Ok(())
}

/// Forgets an organization with all that is in it, but for its audit log.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, id: OrganizationId) -> Result<(), DbErr> {
    Entity::delete_by_id(id.0).exec(on).await?;
    Ok(())
}
