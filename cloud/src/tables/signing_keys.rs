//! The keys that sign access tokens, sealed.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder};

use crate::clock::Moment;

/// A row of `signing_keys`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    /// What tokens name it by (`kid`): its thumbprint of RFC 7638.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Moment,
    /// Until when new tokens are signed with it.
    pub signs_until: Moment,
    /// Until when tokens that it signed are taken.
    pub verifies_until: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// Those that tokens may still be signed with or checked by, the newest first.
///
/// # Errors
/// The database's.
pub async fn current(on: &impl ConnectionTrait, now: Moment) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::VerifiesUntil.gt(now))
        .order_by_desc(Column::CreatedAt)
        .all(on)
        .await
}

/// Adds a key, and forgets those that nothing can be checked by any more.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, key: Model, now: Moment) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::VerifiesUntil.lte(now))
        .exec(on)
        .await?;
    Entity::insert(ActiveModel::from(key).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// All of them.
///
/// # Errors
/// The database's.
pub async fn all(on: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(on).await
}

/// Keeps one as this, sealed anew, or forgets it; unless it was changed since it was read.
///
/// # Errors
/// The database's.
pub async fn seal_anew(
    on: &impl ConnectionTrait,
    row: &Model,
    sealed: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    let same = Condition::all()
        .add(Column::Id.eq(&*row.id))
        .add(Column::Sealed.eq(&*row.sealed));
    super::seal_anew::<Entity>(on, same, Column::Sealed, sealed).await
}
