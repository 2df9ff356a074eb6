//! Times of day, spans and days.

use jiff::civil::{Date, DateTime};

use super::amount::decimals;
use super::locale::{Locale, Pattern, Piece, current};
use crate::text;

/// A moment on the clock of the person who reads it.
pub(crate) type Local = DateTime;

/// `09:27`, or `09:27 AM` where the hours end at 12.
pub(crate) fn clock(at: Local) -> String {
    clock_in(current(), at)
}

/// `09:27:04`; steps are compared by it, so that it is the same everywhere.
pub(crate) fn clock_seconds(at: Local) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// The day as a heading: `Today`, `Yesterday`, `Thursday 20 November`, with the year when it is another.
pub(crate) fn day(date: Date, today: Date) -> String {
    match days_before(date, today) {
        0 => text::TODAY.to_owned(),
        1 => text::YESTERDAY.to_owned(),
        _ => day_in(current(), date, today),
    }
}

/// A moment in few characters: `09:27` today, `Thu 18:20` within a week, else `3 Nov` or `3 Nov 2025`.
pub(crate) fn moment(at: Local, now: Local) -> String {
    let locale = current();
    match days_before(at.date(), now.date()) {
        0 => clock(at),
        1..=6 => format!("{} {}", weekday(locale, at.date()).1, clock(at)),
        _ if at.year() == now.year() => written(locale, &locale.date.0, at.date(), false),
        _ => date(at.date()),
    }
}

/// A moment above a narrow column: `09:27` today, else `3 Nov`.
pub(crate) fn stamp(at: Local, now: Local) -> String {
    if at.date() == now.date() {
        return clock(at);
    }
    let locale = current();
    written(locale, &locale.date.0, at.date(), false)
}

/// A day that may be of any year: `22 Nov 2026`.
pub(crate) fn date(date: Date) -> String {
    let locale = current();
    written(locale, &locale.date.1, date, false)
}

/// The month of a day: `November`.
pub(crate) fn month_name(day: Date) -> String {
    written(current(), &vec![Piece::Month], day, true)
}

/// The day in full: `Friday 21 November`.
pub(crate) fn today(day: Date) -> String {
    day_in(current(), day, day)
}

fn day_in(locale: &Locale, date: Date, today: Date) -> String {
    let (this_year, another) = &locale.day;
    let pattern = if date.year() == today.year() {
        this_year
    } else {
        another
    };
    written(locale, pattern, date, true)
}

fn clock_in(locale: &Locale, at: Local) -> String {
    let hour = match &locale.halves {
        Some(_) => (at.hour() + 11) % 12 + 1,
        None => at.hour(),
    };
    let half = |(before, after): &(String, String)| {
        if at.hour() < 12 {
            before.clone()
        } else {
            after.clone()
        }
    };
    let piece = |piece: &Piece| match piece {
        Piece::Hour => format!("{hour:02}"),
        Piece::Minute => format!("{:02}", at.minute()),
        Piece::Half => locale.halves.as_ref().map(half).unwrap_or_default(),
        Piece::Text(text) => text.clone(),
        Piece::Weekday | Piece::Day | Piece::Month | Piece::Year => String::new(),
    };
    locale.clock.iter().map(piece).collect()
}

/// A date by its pattern, with names in full or short.
fn written(locale: &Locale, pattern: &Pattern, date: Date, in_full: bool) -> String {
    let of = |(full, short): &(String, String)| {
        if in_full { full.clone() } else { short.clone() }
    };
    let piece = |piece: &Piece| match piece {
        Piece::Weekday => of(weekday(locale, date)),
        Piece::Day => date.day().to_string(),
        Piece::Month => locale.months.get(month(date)).map(of).unwrap_or_default(),
        Piece::Year => date.year().to_string(),
        Piece::Text(text) => text.clone(),
        Piece::Hour | Piece::Minute | Piece::Half => String::new(),
    };
    pattern.iter().map(piece).collect()
}

fn weekday(locale: &Locale, date: Date) -> &(String, String) {
    let [monday, rest @ ..] = &locale.weekdays;
    let after_monday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    after_monday
        .checked_sub(1)
        .and_then(|place| rest.get(place))
        .unwrap_or(monday)
}

fn month(date: Date) -> usize {
    usize::from(date.month().unsigned_abs()).saturating_sub(1)
}

