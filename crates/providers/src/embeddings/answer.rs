//! What a server answers, which nobody trusts.

use serde::Deserialize;
use serde_json::Value;
use slipway_contract::run::Tokens;

use super::Embedded;
use crate::attempt::complaint::Complaint;

/// The longest vector that is taken; models make some thousands.
const LONGEST: usize = 65_536;

/// Why there are no vectors.
#[derive(Debug)]
pub(super) enum Wrong {
    /// The server says so, in an answer that had begun as a success.
    Complaint(Complaint),
    /// They cannot be read.
    Unreadable(String),
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<One>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct One {
    /// Some servers leave it out; then the order counts.
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
    #[serde(default)]
    total_tokens: Option<u64>,
}

/// The vectors of so many texts.
pub(super) fn read(json: &str, texts: usize) -> Result<Embedded, Wrong> {
    let unreadable = |why: String| Wrong::Unreadable(why);
    let answer: Answer = serde_json::from_str(json).map_err(|error| {
        let complains = serde_json::from_str::<Value>(json)
            .is_ok_and(|value| value.get("error").is_some_and(|error| !error.is_null()));
        match complains {
            true => Wrong::Complaint(Complaint::read(json.as_bytes())),
            false => unreadable(error.to_string()),
        }
    })?;
    if answer.data.len() != texts {
        let got = answer.data.len();
        return Err(unreadable(format!(
            "it has {got} vectors for {texts} texts"
        )));
    }
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    let mut length = None;
    for (place, one) in answer.data.into_iter().enumerate() {
        let place = one.index.unwrap_or(place);
        let numbers = one.embedding.len();
        if numbers == 0 || numbers > LONGEST || *length.get_or_insert(numbers) != numbers {
            return Err(unreadable(format!("a vector has {numbers} numbers")));
        }
        if one.embedding.iter().any(|number| !number.is_finite()) {
            return Err(unreadable("a vector holds what is no number".to_owned()));
        }
        match vectors.get_mut(place) {
            Some(free @ None) => *free = Some(one.embedding),
            _ => return Err(unreadable(format!("its vector {place} is nobody's"))),
        }
    }
    let used = answer
        .usage
        .and_then(|usage| usage.prompt_tokens.or(usage.total_tokens));
    Ok(Embedded {
        vectors: vectors.into_iter().flatten().collect(),
        tokens: used.map(|input_tokens| Tokens {
            input_tokens,
            ..Tokens::default()
        }),
    })
}
