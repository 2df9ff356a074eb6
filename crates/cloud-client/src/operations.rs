//! What can be asked of the API: one line for each operation, as `docs/api/openapi.json` names it.

use std::marker::PhantomData;

use http::Method;
use slipway_contract::cloud::Page;
use slipway_contract::cloud::account::{Account, EditAccount};
use slipway_contract::cloud::audit::AuditEvent;
use slipway_contract::cloud::factor::{
    ConfirmTotp, EditPasskey, Passkey, RecoveryCodes, SecondFactor, Session, TotpSetup,
};
use slipway_contract::cloud::invitation::{Invitation, NewInvitation, Offer};
use slipway_contract::cloud::key::{ApiKey, MadeApiKey, NewApiKey, RotateApiKey};
use slipway_contract::cloud::member::{EditMember, Member};
use slipway_contract::cloud::organization::{
    EditOrganization, NewOrganization, Organization, TransferOrganization,
};

/// How an operation is asked for, and what may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `GET`.
    Read,
    /// `POST` with an idempotency key: asked twice, it makes one thing.
    Create,
    /// `PATCH` of the state that was seen.
    Edit,
    /// `DELETE`.
    Remove,
    /// `POST` that is not to be repeated.
    Act,
}

impl Kind {
    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Read => Method::GET,
            Self::Create | Self::Act => Method::POST,
            Self::Edit => Method::PATCH,
            Self::Remove => Method::DELETE,
        }
    }

    /// Whether it may be asked again when nobody knows whether it was done.
    pub(crate) const fn may_repeat(self) -> bool {
        matches!(self, Self::Read | Self::Create | Self::Remove)
    }
}

/// An operation that takes a `Q` and answers with an `A`; `()` for none.
#[derive(Debug)]
pub struct Operation<Q, A> {
    /// Its path, with the places of ids.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    types: PhantomData<fn(Q) -> A>,
}

macro_rules! operations {
    ($($name:ident = $id:literal, $kind:ident $path:literal, $takes:ty => $gives:ty;)*) => {
        $(
            #[doc = concat!("`", $id, "`")]
            pub(crate) const $name: Operation<$takes, $gives> =
                Operation { path: $path, kind: Kind::$kind, types: PhantomData };
        )*

        #[cfg(test)]
        fn all() -> Vec<tests::Described> {
            vec![$(tests::described($id, &$name)),*]
        }
    };
}

