//! Programs that wait for somebody to let them in from a browser elsewhere, by the fingerprints of their codes.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, Set};
use slipway_contract::cloud::{AccountId, SessionId};

use super::delete_some;
use crate::clock::Moment;

/// A row of `device_requests`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_requests")]
pub struct Model {
    /// SHA-256 of the code that the program asks with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// What the server's secret makes of the code that a person types.
    #[sea_orm(unique)]
    pub user_code: Vec<u8>,
    /// Which program, by its OAuth client id.
    pub client: String,
    /// Which device, as it names itself.
    pub device: String,
    /// From which address it asked.
    pub address: String,
    /// When it asked.
    pub asked_at: Moment,
    /// Until when it can be let in.
    pub expires_at: Moment,
    /// When it last asked what became of it.
    pub polled_at: Option<Moment>,
    /// How many seconds it waits before it asks so again.
    pub pause: i64,
    /// Who let it in.
    pub account_id: Option<Uuid>,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// When they had shown who they are.
    pub signed_in_at: Option<Moment>,
    /// When somebody said no.
    pub denied_at: Option<Moment>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody answered yet.
    Waiting,
    /// Somebody let the program in.
    Allowed {
        /// Who.
        account: AccountId,
        /// When they had shown who they are.
        signed_in_at: Moment,
    },
    /// Somebody did not.
    Denied,
}

impl Model {
    /// What became of it.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.account_id, self.signed_in_at) {
            _ if self.denied_at.is_some() => State::Denied,
            (Some(account), Some(signed_in_at)) => State::Allowed {
                account: AccountId(account),
                signed_in_at,
            },
            _ => State::Waiting,
        }
    }
}

/// The request with this fingerprint.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(hash.to_vec()).one(on).await
}

/// The request with this code of a person's.
///
/// # Errors
/// The database's.
pub async fn find_by_user_code(
    on: &impl ConnectionTrait,
    user_code: &[u8],
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::UserCode.eq(user_code))
        .one(on)
        .await
}

/// Adds a request.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, request: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(request).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

async fn change(on: &impl ConnectionTrait, hash: &[u8], change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many()
        .set(change)
        .filter(Column::Hash.eq(hash))
        .exec(on)
        .await?;
    Ok(())
}

/// Notes that the program asked what became of it, and how long it is to wait now.
///
/// # Errors
/// The database's.
pub async fn poll(
    on: &impl ConnectionTrait,
    hash: &[u8],
    now: Moment,
    pause: i64,
) -> Result<(), DbErr> {
    let polled = ActiveModel {
        polled_at: Set(Some(now)),
        pause: Set(pause),
        ..Default::default()
    };
    change(on, hash, polled).await
}

/// Notes who lets the program in.
///
/// # Errors
/// The database's.
pub async fn allow(
    on: &impl ConnectionTrait,
    hash: &[u8],
    account: AccountId,
    session: SessionId,
    signed_in_at: Moment,
) -> Result<(), DbErr> {
    let allowed = ActiveModel {
        account_id: Set(Some(account.0)),
        session_id: Set(Some(session.0)),
        signed_in_at: Set(Some(signed_in_at)),
        ..Default::default()
    };
    change(on, hash, allowed).await
}

/// Notes that somebody said no.
///
/// # Errors
/// The database's.
pub async fn deny(on: &impl ConnectionTrait, hash: &[u8], now: Moment) -> Result<(), DbErr> {
    let denied = ActiveModel {
        denied_at: Set(Some(now)),
        ..Default::default()
    };
    change(on, hash, denied).await
}

async fn deny_those(on: &impl ConnectionTrait, which: Condition, now: Moment) -> Result<(), DbErr> {
    let denied = ActiveModel {
        denied_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(denied)
        .filter(which.add(Column::DeniedAt.is_null()))
        .exec(on)
        .await?;
    Ok(())
}

/// Takes back what an account let in and what did not ask yet, but for what one session let in.
///
/// # Errors
/// The database's.
pub async fn deny_others(
    on: &impl ConnectionTrait,
    account: AccountId,
    but: Option<SessionId>,
    now: Moment,
) -> Result<(), DbErr> {
    let mut others = Condition::all().add(Column::AccountId.eq(account.0));
    if let Some(but) = but {
        let elsewhere = Condition::any()
            .add(Column::SessionId.is_null())
            .add(Column::SessionId.ne(but.0));
        others = others.add(elsewhere);
    }
    deny_those(on, others, now).await
}

/// Takes back what a session let in.
///
/// # Errors
/// The database's.
pub async fn deny_let_in_by(
    on: &impl ConnectionTrait,
    session: SessionId,
    now: Moment,
) -> Result<(), DbErr> {
    let its = Condition::all().add(Column::SessionId.eq(session.0));
    deny_those(on, its, now).await
}

/// Takes back whatever anybody let in.
///
/// # Errors
/// The database's.
pub async fn deny_all(on: &impl ConnectionTrait, now: Moment) -> Result<(), DbErr> {
    let let_in = Condition::all().add(Column::AccountId.is_not_null());
    deny_those(on, let_in, now).await
}

/// Forgets a request that is done.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, hash: &[u8]) -> Result<(), DbErr> {
    Entity::delete_by_id(hash.to_vec()).exec(on).await?;
    Ok(())
}

/// Forgets those whose time was over by then, at most so many; how many.
///
/// # Errors
/// The database's.
pub async fn delete_before(
    on: &impl ConnectionTrait,
    before: Moment,
    most: u64,
) -> Result<u64, DbErr> {
    delete_some::<Entity>(on, [Column::Hash], Column::ExpiresAt.lte(before), most).await
}
