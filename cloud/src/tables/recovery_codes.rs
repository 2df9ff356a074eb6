//! Codes that stand in for a lost second factor, by their fingerprints.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};
use slipway_contract::cloud::AccountId;

use crate::clock::Moment;

/// A row of `recovery_codes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_codes")]
pub struct Model {
    /// SHA-256 of the account's id and the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Whose.
    pub account_id: Uuid,
    /// When it was used.
    pub used_at: Option<Moment>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Adds a code.
///
/// # Errors
/// The database's.
pub async fn insert(
    on: &impl ConnectionTrait,
    account: AccountId,
    hash: &[u8],
) -> Result<(), DbErr> {
    let row = Model {
        hash: hash.to_vec(),
        account_id: account.0,
        used_at: None,
    };
    Entity::insert(ActiveModel::from(row).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Uses a code up; whether it was there and unused.
///
/// # Errors
/// The database's.
pub async fn take(
    on: &impl ConnectionTrait,
    account: AccountId,
    hash: &[u8],
    now: Moment,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        used_at: Set(Some(now)),
        ..Default::default()
    };
    let used = Entity::update_many()
        .set(change)
        .filter(Column::Hash.eq(hash))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::UsedAt.is_null())
        .exec(on)
        .await?;
    Ok(used.rows_affected > 0)
}

/// How many of an account are unused.
///
/// # Errors
/// The database's.
pub async fn left(on: &impl ConnectionTrait, account: AccountId) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::UsedAt.is_null())
        .count(on)
        .await
}

/// Forgets all of an account.
///
/// # Errors
/// The database's.
pub async fn delete_of(on: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .exec(on)
        .await?;
    Ok(())
}
