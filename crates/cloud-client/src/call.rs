//! Asking for an operation, as who is signed in.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MATCH};
use oauth2::{CsrfToken, HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_contract::Secret;
use slipway_contract::cloud::ProblemCode;

use crate::error::CloudError;
use crate::operations::{Kind, Operation};
use crate::session::{Live, Session, SignInId};
use crate::wire::{Wire, is_of_type, retry_after};

/// How often it is asked at most, where the server says that it may be asked again.
const TRIES: u32 = 3;
/// The longest that is waited for another try; whoever asks hears of a longer one.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The API, as who is signed in on this machine.
#[derive(Debug, Clone)]
pub struct Client {
    session: Arc<Session>,
    of: Option<SignInId>,
}

/// Something together with the name of the state that was seen of it.
#[derive(Debug, Clone)]
pub struct Tagged<T> {
    /// What was seen.
    pub value: T,
    /// What a change of it names.
    pub state: Option<String>,
}

/// What is asked for.
pub(crate) struct Call<'a, Q, A> {
    operation: &'a Operation<Q, A>,
    places: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<&'a Q>,
    seen: Option<&'a str>,
}

impl<'a, Q, A> Call<'a, Q, A> {
    pub(crate) const fn of(operation: &'a Operation<Q, A>) -> Self {
        Self {
            operation,
            places: Vec::new(),
            query: Vec::new(),
            body: None,
            seen: None,
        }
    }

    /// The next id of the path.
    pub(crate) fn place(mut self, id: impl Display) -> Self {
        self.places.push(id.to_string());
        self
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Display) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(crate) const fn body(mut self, body: &'a Q) -> Self {
        self.body = Some(body);
        self
    }

    /// Changes the state that was seen.
    pub(crate) fn seen<T>(mut self, seen: &'a Tagged<T>) -> Self {
        self.seen = seen.state.as_deref();
        self
    }
}

impl Client {
    /// The API, as who is signed in there.
    #[must_use]
    pub const fn new(session: Arc<Session>) -> Self {
        Self { session, of: None }
    }

    /// The same for this sign-in alone: nothing is done in the name of another that took its place.
    #[must_use]
    pub fn of(&self, sign_in: SignInId) -> Self {
        Self {
            session: Arc::clone(&self.session),
            of: Some(sign_in),
        }
    }

    /// The sign-in.
    #[must_use]
    pub const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// What requests are made with.
    pub(crate) async fn live(&self) -> Result<Live, CloudError> {
        self.session.live(self.of.as_ref()).await
    }

    /// Asks, and answers with what came without the name of its state.
    pub(crate) async fn get<Q: Serialize, A: DeserializeOwned>(
        &self,
        call: Call<'_, Q, A>,
    ) -> Result<A, CloudError> {
        Ok(self.ask(call).await?.value)
    }

    pub(crate) async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        call: Call<'_, Q, A>,
    ) -> Result<Tagged<A>, CloudError> {
        let live = self.live().await?;
        let key = CsrfToken::new_random();
        match exchange(&live.wire, &live.access, &call, key.secret()).await {
            Err(CloudError::Refused(problem)) if problem.code == ProblemCode::Unauthenticated => {
                // Its time is over, or what it was signed with: clocks may differ.
                let live = self.session.renewed(&live).await?;
                exchange(&live.wire, &live.access, &call, key.secret()).await
            }
            done => done,
        }
    }
}

/// Asks as who has this access token, which is in no session yet.
pub(crate) async fn ask_as<Q: Serialize, A: DeserializeOwned>(
    wire: &Wire,
    access: &Secret,
    call: Call<'_, Q, A>,
) -> Result<A, CloudError> {
    Ok(exchange(wire, access, &call, "").await?.value)
}

async fn exchange<Q: Serialize, A: DeserializeOwned>(
    wire: &Wire,
    access: &Secret,
    call: &Call<'_, Q, A>,
    key: &str,
) -> Result<Tagged<A>, CloudError> {
    let mut tries = 1;
    loop {
        let response = wire.send(request(wire, access, call, key)?).await?;
        let Some(refusal) = wire.refusal(&response) else {
            return read(wire, &response);
        };
        let may_repeat = match response.status() {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::SERVICE_UNAVAILABLE => call.operation.kind.may_repeat(),
            _ => false,
        };
        let wait = retry_after(response.headers()).filter(|wait| *wait <= LONGEST_WAIT);
        match wait {
            Some(wait) if may_repeat && tries < TRIES => tokio::time::sleep(wait).await,
            _ => return Err(scrubbed(refusal, access)),
        }
        tries += 1;
    }
}

fn request<Q: Serialize, A>(
    wire: &Wire,
    access: &Secret,
    call: &Call<'_, Q, A>,
    key: &str,
) -> Result<HttpRequest, CloudError> {
    let mut url = wire.server().at("/");
    if let Ok(mut path) = url.path_segments_mut() {
        let mut places = call.places.iter();
        let segments = call.operation.path.split('/').skip(1);
        path.clear().extend(segments.map(|segment| {
            let place = segment.starts_with('{').then(|| places.next()).flatten();
            place.map_or(segment, String::as_str)
        }));
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&call.query);
    }
    let body = match call.body {
        Some(body) => serde_json::to_vec(body).map_err(CloudError::system)?,
        None => Vec::new(),
    };
    let mut request = HttpRequest::new(body);
    *request.method_mut() = call.operation.kind.method();
    *request.uri_mut() = url.as_str().parse().map_err(CloudError::system)?;
    let headers = request.headers_mut();
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", access.expose()))
        .map_err(|_| wire.foreign("it gave a token that cannot be sent"))?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if call.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let text = |text: &str| HeaderValue::from_str(text).map_err(CloudError::system);
    match call.operation.kind {
        Kind::Create => {
            headers.insert(IDEMPOTENCY_KEY, text(key)?);
        }
        Kind::Edit => {
            headers.insert(IF_MATCH, text(call.seen.unwrap_or("*"))?);
        }
        Kind::Read | Kind::Remove | Kind::Act => {}
    }
    Ok(request)
}

fn read<A: DeserializeOwned>(
    wire: &Wire,
    response: &HttpResponse,
) -> Result<Tagged<A>, CloudError> {
    let state = response.headers().get(ETAG);
    let state = state
        .and_then(|state| state.to_str().ok())
        .map(str::to_owned);
    let body: &[u8] = match response.status() {
        // What `()` is in JSON.
        StatusCode::NO_CONTENT => b"null",
        _ if !is_of_type(response.headers(), "application/json") => {
            return Err(wire.foreign("its answer is no JSON"));
        }
        _ => response.body(),
    };
    let value = serde_json::from_slice(body).map_err(|error| {
        // Not the error itself, which may repeat a secret.
        wire.foreign(format!(
            "its answer has another form (line {})",
            error.line()
        ))
    })?;
    Ok(Tagged { value, state })
}

/// A server that repeats the token in what it says would have it shown.
fn scrubbed(error: CloudError, access: &Secret) -> CloudError {
    match error {
        CloudError::Refused(mut problem) => {
            problem.detail = slipway_net::scrub(&problem.detail, &[access.expose()]).into_owned();
            CloudError::Refused(problem)
        }
        other => other,
    }
}
