//! What was answered to requests with an `Idempotency-Key`.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait};

use super::delete_some;
use crate::clock::Moment;

/// A row of `idempotency_keys`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub caller: String,
    /// The key that they gave.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the request.
    pub request: Vec<u8>,
    /// The answer's status.
    pub status: i64,
    /// The answer's body, sealed.
    pub answer: Vec<u8>,
    /// When it was given.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// What was answered, if anything.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    caller: &str,
    key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((caller.to_owned(), key.to_owned()))
        .one(on)
        .await
}

/// Keeps an answer.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when there is one.
pub async fn insert(on: &impl ConnectionTrait, answer: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(answer).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Forgets what was answered before this, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    before: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    let key = [Column::Caller, Column::Key];
    delete_some::<Entity>(on, key, Column::CreatedAt.lt(before), most).await
}

/// Forgets what was answered to these callers.
///
/// # Errors
/// The database's.
pub async fn delete_of(
    on: &impl ConnectionTrait,
    callers: impl IntoIterator<Item = String>,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Caller.is_in(callers))
        .exec(on)
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
        .add(Column::Caller.eq(&*row.caller))
        .add(Column::Key.eq(&*row.key))
        .add(Column::Answer.eq(&*row.answer));
    super::seal_anew::<Entity>(on, same, Column::Answer, sealed).await
}
