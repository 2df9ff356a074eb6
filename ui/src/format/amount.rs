//! Counts, sizes and money.

use slipway_contract::Usd;

use super::locale::current;

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

/// What a run or a step cost: four decimals, `$0.0785`; `$0` for nothing.
pub(crate) fn usd_run(amount: Usd) -> String {
    current().amount(&amount.display_run())
}

/// What several runs cost: two decimals, `$17.24`; `$0` for nothing.
pub(crate) fn usd_period(amount: Usd) -> String {
    current().amount(&amount.display_period())
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
