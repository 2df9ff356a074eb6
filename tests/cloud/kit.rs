//! A server for each test: in this process, behind a real socket, with a clock that tests move.

#![allow(
    unused_imports,
    dead_code,
    reason = "each group of tests uses its part"
)]

mod answer;
mod archive;
mod browser;
mod chance;
mod clock;
pub mod collector;
mod elsewhere;
mod organization;
mod person;
#[cfg(unix)]
pub mod postgres;
pub mod process;
pub mod program;
mod raw;
pub mod redis;
pub mod round_robin;
pub mod smtp;
#[cfg(unix)]
#[path = "../kit/terminal.rs"]
pub mod terminal;
pub mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use reqwest::Method;
use slipway_cloud::chance::{Chance, SystemChance};
use slipway_cloud::clock::Clock;
use slipway_cloud::config::Config;
use slipway_cloud::database::Database;
use slipway_cloud::limits::{LocalLimits, Rate, Rates};
use slipway_cloud::notices::{LocalNotices, Notices};
use slipway_cloud::people::providers;
use slipway_cloud::seal::Sealer;
use slipway_cloud::serve::serve;
use slipway_cloud::server::{Parts, Server};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use self::answer::{Answer, Ask};
pub use self::archive::Archive;
pub use self::browser::{Browser, Written};
pub use self::chance::{Draw, TestChance};
pub use self::clock::TestClock;
pub use self::elsewhere::{Elsewhere, Signer};
pub use self::organization::Organization;
pub use self::person::Person;
pub use self::program::{Tokens, VERIFIER, asking, callback, challenge};
pub use self::raw::Raw;

/// Where the tests' PostgreSQL is: a URL without a database's name, such as `postgres://postgres@127.0.0.1:5433`.
const POSTGRES: &str = "SLIPWAY_TEST_POSTGRES";

/// Both databases: every test of the cloud that touches one runs on each.
macro_rules! on_both {
    (started by $start:ident; $($(#[$meta:meta])* async fn $name:ident($cloud:ident: &Cloud) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn test($cloud: &$crate::kit::Cloud) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                let cloud = $crate::kit::Cloud::$start($crate::kit::Engine::Sqlite).await;
                test(&cloud).await;
                cloud.stop().await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_needs_postgres() {
                let cloud = $crate::kit::Cloud::$start($crate::kit::Engine::Postgres).await;
                test(&cloud).await;
                cloud.stop().await;
            }
        }
    )*};
    ($($test:tt)*) => {
        on_both! { started by start; $($test)* }
    };
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A copy of the server that takes requests.
struct Copy {
    stop: oneshot::Sender<()>,
    running: tokio::task::JoinHandle<()>,
}

impl Copy {
    fn run(server: Server, listener: TcpListener) -> Self {
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(&server, listener, stopped).await;
        });
        Self { stop, running }
    }
}

/// A running server: on SQLite one, on PostgreSQL two copies, of which each connection gets the next.
pub struct Cloud {
    /// The parts of a copy, for what a test prepares without a request.
    pub server: Server,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its chance.
    pub chance: Arc<TestChance>,
    /// Where it listens.
    pub address: SocketAddr,
    /// The other service that people sign in with.
    pub elsewhere: Elsewhere,
    /// The folder that its mail goes to, once it is delivered.
    pub mail: std::path::PathBuf,
    /// Where its database is, for a second copy.
    pub database: String,
    client: reqwest::Client,
    copies: Vec<Copy>,
    front: Option<round_robin::RoundRobin>,
    people: AtomicU64,
    folder: Arc<tempfile::TempDir>,
}

/// A database that nothing is in, and its URL.
pub async fn empty(engine: Engine, folder: &tempfile::TempDir) -> String {
    if engine == Engine::Sqlite {
        return format!("sqlite:{}", folder.path().join("cloud.db").display());
    }
    let at = std::env::var(POSTGRES).unwrap_or_else(|_| {
        panic!("{POSTGRES} is not set: `cargo xtask test` starts a PostgreSQL and sets it")
    });
    let name = format!("test_{}", uuid::Uuid::from_bytes(rand_bytes()).simple());
    let control = sqlx::PgPool::connect(&format!("{at}/postgres"))
        .await
        .expect("the tests' PostgreSQL answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}")))
        .execute(&control)
        .await
        .expect("a database is made");
    control.close().await;
    format!("{at}/{name}")
}

/// Random bytes for names.
pub fn rand_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemChance.fill(&mut bytes).expect("random bytes");
    bytes
}

/// The secret of every test's server.
const SECRET: [u8; 32] = [7; 32];

impl Cloud {
    /// The settings with which the real program works on the same database.
    pub fn settings(&self) -> Vec<(String, String)> {
        let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
        let data = self.mail.with_file_name("data").display().to_string();
        [
            ("DATABASE_URL", &*self.database),
            ("SLIPWAY_CLOUD_PUBLIC_URL", &*self.server.config.public_url),
            ("SLIPWAY_CLOUD_SECRET_KEY", &*secret),
            ("SLIPWAY_CLOUD_DATA", &*data),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Starts one on an empty database.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, Self::config()).await
    }

    /// The settings of a test that asks for nothing else.
    pub fn config() -> Config {
        let mut config = Config::at("");
        // Tests ask faster than people.
        let plenty = Rate::a_minute(1_000_000);
        config.rates = Rates {
            address: plenty,
            reads: plenty,
            writes: plenty,
            sign_in: plenty,
            tokens: plenty,
        };
        config
    }

