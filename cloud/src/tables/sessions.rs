//! Sign-ins of devices and programs.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::{AccountId, SessionId};

use super::delete_some;
use crate::clock::Moment;

/// A row of `sessions`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// Its id; also the family of its refresh tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    /// Which program, by its OAuth client id.
    pub client: String,
    /// Which device, as it names itself.
    pub device: String,
    /// From which address it was last used.
    pub address: String,
    /// When the person last showed who they are.
    pub signed_in_at: Moment,
    /// When it was last used to get a token.
    pub last_used_at: Moment,
    /// When it ends if it is not used.
    pub expires_at: Moment,
    /// Since when it is over.
    pub revoked_at: Option<Moment>,
    /// Why.
    pub revoked_because: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it may be used now.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// The session with this id.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, id: SessionId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(on).await
}

/// Adds a session.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, session: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(session).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Notes that it was used.
///
/// # Errors
/// The database's.
pub async fn touch(
    on: &impl ConnectionTrait,
    id: SessionId,
    address: &str,
    now: Moment,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        address: Set(address.to_owned()),
        last_used_at: Set(now),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id.0))
        .exec(on)
        .await?;
    Ok(())
}

/// Sessions of an account that are still going, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn live_of(
    on: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}

/// Ends all sessions of an account but this one; how many.
///
/// # Errors
/// The database's.
pub async fn revoke_others(
    on: &impl ConnectionTrait,
    account: AccountId,
    but: Option<SessionId>,
    because: &str,
    now: Moment,
) -> Result<u64, DbErr> {
    let change = ActiveModel {
        revoked_at: Set(Some(now)),
        revoked_because: Set(Some(because.to_owned())),
        ..Default::default()
    };
    let mut ending = Entity::update_many()
        .set(change)
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::RevokedAt.is_null());
    if let Some(but) = but {
        ending = ending.filter(Column::Id.ne(but.0));
    }
    Ok(ending.exec(on).await?.rows_affected)
}

/// Ends one session; whether it was still going.
///
/// # Errors
/// The database's.
pub async fn revoke(
    on: &impl ConnectionTrait,
    account: AccountId,
    id: SessionId,
    because: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let change = ActiveModel {
        revoked_at: Set(Some(now)),
        revoked_because: Set(Some(because.to_owned())),
        ..Default::default()
    };
    let ended = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Forgets those that were over before this, with all that is theirs, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    before: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    let over = Condition::any()
        .add(Column::ExpiresAt.lt(before))
        .add(Column::RevokedAt.lt(before));
    delete_some::<Entity>(on, [Column::Id], over, most).await
}

/// Ends all sessions of everybody.
///
/// # Errors
/// The database's.
pub async fn revoke_all(
    on: &impl ConnectionTrait,
    because: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let change = ActiveModel {
        revoked_at: Set(Some(now)),
        revoked_because: Set(Some(because.to_owned())),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::RevokedAt.is_null())
        .exec(on)
        .await?;
    Ok(())
}

/// Sessions of an account, going or over, newest first, older than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn all_of(
    on: &impl ConnectionTrait,
    account: AccountId,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(Column::AccountId.eq(account.0));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    query.order_by_desc(Column::Id).limit(most).all(on).await
}
