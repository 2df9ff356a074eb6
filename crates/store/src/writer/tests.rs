use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use futures::future::{join, join_all};
use rusqlite::params;
use slipway_agent::memory::clock::ManualClock;
use tempfile::TempDir;

use super::*;
use crate::Synchronous;

struct Bench {
    writer: Writer,
    connect: Connect,
    _folder: TempDir,
}

/// A database with one table, whose values are unique and not null.
fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let made = Connection::open(&path).unwrap();
    made.pragma_update(None, "journal_mode", "WAL").unwrap();
    made.execute_batch("CREATE TABLE notes (text TEXT NOT NULL UNIQUE) STRICT")
        .unwrap();
    let connect = Connect {
        path,
        synchronous: Synchronous::Full,
        busy_timeout: Duration::from_millis(50),
    };
    Bench {
        writer: start(&connect),
        connect,
        _folder: folder,
    }
}

fn start(connect: &Connect) -> Writer {
    let clock = Arc::new(ManualClock::new());
    Writer::start(connect.clone(), connect.open().unwrap(), clock).unwrap()
}

/// Whether the writing comes to be done here; the thread answers before it says that it is done.
async fn soon<F: Future<Output = Result<bool, WriteFailure>>>(write: impl Fn() -> F) -> bool {
    for _ in 0..10_000 {
        if write().await.unwrap() {
            return true;
        }
    }
    false
}

/// Polls once: whether it then waits.
fn begun(future: Pin<&mut impl Future>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending()
}

impl Bench {
    /// Lets what is asked for meanwhile wait for the thread, and so for each other.
    async fn crowd<T>(&self, asking: impl Future<Output = T>) -> T {
        let mut asking = std::pin::pin!(asking);
        {
            let _busy = lock(&self.writer.turn.batches);
            assert!(begun(asking.as_mut()));
        }
        asking.await
    }

    async fn note(&self, text: impl Into<String>) -> Result<(), WriteFailure> {
        let text = text.into();
        let insert = move |connection: &Connection| {
            connection.execute("INSERT INTO notes (text) VALUES (?1)", [&text])?;
            Ok(())
        };
        self.writer.write(Durability::Now, insert).await
    }

    /// What another process sees.
    fn count(&self) -> i64 {
        let connection = self.connect.open().unwrap();
        let count = "SELECT count(*) FROM notes";
        connection.query_row(count, [], |row| row.get(0)).unwrap()
    }

    async fn set_size(&self, pages: i64) {
        let set = move |connection: &Connection| -> Result<(), WriteFailure> {
            let set =
                connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| {
                    row.get::<_, i64>(0)
                });
            set?;
            Ok(())
        };
        self.writer.write(Durability::Now, set).await.unwrap();
    }
}

#[tokio::test]
async fn work_that_fails_halfway_leaves_nothing_and_fails_alone() {
    let bench = bench();
    bench.note("taken").await.unwrap();
    let twice = |number: usize| {
        let second = if number.is_multiple_of(2) {
            "taken".to_owned()
        } else {
            format!("b{number}")
        };
        let insert = move |connection: &Connection| -> Result<(), WriteFailure> {
            let sql = "INSERT INTO notes (text) VALUES (?1)";
            connection.execute(sql, params![format!("a{number}")])?;
            connection.execute(sql, params![second])?;
            Ok(())
        };
        bench.writer.write(Durability::Now, insert)
    };
    let results = bench.crowd(join_all((0..20).map(twice))).await;
    for (number, result) in results.into_iter().enumerate() {
        assert_eq!(
            result.is_err(),
            number.is_multiple_of(2),
            "{number}: {result:?}"
        );
    }
    assert_eq!(bench.count(), 1 + 10 * 2);
}

