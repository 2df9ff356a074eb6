//! Which snapshots have had their time.

use std::collections::BTreeSet;

use slipway_contract::Timestamp;

use super::{DAY, Reason, Snapshot};

/// Snapshots before a migration that are kept.
const MIGRATIONS: usize = 3;
/// Replaced databases that are kept.
const REPLACED: usize = 3;
/// Days of which the newest snapshot is kept.
const DAYS: usize = 7;
/// Weeks, from Monday on, of which the newest snapshot is kept.
const WEEKS: usize = 4;

/// The snapshots that may go now that `newest` was taken and found whole. Those that a person asked
/// for stay, and so does what is from the future: a clock was wrong, and nobody knows which.
pub(super) fn superfluous<'a>(
    snapshots: &'a [Snapshot],
    newest: &Snapshot,
    now: Timestamp,
) -> Vec<&'a Snapshot> {
    let from_the_future = |snapshot: &Snapshot| {
        snapshot.taken_at.duration_since(now).unsigned_abs() > DAY && snapshot.taken_at > now
    };
    let mut past: Vec<&Snapshot> = snapshots
        .iter()
        .filter(|snapshot| !from_the_future(snapshot))
        .collect();
    past.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.taken_at));
    let mut kept: BTreeSet<&str> = BTreeSet::from([newest.name.as_str()]);
    let of = |reason| {
        past.iter()
            .filter(move |snapshot| snapshot.reason == reason)
    };
    kept.extend(of(Reason::ByHand).map(|snapshot| snapshot.name.as_str()));
    kept.extend(
        of(Reason::BeforeMigration)
            .take(MIGRATIONS)
            .map(|snapshot| snapshot.name.as_str()),
    );
    kept.extend(
        of(Reason::Replaced)
            .take(REPLACED)
            .map(|snapshot| snapshot.name.as_str()),
    );
    for (period, most) in [(day as fn(&Snapshot) -> i64, DAYS), (week, WEEKS)] {
        let mut seen = BTreeSet::new();
        for snapshot in of(Reason::Daily) {
            if seen.len() < most && seen.insert(period(snapshot)) {
                kept.insert(&snapshot.name);
            }
        }
    }
    // The newest that lacks nothing, should the newest of all lack contents.
    let whole = past
        .iter()
        .find(|snapshot| snapshot.sound && snapshot.lost.is_empty());
    kept.extend(whole.map(|snapshot| snapshot.name.as_str()));
    past.into_iter()
        .filter(|snapshot| !kept.contains(snapshot.name.as_str()))
        .collect()
}

/// Days since 1970, in UTC.
fn day(snapshot: &Snapshot) -> i64 {
    snapshot.taken_at.as_second().div_euclid(24 * 60 * 60)
}

/// Weeks since the Monday before 1970, which began on a Thursday.
fn week(snapshot: &Snapshot) -> i64 {
    (day(snapshot) + 3).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use slipway_contract::ContentHash;

    use super::*;
    use crate::snapshots::record::{Facts, name};

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    /// 2026-11-22T12:00Z, a Sunday.
    const NOW: i64 = 1_795_348_800_000;

    fn at(days_ago: i64, reason: Reason) -> Snapshot {
        let taken_at = Timestamp::from_millisecond(NOW - days_ago * DAY_MS).unwrap();
        let facts = Facts {
            taken_at,
            reason,
            migration: Some(1),
            sound: reason != Reason::Replaced,
            bytes: 1,
            sha256: ContentHash::from_bytes([0; 32]),
            contents: 0,
            lost: Vec::new(),
        };
        Snapshot::new(name(taken_at, reason), facts)
    }

    fn left(snapshots: Vec<Snapshot>, newest: &Snapshot) -> Vec<Snapshot> {
        let now = Timestamp::from_millisecond(NOW).unwrap();
        let gone: Vec<String> = superfluous(&snapshots, newest, now)
            .into_iter()
            .map(|snapshot| snapshot.name.clone())
            .collect();
        let mut left = snapshots;
        left.retain(|snapshot| !gone.contains(&snapshot.name));
        left
    }

    fn days_left(left: &[Snapshot], reason: Reason) -> Vec<i64> {
        let now = NOW;
        left.iter()
            .filter(|snapshot| snapshot.reason == reason)
            .map(|snapshot| (now - snapshot.taken_at.as_millisecond()) / DAY_MS)
            .collect()
    }

    #[test]
    fn a_year_of_days_leaves_a_week_of_days_and_a_month_of_weeks() {
        let all: Vec<Snapshot> = (0..365).map(|days| at(days, Reason::Daily)).collect();
        let left = left(all.clone(), &all[0]);
        // Sunday and the six days before it are one week; then the Sundays before.
        assert_eq!(
            days_left(&left, Reason::Daily),
            [0, 1, 2, 3, 4, 5, 6, 7, 14, 21]
        );
    }

    #[test]
    fn taking_one_each_day_comes_to_rest() {
        let now = |day: i64| Timestamp::from_millisecond(NOW + day * DAY_MS).unwrap();
        let mut kept = Vec::new();
        for day in 0..400 {
            let newest = at(-day, Reason::Daily);
            kept.push(newest.clone());
            let gone: Vec<String> = superfluous(&kept, &newest, now(day))
                .into_iter()
                .map(|snapshot| snapshot.name.clone())
                .collect();
            kept.retain(|snapshot| !gone.contains(&snapshot.name));
            assert!(kept.len() <= DAYS + WEEKS, "{}", kept.len());
        }
        assert!(kept.len() >= DAYS + WEEKS - 2, "{}", kept.len());
    }

    #[test]
    fn what_a_person_asked_for_stays_and_others_have_their_number() {
        let mut all = Vec::new();
        for days in 0..10 {
            all.extend(
                [Reason::ByHand, Reason::BeforeMigration, Reason::Replaced]
                    .map(|reason| at(days, reason)),
            );
        }
        let newest = all[1].clone();
        let left = left(all, &newest);
        assert_eq!(days_left(&left, Reason::ByHand).len(), 10);
        assert_eq!(days_left(&left, Reason::BeforeMigration), [0, 1, 2]);
        assert_eq!(days_left(&left, Reason::Replaced), [0, 1, 2]);
    }

    #[test]
    fn the_newest_good_one_never_goes_whatever_the_clock_says() {
        let mut all: Vec<Snapshot> = (0..20).map(|days| at(-400 - days, Reason::Daily)).collect();
        let newest = at(3000, Reason::Daily);
        all.push(newest.clone());
        let lacking: Vec<Snapshot> = (0..10)
            .map(|days| Snapshot {
                lost: vec![ContentHash::from_bytes([1; 32])],
                ..at(days, Reason::Daily)
            })
            .collect();
        all.extend(lacking);
        let whole = at(2000, Reason::BeforeMigration);
        all.push(whole.clone());
        all.extend(
            (0..5)
                .map(|days| at(days, Reason::BeforeMigration))
                .map(|snapshot| Snapshot {
                    lost: vec![ContentHash::from_bytes([1; 32])],
                    ..snapshot
                }),
        );
        let left = left(all, &newest);
        assert!(left.contains(&newest), "the one just taken");
        assert!(left.contains(&whole), "the newest that lacks nothing");
        assert_eq!(
            left.iter()
                .filter(|snapshot| snapshot.taken_at.as_millisecond() > NOW + DAY_MS)
                .count(),
            20,
            "the future stays"
        );
    }
}
