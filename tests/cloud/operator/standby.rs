//! A PostgreSQL that only reads: it is away, until it or another one in its place takes writes.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use slipway_cloud::database::is_passing;
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};

use super::data;
use crate::kit::postgres::Postgres;
use crate::kit::process::{Process, said};
use crate::kit::{Cloud, Engine, client, get_plain};

/// How long a test waits for what never comes.
const TOO_LONG: Duration = Duration::from_secs(120);

/// Writes something that nobody has to be signed in for; the status, and whether it says when to come back.
async fn write(server: &Process) -> (u16, bool) {
    let url = format!("{}/oauth/device-authorization", server.url());
    let form = [("client_id", "slipway-cli")];
    let answer = client().post(url).form(&form).send().await;
    let answer = answer.expect("an answer");
    let again = answer.headers().contains_key("retry-after");
    (answer.status().as_u16(), again)
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_that_takes_writes() {
    let postgres = block_in_place(Postgres::start);
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("DATABASE_URL", &*postgres.url),
        ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
    ];
    let server = block_in_place(|| Process::serve(&settings));
    let ready = format!("{}/ready", server.url());
    assert_eq!(write(&server).await, (200, false));
    block_in_place(|| postgres.restart_as_standby());
    // The connections broke off; then none is made anew.
    for _ in 0..2 {
        assert_eq!(write(&server).await, (503, true));
    }
    assert_eq!(get_plain(&ready).await.0, 503);
    let refused = block_in_place(|| said(&settings, &["migrate"]));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("standby"), "{words}");
    block_in_place(|| postgres.promote());
    let again = async {
        while write(&server).await != (200, false) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TOO_LONG, again)
        .await
        .expect("it goes on by itself");
    assert_eq!(get_plain(&ready).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_to_say_what_passes() {
    let cloud = Cloud::start(Engine::Postgres).await;
    for (state, expected) in [
        ("25006", true),
        ("0A000", true),
        ("25P03", true),
        ("58030", true),
        ("23514", false),
        ("42601", false),
    ] {
        let text = format!("do $$ begin raise 'no' using errcode = '{state}'; end $$");
        let refused = cloud.server.database.read().execute_unprepared(&text).await;
        assert_eq!(is_passing(&refused.unwrap_err()), expected, "{state}");
    }
    cloud.stop().await;
}
