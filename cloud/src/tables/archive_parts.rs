//! The archives of versions, in parts: whoever sends or gets one slowly holds one part of it.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

/// The bytes of each part but the last.
pub const PART: usize = 256 * 1024;

/// A row of `archive_parts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "archive_parts")]
pub struct Model {
    /// Of which version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    /// Its place, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A part of a version's archive.
///
/// # Errors
/// The database's.
pub async fn find(
    on: &impl ConnectionTrait,
    version: Uuid,
    part: i64,
) -> Result<Option<Vec<u8>>, DbErr> {
    Entity::find_by_id((version, part))
        .select_only()
        .column(Column::Bytes)
        .into_tuple()
        .one(on)
        .await
}

/// Keeps the archive of a version.
///
/// # Errors
/// The database's.
pub async fn keep(on: &impl ConnectionTrait, version: Uuid, archive: &[u8]) -> Result<(), DbErr> {
    for (part, bytes) in (0..).zip(archive.chunks(PART)) {
        let row = Model {
            version_id: version,
            part,
            bytes: bytes.to_vec(),
        };
        Entity::insert(ActiveModel::from(row).reset_all())
            .exec_without_returning(on)
            .await?;
    }
    Ok(())
}
