//! What is good once and for a while, by its fingerprint.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};
use slipway_contract::cloud::{AccountId, SessionId};

use super::delete_some;
use crate::clock::Moment;

/// A row of `tickets`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tickets")]
pub struct Model {
    /// SHA-256 of the ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// What it is good for.
    pub purpose: String,
    /// Whose it is, where it is somebody's already.
    pub account_id: Option<Uuid>,
    /// In which session it was begun, where it was in one.
    pub session_id: Option<Uuid>,
    /// What it is about, sealed.
    pub sealed: Vec<u8>,
    /// Until when it is good.
    pub expires_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// The ticket with this fingerprint.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(hash.to_vec()).one(on).await
}

/// Adds a ticket.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, ticket: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(ticket).reset_all())
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

/// Keeps one as this, sealed anew, or forgets it.
///
/// # Errors
/// The database's.
pub async fn seal_anew(
    on: &impl ConnectionTrait,
    row: &Model,
    sealed: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    let same = Column::Hash.eq(&*row.hash);
    super::seal_anew::<Entity>(on, same, Column::Sealed, sealed).await
}

/// Forgets a ticket; whether it was there.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, hash: &[u8]) -> Result<bool, DbErr> {
    let gone = Entity::delete_by_id(hash.to_vec()).exec(on).await?;
    Ok(gone.rows_affected > 0)
}

/// Forgets all tickets of an account for one purpose.
///
/// # Errors
/// The database's.
pub async fn delete_of(
    on: &impl ConnectionTrait,
    account: AccountId,
    purpose: &str,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Purpose.eq(purpose))
        .exec(on)
        .await?;
    Ok(())
}

/// Which of an account's for a purpose ends first, among those whose time is not over.
///
/// # Errors
/// The database's.
pub async fn first(
    on: &impl ConnectionTrait,
    account: AccountId,
    purpose: &str,
    now: Moment,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::ExpiresAt.gt(now))
        .order_by_asc(Column::ExpiresAt)
        .one(on)
        .await
}

/// Which accounts have tickets for a purpose.
///
/// # Errors
/// The database's.
pub async fn accounts_with(
    on: &impl ConnectionTrait,
    purpose: &str,
) -> Result<Vec<AccountId>, DbErr> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .distinct()
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::AccountId.is_not_null())
        .into_tuple()
        .all(on)
        .await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

/// Forgets all tickets of an account but those for these purposes and, where one is named, those of a session.
///
/// # Errors
/// The database's.
pub async fn delete_others(
    on: &impl ConnectionTrait,
    account: AccountId,
    but: Option<SessionId>,
    kept: &[&str],
) -> Result<(), DbErr> {
    let mut others = Condition::all()
        .add(Column::AccountId.eq(account.0))
        .add(Column::Purpose.is_not_in(kept.iter().copied()));
    if let Some(but) = but {
        let elsewhere = Condition::any()
            .add(Column::SessionId.is_null())
            .add(Column::SessionId.ne(but.0));
        others = others.add(elsewhere);
    }
    Entity::delete_many().filter(others).exec(on).await?;
    Ok(())
}

/// Forgets all tickets that were begun in a session.
///
/// # Errors
/// The database's.
pub async fn delete_begun_in(on: &impl ConnectionTrait, session: SessionId) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::SessionId.eq(session.0))
        .exec(on)
        .await?;
    Ok(())
}

/// Forgets the tickets of all accounts but those for these purposes.
///
/// # Errors
/// The database's.
pub async fn delete_of_everybody(on: &impl ConnectionTrait, kept: &[&str]) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.is_not_null())
        .filter(Column::Purpose.is_not_in(kept.iter().copied()))
        .exec(on)
        .await?;
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
    delete_some::<Entity>(on, [Column::Hash], Column::ExpiresAt.lte(now), most).await
}
