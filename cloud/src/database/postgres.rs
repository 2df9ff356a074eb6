//! PostgreSQL: how it is reached.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::{Connection as _, Error, Executor as _};

use super::{IDLE, WAIT};

/// The longest that PostgreSQL works on one statement, and that it waits in a transaction for the next one.
const STATEMENT: Duration = Duration::from_secs(30);

/// Connections to the database of a URL. TLS is as its `sslmode` says.
pub(super) async fn pool(url: &str, connections: u32) -> anyhow::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?.application_name("slipway-cloud");
    let opened = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { limit(connection, STATEMENT).await }))
        .before_acquire(|connection, seen| {
            Box::pin(async move {
                if IDLE < seen.idle_for {
                    sqlx::Connection::ping(connection).await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.clone())
        .await;
    match opened {
        // It tried again and again, and says no more than that.
        Err(Error::PoolTimedOut) => Err(why(&options).await.into()),
        opened => Ok(opened?),
    }
}

/// Lets no statement of this connection work for longer; with nothing, each as long as it takes.
pub(super) async fn limit(connection: &mut PgConnection, longest: Duration) -> Result<(), Error> {
    let most = longest.as_millis();
    let text =
        format!("set statement_timeout = {most}; set idle_in_transaction_session_timeout = {most}");
    connection
        .execute(sqlx::raw_sql(sqlx::AssertSqlSafe(text)))
        .await?;
    Ok(())
}

/// Why it cannot be reached.
async fn why(options: &PgConnectOptions) -> Error {
    match tokio::time::timeout(WAIT, PgConnection::connect_with(options)).await {
        Ok(Err(error)) => error,
        Ok(Ok(_)) | Err(_) => Error::PoolTimedOut,
    }
}

/// Whether what goes to the database of this URL may go over a network without TLS.
pub(super) fn is_in_clear(url: &str) -> bool {
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return false;
    };
    let host = options.get_host();
    let is_here = host == "localhost"
        || host.starts_with('/')
        || options.get_socket().is_some()
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback());
    let is_certain = matches!(
        options.get_ssl_mode(),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
    );
    !is_here && !is_certain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_machine_needs_tls() {
        for (url, expected) in [
            ("postgres://me@db.example/x", true),
            ("postgres://me@10.0.0.7/x?sslmode=prefer", true),
            ("postgres://me@db.example/x?sslmode=require", false),
            ("postgres://me@db.example/x?sslmode=verify-full", false),
            ("postgres://me@localhost/x", false),
            ("postgres://me@127.0.0.1/x", false),
            ("postgres://me@[::1]/x", false),
            ("postgres:///x?host=/run/postgresql", false),
        ] {
            assert_eq!(is_in_clear(url), expected, "{url}");
        }
    }
}
