//! Durations as authors write them: `30s`, `5m`, `1h30m`, and `7d` where days can be meant.

/// What a duration is of, and so how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A run's work: up to a day.
    Work,
    /// A question's wait for a person: up to a year.
    Wait,
}

impl Span {
    /// Durations that could be meant.
    #[must_use]
    pub const fn examples(self) -> &'static str {
        match self {
            Self::Work => r#""30s", "5m" or "1h30m""#,
            Self::Wait => r#""7d", "36h" or "1d12h""#,
        }
    }

    const fn units(self) -> &'static [(char, u64)] {
        const ALL: &[(char, u64)] = &[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
        match (self, ALL) {
            (Self::Work, [_, rest @ ..]) => rest,
            _ => ALL,
        }
    }

    const fn longest(self) -> (u64, &'static str) {
        match self {
            Self::Work => (24 * 60 * 60, "24h"),
            Self::Wait => (365 * 24 * 60 * 60, "365d"),
        }
    }
}

/// The milliseconds of a duration: its units from the longest to the shortest, each at most once,
/// as whole numbers.
pub(super) fn milliseconds(text: &str, span: Span) -> Result<u64, String> {
    let wrong = || {
        format!(
            "expected a duration such as {}, found {text:?}",
            span.examples()
        )
    };
    let mut seconds = 0_u64;
    let mut rest = text;
    for (unit, factor) in span.units() {
        let Some((number, after)) = rest.split_once(*unit) else {
            continue;
        };
        if number.is_empty() || number.len() > 9 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        seconds += number.parse::<u64>().map_err(|_| wrong())? * factor;
        rest = after;
    }
    if !rest.is_empty() || text.is_empty() {
        return Err(wrong());
    }
    let (longest, shown) = span.longest();
    if seconds == 0 || seconds > longest {
        return Err(format!("expected from \"1s\" to {shown:?}, found {text:?}"));
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
            assert_eq!(milliseconds(text, Span::Work), Ok(seconds * 1000), "{text}");
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
            assert!(
                milliseconds(bad, Span::Work).is_err(),
                "{bad:?} is no timeout"
            );
        }
    }

    #[test]
    fn a_person_may_be_waited_for_for_days() {
        for (text, seconds) in [
            ("7d", 604_800),
            ("1d12h", 129_600),
            ("36h", 129_600),
            ("365d", 31_536_000),
            ("2s", 2),
        ] {
            assert_eq!(milliseconds(text, Span::Wait), Ok(seconds * 1000), "{text}");
        }
        for bad in ["0d", "366d", "1w", "1h1d", "1d1d", "d"] {
            assert!(milliseconds(bad, Span::Wait).is_err(), "{bad:?}");
        }
    }
}
