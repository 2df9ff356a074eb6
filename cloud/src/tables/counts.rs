//! Counts of what went wrong.

use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::delete_some;
use crate::clock::Moment;

/// A row of `counts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counts")]
pub struct Model {
    /// What is counted, and of whom, as SHA-256.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// How many so far.
    pub count: i64,
    /// When it begins anew.
    pub ends_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// A count that is going on.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    hash: &[u8],
    now: Moment,
) -> Result<Option<Model>, DbErr> {
    let found = Entity::find_by_id(hash.to_vec()).one(on).await?;
    Ok(found.filter(|row| now < row.ends_at))
}

/// Keeps a count in the place of what was there.
///
/// # Errors
/// The database's.
pub async fn put(on: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let there = OnConflict::column(Column::Hash)
        .update_columns([Column::Count, Column::EndsAt])
        .to_owned();
    Entity::insert(ActiveModel::from(row).reset_all())
        .on_conflict(there)
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Forgets a count.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, hash: &[u8]) -> Result<(), DbErr> {
    Entity::delete_by_id(hash.to_vec()).exec(on).await?;
    Ok(())
}

/// Forgets those whose time is over, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    now: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    delete_some::<Entity>(on, [Column::Hash], Column::EndsAt.lte(now), most).await
}
