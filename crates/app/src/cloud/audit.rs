//! The audit log.

use slipway_contract::Problem;
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{Cursor, OrganizationId, Page};

use super::Cloud;

impl Cloud {
    /// A page of the person's own log, or of an organization's, newest first, with at most so many events.
    ///
    /// # Errors
    /// The role does not reach so far, or the server cannot be asked.
    pub async fn list_audit_events(
        &self,
        of: Option<OrganizationId>,
        after: Option<&Cursor>,
        most: u32,
    ) -> Result<Page<AuditEvent>, Problem> {
        let client = self.signed_in()?;
        self.asked(client.audit_events(of, after, most)).await
    }

    /// So many of its events, the newest first.
    ///
    /// # Errors
    /// As for a page.
    pub async fn newest_audit_events(
        &self,
        of: Option<OrganizationId>,
        count: u32,
    ) -> Result<Vec<AuditEvent>, Problem> {
        let mut events = Vec::new();
        let mut after = None;
        loop {
            let seen = u32::try_from(events.len()).unwrap_or(u32::MAX);
            let left = count.saturating_sub(seen);
            if left == 0 {
                return Ok(events);
            }
            let page = self.list_audit_events(of, after.as_ref(), left).await?;
            if page.items.is_empty() {
                return Ok(events);
            }
            events.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(events);
            }
        }
    }
}
