//! What the server asks over TLS: PostgreSQL and Redis.

use slipway_cloud::database::Database;
use sqlx::Row as _;

use super::data;
use crate::kit::get_plain;
use crate::kit::postgres::Postgres;
use crate::kit::process::Process;
use crate::kit::redis::Redis;
use crate::kit::tls::Certified;

async fn is_encrypted(database: &Database) -> bool {
    let pool = database.pool().get_postgres_connection_pool();
    let row = sqlx::query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    row.fetch_one(pool).await.expect("a row").get(0)
}

async fn why(url: &str) -> String {
    let error = Database::open(url, 1).await.expect_err("it is refused");
    format!("{error:#}")
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certified = Certified::make(folder.path(), &["localhost"]);
    let others = tempfile::tempdir().unwrap();
    let others = Certified::make(others.path(), &["localhost"]);
    let postgres = Postgres::start_with_tls(&certified);
    let by_name = postgres.url.replace("127.0.0.1", "localhost");
    let ours = certified.authority.display();

    let required = format!("{}?sslmode=require", postgres.url);
    let verified = format!("{by_name}?sslmode=verify-full&sslrootcert={ours}");
    for url in [&required, &verified] {
        let database = Database::open(url, 1).await.expect("it opens");
        assert!(is_encrypted(&database).await);
        database.close().await;
    }
    let of_another = format!("{}?sslmode=verify-full&sslrootcert={ours}", postgres.url);
    assert!(
        why(&of_another).await.contains("certificate"),
        "another name"
    );
    let unknown = format!(
        "{by_name}?sslmode=verify-full&sslrootcert={}",
        others.authority.display()
    );
    assert!(
        why(&unknown).await.contains("certificate"),
        "another authority"
    );
    let clear = format!("{}?sslmode=disable", postgres.url);
    assert!(
        why(&clear).await.contains("pg_hba.conf"),
        "what PostgreSQL says is told"
    );

    let data = data(&folder.path().join("data"));
    let settings = [("DATABASE_URL", &*verified), ("SLIPWAY_CLOUD_DATA", &*data)];
    let server = tokio::task::spawn_blocking({
        let settings = settings.map(|(name, value)| (name, value.to_owned()));
        move || Process::serve(&settings.each_ref().map(|(name, value)| (*name, &**value)))
    });
    let server = server.await.unwrap();
    assert_eq!(get_plain(&format!("{}/ready", server.url())).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_redis_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certified = Certified::make(folder.path(), &["localhost", "127.0.0.1"]);
    let redis = Redis::start_with_tls(&certified).await;
    let (url, authority) = (redis.url.clone(), certified.authority.clone());
    let data = data(&folder.path().join("data"));
    let server = tokio::task::spawn_blocking(move || {
        Process::serve(&[
            ("SLIPWAY_CLOUD_DATA", &data),
            ("REDIS_URL", &url),
            // Where this system keeps the authorities that it believes.
            ("SSL_CERT_FILE", &authority.display().to_string()),
        ])
    });
    let server = server.await.unwrap();
    // Each request is counted there, once the connection is made.
    let mut keys = String::new();
    for _ in 0..120 {
        assert_eq!(
            get_plain(&format!("{}/.well-known/jwks.json", server.url()))
                .await
                .0,
            200
        );
        let output = std::process::Command::new("redis-cli")
            .args(["--tls", "--cacert"])
            .arg(&certified.authority)
            .args(["-u", &redis.url, "keys", "slipway:limit:*"])
            .output()
            .expect("it comes with redis-server");
        keys = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if keys.contains("slipway:limit:address") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("no request was counted: {keys}");
}