operations! {
    SHOW_ACCOUNT = "show_account", Read "/api/v1/account", () => Account;
    EDIT_ACCOUNT = "edit_account", Edit "/api/v1/account", EditAccount => Account;
    LIST_ACCOUNT_AUDIT_EVENTS = "list_account_audit_events", Read "/api/v1/account/audit-events", () => Page<AuditEvent>;
    LIST_SESSIONS = "list_sessions", Read "/api/v1/account/sessions", () => Page<Session>;
    END_SESSION = "end_session", Remove "/api/v1/account/sessions/{session}", () => ();
    END_OTHER_SESSIONS = "end_other_sessions", Remove "/api/v1/account/sessions", () => ();
    SHOW_SECOND_FACTOR = "show_second_factor", Read "/api/v1/account/second-factor", () => SecondFactor;
    BEGIN_TOTP = "begin_totp", Create "/api/v1/account/totp", () => TotpSetup;
    CONFIRM_TOTP = "confirm_totp", Act "/api/v1/account/totp/confirm", ConfirmTotp => RecoveryCodes;
    REMOVE_TOTP = "remove_totp", Remove "/api/v1/account/totp", () => ();
    RENEW_RECOVERY_CODES = "renew_recovery_codes", Create "/api/v1/account/recovery-codes", () => RecoveryCodes;
    LIST_PASSKEYS = "list_passkeys", Read "/api/v1/account/passkeys", () => Page<Passkey>;
    EDIT_PASSKEY = "edit_passkey", Edit "/api/v1/account/passkeys/{passkey}", EditPasskey => Passkey;
    REMOVE_PASSKEY = "remove_passkey", Remove "/api/v1/account/passkeys/{passkey}", () => ();

    LIST_KEYS = "list_keys", Read "/api/v1/keys", () => Page<ApiKey>;
    CREATE_KEY = "create_key", Create "/api/v1/keys", NewApiKey => MadeApiKey;
    ROTATE_KEY = "rotate_key", Create "/api/v1/keys/{key}/rotate", RotateApiKey => MadeApiKey;
    REVOKE_KEY = "revoke_key", Remove "/api/v1/keys/{key}", () => ();

    SHOW_INVITATION = "show_invitation", Read "/api/v1/invitations/{token}", () => Offer;
    ACCEPT_INVITATION = "accept_invitation", Act "/api/v1/invitations/{token}/accept", () => Organization;
    DECLINE_INVITATION = "decline_invitation", Act "/api/v1/invitations/{token}/decline", () => ();

    LIST_ORGANIZATIONS = "list_organizations", Read "/api/v1/organizations", () => Page<Organization>;
    CREATE_ORGANIZATION = "create_organization", Create "/api/v1/organizations", NewOrganization => Organization;
    SHOW_ORGANIZATION = "show_organization", Read "/api/v1/organizations/{organization}", () => Organization;
    EDIT_ORGANIZATION = "edit_organization", Edit "/api/v1/organizations/{organization}", EditOrganization => Organization;
    DELETE_ORGANIZATION = "delete_organization", Remove "/api/v1/organizations/{organization}", () => ();
    LEAVE_ORGANIZATION = "leave_organization", Act "/api/v1/organizations/{organization}/leave", () => ();
    TRANSFER_ORGANIZATION = "transfer_organization", Act "/api/v1/organizations/{organization}/transfer", TransferOrganization => Organization;
    LIST_ORGANIZATION_AUDIT_EVENTS = "list_organization_audit_events", Read "/api/v1/organizations/{organization}/audit-events", () => Page<AuditEvent>;

    LIST_MEMBERS = "list_members", Read "/api/v1/organizations/{organization}/members", () => Page<Member>;
    SHOW_MEMBER = "show_member", Read "/api/v1/organizations/{organization}/members/{account}", () => Member;
    EDIT_MEMBER = "edit_member", Edit "/api/v1/organizations/{organization}/members/{account}", EditMember => Member;
    REMOVE_MEMBER = "remove_member", Remove "/api/v1/organizations/{organization}/members/{account}", () => ();

    LIST_INVITATIONS = "list_invitations", Read "/api/v1/organizations/{organization}/invitations", () => Page<Invitation>;
    CREATE_INVITATION = "create_invitation", Create "/api/v1/organizations/{organization}/invitations", NewInvitation => Invitation;
    RESEND_INVITATION = "resend_invitation", Act "/api/v1/organizations/{organization}/invitations/{invitation}/resend", () => Invitation;
    REVOKE_INVITATION = "revoke_invitation", Remove "/api/v1/organizations/{organization}/invitations/{invitation}", () => ();

    LIST_ORGANIZATION_KEYS = "list_organization_keys", Read "/api/v1/organizations/{organization}/keys", () => Page<ApiKey>;
    CREATE_ORGANIZATION_KEY = "create_organization_key", Create "/api/v1/organizations/{organization}/keys", NewApiKey => MadeApiKey;
    ROTATE_ORGANIZATION_KEY = "rotate_organization_key", Create "/api/v1/organizations/{organization}/keys/{key}/rotate", RotateApiKey => MadeApiKey;
    REVOKE_ORGANIZATION_KEY = "revoke_organization_key", Remove "/api/v1/organizations/{organization}/keys/{key}", () => ();
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    /// An operation as the description of the API would have it.
    pub(super) struct Described {
        id: &'static str,
        path: &'static str,
        kind: Kind,
        takes: Option<String>,
        gives: Option<String>,
    }

    pub(super) fn described<Q: Shape, A: Shape>(
        id: &'static str,
        operation: &Operation<Q, A>,
    ) -> Described {
        Described {
            id,
            path: operation.path,
            kind: operation.kind,
            takes: Q::schema(),
            gives: A::schema(),
        }
    }

    /// A type with the name of its schema; `()` has none.
    pub(super) trait Shape {
        fn schema() -> Option<String>;
    }

    macro_rules! shapes {
        ($($name:ident)*) => {$(
            impl Shape for $name {
                fn schema() -> Option<String> {
                    Some(stringify!($name).to_owned())
                }
            }
        )*};
    }

    shapes! {
        Account ApiKey AuditEvent ConfirmTotp EditAccount EditMember EditOrganization EditPasskey
        Invitation MadeApiKey Member NewApiKey NewInvitation NewOrganization Offer Organization
        Passkey RecoveryCodes RotateApiKey SecondFactor Session TotpSetup TransferOrganization
    }

    impl Shape for () {
        fn schema() -> Option<String> {
            None
        }
    }

    impl<T: Shape> Shape for Page<T> {
        fn schema() -> Option<String> {
            Some(format!("Page_{}", T::schema()?))
        }
    }

    fn description() -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// The schema that a body is of.
    fn schema(body: &Value) -> Option<&str> {
        let named = body["content"]["application/json"]["schema"]["$ref"].as_str()?;
        named.strip_prefix("#/components/schemas/")
    }

    fn has_header(operation: &Value, name: &str) -> bool {
        let parameters = operation["parameters"].as_array();
        let named = |each: &Value| each["in"] == "header" && each["name"] == name;
        parameters.is_some_and(|parameters| parameters.iter().any(named))
    }

    #[test]
    fn every_operation_is_as_the_server_describes_it() {
        let description = description();
        for own in all() {
            let method = own.kind.method().as_str().to_lowercase();
            let operation = &description["paths"][own.path][&method];
            let id = own.id;
            assert_eq!(operation["operationId"], id, "{method} {}", own.path);
            assert_eq!(
                schema(&operation["requestBody"]),
                own.takes.as_deref(),
                "{id}"
            );
            let answers = operation["responses"].as_object().unwrap();
            let (_, answer) = answers
                .iter()
                .find(|(code, _)| code.starts_with('2'))
                .unwrap();
            assert_eq!(schema(answer), own.gives.as_deref(), "{id}");
            let is_create = own.kind == Kind::Create;
            assert_eq!(has_header(operation, "Idempotency-Key"), is_create, "{id}");
            assert_eq!(
                has_header(operation, "If-Match"),
                own.kind == Kind::Edit,
                "{id}"
            );
        }
    }
}
