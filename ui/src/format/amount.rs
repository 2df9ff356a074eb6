//! Counts, sizes and money.

use slipway_contract::Usd;
use slipway_contract::run::Usage;

use super::locale::current;
use crate::text;

/// A whole number with thousands apart: `12,184`.
pub(crate) fn count(number: u64) -> String {
    current().grouped(&number.to_string())
}

/// A number in few characters: `842`, `22.5k`, `1.3M`.
pub(crate) fn compact(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..999_950 => tenths(number, 1_000, "k"),
        _ => tenths(number, 1_000_000, "M"),
    }
}

/// Tokens of a context window, as people name them: `400k`, `1.05M`.
pub(crate) fn window(tokens: u64) -> String {
    match tokens {
        0..1_000 => tokens.to_string(),
        1_000..999_500 => format!("{}k", (tokens + 500) / 1_000),
        _ => {
            let hundredths = (tokens + 5_000) / 10_000;
            let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            let text = text.trim_end_matches('0').trim_end_matches('.');
            format!("{}M", current().number(text))
        }
    }
}

/// A size: `312 B`, `1.9 KB`, `4.2 MB` (decimal units).
pub(crate) fn bytes(size: usize) -> String {
    let size = size as u64;
    match size {
        0..1_000 => format!("{size} B"),
        1_000..999_950 => tenths(size, 1_000, " KB"),
        _ => tenths(size, 1_000_000, " MB"),
    }
}

/// A limit: at least two decimals and as many as it has, `$0.50`, `$0.125`.
pub(crate) fn budget(amount: Usd) -> String {
    current().amount(&amount.display_exact())
}

/// What a run or a step cost: four decimals, `$0.0785`; `$0` for nothing, `<$0.0001` for hardly anything.
pub(crate) fn usd_run(amount: Usd) -> String {
    current().amount(&short(&amount.display_run()))
}

/// What several runs cost: two decimals, `$17.24`; `$0` for nothing, `<$0.01` for hardly anything.
pub(crate) fn usd_period(amount: Usd) -> String {
    current().amount(&short(&amount.display_period()))
}

/// What several runs cost at least: `≥ $17.24`. Of hardly anything as many decimals as say something are shown, and
/// of nothing at all no more can be said than that it is not known.
pub(crate) fn usd_at_least(amount: Usd) -> Option<String> {
    if amount == Usd::ZERO {
        return None;
    }
    let (cents, finer) = (amount.display_period(), amount.display_run());
    let bound = [cents, finer]
        .into_iter()
        .find(|shown| !shown.starts_with(UNDER));
    Some(match bound {
        Some(bound) => format!("≥ {}", current().amount(&bound)),
        None => format!("> {}", current().amount("$0")),
    })
}

/// What it cost, in the words of the command line: an amount, the most that it can be, or that nobody knows.
pub(crate) fn cost(usage: &Usage) -> String {
    match (usage.cost_usd, usage.cost_at_most_usd) {
        (Some(cost), _) => usd_run(cost),
        (None, Some(most)) => format!("{} at most", usd_run(most)),
        (None, None) => text::COST_UNKNOWN.to_owned(),
    }
}

/// The same in few characters: `$0.0785`, `≤ $0.2500`, `?`.
pub(crate) fn cost_short(usage: &Usage) -> String {
    match (usage.cost_usd, usage.cost_at_most_usd) {
        (Some(cost), _) => usd_run(cost),
        (None, Some(most)) => match usd_run(most) {
            hardly if hardly.starts_with('<') => hardly,
            most => format!("≤ {most}"),
        },
        (None, None) => "?".to_owned(),
    }
}

/// How amounts begin that are too small to be shown.
const UNDER: &str = "under ";

/// An amount in a column has no room for words.
fn short(shown: &str) -> String {
    shown.replacen(UNDER, "<", 1)
}

/// A number with so many decimals, from its value in their unit: 24 tenths are `2.4`.
pub(super) fn decimals(number: u64, unit: u64) -> String {
    let width = unit.checked_ilog10().unwrap_or(0) as usize;
    let plain = format!("{}.{:0width$}", number / unit, number % unit);
    current().number(&plain)
}

fn tenths(number: u64, unit: u64, suffix: &str) -> String {
    let tenths = (number * 10 + unit / 2) / unit;
    format!("{}{suffix}", decimals(tenths, 10))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn counts_have_their_thousands_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_184, "12,184"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn compact_numbers_round_and_never_show_a_thousand_of_a_unit() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_000, "1.0k"),
            (22_530, "22.5k"),
            (999_949, "999.9k"),
            (999_950, "1.0M"),
            (1_250_000, "1.3M"),
        ];
        for (number, text) in cases {
            assert_eq!(compact(number), text);
        }
    }

    #[test]
    fn windows_are_as_round_as_people_name_them() {
        for (tokens, text) in [
            (512, "512"),
            (4_096, "4k"),
            (131_072, "131k"),
            (400_000, "400k"),
            (999_500, "1M"),
            (1_000_000, "1M"),
            (1_050_000, "1.05M"),
            (2_097_152, "2.1M"),
        ] {
            assert_eq!(window(tokens), text);
        }
    }

    #[test]
    fn sizes_name_their_unit() {
        for (size, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_900, "1.9 KB"),
            (999_950, "1.0 MB"),
            (10_000_000, "10.0 MB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn amounts_of_runs_have_four_decimals_and_of_periods_two() {
        let amount = "1234.5".parse().unwrap();
        assert_eq!(usd_run(amount), "$1,234.5000");
        assert_eq!(usd_period(amount), "$1,234.50");
        assert_eq!(usd_period(Usd::ZERO), "$0");
    }

    #[test]
    fn hardly_anything_is_neither_nothing_nor_a_riddle() {
        for (amount, run, period, least) in [
            ("0.00004", "<$0.0001", "<$0.01", Some("> $0")),
            ("0.0004", "$0.0004", "<$0.01", Some("≥ $0.0004")),
            ("17.24", "$17.2400", "$17.24", Some("≥ $17.24")),
            ("0", "$0", "$0", None),
        ] {
            let amount = amount.parse().unwrap();
            assert_eq!(usd_run(amount), run);
            assert_eq!(usd_period(amount), period);
            assert_eq!(usd_at_least(amount).as_deref(), least);
        }
    }

    #[test]
    fn what_is_bounded_is_not_unknown() {
        let usd = |text: &str| Some(text.parse().unwrap());
        for (known, most, words, few) in [
            (usd("0.5"), None, "$0.5000", "$0.5000"),
            (None, usd("0.25"), "$0.2500 at most", "≤ $0.2500"),
            (None, usd("0.00001"), "<$0.0001 at most", "<$0.0001"),
            (None, None, "Cost unknown", "?"),
        ] {
            let usage = Usage {
                cost_usd: known,
                cost_at_most_usd: most,
                ..Usage::default()
            };
            assert_eq!(cost(&usage), words);
            assert_eq!(cost_short(&usage), few);
        }
    }

    #[test]
    fn budgets_are_exact_with_two_decimals_at_least() {
        for (amount, text) in [
            ("0.5", "$0.50"),
            ("40", "$40.00"),
            ("0.125", "$0.125"),
            ("0.500", "$0.50"),
        ] {
            assert_eq!(budget(amount.parse().unwrap()), text);
        }
    }
}
