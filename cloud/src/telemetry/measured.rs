//! What is measured when it is asked for.

use std::time::Duration;

use crate::server::Server;
use crate::tables::letters;

/// Connections to the database that are in use.
const CONNECTIONS_USED: &str = "database_connections_used";
/// Connections to the database that are open and idle.
const CONNECTIONS_IDLE: &str = "database_connections_idle";
/// Letters that are not carried away yet.
const LETTERS: &str = "letters_waiting";
/// Passwords that are hashed or wait for it.
const HASHES: &str = "password_hashes_waiting";

/// How long the database may take to say how many letters there are.
const WAIT: Duration = Duration::from_secs(1);

/// Describes them.
pub(super) fn describe() {
    metrics::describe_gauge!(CONNECTIONS_USED, "Connections to the database in use");
    metrics::describe_gauge!(
        CONNECTIONS_IDLE,
        "Connections to the database that are idle"
    );
    metrics::describe_gauge!(LETTERS, "Letters that are not carried away yet");
    metrics::describe_gauge!(HASHES, "Passwords that are hashed or wait for it");
}

/// Measures now. While the database does not answer, the letters are as many as before.
pub async fn measure(server: &Server) {
    let (all, idle) = server.database.connections();
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    metrics::gauge!(CONNECTIONS_USED).set(count(all.saturating_sub(idle)));
    metrics::gauge!(CONNECTIONS_IDLE).set(count(idle));
    metrics::gauge!(HASHES).set(count(server.people.passwords.waiting()));
    let letters = tokio::time::timeout(WAIT, letters::count(server.database.read())).await;
    if let Ok(Ok(letters)) = letters {
        metrics::gauge!(LETTERS).set(count(usize::try_from(letters).unwrap_or(usize::MAX)));
    }
}
