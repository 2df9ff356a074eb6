//! How many requests a second the server answers, beside nginx with a static file in the same run.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark"
)]

mod load;
mod nginx;
#[path = "../kit/person.rs"]
mod person;
#[path = "../kit/postgres.rs"]
mod postgres;
#[path = "../kit/process.rs"]
mod process;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use slipway_cloud::chance::SystemChance;
use slipway_cloud::clock::SystemClock;
use slipway_cloud::config::Config;
use slipway_cloud::database::Database;
use slipway_cloud::limits::LocalLimits;
use slipway_cloud::seal::Sealer;
use slipway_cloud::server::{Parts, Server};

use crate::load::{Request, Seen, run};
use crate::nginx::Nginx;
use crate::person::Person;
use crate::postgres::Postgres;
use crate::process::Process;

const CONNECTIONS: u64 = 32;
const LASTS: Duration = Duration::from_secs(4);
const SECRET: [u8; 32] = [9; 32];

fn show(what: &str, seen: &Seen, floor: Option<&Seen>) {
    let beside = floor.map_or_else(String::new, |floor| {
        format!(
            "  {:>5.1}% of nginx",
            100.0 * seen.per_second / floor.per_second
        )
    });
    println!(
        "{what:<44} {:>9.0} /s   p50 {:>7.2} ms   p99 {:>7.2} ms{beside}",
        seen.per_second, seen.p50, seen.p99
    );
}

fn get(path: &str, token: Option<&str>) -> Request {
    let token = token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    });
    let bytes = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{token}\r\n").into_bytes();
    Arc::new(move |_| bytes.clone())
}

fn create(token: &str) -> Request {
    let token = token.to_owned();
    Arc::new(move |count| {
        let body = format!("{{\"name\":\"Harbour {count}\"}}");
        let length = body.len();
        format!(
            "POST /api/v1/organizations HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             idempotency-key: key-{count}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    })
}

async fn measure(name: &str, database: &str, floor: Option<&Seen>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
    let plenty = "1000000";
    let settings = [
        ("DATABASE_URL", database),
        ("SLIPWAY_CLOUD_SECRET_KEY", &secret),
        ("SLIPWAY_CLOUD_DATA", &data),
        ("SLIPWAY_CLOUD_PUBLIC_URL", "http://127.0.0.1:8787"),
        ("SLIPWAY_CLOUD_RATE_READS", plenty),
        ("SLIPWAY_CLOUD_RATE_WRITES", plenty),
        ("SLIPWAY_CLOUD_RATE_ADDRESS", plenty),
        ("SLIPWAY_CLOUD_LOG", "warn,slipway_cloud::commands=info"),
    ];
    let process = Process::serve(&settings);
    let server = Server::new(Parts {
        config: Config::at("http://127.0.0.1:8787"),
        database: Database::open(database, 2).await.unwrap(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        sealer: Sealer::new(SECRET),
        limits: Arc::new(LocalLimits::default()),
    })
    .expect("sound settings");
    let anna = Person::new(&server, "anna", 0).await;
    let address = SocketAddr::from(([127, 0, 0, 1], process.port));
    let seen = run(address, CONNECTIONS, LASTS, 204, get("/health", None)).await;
    show(&format!("{name}: health"), &seen, floor);
    let seen = run(
        address,
        CONNECTIONS,
        LASTS,
        200,
        get("/api/v1/account", Some(&anna.access)),
    )
    .await;
    show(&format!("{name}: authenticated read"), &seen, floor);
    let seen = run(address, CONNECTIONS, LASTS, 201, create(&anna.access)).await;
    show(
        &format!("{name}: write with an idempotency key"),
        &seen,
        floor,
    );
}

#[tokio::main]
async fn main() {
    println!(
        "{CONNECTIONS} connections for {} s each, load and servers on one machine, logs at warn",
        LASTS.as_secs()
    );
    let nginx = Nginx::start();
    let floor = match &nginx {
        Some(nginx) => Some(run(nginx.address, CONNECTIONS, LASTS, 200, get("/file", None)).await),
        None => None,
    };
    match &floor {
        Some(floor) => show("floor: nginx with a static file of 200 bytes", floor, None),
        None => println!("nginx is not installed: no floor"),
    }
    drop(nginx);
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("cloud.db").display());
    measure("SQLite (synchronous=FULL)", &file, floor.as_ref()).await;
    let postgres = Postgres::start();
    measure("PostgreSQL (fsync on)", &postgres.url, floor.as_ref()).await;
}
