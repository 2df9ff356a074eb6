//! The tables: one file each, with its row and every query on it.
//!
//! Functions take a connection, so that several of them can be one transaction.

pub mod accounts;
pub mod agent_versions;
pub mod agents;
pub mod api_keys;
pub mod archive_parts;
pub mod audit_events;
pub mod browser_cookies;
pub mod counts;
pub mod device_requests;
pub mod idempotency_keys;
pub mod identities;
pub mod invitations;
pub mod key_marks;
pub mod letters;
pub mod memberships;
pub mod organizations;
pub mod passkeys;
pub mod recovery_codes;
pub mod refresh_tokens;
pub mod sessions;
pub mod signing_keys;
pub mod tickets;
pub mod totp_secrets;

use sea_orm::sea_query::{Expr, ExprTrait as _, IntoCondition};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QuerySelect as _,
    QueryTrait as _,
};

/// Takes away at most so many of the rows that are meant, told apart by these columns; how many.
async fn delete_some<E: EntityTrait>(
    on: &impl ConnectionTrait,
    key: impl IntoIterator<Item = E::Column>,
    which: impl IntoCondition,
    most: u64,
) -> Result<u64, DbErr> {
    let key: Vec<E::Column> = key.into_iter().collect();
    let some = E::find()
        .select_only()
        .columns(key.clone())
        .filter(which)
        .limit(most)
        .into_query();
    let row = Expr::tuple(key.iter().map(|column| column.into_expr()));
    let gone = E::delete_many()
        .filter(row.in_subquery(some))
        .exec(on)
        .await?;
    Ok(gone.rows_affected)
}

/// Puts this in place of what is sealed in the rows that are meant, or takes them away.
async fn seal_anew<E: EntityTrait>(
    on: &impl ConnectionTrait,
    which: impl IntoCondition,
    column: E::Column,
    sealed: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    match sealed {
        Some(sealed) => {
            let update = E::update_many().col_expr(column, Expr::value(sealed));
            update.filter(which).exec(on).await?;
        }
        None => {
            E::delete_many().filter(which).exec(on).await?;
        }
    }
    Ok(())
}
