//! The audit log.

mod detail;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AccountId, ApiKeyId, AuditId, OrganizationId};

/// Something that happened and matters to security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditId,
    /// What, such as `member.removed`.
    pub action: String,
    /// Who did it: `account:ID`, `key:ID`, `operator`; `unknown`, who did not show who they are; or `nobody`, where the
    /// server did it by itself.
    pub actor: String,
    /// Whose account it concerns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<AccountId>,
    /// Which organization it concerns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<OrganizationId>,
    /// What it was done to, by its id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// More of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub detail: Option<Value>,
    /// From which address; absent where it is another person's and the reader does not run the organization,
    /// and where it was done on the server's own machine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    /// In which request.
    pub request: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor<'a> {
    /// A person.
    Account(AccountId),
    /// A program with an API key.
    Key(ApiKeyId),
    /// Who runs the server.
    Operator,
    /// Somebody who did not show who they are.
    Unknown,
    /// Nobody: the server did it by itself.
    Nobody,
    /// Something that this program does not know yet.
    Other(&'a str),
}

impl AuditEvent {
    /// Who did it.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        let known = match self.actor.split_once(':') {
            Some(("account", id)) => id.parse().ok().map(Actor::Account),
            Some(("key", id)) => id.parse().ok().map(Actor::Key),
            _ => None,
        };
        match self.actor.as_str() {
            "operator" => Actor::Operator,
            "unknown" => Actor::Unknown,
            "nobody" => Actor::Nobody,
            other => known.unwrap_or(Actor::Other(other)),
        }
    }

    /// What happened, in words; as it is written where this program does not know it yet.
    #[must_use]
    pub fn what(&self) -> &str {
        match self.action.as_str() {
            "account.created" => "The account was made",
            "account.deleted" => "The account was deleted",
            "account.promoted" => "The account may run the server",
            "account.demoted" => "The account may no longer run the server",
            "account.suspended" => "The account was suspended",
            "account.restored" => "The account is no longer suspended",
            "agent.created" => "An agent was added",
            "agent.changed" => "An agent was changed",
            "agent.version-added" => "A version of an agent was added",
            "agent.deleted" => "An agent was deleted",
            "email.change-asked" => "Another e-mail address was asked for",
            "email.changed" => "The e-mail address was changed",
            "email.change-undone" => "The e-mail address was changed back",
            "identity.connected" => "Signing in with another account was set up",
            "identity.disconnected" => "Signing in with another account was taken away",
            "invitation.sent" => "An invitation was sent",
            "invitation.sent-again" => "An invitation was sent again",
            "invitation.accepted" => "An invitation was accepted",
            "invitation.declined" => "An invitation was declined",
            "invitation.revoked" => "An invitation was taken back",
            "key.created" => "An API key was made",
            "key.refused" => "An API key that is not valid any more was used",
            "key.rotated" => "An API key was rotated",
            "key.revoked" => "An API key was revoked",
            "member.left" => "A member left",
            "member.removed" => "A member was removed",
            "member.role-changed" => "A member's role was changed",
            "organization.created" => "The organization was made",
            "organization.changed" => "The organization was renamed",
            "organization.transferred" => "The organization was given to another owner",
            "organization.deleted" => "The organization was deleted",
            "passkey.added" => "A passkey was added",
            "passkey.removed" => "A passkey was removed",
            "password.changed" => "The password was changed",
            "password.refused" => "A wrong password was given, to set a new one",
            "password.reset" => "The password was set anew by mail",
            "recovery-code.used" => "A recovery code was used",
            "recovery-codes.renewed" => "The recovery codes were renewed",
            "second-factor.failed" => "A second factor was wrong, after the right password",
            "session.begun" => "Signed in",
            "session.ended" => "A session ended",
            "sessions.ended" => "Signed out everywhere else",
            "sign-in.failed" => "A sign-in failed",
            "totp.added" => "An authenticator app was added",
            "totp.removed" => "The authenticator app was removed",
            "tries.held-back" => "Too much was wrong, and further tries had to wait",
            other => other,
        }
    }

    /// The same, with the name of whom or what it was done to, which the log may know itself, what is known besides, and
    /// the name of the organization where it is not plain.
    #[must_use]
    pub fn told(&self, target: Option<&str>, organization: Option<&str>) -> String {
        let kept = self.detail.as_ref().and_then(detail::name);
        let what = match target.or(kept) {
            Some(target) => format!("{}: {target}", self.what()),
            None => self.what().to_owned(),
        };
        let mut parts = vec![what];
        parts.extend(self.detail.iter().flat_map(detail::words));
        parts.extend(organization.map(|organization| format!("in {organization}")));
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: &str, actor: &str) -> AuditEvent {
        serde_json::from_value(serde_json::json!({
            "id": "01890000-0000-7000-8000-000000000009", "action": action, "actor": actor,
            "request": "r", "at": "2026-11-22T12:00:00Z",
        }))
        .unwrap()
    }

    #[test]
    fn what_is_new_is_shown_as_it_is() {
        assert_eq!(event("session.begun", "nobody").what(), "Signed in");
        assert_eq!(event("ship.launched", "nobody").what(), "ship.launched");
    }

    #[test]
    fn it_is_told_with_whom_it_concerns_and_what_is_known() {
        let mut changed = event("member.role-changed", "nobody");
        assert_eq!(changed.told(None, None), "A member's role was changed");
        changed.detail = Some(serde_json::json!({"from": "member", "to": "owner"}));
        assert_eq!(
            changed.told(Some("Ben"), Some("Harbour")),
            "A member's role was changed: Ben, from member to owner, in Harbour"
        );
        let mut sent = event("invitation.sent", "nobody");
        sent.detail = Some(serde_json::json!({"invited": "a…@example.com", "role": "admin"}));
        let told = "An invitation was sent: a…@example.com, as admin";
        assert_eq!(sent.told(None, None), told);
        sent.detail = Some(serde_json::json!({"name": "Build\u{202e}"}));
        assert_eq!(sent.told(None, None), "An invitation was sent");
    }

    #[test]
    fn who_did_it_is_read() {
        let id = "01890000-0000-7000-8000-000000000001";
        let account = event("a.b", &format!("account:{id}"));
        assert_eq!(account.actor(), Actor::Account(id.parse().unwrap()));
        let key = event("a.b", &format!("key:{id}"));
        assert_eq!(key.actor(), Actor::Key(id.parse().unwrap()));
        assert_eq!(event("a.b", "operator").actor(), Actor::Operator);
        let odd = event("a.b", "account:no id");
        assert_eq!(odd.actor(), Actor::Other("account:no id"));
    }
}
