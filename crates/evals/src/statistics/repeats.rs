//! What several attempts at the same case say.

use super::Proportion;

/// pass@k: the probability that at least one of `k` attempts passes, estimated without bias from
/// more attempts: Chen et al., "Evaluating large language models trained on code" (2021),
/// arXiv:2107.03374, section 2.1. None when there were fewer than `k` attempts, or `k` is 0.
#[must_use]
pub fn any_of(passed: Proportion, k: u32) -> Option<f64> {
    let (n, c) = (passed.of(), passed.hits());
    Some(1.0 - none_of(n, n - c, k)?)
}

/// pass^k: the probability that all of `k` attempts pass, estimated without bias: Yao et al.,
/// "τ-bench: A benchmark for tool-agent-user interaction in real-world domains" (2024),
/// arXiv:2406.12045, section 2. None when there were fewer than `k` attempts, or `k` is 0.
#[must_use]
pub fn all_of(passed: Proportion, k: u32) -> Option<f64> {
    none_of(passed.of(), passed.hits(), k)
}

/// C(m, k) / C(n, k), as a product so that nothing overflows.
fn none_of(n: u32, m: u32, k: u32) -> Option<f64> {
    if k == 0 || k > n {
        return None;
    }
    if m < k {
        return Some(0.0);
    }
    let factors = (0..k).map(|i| f64::from(m - i) / f64::from(n - i));
    Some(factors.product())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(hits: u32, of: u32) -> Proportion {
        Proportion::new(hits, of).unwrap()
    }

    /// By hand from the papers' formulas: C(7,5)/C(10,5) = 21/252, C(3,2)/C(10,2) = 3/45.
    #[test]
    fn estimates_are_the_papers_formulas() {
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
        near(any_of(of(3, 10), 1), 0.3);
        near(any_of(of(3, 10), 5), 1.0 - 21.0 / 252.0);
        near(any_of(of(3, 10), 8), 1.0);
        near(any_of(of(0, 10), 10), 0.0);
        near(all_of(of(3, 10), 2), 3.0 / 45.0);
        near(all_of(of(10, 10), 10), 1.0);
        near(all_of(of(3, 10), 4), 0.0);
        near(any_of(of(1, 1_000_000), 1_000), 1_000.0 / 1_000_000.0);
    }

    /// Unbiased: over all ways in which 2 of 4 attempts can be drawn, with 2 passes among them,
    /// 5 of 6 draws hold a pass and 1 of 6 holds two.
    #[test]
    fn estimates_are_the_mean_over_all_draws() {
        assert!((any_of(of(2, 4), 2).unwrap() - 5.0 / 6.0).abs() < 1e-12);
        assert!((all_of(of(2, 4), 2).unwrap() - 1.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_attempts_give_no_estimate() {
        assert_eq!(any_of(of(1, 3), 4), None);
        assert_eq!(all_of(of(1, 3), 0), None);
    }
}
