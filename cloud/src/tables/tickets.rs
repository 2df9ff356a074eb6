//! What is good once and for a while, by its fingerprint.

use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use slipway_contract::cloud::AccountId;

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
