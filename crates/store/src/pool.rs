//! The connections for everything but what a driven run writes.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

/// How many there are.
const MOST: u32 = 4;

/// A pool that opens its connections when they are needed.
pub(crate) fn lazy(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(MOST)
        .after_release(|connection, _| Box::pin(is_whole(connection)))
        .connect_lazy_with(options)
}

/// Whether a connection may be used again. When the disk is full or fails, SQLite undoes a transaction by itself, and
/// sqlx still counts it: what came next would run in it as if it were nested, look as if it were done, and never be
/// kept.
async fn is_whole(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // Until here an undoing may only be queued; what is asked now is answered after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_follows_a_full_disk_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("full.db"))
            .create_if_missing(true);
        let pool = lazy(options.clone());
        sqlx::query("CREATE TABLE notes (text TEXT)")
            .execute(&pool)
            .await
            .unwrap();
        // Each connection that is there now finds the disk full.
        let mut all = Vec::new();
        for _ in 0..MOST {
            let mut one = pool.acquire().await.unwrap();
            sqlx::query("PRAGMA max_page_count = 2")
                .execute(&mut *one)
                .await
                .unwrap();
            all.push(one);
        }
        drop(all);
        for _ in 0..MOST {
            let mut write = pool.begin().await.unwrap();
            let long = sqlx::query("INSERT INTO notes VALUES (hex(randomblob(9000)))");
            let failed = long.execute(&mut *write).await;
            // Those that were closed were replaced by some that know no such bound.
            if let Err(error) = failed {
                assert!(error.to_string().contains("full"), "{error}");
            }
        }
        let mut write = pool.begin().await.unwrap();
        sqlx::query("DELETE FROM notes")
            .execute(&mut *write)
            .await
            .unwrap();
        sqlx::query("INSERT INTO notes VALUES ('kept')")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        pool.close().await;
        let again = lazy(options);
        let kept: Vec<String> = sqlx::query_scalar("SELECT text FROM notes")
            .fetch_all(&again)
            .await
            .unwrap();
        assert_eq!(kept, ["kept"]);
    }
}
