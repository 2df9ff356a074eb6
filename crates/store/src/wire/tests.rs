//! Real files, as they are written, damaged, removed and read.

use std::collections::BTreeSet;
use std::fs;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use slipway_agent::memory::clock::ManualClock;
use slipway_agent::memory::contract::wire::{sample, wire_log_contract};
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::wire::WireLog as _;
use slipway_contract::{StepId, Timestamp};
use tempfile::TempDir;

use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn files_in(folder: &TempDir, limits: WireLimits) -> WireFiles {
    let clock = Arc::new(ManualClock::automatic());
    WireFiles::new(folder.path().join("wire"), clock, limits)
}

fn small() -> WireLimits {
    WireLimits {
        segment: 8 << 10,
        ..WireLimits::default()
    }
}

fn read_all(files: &WireFiles, run: RunId) -> Vec<WireRecord> {
    let entries = files.entries(&[run]);
    entries
        .iter()
        .filter_map(|entry| files.record(entry))
        .collect()
}

fn paths(folder: &TempDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.path().join("wire")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

const RUN: RunId = RunId::from_random([1; 10]);

#[test]
fn the_files_keep_the_contract() {
    for limits in [WireLimits::default(), small()] {
        let folder = folder();
        let files = files_in(&folder, limits);
        wire_log_contract(&files, |run| read_all(&files, run));
        assert_eq!(files.dropped(), 0);
        // Another process finds the same.
        let other = files_in(&folder, limits);
        assert_eq!(read_all(&other, RUN), read_all(&files, RUN));
        assert_eq!(files.size().segments > 1, limits == small());
        let found = files.size().since.expect("a name tells when it began");
        assert_eq!(found, ManualClock::automatic().now());
    }
}

#[test]
fn nothing_is_made_before_something_is_kept() {
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    assert!(files.entries(&[RUN]).is_empty());
    assert_eq!(files.size(), WireSize::default());
    drop(files);
    assert!(!folder.path().join("wire").exists());
}

#[test]
fn the_end_of_a_process_waits_for_what_is_not_written() {
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    let other = files.clone();
    other.keep(sample(1, 1, 1).into());
    drop(other);
    drop(files);
    let files = files_in(&folder, WireLimits::default());
    assert_eq!(read_all(&files, RUN), [sample(1, 1, 1)]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let files = files_in(&folder, small());
    (1..30).for_each(|step| files.keep(sample(1, step, 1).into()));
    files.flush();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("wire")), 0o700);
    for path in paths(&folder) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn several_write_side_by_side() {
    let folder = folder();
    let writers: Vec<WireFiles> = (0..4).map(|_| files_in(&folder, small())).collect();
    std::thread::scope(|scope| {
        for (number, files) in (1..).zip(&writers) {
            scope
                .spawn(move || (1..50).for_each(|step| files.keep(sample(number, step, 1).into())));
        }
    });
    writers.iter().for_each(WireFiles::flush);
    let reader = files_in(&folder, small());
    for number in 1..=4 {
        let found = read_all(&reader, RunId::from_random([number; 10]));
        let expected: Vec<_> = (1..50).map(|step| sample(number, step, 1)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_run_that_two_processes_drove_is_in_order() {
    let folder = folder();
    let (first, second) = (files_in(&folder, small()), files_in(&folder, small()));
    for step in 1..20 {
        let files = if step % 3 == 0 { &second } else { &first };
        files.keep(sample(1, step, 1).into());
        files.flush();
    }
    let steps: Vec<u32> = first
        .entries(&[RUN])
        .iter()
        .map(|entry| entry.step.0)
        .collect();
    assert_eq!(steps, (1..20).collect::<Vec<_>>());
    assert_eq!(read_all(&second, RUN).len(), 19);
}

#[test]
fn a_file_may_end_anywhere_and_hold_anything() {
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    (1..6).for_each(|step| files.keep(sample(1, step, 1).into()));
    files.flush();
    let path = paths(&folder).remove(0);
    let whole = fs::read(&path).unwrap();
    let expected: Vec<_> = (1..6).map(|step| sample(1, step, 1)).collect();
    let holds = |bytes: &[u8]| -> Vec<WireRecord> {
        fs::write(&path, bytes).unwrap();
        let found = read_all(&files, RUN);
        for record in &found {
            assert!(expected.contains(record), "a damaged record is none");
        }
        found
    };
    let mut most = 0;
    for end in (0..whole.len()).step_by(13).chain([whole.len() - 1]) {
        let found = holds(&whole[..end]).len();
        assert!(found >= most, "what was whole stays so: {found} at {end}");
        most = found;
    }
    assert_eq!(most, 4);
    for at in (0..whole.len()).step_by(41) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        holds(&damaged);
    }
    let garbage = [
        &b"garbage \xf5SLwire1"[..],
        &[0; 200],
        &whole,
        b"\xf5SLwire",
    ]
    .concat();
    assert_eq!(
        holds(&garbage).first(),
        Some(&expected[0]),
        "found after garbage"
    );
    // The first and its repetitions stand on what comes before them; a second copy has its own.
    let twice = [&whole[..whole.len() - 9], &whole].concat();
    assert!(holds(&twice).len() >= 4);
    assert!(holds(&[]).is_empty());
}

#[test]
fn a_long_conversation_grows_by_what_is_new() {
    const STEPS: u32 = 600;
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    let mut messages = vec!["\"the instructions\"".to_owned()];
    let mut new = 0;
    let mut total = 0;
    for step in 1..=STEPS {
        // Of 1.5 KiB, and nothing like the others.
        let said: String = (0..90)
            .map(|word| format!("{:x} ", u64::from(step * 7919 + word) * 2_654_435_761))
            .collect();
        new += said.len() as u64;
        messages.push(format!("\"{said}\""));
        let mut record = sample(1, step, 1);
        let tools = "t".repeat(20_000);
        let body = format!(
            "{{\"messages\":[{}],\"tools\":\"{tools}\"}}",
            messages.join(",")
        );
        total += body.len() as u64;
        record.exchanged.request_body = body.into_bytes();
        record.exchanged.response_body.clear();
        files.keep(record.into());
        // So that it does not fall behind on a slow machine.
        if step % 20 == 0 {
            files.flush();
        }
    }
    let entries = files.entries(&[RUN]);
    assert_eq!(entries.len(), STEPS as usize);
    let size = files.size().bytes;
    let frames = u64::from(STEPS) * 1_024;
    assert!(size < 3 * new + frames, "{size} bytes for {new} new ones");
    assert!(size < total / 50, "{size} bytes of {total}");
    for entry in [&entries[0], &entries[17], &entries[599]] {
        let body = files.record(entry).unwrap().exchanged.request_body;
        let body = String::from_utf8(body).unwrap();
        let turns = 1 + entry.step.0 as usize;
        let head = messages[..turns].join(",");
        assert!(
            body.starts_with(&format!("{{\"messages\":[{head}],")),
            "step {}",
            entry.step
        );
    }
}

#[test]
fn long_bodies_are_packed_and_come_back() {
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    let mut record = sample(1, 1, 1);
    record.exchanged.response_body = "data: {\"delta\":\"word\"}\n\n"
        .repeat(180_000)
        .into_bytes();
    record.exchanged.response_bytes = 256 << 20;
    files.keep(record.clone().into());
    assert_eq!(read_all(&files, RUN), [record]);
    assert!(files.size().bytes < 200_000, "{:?}", files.size());
}

#[test]
fn the_oldest_go_when_it_is_too_much() {
    let folder = folder();
    let limits = WireLimits {
        total: 64 << 10,
        ..small()
    };
    let files = files_in(&folder, limits);
    for step in 1..300 {
        files.keep(sample(1, step, 1).into());
        files.flush();
        let size = files.size();
        assert!(size.bytes <= limits.total + limits.segment, "{size:?}");
    }
    let entries = files.entries(&[RUN]);
    assert_eq!(entries.last().map(|entry| entry.step), Some(StepId(299)));
    assert!(
        entries[0].step > StepId(1) && entries.len() > 5,
        "{}",
        entries.len()
    );
    for entry in &entries {
        assert_eq!(
            files.record(entry),
            Some(sample(1, entry.step.0, 1)),
            "none stands on what is gone"
        );
    }
}

#[test]
fn what_is_too_old_goes_with_the_next_segment() {
    let folder = folder();
    let clock = Arc::new(ManualClock::automatic());
    let files = WireFiles::new(folder.path().join("wire"), clock.clone(), small());
    files.keep(sample(1, 1, 1).into());
    files.flush();
    let now = SystemTime::from(clock.now());
    let day = Duration::from_secs(24 * 60 * 60);
    let old = paths(&folder).remove(0);
    let written = |ago: Duration| {
        let file = fs::File::options().write(true).open(&old).unwrap();
        file.set_modified(now - ago).unwrap();
    };
    drop(files);
    for (ago, stays) in [(29 * day, true), (31 * day, false)] {
        written(ago);
        let files = WireFiles::new(folder.path().join("wire"), clock.clone(), small());
        files.keep(sample(2, 1, 1).into());
        files.flush();
        assert_eq!(files.entries(&[RUN]).len(), usize::from(stays));
    }
    assert_eq!(
        read_all(&files_in(&folder, small()), RunId::from_random([2; 10])).len(),
        2
    );
}

#[test]
fn whoever_removes_the_files_disturbs_nobody() {
    let folder = folder();
    let files = files_in(&folder, WireLimits::default());
    files.keep(sample(1, 1, 1).into());
    files.flush();
    fs::remove_dir_all(folder.path().join("wire")).unwrap();
    assert!(files.entries(&[RUN]).is_empty());
    files.keep(sample(1, 2, 1).into());
    assert_eq!(read_all(&files, RUN), [sample(1, 2, 1)]);
    assert_eq!(files.dropped(), 0);
}

#[test]
fn where_nothing_can_be_written_it_is_dropped_and_counted() {
    let folder = folder();
    fs::write(folder.path().join("wire"), "a file").unwrap();
    let files = files_in(&folder, WireLimits::default());
    (1..10).for_each(|step| files.keep(sample(1, step, 1).into()));
    files.flush();
    assert_eq!(files.dropped(), 9);
    assert!(files.entries(&[RUN]).is_empty());
    assert_eq!(fs::read(folder.path().join("wire")).unwrap(), b"a file");
}

/// A clock that lets the writer go on only when it is told to.
struct Gate {
    entered: SyncSender<()>,
    open: Mutex<Receiver<()>>,
}

#[async_trait]
impl Clock for Gate {
    fn now(&self) -> Timestamp {
        let _ = self.entered.send(());
        let _ = self.open.lock().unwrap().recv();
        Timestamp::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {}
}

#[test]
fn a_writer_that_falls_behind_costs_the_oldest() {
    let folder = folder();
    let (entered, has_entered) = sync_channel(1_000);
    let (let_go, open) = sync_channel(1_000);
    let clock = Arc::new(Gate {
        entered,
        open: Mutex::new(open),
    });
    let limits = WireLimits {
        waiting: 64 << 10,
        ..WireLimits::default()
    };
    let files = WireFiles::new(folder.path().join("wire"), clock, limits);
    files.keep(sample(1, 1, 1).into());
    // The writer has the first one and stands still.
    has_entered.recv().unwrap();
    (2..=400).for_each(|step| files.keep(sample(1, step, 1).into()));
    let dropped = files.dropped();
    assert!(dropped > 300, "only {dropped} were dropped");
    drop(let_go);
    let kept: BTreeSet<u32> = read_all(&files, RUN)
        .iter()
        .map(|record| record.step.0)
        .collect();
    assert_eq!(kept.len() as u64, 400 - dropped, "all others are there");
    assert!(
        kept.contains(&1) && kept.contains(&400) && !kept.contains(&2),
        "the oldest went: {kept:?}"
    );
    let mut giant = sample(1, 401, 1);
    giant.exchanged.request_body = vec![0; 65 << 10];
    files.keep(giant.into());
    assert_eq!(
        files.dropped(),
        dropped + 1,
        "longer than all that may wait"
    );
}
