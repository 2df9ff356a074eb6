//! Proportions and how sure of them one can be.

use serde::{Deserialize, Serialize};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Counts")]
pub struct Proportion {
    hits: u32,
    of: u32,
}

/// Two counts that came from outside.
#[derive(Deserialize)]
struct Counts {
    hits: u32,
    of: u32,
}

impl TryFrom<Counts> for Proportion {
    type Error = String;

    fn try_from(Counts { hits, of }: Counts) -> Result<Self, String> {
        Self::new(hits, of).ok_or_else(|| format!("{hits} of {of} is no share"))
    }
}

/// How sure an interval is to hold the true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Confidence {
    /// 90 times of 100.
    P90,
    /// 95 times of 100.
    #[default]
    P95,
    /// 99 times of 100.
    P99,
}

/// From and to, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Confidence {
    /// The quantile of the standard normal distribution that leaves half of the rest above it.
    const fn z(self) -> f64 {
        match self {
            Self::P90 => 1.644_853_626_951_472_2,
            Self::P95 => 1.959_963_984_540_054,
            Self::P99 => 2.575_829_303_548_900_4,
        }
    }

    /// How often the true value may lie outside.
    pub(super) const fn error(self) -> f64 {
        match self {
            Self::P90 => 0.10,
            Self::P95 => 0.05,
            Self::P99 => 0.01,
        }
    }
}

impl Interval {
    /// Whether a value is in it.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Proportion {
    /// So many of so many; none when there is nothing, or more than all.
    #[must_use]
    pub const fn new(hits: u32, of: u32) -> Option<Self> {
        if of > 0 && hits <= of {
            Some(Self { hits, of })
        } else {
            None
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn hits(self) -> u32 {
        self.hits
    }

    /// Of how many.
    #[must_use]
    pub const fn of(self) -> u32 {
        self.of
    }

    /// The share, from 0 to 1.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.hits) / f64::from(self.of)
    }

    /// The score interval without continuity correction: Wilson, "Probable inference, the law of
    /// succession, and statistical inference", JASA 22 (1927) 209–212.
    #[must_use]
    pub fn wilson(self, confidence: Confidence) -> Interval {
        let (n, p, z) = (f64::from(self.of), self.share(), confidence.z());
        let shrink = 1.0 + z * z / n;
        let middle = (p + z * z / (2.0 * n)) / shrink;
        let half = z / shrink * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        // At the ends the formula gives exactly 0 and 1, and floats nearly so.
        Interval {
            low: if self.hits == 0 {
                0.0
            } else {
                (middle - half).max(0.0)
            },
            high: if self.hits == self.of {
                1.0
            } else {
                (middle + half).min(1.0)
            },
        }
    }
}

/// The interval of `after − before` for two independent proportions, from their Wilson intervals:
/// Newcombe, "Interval estimation for the difference between independent proportions",
/// Statistics in Medicine 17 (1998) 873–890, method 10.
#[must_use]
pub fn difference(before: Proportion, after: Proportion, confidence: Confidence) -> Interval {
    let (p1, p2) = (after.share(), before.share());
    let (w1, w2) = (after.wilson(confidence), before.wilson(confidence));
    let difference = p1 - p2;
    Interval {
        low: difference - ((p1 - w1.low).powi(2) + (w2.high - p2).powi(2)).sqrt(),
        high: difference + ((w1.high - p1).powi(2) + (p2 - w2.low).powi(2)).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(interval: Interval, low: f64, high: f64) {
        let is_near = |a: f64, b: f64| (a - b).abs() < 6e-5;
        assert!(
            is_near(interval.low, low) && is_near(interval.high, high),
            "{interval:?}"
        );
    }

    /// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
    /// Medicine 17 (1998) 857–872, table I, method 3.
    #[test]
    fn wilson_is_as_published() {
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            near(
                Proportion::new(hits, of).unwrap().wilson(Confidence::P95),
                low,
                high,
            );
        }
    }

    /// The same author's paper on differences, table II, method 10.
    #[test]
    fn the_difference_is_as_published() {
        for (after, before, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let of = |(hits, of)| Proportion::new(hits, of).unwrap();
            near(
                difference(of(before), of(after), Confidence::P95),
                low,
                high,
            );
        }
    }

    #[test]
    fn eight_of_ten_is_not_told_from_nine_of_ten() {
        let of = |hits| Proportion::new(hits, 10).unwrap();
        assert!(difference(of(8), of(9), Confidence::P95).holds(0.0));
        assert!(!difference(of(2), of(9), Confidence::P95).holds(0.0));
    }

    #[test]
    fn more_confidence_is_a_wider_interval_and_nonsense_is_none() {
        let width = |confidence| {
            let interval = Proportion::new(8, 10).unwrap().wilson(confidence);
            interval.high - interval.low
        };
        assert!(width(Confidence::P90) < width(Confidence::P95));
        assert!(width(Confidence::P95) < width(Confidence::P99));
        assert_eq!(Proportion::new(0, 0), None);
        assert_eq!(Proportion::new(2, 1), None);
        assert!(serde_json::from_str::<Proportion>("{\"hits\": 2, \"of\": 1}").is_err());
    }
}
