//! Which models may stand in for another.

use slipway_contract::model::ModelRef;

/// The most models that may stand in for one.
const MOST: usize = 8;

/// The provider whose models are recordings.
const RECORDING: &str = "recording";

/// What is wrong with models that are to stand in for this one: the place in the list, and why.
#[must_use]
pub fn wrong_fallback(model: &ModelRef, fallback: &[ModelRef]) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    for (place, named) in fallback.iter().enumerate() {
        let why = if place == MOST {
            format!("is one more than the {MOST} models that may stand in")
        } else if place > MOST {
            break;
        } else if model.provider == RECORDING {
            format!("cannot stand in for {model}: a recording answers, or the run ends")
        } else if named.provider == RECORDING {
            "is a recording, which cannot stand in for a model".to_owned()
        } else if named == model {
            "is the model itself".to_owned()
        } else if fallback[..place].contains(named) {
            "is listed twice".to_owned()
        } else {
            continue;
        };
        wrong.push((place, why));
    }
    wrong
}
