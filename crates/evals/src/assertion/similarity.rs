//! Texts that are like another.

use std::collections::HashMap;
use std::fmt;

use slipway_agent::package::document::{Reader, Section, Text};
use slipway_contract::Usd;

use super::ports::Ports;
use super::subject::Content;
use super::verdict::{Basis, Explanation, Judgement, Verdict};
use crate::suite::Texts;

/// The most characters of texts that are compared letter by letter, which takes the product of
/// their lengths.
const MAX_LETTERS: usize = 4_000;

/// It is like this text.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// The text.
    pub to: String,
    /// How like it must be, from 0 to 1.
    pub at_least: f64,
    /// What measures it; none takes embeddings where there are any, else [`Metric::Words`].
    pub metric: Option<Metric>,
}

/// A measure of likeness, from 0 (nothing in common) to 1 (the same).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// 1 minus the Levenshtein distance over the longer length.
    Levenshtein,
    /// Jaro–Winkler.
    JaroWinkler,
    /// The Sørensen–Dice coefficient of the words, each counted as often as it is there; case and
    /// punctuation do not count.
    Words,
    /// The cosine of the angle between the texts' embeddings.
    Embeddings,
}

const METRICS: [(&str, Metric); 4] = [
    ("levenshtein", Metric::Levenshtein),
    ("jaro_winkler", Metric::JaroWinkler),
    ("words", Metric::Words),
    ("embeddings", Metric::Embeddings),
];

struct Measured {
    score: f64,
    by: String,
    cost_usd: Option<Usd>,
}

impl Similar {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let to = reader.text(section, "similar_to", Text::Lines(super::text::MAX_TEXT));
        reader.require(section, "at_least", "at_least = 0.8");
        let at_least = reader.number(section, "at_least", &(0.01..=1.0));
        let metric = reader.word(section, "metric", &METRICS);
        Some(Self {
            to: to?.value.to_owned(),
            at_least: at_least?,
            metric,
        })
    }

    pub(super) async fn judge(&self, content: &Content<'_>, ports: &Ports<'_>) -> Judgement {
        let got = content.text();
        let measured = match (self.metric, ports.embeddings) {
            (None | Some(Metric::Embeddings), Some(embeddings)) => {
                match embeddings.embed(&[self.to.as_str(), &got]).await {
                    Ok(embedded) => {
                        match embedded.vectors.as_slice() {
                            [one, other] => cosine(one, other).map(|score| Measured {
                                score,
                                by: embedded.model,
                                cost_usd: embedded.cost_usd,
                            }),
                            _ => Err("the model of the embeddings gave another number of them"
                                .to_owned()),
                        }
                    }
                    Err(error) => Err(format!("there are no embeddings: {error}")),
                }
            }
            (Some(Metric::Embeddings), None) => Err(
                "there is no model for embeddings: set one up, or name another `metric`".to_owned(),
            ),
            (metric, _) => measure(metric.unwrap_or(Metric::Words), &self.to, &got),
        };
        let Measured {
            score,
            by,
            cost_usd,
        } = match measured {
            Ok(measured) => measured,
            Err(why) => return Verdict::unjudged(why).into(),
        };
        let verdict = Verdict::of(score >= self.at_least, || {
            let summary = format!(
                "it is {score:.2} like what was expected (by {by}), and {} is asked for",
                self.at_least
            );
            Explanation::between(summary, &self.to, &got)
        });
        let basis = Some(Basis::Similarity {
            metric: by,
            score,
            cost_usd,
        });
        Judgement { verdict, basis }
    }
}

fn measure(metric: Metric, one: &str, other: &str) -> Result<Measured, String> {
    let letters = [one, other].iter().map(|text| text.chars().count()).max();
    if metric != Metric::Words && letters > Some(MAX_LETTERS) {
        return Err(format!(
            "texts of more than {MAX_LETTERS} characters are not compared by {}: use `metric = \"words\"`",
            metric.name()
        ));
    }
    let score = match metric {
        Metric::Levenshtein => strsim::normalized_levenshtein(one, other),
        Metric::JaroWinkler => strsim::jaro_winkler(one, other),
        Metric::Words | Metric::Embeddings => dice(one, other),
    };
    Ok(Measured {
        score,
        by: metric.name().to_owned(),
        cost_usd: None,
    })
}

/// Sørensen–Dice over multisets of words.
fn dice(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let all: usize = one.values().chain(other.values()).sum();
    if all == 0 {
        return 1.0;
    }
    let shared: usize = one
        .iter()
        .map(|(word, count)| (*count).min(other.get(word).copied().unwrap_or_default()))
        .sum();
    2.0 * shared as f64 / all as f64
}

