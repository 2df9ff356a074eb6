//! People's accounts at other services, by those services' own ids for them.

use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use slipway_contract::cloud::AccountId;

use crate::clock::Moment;

/// A row of `identities`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    /// Which service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// What it calls the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Whose account it opens here.
    pub account_id: Uuid,
    /// The address that the person had there.
    pub email: String,
    /// When it was connected.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

/// Whose it is.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    provider: &str,
    subject: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((provider.to_owned(), subject.to_owned()))
        .one(on)
        .await
}

/// Those of an account.
///
/// # Errors
/// The database's.
pub async fn of_account(
    on: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .all(on)
        .await
}

/// Connects one.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when it opens an account already.
pub async fn insert(on: &impl ConnectionTrait, identity: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(identity).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Disconnects an account from a service; whether it was connected.
///
/// # Errors
/// The database's.
pub async fn delete(
    on: &impl ConnectionTrait,
    account: AccountId,
    provider: &str,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Provider.eq(provider))
        .exec(on)
        .await?;
    Ok(gone.rows_affected > 0)
}
