//! An endpoint as it is added to the server: its handler, its description, and who may call it.

use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::Response;
use axum::routing::MethodRouter;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, Deprecated, Ref, RefOr, ResponseBuilder};
use utoipa_axum::router::UtoipaMethodRouter;

use super::access::{self, Access, Guard};
use super::deprecation::Deprecation;
use super::idempotency;
use super::rate::Class;
use crate::server::Server;

/// How the OpenAPI document names the way to sign a request.
pub const BEARER: &str = "bearer";

/// An endpoint.
pub struct Route {
    routes: UtoipaMethodRouter<Server>,
    access: Access,
    class: Option<Class>,
    /// The most bytes of its body, where it is not what all endpoints take.
    most: Option<usize>,
    deprecation: Option<Deprecation>,
}

/// An endpoint, by how it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path, its parts that vary in braces.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Route")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl Route {
    /// What `routes!` made of a handler, for those who have this access.
    #[must_use]
    pub fn new(routes: UtoipaMethodRouter<Server>, access: Access) -> Self {
        Self {
            routes,
            access,
            class: None,
            most: None,
            deprecation: None,
        }
    }

    /// The same with a body of at most this many bytes.
    #[must_use]
    pub fn taking(mut self, bytes: usize) -> Self {
        self.most = Some(bytes);
        self
    }

    /// The same, which is to go: its description and its answers say so.
    #[must_use]
    pub fn deprecated(self, deprecation: Deprecation) -> Self {
        Self {
            deprecation: Some(deprecation),
            ..self
        }
    }

    /// How it is called.
    pub(crate) fn listed(mut self) -> Vec<Listed> {
        let mut all = Vec::new();
        for (path, item) in &mut self.routes.1.paths {
            for (method, _) in operations(item) {
                all.push(Listed {
                    method,
                    path: path.clone(),
                    access: self.access,
                });
            }
        }
        all
    }

    /// Held to the rate of this class, instead of what its method says.
    #[must_use]
    pub fn of_class(self, class: Class) -> Self {
        Self {
            class: Some(class),
            ..self
        }
    }

    /// With its access in its description.
    pub(crate) fn described(self) -> UtoipaMethodRouter<Server> {
        let (schemas, mut paths, router) = self.routes;
        for item in paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                describe(operation, self.access);
                if self.deprecation.is_some() {
                    operation.deprecated = Some(Deprecated::True);
                }
            }
        }
        (schemas, paths, router)
    }

    /// With its access in its description, and checked before it.
    pub(crate) fn guarded(self, server: &Server) -> UtoipaMethodRouter<Server> {
        let (access, class, most) = (self.access, self.class, self.most);
        let deprecation = self.deprecation;
        let (schemas, paths, router) = self.described();
        let reads = paths.paths.values().all(|item| item.get.is_some());
        let usual = if reads { Class::Read } else { Class::Write };
        let guard = Guard {
            server: server.clone(),
            access,
            class: class.unwrap_or(usual),
        };
        let layer = middleware::from_fn_with_state(guard, access::check);
        let router: MethodRouter<Server> = match most {
            Some(most) => router.route_layer(DefaultBodyLimit::max(most)),
            None => router,
        };
        let router = router.route_layer(layer);
        // Outside of the check, so that refusals tell of it, too.
        let router = match deprecation {
            Some(deprecation) => router.route_layer(middleware::map_response(
                move |mut response: Response| async move {
                    deprecation.tell(&mut response);
                    response
                },
            )),
            None => router,
        };
        (schemas, paths, router)
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("PATCH", &mut item.patch),
        ("HEAD", &mut item.head),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn describe(operation: &mut Operation, access: Access) {
    if access != Access::Public {
        let none: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new(BEARER, none)]);
    }
    let shown = ExtensionsBuilder::new()
        .add("x-access", access.shown())
        .build();
    match &mut operation.extensions {
        Some(there) => there.merge(shown),
        none => *none = Some(shown),
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == "Idempotency-Key"
        {
            parameter.schema = Some(idempotency::schema());
        }
    }
    let problem = ResponseBuilder::new()
        .description("Not done, and why.")
        .content(
            "application/problem+json",
            Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem")))),
        )
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), RefOr::T(problem));
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt as _;
    use utoipa_axum::routes;

    use super::*;

    #[utoipa::path(get, path = "/old", responses((status = 204, description = "Still there.")))]
    async fn old() -> StatusCode {
        StatusCode::NO_CONTENT
    }

    #[tokio::test]
    async fn what_is_to_go_says_so_in_its_description_and_in_every_answer() {
        let deprecation = Deprecation {
            since: "2026-01-02T03:04:05Z".parse().unwrap(),
            until: "2027-02-03T04:05:06Z".parse().unwrap(),
        };
        let route = || Route::new(routes!(old), Access::Person).deprecated(deprecation);
        let (_, mut paths, _) = route().described();
        let item = paths.paths.get_mut("/old").unwrap();
        let get = item.get.as_ref().unwrap();
        assert!(matches!(get.deprecated, Some(Deprecated::True)));
        let folder = tempfile::tempdir().unwrap();
        let server = crate::start::tests::server(folder.path()).await;
        let (_, _, router) = route().guarded(&server);
        let router = Router::new().route("/old", router).with_state(server);
        let answer = router
            .oneshot(Request::get("/old").body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "also to who may not");
        assert_eq!(answer.headers()["deprecation"], "@1767323045");
        assert_eq!(answer.headers()["sunset"], "Wed, 03 Feb 2027 04:05:06 GMT");
    }
}
