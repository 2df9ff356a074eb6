//! A database that hangs: who asks is told so, soon, and that it is not their doing; and nothing is lost by it for good.

use std::time::Duration;

use futures::future::join_all;
use rustix::process::Signal;
use sqlx::{Executor as _, PgPool, Postgres, Transaction};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::given;
use crate::kit::process::Process;
use crate::kit::{Cloud, Engine, client, get_plain};

/// How long a test waits for what never comes.
const TOO_LONG: Duration = Duration::from_secs(120);
/// The most connections of the server to its database.
const CONNECTIONS: usize = 4;
/// A path that reads the database, and the table that it reads.
const READING: (&str, &str) = ("/.well-known/jwks.json", "signing_keys");

/// Passes on what goes to this address, until it is told to hang. What hangs is never passed on again, and nobody is
/// told so; what comes when it does not hang any more is.
async fn passing(to: String) -> (String, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (hang, hangs) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (to, mut hangs) = (to.clone(), hangs.clone());
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.expect("the database");
                let hung = async {
                    drop(hangs.wait_for(|hangs| *hangs).await);
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    () = hung => std::future::pending().await,
                }
            });
        }
    });
    (address, hang)
}

/// Waits until this is so.
async fn until(is_so: impl AsyncFn() -> bool) {
    let waited = async {
        while !is_so().await {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TOO_LONG, waited)
        .await
        .expect("that it comes to be");
}

/// A server whose way to its database hangs when it is told to.
struct Distant {
    server: Process,
    metrics: String,
    hang: watch::Sender<bool>,
    /// To the same database, past all that.
    near: PgPool,
}

impl Distant {
    async fn start(cloud: &Cloud) -> Self {
        let url = url::Url::parse(&cloud.database).expect("a URL");
        let at = format!(
            "{}:{}",
            url.host_str().expect("a host"),
            url.port().expect("a port")
        );
        let (address, hang) = passing(at.clone()).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let metrics = free.local_addr().expect("an address").to_string();
        drop(free);
        let mut settings = cloud.settings();
        for (name, value) in &mut settings {
            if name == "DATABASE_URL" {
                *value = value.replace(&at, &address);
            }
        }
        for (name, value) in [
            ("SLIPWAY_CLOUD_REQUEST_TIMEOUT", "3"),
            ("SLIPWAY_CLOUD_STOP_TIMEOUT", "1"),
            (
                "SLIPWAY_CLOUD_DATABASE_CONNECTIONS",
                &CONNECTIONS.to_string(),
            ),
            ("SLIPWAY_CLOUD_METRICS_LISTEN", &metrics),
        ] {
            settings.push((name.to_owned(), value.to_owned()));
        }
        let server = tokio::task::spawn_blocking(move || Process::serve(&given(&settings)));
        Self {
            server: server.await.expect("it starts"),
            metrics,
            hang,
            near: PgPool::connect(&cloud.database).await.expect("connected"),
        }
    }

    /// The status of an answer, and whether it says when to come back.
    async fn ask(&self, path: &str) -> (u16, bool) {
        let url = format!("{}{path}", self.server.url());
        let answer = client().get(url).send().await.expect("an answer");
        let again = answer.headers().contains_key("retry-after");
        (answer.status().as_u16(), again)
    }

    /// How many connections to the database are in use.
    async fn used(&self) -> usize {
        let (_, told) = get_plain(&format!("http://{}/metrics", self.metrics)).await;
        let mut lines = told.lines();
        let line = lines.find_map(|line| line.strip_prefix("database_connections_used "));
        line.expect("a line").parse().expect("a number")
    }

    /// How many connections wait for this table.
    async fn waiting_for(&self, table: &str) -> usize {
        let row = sqlx::query_scalar::<_, i64>(
            "select count(distinct pid) from pg_locks where relation = $1::regclass and not granted",
        );
        let count = row.bind(table).fetch_one(&self.near).await;
        usize::try_from(count.expect("a count")).expect("a count")
    }

    /// Keeps these tables from everybody else.
    async fn lock(&self, tables: &str) -> Transaction<'static, Postgres> {
        let mut lock = self.near.begin().await.expect("begun");
        let text = format!("lock table {tables} in access exclusive mode");
        let locked = lock.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(text))).await;
        locked.expect("locked");
        lock
    }

    /// Lets all connections hang while each of them waits for an answer, also the worker's, and those who ask be told so.
    async fn hang_amid_work(&self) {
        let (path, table) = READING;
        let _lock = self.lock(&format!("letters, {table}")).await;
        until(async || self.waiting_for("letters").await == 1).await;
        let asked = join_all((1..CONNECTIONS).map(|_| self.ask(path)));
        let hung = async {
            until(async || self.waiting_for(table).await == CONNECTIONS - 1).await;
            self.hang.send_replace(true);
        };
        let (answers, ()) = tokio::join!(asked, hung);
        assert_eq!(answers, [(503, true); CONNECTIONS - 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_to_hang() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let distant = Distant::start(&cloud).await;
    assert_eq!(distant.ask(READING.0).await, (200, false));
    distant.hang.send_replace(true);
    assert_eq!(distant.ask(READING.0).await, (503, true));
    assert_eq!(distant.ask("/ready").await, (503, true));
    assert_eq!(distant.ask("/health").await, (204, false));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_connections_that_hung_at_rest_are_not_met() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let distant = Distant::start(&cloud).await;
    join_all((0..CONNECTIONS).map(|_| distant.ask(READING.0))).await;
    distant.hang.send_replace(true);
    // Until they have rested for long enough to be asked whether they are there.
    sleep(Duration::from_secs(1)).await;
    distant.hang.send_replace(false);
    assert_eq!(distant.ask(READING.0).await, (200, false));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_connections_that_hang_are_given_up() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let distant = Distant::start(&cloud).await;
    distant.hang_amid_work().await;
    distant.hang.send_replace(false);
    until(async || distant.used().await == 0).await;
    assert_eq!(distant.ask(READING.0).await, (200, false));
    assert_eq!(distant.ask("/ready").await, (204, false));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_no_connection_that_hangs_keeps_the_server_from_its_end() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let mut distant = Distant::start(&cloud).await;
    distant.hang_amid_work().await;
    distant.server.signal(Signal::TERM);
    until(async || distant.server.log().contains("this is the end")).await;
    assert_eq!(distant.server.ended(), Some(0));
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_what_is_given_up_does_not_pile_up_there() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let distant = Distant::start(&cloud).await;
    let (path, table) = READING;
    let _lock = distant.lock(table).await;
    assert_eq!(distant.ask(path).await, (503, true));
    assert_eq!(distant.waiting_for(table).await, 1);
    let gone = until(async || distant.waiting_for(table).await == 0);
    // Less than half a minute, after which PostgreSQL ends it in any case.
    let gone = timeout(Duration::from_secs(25), gone).await;
    gone.expect("nobody waits for it any more");
    cloud.stop().await;
}