fn words(text: &str) -> HashMap<String, usize> {
    let mut words = HashMap::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

/// The cosine of the angle between two vectors; below 0 counts as 0.
fn cosine(one: &[f32], other: &[f32]) -> Result<f64, String> {
    let dot = |one: &[f32], other: &[f32]| -> f64 {
        one.iter()
            .zip(other)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let lengths = dot(one, one).sqrt() * dot(other, other).sqrt();
    let cosine = dot(one, other) / lengths;
    if one.len() != other.len() || !cosine.is_finite() {
        return Err("the embeddings cannot be compared".to_owned());
    }
    Ok(cosine.clamp(0.0, 1.0))
}

impl Metric {
    /// Its word in a suite.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = METRICS.iter().find(|(_, metric)| *metric == self);
        named.map_or("words", |(name, _)| name)
    }
}

impl fmt::Display for Similar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "is at least {} like {}",
            self.at_least,
            super::verdict::quoted(&self.to)
        )
    }
}

impl Texts for Similar {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        see(&mut self.to);
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use serde_json::json;

    use super::super::ports::{Embedded, Embeddings, NotAvailable};
    use super::*;

    struct Fixed(Result<Vec<Vec<f32>>, NotAvailable>);

    #[async_trait]
    impl Embeddings for Fixed {
        async fn embed(&self, _: &[&str]) -> Result<Embedded, NotAvailable> {
            let vectors = self.0.clone()?;
            Ok(Embedded {
                model: "local/embed".to_owned(),
                vectors,
                cost_usd: Some(Usd::ZERO),
            })
        }
    }

    async fn judge(metric: Option<Metric>, got: &str, embeddings: Option<&Fixed>) -> Judgement {
        let similar = Similar {
            to: "the sum is forty two".to_owned(),
            at_least: 0.8,
            metric,
        };
        let embeddings = embeddings.map(|fixed| fixed as &dyn Embeddings);
        let ports = Ports {
            embeddings,
            judge: None,
        };
        similar.judge(&Content::of(json!(got)), &ports).await
    }

    fn metric(judgement: &Judgement) -> (&str, f64) {
        match &judgement.basis {
            Some(Basis::Similarity { metric, score, .. }) => (metric, *score),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn without_embeddings_words_are_counted_and_the_verdict_says_so() {
        let judgement = judge(None, "Forty-two is the sum!", None).await;
        assert!(judgement.verdict.is_passed());
        assert_eq!(metric(&judgement), ("words", 1.0));
        let judgement = judge(None, "No idea.", None).await;
        let Verdict::Failed { why } = &judgement.verdict else {
            panic!("it is unlike")
        };
        assert!(
            why.summary
                .contains("0.00 like what was expected (by words)"),
            "{}",
            why.summary
        );
    }

    #[tokio::test]
    async fn embeddings_come_first_where_there_are_any() {
        let near = Fixed(Ok(vec![vec![1.0, 0.0], vec![0.6, 0.8]]));
        let judgement = judge(None, "x", Some(&near)).await;
        assert_eq!(metric(&judgement).0, "local/embed");
        assert!((metric(&judgement).1 - 0.6).abs() < 1e-6);
        assert!(!judgement.verdict.is_passed());
        let judgement = judge(Some(Metric::Words), "x", Some(&near)).await;
        assert_eq!(
            metric(&judgement).0,
            "words",
            "a metric that is named is used"
        );
    }

    #[tokio::test]
    async fn what_cannot_be_measured_is_no_pass() {
        let unlike = [
            Fixed(Err(NotAvailable("no server".to_owned()))),
            Fixed(Ok(vec![vec![1.0]])),
            Fixed(Ok(vec![vec![0.0, 0.0], vec![0.0, 0.0]])),
            Fixed(Ok(vec![vec![1.0], vec![1.0, 2.0]])),
            Fixed(Ok(vec![vec![f32::NAN], vec![1.0]])),
        ];
        for fixed in &unlike {
            let judgement = judge(None, "the sum is forty two", Some(fixed)).await;
            assert!(
                matches!(judgement.verdict, Verdict::Unjudged { .. }),
                "{judgement:?}"
            );
        }
        let judgement = judge(Some(Metric::Embeddings), "x", None).await;
        assert!(matches!(judgement.verdict, Verdict::Unjudged { .. }));
        let long = "x".repeat(MAX_LETTERS + 1);
        let judgement = judge(Some(Metric::Levenshtein), &long, None).await;
        assert!(matches!(judgement.verdict, Verdict::Unjudged { .. }));
    }

    #[test]
    fn metrics_are_what_they_say() {
        // "kitten" and "sitting" are three edits apart, of seven letters.
        let score = |metric, one, other| measure(metric, one, other).unwrap().score;
        assert!((score(Metric::Levenshtein, "kitten", "sitting") - (1.0 - 3.0 / 7.0)).abs() < 1e-9);
        // Winkler (1990): MARTHA and MARHTA.
        assert!((score(Metric::JaroWinkler, "MARTHA", "MARHTA") - 0.961).abs() < 1e-3);
        assert!((score(Metric::Words, "a a b", "a b b") - 2.0 / 3.0).abs() < 1e-9);
        assert!((score(Metric::Words, "", "...") - 1.0).abs() < 1e-9);
    }
}
