//! The pages for a browser: plain HTML that works without JavaScript.
//!
//! Each page is in one list with its method and who may open it ([`routes`]). Before any of them runs, the
//! browser is recognised and, where something is posted, its form is checked ([`browser`], [`form`]), so
//! that no handler can forget to.

mod account;
pub mod assets;
pub mod browser;
pub mod cookies;
mod device;
pub mod fields;
pub mod form;
pub mod layout;
mod passkey;
mod program;
mod provider;
mod register;
mod reset;
mod second;
mod sign_in;
pub mod visitor;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::server::Server;

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAccess {
    /// Anybody.
    Anybody,
    /// Who is signed in; others are sent to sign in first.
    SignedIn,
    /// Who showed a short while ago who they are; others are asked to show it again.
    Recent,
}

/// A page as it is added to the server.
#[derive(Debug)]
pub struct Page {
    /// `GET` or `POST`.
    pub method: Method,
    /// Its path.
    pub path: &'static str,
    /// Who may open it.
    pub access: PageAccess,
    handler: MethodRouter<Server>,
}

impl Page {
    /// A page that is looked at.
    pub fn get<H, T>(path: &'static str, access: PageAccess, handler: H) -> Self
    where
        H: Handler<T, Server>,
        T: 'static,
    {
        Self {
            method: Method::GET,
            path,
            access,
            handler: on(MethodFilter::GET, handler),
        }
    }

    /// A form that is sent.
    pub fn post<H, T>(path: &'static str, access: PageAccess, handler: H) -> Self
    where
        H: Handler<T, Server>,
        T: 'static,
    {
        Self {
            method: Method::POST,
            path,
            access,
            handler: on(MethodFilter::POST, handler),
        }
    }
}

/// All pages.
#[must_use]
pub fn routes() -> Vec<Page> {
    let mut routes = assets::routes();
    for more in [
        register::routes(),
        sign_in::routes(),
        second::routes(),
        passkey::routes(),
        provider::routes(),
        reset::routes(),
        account::routes(),
        program::routes(),
        device::routes(),
    ] {
        routes.extend(more);
    }
    routes
}

/// The pages, each with the check of its access before it.
pub(crate) fn router(server: &Server) -> Router<Server> {
    let mut router = Router::new();
    for page in routes() {
        let allowed = middleware::from_fn_with_state((server.clone(), page.access), visitor::check);
        router = router.route(page.path, page.handler.route_layer(allowed));
    }
    router.route_layer(middleware::from_fn_with_state(
        server.clone(),
        browser::recognise,
    ))
}
