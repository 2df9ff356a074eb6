//! The account in the cloud, and what it belongs to.

use slipway_contract::account::BegunSignIn;
use slipway_contract::cloud::key::NewApiKey;
use slipway_contract::command::cloud::{
    AcceptInvitation, AwaitSignIn, BeginSignIn, CreateApiKey, CreateOrganization,
    DeclineInvitation, DeleteOrganization, EndOtherSessions, EndSession, LeaveOrganization,
    ListApiKeys, ListAuditEvents, ListInvitations, ListMembers, ListOrganizations, ListSessions,
    OpenAccountPage, RemoveMember, RenameAccount, RenameOrganization, ResendInvitation,
    RevokeApiKey, RevokeInvitation, RotateApiKey, SendInvitation, SetRole, ShowOffer,
    ShowOrganization, ShowSecondFactor, ShowSignIn, ShowWho, SignOut, StopSignIn,
    TransferOrganization,
};
use slipway_contract::{ErrorCode, Problem};

use super::links::{checked, open};
use crate::dispatch::Handlers;
use crate::shell::Shell;

pub(super) fn register(handlers: Handlers) -> Handlers {
    organizations(api_keys(sign_in(handlers)))
}

fn sign_in(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: ShowWho| async move {
            Ok(match ask.now {
                true => app.cloud().who_now().await,
                false => app.cloud().who(),
            })
        })
        .on_shell(|shell, app, ask: BeginSignIn| async move {
            let begun = app
                .cloud()
                .begin_sign_in(ask.server.as_deref(), ask.with_code)
                .await?;
            Ok(opened(&shell, begun))
        })
        .on(|app, _: ShowSignIn| async move { Ok(app.cloud().begun_sign_in()) })
        .on(|app, _: AwaitSignIn| async move { app.cloud().await_sign_in().await })
        .on(|app, _: StopSignIn| async move {
            app.cloud().stop_sign_in();
            Ok(())
        })
        .on(|app, _: SignOut| async move { app.cloud().sign_out().await })
        .on_shell(|shell, app, _: OpenAccountPage| async move {
            let page = app.cloud().account_page().ok_or_else(no_server)?;
            open(&shell, &checked(&page)?)
        })
        .on(|app, ask: RenameAccount| async move { app.cloud().rename_account(ask.name).await })
        .on(|app, _: ListSessions| async move { app.cloud().list_sessions().await })
        .on(|app, ask: EndSession| async move { app.cloud().end_session(ask.session).await })
        .on(|app, _: EndOtherSessions| async move { app.cloud().end_other_sessions().await })
        .on(|app, _: ShowSecondFactor| async move { app.cloud().show_second_factor().await })
        .on(|app, ask: ListAuditEvents| async move {
            let (cloud, after) = (app.cloud(), ask.after.as_ref());
            cloud
                .list_audit_events(ask.organization, after, ask.most)
                .await
        })
}

/// With the browser opened, or why it could not be: the person can open the address by themselves.
fn opened(shell: &Shell, begun: BegunSignIn) -> BegunSignIn {
    let tried = begun.url.as_deref().map(|url| open(shell, &checked(url)?));
    BegunSignIn {
        problem: tried.and_then(Result::err),
        ..begun
    }
}

fn no_server() -> Problem {
    Problem::new(ErrorCode::NotSignedIn, "no server of the cloud is known")
}

fn organizations(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ListOrganizations| async move { app.cloud().list_organizations().await })
        .on(|app, ask: ShowOrganization| async move {
            app.cloud().show_organization(ask.organization).await
        })
        .on(|app, ask: CreateOrganization| async move {
            app.cloud().create_organization(ask.name).await
        })
        .on(|app, ask: RenameOrganization| async move {
            let cloud = app.cloud();
            cloud.rename_organization(ask.organization, ask.name).await
        })
        .on(|app, ask: DeleteOrganization| async move {
            app.cloud().delete_organization(ask.organization).await
        })
        .on(|app, ask: LeaveOrganization| async move {
            app.cloud().leave_organization(ask.organization).await
        })
        .on(|app, ask: TransferOrganization| async move {
            let cloud = app.cloud();
            cloud.transfer_organization(ask.organization, ask.to).await
        })
        .on(|app, ask: ListMembers| async move {
            app.cloud().list_members(ask.organization).await
        })
        .on(|app, ask: SetRole| async move {
            let cloud = app.cloud();
            cloud.set_role(ask.organization, ask.member, ask.role).await
        })
        .on(|app, ask: RemoveMember| async move {
            let cloud = app.cloud();
            cloud.remove_member(ask.organization, ask.member).await
        })
        .on(|app, ask: ListInvitations| async move {
            app.cloud().list_invitations(ask.organization).await
        })
        .on(|app, ask: SendInvitation| async move {
            let cloud = app.cloud();
            cloud
                .send_invitation(ask.organization, ask.email, ask.role)
                .await
        })
        .on(|app, ask: ResendInvitation| async move {
            let cloud = app.cloud();
            cloud
                .resend_invitation(ask.organization, ask.invitation)
                .await
        })
        .on(|app, ask: RevokeInvitation| async move {
            let cloud = app.cloud();
            cloud
                .revoke_invitation(ask.organization, ask.invitation)
                .await
        })
        .on(|app, ask: ShowOffer| async move { app.cloud().show_offer(&ask.link).await })
        .on(|app, ask: AcceptInvitation| async move {
            app.cloud().accept_invitation(&ask.link).await
        })
        .on(|app, ask: DeclineInvitation| async move {
            app.cloud().decline_invitation(&ask.link).await
        })
}

fn api_keys(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: ListApiKeys| async move { app.cloud().list_keys(ask.organization).await })
        .on(|app, ask: CreateApiKey| async move {
            let key = NewApiKey {
                name: ask.name,
                scopes: ask.scopes,
                days: ask.days,
            };
            app.cloud().create_key(ask.organization, key).await
        })
        .on(|app, ask: RotateApiKey| async move {
            let cloud = app.cloud();
            cloud
                .rotate_key(ask.organization, ask.key, ask.grace_hours)
                .await
        })
        .on(|app, ask: RevokeApiKey| async move {
            app.cloud().revoke_key(ask.organization, ask.key).await
        })
}
