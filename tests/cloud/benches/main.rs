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
#[path = "../kit/tls.rs"]
mod tls;

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

use crate::load::{Load, Request, Seen, run};
use crate::nginx::Nginx;
use crate::person::Person;
use crate::postgres::Postgres;
use crate::process::Process;

const FULL: Load = Load {
    connections: 32,
    rest: Duration::ZERO,
    lasts: Duration::from_secs(4),
};
/// Reads as people make them, beside which logins run.
const CALM: Load = Load {
    connections: 8,
    rest: Duration::from_millis(4),
    lasts: Duration::from_secs(6),
};
/// More logins than are hashed at once, so that the queue of hashes is never empty.
const LOGINS: Load = Load {
    connections: 6,
    rest: Duration::ZERO,
    lasts: Duration::from_secs(7),
};
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

/// A write: somebody changes their name. Each connection is another person's.
fn rename(people: &[Person]) -> Request {
    let tokens: Vec<String> = people.iter().map(|person| person.access.clone()).collect();
    Arc::new(move |count| {
        let token = &tokens[usize::try_from(count >> 40).unwrap() % tokens.len()];
        let body = format!("{{\"name\":\"Anna {count}\"}}");
        let length = body.len();
        format!(
            "PATCH /api/v1/account HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             if-match: *\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    })
}

/// Somebody who signs in from another network each time, with an address that nobody has: the same work
/// as for one that somebody has.
async fn login(url: &str) -> Request {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark asks its own server on loopback"
    )]
    let page = reqwest::get(format!("{url}/sign-in")).await.unwrap();
    let cookies = page.headers().get_all("set-cookie").iter();
    let cookies: Vec<_> = cookies
        .map(|cookie| {
            cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let cookies = cookies.join("; ");
    let page = page.text().await.unwrap();
    let (_, token) = page.split_once("name=\"form_token\" value=\"").unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    Arc::new(move |count| {
        let body = format!(
            "form_token={token}&email=nobody{count}%40example.com&password=correct+horse+{count}"
        );
        let network = format!("10.{}.{}.{}", count >> 40, (count >> 8) & 255, count & 255);
        let length = body.len();
        format!(
            "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\nx-forwarded-for: {network}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
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
        ("SLIPWAY_CLOUD_PROXIES", "1"),
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
        notices: Arc::new(slipway_cloud::notices::LocalNotices::default()),
    })
    .expect("sound settings");
    let mut people = Vec::new();
    for count in 0..FULL.connections {
        people.push(Person::new(&server, "anna", count).await);
    }
    let address = SocketAddr::from(([127, 0, 0, 1], process.port));
    let seen = run(address, FULL, &[204], get("/health", None)).await;
    show(&format!("{name}: health"), &seen, floor);
    let read = get("/api/v1/account", Some(&people[0].access));
    let seen = run(address, FULL, &[200], Arc::clone(&read)).await;
    show(&format!("{name}: authenticated read"), &seen, floor);
    let seen = run(address, FULL, &[200], rename(&people)).await;
    show(&format!("{name}: write"), &seen, floor);
    let calm = run(address, CALM, &[200], Arc::clone(&read)).await;
    show(&format!("{name}: paced reads"), &calm, None);
    let login = login(&process.url()).await;
    // Wrong, or turned away while the queue is full.
    let logins = tokio::spawn(run(address, LOGINS, &[422, 503], login));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let beside = run(address, CALM, &[200], read).await;
    let logins = logins.await.unwrap();
    show(
        &format!("{name}: logins, at the hash's limit"),
        &logins,
        None,
    );
    show(&format!("{name}: paced reads beside them"), &beside, None);
    println!(
        "{:<44} {:>9.2} x",
        "    their p99 beside logins",
        beside.p99 / calm.p99
    );
}

#[tokio::main]
async fn main() {
    println!(
        "{} connections for {} s each, load and servers on one machine, logs at warn",
        FULL.connections,
        FULL.lasts.as_secs()
    );
    let nginx = Nginx::start();
    let floor = match &nginx {
        Some(nginx) => Some(run(nginx.address, FULL, &[200], get("/file", None)).await),
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
