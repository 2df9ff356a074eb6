//! Calendar periods in a person's time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use slipway_contract::Timestamp;
use slipway_contract::budget::Period;

/// A stretch of time: from `since`, and up to but without `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Its first instant.
    pub since: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl Span {
    /// The period of this kind that this instant falls in. A day may have 23 or 25 hours.
    #[must_use]
    pub fn of(period: Period, at: Timestamp, zone: &TimeZone) -> Self {
        let today = at.to_zoned(zone.clone()).date();
        let (first, next) = match period {
            Period::Day => (today, today.tomorrow().ok()),
            Period::Month => (
                today.first_of_month(),
                today.last_of_month().tomorrow().ok(),
            ),
            Period::Total => return Self::ALWAYS,
        };
        Self {
            since: begin(first, zone).unwrap_or(Timestamp::MIN),
            until: next
                .and_then(|next| begin(next, zone))
                .unwrap_or(Timestamp::MAX),
        }
    }

    /// All of time.
    pub const ALWAYS: Self = Self {
        since: Timestamp::MIN,
        until: Timestamp::MAX,
    };

    /// Whether the instant lies in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.since <= at && at < self.until
    }
}

/// The first instant of a day: where clocks skip midnight, the one after the gap; where they go
/// through it twice, the first.
fn begin(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let midnight = day.to_zoned(zone.clone()).ok()?;
    midnight.start_of_day().ok().map(|start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::tz::{AmbiguousOffset, Offset};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn span(period: Period, instant: &str, zone: &TimeZone) -> (String, String, i64) {
        let Span { since, until } = Span::of(period, at(instant), zone);
        assert!(since <= at(instant) && at(instant) < until, "{instant}");
        let hours = (until.as_second() - since.as_second()) / 3600;
        (since.to_string(), until.to_string(), hours)
    }

    fn words(since: &str, until: &str, hours: i64) -> (String, String, i64) {
        (since.to_owned(), until.to_owned(), hours)
    }

    /// Rules as POSIX writes them need no database of zones.
    fn zone(posix: &str) -> TimeZone {
        TimeZone::posix(posix).unwrap()
    }

    #[test]
    fn days_are_as_long_as_the_clocks_say() {
        let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
        for (instant, expected) in [
            (
                "2026-11-22T12:00:00Z",
                words("2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z", 24),
            ),
            (
                "2026-11-21T23:00:00Z",
                words("2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z", 24),
            ),
            (
                "2026-03-29T12:00:00Z",
                words("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23),
            ),
            (
                "2026-10-25T12:00:00Z",
                words("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25),
            ),
        ] {
            assert_eq!(span(Period::Day, instant, &berlin), expected, "{instant}");
        }
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_after_the_gap() {
        // As in Chile: clocks go from 23:59:59 to 01:00.
        let santiago = zone("<-04>4<-03>,M9.1.6/24,M4.1.6/24");
        let gap = santiago.to_ambiguous_timestamp("2026-09-06T00:30".parse().unwrap());
        assert!(
            matches!(gap.offset(), AmbiguousOffset::Gap { .. }),
            "the test's day must lack its midnight"
        );
        assert_eq!(
            span(Period::Day, "2026-09-06T12:00:00Z", &santiago),
            words("2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", 23)
        );
        assert_eq!(
            span(Period::Day, "2026-09-06T03:59:59Z", &santiago),
            words("2026-09-05T04:00:00Z", "2026-09-06T04:00:00Z", 24)
        );
    }

    #[test]
    fn months_end_where_they_end() {
        let utc = TimeZone::UTC;
        for (instant, expected) in [
            (
                "2026-02-28T23:59:59.999Z",
                words("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", 28 * 24),
            ),
            (
                "2028-02-29T00:00:00Z",
                words("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", 29 * 24),
            ),
            (
                "2026-12-31T23:00:00Z",
                words("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 31 * 24),
            ),
        ] {
            assert_eq!(span(Period::Month, instant, &utc), expected, "{instant}");
        }
        let auckland = TimeZone::fixed(Offset::constant(13));
        assert_eq!(
            span(Period::Month, "2026-11-30T11:00:00Z", &auckland),
            words("2026-11-30T11:00:00Z", "2026-12-31T11:00:00Z", 31 * 24),
            "it is December there already"
        );
        let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!(
            span(Period::Month, "2026-03-15T12:00:00Z", &berlin).2,
            31 * 24 - 1
        );
    }

    #[test]
    fn the_ends_of_time_are_no_fault() {
        for zone in [
            TimeZone::fixed(Offset::constant(14)),
            TimeZone::fixed(Offset::constant(-12)),
        ] {
            for instant in [Timestamp::MIN, Timestamp::MAX] {
                for period in [Period::Day, Period::Month, Period::Total] {
                    let Span { since, until } = Span::of(period, instant, &zone);
                    assert!(since < until, "{period} at {instant}");
                }
            }
        }
    }
}
