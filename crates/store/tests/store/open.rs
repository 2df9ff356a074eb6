//! Opening: what is made, and what is refused and left as it was.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use slipway_agent::ports::journal::Journal;
use slipway_store::{Store, StoreError};

use crate::place::{Place, append, run_with};

/// Opens, which must fail and leave nothing changed, added or removed.
async fn refused(place: &Place) -> StoreError {
    let before = listing(place.path().parent().unwrap());
    let error = match Store::open(&place.path(), place.options()).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    };
    assert!(
        listing(place.path().parent().unwrap()) == before,
        "{error}: and yet something changed"
    );
    assert!(
        error.to_string().contains("slipway.db"),
        "{error} names the file"
    );
    error
}

fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

fn make_folder(place: &Place) {
    fs::create_dir_all(place.path().parent().unwrap()).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 1).await;
    let folder = place.path().parent().unwrap().to_owned();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(
            mode(&path) & 0o077,
            0,
            "{} can be read by others",
            path.display()
        );
    }
}

#[tokio::test]
async fn the_pragmas_hold() {
    let place = Place::new();
    place.open().await;
    let mode: String = place
        .sql()
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn what_was_written_is_there_when_opened_again() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 3).await;
    store.append(append(lease, 4, 2)).await.unwrap();
    let events = store.read(lease.run).await.unwrap();
    store.close().await;
    let again = place.open().await;
    assert_eq!(again.read(lease.run).await.unwrap(), events);
}

#[tokio::test]
async fn names_that_mean_something_elsewhere_are_names_here() {
    let place = Place::new();
    let path = place.path().with_file_name("100% a?b#c file:d");
    for _ in 0..2 {
        let store = Store::open(&path, place.options()).await.unwrap();
        store.close().await;
    }
    assert!(path.exists());
}

#[tokio::test]
async fn other_files_are_refused() {
    for content in [&b""[..], b"SQLite", b"Dear diary,\n", &[0; 5_000]] {
        let place = Place::new();
        make_folder(&place);
        fs::write(place.path(), content).unwrap();
        let error = refused(&place).await;
        assert!(
            matches!(error, StoreError::NotADatabase(_) | StoreError::Foreign(_)),
            "{error}"
        );
    }
    let place = Place::new();
    fs::create_dir_all(place.path()).unwrap();
    assert!(matches!(refused(&place).await, StoreError::NotADatabase(_)));
}

#[tokio::test]
async fn other_programs_databases_are_refused() {
    for mode in ["DELETE", "WAL"] {
        let place = Place::new();
        make_folder(&place);
        let other = Connection::open(place.path()).unwrap();
        other.pragma_update(None, "journal_mode", mode).unwrap();
        other
            .execute_batch("CREATE TABLE notes (text TEXT)")
            .unwrap();
        other.close().unwrap();
        assert!(matches!(refused(&place).await, StoreError::Foreign(_)));
    }
}

/// A checkpoint copies pages from the log into the file, the first one first: it says how long the
/// file is, and a process killed right after it leaves a file that is shorter.
#[tokio::test]
async fn a_database_whose_checkpoint_was_cut_off_opens() {
    const PAGE: usize = 4096;
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 200).await;
    let events = store.read(lease.run).await.unwrap();
    let log_of = |path: &Path| path.with_file_name("slipway.db-wal");
    let mut file = fs::read(place.path()).unwrap();
    let log = fs::read(log_of(&place.path())).unwrap();
    let (head, frames) = log.split_at(32);
    let first_page = frames
        .chunks_exact(24 + PAGE)
        .rfind(|frame| frame[..4] == [0, 0, 0, 1] && frame[8..16] == head[16..24])
        .unwrap();
    file[..PAGE].copy_from_slice(&first_page[24..]);
    let says = u32::from_be_bytes(file[28..32].try_into().unwrap()) as usize;
    assert!(
        file.len() < says * PAGE,
        "the file is not whole without its log"
    );

    let cut_off = Place::new();
    make_folder(&cut_off);
    fs::write(cut_off.path(), &file).unwrap();
    fs::write(log_of(&cut_off.path()), &log).unwrap();
    let again = cut_off.open().await;
    assert_eq!(again.read(lease.run).await.unwrap(), events);
    again.close().await;
    cut_off.assert_intact();

    let lost = Place::new();
    make_folder(&lost);
    fs::write(lost.path(), &file).unwrap();
    let error = refused(&lost).await;
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_database_is_refused() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 50).await;
    store.close().await;
    let whole = fs::read(place.path()).unwrap();
    let mut garbled = whole.clone();
    garbled[100..4_000].fill(0x5a);
    fs::write(place.path(), &garbled).unwrap();
    let error = refused_content(&place, &garbled).await;
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    let cut = &whole[..whole.len() / 2];
    fs::write(place.path(), cut).unwrap();
    let error = refused_content(&place, cut).await;
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

/// As [`refused`], but SQLite may have made and removed its own files beside it.
async fn refused_content(place: &Place, content: &[u8]) -> StoreError {
    let error = match Store::open(&place.path(), place.options()).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    };
    assert!(
        fs::read(place.path()).unwrap() == content,
        "{error}: and yet it changed"
    );
    error
}

#[tokio::test]
async fn a_newer_database_is_refused_with_the_version_that_it_needs() {
    let place = Place::new();
    place.open().await.close().await;
    place
        .sql()
        .execute(
            "UPDATE compatibility SET migration = 9999, slipway = '7.8.9'",
            [],
        )
        .unwrap();
    let content = fs::read(place.path()).unwrap();
    let error = refused_content(&place, &content).await;
    assert!(
        matches!(&error, StoreError::Newer { needs, .. } if needs == "7.8.9"),
        "{error}"
    );
    assert!(error.to_string().contains("7.8.9"), "{error}");
}

#[tokio::test]
async fn a_newer_database_that_is_compatible_is_opened() {
    let place = Place::new();
    place.open().await.close().await;
    place
        .sql()
        .execute_batch(
            "CREATE TABLE from_the_future (x INTEGER);
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'future', TRUE, x'00', 1);",
        )
        .unwrap();
    run_with(&place.open().await, 1, 1).await;
}

#[tokio::test]
async fn a_migration_that_was_changed_is_refused() {
    let place = Place::new();
    place.open().await.close().await;
    place
        .sql()
        .execute(
            "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
            [],
        )
        .unwrap();
    let content = fs::read(place.path()).unwrap();
    let error = refused_content(&place, &content).await;
    assert!(matches!(error, StoreError::Migration { .. }), "{error}");
}

#[tokio::test]
async fn a_migration_that_was_cut_off_is_finished() {
    let place = Place::new();
    place.open().await.close().await;
    fs::remove_file(place.path()).unwrap();
    make_folder(&place);
    let unfinished = place.sql();
    unfinished
        .pragma_update(None, "application_id", 0x534c_4950)
        .unwrap();
    drop(unfinished);
    run_with(&place.open().await, 1, 1).await;
}
