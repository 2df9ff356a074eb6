//! Pages of the audit log, by what and when.

use serde::Deserialize;
use slipway_contract::Timestamp;
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{Cursor, Page};
use utoipa::IntoParams;

use super::listing::Listing;
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::audit_events::{self, Log, Search};

/// Which part of an audit log.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditListing {
    /// How many, from 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// Where the last page ended: its `next`.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{22}$")]
    after: Option<Cursor>,
    /// Only this action, such as `member.removed`.
    action: Option<String>,
    /// Not before this.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

impl AuditListing {
    /// The events.
    ///
    /// # Errors
    /// When what is asked for is none of a list, or the database's.
    pub async fn read(self, server: &Server, log: Log) -> Result<Page<AuditEvent>, Failure> {
        let listing = Listing {
            limit: self.limit.unwrap_or(Listing::USUAL),
            after: self.after,
        };
        let search = Search {
            action: self.action,
            from: self.from.map(Into::into),
            until: self.until.map(Into::into),
        };
        let (most, after) = (listing.rows()?, listing.after()?);
        let rows = audit_events::list(server.database.read(), log, &search, after, most).await?;
        listing.page(rows, |row| row.id, |row| Ok(row.shown()))
    }
}
