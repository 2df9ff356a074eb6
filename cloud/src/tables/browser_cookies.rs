//! The cookies of browsers' sessions, by their fingerprints. A session of a browser has one.

use crate::clock::Moment;
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

/// A row of `browser_cookies`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "browser_cookies")]
pub struct Model {
    /// SHA-256 of the cookie.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Of which session.
    #[sea_orm(unique)]
    pub session_id: Uuid,
    /// When the session began.
    pub begun_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// The cookie with this fingerprint.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(hash.to_vec()).one(on).await
}

/// Adds a cookie.
///
/// # Errors
/// The database's.
pub async fn insert(on: &impl ConnectionTrait, cookie: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(cookie).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}
