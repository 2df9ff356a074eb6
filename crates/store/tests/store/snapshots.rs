//! Snapshots: taken while others write, found damaged when they are, and put back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use slipway_agent::event::Recorded;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::clock::Clock as _;
use slipway_agent::ports::journal::{Append, Journal as _};
use slipway_agent::ports::lease::Lease;
use slipway_store::{Reason, Snapshot, Snapshots, Store, StoreError};

use crate::place::{Place, append, run_with};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is damaged, and how.
type Damage = (&'static str, fn(&Path));

fn snapshots(place: &Place) -> Snapshots {
    Snapshots::of(&place.path()).unwrap()
}

fn take(place: &Place) -> Snapshot {
    let taken = snapshots(place).create(Reason::ByHand, place.clock.now());
    taken.unwrap()
}

fn folder(place: &Place, snapshot: &Snapshot) -> PathBuf {
    snapshots(place).folder().join(&snapshot.name)
}

/// An event whose body lies beside the database.
fn long(seq: u64) -> Recorded {
    sample::returned(seq, json!("x".repeat(100_000)))
}

async fn append_long(store: &Store, lease: Lease, seq: u64) {
    let events = vec![long(seq)];
    store
        .append(Append {
            events,
            ..append(lease, seq, 1)
        })
        .await
        .unwrap();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[tokio::test]
async fn a_snapshot_has_all_that_was_there_and_nothing_that_came_later() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 3).await;
    append_long(&store, lease, 4).await;
    let before = store.read(lease.run).await.unwrap();
    let taken = take(&place);
    assert_eq!((taken.sound, taken.contents), (true, 1));
    store.append(append(lease, 5, 2)).await.unwrap();
    store.close().await;

    let restored = snapshots(&place)
        .restore(&taken.name, place.clock.now())
        .unwrap();
    assert_eq!(restored.snapshot, taken);
    let store = place.open().await;
    assert_eq!(store.read(lease.run).await.unwrap(), before);
    store.close().await;

    let replaced = restored.replaced.unwrap();
    assert_eq!((replaced.reason, replaced.sound), (Reason::Replaced, true));
    snapshots(&place)
        .restore(&replaced.name, place.clock.now())
        .unwrap();
    let store = place.open().await;
    assert_eq!(
        store.read(lease.run).await.unwrap().len(),
        6,
        "there and back"
    );
    store.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_of_one_moment_while_runs_go_on() {
    let place = Place::new();
    let store = place.open().await;
    let leases = [run_with(&store, 1, 1).await, run_with(&store, 2, 1).await];
    let writing = tokio::spawn({
        let store = store.clone();
        async move {
            for seq in 2..=600 {
                for lease in leases {
                    store.append(append(lease, seq, 1)).await.unwrap();
                }
            }
        }
    });
    let mut taken = Vec::new();
    while !writing.is_finished() {
        let (snapshots, now) = (snapshots(&place), place.clock.now());
        let new = tokio::task::spawn_blocking(move || snapshots.create(Reason::ByHand, now));
        taken.push(new.await.unwrap().unwrap());
    }
    writing.await.unwrap();
    assert!(!taken.is_empty());
    for snapshot in &taken {
        assert_eq!(snapshots(&place).faults(snapshot), Vec::<String>::new());
        let sql = rusqlite::Connection::open(folder(&place, snapshot).join("slipway.db")).unwrap();
        let rows = "SELECT runs.last_seq, count(*) FROM runs JOIN events ON events.run = runs.number \
                    GROUP BY runs.number ORDER BY runs.number";
        let counts: Vec<(u64, u64)> = sql
            .prepare(rows)
            .unwrap()
            .query_map([], |row| row.try_into())
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            counts.iter().all(|(last, count)| last == count),
            "{counts:?}"
        );
        assert!(
            counts[0].0.abs_diff(counts[1].0) <= 1,
            "of one moment: {counts:?}"
        );
    }
}

#[tokio::test]
async fn contents_of_a_snapshot_outlive_their_first_name() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    append_long(&store, lease, 2).await;
    store.close().await;
    let taken = take(&place);
    fs::remove_dir_all(place.path().with_file_name("blobs")).unwrap();
    assert_eq!(snapshots(&place).faults(&taken), Vec::<String>::new());
    snapshots(&place)
        .restore(&taken.name, place.clock.now())
        .unwrap();
    let read = place.open().await.read(lease.run).await.unwrap();
    assert_eq!(read[1], long(2));
}

#[tokio::test]
async fn contents_that_are_lost_already_are_said_and_hinder_nothing() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    append_long(&store, lease, 2).await;
    fs::remove_dir_all(place.path().with_file_name("blobs")).unwrap();
    let taken = take(&place);
    assert_eq!((taken.lost.len(), taken.contents), (1, 0));
    assert_eq!(snapshots(&place).newest_good(), Some(taken));
}

