//! The audit log.

use slipway_contract::Problem;
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::{Cursor, OrganizationId, Page};

use super::Cloud;

impl Cloud {
    /// A page of the person's own log, or of an organization's, newest first.
    ///
    /// # Errors
    /// The role does not reach so far, or the server cannot be asked.
    pub async fn list_audit_events(
        &self,
        of: Option<OrganizationId>,
        after: Option<&Cursor>,
    ) -> Result<Page<AuditEvent>, Problem> {
        self.asked(self.signed_in()?.audit_events(of, after)).await
    }
}
