//! Passkeys.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::{AccountId, PasskeyId};

use crate::clock::Moment;

/// A row of `passkeys`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    /// What authenticators call it.
    #[sea_orm(unique)]
    pub credential_id: Vec<u8>,
    /// Its public key and counter, as JSON.
    pub credential: String,
    /// What its person calls it.
    pub name: String,
    /// Goes up by one with each change of its name.
    pub revision: i64,
    /// When it was added.
    pub created_at: Moment,
    /// When it last let its person in.
    pub last_used_at: Option<Moment>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The passkeys of an account, oldest first, later than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn of_account(
    on: &impl ConnectionTrait,
    account: AccountId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    query.order_by_asc(Column::Id).limit(most).all(on).await
}

/// One passkey of an account.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    account: AccountId,
    id: PasskeyId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0)
        .filter(Column::AccountId.eq(account.0))
        .one(on)
        .await
}

/// The passkey that authenticators call so.
///
/// # Errors
/// The database's.
pub async fn find_by_credential(
    on: &impl ConnectionTrait,
    credential_id: &[u8],
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::CredentialId.eq(credential_id))
        .one(on)
        .await
}

/// Adds a passkey.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when somebody has it already.
pub async fn insert(on: &impl ConnectionTrait, passkey: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(passkey).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

async fn change(on: &impl ConnectionTrait, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .exec(on)
        .await?;
    Ok(())
}

/// Changes its name.
///
/// # Errors
/// The database's.
pub async fn rename(on: &impl ConnectionTrait, passkey: &Model, name: &str) -> Result<(), DbErr> {
    let renamed = ActiveModel {
        name: Set(name.to_owned()),
        revision: Set(passkey.revision + 1),
        ..Default::default()
    };
    change(on, passkey.id, renamed).await
}

/// Notes that it was used, and its counter.
///
/// # Errors
/// The database's.
pub async fn touch(
    on: &impl ConnectionTrait,
    id: Uuid,
    credential: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let used = ActiveModel {
        credential: Set(credential.to_owned()),
        last_used_at: Set(Some(now)),
        ..Default::default()
    };
    change(on, id, used).await
}

/// Forgets a passkey of an account; whether it was there.
///
/// # Errors
/// The database's.
pub async fn delete(
    on: &impl ConnectionTrait,
    account: AccountId,
    id: PasskeyId,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .exec(on)
        .await?;
    Ok(gone.rows_affected > 0)
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
