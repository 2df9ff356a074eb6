//! Instants as people type them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use slipway_contract::{ErrorCode, Problem, Timestamp};

/// Reads `30m`, `12h`, `7d`, `2w` (so long ago), `2026-11-22` (its midnight here), `2026-11-22T10:30`
/// (here) or `2026-11-22T10:30:00Z`.
///
/// # Errors
/// It is none of these.
pub fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    read(text.trim(), now, &TimeZone::system()).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Problem::new(ErrorCode::InvalidInput, format!("{shown:?} is no time"))
            .help("Write how long ago, such as 12h, 7d or 2w, or a date such as 2026-11-22.")
    })
}

fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(ago) = ago(text) {
        return now.checked_sub(ago).ok();
    }
    if let Ok(date) = text.parse::<Date>()
        && !text.contains(['T', 't', ' '])
    {
        let midnight = date.to_zoned(zone.clone()).ok()?;
        return Some(midnight.start_of_day().ok()?.timestamp());
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let here: DateTime = text.parse().ok()?;
    Some(here.to_zoned(zone.clone()).ok()?.timestamp())
}

fn ago(text: &str) -> Option<jiff::SignedDuration> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: i64 = digits.parse().ok()?;
    count
        .checked_mul(seconds)
        .map(jiff::SignedDuration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_times_in_several_ways() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        for (typed, read_as) in [
            ("30m", "2026-11-22T11:30:00Z"),
            ("12h", "2026-11-22T00:00:00Z"),
            ("7d", "2026-11-15T12:00:00Z"),
            ("2w", "2026-11-08T12:00:00Z"),
            ("2026-11-22", "2026-11-21T23:00:00Z"),
            ("2026-11-22T10:30", "2026-11-22T09:30:00Z"),
            ("2026-11-22T10:30:00Z", "2026-11-22T10:30:00Z"),
            ("2026-11-22T10:30:00+02:00", "2026-11-22T08:30:00Z"),
        ] {
            let expected: Timestamp = read_as.parse().unwrap();
            assert_eq!(read(typed, now, &zone), Some(expected), "{typed}");
        }
        for typed in [
            "",
            "d",
            "-3d",
            "99999999999999999d",
            "yesterday",
            "2026-13-01",
            "7y",
            "é",
        ] {
            assert_eq!(read(typed, now, &zone), None, "{typed:?}");
        }
    }
}
