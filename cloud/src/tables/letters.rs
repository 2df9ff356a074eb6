//! Mail that is to be sent.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::clock::Moment;

/// A row of `letters`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "letters")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The letter, sealed.
    pub sealed: Vec<u8>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is to be tried next.
    pub due_at: Moment,
    /// When it was written.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// Adds a letter.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, letter: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(letter).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Those that are due, the longest first, at most so many.
///
/// # Errors
/// The database's.
pub async fn due(on: &impl ConnectionTrait, now: Moment, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .limit(most)
        .all(on)
        .await
}

/// Puts one off, by which whoever does so has it to themselves until then; whether nobody else did first.
///
/// # Errors
/// The database's.
pub async fn put_off(
    on: &impl ConnectionTrait,
    letter: &Model,
    until: Moment,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        due_at: Set(until),
        attempts: Set(letter.attempts + 1),
        ..Default::default()
    };
    let done = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(letter.id))
        .filter(Column::Attempts.eq(letter.attempts))
        .exec(on)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Forgets one that was sent, or that cannot be.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(on).await?;
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
        .add(Column::Id.eq(row.id))
        .add(Column::Sealed.eq(&*row.sealed));
    super::seal_anew::<Entity>(on, same, Column::Sealed, sealed).await
}

/// How many there are.
///
/// # Errors
/// The database's.
pub async fn count(on: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(on).await
}
