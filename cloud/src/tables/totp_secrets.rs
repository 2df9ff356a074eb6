//! Authenticator apps: one for each account.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, Set};
use slipway_contract::cloud::AccountId;

use crate::clock::Moment;

/// A row of `totp_secrets`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp_secrets")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// Since when it is asked for at sign-in; none until its first code was given.
    pub confirmed_at: Option<Moment>,
    /// The step of the last code that was used.
    pub last_step: i64,
    /// When it was made.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// The one of an account.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, account: AccountId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(account.0).one(on).await
}

/// Adds one.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, secret: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(secret).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Notes that the code of a step was used, unless that one or a later one was; whether it was noted.
///
/// # Errors
/// The database's.
pub async fn use_step(
    on: &impl ConnectionTrait,
    account: AccountId,
    step: i64,
    confirmed_at: Moment,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        last_step: Set(step),
        confirmed_at: Set(Some(confirmed_at)),
        ..Default::default()
    };
    let used = Entity::update_many()
        .set(change)
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::LastStep.lt(step))
        .exec(on)
        .await?;
    Ok(used.rows_affected > 0)
}

/// Forgets the one of an account; whether there was one.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(account.0)
        .exec(on)
        .await?
        .rows_affected
        > 0)
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
        .add(Column::AccountId.eq(row.account_id))
        .add(Column::Sealed.eq(&*row.sealed));
    super::seal_anew::<Entity>(on, same, Column::Sealed, sealed).await
}
