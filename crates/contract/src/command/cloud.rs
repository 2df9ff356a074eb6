//! What the window asks of the cloud, as who is signed in on this machine.

use serde::{Deserialize, Serialize};

use super::Command;
use crate::account::{BegunSignIn, SignedOut, Who};
use crate::cloud::account::Account;
use crate::cloud::audit::AuditEvent;
use crate::cloud::factor::{SecondFactor, Session};
use crate::cloud::invitation::{Invitation, Offer};
use crate::cloud::key::{ApiKey, MadeApiKey};
use crate::cloud::member::Member;
use crate::cloud::organization::Organization;
use crate::cloud::{
    AccountId, ApiKeyId, Cursor, Email, InvitationId, Line, OrganizationId, Page, Role, Scope,
    SessionId,
};

commands! {
    /// Who is signed in.
    ShowWho {
        /// Asks the server, for a few seconds; else it is what is known here.
        pub now: bool,
    } => "show_who" -> Who;
    /// Begins to sign in, and opens the browser for it. It goes on by itself.
    BeginSignIn {
        /// The server's address; without it, the last one.
        pub server: Option<String>,
        /// With a code that is typed in any browser; else in that of this machine.
        pub with_code: bool,
    } => "begin_sign_in" -> BegunSignIn;
    /// The sign-in that is under way, if one is.
    ShowSignIn {} => "show_sign_in" -> Option<BegunSignIn>;
    /// What comes of the sign-in that is under way, once it ended.
    AwaitSignIn {} => "await_sign_in" -> Who;
    /// Gives the sign-in up that is under way.
    StopSignIn {} => "stop_sign_in" -> ();
    /// Signs out: here in any case, and at the server if it can be told.
    SignOut {} => "sign_out" -> SignedOut;
    /// Opens the page of the account in a browser, for what only that can do.
    OpenAccountPage {} => "open_account_page" -> ();
    /// Gives the account another name.
    RenameAccount {
        /// The name.
        pub name: Line<100>,
    } => "rename_account" -> Account;
    /// Where the person is signed in, the newest first.
    ListSessions {} => "list_sessions" -> Vec<Session>;
    /// Ends a sign-in elsewhere.
    EndSession {
        /// Which.
        pub session: SessionId,
    } => "end_session" -> ();
    /// Ends all sign-ins but this machine's.
    EndOtherSessions {} => "end_other_sessions" -> ();
    /// What signing in asks for after the first factor.
    ShowSecondFactor {} => "show_second_factor" -> SecondFactor;
    /// What happened to the account or in an organization that matters to security, the newest first.
    ListAuditEvents {
        /// In which organization; without it, to the person's own account.
        pub organization: Option<OrganizationId>,
        /// After the page that ended here.
        pub after: Option<Cursor>,
        /// How many at most, up to 100.
        pub most: u32,
    } => "list_audit_events" -> Page<AuditEvent>;
    /// The organizations that the person belongs to.
    ListOrganizations {} => "list_organizations" -> Vec<Organization>;
    /// One of them.
    ShowOrganization {
        /// Which.
        pub organization: OrganizationId,
    } => "show_organization" -> Organization;
    /// Makes one, which the person owns.
    CreateOrganization {
        /// Its name.
        pub name: Line<100>,
    } => "create_organization" -> Organization;
    /// Gives one another name.
    RenameOrganization {
        /// Which.
        pub organization: OrganizationId,
        /// The name.
        pub name: Line<100>,
    } => "rename_organization" -> Organization;
    /// Deletes one with all that is in it.
    DeleteOrganization {
        /// Which.
        pub organization: OrganizationId,
    } => "delete_organization" -> ();
    /// Leaves one.
    LeaveOrganization {
        /// Which.
        pub organization: OrganizationId,
    } => "leave_organization" -> ();
    /// Makes another member its owner; the person stays as an admin.
    TransferOrganization {
        /// Which.
        pub organization: OrganizationId,
        /// The member.
        pub to: AccountId,
    } => "transfer_organization" -> Organization;
    /// Who belongs to an organization.
    ListMembers {
        /// Which.
        pub organization: OrganizationId,
    } => "list_members" -> Vec<Member>;
    /// Makes another of what a member is.
    SetRole {
        /// In which organization.
        pub organization: OrganizationId,
        /// The member.
        pub member: AccountId,
        /// What they are from now on.
        pub role: Role,
    } => "set_role" -> Member;
    /// Removes a member.
    RemoveMember {
        /// From which organization.
        pub organization: OrganizationId,
        /// The member.
        pub member: AccountId,
    } => "remove_member" -> ();
    /// The invitations of an organization that nobody answered yet.
    ListInvitations {
        /// Which.
        pub organization: OrganizationId,
    } => "list_invitations" -> Vec<Invitation>;
    /// Invites somebody by mail.
    SendInvitation {
        /// Into which organization.
        pub organization: OrganizationId,
        /// Whom.
        pub email: Email,
        /// As what.
        pub role: Role,
    } => "send_invitation" -> Invitation;
    /// Sends an invitation again, with another link.
    ResendInvitation {
        /// Of which organization.
        pub organization: OrganizationId,
        /// Which.
        pub invitation: InvitationId,
    } => "resend_invitation" -> Invitation;
    /// Takes an invitation back.
    RevokeInvitation {
        /// Of which organization.
        pub organization: OrganizationId,
        /// Which.
        pub invitation: InvitationId,
    } => "revoke_invitation" -> ();
    /// What the letter of an invitation offers.
    ShowOffer {
        /// Its link, or the end of it.
        pub link: String,
    } => "show_offer" -> Offer;
    /// Accepts what it offers.
    AcceptInvitation {
        /// Its link, or the end of it.
        pub link: String,
    } => "accept_invitation" -> Organization;
    /// Declines it.
    DeclineInvitation {
        /// Its link, or the end of it.
        pub link: String,
    } => "decline_invitation" -> ();
    /// API keys, without their secrets.
    ListApiKeys {
        /// Of which organization; without it, the person's own.
        pub organization: Option<OrganizationId>,
    } => "list_api_keys" -> Vec<ApiKey>;
    /// Makes an API key. Its secret is in this answer and in no other.
    CreateApiKey {
        /// For which organization; without it, the person's own.
        pub organization: Option<OrganizationId>,
        /// What it is for.
        pub name: Line<100>,
        /// What it may be used for.
        pub scopes: Vec<Scope>,
        /// For how many days; without it, until it is revoked.
        pub days: Option<u16>,
    } => "create_api_key" -> MadeApiKey;
    /// Gives an API key another secret, which is in this answer and in no other.
    RotateApiKey {
        /// Of which organization; without it, the person's own.
        pub organization: Option<OrganizationId>,
        /// Which.
        pub key: ApiKeyId,
        /// For how many hours the old one can still be used.
        pub grace_hours: u8,
    } => "rotate_api_key" -> MadeApiKey;
    /// Makes an API key void at once.
    RevokeApiKey {
        /// Of which organization; without it, the person's own.
        pub organization: Option<OrganizationId>,
        /// Which.
        pub key: ApiKeyId,
    } => "revoke_api_key" -> ();
}
