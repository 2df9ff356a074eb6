//! How far a judge agrees with a person.

use serde::{Deserialize, Serialize};

/// How far two who judged the same things agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// How many things both judged.
    pub judged: u32,
    /// The share of them on which they agree.
    pub share: f64,
    /// Cohen's kappa: 1 is full agreement, 0 no more than chance. None where either always said
    /// the same, since chance cannot be told from agreement then.
    pub kappa: Option<f64>,
}

/// The agreement of a judge with a person, from pairs of whether each found that a thing passes:
/// Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
/// Measurement 20 (1960) 37–46. None when there is no pair.
#[must_use]
pub fn agreement(pairs: &[(bool, bool)]) -> Option<Agreement> {
    let judged = u32::try_from(pairs.len())
        .ok()
        .filter(|judged| *judged > 0)?;
    let share_of = |holds: &dyn Fn(&(bool, bool)) -> bool| {
        pairs.iter().filter(|pair| holds(pair)).count() as f64 / f64::from(judged)
    };
    let share = share_of(&|(one, other)| one == other);
    let (one, other) = (share_of(&|pair| pair.0), share_of(&|pair| pair.1));
    let by_chance = one * other + (1.0 - one) * (1.0 - other);
    let varies = |share: f64| share > 0.0 && share < 1.0;
    let kappa = (varies(one) && varies(other)).then(|| (share - by_chance) / (1.0 - by_chance));
    Some(Agreement {
        judged,
        share,
        kappa,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(both: usize, first: usize, second: usize, neither: usize) -> Vec<(bool, bool)> {
        let of = |pair, count| std::iter::repeat_n(pair, count);
        of((true, true), both)
            .chain(of((true, false), first))
            .chain(of((false, true), second))
            .chain(of((false, false), neither))
            .collect()
    }

    /// As `cohens_kappa` of statsmodels 0.15 gives them; the last two have the same share and other
    /// margins.
    #[test]
    fn kappa_takes_chance_off() {
        for (pairs, share, kappa) in [
            (pairs(20, 5, 10, 15), 0.7, 0.4),
            (pairs(45, 15, 25, 15), 0.6, 0.1304),
            (pairs(25, 35, 5, 35), 0.6, 0.2593),
        ] {
            let found = agreement(&pairs).unwrap();
            assert!((found.share - share).abs() < 1e-12);
            assert!((found.kappa.unwrap() - kappa).abs() < 5e-5, "{found:?}");
        }
    }

    #[test]
    fn one_who_always_says_the_same_agrees_by_chance_alone() {
        let found = agreement(&pairs(9, 0, 1, 0)).unwrap();
        assert_eq!((found.judged, found.kappa), (10, None));
        assert_eq!(agreement(&[]), None);
    }
}
