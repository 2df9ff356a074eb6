//! Two copies on one PostgreSQL, behind one address: whatever ends, nothing that was acknowledged is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine as _;
use reqwest::header::{AUTHORIZATION, CONNECTION, RETRY_AFTER};
use serde_json::{Value, json};
use slipway_cloud::chance::SystemChance;
use slipway_cloud::clock::SystemClock;
use slipway_cloud::config::Config;
use slipway_cloud::database::Database;
use slipway_cloud::limits::LocalLimits;
use slipway_cloud::seal::Sealer;
use slipway_cloud::server::{Parts, Server};
use tokio::net::TcpListener;

use crate::kit::postgres::Postgres;
use crate::kit::process::Process;
use crate::kit::round_robin::RoundRobin;
use crate::kit::{Person, client};

const SECRET: [u8; 32] = [9; 32];
/// How many make things at once.
const WORKERS: usize = 8;

/// What was acknowledged, by the key it was asked for with.
type Made = BTreeMap<String, String>;

/// How many organizations one person makes: as many as one may own.
const EACH: usize = 20;

/// Who makes the organization with this key.
fn maker<'a>(people: &'a [Person], key: &str) -> &'a Person {
    let (worker, count) = key[1..].split_once('-').expect("a key");
    let numbers: [usize; 2] = [worker, count].map(|number| number.parse().expect("a number"));
    &people[(numbers[0] + WORKERS * (numbers[1] / EACH)) % people.len()]
}

/// Makes one organization after the other until told to stop. What is not acknowledged is asked for again
/// with the same key, as a client does.
async fn make(
    url: String,
    people: Arc<Vec<Person>>,
    worker: usize,
    stop: Arc<AtomicBool>,
) -> (Made, Vec<u16>) {
    let client = client();
    let (mut made, mut refused) = (Made::new(), Vec::new());
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        let key = format!("w{worker}-{count}");
        count += 1;
        let token = &maker(&people, &key).access;
        loop {
            let request = client
                .post(format!("{url}/api/v1/organizations"))
                .header(AUTHORIZATION, format!("Bearer {token}"))
                .header("idempotency-key", &key)
                // A new connection for each, so that all copies get their share.
                .header(CONNECTION, "close")
                .json(&json!({"name": key}));
            // A connection that a killed copy leaves behind says nothing of what was done.
            let Ok(answer) = request.send().await else {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let status = answer.status().as_u16();
            if status == 201 {
                let Ok(body) = answer.json::<Value>().await else {
                    continue;
                };
                made.insert(key, body["id"].as_str().expect("an id").to_owned());
                break;
            }
            let later = answer.headers().get(RETRY_AFTER).is_some();
            let text = answer.text().await.unwrap_or_default();
            assert!(status == 503 && later, "{status} {text}");
            refused.push(status);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    (made, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_nothing_acknowledged_is_lost_when_copies_and_the_database_end() {
    let postgres = tokio::task::spawn_blocking(Postgres::start).await.unwrap();
    let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", front.local_addr().unwrap());
    let secret = base64::engine::general_purpose::STANDARD.encode(SECRET);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let settings: Vec<(&str, &str)> = vec![
        ("DATABASE_URL", &postgres.url),
        ("SLIPWAY_CLOUD_PUBLIC_URL", &url),
        ("SLIPWAY_CLOUD_SECRET_KEY", &secret),
        ("SLIPWAY_CLOUD_DATA", &data),
        ("SLIPWAY_CLOUD_RATE_WRITES", "1000000"),
        ("SLIPWAY_CLOUD_RATE_ADDRESS", "1000000"),
        ("SLIPWAY_CLOUD_LOG", "warn,slipway_cloud::commands=info"),
    ];
    // Both make the tables at once.
    let (mut first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| Process::serve(&settings));
        let second = scope.spawn(|| Process::serve(&settings));
        (first.join().unwrap(), second.join().unwrap())
    });
    let proxy = RoundRobin::before(front, vec![first.port, second.port]).await;
    assert_eq!(format!("http://{}", proxy.address), url);
    let own = Server::new(Parts {
        config: Config::at(&url),
        database: Database::open(&postgres.url, 2).await.unwrap(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        sealer: Sealer::new(SECRET),
        limits: Arc::new(LocalLimits::default()),
        notices: Arc::new(slipway_cloud::notices::LocalNotices::default()),
    })
    .expect("sound settings");
    let mut people = Vec::new();
    for count in 0..WORKERS as u64 * 30 {
        people.push(Person::new(&own, "anna", count).await);
    }
    let people = Arc::new(people);
    let stop = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            tokio::spawn(make(
                url.clone(),
                Arc::clone(&people),
                worker,
                Arc::clone(&stop),
            ))
        })
        .collect();
    let pause = || tokio::time::sleep(Duration::from_millis(700));
    pause().await;
    let port = first.port;
    first.kill();
    pause().await;
    first = Process::serve_at(port, &settings);
    pause().await;
    for _ in 0..2 {
        tokio::task::block_in_place(|| postgres.crash_and_restart());
        pause().await;
    }
    pause().await;
    stop.store(true, Ordering::Relaxed);
    let mut made = Made::new();
    let mut refused = 0;
    for worker in workers {
        let (some, statuses) = worker.await.expect("only 201, and 503 with Retry-After");
        made.extend(some);
        refused += statuses.len();
    }
    println!("{} made, {refused} times told to come back", made.len());
    assert!(
        made.len() > WORKERS * 2,
        "it goes on by itself: {}",
        made.len()
    );
    // Each is there, by both copies, and there is one for each key.
    for copy in [first.url(), second.url()] {
        for (key, id) in made.iter().step_by(7) {
            let request = client().get(format!("{copy}/api/v1/organizations/{id}"));
            let answer = request
                .header(
                    AUTHORIZATION,
                    format!("Bearer {}", maker(&people, key).access),
                )
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{key}");
            assert_eq!(answer.json::<Value>().await.unwrap()["name"], **key);
        }
    }
    let pool = sqlx::PgPool::connect(&postgres.url).await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as("select name, id::text from organizations")
        .fetch_all(&pool)
        .await
        .unwrap();
    let by_name: BTreeMap<&str, &str> = rows.iter().map(|(name, id)| (&**name, &**id)).collect();
    assert_eq!(by_name.len(), rows.len(), "nothing is made twice");
    for (key, id) in &made {
        assert_eq!(by_name.get(&**key), Some(&&**id));
    }
    pool.close().await;
    own.database.close().await;
    assert!(first.end(), "it ends well while the other goes on");
}