#[tokio::test]
async fn every_damage_of_a_snapshot_is_found_and_nothing_is_restored_from_it() {
    let damages: [Damage; 5] = [
        ("one byte of the database", |folder| {
            let database = folder.join("slipway.db");
            let mut bytes = fs::read(&database).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(database, bytes).unwrap();
        }),
        ("a database cut short", |folder| {
            let database = fs::File::options()
                .write(true)
                .open(folder.join("slipway.db"))
                .unwrap();
            database.set_len(8_192).unwrap();
        }),
        ("no database", |folder| {
            fs::remove_file(folder.join("slipway.db")).unwrap();
        }),
        ("a changed content", |folder| {
            let content = &files_below(&folder.join("blobs"))[0];
            // The home's name of it is the same file: a changed one here is changed there.
            fs::remove_file(content).unwrap();
            fs::write(content, "other").unwrap();
        }),
        ("a missing content", |folder| {
            fs::remove_dir_all(folder.join("blobs")).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let place = Place::new();
        let store = place.open().await;
        let lease = run_with(&store, 1, 1).await;
        append_long(&store, lease, 2).await;
        store.close().await;
        let older = take(&place);
        place.clock.advance(DAY);
        let newer = take(&place);
        damage(&folder(&place, &newer));
        assert!(!snapshots(&place).faults(&newer).is_empty(), "{what}");
        assert_eq!(snapshots(&place).newest_good(), Some(older), "{what}");
        let database = fs::read(place.path()).unwrap();
        let refused = snapshots(&place).restore(&newer.name, place.clock.now());
        assert!(
            matches!(refused, Err(StoreError::Snapshot { .. })),
            "{what}: {refused:?}"
        );
        assert_eq!(fs::read(place.path()).unwrap(), database, "{what}");
    }
}

#[tokio::test]
async fn a_description_that_lies_is_not_followed() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 1).await;
    let taken = take(&place);
    let described = folder(&place, &taken).join("snapshot.json");
    let text = fs::read_to_string(&described).unwrap();
    for (from, to) in [
        (text.as_str(), "{"),
        (text.as_str(), ""),
        ("\"format\": 1", "\"format\": 2"),
        (taken.name.as_str(), "../../elsewhere"),
    ] {
        fs::write(&described, text.replace(from, to)).unwrap();
        let (found, unreadable) = snapshots(&place).list().unwrap();
        assert_eq!((found.len(), unreadable.len()), (0, 1), "{to}");
        assert!(matches!(
            snapshots(&place).find(&taken.name),
            Err(StoreError::Snapshot { .. })
        ));
    }
    for name in ["", ".", "..", "../home", "nothing"] {
        let found = snapshots(&place).find(name);
        assert!(
            matches!(found, Err(StoreError::NoSnapshot(_))),
            "{name}: {found:?}"
        );
    }
}

