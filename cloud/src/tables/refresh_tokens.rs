//! Refresh tokens, by their fingerprints. Those of one session are a family: each is used once.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QuerySelect, QueryTrait, Set};

use super::{delete_some, sessions};
use crate::clock::Moment;

/// A row of `refresh_tokens`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Of which session.
    pub session_id: Uuid,
    /// When it was given out.
    pub issued_at: Moment,
    /// Until when it may be used.
    pub expires_at: Moment,
    /// When it was used.
    pub used_at: Option<Moment>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The token with this fingerprint.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(hash.to_vec()).one(on).await
}

/// Adds a token.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, token: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(token).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Notes that it was used.
///
/// # Errors
/// The database's.
pub async fn mark_used(on: &impl ConnectionTrait, hash: &[u8], now: Moment) -> Result<(), DbErr> {
    let change = ActiveModel {
        used_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Hash.eq(hash))
        .exec(on)
        .await?;
    Ok(())
}

/// Forgets those whose time is over, and those of sessions that were ended, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_void(on: &impl ConnectionTrait, now: Moment, most: u64) -> Result<u64, DbErr> {
    let ended = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(sessions::Column::RevokedAt.is_not_null())
        .into_query();
    let void = Condition::any()
        .add(Column::ExpiresAt.lte(now))
        .add(Column::SessionId.in_subquery(ended));
    delete_some::<Entity>(on, [Column::Hash], void, most).await
}
