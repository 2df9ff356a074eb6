//! PostgreSQL: how it is reached.

use std::io;
use std::net::IpAddr;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use sea_orm::sqlx::{Connection as _, Error, Executor as _};
use tokio::time::{sleep, timeout};

use super::{IDLE, WAIT};

/// The longest that PostgreSQL works on one statement, and that it waits in a transaction for the next one.
const STATEMENT: Duration = Duration::from_secs(30);

/// How long a connection may take to show that it is still there.
const SHOWING: Duration = Duration::from_secs(1);

/// After how long a connection is tried again that could not be made.
const REST: Duration = Duration::from_secs(1);

/// Connections to the database of a URL. TLS is as its `sslmode` says.
pub(super) async fn pool(url: &str, connections: u32) -> anyhow::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?.application_name("slipway-cloud");
    let options = Arc::new(options);
    let renewed = Arc::clone(&options);
    let opened = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(begin(connection)))
        .before_acquire(|connection, seen| {
            Box::pin(async move {
                if IDLE < seen.idle_for {
                    let shown = timeout(SHOWING, sqlx::Connection::ping(connection)).await;
                    shown.map_err(io::Error::from)??;
                }
                Ok(true)
            })
        })
        .after_release(move |connection, _| {
            let options = Arc::clone(&renewed);
            Box::pin(async move {
                match timeout(WAIT, sqlx::Connection::flush(connection)).await {
                    Ok(answered) => answered?,
                    Err(_) => *connection = renew(&options).await,
                }
                Ok(true)
            })
        })
        .connect_with((*options).clone())
        .await;
    match opened {
        // It tried again and again, and says no more than that.
        Err(Error::PoolTimedOut) => Err(why(&options).await.into()),
        opened => Ok(opened?),
    }
}

/// Another connection instead of one on which what was asked is not answered. That one is dropped: to close it means to
/// send first what is left, and where nobody is there any more, that waits until the system gives up.
async fn renew(options: &PgConnectOptions) -> PgConnection {
    tracing::warn!("PostgreSQL does not answer on a connection; another one takes its place");
    loop {
        match timeout(WAIT, connect(options)).await {
            Ok(Ok(connection)) => return connection,
            Ok(Err(_)) | Err(_) => sleep(REST).await,
        }
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    begin(&mut connection).await?;
    Ok(connection)
}

/// Makes a new connection ready. One to a server that only reads is of no use: another one may take writes soon.
async fn begin(connection: &mut PgConnection) -> Result<(), Error> {
    limit(connection, STATEMENT).await?;
    connection.execute(sqlx::raw_sql(ALONE)).await?;
    let only_reads = sqlx::query_scalar("select pg_is_in_recovery()");
    if only_reads.fetch_one(connection).await? {
        return Err(Error::Io(io::Error::other(
            "it is a standby, and only reads",
        )));
    }
    Ok(())
}

/// Lets PostgreSQL end what it does for nobody any more, so that what is given up here does not pile up there. Before
/// version 14, and on some systems, it cannot.
const ALONE: &str = "do $$ begin
    perform set_config('client_connection_check_interval', '1000', false);
exception when others then null;
end $$";

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
    match timeout(WAIT, connect(options)).await {
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
