//! People's accounts.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};
use slipway_contract::cloud::account::Account;
use slipway_contract::cloud::{AccountId, Email};

use crate::clock::Moment;
use crate::failure::Failure;

/// A row of `accounts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where mail goes, as the person wrote it.
    pub email: String,
    /// By which mailboxes are told apart; unique.
    #[sea_orm(unique)]
    pub email_key: String,
    /// Since when the address is known to reach the person.
    pub email_verified_at: Option<Moment>,
    /// How others see them.
    pub name: String,
    /// In PHC form; none where only passkeys or another service let them in.
    pub password_hash: Option<String>,
    /// Whether they run this server.
    pub is_operator: bool,
    /// Since when nothing of it may be used.
    pub suspended_at: Option<Moment>,
    /// Goes up by one with each change.
    pub revision: i64,
    /// Goes up by one when browsers that somebody signed in with are not known any more.
    pub browser_marks: i64,
    /// Since when it is there.
    pub created_at: Moment,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> AccountId {
        AccountId(self.id)
    }

    /// As its person sees it.
    ///
    /// # Errors
    /// When the row holds what was never let in.
    pub fn shown(&self) -> Result<Account, Failure> {
        let broken = |error| Failure::Internal(format!("account {}: {error}", self.id));
        Ok(Account {
            id: self.id(),
            email: self.email.parse().map_err(broken)?,
            email_verified: self.email_verified_at.is_some(),
            name: self.name.parse().map_err(broken)?,
            created_at: self.created_at.into(),
        })
    }
}

/// The account with this id.
///
/// # Errors
/// The database's.
pub async fn find(on: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(on).await
}

/// The account with this address.
///
/// # Errors
/// The database's.
pub async fn find_by_email(
    on: &impl ConnectionTrait,
    email: &Email,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::EmailKey.eq(email.key()))
        .one(on)
        .await
}

/// Adds an account.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when the address has one.
pub async fn insert(on: &impl ConnectionTrait, account: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(account).reset_all())
        .exec_without_returning(on)
        .await?;
    Ok(())
}

async fn change(on: &impl ConnectionTrait, id: AccountId, to: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many()
        .set(to)
        .filter(Column::Id.eq(id.0))
        .exec(on)
        .await?;
    Ok(())
}

/// Sets a new password, by its hash.
///
/// # Errors
/// The database's.
pub async fn set_password(
    on: &impl ConnectionTrait,
    id: AccountId,
    hash: &str,
) -> Result<(), DbErr> {
    let to = ActiveModel {
        password_hash: Set(Some(hash.to_owned())),
        ..Default::default()
    };
    change(on, id, to).await
}

/// Forgets a password: nobody signs in with it any more.
///
/// # Errors
/// The database's.
pub async fn forget_password(on: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
    let to = ActiveModel {
        password_hash: Set(None),
        ..Default::default()
    };
    change(on, id, to).await
}

/// Makes an account know none of the browsers any more that somebody signed in with.
///
/// # Errors
/// The database's.
pub async fn forget_browsers(on: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
    let more = ExprTrait::add(Expr::col(Column::BrowserMarks), 1);
    Entity::update_many()
        .col_expr(Column::BrowserMarks, more)
        .filter(Column::Id.eq(id.0))
        .exec(on)
        .await?;
    Ok(())
}

/// Knows no browser of anybody any more.
///
/// # Errors
/// The database's.
pub async fn forget_all_browsers(on: &impl ConnectionTrait) -> Result<(), DbErr> {
    let more = ExprTrait::add(Expr::col(Column::BrowserMarks), 1);
    Entity::update_many()
        .col_expr(Column::BrowserMarks, more)
        .exec(on)
        .await?;
    Ok(())
}

/// Sets a new address, which is known to reach the person.
///
/// # Errors
/// The database's; [`is_duplicate`](crate::database::is_duplicate) when another account has it.
pub async fn set_email(
    on: &impl ConnectionTrait,
    account: &Model,
    email: &Email,
    now: Moment,
) -> Result<(), DbErr> {
    let to = ActiveModel {
        email: Set(email.as_str().to_owned()),
        email_key: Set(email.key()),
        email_verified_at: Set(Some(now)),
        revision: Set(account.revision + 1),
        ..Default::default()
    };
    change(on, account.id(), to).await
}

/// Forgets an account and all that is its own.
///
/// # Errors
/// The database's.
pub async fn delete(on: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
    Entity::delete_by_id(id.0).exec(on).await?;
    Ok(())
}

/// Changes a name.
///
/// # Errors
/// The database's.
pub async fn rename(on: &impl ConnectionTrait, account: &Model, name: &str) -> Result<(), DbErr> {
    let change = ActiveModel {
        name: Set(name.to_owned()),
        revision: Set(account.revision + 1),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(account.id))
        .exec(on)
        .await?;
    Ok(())
}

/// The accounts with these ids.
///
/// # Errors
/// The database's.
pub async fn find_all(
    on: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids)).all(on).await
}

/// Suspends an account, of which nothing can be used from then on; or restores it.
///
/// # Errors
/// The database's.
pub async fn set_suspended(
    on: &impl ConnectionTrait,
    id: AccountId,
    since: Option<Moment>,
) -> Result<(), DbErr> {
    let to = ActiveModel {
        suspended_at: Set(since),
        ..Default::default()
    };
    change(on, id, to).await
}

/// Notes whether somebody runs this server.
///
/// # Errors
/// The database's.
pub async fn set_operator(
    on: &impl ConnectionTrait,
    id: AccountId,
    is_operator: bool,
) -> Result<(), DbErr> {
    let to = ActiveModel {
        is_operator: Set(is_operator),
        ..Default::default()
    };
    change(on, id, to).await
}

/// Accounts, oldest first, newer than this one, at most so many.
///
/// # Errors
/// The database's.
pub async fn list(
    on: &impl ConnectionTrait,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    query.order_by_asc(Column::Id).limit(most).all(on).await
}