#[tokio::test]
async fn a_full_disk_fails_what_does_not_fit_and_nothing_else() {
    let bench = bench();
    bench.note("first").await.unwrap();
    bench.set_size(20).await;
    let small = (0..10).map(|number| bench.note(format!("small {number}")));
    let large = bench.note("x".repeat(1_000_000));
    let (small, large) = bench.crowd(join(join_all(small), large)).await;
    assert!(large.is_err_and(|failure| failure.to_string().contains("full")));
    for result in small {
        result.expect("it fits");
    }
    assert_eq!(bench.count(), 11);
    bench.set_size(1_000_000).await;
    bench
        .note("x".repeat(1_000_000))
        .await
        .expect("there is room again");
    assert_eq!(bench.count(), 12);
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_for_and_then_an_error() {
    let bench = bench();
    let other = bench.connect.open().unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = join_all([bench.note("one"), bench.note("two")]).await;
    let crowded = bench
        .crowd(join(bench.note("three"), bench.note("four")))
        .await;
    assert!(crowded.0.is_err() && crowded.1.is_err(), "{crowded:?}");
    assert!(refused.iter().all(Result::is_err), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    bench.note("one").await.unwrap();
    assert_eq!(bench.count(), 1);
}

#[tokio::test]
async fn work_that_ends_the_transaction_itself_does_not_confuse_the_next() {
    let bench = bench();
    let rude = |connection: &Connection| -> Result<(), WriteFailure> {
        connection.execute_batch("INSERT INTO notes (text) VALUES ('rude'); ROLLBACK")?;
        Ok(())
    };
    let rude = bench.writer.write(Durability::Now, rude);
    let (rude, polite) = bench.crowd(join(rude, bench.note("polite"))).await;
    assert!(rude.is_err(), "what was rolled back was not kept");
    polite.unwrap();
    assert_eq!(bench.count(), 1);
}

#[tokio::test]
async fn what_waits_is_committed_together() {
    let bench = bench();
    let connect = bench.connect.clone();
    let look = || {
        let connect = connect.clone();
        bench
            .writer
            .write(Durability::WithTheNext, move |inside: &Connection| {
                let count = |connection: &Connection| {
                    connection.query_row("SELECT count(*) FROM notes", [], |row| row.get(0))
                };
                let seen: (i64, i64) = (count(inside)?, count(&connect.open()?)?);
                Ok::<_, WriteFailure>(seen)
            })
    };
    for round in 1..=100 {
        let notes = (0..30).map(|number| bench.note(format!("{round} {number}")));
        let (notes, seen) = bench.crowd(join(join_all(notes), look())).await;
        notes.into_iter().for_each(Result::unwrap);
        let (inside, outside) = seen.unwrap();
        assert_eq!((inside, bench.count()), (round * 30, round * 30));
        // The thread takes what is there when it looks, which may be all that comes before the
        // last: then that is alone.
        if outside < inside {
            return;
        }
    }
    panic!("nothing was ever committed together");
}

#[tokio::test]
async fn who_is_alone_writes_at_once() {
    let bench = bench();
    let thread = std::thread::current().id();
    let here = move |_: &Connection| -> Result<bool, WriteFailure> {
        Ok(std::thread::current().id() == thread)
    };
    let write = || bench.writer.write(Durability::Now, here);
    assert!(write().await.unwrap(), "nobody else writes");
    assert!(!bench.crowd(write()).await.unwrap(), "somebody else does");
    assert!(soon(write).await, "and then no longer");
}

#[tokio::test]
async fn a_slow_disk_is_left_to_the_thread() {
    let folder = bench();
    let clock = ManualClock::new();
    let connect = folder.connect.clone();
    let connection = connect.open().unwrap();
    let writer = Writer::start(connect, connection, Arc::new(clock.clone())).unwrap();
    let thread = std::thread::current().id();
    let write = |takes: Duration| {
        let clock = clock.clone();
        writer.write(Durability::Now, move |_| -> Result<bool, WriteFailure> {
            clock.advance(takes);
            Ok(std::thread::current().id() == thread)
        })
    };
    let (quick, slow) = (Duration::from_micros(180), Duration::from_millis(20));
    assert!(write(quick).await.unwrap());
    assert!(write(slow).await.unwrap(), "nobody could know");
    assert!(!write(slow).await.unwrap());
    assert!(!write(quick).await.unwrap());
    assert!(soon(|| write(quick)).await, "it is quick again");
}

#[tokio::test]
async fn the_log_is_folded_into_the_database_and_begins_anew() {
    let bench = bench();
    let connect = Connect {
        synchronous: Synchronous::Normal,
        ..bench.connect.clone()
    };
    let bench = Bench {
        writer: start(&connect),
        ..bench
    };
    for number in 0..3_000 {
        let text = format!("{number} {}", "x".repeat(2_000));
        bench.note(text).await.unwrap();
    }
    let log = connect.path.with_extension("db-wal");
    let bytes = std::fs::metadata(log).unwrap().len();
    // Each note is written to the table and to its index: two pages at least.
    let all = 3_000 * 2 * 4_096;
    assert!(
        bytes < all / 2,
        "{bytes} of more than {all} bytes lie in the log"
    );
    assert_eq!(bench.count(), 3_000);
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_is_no_harm() {
    let bench = bench();
    {
        let _busy = lock(&bench.writer.turn.batches);
        let mut note = std::pin::pin!(bench.note("left alone"));
        assert!(begun(note.as_mut()));
    }
    bench.note("next").await.unwrap();
    assert_eq!(bench.count(), 2);
}

#[tokio::test]
async fn a_closed_writer_finishes_and_refuses() {
    let bench = bench();
    bench.note("before").await.unwrap();
    bench.writer.close();
    assert!(bench.note("after").await.is_err());
    assert_eq!(bench.count(), 1);
}
