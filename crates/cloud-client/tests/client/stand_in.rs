//! A server as a script, and a home that signs in to it.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::Response;
use serde_json::{Value, json};
use slipway_cloud_client::{
    Client, CloudError, CodeSignIn, DeviceSignIn, Program, ServerAddress, Session, SignInId,
    SignedIn,
};
use slipway_contract::Secret;
use slipway_vault::{NoKeychain, Vault};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// An answer that takes the place of the usual one.
pub struct Said {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// It does its work first, and then says this.
    pub works_first: bool,
    /// It says nothing, and the connection stays.
    pub is_silent: bool,
}

impl Said {
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", kind.to_owned())],
            body: body.into(),
            works_first: false,
            is_silent: false,
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    pub fn problem(code: &str, status: u16) -> Self {
        let problem = json!({
            "type": "about:blank", "title": "no", "status": status, "detail": "not now", "code": code,
        });
        Self::new(status, "application/problem+json", problem.to_string())
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What the server knows.
#[derive(Default)]
pub struct Known {
    /// How often each path was asked, with what.
    pub asked: Vec<(String, HashMap<String, String>)>,
    /// Answers that take the place of the usual ones, by path, in turn.
    pub instead: HashMap<String, VecDeque<Said>>,
    /// The refresh tokens that can be used, and those that were.
    good: Vec<String>,
    pub revoked: Vec<String>,
    access: Vec<String>,
    count: u32,
    /// A used token is good once more for the same answer, as with a grace.
    pub forgives: bool,
    successors: HashMap<String, (String, String)>,
    /// For how many seconds access tokens last.
    pub lasts: u32,
    /// How long an exchange of tokens takes.
    pub slow: Duration,
    /// How often the code's person has not answered yet.
    pub pending: u32,
}

impl Known {
    fn issue(&mut self) -> Value {
        self.count += 1;
        let (access, refresh) = (
            format!("access-{}", self.count),
            format!("refresh-{}", self.count),
        );
        self.access.push(access.clone());
        self.good.push(refresh.clone());
        self.tokens(&access, &refresh)
    }

    fn tokens(&self, access: &str, refresh: &str) -> Value {
        json!({
            "access_token": access, "token_type": "Bearer", "expires_in": self.lasts,
            "refresh_token": refresh,
        })
    }

    /// How often a path was asked.
    pub fn times(&self, path: &str) -> usize {
        self.asked.iter().filter(|(asked, _)| asked == path).count()
    }
}

/// The server.
pub struct StandIn {
    pub address: SocketAddr,
    known: Arc<Mutex<Known>>,
    serving: JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StandIn {
    pub async fn start() -> Self {
        let known = Known {
            lasts: 900,
            ..Known::default()
        };
        Self::open("127.0.0.1:0".parse().unwrap(), Arc::new(Mutex::new(known))).await
    }

    async fn open(at: SocketAddr, known: Arc<Mutex<Known>>) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .fallback(answer)
            .with_state((address, Arc::clone(&known)));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            address,
            known,
            serving,
        }
    }

    /// Goes away, and comes back when that is waited for.
    pub async fn away(self) -> impl Future<Output = Self> {
        self.serving.abort();
        let (address, known) = (self.address, Arc::clone(&self.known));
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        drop(self);
        Self::open(address, known)
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    /// The next answer at this path.
    pub fn says(&self, path: &str, said: Said) {
        let mut known = self.known();
        known
            .instead
            .entry(path.to_owned())
            .or_default()
            .push_back(said);
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn server(&self) -> ServerAddress {
        self.url().parse().unwrap()
    }

    pub async fn begin(&self) -> Result<CodeSignIn, CloudError> {
        let device = "a test".parse().unwrap();
        CodeSignIn::begin(self.server(), Program::CommandLine, device).await
    }

    pub async fn begin_with_code(&self) -> Result<DeviceSignIn, CloudError> {
        let device = "a test".parse().unwrap();
        DeviceSignIn::begin(self.server(), Program::CommandLine, device).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self) -> SignedIn {
        let begun = self.begin().await.unwrap();
        let back = coming_back(&begun, &[("code", "a-code"), ("iss", &self.url())]);
        let (signed_in, status) = tokio::join!(begun.finish(), get(&back));
        assert_eq!(status, 200);
        signed_in.unwrap()
    }
}

/// Where the browser goes with these parameters and the right state.
pub fn coming_back(begun: &CodeSignIn, parameters: &[(&str, &str)]) -> String {
    let one = |wanted: &str| {
        let mut pairs = begun.url().query_pairs();
        let found = pairs.find(|(name, _)| name == wanted);
        found.expect(wanted).1.into_owned()
    };
    let mut url = url::Url::parse(&one("redirect_uri")).unwrap();
    url.query_pairs_mut()
        .append_pair("state", &one("state"))
        .extend_pairs(parameters);
    url.into()
}

/// Keeps a sign-in, of which nothing else is known.
pub async fn keep(client: &Client, signed_in: SignedIn) -> SignInId {
    let known = |id: &SignInId| Ok::<_, ()>(id.clone());
    let kept = client.session().keep(signed_in, known).await.unwrap();
    kept.unwrap()
}

/// The status of a plain `GET`.
pub async fn get(url: &str) -> u16 {
    let client = slipway_net::loopback_client().unwrap();
    client.get(url).send().await.unwrap().status().as_u16()
}

fn form(bytes: &[u8]) -> HashMap<String, String> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

async fn answer(
    State((address, known)): State<(SocketAddr, Arc<Mutex<Known>>)>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let bearer = request.headers().get(AUTHORIZATION).cloned();
    let key = request.headers().get("idempotency-key").cloned();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    let mut fields = form(&body);
    if let Some(key) = key {
        fields.insert(
            "idempotency-key".to_owned(),
            key.to_str().unwrap().to_owned(),
        );
    }
    let (slow, instead) = {
        let mut known = known.lock().unwrap();
        known.asked.push((path.clone(), fields.clone()));
        let instead = known.instead.get_mut(&path).and_then(VecDeque::pop_front);
        (known.slow, instead)
    };
    if path == "/oauth/token" {
        tokio::time::sleep(slow).await;
    }
    let bearer = bearer.and_then(|bearer| bearer.to_str().ok().map(str::to_owned));
    let said = match instead {
        Some(said) => {
            if said.works_first {
                usual(
                    address,
                    &mut known.lock().unwrap(),
                    &path,
                    &fields,
                    bearer.as_deref(),
                );
            }
            if said.is_silent {
                std::future::pending::<()>().await;
            }
            said
        }
        None => usual(
            address,
            &mut known.lock().unwrap(),
            &path,
            &fields,
            bearer.as_deref(),
        ),
    };
    let mut response = Response::new(Body::from(said.body));
    *response.status_mut() = said.status.try_into().unwrap();
    for (name, value) in said.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    assert!(response.headers().contains_key(CONTENT_TYPE));
    response
}

fn usual(
    address: SocketAddr,
    known: &mut Known,
    path: &str,
    fields: &HashMap<String, String>,
    bearer: Option<&str>,
) -> Said {
    let url = format!("http://{address}");
    let none = || Said::json(400, &json!({"error": "invalid_grant"}));
    match path {
        "/.well-known/oauth-authorization-server" => Said::json(200, &metadata(&url)),
        "/oauth/device-authorization" => Said::json(
            200,
            &json!({
                "device_code": "secret", "user_code": "BCDF-GHJK", "expires_in": 600, "interval": 0,
                "verification_uri": format!("{url}/device"),
                "verification_uri_complete": format!("{url}/device?user_code=BCDF-GHJK"),
            }),
        ),
        "/oauth/revoke" => {
            known.revoked.push(fields["token"].clone());
            Said::new(200, "text/plain", "")
        }
        "/oauth/token" => match &*fields["grant_type"] {
            "authorization_code" => Said::json(200, &known.issue()),
            "refresh_token" => {
                let token = &fields["refresh_token"];
                if let Some(at) = known.good.iter().position(|good| good == token) {
                    known.good.remove(at);
                    let issued = known.issue();
                    let pair = ["access_token", "refresh_token"]
                        .map(|name| issued[name].as_str().unwrap().to_owned());
                    known.successors.insert(token.clone(), pair.into());
                    return Said::json(200, &issued);
                }
                match known.successors.get(token) {
                    Some((access, refresh)) if known.forgives => {
                        Said::json(200, &known.tokens(access, refresh))
                    }
                    _ => none(),
                }
            }
            _ if known.pending > 0 => {
                known.pending -= 1;
                Said::json(400, &json!({"error": "authorization_pending"}))
            }
            _ => Said::json(200, &known.issue()),
        },
        _ => {
            let is_known = known
                .access
                .iter()
                .any(|access| bearer == Some(&*format!("Bearer {access}")));
            if !is_known {
                return Said::problem("unauthenticated", 401);
            }
            Said::json(200, &account())
        }
    }
}

pub fn metadata(url: &str) -> Value {
    json!({
        "issuer": url, "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "device_authorization_endpoint": format!("{url}/oauth/device-authorization"),
        "revocation_endpoint": format!("{url}/oauth/revoke"),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

pub fn account() -> Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "email": "anna@example.com",
        "email_verified": true, "name": "Anna", "created_at": "2026-11-22T12:00:00Z",
    })
}

/// A home with a vault of its own; several processes may share it.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn vault(&self) -> Vault {
        let passphrase = Secret::new("open".to_owned());
        Vault::new(
            &self.0.path().join("secrets"),
            Box::new(NoKeychain),
            Some(passphrase),
        )
    }

    pub fn lock(&self) -> PathBuf {
        self.0.path().join("cloud/lock")
    }

    /// The client of another process.
    pub fn process(&self) -> Client {
        Client::new(Arc::new(Session::new(Arc::new(self.vault()), self.lock())))
    }

    /// The same, after somebody signed in.
    pub async fn signed_in(&self, server: &StandIn) -> Client {
        let client = self.process();
        keep(&client, server.sign_in().await).await;
        client
    }

    /// What is kept of the sign-in.
    pub fn kept(&self) -> Option<String> {
        let name = slipway_cloud_client::SECRET.parse().unwrap();
        let kept = self.vault().get(&name).unwrap();
        kept.map(|kept| kept.expose().clone())
    }
}
