//! `/account#access`: what gets into an account besides its password, to look through and remove; and
//! `/account/keys/revoke`.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::ApiKeyId;

use super::day;
use super::done::{Done, said};
use super::sessions::row;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::pages::browser::Browser;
use crate::pages::form::Form;
use crate::pages::visitor::Visitor;
use crate::pages::{Page, PageAccess, fields};
use crate::people::{own, providers};
use crate::server::Server;
use crate::tables::api_keys::{self, Holder};
use crate::tables::{identities, passkeys, sessions};

/// Where it stands on its page.
pub(in crate::pages) const HERE: &str = "/account#access";

pub(super) fn routes() -> Vec<Page> {
    vec![Page::post(
        "/account/keys/revoke",
        PageAccess::SignedIn,
        revoke,
    )]
}

pub(super) async fn show(
    server: &Server,
    browser: &Browser,
    visitor: &Visitor,
    done: Option<Done>,
) -> Result<Markup, Failure> {
    let (id, on, now) = (visitor.id(), server.database.read(), server.clock.now());
    let passkeys = passkeys::of_account(on, id, None, 100).await?;
    let services = identities::of_account(on, id).await?;
    let keys = api_keys::live_of(on, Holder::Person(id), now).await?;
    let going = sessions::live_of(on, id, now, None, 100).await?;
    Ok(html! {
        h2 id="access" { "What gets in besides your password" }
        p { "Passkeys, connected services and API keys go on when you choose a new password; programs and browsers are signed out. Remove what you do not know." }

        h3 id="passkeys" { "Passkeys" }
        (said(done, "passkeys"))
        @for passkey in &passkeys {
            div class="row" {
                div { (passkey.name) p class="meta" { "Added " (day(passkey.created_at)) @if let Some(used) = passkey.last_used_at { ", used " (day(used)) } } }
                a class="button" href=(format!("/account/passkeys/remove?passkey={}", passkey.id)) aria-label=(format!("Remove {}", passkey.name)) { "Remove" }
            }
        }
        @if server.people.has_passkeys() { p { a href="/account/passkeys/new" { "Add a passkey" } } }
        @else { p class="meta" { "Passkeys need a server that is reached over TLS and by its name, or as localhost." } }

        @let others = providers::available(server);
        @if !others.is_empty() {
            h3 id="services" { "Connected services" }
            (said(done, "services"))
            @for (provider, _) in &others {
                @let path = format!("/account/services/{}", provider.as_str());
                @match services.iter().find(|row| row.provider == provider.as_str()) {
                    Some(row) => { div class="row" { div { (provider.title()) p class="meta" { (row.email) } } (fields::row_button(browser, &format!("{path}/remove"), "Disconnect", provider.title(), &[])) } }
                    None => { div class="row" { div { (provider.title()) } (fields::row_button(browser, &path, "Connect", provider.title(), &[])) } }
                }
            }
        }

        h3 id="keys" { "API keys" }
        (said(done, "keys"))
        @for key in &keys {
            div class="row" {
                div {
                    (key.name) " " code { (key.start) "…" }
                    p class="meta" {
                        "Made " (day(key.created_at))
                        @if let Some(used) = key.last_used_at { ", used " (day(used)) }
                        @if let Some(end) = key.expires_at { ", until " (day(end)) }
                        " · " (key.scopes)
                    }
                }
                (fields::row_button(browser, "/account/keys/revoke", "Revoke", &key.name, &[("key", &key.id.to_string())]))
            }
        }
        @if keys.is_empty() { p class="meta" { "There are none." } }

        h3 id="sessions" { "Sessions" }
        (said(done, "sessions"))
        @for session in &going { (row(browser, visitor, session)) }
        p {}
        (fields::button(browser, "/account/sessions/end-others", "Sign out everywhere else", "", &[]))
        (fields::button(browser, "/account/sessions/end-all", "Sign out everywhere", "", &[]))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    key: ApiKeyId,
}

async fn revoke(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(one): Form<One>,
) -> Result<Response, Failure> {
    own::revoke_key(&server, &visitor.account, one.key, &origin).await?;
    Ok(Done::KeyRevoked.say())
}
