//! The audit log, a page at a time: it is long.

use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{Cursor, OrganizationId, Page};

use crate::call::{Call, Client};
use crate::error::CloudError;
use crate::operations::{LIST_ACCOUNT_AUDIT_EVENTS, LIST_ORGANIZATION_AUDIT_EVENTS};
use crate::pages::PAGE;

impl Client {
    /// A page of the person's log, or of an organization's, newest first, with at most so many events: 100 on
    /// one page.
    ///
    /// # Errors
    /// The role does not reach so far, or as everywhere.
    pub async fn audit_events(
        &self,
        of: Option<OrganizationId>,
        after: Option<&Cursor>,
        most: u32,
    ) -> Result<Page<AuditEvent>, CloudError> {
        let mut call = match of {
            None => Call::of(&LIST_ACCOUNT_AUDIT_EVENTS),
            Some(of) => Call::of(&LIST_ORGANIZATION_AUDIT_EVENTS).place(of),
        };
        call = call.query("limit", most.clamp(1, PAGE));
        if let Some(after) = after {
            call = call.query("after", after);
        }
        self.get(call).await
    }
}