/// A span in one unit: `14 s`, `13 min`, `5 h`, `3 days`.
pub(crate) fn span(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..172_800 => "1 day".to_owned(),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// What is left of a span, to the nearest of its unit: a week that began a moment ago is 7 days.
pub(crate) fn span_left(milliseconds: i64) -> String {
    let unit = match milliseconds {
        ..59_500 => 1_000,
        59_500..3_570_000 => 60_000,
        3_570_000..84_600_000 => 3_600_000,
        _ => 86_400_000,
    };
    span(milliseconds.max(0).saturating_add(unit / 2) / unit * unit)
}

/// A run's length in a column: `0:14`, `4:05`, `1:02:03`.
pub(crate) fn stopwatch(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

/// How long a step took: `3 ms`, `0.61 s`, `2.4 s`, then as a stopwatch.
pub(crate) fn took(milliseconds: u64) -> String {
    match milliseconds {
        0..100 => format!("{milliseconds} ms"),
        100..995 => format!("{} s", decimals((milliseconds + 5) / 10, 100)),
        995..59_950 => {
            let tenths = (milliseconds + 50) / 100;
            format!("{} s", decimals(tenths, 10))
        }
        _ => stopwatch(i64::try_from(milliseconds.saturating_add(500)).unwrap_or(i64::MAX)),
    }
}

/// How long a run took: as a step below a minute, then `4 min 5 s`, `1 h 2 min`.
pub(crate) fn length(milliseconds: u64) -> String {
    let seconds = milliseconds.saturating_add(500) / 1_000;
    match seconds {
        0..60 => took(milliseconds.min(59_949)),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

/// How long somebody was waited for: `412 ms`, `1.2 s`, `14 s`.
pub(crate) fn wait(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..9_950 => {
            let tenths = (milliseconds + 50) / 100;
            format!("{} s", decimals(tenths, 10))
        }
        _ => format!("{} s", (milliseconds + 500) / 1_000),
    }
}

fn days_before(date: Date, today: Date) -> i32 {
    // A date in the future (a clock that was set back) is written out, not called today.
    (today - date).get_days()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    #[test]
    fn days_are_named_from_today() {
        let today = date(2025, 11, 21);
        assert_eq!(day(today, today), "Today");
        assert_eq!(day(date(2025, 11, 20), today), "Yesterday");
        assert_eq!(day(date(2025, 11, 19), today), "Wednesday 19 November");
        assert_eq!(day(date(2024, 2, 29), today), "Thursday 29 February 2024");
        assert_eq!(day(date(2025, 11, 22), today), "Saturday 22 November");
    }

    #[test]
    fn days_and_hours_are_written_as_the_place_does() {
        let today = date(2025, 11, 21);
        let german = crate::format::locale::tests::german();
        assert_eq!(
            day_in(&german, date(2025, 11, 20), today),
            "Thursday, 20. November"
        );
        let mut american = Locale::english();
        american.halves = Some(("AM".to_owned(), "PM".to_owned()));
        american.clock.push(Piece::Text(" ".to_owned()));
        american.clock.push(Piece::Half);
        for (hour, text) in [
            (0, "12:05 AM"),
            (9, "09:05 AM"),
            (12, "12:05 PM"),
            (23, "11:05 PM"),
        ] {
            assert_eq!(
                clock_in(&american, datetime(2025, 11, 21, hour, 5, 0, 0)),
                text
            );
        }
    }

    #[test]
    fn moments_say_as_much_as_is_needed() {
        let now = datetime(2025, 11, 21, 9, 41, 0, 0);
        assert_eq!(moment(datetime(2025, 11, 21, 9, 27, 4, 0), now), "09:27");
        assert_eq!(
            moment(datetime(2025, 11, 20, 18, 20, 0, 0), now),
            "Thu 18:20"
        );
        assert_eq!(moment(datetime(2025, 11, 3, 7, 0, 0, 0), now), "3 Nov");
        assert_eq!(
            moment(datetime(2024, 12, 31, 7, 0, 0, 0), now),
            "31 Dec 2024"
        );
    }

    #[test]
    fn spans_use_one_unit() {
        let cases = [
            (-5, "0 s"),
            (14_200, "14 s"),
            (780_000, "13 min"),
            (18_000_000, "5 h"),
            (86_400_000, "1 day"),
            (259_200_000, "3 days"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(span(milliseconds), text);
        }
    }

    #[test]
    fn what_is_left_is_not_a_unit_short() {
        let cases = [
            (-5, "0 s"),
            (59_400, "59 s"),
            (59_900, "1 min"),
            (3_599_000, "1 h"),
            (86_390_000, "1 day"),
            (7 * 86_400_000 - 3_000, "7 days"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(span_left(milliseconds), text);
        }
    }

    #[test]
    fn runs_are_as_long_in_words_as_their_steps() {
        let cases = [
            (540, "0.54 s"),
            (36_200, "36.2 s"),
            (59_600, "1 min 0 s"),
            (245_000, "4 min 5 s"),
            (3_725_000, "1 h 2 min"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(length(milliseconds), text);
        }
    }

    #[test]
    fn steps_show_two_digits_of_their_time() {
        let cases = [
            (0, "0 ms"),
            (99, "99 ms"),
            (100, "0.10 s"),
            (610, "0.61 s"),
            (994, "0.99 s"),
            (995, "1.0 s"),
            (2_449, "2.4 s"),
            (59_949, "59.9 s"),
            (59_950, "1:00"),
            (61_000, "1:01"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(took(milliseconds), text);
        }
    }

    #[test]
    fn a_wait_shows_what_matters_of_it() {
        for (milliseconds, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_249, "1.2 s"),
            (9_949, "9.9 s"),
            (9_950, "10 s"),
            (20_400, "20 s"),
        ] {
            assert_eq!(wait(milliseconds), text);
        }
    }

    #[test]
    fn long_runs_show_their_hours() {
        assert_eq!(stopwatch(14_000), "0:14");
        assert_eq!(stopwatch(245_000), "4:05");
        assert_eq!(stopwatch(3_723_000), "1:02:03");
    }
}
