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
mod front;
mod invitation;
mod known;
pub mod layout;
mod passkey;
mod problems;
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

use crate::http::rate::Class;
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
    /// Who did so when they opened the page of this form: there is as much time again to read and answer it.
    RecentWhenOpened,
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
    /// How often it may be sent; what is only looked at is held to the rate of its address alone.
    pub class: Option<Class>,
    /// Whether it is there for who must set up a second factor before anything else.
    pub leads_to_factor: bool,
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
            class: None,
            leads_to_factor: false,
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
            class: Some(Class::Write),
            leads_to_factor: false,
            handler: on(MethodFilter::POST, handler),
        }
    }

    /// Finds out who somebody is, or hashes a password: held to a tighter rate, for each address.
    #[must_use]
    pub fn signs_in(self) -> Self {
        Self {
            class: Some(Class::SignIn),
            ..self
        }
    }

    /// There also for who must set up a second factor before anything else: to do so, or to go away.
    #[must_use]
    pub fn leading_to_factor(self) -> Self {
        Self {
            leads_to_factor: true,
            ..self
        }
    }
}

/// All pages.
#[must_use]
pub fn routes() -> Vec<Page> {
    let mut routes = assets::routes();
    for more in [
        front::routes(),
        register::routes(),
        sign_in::routes(),
        known::routes(),
        second::routes(),
        passkey::routes(),
        provider::routes(),
        reset::routes(),
        account::routes(),
        program::routes(),
        device::routes(),
        invitation::routes(),
        problems::routes(),
    ] {
        routes.extend(more);
    }
    routes
}

/// The pages, each with the check of its access before it.
pub(crate) fn router(server: &Server) -> Router<Server> {
    let mut router = Router::new();
    for page in routes() {
        let gate = visitor::Gate {
            server: server.clone(),
            access: page.access,
            class: page.class,
            leads_to_factor: page.leads_to_factor,
        };
        let allowed = middleware::from_fn_with_state(gate, visitor::check);
        router = router.route(page.path, page.handler.route_layer(allowed));
    }
    router.route_layer(middleware::from_fn_with_state(
        server.clone(),
        browser::recognise,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_a_page_that_wants_a_fresh_sign_in_wants_one_too() {
        let routes = routes();
        let is_shown_late = |page: &Page| {
            let mut same = routes.iter().filter(|each| each.path == page.path);
            !same.any(|each| each.method == Method::GET && each.access == PageAccess::Recent)
        };
        let sent = routes.iter().filter(|page| page.method == Method::POST);
        for page in sent {
            let wants_one = matches!(
                page.access,
                PageAccess::Recent | PageAccess::RecentWhenOpened
            );
            assert!(wants_one || is_shown_late(page), "{}", page.path);
        }
    }
}
