//! What PostgreSQL ends by itself: a statement that waits for too long, and a transaction that says nothing.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use slipway_cloud::database::Database;
use slipway_contract::cloud::ProblemCode;
use tokio::sync::watch;
use tokio::time::timeout;

use super::given;
use crate::kit::process::Process;
use crate::kit::{Cloud, Engine, client};

/// The longest that an end which must come is waited for.
const SURELY: Duration = Duration::from_secs(120);

/// How many statements of the server's wait for a lock in this database.
async fn waiting(pool: &sqlx::PgPool) -> i64 {
    let text = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'slipway-cloud' and wait_event_type = 'Lock'";
    sqlx::query_scalar(text)
        .fetch_one(pool)
        .await
        .expect("a row")
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_to_end_statements_that_wait_for_a_lock() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let mut settings = cloud.settings();
    // So that the database itself ends them first.
    for (name, value) in [
        ("SLIPWAY_CLOUD_REQUEST_TIMEOUT", "90"),
        ("SLIPWAY_CLOUD_WORKER", "false"),
    ] {
        settings.push((name.to_owned(), value.to_owned()));
    }
    let server = tokio::task::spawn_blocking(move || Process::serve(&given(&settings)));
    let server = server.await.expect("it starts");
    let pool = sqlx::PgPool::connect(&cloud.database)
        .await
        .expect("it answers");
    let mut lock = pool.begin().await.expect("a transaction");
    sqlx::raw_sql("lock table signing_keys, device_requests in access exclusive mode")
        .execute(&mut *lock)
        .await
        .expect("it is locked");
    let (url, http) = (server.url(), client());
    // One reads; one writes, in a transaction.
    let read = http.get(format!("{url}/.well-known/jwks.json")).send();
    let device = http.post(format!("{url}/oauth/device-authorization"));
    let write = device.form(&[("client_id", "slipway-cli")]).send();
    let both_wait = async {
        while waiting(&pool).await < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (read, write, ()) = tokio::join!(read, write, both_wait);
    for answer in [read, write] {
        let answer = answer.expect("an answer");
        let again = answer.headers().contains_key("retry-after");
        assert_eq!((answer.status().as_u16(), again), (503, true));
    }
    assert_eq!(waiting(&pool).await, 0, "none is left behind");
    lock.rollback().await.expect("undone");
    let read = http
        .get(format!("{url}/.well-known/jwks.json"))
        .send()
        .await;
    assert_eq!(read.expect("an answer").status().as_u16(), 200);
    pool.close().await;
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_to_end_transactions_of_a_program_that_hangs() {
    let cloud = Cloud::start(Engine::Postgres).await;
    let hangs = Database::open(&cloud.database, 1).await.expect("it opens");
    let (held, is_held) = watch::channel(false);
    let (go_on, goes_on) = watch::channel(false);
    let write = hangs.write(|on| {
        let (held, mut goes_on) = (held.clone(), goes_on.clone());
        async move {
            on.execute_unprepared("lock table signing_keys in access exclusive mode")
                .await?;
            held.send_replace(true);
            drop(goes_on.wait_for(|goes_on| *goes_on).await);
            on.execute_unprepared("delete from signing_keys").await?;
            Ok(())
        }
    });
    let others = async {
        let mut is_held = is_held;
        is_held.wait_for(|held| *held).await.expect("it is locked");
        // Nobody is let through before the transaction is ended for it.
        let pool = sqlx::PgPool::connect(&cloud.database)
            .await
            .expect("it answers");
        let mut lock = pool.begin().await.expect("a transaction");
        sqlx::raw_sql("lock table signing_keys in access exclusive mode")
            .execute(&mut *lock)
            .await
            .expect("it is ended and lets go");
        lock.rollback().await.expect("undone");
        pool.close().await;
        go_on.send_replace(true);
    };
    let ended = timeout(SURELY, async { tokio::join!(write, others) }).await;
    let (write, ()) = ended.expect("it is ended");
    let refusal = write.expect_err("it did not end in time").refusal();
    assert_eq!(refusal.code, ProblemCode::Unavailable);
    assert!(refusal.retry_after.is_some());
    hangs.close().await;
    cloud.stop().await;
}
