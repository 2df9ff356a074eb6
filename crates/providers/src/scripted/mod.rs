//! A model server that follows a script: it answers each request with the next reply, in the
//! interface and form in which it was asked, and keeps what it was asked for assertions.
//!
//! It runs on a thread of its own, so that a test may block while a process talks to it.

mod anthropic;
mod chat;
mod gemini;
mod in_words;
mod interface;
mod local;
mod reply;
mod responses;
mod trouble;

use std::collections::{HashMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use futures::stream::{self, StreamExt};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::sync::oneshot;

pub use local::{OllamaModel, Page};
pub use reply::{Answer, Reply};
pub use trouble::Trouble;

use crate::endpoint::BaseUrl;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// From where it came; the same for requests on one connection.
    pub peer: SocketAddr,
    /// The path, such as `/v1/chat/completions`.
    pub path: String,
    /// What follows the path and `?`.
    pub query: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null when it was no JSON.
    pub body: Value,
    /// The body as it came.
    pub raw: Bytes,
}

/// A running server; it ends when dropped.
pub struct ScriptedServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Reply>>,
    models: Mutex<Vec<String>>,
    received: Mutex<Vec<Received>>,
    /// What is answered beside the script.
    pages: Mutex<local::Pages>,
    /// What Ollama says of one model.
    shown: Mutex<HashMap<String, Value>>,
    /// Requests for what is beside the script.
    visits: Mutex<Vec<Received>>,
    connections_lost: AtomicUsize,
    replies_begun: AtomicUsize,
    /// Who answers where the script does not.
    clerk: Option<Clerk>,
}

/// Answers by what is asked; it must not wait.
type Clerk = Box<dyn Fn(&Received) -> Reply + Send + Sync>;

impl ScriptedServer {
    /// Starts a server with this script, on a free port of this machine.
    ///
    /// # Errors
    /// No port could be listened on.
    pub fn start(script: impl IntoIterator<Item = impl Into<Reply>>) -> std::io::Result<Self> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), script)
    }

    /// Starts a server with this script at this address.
    ///
    /// # Errors
    /// It could not be listened on.
    pub fn start_at(
        address: SocketAddr,
        script: impl IntoIterator<Item = impl Into<Reply>>,
    ) -> std::io::Result<Self> {
        let shared = Shared::default();
        lock(&shared.script).extend(script.into_iter().map(Into::into));
        Self::serving(address, shared)
    }

    /// Starts a server that answers each request by what it asks, on a free port of this machine:
    /// for many requests at once, whose order nobody knows.
    ///
    /// # Errors
    /// No port could be listened on.
    pub fn answering(
        clerk: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let shared = Shared {
            clerk: Some(Box::new(clerk)),
            ..Shared::default()
        };
        Self::serving((Ipv4Addr::LOCALHOST, 0).into(), shared)
    }

    fn serving(address: SocketAddr, shared: Shared) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(shared);
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new()
            .fallback(answer)
            // Attached documents are larger than what it takes by itself.
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        std::thread::Builder::new()
            .name("scripted-model".to_owned())
            .spawn(move || serve(listener, app, stopped))?;
        Ok(Self {
            address,
            shared,
            stop: Some(stop),
        })
    }

    /// The same, listing these models.
    #[must_use]
    pub fn with_models(self, models: &[&str]) -> Self {
        *lock(&self.shared.models) = models.iter().map(|&model| model.to_owned()).collect();
        self
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What `OPENAI_BASE_URL` has to be.
    #[must_use]
    pub fn base_url(&self) -> BaseUrl {
        BaseUrl::on_this_machine(self.address)
    }

    /// The requests for answers so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// The requests for what is beside the script, oldest first.
    #[must_use]
    pub fn visits(&self) -> Vec<Received> {
        lock(&self.shared.visits).clone()
    }

    /// Replies that nobody has asked for yet.
    #[must_use]
    pub fn replies_left(&self) -> usize {
        lock(&self.shared.script).len()
    }

    /// Adds to the script.
    pub fn then(&self, reply: impl Into<Reply>) {
        lock(&self.shared.script).push_back(reply.into());
    }

    /// Replies of which a first piece was handed over.
    #[must_use]
    pub fn replies_begun(&self) -> usize {
        self.shared.replies_begun.load(Ordering::SeqCst)
    }

    /// Replies that the client did not take to their end.
    #[must_use]
    pub fn connections_lost(&self) -> usize {
        self.shared.connections_lost.load(Ordering::SeqCst)
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has ended already needs no word.
            let _ = stop.send(());
        }
    }
}

