//! The archives of versions, each once for each owner.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict, Query};
use sea_orm::{ConnectionTrait, QuerySelect};
use slipway_contract::ContentHash;

use super::agent_versions;

/// A row of `package_contents`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "package_contents")]
pub struct Model {
    /// With whom it is kept: an account's or an organization's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner: Uuid,
    /// The content hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// The archive.
    pub archive: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}

/// An archive.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    owner: Uuid,
    hash: &[u8],
) -> Result<Option<Vec<u8>>, DbErr> {
    Entity::find_by_id((owner, hash.to_vec()))
        .select_only()
        .column(Column::Archive)
        .into_tuple()
        .one(on)
        .await
}

/// Keeps an archive, unless this owner has it.
///
/// # Errors
/// The database's.
pub async fn keep(
    on: &impl ConnectionTrait,
    owner: Uuid,
    hash: ContentHash,
    archive: &[u8],
) -> Result<(), DbErr> {
    let row = Model {
        owner,
        hash: hash.as_bytes().to_vec(),
        archive: archive.to_vec(),
    };
    let there = OnConflict::columns([Column::Owner, Column::Hash])
        .do_nothing_on([Column::Owner, Column::Hash])
        .to_owned();
    Entity::insert(ActiveModel::from(row).reset_all())
        .on_conflict(there)
        .exec_without_returning(on)
        .await?;
    Ok(())
}

/// Forgets the archives of these owners that no version names any more.
///
/// # Errors
/// The database's.
pub async fn sweep(on: &impl ConnectionTrait, owners: Vec<Uuid>) -> Result<(), DbErr> {
    let named = Query::select()
        .expr(Expr::val(1))
        .from(agent_versions::Entity)
        .and_where(
            Expr::col((agent_versions::Entity, agent_versions::Column::Owner))
                .equals((Entity, Column::Owner)),
        )
        .and_where(
            Expr::col((agent_versions::Entity, agent_versions::Column::Hash))
                .equals((Entity, Column::Hash)),
        )
        .to_owned();
    Entity::delete_many()
        .filter(Column::Owner.is_in(owners))
        .filter(Expr::exists(named).not())
        .exec(on)
        .await?;
    Ok(())
}