#[tokio::test]
async fn nothing_is_replaced_under_whoever_has_it_open() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 1).await;
    let taken = take(&place);
    let refused = |what: &str| {
        let refused = snapshots(&place).restore(&taken.name, place.clock.now());
        assert!(
            matches!(refused, Err(StoreError::InUse(_))),
            "{what}: {refused:?}"
        );
    };
    refused("this program");
    store.close().await;
    let other = place.sql();
    let _: u64 = other
        .query_row("SELECT count(*) FROM runs", [], |row| row.get(0))
        .unwrap();
    refused("another program");
    drop(other);
    assert_eq!(
        snapshots(&place).list().unwrap().0.len(),
        1,
        "a refusal leaves nothing"
    );
    snapshots(&place)
        .restore(&taken.name, place.clock.now())
        .unwrap();
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_put_aside_and_replaced() {
    let ruins: [Damage; 4] = [
        ("garbage", |path| {
            fs::write(path, vec![0x5a; 20_000]).unwrap();
        }),
        ("nothing in it", |path| fs::write(path, b"").unwrap()),
        ("half of it", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("garbage, and a log of another time", |path| {
            fs::write(path, vec![0x5a; 20_000]).unwrap();
            fs::write(path.with_file_name("slipway.db-wal"), vec![1; 40_000]).unwrap();
        }),
    ];
    for (what, ruin) in ruins {
        let place = Place::new();
        let store = place.open().await;
        let lease = run_with(&store, 1, 30).await;
        store.close().await;
        let taken = take(&place);
        ruin(&place.path());
        let ruined = fs::read(place.path()).unwrap();
        let error = Store::open(&place.path(), place.options())
            .await
            .err()
            .unwrap();
        assert!(error.is_damage(), "{what}: {error}");
        assert_eq!(
            fs::read(place.path()).unwrap(),
            ruined,
            "{what}: looking changes nothing"
        );

        let restored = snapshots(&place)
            .restore(&taken.name, place.clock.now())
            .unwrap();
        let replaced = restored.replaced.unwrap();
        assert!(!replaced.sound, "{what}");
        let kept = fs::read(folder(&place, &replaced).join("slipway.db")).unwrap();
        assert_eq!(kept, ruined, "{what}: the damaged one is kept as it was");
        let store = place.open().await;
        assert_eq!(store.read(lease.run).await.unwrap().len(), 30, "{what}");
        store.close().await;
        place.assert_intact();
        let again = snapshots(&place).restore(&replaced.name, place.clock.now());
        assert!(
            matches!(again, Err(StoreError::Snapshot { .. })),
            "{what}: {again:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_database_is_put_back() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 3).await;
    store.close().await;
    let taken = take(&place);
    fs::remove_file(place.path()).unwrap();
    let restored = snapshots(&place)
        .restore(&taken.name, place.clock.now())
        .unwrap();
    assert_eq!(restored.replaced, None);
    assert_eq!(
        place
            .open()
            .await
            .read(sample::run_id(1))
            .await
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn one_is_taken_a_day_whatever_the_clock_did() {
    let place = Place::new();
    let daily = |place: &Place| snapshots(place).create_daily(place.clock.now()).unwrap();
    let store = place.open().await;
    assert_eq!(daily(&place), None, "there is nothing to keep yet");
    run_with(&store, 1, 1).await;
    let first = daily(&place).expect("there is something to keep, and no snapshot");
    place.clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(daily(&place), None);
    place.clock.advance(Duration::from_secs(1));
    let second = daily(&place).expect("a day has passed");
    assert_ne!(first.name, second.name);

    let future = place.clock.now() + 400 * DAY;
    snapshots(&place).create(Reason::Daily, future).unwrap();
    place.clock.advance(DAY);
    daily(&place).expect("one from the future does not count");
    assert_eq!(daily(&place), None);
}

#[tokio::test]
async fn old_ones_go_and_leave_nothing() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 1).await;
    for _ in 0..40 {
        place.clock.advance(DAY);
        snapshots(&place).create_daily(place.clock.now()).unwrap();
    }
    let (found, unreadable) = snapshots(&place).list().unwrap();
    assert!((9..=11).contains(&found.len()), "{}", found.len());
    assert_eq!(unreadable, []);
    let there = fs::read_dir(snapshots(&place).folder()).unwrap();
    let there = there.filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(there.count(), found.len());
}

#[tokio::test]
async fn a_damaged_database_gives_no_snapshot_and_costs_none() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 200).await;
    store.close().await;
    let taken = take(&place);
    let mut bytes = fs::read(place.path()).unwrap();
    let size = bytes.len();
    bytes[size - 8_192..].fill(0x5a);
    fs::write(place.path(), bytes).unwrap();
    for _ in 0..20 {
        place.clock.advance(DAY);
        let error = snapshots(&place)
            .create_daily(place.clock.now())
            .unwrap_err();
        assert!(error.is_damage(), "{error}");
    }
    assert_eq!(snapshots(&place).list().unwrap().0, [taken]);
}

#[tokio::test]
async fn a_snapshot_of_a_newer_version_is_not_restored() {
    let place = Place::new();
    let store = place.open().await;
    run_with(&store, 1, 1).await;
    store.close().await;
    let newer = "UPDATE compatibility SET migration = 9999, slipway = '7.8.9'";
    place.sql().execute(newer, []).unwrap();
    let taken = take(&place);
    place
        .sql()
        .execute("UPDATE compatibility SET migration = 1", [])
        .unwrap();
    let error = snapshots(&place)
        .restore(&taken.name, place.clock.now())
        .unwrap_err();
    assert!(
        matches!(&error, StoreError::Newer { needs, .. } if needs == "7.8.9"),
        "{error}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    append_long(&store, lease, 2).await;
    let taken = take(&place);
    for path in files_below(&folder(&place, &taken)) {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    let mode = fs::metadata(snapshots(&place).folder())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
}

#[tokio::test]
async fn what_lacks_contents_is_not_the_newest_good_one_while_another_has_them() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    append_long(&store, lease, 2).await;
    store.close().await;
    let whole = take(&place);
    let blobs = place.path().with_file_name("blobs");
    fs::remove_dir_all(blobs).unwrap();
    place.clock.advance(DAY);
    let lacking = take(&place);
    assert!(!lacking.lost.is_empty());
    assert_eq!(snapshots(&place).newest_good(), Some(whole.clone()));
    fs::remove_dir_all(folder(&place, &whole)).unwrap();
    assert_eq!(
        snapshots(&place).newest_good(),
        Some(lacking),
        "better than none"
    );
}