    /// Starts one with these settings, but for where it is.
    pub async fn start_with(engine: Engine, config: Config) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = empty(engine, &folder).await;
        let clock = Arc::new(TestClock::at(1_790_000_000_000));
        Self::open(url, clock, Arc::new(folder), config).await
    }

    /// Starts one behind a proxy that says where browsers are.
    pub async fn behind_a_proxy(engine: Engine) -> Self {
        let config = Config {
            proxies: 1,
            ..Self::config()
        };
        Self::start_with(engine, config).await
    }

    /// The same server as if it had been started anew: on its database and its clock, with nothing in memory.
    pub async fn restarted(&self) -> Self {
        let (url, clock) = (self.database.clone(), Arc::clone(&self.clock));
        let config = self.server.config.clone();
        let again = Self::open(url, clock, Arc::clone(&self.folder), config).await;
        let people = self.people.load(Ordering::SeqCst);
        again.people.store(people, Ordering::SeqCst);
        again
    }

    async fn open(
        url: String,
        clock: Arc<TestClock>,
        folder: Arc<tempfile::TempDir>,
        config: Config,
    ) -> Self {
        let here = async || TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let listener = here().await;
        let address = listener.local_addr().expect("an address");
        // Tests read letters before anybody carries them away.
        let mut config = Config {
            worker: false,
            ..config
        };
        // A server that is started anew keeps its name.
        if config.public_url.is_empty() {
            config.public_url = format!("http://{address}");
        }
        let elsewhere = Elsewhere::start().await;
        let service = providers::Settings {
            client_id: "slipway-test".to_owned(),
            client_secret: slipway_contract::Secret::new("their secret".to_owned()),
            authorize_url: format!("{}/authorize", elsewhere.url),
            token_url: format!("{}/token", elsewhere.url),
            api_url: elsewhere.url.clone(),
        };
        config.people.github = Some(service.clone());
        config.people.google = Some(service);
        let mail = folder.path().join("mail");
        config.data = mail.with_file_name("data");
        slipway_cloud::start::data_folder(&config.data).expect("a folder");
        config.mail.way = slipway_cloud::mail::Way::Folder(mail.clone());
        // Copies tell each other as over Redis.
        let notices = Arc::new(LocalNotices::default());
        let chance = Arc::new(TestChance::default());
        let copy = async || {
            let database = Database::open(&url, 8).await.expect("the database opens");
            database.migrate().await.expect("the tables are made");
            Server::new(Parts {
                config: config.clone(),
                database,
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                chance: Arc::clone(&chance) as Arc<dyn Chance>,
                sealer: Sealer::new(SECRET),
                limits: Arc::new(LocalLimits::default()),
                notices: Arc::clone(&notices) as Arc<dyn Notices>,
            })
            .expect("sound settings")
        };
        let server = copy().await;
        let (copies, front) = if url.starts_with("sqlite:") {
            (vec![Copy::run(server.clone(), listener)], None)
        } else {
            let (mut copies, mut ports) = (Vec::new(), Vec::new());
            for server in [server.clone(), copy().await] {
                let listener = here().await;
                ports.push(listener.local_addr().expect("an address").port());
                copies.push(Copy::run(server, listener));
            }
            let front = round_robin::RoundRobin::before(listener, ports).await;
            (copies, Some(front))
        };
        Self {
            server,
            clock,
            chance,
            address,
            elsewhere,
            mail,
            database: url,
            client: client(),
            copies,
            front,
            people: AtomicU64::new(0),
            folder,
        }
    }

    /// Ends it, once what runs is done.
    pub async fn stop(self) {
        drop(self.stop_and_keep().await);
    }

    /// The same, and gives the folder of its database, for another one to go on with.
    pub async fn stop_and_keep(self) -> Arc<tempfile::TempDir> {
        drop((self.client, self.front));
        for copy in self.copies {
            let _ = copy.stop.send(());
            copy.running.await.expect("it ends");
        }
        self.folder
    }

    /// A request to a path.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        Ask::new(
            self.client
                .request(method, format!("http://{}{path}", self.address)),
        )
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    /// `POST`.
    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    /// `PATCH`.
    pub fn patch(&self, path: &str) -> Ask {
        self.ask(Method::PATCH, path)
    }

    /// `PUT`.
    pub fn put(&self, path: &str) -> Ask {
        self.ask(Method::PUT, path)
    }

    /// `DELETE`.
    pub fn delete(&self, path: &str) -> Ask {
        self.ask(Method::DELETE, path)
    }

    /// Somebody new who is signed in.
    pub async fn person(&self, name: &str) -> Person {
        let count = self.people.fetch_add(1, Ordering::SeqCst);
        Person::new(&self.server, name, count).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests talk to their own server on loopback"
)]
/// A client that follows nothing.
pub fn client() -> reqwest::Client {
    let plain = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // A new connection for each request, so that all copies get their share.
        .pool_max_idle_per_host(0)
        .no_proxy();
    plain.build().expect("a client")
}

/// The status and the body of a plain `GET`.
pub async fn get_plain(url: &str) -> (u16, String) {
    let response = client().get(url).send().await.expect("an answer");
    (
        response.status().as_u16(),
        response.text().await.expect("a body"),
    )
}
