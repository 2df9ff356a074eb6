//! Figures as people read them.

use slipway_contract::Timestamp;
use slipway_contract::run::{RunState, RunSummary, Usage};

/// A duration: `12 ms`, `1.2 s`, `2 min 5 s`.
pub(crate) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
        _ => format!("{} h {} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
    }
}

/// What was spent, in the one way in which it is said: an amount, the most that it can be, or that
/// nobody knows.
pub(crate) fn cost(usage: &Usage) -> String {
    match (usage.cost_usd, usage.cost_at_most_usd) {
        (Some(cost), _) => cost.display_run(),
        (None, Some(most)) => format!("{} at most", most.display_run()),
        (None, None) => "cost unknown".to_owned(),
    }
}

/// What a run cost, or has cost so far.
pub(crate) fn cost_of(run: &RunSummary) -> String {
    let cost = cost(&run.usage);
    match run.state() {
        RunState::Queued | RunState::Running => format!("{cost} so far"),
        _ => cost,
    }
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 step`, `2 steps`.
pub(crate) fn of(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", count(number))
}

/// A size: `12 KiB`, `3 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..0x10_0000 => format!("{} KiB", bytes.div_ceil(1 << 10)),
        _ => format!("{} MiB", bytes.div_ceil(1 << 20)),
    }
}

/// How long ago something was: `just now`, `5 min ago`, `3 days ago`.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second());
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..172_800 => "yesterday".to_owned(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_fits() {
        for (ms, shown) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_250, "1.2 s"),
            (65_000, "1 min 5 s"),
            (7_260_000, "2 h 1 min"),
        ] {
            assert_eq!(duration(ms), shown);
        }
    }

    #[test]
    fn money_that_is_not_known_is_never_nothing() {
        let usd = |text: &str| Some(text.parse().unwrap());
        for (known, most, shown) in [
            (usd("0"), None, "$0"),
            (usd("0.5"), None, "$0.5000"),
            (None, usd("0.25"), "$0.2500 at most"),
            (None, None, "cost unknown"),
        ] {
            let usage = Usage {
                cost_usd: known,
                cost_at_most_usd: most,
                ..Usage::default()
            };
            assert_eq!(cost(&usage), shown);
        }
    }

    #[test]
    fn thousands_are_apart() {
        for (number, shown) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), shown);
        }
        assert_eq!(of(1, "step"), "1 step");
        assert_eq!(of(2, "step"), "2 steps");
    }

    #[test]
    fn the_past_is_told_roughly() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(ago(at(1_000), at(1_030)), "just now");
        assert_eq!(ago(at(1_000), at(1_000 + 3_599)), "59 min ago");
        assert_eq!(ago(at(0), at(90_000)), "yesterday");
        assert_eq!(
            ago(at(5_000), at(0)),
            "just now",
            "a clock that was put back"
        );
    }
}