fn serve(listener: TcpListener, app: Router, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
            return;
        };
        tokio::select! {
            _ = async {
                let service = app.into_make_service_with_connect_info::<SocketAddr>();
                axum::serve(listener, service).await
            } => {}
            _ = stopped => {}
        }
    });
    // Without this, dropping it would wait for replies that pause.
    runtime.shutdown_background();
}

impl Shared {
    /// Whether this is asked beside the script.
    fn knows(&self, path: &str) -> bool {
        let shows = path == "/api/show" && !lock(&self.shown).is_empty();
        shows || lock(&self.pages).contains_key(path)
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    raw: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let is_beside = method == Method::GET || shared.knows(&path);
    let body: Value = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    if is_beside {
        let shown = lock(&shared.shown)
            .get(body["model"].as_str().unwrap_or_default())
            .cloned();
        let page = lock(&shared.pages).get(&path).cloned();
        let is_dressed = !lock(&shared.pages).is_empty();
        lock(&shared.visits).push(Received {
            peer,
            path: path.clone(),
            query: uri.query().map(str::to_owned),
            headers,
            body,
            raw,
        });
        match (page, shown) {
            (Some(page), _) => return page.respond().await,
            (None, Some(shown)) => return whole(StatusCode::OK, &shown),
            (None, None) if is_dressed => {
                return whole(StatusCode::NOT_FOUND, &json!({"error": "not found"}));
            }
            (None, None) => {}
        }
        let models: Vec<Value> = lock(&shared.models)
            .iter()
            .map(|id| json!({"id": id, "object": "model"}))
            .collect();
        return whole(StatusCode::OK, &json!({"object": "list", "data": models}));
    }
    let streams = body["stream"] == true || gemini::streams(&path);
    let received = Received {
        peer,
        path: path.clone(),
        query: uri.query().map(str::to_owned),
        headers,
        body,
        raw,
    };
    lock(&shared.received).push(received.clone());
    let scripted = lock(&shared.script).pop_front();
    let reply = scripted.or_else(|| shared.clerk.as_ref().map(|clerk| clerk(&received)));
    let Some(reply) = reply else {
        let message = "the script has no reply left";
        return whole(
            StatusCode::INTERNAL_SERVER_ERROR,
            &json!({"error": {"message": message, "type": "script_error"}}),
        );
    };
    tokio::time::sleep(reply.delay).await;
    respond(&reply, &path, streams, &shared)
}

fn whole(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

fn respond(reply: &Reply, path: &str, streams: bool, shared: &Arc<Shared>) -> Response {
    let rendered = reply.rendered(path, streams);
    let pieces: Vec<Bytes> = match reply.piece {
        Some(size) => rendered
            .body
            .chunks(size)
            .map(Bytes::copy_from_slice)
            .collect(),
        None => vec![Bytes::from(rendered.body)],
    };
    let watch = Watch {
        shared: Arc::clone(shared),
        begun: false,
        done: false,
    };
    let (pause, cut) = (reply.pause, rendered.cut);
    // What was sent has to leave before a connection breaks.
    let linger = reply
        .linger
        .max(Duration::from_millis(if cut { 20 } else { 0 }));
    let begun = (pieces.into_iter(), Some(watch));
    let body = stream::unfold(begun, move |(mut pieces, watch)| async move {
        let mut watch = watch?;
        if let Some(piece) = pieces.next() {
            wait(pause).await;
            watch.begin();
            return Some((Ok(piece), (pieces, Some(watch))));
        }
        wait(linger).await;
        watch.done = true;
        cut.then(|| {
            let broken = std::io::Error::other("cut by the script");
            (Err(broken), (pieces, None))
        })
    });
    let mut response = Response::new(Body::from_stream(body.boxed()));
    *response.status_mut() = rendered.status;
    *response.headers_mut() = rendered.headers;
    response
}

async fn wait(duration: Duration) {
    if !duration.is_zero() {
        tokio::time::sleep(duration).await;
    }
}

/// Notices a body that is dropped before its end: the client has gone.
struct Watch {
    shared: Arc<Shared>,
    begun: bool,
    done: bool,
}

impl Watch {
    fn begin(&mut self) {
        if !std::mem::replace(&mut self.begun, true) {
            self.shared.replies_begun.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.done {
            self.shared.connections_lost.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
