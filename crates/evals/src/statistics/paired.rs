//! The same cases, before and after.

use serde::{Deserialize, Serialize};

use super::fair_tail;
use super::interval::{Confidence, Interval};

/// The two-sided p-value of McNemar's test, exact: of the cases that changed, so many were fixed
/// and so many broken, and each is a coin's throw if nothing changed in truth. McNemar, "Note on
/// the sampling error of the difference between correlated proportions or percentages",
/// Psychometrika 12 (1947) 153–157, with the exact binomial distribution in place of χ².
#[must_use]
pub fn mcnemar(fixed: u32, broken: u32) -> f64 {
    two_sided(fixed, broken)
}

/// In how many pairs a figure rose and fell; pairs that stayed say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signs {
    /// Pairs in which it rose.
    pub rose: u32,
    /// Pairs in which it fell.
    pub fell: u32,
}

/// The two-sided p-value of the sign test on pairs, which takes nothing for granted about how
/// costs and times are distributed: Dixon and Mood, "The statistical sign test", JASA 41 (1946)
/// 557–566.
#[must_use]
pub fn sign_test(signs: Signs) -> f64 {
    two_sided(signs.rose, signs.fell)
}

fn two_sided(one: u32, other: u32) -> f64 {
    let all = u64::from(one) + u64::from(other);
    (2.0 * fair_tail(u64::from(one.min(other)), all)).min(1.0)
}

/// The median of numbers; none of none. What is no number counts as the largest.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    Some(match numbers.len() % 2 {
        1 => upper,
        _ => f64::midpoint(upper, numbers[middle - 1]),
    })
}

/// The interval of the median of a distribution of any form, from a sample: between two order
/// statistics, as David and Nagaraja, "Order Statistics" (3rd edition, 2003), section 7.1. Its
/// confidence is at least what is asked for; none where the sample is too small for that.
#[must_use]
pub fn median_interval(mut numbers: Vec<f64>, confidence: Confidence) -> Option<Interval> {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len() as u64;
    let enough = |below: u64| 2.0 * fair_tail(below, n) <= confidence.error();
    // How many may be left out at each end: the tail grows with them, so they can be searched for.
    let (mut least, mut most) = (0, n / 2);
    while least < most {
        let middle = least + (most - least) / 2;
        if enough(middle) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    let left_out = usize::try_from(least.checked_sub(1)?).ok()?;
    Some(Interval {
        low: *numbers.get(left_out)?,
        high: *numbers.get(numbers.len() - 1 - left_out)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 150 and 86 pairs changed: `scipy.stats.binomtest(86, 236)` of SciPy 1.17 gives 3.716e-05.
    #[test]
    fn mcnemar_is_the_binomial_test() {
        assert!(
            (mcnemar(86, 150) - 3.716e-5).abs() < 5e-9,
            "{}",
            mcnemar(86, 150)
        );
        assert!((mcnemar(150, 86) - mcnemar(86, 150)).abs() < 1e-18);
        assert!((mcnemar(0, 0) - 1.0).abs() < 1e-12);
        assert!(
            (mcnemar(0, 1) - 1.0).abs() < 1e-12,
            "one case more may always be luck"
        );
        assert!((mcnemar(0, 6) - 0.031_25).abs() < 1e-12);
    }

    /// By hand: of 10 throws, at most 2 are heads 56 times of 1,024, and as often at most 2 tails.
    #[test]
    fn the_sign_test_counts_both_tails() {
        let p = sign_test(Signs { rose: 8, fell: 2 });
        assert!((p - 0.109_375).abs() < 1e-12, "{p}");
    }

    #[test]
    fn many_pairs_do_not_underflow() {
        let p = mcnemar(50_000, 50_000);
        assert!((p - 1.0).abs() < 1e-9, "{p}");
        let p = mcnemar(49_000, 51_000);
        // `scipy.stats.binomtest(49_000, 100_000)` gives 2.59e-10.
        assert!((2.4e-10..2.8e-10).contains(&p), "{p}");
    }

    /// By hand from the binomial distribution: of 10,
    /// P(X ≤ 1) is 11/1024 and P(X ≤ 2) is 56/1024, so that one is left out at each end.
    #[test]
    fn the_medians_interval_leaves_out_what_the_tails_hold() {
        let interval = |n: u32, confidence| {
            median_interval((1..=n).map(f64::from).collect(), confidence)
                .map(|found| (found.low, found.high))
        };
        for (n, k) in [(6, 1.0), (10, 2.0), (20, 6.0), (100, 40.0)] {
            assert_eq!(
                interval(n, Confidence::P95),
                Some((k, f64::from(n) + 1.0 - k)),
                "{n}"
            );
        }
        assert_eq!(interval(20, Confidence::P99), Some((4.0, 17.0)));
        assert_eq!(interval(5, Confidence::P95), None, "five cannot be so sure");
        assert_eq!(interval(0, Confidence::P95), None);
    }

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }
}
