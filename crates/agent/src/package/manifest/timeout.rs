//! Durations as authors write them: `30s`, `5m`, `1h30m`.

/// The longest: a day.
const MAX_SECONDS: u64 = 24 * 60 * 60;

/// The milliseconds of a duration: hours, minutes and seconds in this order, each at most once,
/// as whole numbers.
pub(super) fn milliseconds(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("expected a duration such as \"30s\", \"5m\" or \"1h30m\", found {text:?}");
    let mut seconds = 0_u64;
    let mut rest = text;
    for (unit, factor) in [('h', 3600), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else {
            continue;
        };
        if number.is_empty() || number.len() > 6 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        seconds += number.parse::<u64>().map_err(|_| wrong())? * factor;
        rest = after;
    }
    if !rest.is_empty() || text.is_empty() {
        return Err(wrong());
    }
    if seconds == 0 || seconds > MAX_SECONDS {
        return Err(format!("expected from \"1s\" to \"24h\", found {text:?}"));
    }
    Ok(seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_hours_minutes_seconds() {
        for (text, seconds) in [
            ("30s", 30),
            ("5m", 300),
            ("1h30m", 5400),
            ("2h", 7200),
            ("1h1m1s", 3661),
            ("90s", 90),
            ("24h", 86_400),
        ] {
            assert_eq!(milliseconds(text), Ok(seconds * 1000), "{text}");
        }
        for bad in [
            "",
            "5",
            "m",
            "5 m",
            "5min",
            "-5m",
            "5m5m",
            "5s1m",
            "1.5h",
            "0s",
            "25h",
            "5M",
            "1d",
            "99999999999999999999s",
            "é5m",
            "5mé",
        ] {
            assert!(milliseconds(bad).is_err(), "{bad:?} is no timeout");
        }
    }
}
