//! Which secret key belongs to the database: one row, sealed with it.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

/// The only row.
const ONE: i64 = 1;

/// A row of `key_marks`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_marks")]
pub struct Model {
    /// Always the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// A known value, sealed.
    pub sealed: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The mark, if one was made.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait) -> Result<Option<Vec<u8>>, DbErr> {
    let row = Entity::find_by_id(ONE).one(on).await?;
    Ok(row.map(|row| row.sealed))
}

/// Sets the mark, in place of the one that is there.
///
/// # Errors
/// The database's.
pub async fn set(on: &impl ConnectionTrait, sealed: Vec<u8>) -> Result<(), DbErr> {
    Entity::delete_by_id(ONE).exec(on).await?;
    let row = ActiveModel {
        id: Set(ONE),
        sealed: Set(sealed),
    };
    Entity::insert(row).exec_without_returning(on).await?;
    Ok(())
}
